//! Events of a trainee's state, and of the dates that say since when it is so. Moves are named by where they lead and
//! what they undo, whatever steps in between were never seen.

use ltr_domain::event::{Change, ChangeKind, Fact};
use ltr_domain::record::{RegisterTrainee, Stated, TraineeState};
use ltr_domain::time::{CivilDate, Effective, london_date};

use super::super::{Events, Seen, stated_day};
use super::registered;

/// What a move between two states means.
type StateFact = fn(Change<TraineeState>) -> Fact;

/// That the traineeship is there, in whatever state.
pub(super) fn registered_first(new: &RegisterTrainee, events: &mut Events<'_>) {
    let change = Change {
        old: None,
        new: Some(new.state.clone()),
    };
    let registered_on = registered(new, events.seen);
    events.push(
        Fact::TraineeRegistered(change),
        registered_on,
        ChangeKind::FirstSeen,
    );
}

pub(super) fn events(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let Some(old) = old else {
        return first_state(new, events);
    };
    if old.state == new.state {
        same_state(old, new, events);
    } else {
        moved_state(old, new, events);
    }
}

/// Since when a traineeship that is seen for the first time is in its state. A draft is no more than registered.
fn first_state(new: &RegisterTrainee, events: &mut Events<'_>) {
    if new.state == TraineeState::Draft {
        return;
    }
    let change = Change {
        old: None,
        new: Some(new.state.clone()),
    };
    let (fact, effective) = arrived(new, events.seen);
    events.push(fact(change), effective, ChangeKind::FirstSeen);
}

fn moved_state(old: &RegisterTrainee, new: &RegisterTrainee, events: &mut Events<'_>) {
    let change = Change {
        old: Some(old.state.clone()),
        new: Some(new.state.clone()),
    };
    let undone = undone(old, new, events.seen);
    if let Some((fact, effective)) = undone {
        events.push(fact(change.clone()), effective, ChangeKind::Reversed);
    }
    if undone.is_some() && is_told_by_the_undoing(old, new) {
        return;
    }
    let (fact, effective) = match (&old.state, &new.state) {
        (TraineeState::Deferred, TraineeState::SubmittedForTrn | TraineeState::TrnReceived) => {
            let effective = stated_day(&new.reinstate_date).unwrap_or_else(|| events.seen.updated());
            (Fact::TrainingReinstated as StateFact, effective)
        }
        (TraineeState::TrnReceived, TraineeState::SubmittedForTrn) => {
            (Fact::TraineeStateChanged as StateFact, events.seen.updated())
        }
        (_, _) => arrived(new, events.seen),
    };
    events.push(fact(change), effective, ChangeKind::Changed);
}

/// What a move takes back, if anything: a withdrawal, an award or a recommendation.
fn undone(old: &RegisterTrainee, new: &RegisterTrainee, seen: &Seen) -> Option<(StateFact, Effective)> {
    match (&old.state, &new.state) {
        (_, TraineeState::Unrecognised(_)) => None,
        (TraineeState::Withdrawn, _) => {
            let withdrawn_on = withdrawal_day(old);
            let effective = withdrawn_on.map_or_else(|| seen.observed(), |day| Effective::inferred(day.on));
            Some((Fact::WithdrawalReversed, effective))
        }
        (TraineeState::RecommendedForAward, TraineeState::Awarded) => None,
        (TraineeState::Awarded | TraineeState::RecommendedForAward, _) => {
            Some((Fact::AwardRevoked, seen.observed()))
        }
        (_, _) => None,
    }
}

/// Whether the undoing says where the traineeship stands now: it is back where it was before the undone step.
fn is_told_by_the_undoing(old: &RegisterTrainee, new: &RegisterTrainee) -> bool {
    match &new.state {
        TraineeState::Draft | TraineeState::SubmittedForTrn | TraineeState::TrnReceived => true,
        TraineeState::RecommendedForAward => old.state == TraineeState::Awarded,
        TraineeState::Deferred
        | TraineeState::Withdrawn
        | TraineeState::Awarded
        | TraineeState::Unrecognised(_) => false,
    }
}

