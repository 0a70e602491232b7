use ltr_domain::event::{Event, Fact};
use ltr_domain::record::{KeyedDigest, PersonalField, State};
use serde_json::json;

use super::super::{Seen, derive};
use super::*;
use crate::testing::{OBSERVED_ON, trainee};

fn between(old: &State, new: &State) -> Vec<Event> {
    derive(
        Some(old),
        new,
        &Seen {
            observed_on: OBSERVED_ON,
            source_updated_on: None,
        },
    )
}

fn with(field: PersonalField, byte: u8) -> State {
    let mut state = trainee(json!({}));
    state.digests.insert(field, KeyedDigest([byte; 32]));
    state
}

#[test]
fn t28_a_name_is_observed_once_and_then_changes_for_reasons_nobody_tells() {
    let (none, one, other) = (
        trainee(json!({})),
        with(PersonalField::Names, 1),
        with(PersonalField::Names, 2),
    );
    let first = &between(&none, &one)[0];
    assert_eq!(
        (first.fact.name(), first.kind),
        ("NameObserved", ChangeKind::FirstSeen)
    );
    let second = &between(&one, &other)[0];
    assert_eq!(
        (second.fact.name(), second.kind),
        ("NameChanged", ChangeKind::Changed)
    );
}

#[test]
fn t07_a_key_that_moves_retracts_one_link_and_asserts_another() {
    let (one, other) = (
        trainee(json!({"trn": "3100001"})),
        trainee(json!({"trn": "3100002"})),
    );
    let told: Vec<_> = between(&one, &other)
        .into_iter()
        .map(|event| (event.fact, event.kind))
        .collect();
    let [
        (Fact::IdentityLinkRetracted(gone), ChangeKind::Reversed),
        (Fact::IdentityLinkAsserted(come), _),
    ] = told.as_slice()
    else {
        panic!("two links: {told:?}");
    };
    assert_eq!((&*gone.to.key, &*come.to.key), ("3100001", "3100002"));
}

#[test]
fn t31_a_trn_that_is_taken_away_retracts_its_link() {
    let (given, taken) = (trainee(json!({"trn": "3100001"})), trainee(json!({"trn": null})));
    let told: Vec<_> = between(&given, &taken)
        .into_iter()
        .map(|event| (event.fact.name(), event.kind))
        .collect();
    assert_eq!(told, [("IdentityLinkRetracted", ChangeKind::Reversed)]);
}

#[test]
fn t29_a_value_put_right_in_place_has_changed_and_nobody_says_that_it_was_corrected() {
    let row = |fields: serde_json::Value| trainee(fields);
    for (wrong, right) in [
        (
            json!({"trainee_start_date": "2026-09-03"}),
            json!({"trainee_start_date": "2026-09-01"}),
        ),
        (
            json!({"outcome_date": "2027-06-30"}),
            json!({"outcome_date": "2027-06-29"}),
        ),
        (
            json!({"course_level": "undergrad"}),
            json!({"course_level": "postgrad"}),
        ),
        (
            json!({"state": "withdrawn", "withdrawal_date": "2026-11-20"}),
            json!({"state": "withdrawn", "withdrawal_date": "2026-11-02"}),
        ),
    ] {
        let told = between(&row(wrong), &row(right));
        let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [ChangeKind::Changed], "{told:?}");
    }
}

#[test]
fn a_unit_seen_for_the_first_time_is_no_news_if_it_says_there_is_none() {
    assert!(moved::<u8>(None, &Stated::Null).is_none());
    assert!(moved::<u8>(None, &Stated::Unstated).is_none());
    let told = moved(None, &Stated::Value(1)).unwrap();
    assert_eq!((told.change.new, told.kind), (Some(1), ChangeKind::FirstSeen));
    let told = moved(Some(&Stated::Unstated), &Stated::<u8>::Null).unwrap();
    assert_eq!((told.change.new, told.kind), (None, ChangeKind::FirstSeen));
    let told = moved(Some(&Stated::Null), &Stated::Value(1)).unwrap();
    assert_eq!((told.change.old, told.kind), (None, ChangeKind::Changed));
}
