//! What ingest costs a processor, on the log in memory, beside merely parsing and digesting the same rows.
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
use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_proto::digest::content_digest;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::rows_of_line;

/// Not secure: for measuring only.
fn noise(out: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in out.chunks_mut(8) {
        let n = NEXT
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
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

/// The processor time of this thread, so that a busy machine does not disturb the measurement; where the system does not
/// tell it, the time that passed.
fn processor_time(began: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told
        .as_deref()
        .and_then(|text| text.split(' ').next())
        .and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

fn report(what: &str, rows: usize, took: Duration, limit: Option<Duration>) {
    let per_second = rows as f64 / took.as_secs_f64();
    let ratio = limit.map(|limit| {
        format!(
            ", {:.2} of parsing and digesting",
            limit.as_secs_f64() / took.as_secs_f64()
        )
    });
    println!(
        "{what}: {per_second:.0} rows a second{}",
        ratio.unwrap_or_default()
    );
}

async fn timed(log: &MemLog, number: u128, lines: &[String]) -> Duration {
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::from_u128(number)),
        feed: Feed::TrsPersons,
        scope: Scope::new(),
        completeness: Completeness::Partial,
        taken_at: TakenAt(
            format!("2026-09-{number:02}T12:00:00Z")
                .parse()
                .expect("a day of September"),
        ),
        manifest: Vec::new(),
        api_version: String::new(),
        late: Backfill::No,
    };
    let kek = KeyEncryptionKey::new([7; 32]);
    let edge = Edge {
        clock: &SystemClock,
        random: &noise,
        kek: &kek,
    };
    let file: Arc<str> = "lines.ndjson".into();
    let rows = lines.iter().enumerate().flat_map(|(index, line)| {
        let file = &file;
        rows_of_line(Feed::TrsPersons, line.as_bytes(), index + 1)
            .into_iter()
            .map(|row| Ok((Arc::clone(file), row)))
    });
    let (began, before) = (Instant::now(), processor_time(Instant::now()));
    let report = deliver(log, &edge, &Config::default(), &plan, rows, |_| ())
        .await
        .expect("the log in memory holds");
    let took = processor_time(began) - before;
    assert_eq!(report.counts.quarantined, 0);
    took
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows: usize = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(20_000);
    let log = MemLog::new(
        ClockKind::Real,
        "2026-09-01T00:00:00Z".parse().expect("an instant"),
    );
    let first: Vec<String> = (0..rows).map(|index| line(index, "RequiredToComplete")).collect();
    let tenth = |index| {
        if index % 10 == 0 {
            "InProgress"
        } else {
            "RequiredToComplete"
        }
    };
    let second: Vec<String> = (0..rows).map(|index| line(index, tenth(index))).collect();
    let third: Vec<String> = (0..rows).map(|index| line(index, "Passed")).collect();

    let (began, before) = (Instant::now(), processor_time(Instant::now()));
    let parsed = first.iter().filter(|line| {
        rows_of_line(Feed::TrsPersons, line.as_bytes(), 1).len() == 1
            && content_digest(line.as_bytes()) != [0; 32]
    });
    assert_eq!(parsed.count(), rows);
    let limit = processor_time(began) - before;
    report("parse and digest", rows, limit, None);
    report("all new", rows, timed(&log, 1, &first).await, Some(limit));
    report("unchanged", rows, timed(&log, 2, &first).await, Some(limit));
    report(
        "a tenth changed",
        rows,
        timed(&log, 3, &second).await,
        Some(limit),
    );
    let all = timed(&log, 4, &third).await;
    report("all changed", rows, all, Some(limit));
}
