//! Judgements on identity as they stand on the log: matches that a rule proposes or asserts, decisions of operators on a
//! pair, requests to join or to split and the answers to them. What they amount to is folded in [`crate::identity`].

use std::collections::BTreeSet;
use std::fmt;

use crate::ids::RecordId;
use crate::observation::MessageRef;
use crate::time::RecordedAt;

/// Two different source records, in the order of their ids: whoever judges them, and from whichever end, it is one pair.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    lesser: RecordId,
    greater: RecordId,
}

impl Pair {
    /// The pair of two records; `None`: they are one.
    #[must_use]
    pub fn of(one: RecordId, other: RecordId) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some(Self {
                lesser: one,
                greater: other,
            }),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Self {
                lesser: other,
                greater: one,
            }),
        }
    }

    /// The lesser record: the pair's subject on the log is its.
    #[must_use]
    pub fn lesser(&self) -> &RecordId {
        &self.lesser
    }

    /// The greater record.
    #[must_use]
    pub fn greater(&self) -> &RecordId {
        &self.greater
    }

    /// Both, the lesser first.
    pub fn records(&self) -> impl Iterator<Item = &RecordId> {
        [&self.lesser, &self.greater].into_iter()
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", self.lesser, self.greater)
    }
}

/// Whose judgement it is. Nothing in it is personal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecidedBy {
    /// A role or account, never the name of a person.
    pub actor: String,
    /// How well it was made sure.
    pub assurance: Assurance,
    /// Why, such as the reference of a case. Names no person.
    pub reason: String,
}

impl DecidedBy {
    /// Whether both are one actor's, however it was typed.
    #[must_use]
    pub fn is_same_actor(&self, other: &Self) -> bool {
        self.actor.trim().to_lowercase() == other.actor.trim().to_lowercase()
    }
}

/// How well an operator made sure of what was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// Judged from what is on record here.
    RecordsCompared,
    /// A source or provider that knows the person confirmed it.
    SourceConfirmed,
    /// The person's documents were seen.
    DocumentsSeen,
}

impl Assurance {
    /// Every assurance, weakest first.
    pub const ALL: [Self; 3] = [Self::RecordsCompared, Self::SourceConfirmed, Self::DocumentsSeen];

    /// The name used in the API, JSON and on the command line.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::RecordsCompared => "records_compared",
            Self::SourceConfirmed => "source_confirmed",
            Self::DocumentsSeen => "documents_seen",
        }
    }

    /// The assurance of that name.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|assurance| assurance.token() == token)
    }
}

/// What a rule says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchVerdict {
    /// Likely: an operator is to look at it. Joins nobody.
    Proposed,
    /// Sure enough to join by itself.
    Asserted,
    /// No longer.
    Withdrawn,
}

impl MatchVerdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Asserted, Self::Withdrawn];

    /// The name used in the API, JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Asserted => "asserted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// That rules judged two records to be about one person, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkMatched {
    /// Which two.
    pub pair: Pair,
    /// How alike, in thousandths: 0 to 1,000.
    pub score: u32,
    /// The version of the rules.
    pub rule_version: u32,
    /// The names of the rules that fired, ascending. Never values.
    pub rules: Vec<String>,
    /// What is concluded.
    pub verdict: MatchVerdict,
}

/// What an operator says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkDecision {
    /// They are about one person.
    Confirm,
    /// They are not: no match joins them.
    Reject,
    /// What was decided of them is taken back.
    Retract,
}

impl LinkDecision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Confirm, Self::Reject, Self::Retract];

    /// The name used in the API, JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reject => "reject",
            Self::Retract => "retract",
        }
    }
}

/// That an operator decided on a match, or on a key by which two records hang together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkDecided {
    /// Which two.
    pub pair: Pair,
    /// What is decided.
    pub decision: LinkDecision,
    /// By whom, how surely and why.
    pub by: DecidedBy,
    /// The message that is decided on: a match, or for a retraction the decision that is taken back.
    pub decides: Option<MessageRef>,
}

