//! Made-up values for the cases, every one different and told by a number.

use bytes::Bytes;
use jiff::SignedDuration;
use ltr_domain::delivery::{Completeness, Counts, Quarantined, Scope};
use ltr_domain::event::LinkStrength;
use ltr_domain::ids::{DeliveryId, Feed, PersonId, RecordId, RecordKind, Trn};
use ltr_domain::time::{KnownAt, RecordedAt, TakenAt};
use uuid::Uuid;

use crate::store::{
    ChangeRow, Checkpoint, DeliveryRow, Effects, HistoryEntry, Membership, PersonRow, PolicyCursor,
    QuarantineRow, Store,
};

/// When the message of that sequence became known: a minute and a microsecond after the one before.
#[must_use]
pub fn known(sequence: u64) -> KnownAt {
    let start: jiff::Timestamp = "2026-09-01T00:00:00Z".parse().expect("a real instant");
    let steps = i64::try_from(sequence).expect("a small number");
    KnownAt(start + SignedDuration::from_micros(steps * 60_000_001))
}

/// The last instant, as far as the store can tell, before that message became known.
pub(super) fn just_before(sequence: u64) -> KnownAt {
    KnownAt(known(sequence).0 - SignedDuration::from_micros(1))
}

/// The cursor after the message of that sequence.
#[must_use]
pub fn checkpoint(sequence: u64) -> Checkpoint {
    let mut running_digest = [0xAB; 32];
    running_digest[..8].copy_from_slice(&sequence.to_be_bytes());
    // Servers tell this time to the nanosecond.
    let stream_created_at = "2026-08-31T12:00:00.123456789Z".parse().expect("a real instant");
    Checkpoint {
        stream_created_at,
        sequence,
        running_digest,
        known_at: known(sequence),
        policy: PolicyCursor::default(),
    }
}

pub(super) fn trs(number: u32) -> RecordId {
    RecordId::new(RecordKind::TrsPerson, format!("{number:07}"))
}

pub(super) fn trainee(slug: &str) -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, slug)
}

/// The observation of `record` at `sequence`, with `bytes` of payload that no compression shortens much.
pub(super) fn entry(record: &RecordId, sequence: u64, bytes: usize) -> HistoryEntry {
    let mut state = sequence.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let payload: Bytes = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    })
    .take(bytes)
    .collect();
    HistoryEntry {
        record: record.clone(),
        sequence,
        known_at: known(sequence),
        payload,
    }
}

/// That `record` belongs to `person` from that message on, by an issued key.
pub(super) fn belongs(record: &RecordId, person: PersonId, from: u64) -> Membership {
    let strength = (PersonId::of(record) != person).then_some(LinkStrength::Issued);
    Membership {
        record: record.clone(),
        person,
        known_from: known(from),
        known_to: None,
        strength,
    }
}

/// The same, until another message.
pub(super) fn belonged(record: &RecordId, person: PersonId, from: u64, to: u64) -> Membership {
    Membership {
        known_to: Some(known(to)),
        ..belongs(record, person, from)
    }
}

pub(super) fn person(person: PersonId, sequence: u64) -> PersonRow {
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(person.0.as_bytes());
    digest[24..].copy_from_slice(&sequence.to_be_bytes());
    PersonRow {
        person,
        trn: Some(Trn::parse(&format!("{:07}", 3_100_000 + sequence)).expect("seven digits")),
        stage: "in_training".to_owned(),
        phase: "training".to_owned(),
        certainty: "confirmed".to_owned(),
        review_on: Some("2027-07-31".parse().expect("a real day")),
        digest,
        sequence,
        view: Bytes::from(format!("view of {person} at {sequence}")),
        sealed: Bytes::from(format!("sealed of {person} at {sequence}")),
        awaits: None,
    }
}

pub(super) fn change(person: &PersonRow, ordinal: u32) -> ChangeRow {
    let PersonRow {
        person,
        sequence,
        digest,
        ..
    } = *person;
    ChangeRow {
        sequence,
        ordinal,
        person,
        digest,
        known_at: known(sequence),
    }
}

pub(super) fn delivery_id(number: u128) -> DeliveryId {
    DeliveryId(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 | number,
    ))
}

pub(super) fn quarantined(id: &str, sequence: u64) -> QuarantineRow {
    let message = Quarantined {
        id: id.to_owned(),
        feed: Feed::TrsPersons,
        delivery: delivery_id(u128::from(sequence)),
        recorded_at: RecordedAt(known(sequence).0),
        code: "trn_wrong_length".to_owned(),
        reason: "TRN must have exactly 7 digits, found 6".to_owned(),
        place: format!("persons.jsonl:{sequence}"),
        evidence: None,
        record: None,
        row_bytes: None,
        taken_at: None,
    };
    QuarantineRow {
        message,
        scope: Scope::new(),
        sequence,
        times_seen: 1,
        first_seen_at: known(sequence),
        last_seen_at: known(sequence),
        released_at: None,
    }
}

/// A complete delivery that was opened by that message and has no page yet.
pub(super) fn delivery(number: u128, feed: Feed, opened: u64) -> DeliveryRow {
    let scope = [("cycle", "2026"), ("provider", "10000571")];
    DeliveryRow {
        delivery: delivery_id(number),
        feed,
        scope: scope
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        completeness: Completeness::Complete,
        taken_at: TakenAt(known(opened).0 - SignedDuration::from_hours(1)),
        opened_at: known(opened),
        closed_at: None,
        pages: 0,
        counts: Counts::default(),
        held: None,
    }
}

/// The batch of one message, whose one observation is of a record and person of its own and changes the answer.
#[must_use]
pub fn numbered_batch(from: Option<Checkpoint>, sequence: u64) -> Effects {
    let record = trs(u32::try_from(sequence).expect("a small number"));
    let row = person(PersonId::of(&record), sequence);
    let mut effects = Effects::nothing(from, checkpoint(sequence));
    effects.history.push(entry(&record, sequence, 700));
    effects.opened.push(belongs(&record, row.person, sequence));
    effects.changes.push(change(&row, 0));
    effects.people.push(row);
    effects
}

/// Whether a store into which [`numbered_batch`] was committed for 1, 2, 3 and so on, with whatever crashes in between,
/// holds exactly the effects of the messages up to its checkpoint, and no effect of any of the `beyond` after it.
pub async fn effects_and_cursor_agree(store: &impl Store, beyond: u64) -> bool {
    let at = store.checkpoint().await.expect("the checkpoint can be read");
    let reached = at.map_or(0, |at| at.sequence);
    let records: Vec<RecordId> = (1..=reached + beyond)
        .map(|sequence| trs(u32::try_from(sequence).expect("a small number")))
        .collect();
    let expected: Vec<Effects> = (1..=reached)
        .map(|sequence| numbered_batch(None, sequence))
        .collect();

    let history = store.history(records.clone()).await.expect("history can be read");
    let (read_at, mut people) = store
        .people_of(records.clone())
        .await
        .expect("people can be read");
    let mut memberships = store.memberships(records).await.expect("memberships can be read");
    people.sort_by_key(|(_, row)| row.sequence);
    memberships.sort_by_key(|membership| membership.known_from);

    read_at == at
        && history
            .iter()
            .eq(expected.iter().flat_map(|effects| &effects.history))
        && people
            .iter()
            .map(|(_, row)| row)
            .eq(expected.iter().flat_map(|effects| &effects.people))
        && memberships
            .iter()
            .eq(expected.iter().flat_map(|effects| &effects.opened))
}
