//! The truth beside the world: where everybody stood on every day, under which records the sources know them, what each
//! record told of them when, and where a source was wrong. It is kept apart from every source and every fold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::ids::RecordId;
use ltr_domain::policy::Policy;
use ltr_domain::time::end_of_london_day;

use crate::life::Life;
use crate::person::PersonNo;
use crate::stage::{Agreement, TrueStage, agreement, stages};

mod said;
mod settled;
mod wrong;

pub use said::{Said, Saying, Told};
pub use wrong::{SourceWrong, WrongFact};

/// What the doubles have served, by which it is told whether an answer could have been right.
pub trait Served {
    /// The last instant, not later than `by`, at which the row of that record was served; none if it never was. Apply
    /// serves choices with their candidate: it is asked about the candidate.
    fn last_served(&self, record: &RecordId, by: Timestamp) -> Option<Timestamp>;
}

/// As if every source served everything at every instant: nothing is then told too late but by the sources themselves.
#[derive(Debug, Clone, Copy)]
pub struct AtOnce;

impl Served for AtOnce {
    fn last_served(&self, _record: &RecordId, by: Timestamp) -> Option<Timestamp> {
        Some(by)
    }
}

/// What is true of one person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The whole life.
    pub life: Life,
    /// From each day on which it changed, where they stood.
    pub stages: Vec<(Date, TrueStage)>,
    /// The records by which sources know them, the one to ask by first: TRNs, traineeships, candidate, the rest.
    pub records: Vec<RecordId>,
}

/// The truth about everybody.
#[derive(Debug, Clone)]
pub struct Truth {
    people: BTreeMap<PersonNo, Person>,
    by_record: BTreeMap<RecordId, PersonNo>,
    sayings: BTreeMap<RecordId, Vec<Saying>>,
    wrongs: Vec<SourceWrong>,
    policy: Policy,
}

impl Default for Truth {
    fn default() -> Self {
        Self {
            people: BTreeMap::new(),
            by_record: BTreeMap::new(),
            sayings: BTreeMap::new(),
            wrongs: Vec::new(),
            policy: Policy::first(),
        }
    }
}

impl Truth {
    /// Takes in a life.
    pub(crate) fn add(&mut self, life: Life) {
        let person = Person {
            stages: stages(&life),
            records: Vec::new(),
            life,
        };
        self.people.insert(person.life.person, person);
    }

    /// A source knows that person under that record.
    pub(crate) fn knows(&mut self, person: PersonNo, record: RecordId) {
        self.by_record.insert(record.clone(), person);
        if let Some(known) = self.people.get_mut(&person) {
            known.records.push(record);
            known.records.sort_by_key(|record| record.kind.rank_for_names());
        }
    }

    /// From an instant on a record tells that.
    pub(crate) fn says(&mut self, record: &RecordId, from: Timestamp, said: Said) {
        self.sayings
            .entry(record.clone())
            .or_default()
            .push(Saying { from, said });
    }

    /// A source is wrong for a while.
    pub(crate) fn is_wrong(&mut self, wrong: SourceWrong) {
        self.wrongs.push(wrong);
    }

    /// Everybody, by number.
    pub fn people(&self) -> impl Iterator<Item = (PersonNo, &Person)> {
        self.people.iter().map(|(number, person)| (*number, person))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// One of them.
    #[must_use]
    pub fn person(&self, person: PersonNo) -> Option<&Person> {
        self.people.get(&person)
    }

    /// Whose record that is: by TRN, traineeship, candidate, choice or job application. A TRN is its owner's, whoever's
    /// record in Register it stands in.
    #[must_use]
    pub fn by_record(&self, record: &RecordId) -> Option<PersonNo> {
        self.by_record.get(record).copied()
    }

    /// Where the person stood at the end of that day.
    #[must_use]
    pub fn stage(&self, person: PersonNo, day: Date) -> TrueStage {
        self.standing(person, day)
            .map_or(TrueStage::NothingYet, |(_, stage)| stage)
    }

    /// Since when the person stands as on that day, and how.
    #[must_use]
    pub fn standing(&self, person: PersonNo, day: Date) -> Option<(Date, TrueStage)> {
        let stages = &self.people.get(&person)?.stages;
        let past = stages.partition_point(|(from, _)| *from <= day);
        Some(*stages.get(past.checked_sub(1)?)?)
    }

    /// What an answer is to the truth of a day. On the day of a change both are true, the one before and the one after.
    #[must_use]
    pub fn agreement(&self, person: PersonNo, day: Date, answered: ltr_domain::headline::Stage) -> Agreement {
        let at_end = agreement(self.stage(person, day), answered);
        let before = day.yesterday().unwrap_or(day);
        at_end.min(agreement(self.stage(person, before), answered))
    }

    /// Whether, by the end of that day, the source that settles where the person stands had served the row that tells
    /// it. Never, where nobody settles it.
    #[must_use]
    pub fn delivered(&self, person: PersonNo, day: Date, served: &impl Served) -> bool {
        let truth = self.stage(person, day);
        self.settlers(person, day).into_iter().any(|record| {
            served
                .last_served(record, end_of_london_day(day))
                .and_then(|at| self.told(record, at, day))
                .is_some_and(|told| told.agrees_with(truth))
        })
    }

    /// What the record told at an instant about a day.
    #[must_use]
    pub fn told(&self, record: &RecordId, at: Timestamp, day: Date) -> Option<Told> {
        let sayings = self.sayings.get(record)?;
        let past = sayings.partition_point(|saying| saying.from <= at);
        sayings.get(past.checked_sub(1)?)?.said.told(day)
    }

    /// What the record told from when on, in order.
    #[must_use]
    pub fn sayings(&self, record: &RecordId) -> &[Saying] {
        self.sayings.get(record).map_or(&[], Vec::as_slice)
    }

    /// Every record that tells of where somebody stands.
    pub fn records(&self) -> impl Iterator<Item = (&RecordId, PersonNo)> {
        self.by_record.iter().map(|(record, person)| (record, *person))
    }

    /// Where sources were wrong.
    #[must_use]
    pub fn wrongs(&self) -> &[SourceWrong] {
        &self.wrongs
    }
}
