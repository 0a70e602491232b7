//! Training: what Register tells, else what TRS's routes tell; the newest live traineeship begun after any award, else
//! how the last one ended.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other route tells of no training"
)]

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, RecordKind, Source};
use ltr_domain::observation::Position;
use ltr_domain::record::{RouteStatus, TraineeState};

use super::account::{Account, stated};
use super::calendar::{months_after, training_is_settled};
use super::trs::Status;
use super::{Asked, Said};

/// Training on the day.
pub(super) struct Training {
    /// The stage that it would make, if any: a row of the table.
    pub(super) stage: Option<&'static str>,
    /// Register holds a draft and nothing better is told.
    pub(super) is_draft: bool,
    /// Which of Register's traineeships is believed, if one is and no status crowned it.
    pub(super) believed: Option<RecordId>,
    /// Something is told that leads to no stage of its own.
    pub(super) said: Said,
}

impl Training {
    /// Whether training is under way, ahead, or only to be crowned.
    pub(super) fn is_live(&self) -> bool {
        self.stage.is_some_and(|stage| stage != "left_training")
    }
}

/// One traineeship, by Register or by a route.
struct One {
    source: Source,
    record: RecordId,
    value: &'static str,
    reason: &'static str,
    is_presumed: bool,
    /// It was said in a word that nobody knows, or is said so now (T19).
    is_unclear: bool,
    begins_on: Option<Date>,
    position: Position,
}

impl One {
    fn is_draft(&self) -> bool {
        self.value == "draft"
    }

    fn has_ended(&self) -> bool {
        self.value == "withdrawn" || self.value == "failed"
    }

    fn is_live(&self) -> bool {
        !self.is_draft() && !self.has_ended()
    }
}

pub(super) fn trainees<'a>(asked: Asked<'a>) -> impl Iterator<Item = &'a Account> {
    let all = asked.accounts.iter().copied();
    all.filter(|account| account.id.kind == RecordKind::RegisterTrainee)
}

