//! The log port: three streams, atomic batches with expected sequences, reads by subject and by sequence.
//!
//! Messages are bytes here; what they mean is `ltr-proto`'s. A lost race is an outcome, not an error; an error says
//! whether the write certainly did not happen.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_proto::digest::message_digest;

pub mod check;
pub mod conformance;
pub mod faulty;
pub mod mem;
pub mod subject;

/// At most so many messages in one atomic batch (the server's own limit).
pub const BATCH_MESSAGES_MAX: usize = 1_000;

/// The streams of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Observations, pages, quarantine, policy, calendar: never purged or deleted. Subjects `ltr.record.>`,
    /// `ltr.delivery.>`, `ltr.identity.>`, `ltr.quarantine.>`, `ltr.policy`, `ltr.calendar.>`.
    Events,
    /// Rows as received, sealed. Subjects `ltr.evidence.>`. Own retention, erasable.
    Evidence,
    /// Wrapped keys, the last message of each record. Subjects `ltr.key.>`. Purgeable.
    Keys,
}

impl Stream {
    /// Every stream.
    pub const ALL: [Self; 3] = [Self::Events, Self::Evidence, Self::Keys];

    /// The stream's name on the server.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "LTR_EVENTS",
            Self::Evidence => "LTR_EVIDENCE",
            Self::Keys => "LTR_KEYS",
        }
    }

    /// The subjects it takes.
    #[must_use]
    pub fn subjects(self) -> &'static [&'static str] {
        match self {
            Self::Events => &[
                "ltr.record.>",
                "ltr.delivery.>",
                "ltr.identity.>",
                "ltr.quarantine.>",
                "ltr.policy",
                "ltr.calendar.>",
            ],
            Self::Evidence => &["ltr.evidence.>"],
            Self::Keys => &["ltr.key.>"],
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the log's times come from; fixed when its streams are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockKind {
    /// The publishers' clocks, checked against the server's.
    Real,
    /// Given times: demo, scenarios, tests. Every answer says so.
    Simulated,
}

/// A message to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Its subject.
    pub subject: String,
    /// Its payload.
    pub payload: Bytes,
    /// The sequence that must be the subject's last (0: the subject must be empty); `None`: unconditional.
    pub expected_last: Option<u64>,
}

/// A message on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its sequence in its stream.
    pub sequence: u64,
    /// Its subject.
    pub subject: String,
    /// Its payload.
    pub payload: Bytes,
    /// The digest that the publisher put into the header `Ltr-Digest`; `None` if it is missing or malformed.
    pub digest: Option<MessageDigest>,
    /// When the server stored it.
    pub stored_at: Timestamp,
}

impl StoredMessage {
    /// The message as others refer to it. Its digest is the one that its publisher wrote beside it: should the payload
    /// have been altered since, the chain goes on telling so.
    #[must_use]
    pub fn reference(&self) -> MessageRef {
        let digest = self
            .digest
            .unwrap_or_else(|| message_digest(&self.subject, &self.payload));
        MessageRef {
            sequence: self.sequence,
            digest,
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// All messages are stored, in order, ending at this sequence.
    Stored {
        /// The sequence of the first message.
        first_sequence: u64,
        /// The sequence of the last message.
        last_sequence: u64,
    },
    /// An expected sequence did not hold; nothing was stored. Which subject is not told (10071).
    Refused,
}

/// What is known of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamFacts {
    /// When it was created; with a sequence, names a place on this very stream.
    pub created_at: Timestamp,
    /// First sequence still there, 0 if none ever was.
    pub first_sequence: u64,
    /// Last sequence, 0 if none.
    pub last_sequence: u64,
    /// Messages there now.
    pub messages: u64,
    /// Bytes they take on the server.
    pub bytes: u64,
    /// Where the log's times come from.
    pub clock: ClockKind,
    /// Whether the stream takes atomic batches.
    pub allows_atomic: bool,
}

/// Why the log could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It certainly did not happen.
    #[error("{attempted} on {stream} did not happen")]
    Determinate {
        /// What was attempted.
        attempted: &'static str,
        /// On which stream.
        stream: Stream,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It may or may not have happened: read to find out.
    #[error("{attempted} on {stream} may or may not have happened")]
    Indeterminate {
        /// What was attempted.
        attempted: &'static str,
        /// On which stream.
        stream: Stream,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server cannot serve this log at all; the text says what to do.
    #[error("{0}")]
    Unsuitable(String),
}

/// The last messages of all subjects that a filter matches, on their way.
#[derive(Debug)]
pub struct Each<R> {
    /// How many subjects there were when this was asked for.
    pub subjects: u64,
    /// Reads them.
    pub reader: R,
}

/// The log.
pub trait Log: Clone + Send + Sync + 'static {
    /// Reads a stream forward.
    type Reader: LogReader;

    /// Publishes the messages all or none, in order. Each gets a digest header. Takes 1 to [`BATCH_MESSAGES_MAX`].
    ///
    /// A conditional message on a subject that an earlier message of the same batch is on is a mistake of the
    /// caller's and refused as [`LogError::Determinate`], like the other [`check::Mistake`]s.
    fn publish(
        &self,
        stream: Stream,
        messages: Vec<NewMessage>,
    ) -> impl Future<Output = Result<Published, LogError>> + Send;

    /// The last message of each subject that has one, by subject. Any number of subjects; order is free.
    fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> impl Future<Output = Result<BTreeMap<String, StoredMessage>, LogError>> + Send;

    /// The last message of each subject that `filter` matches, in the order of the stream: for whoever needs most of them,
    /// which takes a fraction of asking for each. `None` from a log that has no better way than [`Self::last_of`].
    ///
    /// What is published meanwhile comes behind them; a subject of which only the last message is kept may then be missing
    /// until its new one comes. A reading that breaks off fails, and is not taken up again.
    fn last_of_each(
        &self,
        _stream: Stream,
        _filter: String,
    ) -> impl Future<Output = Result<Option<Each<Self::Reader>>, LogError>> + Send {
        async { Ok(None) }
    }

    /// The message at a sequence, if it is there.
    fn get(
        &self,
        stream: Stream,
        sequence: u64,
    ) -> impl Future<Output = Result<Option<StoredMessage>, LogError>> + Send;

    /// The facts about a stream now.
    fn facts(&self, stream: Stream) -> impl Future<Output = Result<StreamFacts, LogError>> + Send;

    /// A reader that begins at `from_sequence`, for messages whose subject matches `filter` (`*` and `>` as in NATS).
    fn reader(
        &self,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> impl Future<Output = Result<Self::Reader, LogError>> + Send;

    /// Removes every message of a subject of [`Stream::Keys`] or [`Stream::Evidence`]: erasure. Other streams refuse.
    fn purge(&self, stream: Stream, subject: String) -> impl Future<Output = Result<u64, LogError>> + Send;
}

/// Reads a stream forward, in order, each message once.
pub trait LogReader: Send {
    /// The next messages, at most `max`. Waits up to `wait_ms_max` for the first; an empty answer means that nothing
    /// arrived in that time. What is there already is returned at once, not held back until `max` are there.
    ///
    /// A call that is given up half-way loses nothing: the next one returns what it would have returned.
    ///
    /// After an error the reader goes on behind the last message it returned, except after [`LogError::Unsuitable`]:
    /// the stream is no longer the one it was reading, being shorter or another.
    fn next(
        &mut self,
        max: usize,
        wait_ms_max: u64,
    ) -> impl Future<Output = Result<Vec<StoredMessage>, LogError>> + Send;
}