/// The records of a person in two parts, as they were when the split was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    cut_off: BTreeSet<RecordId>,
    staying: BTreeSet<RecordId>,
}

impl Parts {
    /// The two parts; `None`: one is empty, or a record is in both.
    #[must_use]
    pub fn of(cut_off: BTreeSet<RecordId>, staying: BTreeSet<RecordId>) -> Option<Self> {
        let are_parts = !cut_off.is_empty() && !staying.is_empty() && cut_off.is_disjoint(&staying);
        are_parts.then_some(Self { cut_off, staying })
    }

    /// The records of the part that is cut off.
    #[must_use]
    pub fn cut_off(&self) -> &BTreeSet<RecordId> {
        &self.cut_off
    }

    /// The records that stay.
    #[must_use]
    pub fn staying(&self) -> &BTreeSet<RecordId> {
        &self.staying
    }

    /// Whether the cut runs between two records.
    #[must_use]
    pub fn part(&self, one: &RecordId, other: &RecordId) -> bool {
        (self.cut_off.contains(one) && self.staying.contains(other))
            || (self.cut_off.contains(other) && self.staying.contains(one))
    }
}

/// Into whom records are to be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regrouping {
    /// Two records, and all who hang with them, are to be one person.
    Join(Pair),
    /// The records of one person are to be two people's.
    Split(Parts),
}

impl Regrouping {
    /// The record on whose subject the request stands.
    #[must_use]
    pub fn subject(&self) -> &RecordId {
        match self {
            Self::Join(pair) => pair.lesser(),
            Self::Split(parts) => parts.cut_off.first().expect("no part is empty"),
        }
    }

    /// Every record named, in the order of ids.
    #[must_use]
    pub fn records(&self) -> BTreeSet<&RecordId> {
        match self {
            Self::Join(pair) => pair.records().collect(),
            Self::Split(parts) => parts.cut_off.iter().chain(&parts.staying).collect(),
        }
    }
}

/// That an operator asks for a join or a split. It has no effect until somebody else approves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegroupingRequested {
    /// What is asked for.
    pub regrouping: Regrouping,
    /// By whom, how surely and why.
    pub by: DecidedBy,
}

/// What is said to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It takes effect. Without effect from the one who asked for it.
    Approve,
    /// It does not.
    Refuse,
    /// It is no longer asked for. Without effect from anybody but the one who asked.
    Withdraw,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Refuse, Self::Withdraw];

    /// The name used in the API, JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
}

/// That somebody answered a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestAnswered {
    /// The record on whose subject the request stands, and this with it.
    pub subject: RecordId,
    /// The request.
    pub request: MessageRef,
    /// What is said to it.
    pub answer: Answer,
    /// By whom, how surely and why.
    pub by: DecidedBy,
}

/// What one judgement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// Rules matched a pair.
    Matched(LinkMatched),
    /// An operator decided on a pair.
    Decided(LinkDecided),
    /// An operator asks for a join or a split.
    Requested(RegroupingRequested),
    /// An operator answered such a request.
    Answered(RequestAnswered),
}

/// One message on identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What it says.
    pub judged: Judged,
    /// The message before it on its subject.
    pub previous: Option<MessageRef>,
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
}

impl Judged {
    /// The record on whose subject it stands.
    #[must_use]
    pub fn subject(&self) -> &RecordId {
        match self {
            Self::Matched(matched) => matched.pair.lesser(),
            Self::Decided(decided) => decided.pair.lesser(),
            Self::Requested(requested) => requested.regrouping.subject(),
            Self::Answered(answered) => &answered.subject,
        }
    }

    /// Every record that it names itself. Those of a request that is answered are the request's to name.
    #[must_use]
    pub fn records(&self) -> BTreeSet<&RecordId> {
        match self {
            Self::Matched(matched) => matched.pair.records().collect(),
            Self::Decided(decided) => decided.pair.records().collect(),
            Self::Requested(requested) => requested.regrouping.records(),
            Self::Answered(answered) => BTreeSet::from([&answered.subject]),
        }
    }
}
