//! Which headline stages agree with which true stage, which are honest about not knowing, and which contradict it: all
//! that stand in neither list.

use ltr_domain::headline::Stage;

use super::TrueStage;

/// What an answered stage is to the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// It says what is.
    Right,
    /// It says that something is not known, or less than there is, and nothing that is not.
    Honest,
    /// It says what is not.
    Contradicts,
}

/// The answers that go with one true stage.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The true stage.
    pub truth: TrueStage,
    /// Answers that say what is, the plainest first.
    pub right: &'static [Stage],
    /// Answers that are honest about not knowing, beside [`Stage::NotKnown`], which always is.
    pub honest: &'static [Stage],
    /// Why, where it is not plain.
    pub because: &'static str,
}

use Stage as S;
use TrueStage as T;

macro_rules! rows {
    ($($truth:ident: $right:expr, $honest:expr, $because:literal;)*) => {
        /// The whole table, a row for every true stage, in their order.
        pub const AGREEMENT: &[Row] = &[
            $(Row { truth: T::$truth, right: &$right, honest: &$honest, because: $because },)*
        ];
    };
}

rows! {
    NothingYet: [S::NotKnown], [S::NoTeachingStatus], "";
    Applicant: [S::Applicant], [S::NoTeachingStatus], "an account without a choice has no status";
    AcceptedConditional: [S::AcceptedConditional], [], "";
    Recruited: [S::Recruited, S::RegisteredNotStarted], [S::StartUnknown, S::InTrainingUnconfirmed],
        "Apply knows no start but 1 September; courses start later, some in January";
    OfferDeferred: [S::OfferDeferred], [S::StartUnknown], "the roll-over may drop the person before the deferral is told";
    UnsuccessfulApplicant: [S::UnsuccessfulApplicant], [S::StartUnknown], "";
    WithdrewBeforeStart: [S::UnsuccessfulApplicant, S::LeftBeforeStart], [S::StartUnknown],
        "Apply has one word for it, the headline two";
    LeftBeforeStart: [S::LeftBeforeStart, S::UnsuccessfulApplicant], [S::StartUnknown, S::InTrainingUnconfirmed],
        "nobody says it; it is presumed";
    InTraining: [S::InTraining], [S::StartUnknown, S::InTrainingUnconfirmed], "";
    TrainingDeferred: [S::TrainingDeferred], [S::StartUnknown, S::InTrainingUnconfirmed], "";
    LeftTraining: [S::LeftTraining], [S::StartUnknown, S::InTrainingUnconfirmed, S::LeftBeforeStart],
        "who left before anybody registered them is presumed not to have come";
    StandardsMet: [S::InTraining, S::AwardPending, S::Qualified], [S::StartUnknown, S::InTrainingUnconfirmed],
        "QTS will be held from this day, and nobody has said so";
    Recommended: [S::AwardPending, S::Qualified], [S::StartUnknown, S::InTrainingUnconfirmed],
        "the award, once made, holds from before";
    Qualified: [S::Qualified], [S::AwardPending, S::StartUnknown, S::InTrainingUnconfirmed], "award_pending waits for TRS";
    Ect: [S::Ect], [S::Qualified, S::AwardPending], "no source of posts is connected, and inductions are told late";
    InductionFailed: [S::InductionFailed], [], "";
    InService: [S::InService], [S::Qualified], "no source of posts is connected";
    OutOfService: [S::NotInStateService, S::BetweenPosts], [S::Qualified], "no source of posts is connected";
    InPostWithoutQts: [S::InPostWithoutQts], [S::NoTeachingStatus], "no source of posts is connected";
    Closed: [S::NotKnown], [], "told by the standing of the record, whatever the stage";
}

/// The row of a true stage.
pub(super) fn row(truth: TrueStage) -> &'static Row {
    &AGREEMENT[truth as usize]
}

/// What that answer is to that truth.
#[must_use]
pub fn agreement(truth: TrueStage, answered: Stage) -> Agreement {
    let row = row(truth);
    if row.right.contains(&answered) {
        Agreement::Right
    } else if answered == Stage::NotKnown || row.honest.contains(&answered) {
        Agreement::Honest
    } else {
        Agreement::Contradicts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_true_stage_has_its_row_in_order() {
        let rows: Vec<TrueStage> = AGREEMENT.iter().map(|row| row.truth).collect();
        assert_eq!(rows, TrueStage::ALL);
    }

    #[test]
    fn no_answer_is_both_right_and_honest() {
        for row in AGREEMENT {
            assert!(
                row.right.iter().all(|stage| !row.honest.contains(stage)),
                "{}",
                row.truth.token()
            );
        }
    }

    #[test]
    fn what_only_tells_of_not_knowing_is_never_right() {
        for row in AGREEMENT {
            for stage in [S::StartUnknown, S::InTrainingUnconfirmed] {
                assert!(!row.right.contains(&stage), "{}", row.truth.token());
            }
        }
    }
}
