//! Deliveries: one run of a feed, made of pages. What was seen, what was absent and where a feed got to is in them.

use std::collections::BTreeMap;

use crate::ids::{DeliveryId, Feed, RecordId};
use crate::observation::{MessageDigest, MessageRef};
use crate::time::{ObservedAt, RecordedAt, TakenAt};

/// What part of a feed a delivery speaks for, such as `provider=10000571, cycle=2026`. Empty: the whole feed.
pub type Scope = BTreeMap<String, String>;

/// Whether what is absent from a delivery is absent from its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Completeness {
    /// Every record of the scope is in it.
    Complete,
    /// Some records; absence says nothing.
    Partial,
}

/// A message on a feed's subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMessage {
    /// Which feed.
    pub feed: Feed,
    /// Which delivery.
    pub delivery: DeliveryId,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// The message before this one on the feed's subject.
    pub previous: Option<MessageRef>,
    /// The last message of the gate before this one on the feed's subject; see [`DeliveryStep::is_of_the_gate`].
    pub gate: Option<MessageRef>,
    /// What it says.
    pub step: DeliveryStep,
}

impl FeedMessage {
    /// The last message of the gate up to and including this one, which stands at that place.
    #[must_use]
    pub fn gate_from(&self, place: MessageRef) -> Option<MessageRef> {
        if self.step.is_of_the_gate() {
            Some(place)
        } else {
            self.gate
        }
    }
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryStep {
    /// It began.
    Opened {
        /// What it speaks for.
        scope: Scope,
        /// Whether absence from it means anything.
        completeness: Completeness,
        /// When the snapshot was taken at the source.
        taken_at: TakenAt,
        /// What was handed over: file names without folders, or page addresses without secrets.
        manifest: Vec<String>,
    },
    /// One page of it was settled, in one atomic batch with this message at its end.
    PageRecorded(PageRecorded),
    /// It ended.
    Closed {
        /// The sum over its pages.
        counts: Counts,
        /// Records of its scope that the previous complete delivery had and this one lacks; only for complete ones.
        absent: Vec<RecordId>,
        /// The decision that let it pass outside its bounds, and that is used up by it.
        permit: Option<MessageRef>,
    },
    /// It was judged before anything of it was published, and is held back.
    Held(DeliveryHeld),
    /// An operator decided on one that is held.
    Decided(DeliveryDecided),
    /// Rows in quarantine were driven again and are good, or an operator wants to hear no more of them.
    Released(RowsReleased),
}

impl DeliveryStep {
    /// Whether the gate must remember it: a delivery held, a decision on one, or one closed under a permit.
    #[must_use]
    pub fn is_of_the_gate(&self) -> bool {
        match self {
            Self::Held(_) | Self::Decided(_) => true,
            Self::Closed { permit, .. } => permit.is_some(),
            Self::Opened { .. } | Self::PageRecorded(_) | Self::Released(_) => false,
        }
    }
}

/// That rows in quarantine wait no more, until they are seen again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsReleased {
    /// Which, by id: ascending, each once, not empty.
    pub rows: Vec<String>,
    /// Who released them by hand: the name of a role or account, never of a person. Empty: they were driven again.
    pub actor: String,
    /// Why, where it was done by hand. Names no person.
    pub reason: String,
}

/// The name in a scope by which a delivery says that its rows are those of an earlier one, driven again out of the
/// quarantine. Its value is that delivery's id. So no feed seems to have been read when it was not.
pub const REDRIVEN: &str = "redriven";

/// Whether a delivery of this scope drives rows of the quarantine again.
#[must_use]
pub fn is_redrive(scope: &Scope) -> bool {
    scope.contains_key(REDRIVEN)
}

/// A complete delivery left its bounds: nothing of it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHeld {
    /// What it speaks for.
    pub scope: Scope,
    /// When the snapshot was taken at the source.
    pub taken_at: TakenAt,
    /// What was handed over: file names without folders, or page addresses without secrets.
    pub manifest: Vec<String>,
    /// What it would have changed.
    pub comparison: Comparison,
    /// Why it is held; not empty, each cause once, ascending.
    pub reasons: Vec<HoldReason>,
    /// Names its rows whatever their order.
    pub fingerprint: Fingerprint,
}

/// Names the rows of a delivery of one scope, whatever their order. A digest under the key-encryption key, because rows
/// are personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// What a complete delivery would change, beside the complete delivery of the same scope before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Rows read.
    pub rows: u64,
    /// Records in the complete delivery before it; `None`: there is none.
    pub expected: Option<u64>,
    /// Records never observed before.
    pub added: u64,
    /// Records that look otherwise than they did.
    pub changed: u64,
    /// Records as they were.
    pub unchanged: u64,
    /// Records not newer than what is known.
    pub superseded: u64,
    /// Records that the complete delivery before it had and this one lacks.
    pub absent: u64,
    /// Rows that cannot be mapped.
    pub quarantined: u64,
}

