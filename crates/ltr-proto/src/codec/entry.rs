//! What a message says, as domain values.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::delivery::{FeedMessage, Quarantined};
use ltr_domain::ids::{DeliveryId, Feed, RecordId};
use ltr_domain::judgement::Judgement;
use ltr_domain::observation::{MessageRef, Observation};
use ltr_domain::record::{KeyGroup, State};
use ltr_domain::time::{RecordedAt, TakenAt};

use crate::seal::Sealed;
use crate::subject::Subject;

/// One message of the stream LTR_EVENTS. `S` is `Option<State>` where states are read only if folding looks at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEntry<S = State> {
    /// A source record changed.
    Observation {
        /// What changed. Boxed: by far the largest.
        observation: Box<Observation<S>>,
        /// The personal values of its state, sealed.
        sealed: Vec<Sealed>,
    },
    /// A delivery goes on.
    Feed(FeedMessage),
    /// A row could not be mapped.
    Quarantined(Quarantined),
    /// Nothing was waiting to be published.
    Heartbeat {
        /// Until when the log is complete.
        at: Timestamp,
        /// What the publisher's clock said.
        recorded_at: RecordedAt,
    },
    /// A date of the calendar was reached.
    CalendarMilestone(CalendarMilestone),
    /// A policy is in force from here on.
    PolicyAdopted(PolicyAdopted),
    /// Personal values were erased.
    Erased(Erased),
    /// A rule or an operator judged who is one person.
    Judgement(Judgement),
    /// A message that only a newer version can read: to be stepped over, with a finding.
    Unrecognised {
        /// What the publisher's clock said; every version can read that.
        recorded_at: RecordedAt,
        /// Which part of the message is not known: message and field.
        field: &'static str,
        /// The number that is not known: of a field, or of an enum value.
        number: i32,
    },
}

/// A date of the academic year was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarMilestone {
    /// The milestone's name in the policy's calendar.
    pub milestone: String,
    /// The year it belongs to.
    pub year: i16,
    /// The civil date in London on which it falls.
    pub on: Date,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
}

/// A source-of-truth policy was adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyAdopted {
    /// The policy's own version.
    pub version: String,
    /// Its whole text.
    pub text: String,
    /// SHA-256 over the text.
    pub digest: [u8; 32],
    /// The adoption before this one.
    pub previous: Option<MessageRef>,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
}

/// Personal values of a record were erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Whose values.
    pub record: RecordId,
    /// Which groups, ascending.
    pub key_groups: Vec<KeyGroup>,
    /// Why. Names no person.
    pub reason: String,
    /// Who did it: a role or account.
    pub actor: String,
    /// The message before this one on the record's subject.
    pub previous: Option<MessageRef>,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
}

/// A row as received, less what may not be held: one message of the stream LTR_EVIDENCE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// The record under whose key the row is sealed.
    pub record: RecordId,
    /// Other records that the row speaks of.
    pub also: Vec<RecordId>,
    /// From which feed.
    pub feed: Feed,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// When the snapshot was taken at the source.
    pub taken_at: TakenAt,
    /// The version of the source's API that shaped the row.
    pub api_version: String,
    /// The version of the mapping that decided what may be held.
    pub mapping_version: u32,
    /// The row, sealed.
    pub row: Sealed,
}

impl<S> LogEntry<S> {
    /// What the publisher's clock said. Every message has it, even one that this version cannot read.
    #[must_use]
    pub fn recorded_at(&self) -> RecordedAt {
        match self {
            Self::Observation { observation, .. } => observation.recorded_at,
            Self::Feed(message) => message.recorded_at,
            Self::Quarantined(row) => row.recorded_at,
            Self::CalendarMilestone(milestone) => milestone.recorded_at,
            Self::PolicyAdopted(policy) => policy.recorded_at,
            Self::Erased(erased) => erased.recorded_at,
            Self::Judgement(judgement) => judgement.recorded_at,
            Self::Heartbeat { recorded_at, .. } | Self::Unrecognised { recorded_at, .. } => *recorded_at,
        }
    }

    /// The subject that the message belongs on; `None` for one that this version cannot read. A message found on
    /// another subject was put there by nobody who keeps the rules.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Observation { observation, .. } => Some(Subject::Record(observation.record.clone())),
            Self::Feed(message) => Some(Subject::Delivery(message.feed)),
            Self::Quarantined(row) => Some(Subject::Quarantine(row.feed)),
            Self::Heartbeat { at, .. } => Some(Subject::heartbeat(ltr_domain::time::london_date(*at).year())),
            Self::CalendarMilestone(CalendarMilestone { milestone, year, .. }) => Some(Subject::Calendar {
                milestone: milestone.clone(),
                year: *year,
            }),
            Self::PolicyAdopted(_) => Some(Subject::Policy),
            Self::Erased(erased) => Some(Subject::Record(erased.record.clone())),
            Self::Judgement(judgement) => Some(Subject::Identity(judgement.judged.subject().clone())),
            Self::Unrecognised { .. } => None,
        }
    }

    /// The message before this one on its subject, where its kind is chained.
    #[must_use]
    pub fn previous(&self) -> Option<MessageRef> {
        match self {
            Self::Observation { observation, .. } => observation.previous,
            Self::Feed(message) => message.previous,
            Self::PolicyAdopted(policy) => policy.previous,
            Self::Erased(erased) => erased.previous,
            Self::Judgement(judgement) => judgement.previous,
            Self::Quarantined(_)
            | Self::Heartbeat { .. }
            | Self::CalendarMilestone(_)
            | Self::Unrecognised { .. } => None,
        }
    }
}
