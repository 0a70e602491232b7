//! Deliveries: one run of a feed, made of pages. What was seen, what was absent and where a feed got to is in them.

use std::collections::BTreeMap;

use crate::ids::{DeliveryId, Feed, RecordId};
use crate::observation::{MessageDigest, MessageRef};
use crate::time::{ObservedAt, RecordedAt, TakenAt};

/// What part of a feed a delivery speaks for, such as `provider=10000571, cycle=2026`. Empty: the whole feed.
pub type Scope = BTreeMap<String, String>;

/// Whether what is absent from a delivery is absent from its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Completeness {
    /// Every record of the scope is in it.
    Complete,
    /// Some records; absence says nothing.
    Partial,
}

/// A message on a feed's subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMessage {
    /// Which feed.
    pub feed: Feed,
    /// Which delivery.
    pub delivery: DeliveryId,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// The message before this one on the feed's subject.
    pub previous: Option<MessageRef>,
    /// What it says.
    pub step: DeliveryStep,
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryStep {
    /// It began.
    Opened {
        /// What it speaks for.
        scope: Scope,
        /// Whether absence from it means anything.
        completeness: Completeness,
        /// When the snapshot was taken at the source.
        taken_at: TakenAt,
        /// What was handed over: file names without folders, or page addresses without secrets.
        manifest: Vec<String>,
    },
    /// One page of it was settled, in one atomic batch with this message at its end.
    PageRecorded(PageRecorded),
    /// It ended.
    Closed {
        /// The sum over its pages.
        counts: Counts,
        /// Records of its scope that the previous complete delivery had and this one lacks; only for complete ones.
        absent: Vec<RecordId>,
    },
}

/// That a page was settled: the feed's cursor, its fence and its sightings in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRecorded {
    /// The number of the page in its delivery, from 1.
    pub page: u32,
    /// Where the feed got to: opaque to all but the feed's reader.
    pub cursor: String,
    /// When the snapshot was taken.
    pub taken_at: TakenAt,
    /// When the page was read.
    pub observed_at: ObservedAt,
    /// Every record seen in the page, changed or not, sorted.
    pub seen: Vec<RecordId>,
    /// How many of what.
    pub counts: Counts,
    /// SHA-256 over the digests of the batch's other messages in order: binds the page's observations and quarantine
    /// messages to the feed's chain.
    pub batch_digest: MessageDigest,
    /// Upstream fields this version does not know, and how often each occurred (T20). Names only.
    pub unknown_fields: BTreeMap<String, u64>,
}

/// How many rows met which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Records unchanged.
    pub unchanged: u64,
    /// Observations published.
    pub observations: u64,
    /// Events in them.
    pub events: u64,
    /// Rows or records not newer than what was known: no event.
    pub superseded: u64,
    /// Rows put into quarantine.
    pub quarantined: u64,
}

impl Counts {
    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.unchanged += other.unchanged;
        self.observations += other.observations;
        self.events += other.events;
        self.superseded += other.superseded;
        self.quarantined += other.quarantined;
    }
}

/// A row that could not be mapped. It stops only itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Names the row: hex of the first 16 bytes of SHA-256 over the feed and the row; the same bad row again has the same id.
    pub id: String,
    /// Which feed.
    pub feed: Feed,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// A code from the list in `docs/quarantine-codes.md`, such as `trn_wrong_length`.
    pub code: String,
    /// What is wrong, without any value of the row.
    pub reason: String,
    /// Where it was: file and line, or file and position.
    pub place: String,
    /// The sealed row, where it could be parsed.
    pub evidence: Option<MessageRef>,
}
