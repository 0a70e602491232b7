//! Answers held against the truth: right, honest about not knowing, or wrong, by month; who was told a falsehood as
//! confirmed; and how long it took to learn each change. No I/O, and one answer at a time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ltr_domain::headline::Stage;
use ltr_domain::ids::RecordId;
use ltr_domain::resolution::{Caveat, Certainty};
use ltr_domain::teacher::{Standing, TeacherRecord};
use ltr_domain::time::end_of_london_day;

use crate::person::PersonNo;
use crate::stage::{Agreement, TrueStage};
use crate::truth::{Served, Told, Truth};

mod bounds;
mod learning;
mod tally;

pub use bounds::{Bounds, Breach};
pub use learning::{Learning, Learnt};
pub use tally::{Month, Tally};

/// What was answered about a person on a day, asked on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// About whom: [`Truth::by_record`] tells it of any record.
    pub person: PersonNo,
    /// The day.
    pub on: Date,
    /// The headline.
    pub stage: Stage,
    /// Whether the record was said to be open.
    pub standing: Standing,
    /// How sure.
    pub certainty: Certainty,
    /// What else was said.
    pub caveats: BTreeSet<Caveat>,
}

impl Answered {
    /// What a teacher's record answers.
    #[must_use]
    pub fn by(record: &TeacherRecord, person: PersonNo) -> Self {
        let headline = &record.headline;
        Self {
            person,
            on: record.effective_on,
            stage: headline.stage,
            standing: record.standing,
            certainty: headline.resolution.certainty,
            caveats: headline.resolution.caveats.clone(),
        }
    }
}

/// What an answer was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It said what was.
    Right,
    /// It said that it did not know, or less than there was and nothing else.
    Uncertain,
    /// It said what was not.
    Wrong,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Right, Self::Uncertain, Self::Wrong];
}

/// Why a wrong answer was no fault of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Excuse {
    /// A source stated what was not so: it is in the ledger.
    SourceWrong,
    /// A source still said so: nobody had entered the change.
    SourceLate,
    /// A source said so when it was last read; it has changed since, and was not read again.
    NotYetServed,
}

/// A wrong answer that claimed to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongConfirmed {
    /// About whom.
    pub person: PersonNo,
    /// On which day.
    pub on: Date,
    /// What was answered.
    pub answered: Stage,
    /// What was true.
    pub truth: TrueStage,
    /// What excuses it; none: nothing does.
    pub excuse: Option<Excuse>,
}

/// How one answer was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// What was true at the end of the day.
    pub truth: TrueStage,
    /// What the answer was worth.
    pub outcome: Outcome,
    /// Whether the settling source had delivered what tells the truth.
    pub delivered: bool,
    /// For a wrong answer: what excuses it.
    pub excuse: Option<Excuse>,
}

/// All answers so far.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// By month.
    pub months: BTreeMap<Month, Tally>,
    /// Wrong and confirmed, in the order of the answers.
    pub wrong_confirmed: Vec<WrongConfirmed>,
    /// Every kind of wrong answer, confirmed or not: on how many days each person had it.
    pub wrong: BTreeMap<Falsehood, BTreeMap<PersonNo, u32>>,
    /// How long each change took to be learnt.
    pub learning: Learning,
}

/// A kind of wrong answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Falsehood {
    /// What was answered.
    pub answered: Stage,
    /// What was true.
    pub truth: TrueStage,
    /// How sure the answer was.
    pub certainty: Certainty,
}

impl Score {
    /// Scores answers. Those about one person must come by day; people may come in any order.
    pub fn of(truth: &Truth, served: &impl Served, answers: impl IntoIterator<Item = Answered>) -> Self {
        let mut score = Self::default();
        for answer in answers {
            score.take(truth, served, &answer);
        }
        score
    }

    /// Scores one more answer.
    pub fn take(&mut self, truth: &Truth, served: &impl Served, answer: &Answered) -> Judgement {
        let judgement = judge(truth, served, answer);
        let month = Month::of(answer.on);
        self.months.entry(month).or_default().take(answer, &judgement);
        if judgement.outcome == Outcome::Wrong {
            let kind = Falsehood {
                answered: answer.stage,
                truth: judgement.truth,
                certainty: answer.certainty,
            };
            let days = self
                .wrong
                .entry(kind)
                .or_default()
                .entry(answer.person)
                .or_default();
            *days += 1;
        }
        if judgement.outcome == Outcome::Wrong && answer.certainty == Certainty::Confirmed {
            self.wrong_confirmed.push(WrongConfirmed {
                person: answer.person,
                on: answer.on,
                answered: answer.stage,
                truth: judgement.truth,
                excuse: judgement.excuse,
            });
        }
        self.learning.take(truth, answer, judgement.outcome);
        judgement
    }

    /// All months together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.months.values() {
            total.add(tally);
        }
        total
    }
}

/// Judges one answer.
#[must_use]
pub fn judge(truth: &Truth, served: &impl Served, answer: &Answered) -> Judgement {
    let (person, day) = (answer.person, answer.on);
    let true_stage = truth.stage(person, day);
    let outcome = outcome(truth, answer, true_stage);
    Judgement {
        truth: true_stage,
        outcome,
        delivered: truth.delivered(person, day, served),
        excuse: (outcome == Outcome::Wrong)
            .then(|| excuse(truth, served, answer))
            .flatten(),
    }
}

fn outcome(truth: &Truth, answer: &Answered, true_stage: TrueStage) -> Outcome {
    let before = answer.on.yesterday().unwrap_or(answer.on);
    let is_closed = [true_stage, truth.stage(answer.person, before)].contains(&TrueStage::Closed);
    if answer.standing == Standing::Closed && is_closed {
        return Outcome::Right;
    }
    match truth.agreement(answer.person, answer.on, answer.stage) {
        // Whoever can give no value tells no falsehood.
        Agreement::Contradicts if answer.certainty == Certainty::Unknown => Outcome::Uncertain,
        Agreement::Contradicts => Outcome::Wrong,
        _ if answer.standing == Standing::Closed => Outcome::Wrong,
        Agreement::Right => Outcome::Right,
        Agreement::Honest => Outcome::Uncertain,
    }
}

/// What excuses a wrong answer: that some record, as it was last served, said just that.
fn excuse(truth: &Truth, served: &impl Served, answer: &Answered) -> Option<Excuse> {
    let end = end_of_london_day(answer.on);
    let known = truth.person(answer.person)?;
    let is_wrong_as_served = truth.wrongs().iter().any(|wrong| {
        wrong.person == answer.person
            && wrong.fact.explains(answer.stage)
            && served
                .last_served(&wrong.record, end)
                .is_some_and(|at| wrong.from <= at && at < wrong.to)
    });
    if is_wrong_as_served {
        return Some(Excuse::SourceWrong);
    }
    let said = Told::Stage(answer.stage);
    let says = |record: &RecordId, at| truth.told(record, at, answer.on) == Some(said);
    let last = |record: &RecordId| served.last_served(record, end).filter(|at| says(record, *at));
    let sayers: Vec<&RecordId> = known
        .records
        .iter()
        .filter(|record| last(record).is_some())
        .collect();
    if sayers.is_empty() {
        None
    } else if sayers.iter().any(|record| says(record, end)) {
        Some(Excuse::SourceLate)
    } else {
        Some(Excuse::NotYetServed)
    }
}
