//! Why a delivery cannot go on. Errors name files, pages and subjects, never a personal value.

use ltr_domain::ids::Feed;
use ltr_ports::log::LogError;
use ltr_proto::codec::DecodeError;
use ltr_proto::seal::SealError;

use crate::config::InputError;

/// Why a delivery cannot go on. What it published stays, and a new run of the same rows takes up from there.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Something happened at a page.
    #[error("page {page} ({place}) of {feed} was not settled")]
    Page {
        /// Which feed.
        feed: Feed,
        /// The page's number.
        page: u32,
        /// The file and place of its first row.
        place: String,
        /// What happened.
        #[source]
        source: Box<IngestError>,
    },
    /// The log could not be read or written.
    #[error("the log failed while {doing}")]
    Log {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: LogError,
    },
    /// Others keep getting in first.
    #[error("others kept publishing on what this page is about: given up after {refusals} refusals")]
    Contended {
        /// How often a batch of the page was refused.
        refusals: u32,
    },
    /// A record's state was made by another version of the mapping: comparing would find false changes.
    #[error(
        "{subject} was last mapped by version {found}, this is version {own}: map its evidence again first"
    )]
    OtherMapping {
        /// Whose state.
        subject: String,
        /// The version that made it.
        found: u32,
        /// Our version.
        own: u32,
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
    /// A message on a feed's subject that no version writes.
    #[error("message {sequence} on {subject} cannot be read")]
    Unreadable {
        /// The subject.
        subject: String,
        /// The message.
        sequence: u64,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// A message that another refers to, or that a cursor stood on, is not there.
    #[error("message {sequence} on {subject} is gone or not what it was: was the log cut or replaced?")]
    Rewritten {
        /// The subject.
        subject: String,
        /// The message.
        sequence: u64,
    },
    /// A message on a feed's subject that only a newer version can read.
    #[error("message {sequence} on {subject} was written by a newer version")]
    Newer {
        /// The subject.
        subject: String,
        /// The message.
        sequence: u64,
    },
    /// The rows broke off.
    #[error("the delivery stays open: its rows broke off")]
    Input(#[from] InputError),
}

impl IngestError {
    /// An error of the log, met while doing something.
    pub(crate) fn log(doing: &'static str) -> impl Fn(LogError) -> Self {
        move |source| Self::Log { doing, source }
    }
}
