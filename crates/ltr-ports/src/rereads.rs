//! The queue of TRNs to read again: one message per TRN and urgency. What is in it can be made again from the log and
//! from the rolling schedule: losing it loses nothing but time.

use std::future::Future;
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Trn;

pub mod conformance;
pub mod mem;

/// What was taken by a process that died is somebody else's after this long.
pub const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// How soon a TRN is to be read; the first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Somebody hinted that it changed.
    Hint,
    /// Its turn among those of whom a change is expected.
    Often,
    /// Its turn among all others.
    Rarely,
}

impl Urgency {
    /// Every urgency, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Hint, Self::Often, Self::Rarely];

    /// The token used in subjects.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Often => "often",
            Self::Rarely => "rarely",
        }
    }
}

/// A TRN to read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reread {
    /// Which.
    pub trn: Trn,
    /// How soon.
    pub urgency: Urgency,
    /// When that was asked for: what has been read since need not be read again.
    pub asked_at: Timestamp,
}

/// A TRN that was taken from the queue, to be read now. It comes back by itself unless it is reported done in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Which, and why.
    pub reread: Reread,
    /// Names this taking to the queue.
    pub receipt: String,
}

/// Why the queue could not do what was asked. Asking again is always right: everything about it may happen twice.
#[derive(Debug, thiserror::Error)]
#[error("{attempted} did not succeed")]
pub struct QueueError {
    /// What was attempted.
    pub attempted: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// What a call of the queue comes to.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, QueueError>> + Send + 'a>>;

/// The queue.
pub trait RereadQueue: Send + Sync {
    /// Adds TRNs. One that waits already under the same urgency is replaced and waits at the end; one that is being
    /// read is added, because what it is added for may have happened after the reading.
    fn add(&self, rereads: Vec<Reread>) -> Answer<'_, ()>;

    /// Takes at most `max`, the most urgent first, and of one urgency the longest waiting first. Does not wait for any.
    fn take(&self, max: usize) -> Answer<'_, Vec<Taken>>;

    /// Reports that these were read: they are out of the queue.
    fn done(&self, taken: Vec<Taken>) -> Answer<'_, ()>;

    /// How many wait, without those taken, and perhaps without those that came back after they were taken.
    fn waiting(&self) -> Answer<'_, u64>;
}
