//! What the core believes of a case: folds, people and answers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use ltr_domain::explain::Told;
use ltr_domain::fold::{self, RecordFold};
use ltr_domain::hearing::Hearing;
use ltr_domain::identity::{Node, Rulings, groups};
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_domain::resolution::Resolution;
use ltr_domain::teacher::{TeacherRecord, teacher_at};
use ltr_domain::time::KnownAt;
use ltr_lives::{Case, Dice};

/// Folded records and the people they make.
pub(crate) struct World {
    pub(crate) folds: BTreeMap<RecordId, RecordFold>,
    /// Each person's records, observed or only named.
    pub(crate) people: BTreeSet<BTreeSet<RecordId>>,
}

impl World {
    /// After these messages.
    pub(crate) fn after(told: &[Told]) -> Self {
        let mut folds: BTreeMap<RecordId, RecordFold> = BTreeMap::new();
        for one in told {
            fold::take(&mut folds, &one.observation, one.position);
        }
        let node = |fold: &RecordFold| Node {
            first_sequence: Some(fold.first.sequence),
            links: fold.links.clone(),
        };
        let about_people = folds.iter().filter(|(record, _)| record.kind.is_about_a_person());
        let nodes = about_people
            .map(|(record, fold)| (record.clone(), node(fold)))
            .collect();
        let people = groups(&nodes, &Rulings::default())
            .groups
            .into_iter()
            .map(|group| group.records.into_keys().collect());
        Self {
            people: people.collect(),
            folds,
        }
    }

    /// The folded records of a person.
    pub(crate) fn folds_of(&self, person: &BTreeSet<RecordId>) -> Vec<&RecordFold> {
        person
            .iter()
            .filter_map(|record| self.folds.get(record))
            .collect()
    }

    /// The answer about a person, without places on the log.
    pub(crate) fn meaning(&self, person: &BTreeSet<RecordId>, hearing: &Hearing, on: Date) -> TeacherRecord {
        unplaced(teacher_at(&self.folds_of(person), &POLICY, hearing, on))
    }
}

/// The first policy.
pub(crate) static POLICY: std::sync::LazyLock<Policy> = std::sync::LazyLock::new(Policy::first);

/// The same answer wherever its messages stand on the log.
pub(crate) fn unplaced(mut record: TeacherRecord) -> TeacherRecord {
    let nowhere = Position {
        sequence: 0,
        known_at: KnownAt(jiff::Timestamp::UNIX_EPOCH),
    };
    record.latest = None;
    let facts = &mut record.facts;
    let all: [&mut Resolution; 6] = [
        &mut record.headline.resolution,
        &mut facts.qualified_status,
        &mut facts.training,
        &mut facts.induction,
        &mut facts.employment,
        &mut facts.restriction,
    ];
    for one in all {
        for claim in one.claim.iter_mut().chain(&mut one.lost) {
            claim.position = nowhere;
        }
    }
    record
}

/// Messages known by the end of one of the steps, and the day of it.
pub(crate) fn some_prefix<'a>(dice: &mut Dice, told: &'a [Told]) -> (&'a [Told], Date) {
    let last = told[dice.below(told.len())].position.known_at;
    let known = told.partition_point(|one| one.position.known_at <= last);
    (&told[..known], last.london_date())
}

/// A day that may matter: any of those years, or beside a day that the case tells of.
pub(crate) fn some_day(dice: &mut Dice, told: &[Told]) -> Date {
    if dice.one_in(2) {
        return dice.day_after(date(2023, 10, 1), 0, 2_000);
    }
    let one = dice.of(told);
    let on = if one.observation.events.is_empty() {
        one.position.known_at.london_date()
    } else {
        dice.of(&one.observation.events).effective.on
    };
    ltr_domain::calendar::days_after(dice.day_after(on, 0, 3), -1)
}

/// The case's messages; `None` if nothing of it is left.
pub(crate) fn told(case: &Case) -> Option<Vec<Told>> {
    Some(case.told()).filter(|told| !told.is_empty())
}
