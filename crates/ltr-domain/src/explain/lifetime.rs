//! Everything that was ever said about a person and about whoever shared a record with them, on the axis of known time:
//! from it the records, folds and answers of any moment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::event::LinkStrength;
use crate::fold::{self, RecordFold};
use crate::hearing::Hearing;
use crate::identity::{Decision, Rulings, decisions};
use crate::ids::{PersonId, RecordId};
use crate::judgement::Judged;
use crate::observation::{Observation, Position};
use crate::policy::Policy;
use crate::record::State;
use crate::teacher::{TeacherRecord, View, teacher_on};
use crate::time::KnownAt;

/// One message about one source record, and where it stands on the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it says; its state only where folding looks at it.
    pub observation: Observation<Option<State>>,
    /// Where it stands.
    pub position: Position,
}

/// That a source record belonged to a person over a stretch of known time; half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// Which record.
    pub record: RecordId,
    /// To whom it belonged.
    pub person: PersonId,
    /// From when this was known.
    pub known_from: KnownAt,
    /// Until when; `None`: it is so now.
    pub known_to: Option<KnownAt>,
    /// The weakest link it hung by; `None` for the record the person is named after.
    pub strength: Option<LinkStrength>,
}

impl Belonging {
    fn holds_at(&self, known: KnownAt) -> bool {
        self.known_from <= known && self.known_to.is_none_or(|to| known < to)
    }
}

/// The policies in force, by known time.
#[derive(Debug, Clone)]
pub struct InForce<'p> {
    first: &'p Policy,
    adopted: Vec<(KnownAt, &'p Policy)>,
}

impl<'p> InForce<'p> {
    /// One policy at any time.
    #[must_use]
    pub fn always(policy: &'p Policy) -> Self {
        Self {
            first: policy,
            adopted: Vec::new(),
        }
    }

    /// The same until then, and from then on another.
    #[must_use]
    pub fn then(mut self, from: KnownAt, policy: &'p Policy) -> Self {
        self.adopted.push((from, policy));
        self.adopted.sort_by_key(|(at, _)| *at);
        self
    }

    /// The one in force at a known time.
    #[must_use]
    pub fn at(&self, known: KnownAt) -> &'p Policy {
        let last = self.adopted.iter().rev().find(|(from, _)| *from <= known);
        last.map_or(self.first, |(_, policy)| policy)
    }

    /// When another one came into force.
    pub(super) fn steps(&self) -> impl Iterator<Item = KnownAt> {
        self.adopted.iter().map(|(at, _)| *at)
    }
}

/// What had been heard of the feeds, by known time.
#[derive(Debug, Clone)]
pub struct HeardBy {
    nothing: Hearing,
    heard: BTreeMap<KnownAt, Hearing>,
}

impl HeardBy {
    /// Nothing, ever.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            nothing: Hearing::nothing(Date::MIN),
            heard: BTreeMap::new(),
        }
    }

    /// The same until then, and from then on this.
    #[must_use]
    pub fn then(mut self, from: KnownAt, hearing: Hearing) -> Self {
        self.heard.insert(from, hearing);
        self
    }

    /// What had been heard by a known time. The day up to which it was listened is the moment's to say.
    #[must_use]
    pub fn at(&self, known: KnownAt) -> &Hearing {
        let last = self.heard.range(..=known).next_back();
        last.map_or(&self.nothing, |(_, hearing)| hearing)
    }
}

/// A moment on both axes, and what it is seen under.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'p> {
    /// On which day it was so.
    pub effective_on: Date,
    /// What was known by then.
    pub known_at: KnownAt,
    /// Up to which day it had been listened by then: the day of `known_at`, or a later one on which nothing came.
    pub known_on: Date,
    /// Under which policy.
    pub policy: &'p Policy,
    /// What had been heard of the feeds.
    pub hearing: &'p Hearing,
}

/// Everything that was ever said about a person and about whoever shared a record with them.
#[derive(Debug, Clone)]
pub struct Lifetime {
    /// By which records the person is found, the one to try first in front.
    found_by: Vec<RecordId>,
    told: Vec<Told>,
    belonging: Vec<Belonging>,
    judged: Vec<(Position, Judged)>,
}

impl Lifetime {
    /// Of the person to whom the first of `found_by` belongs that belongs to anybody at the moment in question.
    #[must_use]
    pub fn new(found_by: Vec<RecordId>, mut told: Vec<Told>, belonging: Vec<Belonging>) -> Self {
        told.sort_by_key(|one| one.position);
        Self {
            found_by,
            told,
            belonging,
            judged: Vec::new(),
        }
    }

    /// The same with what was judged of these records. A judgement that stands with several of them counts once.
    #[must_use]
    pub fn with_judgements(mut self, mut judged: Vec<(Position, Judged)>) -> Self {
        judged.sort_by_key(|(position, _)| *position);
        judged.dedup_by_key(|(position, _)| *position);
        self.judged = judged;
        self
    }