/// Which bound a delivery left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldCause {
    /// It has no rows, although the one before it had, or although it is the first.
    Empty,
    /// A complete delivery of a later snapshot of its scope is on the log.
    Stale,
    /// Too many records are new.
    Added,
    /// Too many records look otherwise.
    Changed,
    /// Too many records are missing.
    Absent,
    /// Too many rows cannot be mapped.
    Quarantined,
}

impl HoldCause {
    /// Every cause, ascending.
    pub const ALL: [Self; 6] = [
        Self::Empty,
        Self::Stale,
        Self::Added,
        Self::Changed,
        Self::Absent,
        Self::Quarantined,
    ];

    /// Its name in JSON and in the store.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Stale => "stale",
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Absent => "absent",
            Self::Quarantined => "quarantined",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.token() == token)
    }
}

/// Why a delivery is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldReason {
    /// Which bound it left.
    pub cause: HoldCause,
    /// How many were found; nought where nothing is counted.
    pub found: u64,
    /// How many were allowed; nought where nothing is counted.
    pub most: u64,
}

impl std::fmt::Display for HoldReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cause, found, most } = self;
        match cause {
            HoldCause::Empty => f.write_str("it has no rows"),
            HoldCause::Stale => f.write_str("a later snapshot of its scope is on the log"),
            HoldCause::Added => write!(f, "{found} records are new, and at most {most} may be"),
            HoldCause::Changed => write!(f, "{found} records changed, and at most {most} may"),
            HoldCause::Absent => write!(f, "{found} records are missing, and at most {most} may be"),
            HoldCause::Quarantined => {
                write!(f, "{found} rows cannot be mapped, and at most {most} may be so")
            }
        }
    }
}

/// What an operator says of a delivery that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryDecision {
    /// A permit: the same rows pass, and once other rows of the scope that change no more.
    Approve,
    /// The same rows are refused whenever they come.
    Reject,
}

impl DeliveryDecision {
    /// Its name in JSON and in the store.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        [Self::Approve, Self::Reject]
            .into_iter()
            .find(|decision| decision.token() == token)
    }
}

/// That an operator decided on a delivery that is held. The last decision on the same rows counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryDecided {
    /// The message by which it was held.
    pub held: MessageRef,
    /// What is decided.
    pub decision: DeliveryDecision,
    /// Who decided: the name of a role or account, never of a person.
    pub actor: String,
    /// Why. Names no person.
    pub reason: String,
}

/// That a page was settled: the feed's cursor, its fence and its sightings in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRecorded {
    /// The number of the page in its delivery, from 1.
    pub page: u32,
    /// Where the feed got to: opaque to all but the feed's reader.
    pub cursor: String,
    /// When the snapshot was taken.
    pub taken_at: TakenAt,
    /// When the page was read.
    pub observed_at: ObservedAt,
    /// Every record seen in the page, changed or not, sorted.
    pub seen: Vec<RecordId>,
    /// How many of what.
    pub counts: Counts,
    /// SHA-256 over the digests of the batch's other messages in order: binds the page's observations and quarantine
    /// messages to the feed's chain.
    pub batch_digest: MessageDigest,
    /// Upstream fields this version does not know, and how often each occurred (T20). Names only.
    pub unknown_fields: BTreeMap<String, u64>,
}

/// How many rows met which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Records unchanged.
    pub unchanged: u64,
    /// Observations published.
    pub observations: u64,
    /// Events in them.
    pub events: u64,
    /// Rows or records not newer than what was known: no event.
    pub superseded: u64,
    /// Rows put into quarantine.
    pub quarantined: u64,
}

impl Counts {
    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.unchanged += other.unchanged;
        self.observations += other.observations;
        self.events += other.events;
        self.superseded += other.superseded;
        self.quarantined += other.quarantined;
    }
}

/// A row that could not be mapped. It stops only itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Names the row: hex of the first 16 bytes of SHA-256 over the feed and the row; the same bad row again has the same id.
    pub id: String,
    /// Which feed.
    pub feed: Feed,
    /// In which delivery.
    pub delivery: DeliveryId,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// A code from the list in `docs/quarantine-codes.md`, such as `trn_wrong_length`.
    pub code: String,
    /// What is wrong, without any value of the row.
    pub reason: String,
    /// Where it was: file and line, or file and position.
    pub place: String,
    /// The sealed row, where it is kept.
    pub evidence: Option<MessageRef>,
    /// The record that the row is named after, where its key can be read.
    pub record: Option<RecordId>,
    /// How long the row is, in bytes of JSON; `None`: it could not be parsed, or the message is from before rows were kept.
    pub row_bytes: Option<u64>,
    /// When the snapshot was taken that the row is of; `None`: the message is from before rows were kept.
    pub taken_at: Option<TakenAt>,
}
