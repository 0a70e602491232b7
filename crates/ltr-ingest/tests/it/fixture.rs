//! A log, deliveries onto it, and what can be read from it afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ltr_domain::breaker::Bounds;
use ltr_domain::delivery::{Completeness, DeliveryStep, FeedMessage, Quarantined, Scope};
use ltr_domain::event::Event;
use ltr_domain::ids::{DeliveryId, Feed, RecordId, Trn};
use ltr_domain::observation::Observation;
use ltr_domain::record::Body;
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config, DeliveryPlan, Edge, IngestError, InputError, Report, deliver};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::{KeyEncryptionKey, Sealed};
use ltr_sources::Row;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Noon of the n-th day of a September.
pub(crate) fn day(n: u32) -> TakenAt {
    TakenAt(at(&format!("2026-09-{n:02}T12:00:00Z")))
}

pub(crate) fn empty_log() -> MemLog {
    MemLog::new(ClockKind::Simulated, at("2026-09-01T00:00:00Z"))
}

pub(crate) fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32])
}

/// Every call of every test gets other bytes.
pub(crate) fn noise(out: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in out.chunks_mut(8) {
        let n = NEXT
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        chunk.copy_from_slice(&n.to_be_bytes()[..chunk.len()]);
    }
}

/// Small pages, and no bounds but those that a test of the gate sets.
pub(crate) fn config() -> Config {
    Config {
        page_rows_max: 4,
        failure_pause_ms: 0,
        bounds: Feed::ALL.map(|feed| (feed, Bounds::none())).into(),
        ..Config::default()
    }
}

/// A delivery, numbered so that every one has its own id.
pub(crate) fn plan(feed: Feed, number: u128, taken_at: TakenAt) -> DeliveryPlan {
    DeliveryPlan {
        delivery: DeliveryId(Uuid::from_u128(number)),
        feed,
        scope: Scope::new(),
        completeness: Completeness::Partial,
        taken_at,
        manifest: vec!["rows.ndjson".to_owned()],
        api_version: String::new(),
        late: Backfill::No,
    }
}

pub(crate) fn complete(feed: Feed, number: u128, taken_at: TakenAt) -> DeliveryPlan {
    DeliveryPlan {
        completeness: Completeness::Complete,
        ..plan(feed, number, taken_at)
    }
}

pub(crate) type Item = Result<(Arc<str>, Row), InputError>;

pub(crate) fn items(rows: &[Value]) -> impl Iterator<Item = Item> + Send + '_ {
    let file: Arc<str> = "rows.ndjson".into();
    rows.iter().enumerate().map(move |(index, row)| {
        Ok((
            Arc::clone(&file),
            Row {
                value: Ok(row.clone()),
                place: format!("line {}", index + 1),
            },
        ))
    })
}

pub(crate) async fn try_deliver(
    log: &impl Log,
    config: &Config,
    plan: &DeliveryPlan,
    rows: &[Value],
) -> Result<Report, IngestError> {
    let (clock, kek) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    deliver(log, &edge, config, plan, || items(rows), |_| ()).await
}

pub(crate) async fn delivered(log: &impl Log, plan: &DeliveryPlan, rows: &[Value]) -> Report {
    try_deliver(log, &config(), plan, rows).await.unwrap()
}

/// A person in TRS, with a name of its own.
pub(crate) fn person(trn: u32) -> Value {
    json!({
        "trn": format!("{trn}"),
        "firstName": "Ada",
        "middleName": "",
        "lastName": format!("Lovelace-{trn}"),
        "dateOfBirth": "1985-12-10",
        "emailAddress": format!("ada.{trn}@example.org"),
        "qts": { "holdsFrom": "2024-07-01", "awardedOrApprovedCount": 1, "routes": [] },
        "eyts": null,
        "qtlsStatus": "None",
        "induction": {
            "status": "RequiredToComplete", "startDate": null, "completedDate": null, "exemptionReasons": []
        },
        "routesToProfessionalStatuses": [],
        "alerts": [],
        "mandatoryQualifications": []
    })
}

/// The same person with induction in progress.
pub(crate) fn inducted(trn: u32) -> Value {
    let mut row = person(trn);
    row["induction"] = json!({
        "status": "InProgress", "startDate": "2025-09-01", "completedDate": null, "exemptionReasons": []
    });
    row
}

pub(crate) fn people(trns: std::ops::Range<u32>) -> Vec<Value> {
    trns.map(person).collect()
}

