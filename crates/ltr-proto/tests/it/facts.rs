//! No fact is forgotten: each has an example here, an arm of its own on the wire, and a line of JSON.

use std::collections::BTreeSet;

use ltr_domain::event::{Event, Fact};
use ltr_domain::observation::Observation;
use ltr_domain::record::State;
use ltr_proto::codec::{LogEntry, decode, encode_observation};
use ltr_proto::json::to_json;
use proptest::prelude::*;

use crate::generate::{Any, Draw, EVERY_FACT, Source};

/// An observation of that one fact.
fn observed(fact: Fact, source: &mut Source) -> Observation {
    let mut observation = Observation::any(source);
    let state = State::any(source);
    observation.record.kind = state.body.kind();
    observation.state = state;
    observation.events = vec![Event {
        fact,
        ..Event::any(source)
    }];
    observation
}

#[test]
fn every_fact_has_an_example() {
    let mut nothing = Source::new(Vec::new());
    let mut examples: BTreeSet<&str> = EVERY_FACT.iter().map(|draw| draw(&mut nothing).name()).collect();
    // Never written: it is what a fact of a newer version is read as (see `newer`).
    examples.insert("Unrecognised");
    assert_eq!(examples, Fact::NAMES.iter().copied().collect());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_fact_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for draw in EVERY_FACT {
            is_read_back(*draw, &bytes)?;
        }
    }
}

fn is_read_back(draw: Draw, bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut source = Source::new(bytes.to_vec());
    let fact = draw(&mut source);
    let name = fact.name();
    let observation = observed(fact, &mut source);
    let entry = decode(&encode_observation(&observation, &[])).unwrap();
    prop_assert_eq!(&to_json(&entry)["events"][0]["fact"], name);
    prop_assert_eq!(
        entry,
        LogEntry::Observation {
            observation: Box::new(observation),
            sealed: Vec::new()
        }
    );
    Ok(())
}
