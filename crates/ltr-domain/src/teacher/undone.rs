//! What Register took back and TRS was never told: Register sends a route no more once it has ended, so an undone
//! withdrawal leaves TRS saying that the training ended until somebody puts it right by hand (U§3.5, T12).

use super::View;
use super::training::Traineeship;
use crate::fold::TrainingTrack;
use crate::headline::TrainingState;
use crate::ids::Source;
use crate::policy::FactKind;
use crate::record::TraineeState;
use crate::resolution::{Claim, Resolution};

impl View<'_> {
    /// Holds it against a live traineeship of Register that TRS says the same training has ended. Which route is of the
    /// same training is told by the day it began: another course has another.
    pub(super) fn contest_by_ended_route(self, training: &mut Resolution) {
        let Some(claim) = &training.claim else { return };
        if claim.source != Source::Register {
            return;
        }
        let believed = self
            .training_records()
            .find(|(record, _)| record.id == claim.record);
        let Some((_, track)) = believed else { return };
        if !is_live(track) || training.value == "completed" {
            return;
        }
        let ended = self.route_traineeships().into_iter();
        let denials: Vec<Claim> = ended
            .filter(|route| route.state == TrainingState::Ended && is_of(route, track))
            .filter(|route| self.may_speak(route))
            .map(|route| route.claim())
            .collect();
        for denial in denials {
            training.contest(denial);
        }
    }

    /// Whether the policy entitles TRS to speak of training in the window that a route's start puts the day in.
    fn may_speak(self, route: &Traineeship) -> bool {
        let window = self.policy.window(self.day, route.begins_on);
        self.policy
            .rank(FactKind::Training, window, Source::Trs)
            .is_some()
    }
}

/// Whether Register's last word is that training goes on, or will. Of the days before one that ended in both there is no
/// dispute, though TRS does not say since when it has.
fn is_live(track: &TrainingTrack) -> bool {
    let last = track.state.last();
    last.is_some_and(|point| match point.value {
        TraineeState::SubmittedForTrn | TraineeState::TrnReceived | TraineeState::Deferred => true,
        TraineeState::Draft
        | TraineeState::RecommendedForAward
        | TraineeState::Withdrawn
        | TraineeState::Awarded
        | TraineeState::Unrecognised(_) => false,
    })
}

/// Whether a route began on the day that the traineeship did or should have.
fn is_of(route: &Traineeship, track: &TrainingTrack) -> bool {
    let starts = [track.planned_start, track.started.map(|(on, _)| on)];
    route.begins_on.is_some() && starts.contains(&route.begins_on)
}
