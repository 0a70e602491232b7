//! Training: the newest live traineeship begun after any award, else how the last one ended. Of the sources that speak,
//! the one that the policy puts first is believed: Register, unless it says otherwise, and TRS's routes after it.

use jiff::civil::Date;

use super::professional::Professional;
use super::{View, certainty_of};
use crate::fold::{RecordFold, TrainingTrack};
use crate::headline::TrainingState;
use crate::ids::{RecordId, Source};
use crate::observation::Position;
use crate::policy::{FactKind, Window};
use crate::record::trs::Route;
use crate::record::{RouteStatus, TraineeState};
use crate::resolution::{Certainty, Claim, Resolution};
use crate::time::{Basis, CivilDate};
use crate::timeline::Ground;

/// What is believed of training on the day.
pub(super) struct Training {
    pub(super) state: TrainingState,
    pub(super) resolution: Resolution,
}

/// One traineeship on the day.
pub(super) struct Traineeship {
    pub(super) state: TrainingState,
    value: &'static str,
    reason: &'static str,
    /// Inferred from a plan or from time, not said.
    presumed: bool,
    /// Register's last word is one that nobody knows (T19).
    is_unclear: bool,
    since: Option<Date>,
    pub(super) begins_on: Option<Date>,
    record: RecordId,
    position: Position,
    pub(super) basis: Basis,
}

impl TrainingState {
    /// Whether training is under way, ahead, or only to be crowned.
    pub(super) fn is_live(self) -> bool {
        match self {
            Self::RegisteredNotStarted
            | Self::Unconfirmed
            | Self::InTraining
            | Self::Deferred
            | Self::AwardPending => true,
            Self::None | Self::Draft | Self::Ended => false,
        }
    }
}

impl Traineeship {
    pub(super) fn is_live(&self) -> bool {
        self.state.is_live()
    }