    /// The judgements that had taken effect by a known time on the records that belonged to the person then.
    #[must_use]
    pub fn decisions_at(&self, known: KnownAt) -> Vec<Decision> {
        self.decisions_of(&self.records_at(known), known)
    }

    /// The judgements that had taken effect by a known time on any of these records.
    pub(super) fn decisions_of(&self, records: &BTreeSet<&RecordId>, known: KnownAt) -> Vec<Decision> {
        let mut all = decisions(self.judged_by(known));
        all.retain(|one| one.records.iter().any(|record| records.contains(record)));
        all
    }

    fn judged_by(&self, known: KnownAt) -> &[(Position, Judged)] {
        let end = self
            .judged
            .partition_point(|(position, _)| position.known_at <= known);
        &self.judged[..end]
    }

    /// The person's records as folded up to a known time, with what was judged of them.
    pub(super) fn belief(&self, known: KnownAt) -> Folds {
        let mut folds = folds(self.told_at(known));
        self.lay(&mut folds, known);
        folds
    }

    /// Lays on what was judged by a known time of the records that belonged to the person then.
    pub(super) fn lay(&self, folds: &mut Folds, known: KnownAt) {
        let judged = self.judged_by(known);
        if judged.is_empty() {
            return;
        }
        let rulings = Rulings::of(judged.iter().map(|(position, judged)| (*position, judged)));
        let members = self.records_at(known);
        for fold in folds.values_mut() {
            fold.lay_judgements(&rulings, |record| members.contains(record));
        }
    }

    /// Who it was, at a known time; `None`: nobody had heard of them.
    #[must_use]
    pub fn person_at(&self, known: KnownAt) -> Option<PersonId> {
        self.found_by.iter().find_map(|found_by| {
            self.belonging
                .iter()
                .find(|one| one.record == *found_by && one.holds_at(known))
                .map(|one| one.person)
        })
    }

    /// Every record that belonged to the person at a known time, be it observed or only named.
    #[must_use]
    pub fn records_at(&self, known: KnownAt) -> BTreeSet<&RecordId> {
        let Some(person) = self.person_at(known) else {
            return BTreeSet::new();
        };
        self.belonging
            .iter()
            .filter(|one| one.person == person && one.holds_at(known))
            .map(|one| &one.record)
            .collect()
    }

    /// What was known of the person by then, in the order of the log.
    pub fn told_at(&self, known: KnownAt) -> impl Iterator<Item = &Told> {
        self.told_of(self.records_at(known), known)
    }

    /// What was known by then of these records.
    pub(super) fn told_of<'a>(
        &'a self,
        records: BTreeSet<&'a RecordId>,
        known: KnownAt,
    ) -> impl Iterator<Item = &'a Told> {
        self.told
            .iter()
            .take_while(move |one| one.position.known_at <= known)
            .filter(move |one| records.contains(&one.observation.record))
    }

    /// The answer at a moment. Equal to [`crate::teacher::teacher_at`] over the folds of that moment.
    #[must_use]
    pub fn answer(&self, moment: Moment<'_>) -> TeacherRecord {
        answer_of(&self.belief(moment.known_at), moment)
    }

    /// When anything became known, oldest first, up to and including `until`.
    pub(super) fn steps(&self, until: KnownAt) -> BTreeSet<KnownAt> {
        let told = self.told.iter().map(|one| one.position.known_at);
        let belonged = self
            .belonging
            .iter()
            .flat_map(|one| [Some(one.known_from), one.known_to])
            .flatten();
        let judged = self.judged.iter().map(|(position, _)| position.known_at);
        told.chain(belonged)
            .chain(judged)
            .filter(|at| *at <= until)
            .collect()
    }
}

/// Records folded from messages in the order of the log.
pub(super) type Folds = BTreeMap<RecordId, RecordFold>;

/// Folds messages, in the order of the log.
pub(super) fn folds<'a>(told: impl Iterator<Item = &'a Told>) -> Folds {
    let mut folds = Folds::new();
    for one in told {
        fold::take(&mut folds, &one.observation, one.position);
    }
    folds
}

/// The one place where explanations ask for answers.
pub(super) fn answer_of(folds: &Folds, moment: Moment<'_>) -> TeacherRecord {
    let folds: Vec<&RecordFold> = folds.values().collect();
    teacher_on(
        &folds,
        moment.policy,
        moment.hearing,
        moment.known_on,
        moment.effective_on,
    )
}

/// These records, seen at a moment.
pub(super) fn view_of<'a>(records: &'a [&'a RecordFold], moment: Moment<'a>) -> View<'a> {
    View::of(
        records,
        moment.policy,
        moment.hearing,
        moment.known_on,
        moment.effective_on,
    )
}
