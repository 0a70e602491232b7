//! For tests only: what no client can do to a log, but a disk, a restore or an intruder can.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::{MemLog, Shared};
use crate::log::{StoredMessage, Stream};

impl MemLog {
    /// For tests: changes a stored message behind everybody's back. Tells whether there was one. The index by subject
    /// does not follow a changed subject, nor the order a changed sequence.
    pub fn tamper(&self, stream: Stream, sequence: u64, change: impl FnOnce(&mut StoredMessage)) -> bool {
        self.on(stream, |kept| kept.at_mut(sequence).map(change).is_some())
    }

    /// For tests: cuts the stream after `last_sequence`, as a server does that lost its tail.
    pub fn truncate(&self, stream: Stream, last_sequence: u64) {
        self.on(stream, |kept| kept.truncate(last_sequence));
        self.0.changed.notify_waiters();
    }

    /// For tests: a log of its own with the same messages, as a restore into streams made at `created_at` gives.
    #[must_use]
    pub fn restored(&self, created_at: Timestamp) -> Self {
        Self(Arc::new(Shared {
            kind: self.0.kind,
            created_at,
            clock: Arc::clone(&self.0.clock),
            streams: Mutex::new(self.streams().clone()),
            changed: Notify::new(),
        }))
    }
}
