//! What a caller may ask of a log; every implementation refuses the rest in the same words, before anything is sent.

use std::collections::BTreeSet;

use super::{BATCH_MESSAGES_MAX, LogError, NewMessage, Stream};

/// A caller's mistake. It names no subject: that may tell whom the message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// A batch without messages.
    #[error("there is nothing to publish")]
    NothingToPublish,
    /// More messages than one atomic batch takes.
    #[error("{0} messages are more than the {BATCH_MESSAGES_MAX} of one batch")]
    TooMany(usize),
    /// A subject with wildcards or gaps, or of another stream.
    #[error("a subject is not one of this stream's")]
    ForeignSubject,
    /// A message has an expected sequence, and an earlier one of the batch is on its subject: the server cannot check
    /// that (error 10164).
    #[error("a conditional message follows another on its subject in one batch")]
    ConditionedLate,
    /// A purge of a stream that nothing is ever removed from.
    #[error("nothing is ever removed from this stream")]
    NotErasable,
}

impl Mistake {
    /// As the error of an attempt: it certainly did not happen.
    #[must_use]
    pub fn of(self, attempted: &'static str, stream: Stream) -> LogError {
        LogError::Determinate {
            attempted,
            stream,
            source: Box::new(self),
        }
    }
}

/// Checks a batch for [`super::Log::publish`].
pub fn publish(stream: Stream, messages: &[NewMessage]) -> Result<(), Mistake> {
    if messages.is_empty() {
        return Err(Mistake::NothingToPublish);
    }
    if messages.len() > BATCH_MESSAGES_MAX {
        return Err(Mistake::TooMany(messages.len()));
    }
    if !messages.iter().all(|message| stream.takes(&message.subject)) {
        return Err(Mistake::ForeignSubject);
    }
    let mut seen = BTreeSet::new();
    for message in messages {
        let is_first = seen.insert(message.subject.as_str());
        if message.expected_last.is_some() && !is_first {
            return Err(Mistake::ConditionedLate);
        }
    }
    Ok(())
}

/// Checks a purge for [`super::Log::purge`].
pub fn purge(stream: Stream, subject: &str) -> Result<(), Mistake> {
    match stream {
        Stream::Events => Err(Mistake::NotErasable),
        Stream::Evidence | Stream::Keys if stream.takes(subject) => Ok(()),
        Stream::Evidence | Stream::Keys => Err(Mistake::ForeignSubject),
    }
}