pub(super) fn training(asked: Asked<'_>, status: &Status) -> Training {
    let mut all: Vec<One> = trainees(asked)
        .filter_map(|account| by_register(account, asked.day))
        .collect();
    // Register is believed first: TRS's routes are looked at only while it tells of drafts at most. Of what is told then,
    // drafts included, a route is believed no less.
    if all.iter().all(One::is_draft) {
        all.extend(by_routes(asked));
    }
    let is_after_award = |one: &One| match (status.award_on(), one.begins_on) {
        (Some(award_on), Some(begins_on)) => begins_on > award_on,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let live = newest(&all, |one| one.is_live() && is_after_award(one));
    let ended = newest(&all, One::has_ended);
    let Some(one) = live.or(ended).or(newest(&all, |_| true)) else {
        return Training {
            stage: None,
            is_draft: false,
            believed: None,
            said: Said::nobody("register_not_heard"),
        };
    };
    if one.is_live() && !is_after_award(one) {
        let said = Said::by(one.source, "completed", status.said.certainty, "status_held");
        return Training {
            stage: None,
            is_draft: false,
            believed: None,
            said,
        };
    }
    let certainty = if one.is_presumed {
        "presumed"
    } else if training_is_settled(one.source, asked.day, one.begins_on) && !one.is_unclear {
        "confirmed"
    } else {
        "provisional"
    };
    let stage = match one.value {
        "deferred" => Some("training_deferred"),
        "withdrawn" | "failed" => Some("left_training"),
        "draft" => None,
        other => Some(other),
    };
    Training {
        stage,
        is_draft: one.is_draft(),
        believed: (one.source == Source::Register).then(|| one.record.clone()),
        said: Said::by(one.source, one.value, certainty, one.reason),
    }
}

/// The one that begins last; of several the one told last.
fn newest(all: &[One], is: impl Fn(&One) -> bool) -> Option<&One> {
    let mut newest: Option<&One> = None;
    for one in all.iter().filter(|one| is(one)) {
        let rank = |one: &One| (one.begins_on, one.position);
        if newest.is_none_or(|newest| rank(one) > rank(newest)) {
            newest = Some(one);
        }
    }
    newest
}

fn by_register(account: &Account, day: Date) -> Option<One> {
    let trainee = &account.trainee;
    let has_begun = trainee.started.is_some_and(|(on, _)| on <= day);
    let word = trainee.state.on(day).map(|one| &one.value);
    let is_unclear = trainee.words.are_unclear_on(day) || word.is_some_and(|word| !word.is_recognised());
    let said = |value, reason, position| One {
        source: Source::Register,
        record: account.id.clone(),
        value,
        reason,
        is_presumed: false,
        is_unclear,
        begins_on: trainee.begins_on().or(trainee.registered_on),
        position,
    };
    let begun = trainee.started.filter(|_| has_begun);
    let in_training = begun.map(|(_, position)| said("in_training", "start_confirmed", position));
    let Some(state) = trainee.state.on(day) else {
        // Registered later than this day, and the start that it confirms is not later.
        return in_training;
    };
    let position = state.position;
    let start = trainee.begins_on();
    Some(match &state.value {
        TraineeState::Draft => said("draft", "draft_only", position),
        TraineeState::SubmittedForTrn | TraineeState::TrnReceived | TraineeState::Unrecognised(_) => {
            match (in_training, start) {
                (Some(in_training), _) => in_training,
                (None, Some(start)) if start > day => said("registered_not_started", "start_ahead", position),
                (None, _) => One {
                    is_presumed: true,
                    ..said("in_training_unconfirmed", "start_not_confirmed", position)
                },
            }
        }
        TraineeState::Deferred => said("deferred", "register_deferred", position),
        TraineeState::RecommendedForAward => said("award_pending", "recommended_for_award", position),
        TraineeState::Awarded => said("award_pending", "awarded_by_register", position),
        TraineeState::Withdrawn => {
            let withdrawal = trainee.withdrawal.as_ref();
            if withdrawal.is_some_and(|one| one.is_failed_like()) {
                said("failed", "withdrawn_not_passed", position)
            } else if withdrawal.is_some_and(|one| one.is_not_attrition()) {
                said("withdrawn", "withdrawn_not_attrition", position)
            } else {
                said("withdrawn", "withdrawn", position)
            }
        }
    })
}

/// Unfinished routes count for a year after their planned end.
fn by_routes(asked: Asked<'_>) -> Vec<One> {
    let mut told = Vec::new();
    for account in asked.accounts {
        for beliefs in account.person.routes.values() {
            let Some(one) = beliefs.on(asked.day) else {
                continue;
            };
            let Some(route) = &one.value else { continue };
            let is_over =
                stated(&route.training_end_date).is_some_and(|end| asked.day >= months_after(end, 12));
            let (value, reason) = match &route.status {
                RouteStatus::InTraining | RouteStatus::UnderAssessment if !is_over => {
                    ("in_training", "trs_route_in_training")
                }
                RouteStatus::Deferred | RouteStatus::DeferredForSkillsTest if !is_over => {
                    ("deferred", "trs_route_deferred")
                }
                RouteStatus::Withdrawn => ("withdrawn", "trs_route_withdrawn"),
                RouteStatus::Failed => ("failed", "trs_route_failed"),
                _ => continue,
            };
            told.push(One {
                source: Source::Trs,
                record: account.id.clone(),
                value,
                reason,
                is_presumed: false,
                is_unclear: false,
                begins_on: stated(&route.training_start_date),
                position: one.position,
            });
        }
    }
    told
}

/// Whether TRS says on the day that a training begun on one of these days has ended.
pub(super) fn a_route_ended(asked: Asked<'_>, starts: &[Option<Date>]) -> bool {
    by_routes(asked)
        .iter()
        .any(|route| route.has_ended() && route.begins_on.is_some() && starts.contains(&route.begins_on))
}

/// Since when Register reports an award on the day; of several the latest.
pub(super) fn award_reported(asked: Asked<'_>) -> Option<Date> {
    trainees(asked)
        .filter_map(|account| account.trainee.state.on(asked.day))
        .filter(|one| one.value == TraineeState::Awarded)
        .map(|one| one.from)
        .max()
}
