//! The ledger of what sources had wrong. Late is not wrong: it is in the sayings.

use jiff::Timestamp;
use ltr_domain::headline::Stage;
use ltr_domain::ids::RecordId;

use crate::person::PersonNo;

/// A source states something that is not so, from an instant until it is corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceWrong {
    /// About whom.
    pub person: PersonNo,
    /// In which record.
    pub record: RecordId,
    /// About what.
    pub fact: WrongFact,
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub to: Timestamp,
}

/// What a source can have wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WrongFact {
    /// A withdrawal that did not happen (T10).
    Withdrawal,
    /// Another person's TRN (T07).
    Trn,
    /// The date of the start (T25).
    Start,
    /// An award that was not one (T11).
    Award,
    /// TRS was never told of a withdrawal (T12).
    RouteNotWithdrawn,
    /// TRS still says withdrawn, though Register has undone it (T12).
    RouteWithdrawn,
}

impl WrongFact {
    /// Whether somebody who believes it may answer that. What TRS's routes have wrong about training excuses nothing:
    /// Register settles that.
    #[must_use]
    pub fn explains(self, answered: Stage) -> bool {
        match self {
            Self::Withdrawal => answered == Stage::LeftTraining,
            Self::Start => matches!(
                answered,
                Stage::RegisteredNotStarted | Stage::InTrainingUnconfirmed
            ),
            Self::Award => matches!(answered, Stage::AwardPending | Stage::Qualified | Stage::Ect),
            // Under another's TRN everything may be the other's.
            Self::Trn => true,
            Self::RouteNotWithdrawn | Self::RouteWithdrawn => false,
        }
    }
}
