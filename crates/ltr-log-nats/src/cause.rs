//! Why the server did not do what it was asked to, and whether that is certain.

use std::time::Duration;

use ltr_ports::log::{LogError, Stream};

/// Why an attempt failed; the `source` of the [`LogError`]s made here.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Nothing was sent: there was no connection for a while.
    #[error("there is no connection to the server")]
    NotConnected,
    /// Nothing that counts was sent: the client refused it, being too large, say.
    #[error("the client could not send it")]
    Unsent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke between sending and answer.
    #[error("the connection broke before the answer")]
    ConnectionLost,
    /// No answer came.
    #[error("no answer came within {0:?}")]
    TimedOut(Duration),
    /// The server knows nobody who would answer.
    #[error(
        "nobody answers there: JetStream is off, the stream is gone or without a leader, or we lack permission"
    )]
    NoResponder,
    /// The server answered that it did not.
    #[error("the server answered {code}: {description}")]
    Server {
        /// As in HTTP: 4xx blames us, 5xx the server.
        status: u64,
        /// JetStream's error code, such as 10071.
        code: u64,
        /// JetStream's words.
        description: String,
    },
    /// The server answered something we do not understand.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(&'static str),
}

impl Cause {
    /// Whether a write that ended so certainly had no effect. What is not known to be certain is not.
    #[must_use]
    pub fn certainly_nothing(&self) -> bool {
        match self {
            Self::NotConnected | Self::Unsent(_) => true,
            Self::Server { status, .. } => (400..500).contains(status),
            Self::ConnectionLost | Self::TimedOut(_) | Self::NoResponder | Self::Unreadable(_) => false,
        }
    }

    /// The error of a write.
    pub(crate) fn of_write(self, attempted: &'static str, stream: Stream) -> LogError {
        if self.certainly_nothing() {
            LogError::Determinate {
                attempted,
                stream,
                source: Box::new(self),
            }
        } else {
            LogError::Indeterminate {
                attempted,
                stream,
                source: Box::new(self),
            }
        }
    }

    /// The error of a read, which has no effect to be unsure of.
    pub(crate) fn of_read(self, attempted: &'static str, stream: Stream) -> LogError {
        LogError::Determinate {
            attempted,
            stream,
            source: Box::new(self),
        }
    }
}
