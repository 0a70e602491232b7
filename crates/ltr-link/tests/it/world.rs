//! A log with rows of people who do not exist, and the role run on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ltr_domain::delivery::Completeness;
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::judgement::{Judged, LinkMatched, MatchVerdict};
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config as IngestConfig, DeliveryPlan, deliver};
use ltr_link::{Config, Edge, LinkError, Report, Step, Until, Writing, run};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, LogReader, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::Row;
use serde_json::{Value, json};

pub(crate) const KEK: [u8; 32] = [7; 32];

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// An empty simulated log.
pub(crate) fn empty() -> MemLog {
    MemLog::new(ClockKind::Simulated, at("2026-01-01T00:00:00Z"))
}

/// Delivers rows of a feed.
pub(crate) async fn delivered(log: &MemLog, feed: Feed, taken_at: &str, rows: &[Value]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let (clock, kek) = (ManualClock::at(at(taken_at)), KeyEncryptionKey::new(KEK));
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    let edge = ltr_ingest::Edge {
        clock: &clock,
        random: &random,
        kek: &kek,
    };
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::from_u128(u128::from(
            NEXT.fetch_add(1, Ordering::Relaxed),
        ))),
        feed,
        scope: [].into(),
        completeness: Completeness::Partial,
        taken_at: TakenAt(at(taken_at)),
        manifest: Vec::new(),
        api_version: String::new(),
        late: Backfill::No,
    };
    let file: Arc<str> = "rows.ndjson".into();
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let place = format!("line {}", index + 1);
        let value = Ok(row.clone());
        Ok((Arc::clone(&file), Row { value, place }))
    });
    deliver(
        log,
        &edge,
        &IngestConfig::default(),
        &plan,
        || rows.clone(),
        |_| {},
    )
    .await
    .unwrap();
}

/// An application of the recruits API.
pub(crate) fn recruit(choice: u64, first: &str, last: &str, born: &str) -> Value {
    json!({
        "id": choice.to_string(),
        "attributes": {
            "status": "recruited",
            "candidate": { "id": format!("C{choice}"), "first_name": first, "last_name": last, "date_of_birth": born },
            "contact_details": { "email": format!("{}.{choice}@example.com", first.to_lowercase()) },
            "course": { "recruitment_cycle_year": 2026, "training_provider_code": "U01" },
        },
    })
}

/// A trainee of 2026 at a university, who names no application.
pub(crate) fn trainee(slug: &str, first: &str, last: &str, born: &str) -> Value {
    json!({
        "trainee_id": slug, "application_id": null, "state": "submitted_for_trn", "ukprn": "10000573", "trn": null,
        "first_names": first, "middle_names": null, "last_name": last, "date_of_birth": born,
        "email": format!("{slug}@university.example"),
        "itt_start_date": "2026-09-01", "trainee_start_date": "2026-09-03",
        "updated_at": "2026-09-18T08:00:00.000Z",
    })
}

/// A row with other fields.
pub(crate) fn with(mut row: Value, more: Value) -> Value {
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

/// A cohort without the numbers of its applications, and their look-alikes.
pub(crate) async fn university(log: &MemLog) {
    let recruits = [
        recruit(501, "Zoë", "O'Brien", "1999-04-17"),
        recruit(502, "Wei", "Chen", "2000-02-03"),
        recruit(503, "Jane", "Moss", "1998-07-08"),
        recruit(504, "Ada", "Byron", "1999-12-10"),
    ];
    delivered(log, Feed::ApplyRecruits, "2026-07-01T06:00:00Z", &recruits).await;
    let trainees = [
        trainee("right", "Zoe", "OBRIEN", "1999-04-17"),
        trainee("swapped", "Chen", "Wei", "2000-02-03"),
        trainee("twin", "Joan", "Moss", "1998-07-08"),
        trainee("namesake", "Ada", "Byron", "1999-12-11"),
    ];
    delivered(log, Feed::RegisterTrainees, "2026-10-01T06:00:00Z", &trainees).await;
}

/// Runs the role up to the head; gives the report and what it told.
pub(crate) async fn try_linked<L: Log>(
    log: &L,
    config: &Config,
    writing: Writing,
) -> Result<(Report, Vec<LinkMatched>), LinkError> {
    let (clock, kek) = (
        ManualClock::at(at("2026-10-02T06:00:00Z")),
        KeyEncryptionKey::new(KEK),
    );
    let edge = Edge {
        clock: &clock,
        kek: &kek,
    };
    let mut told = Vec::new();
    let on_step = |step: Step<'_>| match step {
        Step::Told(matched) => told.push(matched.clone()),
        Step::Read { sequence, head } => assert!(sequence > 0 && head > 0),
    };
    let never = std::future::pending();
    let report = run(config, log, &edge, Until::Head, writing, never, on_step).await?;
    assert_eq!(report.undecodable, 0);
    Ok((report, told))
}

/// Runs the role, which must succeed; gives what it published in words.
pub(crate) async fn linked(log: &MemLog) -> Vec<String> {
    let (report, told) = try_linked(log, &Config::default(), Writing::Publish)
        .await
        .unwrap();
    assert_eq!(report.matches, told.len() as u64);
    told.iter().map(in_words).collect()
}

pub(crate) fn in_words(matched: &LinkMatched) -> String {
    let (verdict, pair) = (matched.verdict.token(), &matched.pair);
    match matched.verdict {
        MatchVerdict::Withdrawn => format!("{verdict} {pair}"),
        MatchVerdict::Proposed | MatchVerdict::Asserted => format!("{verdict} {pair} {}", matched.score),
    }
}

/// Every message of a stream.
pub(crate) async fn messages(log: &MemLog, stream: Stream) -> Vec<StoredMessage> {
    let last = log.facts(stream).await.unwrap().messages;
    let mut reader = log.reader(stream, 1, None).await.unwrap();
    let mut all = Vec::new();
    while (all.len() as u64) < last {
        all.extend(reader.next(10_000, 1_000).await.unwrap());
    }
    all
}

/// Every match on the log, in words. Each must name the message before it on its subject.
pub(crate) async fn matches(log: &MemLog) -> Vec<String> {
    let mut last = std::collections::BTreeMap::new();
    let mut all = Vec::new();
    for message in messages(log, Stream::Events).await {
        let Ok(LogEntry::Judgement(judgement)) = codec::decode(&message.payload) else {
            continue;
        };
        let previous = judgement.previous.map(|previous| previous.sequence);
        assert_eq!(
            last.insert(message.subject.clone(), message.sequence),
            previous,
            "chained"
        );
        if let Judged::Matched(matched) = judgement.judged {
            all.push(in_words(&matched));
        }
    }
    all
}
