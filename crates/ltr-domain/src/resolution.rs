//! What is answered about one fact: the value, who says so, how sure we are, and what was not believed.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::ids::{RecordId, Source};
use crate::observation::Position;

/// How sure an answer is. Exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The source that settles this fact at this stage and date has said so.
    Confirmed,
    /// A source entitled to speak said so, but not the settling one.
    Provisional,
    /// Nobody said it: inferred from silence, a plan, time.
    Presumed,
    /// No value can be given.
    Unknown,
}

impl Certainty {
    /// The same, but not confirmed: what settles the fact has not said so in words that are known (T19).
    #[must_use]
    pub fn unconfirmed(self) -> Self {
        match self {
            Self::Confirmed => Self::Provisional,
            Self::Provisional | Self::Presumed | Self::Unknown => self,
        }
    }

    /// The name used in the API, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Provisional => "provisional",
            Self::Presumed => "presumed",
            Self::Unknown => "unknown",
        }
    }
}

/// What a reader must know beside the value. Any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caveat {
    /// An entitled source disagrees.
    Contested,
    /// The deciding source has not been heard within its bound.
    Stale,
    /// A source that would decide is not connected for this person.
    NotCovered,
    /// Part of the record is held back.
    Parked,
}

impl Caveat {
    /// The name used in the API, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Contested => "contested",
            Self::Stale => "stale",
            Self::NotCovered => "not_covered",
            Self::Parked => "parked",
        }
    }
}

/// What one source says of one fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The value's token.
    pub value: &'static str,
    /// Who says so.
    pub source: Source,
    /// In which record.
    pub record: RecordId,
    /// In which message.
    pub position: Position,
    /// From when it is so.
    pub since: Option<Date>,
}

/// The answer about one fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The value's token; `unknown` when no value can be given.
    pub value: &'static str,
    /// How sure.
    pub certainty: Certainty,
    /// What else to know.
    pub caveats: BTreeSet<Caveat>,
    /// Why, as a code that a caller can act on; listed in `docs/stages.md`.
    pub reason: &'static str,
    /// From when it is so.
    pub since: Option<Date>,
    /// The claim that was believed; `None` when nobody made one.
    pub claim: Option<Claim>,
    /// The claims that were not.
    pub lost: Vec<Claim>,
}

impl Resolution {
    /// No value can be given, because no source that could decide is connected or was heard.
    #[must_use]
    pub fn not_covered(reason: &'static str) -> Self {
        Self {
            value: "unknown",
            certainty: Certainty::Unknown,
            caveats: BTreeSet::from([Caveat::NotCovered]),
            reason,
            since: None,
            claim: None,
            lost: Vec::new(),
        }
    }

    /// A claim believed with that certainty.
    #[must_use]
    pub fn believed(claim: Claim, certainty: Certainty, reason: &'static str) -> Self {
        Self {
            value: claim.value,
            certainty,
            caveats: BTreeSet::new(),
            reason,
            since: claim.since,
            claim: Some(claim),
            lost: Vec::new(),
        }
    }

    /// Notes that an entitled source disagrees.
    pub fn contest(&mut self, by: Claim) {
        self.caveats.insert(Caveat::Contested);
        self.lost.push(by);
    }

    /// Who is believed.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        self.claim.as_ref().map(|claim| claim.source)
    }
}
