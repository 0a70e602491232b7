//! W1, ours: the events of a log through the projector into an empty store.

use std::time::{Duration, Instant};

use anyhow::ensure;
use ltr_log_nats::NatsLog;
use ltr_ports::store::PersonRow;
use ltr_project::{Config, Progress, Until};
use ltr_store_pg::PgStore;

use crate::watched::Watched;

/// What a projection took, and what it wrote.
#[derive(Debug)]
pub(crate) struct Projected {
    pub(crate) took: Duration,
    pub(crate) messages: u64,
    /// The people of every batch.
    pub(crate) batches: Vec<Vec<PersonRow>>,
}

/// Projects a log to its head, into a migrated database with nothing in it.
pub(crate) async fn run(log: &NatsLog, database: &str) -> anyhow::Result<Projected> {
    let store = PgStore::connect(ltr_store_pg::Config::new(database)).await?;
    let store = Watched::new(store);
    let began = Instant::now();
    let never = std::future::pending();
    // Until the last batch is in. What the projector kept in memory is given back after that.
    let mut took = Duration::ZERO;
    let tell = |_: &Progress| took = began.elapsed();
    let progress = ltr_project::run(&Config::default(), log, &store, Until::Head, never, tell).await?;
    ensure!(
        progress.undecodable == 0,
        "every message of the measurement can be decoded"
    );
    Ok(Projected {
        took,
        messages: progress.messages,
        batches: store.take(),
    })
}
