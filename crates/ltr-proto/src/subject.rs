//! The subjects of the log: built from and read back into what they name. Building is injective.

use std::fmt;

use ltr_domain::ids::{Feed, RecordId, RecordKind, decode_key_token, encode_key_token};

use crate::seal::RowName;

/// The milestone under which heartbeats are published.
pub const HEARTBEAT: &str = "heartbeat";

/// What stands in place of a source where a subject names a row in quarantine. No source is called so.
const ROWS: &str = "quarantine.";

/// What a subject names. Displays as the subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Observations of a source record: `ltr.record.<source>.<kind>.<key>`.
    Record(RecordId),
    /// Deliveries and pages of a feed: `ltr.delivery.<source>.<feed>`.
    Delivery(Feed),
    /// Judgements on the identity of a source record: `ltr.identity.<source>.<kind>.<key>`.
    Identity(RecordId),
    /// Rows of a feed that could not be mapped: `ltr.quarantine.<source>.<feed>`.
    Quarantine(Feed),
    /// Adopted policies: `ltr.policy`.
    Policy,
    /// The passing of time: `ltr.calendar.<milestone>.<year>`.
    Calendar {
        /// The milestone's name, or [`HEARTBEAT`]. Not empty.
        milestone: String,
        /// The year it belongs to.
        year: i16,
    },
    /// Sealed rows of a source record: `ltr.evidence.<source>.<kind>.<key>`.
    Evidence(RecordId),
    /// Wrapped keys of a source record: `ltr.key.<source>.<kind>.<key>`.
    Key(RecordId),
    /// A row kept in quarantine, sealed: `ltr.evidence.quarantine.<source>.<feed>.<row>`.
    KeptRow(RowName),
    /// The wrapped key of a row kept in quarantine: `ltr.key.quarantine.<source>.<feed>.<row>`.
    RowKey(RowName),
}

/// A text that is not a subject of the log. Never carries the text: a foreign subject may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// Its first tokens are none of ours.
    #[error("subject of no known family")]
    Family,
    /// The source record or feed in it cannot be read.
    #[error("subject of family {family} names nothing that can be read")]
    Name {
        /// The family, such as `ltr.record`.
        family: &'static str,
    },
}

/// The filter that matches [`Subject::Record`] of every record of a kind, and nothing else.
#[must_use]
pub fn every_record(kind: RecordKind) -> String {
    format!("ltr.record.{}.{}.*", kind.source().token(), kind.token())
}

/// The filter that matches [`Subject::Key`] of every record of a kind, and nothing else.
#[must_use]
pub fn every_key(kind: RecordKind) -> String {
    format!("ltr.key.{}.{}.*", kind.source().token(), kind.token())
}

impl Subject {
    /// Reads a subject. Only what [`fmt::Display`] writes is read, and `parse(build(x))` is `x`.
    ///
    /// # Errors
    ///
    /// A text that is not a subject of the log.
    pub fn parse(text: &str) -> Result<Self, SubjectError> {
        if text == "ltr.policy" {
            return Ok(Self::Policy);
        }
        let rest = text.strip_prefix("ltr.").ok_or(SubjectError::Family)?;
        let (family, tail) = rest.split_once('.').ok_or(SubjectError::Family)?;
        match family {
            "record" => record(tail, "ltr.record").map(Self::Record),
            "identity" => record(tail, "ltr.identity").map(Self::Identity),
            "evidence" => match tail.strip_prefix(ROWS) {
                Some(tail) => row(tail, "ltr.evidence").map(Self::KeptRow),
                None => record(tail, "ltr.evidence").map(Self::Evidence),
            },
            "key" => match tail.strip_prefix(ROWS) {
                Some(tail) => row(tail, "ltr.key").map(Self::RowKey),
                None => record(tail, "ltr.key").map(Self::Key),
            },
            "delivery" => feed(tail, "ltr.delivery").map(Self::Delivery),
            "quarantine" => feed(tail, "ltr.quarantine").map(Self::Quarantine),
            "calendar" => calendar(tail).ok_or(SubjectError::Name {
                family: "ltr.calendar",
            }),
            _ => Err(SubjectError::Family),
        }
    }

    /// The subject of heartbeats of a year.
    #[must_use]
    pub fn heartbeat(year: i16) -> Self {
        Self::Calendar {
            milestone: HEARTBEAT.to_owned(),
            year,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(record) => write!(f, "ltr.record.{}", record.subject_tail()),
            Self::Identity(record) => write!(f, "ltr.identity.{}", record.subject_tail()),
            Self::Evidence(record) => write!(f, "ltr.evidence.{}", record.subject_tail()),
            Self::Key(record) => write!(f, "ltr.key.{}", record.subject_tail()),
            Self::KeptRow(name) => write!(f, "ltr.evidence.{}", row_tail(name)),
            Self::RowKey(name) => write!(f, "ltr.key.{}", row_tail(name)),
            Self::Delivery(feed) => write!(f, "ltr.delivery.{}.{}", feed.source().token(), feed.token()),
            Self::Quarantine(feed) => write!(f, "ltr.quarantine.{}.{}", feed.source().token(), feed.token()),
            Self::Policy => f.write_str("ltr.policy"),
            Self::Calendar { milestone, year } => {
                write!(f, "ltr.calendar.{}.{year}", encode_key_token(milestone))
            }
        }
    }
}

fn record(tail: &str, family: &'static str) -> Result<RecordId, SubjectError> {
    RecordId::from_subject_tail(tail)
        .filter(|record| !record.key.is_empty())
        .ok_or(SubjectError::Name { family })
}

fn row_tail(name: &RowName) -> String {
    let RowName { feed, row } = name;
    format!(
        "{ROWS}{}.{}.{}",
        feed.source().token(),
        feed.token(),
        encode_key_token(row)
    )
}

fn row(tail: &str, family: &'static str) -> Result<RowName, SubjectError> {
    let unnamed = SubjectError::Name { family };
    let (of_feed, token) = tail.rsplit_once('.').ok_or(unnamed)?;
    let row = decode_key_token(token)
        .filter(|row| !row.is_empty())
        .ok_or(unnamed)?;
    let feed = feed(of_feed, family)?;
    Ok(RowName { feed, row })
}

fn feed(tail: &str, family: &'static str) -> Result<Feed, SubjectError> {
    tail.split_once('.')
        .and_then(|(source, feed)| Feed::from_tokens(source, feed))
        .ok_or(SubjectError::Name { family })
}

fn calendar(tail: &str) -> Option<Subject> {
    let (token, year_text) = tail.split_once('.')?;
    let milestone = decode_key_token(token).filter(|milestone| !milestone.is_empty())?;
    let year: i16 = year_text.parse().ok()?;
    // Only one spelling of a year is a subject: `+2026` and `02026` would be other subjects for the same thing.
    (year.to_string() == year_text).then_some(Subject::Calendar { milestone, year })
}

#[cfg(test)]
mod tests;
