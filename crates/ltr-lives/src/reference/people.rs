//! Who is who: pairs of records that a link joins, closed over "and so is whoever that one is joined with".

#![expect(clippy::wildcard_enum_match_arm, reason = "only links say who is who")]

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::event::{ChangeKind, Fact};
use ltr_domain::explain::Told;
use ltr_domain::ids::RecordId;

/// Each person as the set of their records, observed or only named.
pub type People = BTreeSet<BTreeSet<RecordId>>;

/// The people told of, by messages in the order of the log.
#[must_use]
pub fn people(told: &[Told]) -> People {
    let observed: BTreeSet<&RecordId> = told
        .iter()
        .map(|one| &one.observation.record)
        .filter(|record| record.kind.is_about_a_person())
        .collect();
    let pairs = pairs(told);
    let mut people = People::new();
    for record in observed {
        people.insert(joined_with(record, &pairs));
    }
    people
}

/// Everybody whom a record is joined with, itself included.
fn joined_with(record: &RecordId, pairs: &BTreeSet<(RecordId, RecordId)>) -> BTreeSet<RecordId> {
    let mut person = BTreeSet::from([record.clone()]);
    loop {
        let before = person.len();
        for (one, other) in pairs {
            if person.contains(one) || person.contains(other) {
                person.extend([one.clone(), other.clone()]);
            }
        }
        if person.len() == before {
            return person;
        }
    }
}

/// Every pair that a link joins in the end. A declaration joins nobody (T36); a recruit is a choice by its name.
fn pairs(told: &[Told]) -> BTreeSet<(RecordId, RecordId)> {
    let mut asserted = BTreeMap::new();
    let mut pairs = BTreeSet::new();
    for one in told {
        let record = &one.observation.record;
        if !record.kind.is_about_a_person() {
            continue;
        }
        pairs.extend(record.also_named().map(|other| (record.clone(), other)));
        for event in &one.observation.events {
            // An old reading tells of the past.
            if event.kind == ChangeKind::Late {
                continue;
            }
            match &event.fact {
                Fact::IdentityLinkAsserted(link) => asserted.insert((record, link), true),
                Fact::IdentityLinkRetracted(link) => asserted.insert((record, link), false),
                _ => None,
            };
        }
    }
    for ((record, link), stands) in asserted {
        if stands && link.strength.token() != "declared" {
            pairs.insert((record.clone(), link.to.clone()));
        }
    }
    pairs
}