    pub(super) fn claim(&self) -> Claim {
        Claim {
            value: self.value,
            source: self.record.source(),
            record: self.record.clone(),
            position: self.position,
            since: self.since,
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn training_records(self) -> impl Iterator<Item = (&'a RecordFold, &'a TrainingTrack)> {
        let of_register = |record: &&'a RecordFold| Some((*record, record.track.training()?));
        self.records.iter().filter_map(of_register)
    }

    pub(super) fn training(self, professional: &Professional) -> Training {
        let mut all: Vec<_> = self
            .training_records()
            .filter_map(|(record, track)| self.traineeship(record, track))
            .collect();
        let register_speaks = all.iter().any(|one| one.state != TrainingState::Draft);
        // Otherwise Register is believed, and nothing that TRS says can matter.
        if !register_speaks || !self.policy.is_always_first(FactKind::Training, Source::Register) {
            all.extend(self.route_traineeships());
            self.keep_believed(&mut all);
        }
        // Newest first; one without any date is the oldest.
        all.sort_by_key(|one| std::cmp::Reverse((one.begins_on, one.position)));
        let after_award = |one: &&Traineeship| {
            professional
                .award_on
                .is_none_or(|award| one.begins_on.is_some_and(|began| began > award))
        };
        let chosen = all
            .iter()
            .filter(after_award)
            .find(|one| one.is_live())
            .or_else(|| all.iter().find(|one| one.state == TrainingState::Ended))
            .or_else(|| all.first());
        let Some(one) = chosen else {
            return Training {
                state: TrainingState::None,
                resolution: Resolution::not_covered("register_not_heard"),
            };
        };
        let crowned = one.is_live() && !after_award(&one);
        let window = self.policy.window(self.day, one.begins_on);
        let claim = one.claim();
        let certainty = if one.presumed {
            Certainty::Presumed
        } else {
            let certainty = certainty_of(self.policy, FactKind::Training, window, &claim);
            if one.is_unclear {
                certainty.unconfirmed()
            } else {
                certainty
            }
        };
        let mut resolution = Resolution::believed(claim, certainty, one.reason);
        if crowned {
            resolution.value = "completed";
            resolution.reason = "status_held";
            resolution.certainty = professional.status.certainty;
            resolution.since = professional.status.since;
        }
        Training {
            state: if crowned { TrainingState::None } else { one.state },
            resolution,
        }
    }

    /// Leaves out what is told by sources that are not entitled to, and, once a source tells of more than a draft, by
    /// those that are believed after it.
    fn keep_believed(self, all: &mut Vec<Traineeship>) {
        let rank = |one: &Traineeship| {
            let window = self.policy.window(self.day, one.begins_on);
            self.policy.rank(FactKind::Training, window, one.record.source())
        };
        let told = all.iter().filter(|one| one.state != TrainingState::Draft);
        let first = told.filter_map(rank).min().unwrap_or(usize::MAX);
        all.retain(|one| rank(one).is_some_and(|rank| rank <= first));
    }

    pub(super) fn traineeship(self, record: &RecordFold, track: &TrainingTrack) -> Option<Traineeship> {
        let started = track.started.map(|(on, _)| on);
        let begun = started.is_some_and(|on| on <= self.day);
        let point = track.state.at(self.day);
        let make = |state, value, reason, since, ground: Ground| Traineeship {
            state,
            value,
            reason,
            presumed: false,
            is_unclear: track.is_unclear(self.day),
            since,
            begins_on: track.begins_on().or(track.registered_on),
            record: record.id.clone(),
            position: ground.position,
            basis: ground.basis,
        };
        let nowhere = Ground {
            position: record.spoke,
            basis: Basis::Observed,
        };
        let start_ground = track.started.map_or(nowhere, |(_, ground)| ground);
        let in_training = || {
            make(
                TrainingState::InTraining,
                "in_training",
                "start_confirmed",
                started,
                start_ground,
            )
        };
        let Some(point) = point else {
            // Registered later than this day, but the start it confirms is not later.
            return begun.then(in_training);
        };
        let ground = point.ground;
        let since = Some(point.from);
        Some(match &point.value {
            TraineeState::Draft => make(TrainingState::Draft, "draft", "draft_only", since, ground),
            TraineeState::SubmittedForTrn | TraineeState::TrnReceived | TraineeState::Unrecognised(_) => {
                if begun {
                    in_training()
                } else if started
                    .or(track.planned_start)
                    .is_some_and(|start| start > self.day)
                {
                    make(
                        TrainingState::RegisteredNotStarted,
                        "registered_not_started",
                        "start_ahead",
                        since,
                        ground,
                    )
                } else {
                    Traineeship {
                        presumed: true,
                        ..make(
                            TrainingState::Unconfirmed,
                            "in_training_unconfirmed",
                            "start_not_confirmed",
                            track.planned_start.or(since),
                            ground,
                        )
                    }
                }
            }
            TraineeState::Deferred => make(
                TrainingState::Deferred,
                "deferred",
                "register_deferred",
                since,
                ground,
            ),
            TraineeState::RecommendedForAward => make(
                TrainingState::AwardPending,
                "award_pending",
                "recommended_for_award",
                since,
                ground,
            ),
            TraineeState::Awarded => make(
                TrainingState::AwardPending,
                "award_pending",
                "awarded_by_register",
                since,
                ground,
            ),
            TraineeState::Withdrawn => {
                let failed = track
                    .withdrawal
                    .as_ref()
                    .is_some_and(|withdrawal| withdrawal.is_failed_like());
                let moved = track
                    .withdrawal
                    .as_ref()
                    .is_some_and(|withdrawal| withdrawal.is_not_attrition());
                let reason = match (failed, moved) {
                    (true, _) => "withdrawn_not_passed",
                    (false, true) => "withdrawn_not_attrition",
                    (false, false) => "withdrawn",
                };
                make(
                    TrainingState::Ended,
                    if failed { "failed" } else { "withdrawn" },
                    reason,
                    since,
                    ground,
                )
            }
        })
    }

    /// TRS's routes that tell of training.
    pub(super) fn route_traineeships(self) -> Vec<Traineeship> {
        let mut found = Vec::new();
        for (record, track) in self.trs_records() {
            for line in track.routes.values() {
                // A route's events are dated by what they state; one stated in the future is not there yet.
                let Some(point) = line.at(self.day) else { continue };
                let Some(route) = &point.value else { continue };
                let Some((state, value, reason)) = self.route_state(route) else {
                    continue;
                };
                found.push(Traineeship {
                    state,
                    value,
                    reason,
                    presumed: false,
                    is_unclear: false,
                    since: Some(point.from),
                    begins_on: route.training_start_date.value().and_then(CivilDate::day),
                    record: record.id.clone(),
                    position: point.ground.position,
                    basis: point.ground.basis,
                });
            }
        }
        found
    }

    fn route_state(self, route: &Route) -> Option<(TrainingState, &'static str, &'static str)> {
        let end = route.training_end_date.value().and_then(CivilDate::day);
        let months = self.policy.thresholds.route_live_months;
        let over = end.is_some_and(|end| self.day >= crate::calendar::months_after(end, months));
        match route.status {
            RouteStatus::InTraining | RouteStatus::UnderAssessment if !over => {
                Some((TrainingState::InTraining, "in_training", "trs_route_in_training"))
            }
            RouteStatus::Deferred | RouteStatus::DeferredForSkillsTest if !over => {
                Some((TrainingState::Deferred, "deferred", "trs_route_deferred"))
            }
            RouteStatus::Withdrawn => Some((TrainingState::Ended, "withdrawn", "trs_route_withdrawn")),
            RouteStatus::Failed => Some((TrainingState::Ended, "failed", "trs_route_failed")),
            RouteStatus::InTraining
            | RouteStatus::UnderAssessment
            | RouteStatus::Deferred
            | RouteStatus::DeferredForSkillsTest
            | RouteStatus::Holds
            | RouteStatus::Unrecognised(_) => None,
        }
    }

    /// An award that Register reports on the day, and since when.
    ///
    /// Nobody reports one under a policy that does not entitle Register to speak of status.
    pub(super) fn reported_award(self) -> Option<(Claim, Date)> {
        self.policy
            .rank(FactKind::QualifiedStatus, Window::Always, Source::Register)?;
        self.training_records()
            .filter_map(|(record, track)| {
                let point = track.state.at(self.day)?;
                (point.value == TraineeState::Awarded).then(|| {
                    let claim = Claim {
                        value: "award_reported",
                        source: record.id.source(),
                        record: record.id.clone(),
                        position: point.ground.position,
                        since: Some(point.from),
                    };
                    (claim, point.from)
                })
            })
            .max_by_key(|(_, since)| *since)
    }
}
