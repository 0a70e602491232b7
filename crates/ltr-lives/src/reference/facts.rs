//! The sources held against each other.

use ltr_domain::ids::Source;
use ltr_domain::record::TraineeState;

use super::calendar::days_after;
use super::training::{Training, a_route_ended, award_reported, trainees};
use super::trs::{self, Status};
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

/// A withdrawal that Register took back and TRS was never told of: the same training, by the day it began, is live by
/// Register's last word and has ended by TRS's (T12).
pub(super) fn contest_undone(asked: Asked<'_>, training: &Training, trained: &mut Said) {
    let Some(believed) = &training.believed else {
        return;
    };
    let Some(account) = trainees(asked).find(|account| account.id == *believed) else {
        return;
    };
    let last = account.trainee.state.in_the_end();
    let is_live = last.is_some_and(|one| {
        matches!(
            one.value,
            TraineeState::SubmittedForTrn | TraineeState::TrnReceived | TraineeState::Deferred
        )
    });
    let starts = [
        account.trainee.planned_start,
        account.trainee.started.map(|(on, _)| on),
    ];
    if is_live && a_route_ended(asked, &starts) {
        trained.caveats.insert("contested");
    }
}

/// Status and induction said under a TRN that may be somebody else's are contested by the traineeship (T31, S-L).
pub(super) fn contest_suspect(asked: Asked<'_>, said: &mut Said) {
    if said.source == Some(Source::Trs) && trs::deciding(asked).is_some_and(|one| trs::is_suspect(asked, one))
    {
        said.caveats.insert("contested");
    }
}