/// A traineeship in Register.
pub(crate) fn trainee(slug: &str, state: &str) -> Value {
    json!({
        "trainee_id": slug,
        "state": state,
        "application_id": null,
        "trn": null,
        "ukprn": "10000571",
        "record_source": "api",
        "updated_at": "2026-09-01T10:00:00Z",
        "first_names": "Grace",
        "middle_names": null,
        "last_name": "Hopper",
        "date_of_birth": "1990-12-09",
        "email": "grace@example.org",
        "itt_start_date": "2026-09-01",
        "itt_end_date": "2027-07-01",
        "trainee_start_date": null,
        "placements": []
    })
}

pub(crate) fn id(trn: u32) -> RecordId {
    RecordId::trs_person(Trn::parse(&trn.to_string()).unwrap())
}

/// Every message of a stream, in order.
pub(crate) async fn messages(log: &impl Log, stream: Stream) -> Vec<StoredMessage> {
    let last = log.facts(stream).await.unwrap().last_sequence;
    let mut messages = Vec::new();
    for sequence in 1..=last {
        messages.extend(log.get(stream, sequence).await.unwrap());
    }
    messages
}

pub(crate) async fn entries(log: &impl Log) -> Vec<LogEntry> {
    let messages = messages(log, Stream::Events).await;
    messages
        .iter()
        .map(|message| codec::decode(&message.payload).unwrap())
        .collect()
}

pub(crate) async fn observations(log: &impl Log) -> Vec<(Observation, Vec<Sealed>)> {
    let observation = |entry| match entry {
        LogEntry::Observation { observation, sealed } => Some((*observation, sealed)),
        _ => None,
    };
    entries(log).await.into_iter().filter_map(observation).collect()
}

pub(crate) async fn of_record(log: &impl Log, record: &RecordId) -> Vec<Observation> {
    let all = observations(log).await;
    all.into_iter()
        .map(|(observation, _)| observation)
        .filter(|observation| observation.record == *record)
        .collect()
}

pub(crate) async fn feed_messages(log: &impl Log) -> Vec<FeedMessage> {
    let message = |entry| {
        if let LogEntry::Feed(message) = entry {
            Some(message)
        } else {
            None
        }
    };
    entries(log).await.into_iter().filter_map(message).collect()
}

/// The quarantined rows, whatever else is on the log.
pub(crate) async fn quarantine(log: &impl Log) -> Vec<Quarantined> {
    let messages = messages(log, Stream::Events).await;
    let row = |entry| {
        if let LogEntry::Quarantined(row) = entry {
            Some(row)
        } else {
            None
        }
    };
    messages
        .iter()
        .filter_map(|message| codec::decode(&message.payload).ok())
        .filter_map(row)
        .collect()
}

/// The keys listed absent by the last delivery that was closed.
pub(crate) async fn last_absent(log: &impl Log) -> Vec<RecordId> {
    let absent = |message: FeedMessage| match message.step {
        DeliveryStep::Closed { absent, .. } => Some(absent),
        DeliveryStep::Opened { .. }
        | DeliveryStep::PageRecorded(_)
        | DeliveryStep::Held(_)
        | DeliveryStep::Decided(_)
        | DeliveryStep::Released(_) => None,
    };
    feed_messages(log)
        .await
        .into_iter()
        .filter_map(absent)
        .next_back()
        .unwrap()
}

pub(crate) fn fact_names(observation: &Observation) -> Vec<&'static str> {
    observation.events.iter().map(|event| event.fact.name()).collect()
}

/// What of the log does not depend on sequences, keys and nonces: for each record what was observed, in order. Digests
/// of personal values are under random keys, so only their fields count.
pub(crate) async fn meaning(log: &impl Log) -> BTreeMap<RecordId, Vec<(TakenAt, Body, bool, Vec<Event>)>> {
    let mut meaning: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (observation, _) in observations(log).await {
        let Observation {
            record,
            taken_at,
            state,
            events,
            ..
        } = observation;
        let events = events.into_iter().map(without_digests).collect();
        meaning
            .entry(record)
            .or_default()
            .push((taken_at, state.body, state.vanished, events));
    }
    meaning
}

fn without_digests(mut event: Event) -> Event {
    use ltr_domain::event::Fact;
    use ltr_domain::record::KeyedDigest;
    if let Fact::NameObserved(change)
    | Fact::NameChanged(change)
    | Fact::PreviousNamesChanged(change)
    | Fact::DateOfBirthObserved(change)
    | Fact::DateOfBirthCorrected(change)
    | Fact::ContactEmailChanged(change)
    | Fact::TrnDeclared(change) = &mut event.fact
    {
        for digest in [&mut change.old, &mut change.new].into_iter().flatten() {
            *digest = KeyedDigest([0; 32]);
        }
    }
    event
}
