//! One message about one source record, as the domain sees it: self-contained, chained to the one before.

use jiff::Timestamp;

use crate::event::Event;
use crate::ids::{DeliveryId, RecordId};
use crate::record::{Body, State};
use crate::time::{KnownAt, ObservedAt, RecordedAt, TakenAt};

/// SHA-256 of a message: of its subject, a line feed and its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageDigest(pub [u8; 32]);

/// A reference to another message by place and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageRef {
    /// Its sequence in its stream.
    pub sequence: u64,
    /// Its digest.
    pub digest: MessageDigest,
}

/// That one source record changed, and to what. `S` is `Option<State>` where a state is read only if folding looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation<S = State> {
    /// Which record.
    pub record: RecordId,
    /// In which delivery it was seen.
    pub delivery: DeliveryId,
    /// When the snapshot was taken at the source.
    pub taken_at: TakenAt,
    /// When we read it.
    pub observed_at: ObservedAt,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// The source's own `updated_at`; bookkeeping, never compared.
    pub source_updated_at: Option<Timestamp>,
    /// The version of the mapping that made `state`.
    pub mapping_version: u32,
    /// The observation before this one on the same subject.
    pub previous: Option<MessageRef>,
    /// The whole canonical state after the change.
    pub state: S,
    /// What changed.
    pub events: Vec<Event>,
    /// The row this was read from; `None` for changes that no row made (vanished).
    pub evidence: Option<MessageRef>,
}

/// What is known of the state beside the changes.
pub trait Stating {
    /// What the source says, if it was read.
    fn body(&self) -> Option<&Body>;
}

impl Stating for State {
    fn body(&self) -> Option<&Body> {
        Some(&self.body)
    }
}

impl Stating for Option<State> {
    fn body(&self) -> Option<&Body> {
        self.as_ref().map(|state| &state.body)
    }
}

/// Where a message stands on the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Its sequence.
    pub sequence: u64,
    /// When it became known.
    pub known_at: KnownAt,
}
