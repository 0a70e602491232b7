//! The sources held against each other.

use ltr_domain::record::TraineeState;

use super::calendar::days_after;
use super::training::{award_reported, trainees};
use super::trs::Status;
use super::{Asked, Said};

/// Two weeks after Register reported an award that TRS denies, both are contested. A status that TRS holds is contested
/// while the traineeship it came from is live again by a later word (S-H).
pub(super) fn contest(asked: Asked<'_>, status: &Status, qualified: &mut Said, trained: &mut Said) {
    if let Some(since) = award_reported(asked) {
        if asked.day >= days_after(since, 14) && status.is_heard && qualified.value == "none" {
            qualified.caveats.insert("contested");
            trained.caveats.insert("contested");
        }
        return;
    }
    let Some(held_since) = status.qts_on else { return };
    let is_live_again = trainees(asked).any(|account| {
        let Some(state) = account.trainee.state.on(asked.day) else {
            return false;
        };
        let is_live = matches!(
            state.value,
            TraineeState::TrnReceived | TraineeState::SubmittedForTrn
        );
        let came_before = account.trainee.begins_on().is_some_and(|on| on <= held_since);
        is_live && came_before && state.from > held_since
    });
    if is_live_again {
        qualified.caveats.insert("contested");
    }
}
