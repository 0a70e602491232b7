//! One worker per feed: pure about *when*, asynchronous about *what*.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::delivery::{Counts, HoldReason};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_ingest::{IngestError, InputError, Report, Standing};
use ltr_ports::log::{Log, LogError};
use ltr_sources::RowsError;

use crate::book::Book;
use crate::caller::CallError;
use crate::shared::Shared;
use ltr_ports::rereads::QueueError;

/// Reads one feed.
pub trait Worker<L: Log>: Send + Sync {
    /// Which feed.
    fn feed(&self) -> Feed;

    /// When there is something to do next, as far as the book and earlier setbacks tell; an instant that has passed
    /// means now, `None` never. Decided by what is handed in alone, so that a year can be walked through.
    fn due(&self, now: Timestamp, book: &Book) -> Option<Timestamp>;

    /// Whether there is something to do that no schedule tells, such as a hint that waits.
    ///
    /// # Errors
    ///
    /// What the worker would look at cannot be read.
    fn is_asked<'a>(&'a self, now: Timestamp, book: &'a Book) -> BoxFuture<'a, Result<bool, ConnectError>> {
        let _ = (now, book);
        Box::pin(std::future::ready(Ok(false)))
    }

    /// Does what is due. The future may be dropped anywhere: whatever was begun is done again from the log.
    ///
    /// # Errors
    ///
    /// What stops the whole feed. What stops one part of it, such as a provider's token, is in the outcome.
    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>>;
}

/// What a run of a worker came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which feed.
    pub feed: Feed,
    /// When it began.
    pub began_at: Timestamp,
    /// Deliveries closed.
    pub deliveries: u32,
    /// Requests sent, repeated ones too.
    pub requests: u64,
    /// The sum over the deliveries.
    pub counts: Counts,
    /// Records that complete deliveries lacked.
    pub absent: u64,
    /// What could not be read, by part: it is tried again later, alone.
    pub failures: Vec<Failed>,
}

/// A part of a feed that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Which part.
    pub part: String,
    /// Why, with its causes.
    pub reason: String,
    /// When it is tried again.
    pub again_at: Timestamp,
}

impl Outcome {
    /// Nothing done so far.
    #[must_use]
    pub fn new(feed: Feed, began_at: Timestamp) -> Self {
        Self {
            feed,
            began_at,
            deliveries: 0,
            requests: 0,
            counts: Counts::default(),
            absent: 0,
            failures: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, report: &Report) {
        self.deliveries += 1;
        self.counts.add(&report.counts);
        self.absent += report.absent;
    }
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No answer that could be used.
    #[error(transparent)]
    Call(#[from] CallError),
    /// An answer that says no.
    #[error("{address} answers {status}: {meaning}")]
    Answer {
        /// Path and query.
        address: String,
        /// The status.
        status: u16,
        /// What it means to an operator.
        meaning: &'static str,
    },
    /// An answer without what it must have.
    #[error("{address} answers without {what}")]
    Shape {
        /// Path and query.
        address: String,
        /// What is missing.
        what: &'static str,
    },
    /// A body that is no text.
    #[error("the body of {address} cannot be read")]
    Body {
        /// Path and query.
        address: String,
        /// Why.
        #[source]
        source: RowsError,
    },
    /// A complete delivery would change more than it may: nothing of it was published.
    #[error("the delivery is {}: {}; see `ltr delivery show {delivery}`", told_standing(*standing), told_reasons(reasons))]
    Held {
        /// Under which it is on the log.
        delivery: DeliveryId,
        /// Whether an operator has looked at it.
        standing: Standing,
        /// Why.
        reasons: Vec<HoldReason>,
    },
    /// Ingest.
    #[error("the rows could not be delivered")]
    Ingest(#[from] IngestError),
    /// The log.
    #[error("the log could not be read")]
    Log(#[from] LogError),
    /// The queue of what to read again.
    #[error("the queue of TRNs to read again is out of order")]
    Queue(#[from] QueueError),
    /// A file that is not whole.
    #[error(transparent)]
    Input(InputError),
    /// The directory of extracts.
    #[error("the directory of extracts cannot be read")]
    Directory(#[source] std::io::Error),
}

fn told_standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "held",
        Standing::Rejected => "rejected",
    }
}

fn told_reasons(reasons: &[HoldReason]) -> String {
    let told: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    told.join(", ")
}

impl ConnectError {
    /// The error with its causes, on one line.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let text = error.to_string();
            if !line.ends_with(&text) {
                line.push_str(": ");
                line.push_str(&text);
            }
            cause = error.source();
        }
        line
    }

    /// What an answer that is neither a page nor passing means.
    pub(crate) fn answer(address: &str, status: u16) -> Self {
        let meaning = match status {
            401 => "the token is not, or no longer, known there",
            403 => "the token does not allow this",
            404 => "there is nothing under this address",
            422 => "it does not understand the question",
            _ => "nothing that is expected",
        };
        Self::Answer {
            address: address.to_owned(),
            status,
            meaning,
        }
    }
}

/// Parts of a feed that failed, and when each is tried again: after 1, 2, 4 … 30 minutes, or after six hours where its
/// delivery was held. In memory only: after a restart each is tried at once.
#[derive(Debug, Default)]
pub(crate) struct Setbacks(BTreeMap<String, (u32, Timestamp)>);

/// The longest pause after a failure.
const SETBACK_MINUTES_MAX: i64 = 30;

/// The pause after a delivery was held: six hours.
const HELD_MINUTES: i64 = 360;

impl Setbacks {
    /// When a part that is due then is really to be tried.
    pub(crate) fn delay(&self, part: &str, due: Timestamp) -> Timestamp {
        self.0.get(part).map_or(due, |(_, at)| due.max(*at))
    }

    /// Notes what became of a part: here, and in the outcome if it failed.
    pub(crate) fn settle(
        &mut self,
        part: &str,
        now: Timestamp,
        result: Result<(), ConnectError>,
        outcome: &mut Outcome,
    ) {
        match result {
            Ok(()) => {
                self.0.remove(part);
            }
            Err(error) => outcome.failures.push(Failed {
                part: part.to_owned(),
                reason: error.chain(),
                again_at: self.failed(part, now, &error),
            }),
        }
    }

    /// Notes a failure, and gives when the part is tried again. What is held waits for an operator, or for a source that
    /// is right again: neither comes by the minute.
    fn failed(&mut self, part: &str, now: Timestamp, error: &ConnectError) -> Timestamp {
        let entry = self.0.entry(part.to_owned()).or_insert((0, now));
        let minutes = match error {
            ConnectError::Held { .. } => HELD_MINUTES,
            ConnectError::Call(_)
            | ConnectError::Answer { .. }
            | ConnectError::Shape { .. }
            | ConnectError::Body { .. }
            | ConnectError::Input(_)
            | ConnectError::Ingest(_)
            | ConnectError::Log(_)
            | ConnectError::Queue(_)
            | ConnectError::Directory(_) => (1_i64 << entry.0.min(10)).min(SETBACK_MINUTES_MAX),
        };
        entry.0 += 1;
        entry.1 = now
            .checked_add(SignedDuration::from_mins(minutes))
            .unwrap_or(Timestamp::MAX);
        entry.1
    }
}
