use ltr_domain::event::{Link, LinkStrength};
use ltr_domain::fold::RecordFold;
use ltr_domain::ids::{DeliveryId, RecordKind};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::record::State;
use ltr_domain::time::{KnownAt, ObservedAt, RecordedAt, TakenAt};
use ltr_ports::store::Membership;

use super::*;
use crate::memory::Kept;

fn record(key: &str) -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, key)
}

/// What is kept of a record that belongs to the person of that name, if one is given, and carries a link to each of these.
fn kept(key: &str, person: Option<&str>, links: &[&str]) -> (RecordId, Box<Kept>) {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let position = Position {
        sequence: 1,
        known_at: KnownAt(at),
    };
    let observation: Observation<Option<State>> = Observation {
        record: record(key),
        delivery: DeliveryId(uuid::Uuid::nil()),
        taken_at: TakenAt(at),
        observed_at: ObservedAt(at),
        recorded_at: RecordedAt(at),
        source_updated_at: None,
        mapping_version: 1,
        previous: None,
        state: None,
        events: Vec::new(),
        evidence: None,
    };
    let mut fold = RecordFold::begin(&observation, position);
    fold.links.extend(links.iter().map(|to| Link {
        to: record(to),
        strength: LinkStrength::Issued,
    }));
    let mut kept = Kept::unknown();
    kept.fold = Some(fold);
    kept.membership = person.map(|person| Membership {
        record: record(key),
        person: PersonId::of(&record(person)),
        known_from: KnownAt(at),
        known_to: None,
        strength: None,
    });
    (record(key), kept)
}

/// The lots of what is touched, in that order.
fn check(memory: &Memory, touched: &[&str], expected: &[&[&str]]) {
    let touched = touched.iter().map(|key| record(key)).collect();
    let expected: Vec<BTreeSet<RecordId>> = expected
        .iter()
        .map(|lot| lot.iter().map(|key| record(key)).collect())
        .collect();
    assert_eq!(lots(memory, touched), expected);
}

#[test]
fn records_are_together_by_person_and_by_links_however_far() {
    let mut memory = Memory::new(10);
    memory.records.extend([
        kept("alone", Some("alone"), &[]),
        kept("anna-1", Some("anna"), &[]),
        kept("anna-2", Some("anna"), &[]),
        kept("bert-1", None, &["bert-3"]),
        kept("bert-2", None, &["bert-3"]),
        kept("bert-3", None, &[]),
        kept("both", None, &["anna-2", "bert-2"]),
    ]);
    check(&memory, &[], &[]);
    check(&memory, &["unheard-of", "alone"], &[&["unheard-of"], &["alone"]]);
    check(
        &memory,
        &["anna-2", "alone", "anna-1"],
        &[&["anna-2", "anna-1"], &["alone"]],
    );
    // By a third that is not touched itself.
    check(
        &memory,
        &["bert-1", "alone", "bert-2"],
        &[&["bert-1", "bert-2"], &["alone"]],
    );
    // By the person of one that is named and not touched itself.
    check(&memory, &["anna-1", "both"], &[&["anna-1", "both"]]);
    // Who is named comes before who names it, and each once.
    check(&memory, &["bert-3", "bert-1", "bert-3"], &[&["bert-3", "bert-1"]]);
    let all = ["anna-1", "bert-1", "alone", "bert-2", "anna-2", "both"];
    check(
        &memory,
        &all,
        &[&["anna-1", "bert-1", "bert-2", "anna-2", "both"], &["alone"]],
    );
}