/// The event of having come to the state that `new` is in, and from when.
fn arrived(new: &RegisterTrainee, seen: &Seen) -> (StateFact, Effective) {
    let updated = seen.updated();
    match &new.state {
        TraineeState::SubmittedForTrn => (
            Fact::TrnRequested,
            instant_day(&new.submitted_for_trn_at).unwrap_or(updated),
        ),
        TraineeState::TrnReceived => (Fact::TraineeTrnReceived, updated),
        TraineeState::RecommendedForAward => (
            Fact::RecommendedForAward,
            instant_day(&new.recommended_for_award_at).unwrap_or(updated),
        ),
        TraineeState::Withdrawn => (Fact::TrainingWithdrawn, withdrawal_day(new).unwrap_or(updated)),
        TraineeState::Deferred => (
            Fact::TrainingDeferred,
            stated_day(&new.defer_date).unwrap_or(updated),
        ),
        TraineeState::Awarded => {
            // T39: awarded_at is the outcome date as an instant and may fall on the day before.
            let awarded = stated_day(&new.outcome_date).or_else(|| instant_day(&new.awarded_at));
            (Fact::AwardRecorded, awarded.unwrap_or(updated))
        }
        TraineeState::Draft | TraineeState::Unrecognised(_) => (Fact::TraineeStateChanged, updated),
    }
}

/// Dates that moved under an unchanged state: told again by the state's own event if it is the state's own date, and
/// by a bare state event otherwise, because a date left over from an earlier state means nothing (T24).
fn same_state(old: &RegisterTrainee, new: &RegisterTrainee, events: &mut Events<'_>) {
    let change = Change {
        old: Some(old.state.clone()),
        new: Some(new.state.clone()),
    };
    let mut own = None;
    let mut has_other = old.record_source != new.record_source
        || old.submitted_for_trn_at != new.submitted_for_trn_at
        || restated_without_value(&old.trn, &new.trn)
        || restated_without_value(&old.application_id, &new.application_id);
    let moves = [
        (
            old.defer_date != new.defer_date,
            new.state == TraineeState::Deferred,
        ),
        (
            old.recommended_for_award_at != new.recommended_for_award_at,
            new.state == TraineeState::RecommendedForAward,
        ),
        (
            old.awarded_at != new.awarded_at,
            new.state == TraineeState::Awarded,
        ),
    ];
    for (differs, is_own) in moves {
        match (differs, is_own) {
            (true, true) => own = Some(arrived(new, events.seen)),
            (true, false) => has_other = true,
            (false, _) => {}
        }
    }
    if old.reinstate_date != new.reinstate_date {
        match reinstated(new) {
            Some(effective) => own = Some((Fact::TrainingReinstated, effective)),
            None => has_other = true,
        }
    }
    if let Some((fact, effective)) = own {
        events.push(fact(change.clone()), effective, ChangeKind::Changed);
    }
    if has_other {
        events.push(
            Fact::TraineeStateChanged(change),
            events.seen.updated(),
            ChangeKind::Changed,
        );
    }
}

/// From when a trainee who is in training is back, if the source says so.
fn reinstated(new: &RegisterTrainee) -> Option<Effective> {
    match new.state {
        TraineeState::SubmittedForTrn | TraineeState::TrnReceived => stated_day(&new.reinstate_date),
        TraineeState::Draft
        | TraineeState::RecommendedForAward
        | TraineeState::Withdrawn
        | TraineeState::Deferred
        | TraineeState::Awarded
        | TraineeState::Unrecognised(_) => None,
    }
}

/// Whether a key went from not stated to none or back: no link tells of it.
fn restated_without_value<T: PartialEq>(old: &Stated<T>, new: &Stated<T>) -> bool {
    old != new && old.value().is_none() && new.value().is_none()
}

fn withdrawal_day(trainee: &RegisterTrainee) -> Option<Effective> {
    let date = trainee.withdrawal.value()?.date.value();
    date.and_then(CivilDate::day).map(Effective::stated)
}

fn instant_day(at: &Stated<jiff::Timestamp>) -> Option<Effective> {
    at.value().map(|at| Effective::stated(london_date(*at)))
}
