//! Why an answer is what it is: every claim in the order in which it became known, with the rule that took or refused
//! it; when the source of truth changed; what differs between two answers, and what made the difference.
//!
//! Everything here is read off the functions that answer, so that an explanation cannot disagree with its answer.

mod lifetime;

mod claims;
mod diff;
mod sources;

pub use crate::teacher::Why;
pub use claims::{ExplainedClaim, Explanation, FactExplanation, explain};
pub use diff::{Cause, Difference, FieldDifference, MessageOf, diff};
pub use lifetime::{Belonging, HeardBy, InForce, Lifetime, Moment, Told};
pub use sources::{Line, Since, SourceChange, listening_times, source_of_truth_changes};

/// A question whose answer is explained: the headline, or one of the facts beneath it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Where the person stands.
    Headline,
    /// Whether qualified teacher status is held.
    QualifiedStatus,
    /// Where training stands.
    Training,
    /// A place on a course, or an application for one; served under the headline only.
    Place,
    /// Where induction stands.
    Induction,
    /// Whether the person is in a post.
    Employment,
    /// Whether anything restricts the person from teaching.
    Restriction,
}

impl Question {
    /// Every question, in the order in which explanations are given.
    pub const ALL: [Self; 7] = [
        Self::Headline,
        Self::QualifiedStatus,
        Self::Training,
        Self::Place,
        Self::Induction,
        Self::Employment,
        Self::Restriction,
    ];

    /// The name used in the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::QualifiedStatus => "qualified_status",
            Self::Training => "training",
            Self::Place => "place",
            Self::Induction => "induction",
            Self::Employment => "employment",
            Self::Restriction => "restriction",
        }
    }

    /// The question of that name.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.token() == token)
    }

    /// The question about a fact that sources make claims of.
    #[must_use]
    pub fn about(fact: crate::policy::FactKind) -> Self {
        use crate::policy::FactKind;
        match fact {
            FactKind::QualifiedStatus => Self::QualifiedStatus,
            FactKind::Training => Self::Training,
            FactKind::Place => Self::Place,
            FactKind::Induction => Self::Induction,
            FactKind::Employment => Self::Employment,
            FactKind::Restriction => Self::Restriction,
        }
    }
}

#[cfg(test)]
mod tests;
