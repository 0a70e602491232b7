//! How much of a raw publisher's speed ingest keeps, on the log in memory: what it costs beside the log itself.
//!
//! `cargo run --release --package ltr-ingest --example throughput -- 20000`
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config, DeliveryPlan, Edge, deliver};
use ltr_ports::clock::SystemClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, NewMessage, Stream};
use ltr_proto::digest::content_digest;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::rows_of_line;

/// Not secure: for measuring only.
fn noise(out: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in out.chunks_mut(8) {
        let n = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        chunk.copy_from_slice(&n.to_be_bytes()[..chunk.len()]);
    }
}

/// One person as a line of NDJSON; about a kilobyte.
fn line(index: usize, induction: &str) -> String {
    format!(
        r#"{{"trn":"{trn}","firstName":"Ada","middleName":"Augusta","lastName":"Lovelace-{index}","dateOfBirth":"1985-12-10","nationalInsuranceNumber":null,"emailAddress":"ada.{index}@example.org","qts":{{"holdsFrom":"2024-07-01","routes":[{{"routeToProfessionalStatusType":{{"routeToProfessionalStatusTypeId":"6f27bdeb-d00a-4ef9-b0ea-26498ce64713","name":"Apply for QTS"}}}}]}},"eyts":null,"qtlsStatus":"None","induction":{{"status":"{induction}","startDate":null,"completedDate":null,"exemptionReasons":[]}},"routesToProfessionalStatuses":[{{"routeToProfessionalStatusId":"27d2e8b5-{index:04}-4a6a-93b1-cc1c2b7e6ba1","routeToProfessionalStatusType":{{"routeToProfessionalStatusTypeId":"6f27bdeb-d00a-4ef9-b0ea-26498ce64713","name":"Apply for QTS","professionalStatusType":"QualifiedTeacherStatus"}},"status":"Holds","holdsFrom":"2024-07-01","trainingStartDate":"2023-09-01","trainingEndDate":"2024-06-30","trainingSubjects":[{{"reference":"100403","name":"mathematics"}}],"trainingAgeSpecialism":null,"trainingCountry":null,"trainingProvider":{{"ukprn":"10000571","name":"Bath Spa University"}},"degreeType":null,"inductionExemption":{{"isExempt":false,"exemptionReasons":[]}}}}],"mandatoryQualifications":[],"alerts":[],"previousNames":[],"allowIdSignInWithProhibitions":false}}"#,
        trn = 1_000_000 + index,
    )
}

fn report(what: &str, rows: usize, took: Duration, limit: Option<(&str, Duration)>) {
    let per_second = rows as f64 / took.as_secs_f64();
    let ratio = limit.map(|(name, limit)| format!(", {:.2} of {name}", limit.as_secs_f64() / took.as_secs_f64()));
    println!("{what}: {per_second:.0} rows/s{}", ratio.unwrap_or_default());
}

async fn timed(log: &MemLog, number: u128, lines: &[String]) -> Duration {
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::from_u128(number)),
        feed: Feed::TrsPersons,
        scope: Scope::new(),
        completeness: Completeness::Partial,
        taken_at: TakenAt(format!("2026-09-{number:02}T12:00:00Z").parse().expect("a day of September")),
        manifest: Vec::new(),
        api_version: String::new(),
        late: Backfill::No,
    };
    let kek = KeyEncryptionKey::new([7; 32]);
    let edge = Edge { clock: &SystemClock, random: &noise, kek: &kek };
    let file: Arc<str> = "lines.ndjson".into();
    let rows = lines.iter().enumerate().flat_map(|(index, line)| {
        let file = &file;
        rows_of_line(Feed::TrsPersons, line.as_bytes(), index + 1).into_iter().map(|row| Ok((Arc::clone(file), row)))
    });
    let began = Instant::now();
    let report = deliver(log, &edge, &Config::default(), &plan, rows, |_| ()).await.expect("the log in memory holds");
    let took = began.elapsed();
    assert_eq!(report.counts.quarantined, 0);
    took
}

/// The messages of all three streams again, in batches of 500, onto a log of their own.
async fn raw(log: &MemLog) -> Duration {
    let copy = MemLog::new(ClockKind::Real, "2026-09-01T00:00:00Z".parse().expect("an instant"));
    let mut batches = Vec::new();
    for stream in [Stream::Keys, Stream::Evidence, Stream::Events] {
        let last = log.facts(stream).await.expect("the log in memory holds").last_sequence;
        let mut messages = Vec::new();
        for sequence in 1..=last {
            let Some(stored) = log.get(stream, sequence).await.expect("the log in memory holds") else { continue };
            messages.push(NewMessage { subject: stored.subject, payload: stored.payload, expected_last: None });
        }
        batches.extend(messages.chunks(500).map(|batch| (stream, batch.to_vec())));
    }
    let began = Instant::now();
    for (stream, batch) in batches {
        copy.publish(stream, batch).await.expect("the log in memory holds");
    }
    began.elapsed()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let log = MemLog::new(ClockKind::Real, "2026-09-01T00:00:00Z".parse().expect("an instant"));
    let first: Vec<String> = (0..rows).map(|index| line(index, "RequiredToComplete")).collect();
    let tenth = |index| if index % 10 == 0 { "InProgress" } else { "RequiredToComplete" };
    let second: Vec<String> = (0..rows).map(|index| line(index, tenth(index))).collect();

    let began = Instant::now();
    let parsed = first.iter().filter(|line| {
        rows_of_line(Feed::TrsPersons, line.as_bytes(), 1).len() == 1 && content_digest(line.as_bytes()) != [0; 32]
    });
    assert_eq!(parsed.count(), rows);
    let parse = began.elapsed();
    report("parse and digest", rows, parse, None);

    let new = timed(&log, 1, &first).await;
    let limit = raw(&log).await;
    report("raw batches in memory", rows, limit, None);
    report("all new", rows, new, Some(("raw in memory", limit)));
    report("unchanged", rows, timed(&log, 2, &first).await, Some(("parse and digest", parse)));
    report("a tenth changed", rows, timed(&log, 3, &second).await, None);
}
