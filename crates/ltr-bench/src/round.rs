//! One round: a log is written and projected, and what that cost is held against its limits. Every measurement has
//! a server or a database to itself, and one runs at a time.

use std::fmt;
use std::time::Duration;

use anyhow::ensure;
use ltr_devservers::PostgresServer;
use ltr_ports::store::PersonRow;

use crate::raw::{self, ReadTo, Written};
use crate::upsert::{Plain, Table};
use crate::{ingest, project, rows, servers, sweep, upsert};

/// The sizes of raw batches of which the better counts.
const RAW_BATCHES: [usize; 2] = [500, 1_000];

/// One comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    /// Rows or events.
    pub(crate) count: u64,
    pub(crate) ours: Duration,
    pub(crate) limit: Duration,
}

impl Pair {
    /// Ours, in rows or events a second.
    pub(crate) fn ours(&self) -> f64 {
        per_second(self.count, self.ours)
    }

    /// The limit, likewise.
    pub(crate) fn limit(&self) -> f64 {
        per_second(self.count, self.limit)
    }

    /// Ours as a share of the limit.
    pub(crate) fn ratio(&self) -> f64 {
        self.limit.as_secs_f64() / self.ours.as_secs_f64()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// What a round found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    /// I1 with every row new.
    pub(crate) all_new: Pair,
    /// I1 with a tenth of the rows changed.
    pub(crate) tenth_changed: Pair,
    /// I2: a complete delivery in which nothing is new.
    pub(crate) unchanged: Pair,
    /// W1 beside the people's rows as they are.
    pub(crate) projection: Pair,
    /// W1 beside the same rows with views of two kilobytes.
    pub(crate) projection_padded: Pair,
    /// What the figures rest on.
    pub(crate) sizes: Sizes,
}

/// How much was written for each row or event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Messages on all streams for a new row.
    pub(crate) messages_per_row: f64,
    /// Subject and payload bytes on all streams for a new row.
    pub(crate) log_bytes_per_row: f64,
    /// Bytes of view and sealed values in a person's row.
    pub(crate) person_row_bytes: f64,
    /// Write-ahead log for each event, ours.
    pub(crate) wal_per_event: f64,
    /// Write-ahead log for each event, of the plain upsert.
    pub(crate) plain_wal_per_event: f64,
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ingest {:.0}/s ({:.2}), a tenth changed {:.0}/s ({:.2}), nothing new {:.0}/s ({:.2}), projection {:.0}/s ({:.2})",
            self.all_new.ours(),
            self.all_new.ratio(),
            self.tenth_changed.ours(),
            self.tenth_changed.ratio(),
            self.unchanged.ours(),
            self.unchanged.ratio(),
            self.projection.ours(),
            self.projection.ratio(),
        )
    }
}

/// Measures everything once.
pub(crate) async fn run(rows: usize, number: usize, postgres: &PostgresServer) -> anyhow::Result<Round> {
    let (first, second) = (rows::first_delivery(rows), rows::tenth_changed(rows));
    let database = postgres.fresh_database(&format!("bench{number}")).await?;
    ltr_store_pg::migrate(&database).await?;
    let plain = Plain::connect(&database).await?;

    let (server, log) = servers::nats().await?;
    let (all_new_took, all_new) = ingest::run(&log, 1, &first).await?;
    let mut read_to = ReadTo::default();
    let first_written = raw::read_back(&log, &mut read_to).await?;
    let (tenth_took, tenth) = ingest::run(&log, 2, &second).await?;
    let second_written = raw::read_back(&log, &mut read_to).await?;
    ensure!(all_new.observations == rows as u64, "every row is new");
    ensure!(
        tenth.observations > 0 && tenth.unchanged == rows as u64 - tenth.observations,
        "a tenth changed"
    );

    upsert::checkpoint(postgres.url()).await?;
    let wal = plain.wal_bytes().await?;
    let projected = project::run(&log, &database).await?;
    let wal_ours = plain.wal_bytes().await? - wal;
    let unchanged = sweep::run(&log, &second, rows).await?;
    drop(log);
    server.stop().await;
    upsert::checkpoint(postgres.url()).await?;
    let before = plain.wal_bytes().await?;
    let plain_took = plain.write(Table::AsTheyAre, &projected.batches).await?;
    let wal_plain = plain.wal_bytes().await? - before;
    let padded = upsert::padded(&projected.batches);
    upsert::checkpoint(postgres.url()).await?;
    let padded_took = plain.write(Table::Padded, &padded).await?;

    let mut raw_took = Vec::new();
    for batch in RAW_BATCHES {
        raw_took.push(publish_raw(&first_written, &second_written, batch).await?);
    }
    let best = |took: fn(&[Duration; 2]) -> Duration| raw_took.iter().map(took).min().unwrap_or_default();
    let events = projected.messages;
    Ok(Round {
        all_new: Pair {
            count: rows as u64,
            ours: all_new_took,
            limit: best(|[first, _]| *first),
        },
        tenth_changed: Pair {
            count: rows as u64,
            ours: tenth_took,
            limit: best(|[_, second]| *second),
        },
        unchanged,
        projection: Pair {
            count: events,
            ours: projected.took,
            limit: plain_took,
        },
        projection_padded: Pair {
            count: events,
            ours: projected.took,
            limit: padded_took,
        },
        sizes: Sizes {
            messages_per_row: share(first_written.messages(), rows),
            log_bytes_per_row: share(first_written.bytes(), rows),
            person_row_bytes: mean_person_row(&projected.batches),
            wal_per_event: share(usize::try_from(wal_ours)?, usize::try_from(events)?),
            plain_wal_per_event: share(usize::try_from(wal_plain)?, usize::try_from(events)?),
        },
    })
}

/// Both deliveries again, on a server of their own.
async fn publish_raw(first: &Written, second: &Written, batch: usize) -> anyhow::Result<[Duration; 2]> {
    let (server, log) = servers::nats().await?;
    let first = raw::publish(&log, first, batch).await?;
    let second = raw::publish(&log, second, batch).await?;
    drop(log);
    server.stop().await;
    Ok([first, second])
}

fn mean_person_row(batches: &[Vec<PersonRow>]) -> f64 {
    let people = || batches.iter().flatten();
    share(
        people().map(|row| row.view.len() + row.sealed.len()).sum(),
        people().count(),
    )
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn share(of: usize, among: usize) -> f64 {
    of as f64 / among.max(1) as f64
}
