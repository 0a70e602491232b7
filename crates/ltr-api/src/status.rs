//! Why a request is refused, and the one place where that becomes a gRPC status.
//!
//! Clients get a code, a reason and what they can act on; causes are logged, never sent. Nothing here carries a
//! personal value.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use ltr_domain::ids::IdError;
use ltr_domain::time::KnownAt;
use ltr_ports::log::LogError;
use ltr_ports::store::StoreError;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The reasons in `google.rpc.ErrorInfo`: what clients may branch on.
pub mod reason {
    /// `ErrorInfo.domain` of every reason.
    pub const DOMAIN: &str = "ltr.record.v1";
    /// INVALID_ARGUMENT: the id is not one; the field violation says why.
    pub const INVALID_ID: &str = "INVALID_ID";
    /// INVALID_ARGUMENT: some other field cannot be read; the field violation says which.
    pub const INVALID_FIELD: &str = "INVALID_FIELD";
    /// NOT_FOUND: nobody is known by the id, or was by then.
    pub const TEACHER_NOT_FOUND: &str = "TEACHER_NOT_FOUND";
    /// NOT_FOUND: there is no delivery of the id.
    pub const DELIVERY_NOT_FOUND: &str = "DELIVERY_NOT_FOUND";
    /// FAILED_PRECONDITION: `known_at` lies beyond what is projected. Metadata: `watermark`, `lag` (seconds).
    pub const KNOWN_AT_BEYOND_WATERMARK: &str = "KNOWN_AT_BEYOND_WATERMARK";
    /// FAILED_PRECONDITION: a consistency token lies beyond what is projected. Metadata: `lag` (messages).
    pub const TOKEN_BEYOND_WATERMARK: &str = "TOKEN_BEYOND_WATERMARK";
    /// FAILED_PRECONDITION: the token, or the log, is not of the log that the store was projected from.
    pub const DIVERGED: &str = "DIVERGED";
    /// FAILED_PRECONDITION: personal values were asked for, and this service does not have the key that opens them.
    pub const KEYS_NOT_CONFIGURED: &str = "KEYS_NOT_CONFIGURED";
    /// FAILED_PRECONDITION: what is asked for would have no effect; the message says why.
    pub const NO_EFFECT: &str = "NO_EFFECT";
    /// ABORTED: somebody else decides about the same records at the same time; try again.
    pub const BUSY: &str = "BUSY";
    /// UNAVAILABLE: the store could not be read; try again.
    pub const STORE_UNAVAILABLE: &str = "STORE_UNAVAILABLE";
    /// UNAVAILABLE: the log could not be read; try again.
    pub const LOG_UNAVAILABLE: &str = "LOG_UNAVAILABLE";
    /// INTERNAL: what is stored cannot be read; trying again does not help.
    pub const STORED_DATA_UNREADABLE: &str = "STORED_DATA_UNREADABLE";
    /// DEADLINE_EXCEEDED: the request took longer than this service allows.
    pub const REQUEST_TIMED_OUT: &str = "REQUEST_TIMED_OUT";
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{field} is not an id: {error}")]
    InvalidId { field: String, error: IdError },
    #[error("{field}: {problem}")]
    InvalidField { field: &'static str, problem: String },
    #[error("nobody is known by this id")]
    NotFound,
    #[error("nothing was known by then of whom this id names")]
    NotFoundByThen,
    #[error("there is no delivery of this id")]
    NoSuchDelivery,
    #[error("known_at lies beyond what is projected, {}", watermark_text(*.watermark))]
    KnownAtBeyondWatermark {
        known_at: KnownAt,
        watermark: Option<KnownAt>,
    },
    #[error("the consistency token lies {messages} messages beyond what is projected")]
    TokenBeyondWatermark { messages: u64 },
    #[error("not of the log that these answers were projected from")]
    Diverged,
    #[error("this service does not have the key that opens personal values")]
    KeysNotConfigured,
    #[error("{why}")]
    NoEffect { why: &'static str },
    #[error("somebody else decides about the same records; try again")]
    Busy,
    #[error("the store could not be read")]
    Store(#[from] StoreError),
    #[error("the log could not be read")]
    Log(#[from] LogError),
    #[error("what is stored cannot be read")]
    Unreadable {
        /// What, such as `person.view`.
        what: &'static str,
        /// Of which row or message: never personal.
        of: String,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    #[error("the request took longer than {ms_max} ms")]
    TimedOut { ms_max: u64 },
}

fn watermark_text(watermark: Option<KnownAt>) -> String {
    match watermark {
        Some(known_at) => format!("which is up to {known_at}"),
        None => "which is nothing yet".to_owned(),
    }
}

impl Refusal {
    pub(crate) fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Self::InvalidField {
            field,
            problem: problem.into(),
        }
    }

    pub(crate) fn precondition(why: &'static str) -> Self {
        Self::NoEffect { why }
    }

    /// Whether it is about the id asked for, and so no reason to fail a batch.
    pub(crate) fn is_about_the_id(&self) -> bool {
        match self {
            Self::InvalidId { .. } | Self::NotFound | Self::NotFoundByThen => true,
            Self::NoSuchDelivery
            | Self::InvalidField { .. }
            | Self::KnownAtBeyondWatermark { .. }
            | Self::TokenBeyondWatermark { .. }
            | Self::Diverged
            | Self::KeysNotConfigured
            | Self::NoEffect { .. }
            | Self::Busy
            | Self::Store(_)
            | Self::Log(_)
            | Self::Unreadable { .. }
            | Self::TimedOut { .. } => false,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::InvalidId { .. } | Self::InvalidField { .. } => Code::InvalidArgument,
            Self::NotFound | Self::NotFoundByThen | Self::NoSuchDelivery => Code::NotFound,
            Self::KnownAtBeyondWatermark { .. }
            | Self::TokenBeyondWatermark { .. }
            | Self::Diverged
            | Self::NoEffect { .. }
            | Self::KeysNotConfigured => Code::FailedPrecondition,
            Self::Busy => Code::Aborted,
            Self::Store(StoreError::Unreadable { .. }) | Self::Unreadable { .. } => Code::Internal,
            Self::Store(_) | Self::Log(_) => Code::Unavailable,
            Self::TimedOut { .. } => Code::DeadlineExceeded,
        }
    }

    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::InvalidId { .. } => reason::INVALID_ID,
            Self::InvalidField { .. } => reason::INVALID_FIELD,
            Self::NotFound | Self::NotFoundByThen => reason::TEACHER_NOT_FOUND,
            Self::NoSuchDelivery => reason::DELIVERY_NOT_FOUND,
            Self::KnownAtBeyondWatermark { .. } => reason::KNOWN_AT_BEYOND_WATERMARK,
            Self::TokenBeyondWatermark { .. } => reason::TOKEN_BEYOND_WATERMARK,
            Self::Diverged => reason::DIVERGED,
            Self::KeysNotConfigured => reason::KEYS_NOT_CONFIGURED,
            Self::NoEffect { .. } => reason::NO_EFFECT,
            Self::Busy => reason::BUSY,
            Self::Store(StoreError::Unreadable { .. }) | Self::Unreadable { .. } => {
                reason::STORED_DATA_UNREADABLE
            }
            Self::Store(_) => reason::STORE_UNAVAILABLE,
            Self::Log(_) => reason::LOG_UNAVAILABLE,
            Self::TimedOut { .. } => reason::REQUEST_TIMED_OUT,
        }
    }

    fn metadata(&self) -> HashMap<String, String> {
        match self {
            Self::KnownAtBeyondWatermark { known_at, watermark } => {
                let since = watermark.map_or(Timestamp::UNIX_EPOCH, |watermark| watermark.0);
                let lag = known_at.0.duration_since(since).as_secs();
                let watermark = watermark.map(|watermark| ("watermark".to_owned(), watermark.to_string()));
                watermark
                    .into_iter()
                    .chain([("lag".to_owned(), lag.to_string())])
                    .collect()
            }
            Self::TokenBeyondWatermark { messages } => {
                HashMap::from([("lag".to_owned(), messages.to_string())])
            }
            Self::InvalidId { .. }
            | Self::InvalidField { .. }
            | Self::NotFound
            | Self::NotFoundByThen
            | Self::NoSuchDelivery
            | Self::Diverged
            | Self::KeysNotConfigured
            | Self::NoEffect { .. }
            | Self::Busy
            | Self::Store(_)
            | Self::Log(_)
            | Self::Unreadable { .. }
            | Self::TimedOut { .. } => HashMap::new(),
        }
    }

    /// Logs what an operator must know of it: what the caller did wrong is no matter of ours.
    fn log(&self, method: &'static str) {
        let reason = self.reason();
        match self {
            Self::Unreadable { what, of, .. } => {
                tracing::error!(
                    method,
                    reason,
                    what,
                    of,
                    cause = chain(self),
                    "stored data cannot be read"
                );
            }
            Self::Store(StoreError::Unreadable { .. }) => {
                tracing::error!(method, reason, cause = chain(self), "stored data cannot be read");
            }
            Self::Store(_) | Self::Log(_) | Self::TimedOut { .. } => {
                tracing::warn!(
                    method,
                    reason,
                    cause = chain(self),
                    "a request could not be answered"
                );
            }
            Self::InvalidId { .. }
            | Self::InvalidField { .. }
            | Self::NotFound
            | Self::NotFoundByThen
            | Self::NoSuchDelivery
            | Self::KnownAtBeyondWatermark { .. }
            | Self::TokenBeyondWatermark { .. }
            | Self::Diverged
            | Self::NoEffect { .. }
            | Self::Busy
            | Self::KeysNotConfigured => tracing::debug!(method, reason, "a request was refused"),
        }
    }

    /// The status that the caller gets. Logs the cause.
    pub(crate) fn into_status(self, method: &'static str) -> Status {
        self.log(method);
        let mut details = ErrorDetails::with_error_info(self.reason(), reason::DOMAIN, self.metadata());
        match &self {
            Self::InvalidId { field, error } => {
                details.add_bad_request_violation(field, error.to_string());
            }
            Self::InvalidField { field, problem } => {
                details.add_bad_request_violation(*field, problem);
            }
            Self::Store(_) | Self::Log(_) if self.code() == Code::Unavailable => {
                details.set_retry_info(Some(RETRY_DELAY));
            }
            Self::NotFound
            | Self::NotFoundByThen
            | Self::NoSuchDelivery
            | Self::KnownAtBeyondWatermark { .. }
            | Self::TokenBeyondWatermark { .. }
            | Self::Diverged
            | Self::KeysNotConfigured
            | Self::NoEffect { .. }
            | Self::Busy
            | Self::Store(_)
            | Self::Log(_)
            | Self::Unreadable { .. }
            | Self::TimedOut { .. } => {}
        }
        Status::with_error_details(self.code(), self.to_string(), details)
    }
}

/// After which a client may try again.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// The causes beneath an error, outermost first.
fn chain(error: &dyn Error) -> String {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests;
