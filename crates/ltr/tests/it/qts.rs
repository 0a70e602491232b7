//! A law of the headline: whoever holds qualified teacher status is `qualified` or better, whatever else TRS says and
//! although no post was ever seen.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ltr_domain::fold::RecordFold;
use ltr_domain::headline::Stage;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::policy::Policy;
use ltr_domain::record::{PersonalDigests, State};
use ltr_domain::teacher::teacher_at;
use ltr_domain::time::{KnownAt, ObservedAt, RecordedAt, TakenAt};
use ltr_sources::diff::{Seen, derive};
use serde_json::Value;

use crate::dice::Dice;
use crate::load;

const PEOPLE: u64 = 10_000;

#[test]
fn ten_thousand_with_status_and_no_post_are_qualified_or_better() {
    let mut dice = Dice::thrown("qualified or better");
    let policy = Policy::first();
    let mut stages: BTreeMap<&str, u64> = BTreeMap::new();
    for number in 0..PEOPLE {
        let row = load::with_qts(&mut dice, &load::trn(number));
        let fold = folded(&row);
        // From the day on which the row was read, and as long as anybody may ask.
        for day in ["2026-10-01", "2026-12-31", "2036-10-01"] {
            let day: Date = day.parse().unwrap();
            let answer = teacher_at(&[&fold], &policy, &Hearing::nothing(day), day);
            let stage = answer.headline.stage;
            assert!(stage <= Stage::Qualified, "{stage:?} on {day}: {row}");
            assert_eq!(answer.facts.qualified_status.value, "qts", "on {day}: {row}");
            *stages.entry(stage.token()).or_default() += 1;
        }
    }
    println!("{stages:?}");
    assert!(stages.len() >= 3, "the dice gave too little variety: {stages:?}");
}

/// What is believed of a person after one row.
fn folded(row: &Value) -> RecordFold {
    let at: jiff::Timestamp = "2026-10-01T06:00:00Z".parse().unwrap();
    let mapped = ltr_sources::map_row(Feed::TrsPersons, row)
        .unwrap()
        .records
        .remove(0);
    let state = State {
        body: mapped.body,
        digests: PersonalDigests::new(),
        vanished: false,
    };
    let seen = Seen {
        observed_on: ObservedAt(at).london_date(),
        source_updated_on: None,
    };
    let observation = Observation {
        record: mapped.record,
        delivery: DeliveryId(uuid::Uuid::from_u128(1)),
        taken_at: TakenAt(at),
        observed_at: ObservedAt(at),
        recorded_at: RecordedAt(at),
        source_updated_at: None,
        mapping_version: ltr_sources::MAPPING_VERSION,
        previous: None,
        events: derive(None, &state, &seen),
        state,
        evidence: None,
    };
    let position = Position {
        sequence: 1,
        known_at: KnownAt(at),
    };
    RecordFold::begin(&observation, position)
}
