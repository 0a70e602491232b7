//! What every worker is given: the log, the world outside, and what the log told so far.

use std::sync::Arc;

use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, Counts, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config as IngestConfig, DeliveryPlan, Edge, InputError, Memo, Progress, Report};
use ltr_ports::clock::Pace;
use ltr_ports::log::{Log, LogError};
use ltr_ports::next_runs::NextRuns;
use ltr_ports::next_runs::mem::MemNextRuns;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::Row;
use tokio::sync::{Mutex, MutexGuard};

use crate::book::Reading;
use crate::gathered::Gathered;
use crate::retry::Random;
use crate::worker::ConnectError;

/// What every worker is given.
pub struct Shared<L: Log> {
    /// The log.
    pub log: L,
    /// Tells the time and waits for it.
    pub pace: Arc<dyn Pace>,
    /// Fills bytes from a secure random source.
    pub random: Arc<Random>,
    /// The key-encryption key.
    pub kek: KeyEncryptionKey,
    /// Bounds of ingest.
    pub ingest: IngestConfig,
    /// Told when each feed is read next, by a supervisor that keeps running.
    pub next_runs: Arc<dyn NextRuns>,
    /// Told of every page that is settled and every delivery that is closed.
    pub told: Arc<dyn Fn(&Told) + Send + Sync>,
    reading: Mutex<Reading<L>>,
    /// What earlier deliveries saw and lacked: read once, not for every sweep of every provider.
    memo: Memo,
}

impl<L: Log> std::fmt::Debug for Shared<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("ingest", &self.ingest)
            .finish_non_exhaustive()
    }
}

/// What a worker tells of its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A page was settled on the log.
    Settled {
        /// Of which feed.
        feed: Feed,
        /// How far the delivery is.
        progress: Progress,
    },
    /// A delivery was closed.
    Delivered {
        /// Of which feed.
        feed: Feed,
        /// What it speaks for.
        scope: Scope,
        /// Complete or partial.
        completeness: Completeness,
        /// How many rows met which end.
        counts: Counts,
    },
}

/// One delivery to hand over.
#[derive(Debug)]
pub(crate) struct HandOver {
    pub(crate) feed: Feed,
    pub(crate) scope: Scope,
    pub(crate) completeness: Completeness,
    pub(crate) taken_at: Timestamp,
    pub(crate) gathered: Gathered,
}

/// A delivery without its rows.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) feed: Feed,
    pub(crate) scope: Scope,
    pub(crate) completeness: Completeness,
    pub(crate) taken_at: Timestamp,
    pub(crate) manifest: Vec<String>,
}

impl<L: Log> Shared<L> {
    /// The log, the world, and a book that has not been begun.
    pub fn new(log: L, pace: Arc<dyn Pace>, random: Arc<Random>, kek: KeyEncryptionKey) -> Self {
        Self {
            reading: Mutex::new(Reading::new(log.clone())),
            log,
            pace,
            random,
            kek,
            ingest: IngestConfig::default(),
            next_runs: Arc::new(MemNextRuns::default()),
            told: Arc::new(|_| {}),
            memo: Memo::default(),
        }
    }

    /// The book, read up to the end of the log.
    ///
    /// # Errors
    ///
    /// A log that cannot be read.
    pub async fn book(&self) -> Result<MutexGuard<'_, Reading<L>>, LogError> {
        let mut reading = self.reading.lock().await;
        reading.catch_up().await?;
        Ok(reading)
    }

    /// Gives the rows of one delivery to ingest. One that is held counts as not read: it is read again later, and passes
    /// once the source is right again or an operator approved it.
    pub(crate) async fn deliver(&self, handed: HandOver) -> Result<Report, ConnectError> {
        let (manifest, rows) = handed.gathered.into_parts();
        // Only the rows of a complete delivery are opened twice: first they are judged.
        let rows = std::sync::Mutex::new(rows);
        let open = || {
            let mut rows = rows.lock().expect("no holder of this lock panics");
            let opened = match handed.completeness {
                Completeness::Partial => std::mem::take(&mut *rows),
                Completeness::Complete => rows.clone(),
            };
            opened.into_iter().map(Ok)
        };
        let whole = Whole {
            feed: handed.feed,
            scope: handed.scope,
            completeness: handed.completeness,
            taken_at: handed.taken_at,
            manifest,
        };
        self.deliver_rows(whole, open).await
    }

    /// The same with rows that are read as they are needed: `open` begins at the first of them.
    pub(crate) async fn deliver_rows<I>(
        &self,
        whole: Whole,
        open: impl Fn() -> I + Sync,
    ) -> Result<Report, ConnectError>
    where
        I: Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
    {
        let Whole {
            feed,
            scope,
            completeness,
            taken_at,
            manifest,
        } = whole;
        let plan = DeliveryPlan {
            delivery: self.delivery_id(),
            feed,
            scope,
            completeness,
            taken_at: TakenAt(taken_at),
            manifest,
            api_version: ltr_sources::api_version(feed).to_owned(),
            late: Backfill::No,
        };
        let edge = Edge {
            clock: &*self.pace,
            random: &*self.random,
            kek: &self.kek,
        };
        let on_page = |progress: &Progress| {
            (self.told)(&Told::Settled {
                feed,
                progress: *progress,
            });
        };
        let report =
            ltr_ingest::deliver_with(&self.memo, &self.log, &edge, &self.ingest, &plan, open, on_page)
                .await?;
        if let Some(held) = report.held {
            return Err(ConnectError::Held {
                delivery: held.delivery,
                standing: held.standing,
                reasons: held.reasons,
            });
        }
        (self.told)(&Told::Delivered {
            feed,
            scope: plan.scope,
            completeness,
            counts: report.counts,
        });
        Ok(report)
    }

    /// A UUIDv7 of the present instant.
    fn delivery_id(&self) -> DeliveryId {
        let mut random = [0u8; 10];
        (self.random)(&mut random);
        let millis = u64::try_from(self.pace.now().as_millisecond()).unwrap_or_default();
        DeliveryId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
