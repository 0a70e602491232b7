//! Rows through the ingest role onto a log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use ltr_domain::delivery::{Completeness, Counts, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config, DeliveryPlan, Edge, deliver};
use ltr_log_nats::NatsLog;
use ltr_ports::clock::{Clock, SystemClock};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::Row;

const FEED: Feed = Feed::RegisterTrainees;

/// One partial delivery of a document of rows, from its bytes to its closing; all rows must be understood.
pub(crate) async fn run(log: &NatsLog, number: u128, document: &[u8]) -> anyhow::Result<(Duration, Counts)> {
    let open = || ltr_sources::rows(FEED, document).expect("the document is UTF-8, as it is our own");
    rows(log, number, Completeness::Partial, open).await
}

/// One complete delivery of a document of rows, likewise.
pub(crate) async fn run_complete(
    log: &NatsLog,
    number: u128,
    document: &[u8],
) -> anyhow::Result<(Duration, Counts)> {
    let open = || ltr_sources::rows(FEED, document).expect("the document is UTF-8, as it is our own");
    rows(log, number, Completeness::Complete, open).await
}

/// One complete delivery of rows that are made as they are read: `open` opens the lines at their beginning.
pub(crate) async fn run_lines<I: Iterator<Item = Vec<u8>> + Send>(
    log: &NatsLog,
    number: u128,
    open: impl Fn() -> I + Sync,
) -> anyhow::Result<(Duration, Counts)> {
    let open = || {
        let numbered = (1..).zip(open());
        numbered.flat_map(|(number, line)| ltr_sources::rows_of_line(FEED, &line, number))
    };
    rows(log, number, Completeness::Complete, open).await
}

/// One delivery: it must pass the gate, and every row of it be understood.
async fn rows<I: Iterator<Item = Row> + Send>(
    log: &NatsLog,
    number: u128,
    completeness: Completeness,
    open: impl Fn() -> I + Sync,
) -> anyhow::Result<(Duration, Counts)> {
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::from_u128(number)),
        feed: FEED,
        scope: Scope::new(),
        completeness,
        taken_at: TakenAt(SystemClock.now()),
        manifest: vec!["bench.ndjson".to_owned()],
        api_version: ltr_sources::api_version(FEED).to_owned(),
        late: Backfill::No,
    };
    let kek = KeyEncryptionKey::new([7; 32]);
    let edge = Edge {
        clock: &SystemClock,
        random: &|bytes| getrandom::fill(bytes).expect("the operating system gives random bytes"),
        kek: &kek,
    };
    let file: Arc<str> = "bench.ndjson".into();
    let began = Instant::now();
    let open = || open().map(|row| Ok((Arc::clone(&file), row)));
    let report = deliver(log, &edge, &Config::default(), &plan, open, |_| ()).await?;
    let took = began.elapsed();
    ensure!(
        report.held.is_none(),
        "the gate lets every delivery of the measurement pass"
    );
    ensure!(
        report.counts.quarantined == 0,
        "every row of the measurement is understood"
    );
    Ok((took, report.counts))
}
