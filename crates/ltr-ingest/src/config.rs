//! What a delivery is given: bounds, a plan, and the world outside.

use std::collections::BTreeMap;

use ltr_domain::breaker::Bounds;
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ports::clock::Clock;
use ltr_proto::seal::KeyEncryptionKey;

/// Messages of a page beside its `PageRecorded`: together they are the most that one atomic batch takes.
pub(crate) const PAGE_MESSAGES_MAX: usize = ltr_ports::log::BATCH_MESSAGES_MAX - 1;

/// Bounds of the ingest role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// At most so many rows in a page; from 1 to 999.
    pub page_rows_max: usize,
    /// A row whose evidence is larger goes to quarantine: a message must fit the server's limit.
    pub row_bytes_max: usize,
    /// After how many complete deliveries in a row without it a record is said to have vanished; 0: never.
    pub vanish_after: u32,
    /// The bounds that complete deliveries of a feed must keep, where they are other than [`Bounds::of`] says.
    pub bounds: BTreeMap<Feed, Bounds>,
    /// How often one write may fail before the delivery is given up. Lost races are not failures.
    pub failures_max: u32,
    /// How long to wait after the first failure of a write; doubles with each further one, up to five seconds. 0: not
    /// at all.
    pub failure_pause_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            page_rows_max: 999,
            row_bytes_max: 192 * 1024,
            vanish_after: 2,
            bounds: BTreeMap::new(),
            failures_max: 8,
            failure_pause_ms: 200,
        }
    }
}

impl Config {
    /// The bounds of a feed.
    #[must_use]
    pub fn bounds_of(&self, feed: Feed) -> Bounds {
        self.bounds.get(&feed).copied().unwrap_or(Bounds::of(feed))
    }
}

/// One run of a feed. Every run has an id of its own, a repeated one too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPlan {
    /// Its id, made at the edge.
    pub delivery: DeliveryId,
    /// Which feed.
    pub feed: Feed,
    /// What part of the feed it speaks for.
    pub scope: Scope,
    /// Whether what is absent from it is absent from its scope.
    pub completeness: Completeness,
    /// When the snapshot was taken at the source.
    pub taken_at: TakenAt,
    /// What was handed over: file names without folders, or page addresses without secrets.
    pub manifest: Vec<String>,
    /// The version of the source's API that shaped the rows, such as `v2026.1`; empty if it is not known.
    pub api_version: String,
    /// What is done with rows that are older than what is known of their record.
    pub late: Backfill,
}

/// What is done with rows that are older than what is known of their record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backfill {
    /// They are counted as superseded.
    #[default]
    No,
    /// They are published as late: history, not the present.
    Yes,
}

/// The world outside: the time, randomness and the key that wraps keys.
#[derive(Clone, Copy)]
pub struct Edge<'a> {
    /// Tells the time.
    pub clock: &'a dyn Clock,
    /// Fills bytes from a secure random source.
    pub random: &'a (dyn Fn(&mut [u8]) + Sync),
    /// The key-encryption key.
    pub kek: &'a KeyEncryptionKey,
}

impl std::fmt::Debug for Edge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge")
            .field("kek", self.kek)
            .finish_non_exhaustive()
    }
}

/// The rows broke off. Of a complete delivery nothing is published if that happens while it is judged; otherwise, and of a
/// partial one, what came before is, and it stays open. Nothing is concluded from absence.
#[derive(Debug, thiserror::Error)]
#[error("the rows of {file} break off")]
pub struct InputError {
    /// Which file or page address.
    pub file: String,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}
