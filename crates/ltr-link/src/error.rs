//! Why the role cannot go on. Errors name subjects, never a personal value.

use ltr_ports::log::LogError;
use ltr_proto::codec::DecodeError;
use ltr_proto::seal::SealError;

/// Why the role cannot go on. What it published stays, and a new run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The log could not be read or written.
    #[error("the log failed while {doing}")]
    Log {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: LogError,
    },
    /// A record's keys cannot be unwrapped with the key-encryption key given.
    #[error("the keys of {subject} cannot be unwrapped")]
    Keys {
        /// The subject of the keys.
        subject: String,
        /// Why.
        #[source]
        source: SealError,
    },
    /// The last message of a simulated log, which tells its time, cannot be read.
    #[error("the log's last message, {sequence}, cannot be read")]
    Unreadable {
        /// The message.
        sequence: u64,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// Others keep getting in first.
    #[error("others kept publishing on the same records: given up after {attempts} attempts")]
    Contended {
        /// How often a batch was not stored.
        attempts: u32,
    },
}

impl LinkError {
    /// An error of the log, met while doing something.
    pub(crate) fn log(doing: &'static str) -> impl Fn(LogError) -> Self {
        move |source| Self::Log { doing, source }
    }
}
