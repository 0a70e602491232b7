//! What one record, read by itself, tells of where a person stands.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::headline::Stage;

use crate::stage::{Agreement, TrueStage, agreement};

/// From an instant on, a record tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying {
    /// The instant.
    pub from: Timestamp,
    /// What.
    pub said: Said,
}

/// What a record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Apply, of all choices together.
    Place(Stage),
    /// Register: registered, with those dates.
    Registered {
        /// The planned start.
        planned_on: Date,
        /// The actual start, if it is stated.
        started_on: Option<Date>,
    },
    /// Register: deferred.
    Deferred,
    /// Register: withdrawn.
    Withdrawn,
    /// Register: recommended or awarded.
    Awarding,
    /// TRS: the person, with a status or without.
    Status(Stage),
    /// TRS: deactivated.
    Deactivated,
    /// Nothing any more: merged into another record, or not served.
    Nothing,
}

/// What is told of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A stage.
    Stage(Stage),
    /// That the record is closed.
    Closed,
}

impl Told {
    /// Whether it tells that truth, or less than it and nothing else.
    #[must_use]
    pub fn agrees_with(self, truth: TrueStage) -> bool {
        match self {
            Self::Closed => truth == TrueStage::Closed,
            Self::Stage(stage) => {
                truth != TrueStage::Closed && agreement(truth, stage) != Agreement::Contradicts
            }
        }
    }
}

impl Said {
    /// What it tells of a day.
    #[must_use]
    pub fn told(self, day: Date) -> Option<Told> {
        let stage = match self {
            Self::Place(stage) | Self::Status(stage) => stage,
            Self::Registered {
                started_on: Some(on), ..
            } if on <= day => Stage::InTraining,
            Self::Registered {
                planned_on,
                started_on,
            } => {
                if started_on.unwrap_or(planned_on) > day {
                    Stage::RegisteredNotStarted
                } else {
                    Stage::InTrainingUnconfirmed
                }
            }
            Self::Deferred => Stage::TrainingDeferred,
            Self::Withdrawn => Stage::LeftTraining,
            Self::Awarding => Stage::AwardPending,
            Self::Deactivated => return Some(Told::Closed),
            Self::Nothing => return None,
        };
        Some(Told::Stage(stage))
    }
}
