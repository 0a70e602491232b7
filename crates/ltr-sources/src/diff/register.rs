//! Events of a Register trainee. Register keeps no history and undoes without a trace: whatever was undone is seen only
//! by comparing (T10, T11).

use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::record::register::Withdrawal;
use ltr_domain::record::{RegisterTrainee, Stated};
use ltr_domain::time::{CivilDate, Effective, london_date};

use super::shared::{differing_children, earlier, list_came_or_went, moved, new_or_old};
use super::{Events, Seen};

mod status;

/// The events between two states of one traineeship; all of it is new if there is no old one.
pub(super) fn derive_trainee(
    old: Option<&RegisterTrainee>,
    new: &RegisterTrainee,
    seen: &Seen,
) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    if old.is_none() {
        status::registered_first(new, &mut events);
    }
    // Planned and confirmed dates come first: what is told of the state may end what they began.
    training_dates(old, new, &mut events);
    status::events(old, new, &mut events);
    outcome(old, new, &mut events);
    withdrawal_details(old, new, &mut events);
    provider(old, new, &mut events);
    course(old, new, &mut events);
    placements(old, new, &mut events);
    events.list
}

/// From when the record as such can be dated: when it was submitted, else when it was seen.
fn registered(new: &RegisterTrainee, seen: &Seen) -> Effective {
    let submitted = new.submitted_for_trn_at.value();
    submitted.map_or_else(|| seen.observed(), |at| Effective::inferred(london_date(*at)))
}

/// Planned start and end, confirmed start: three facts, never one for another (T25).
fn training_dates(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let observed = events.seen.observed();
    if let Some(moved) = moved(old.map(|old| &old.itt_start_date), &new.itt_start_date) {
        let effective = new_or_old(&moved.change).unwrap_or(observed);
        events.push(Fact::PlannedStartChanged(moved.change), effective, moved.kind);
    }
    if let Some(moved) = moved(old.map(|old| &old.itt_end_date), &new.itt_end_date) {
        let effective = new_or_old(&moved.change).unwrap_or(observed);
        events.push(Fact::PlannedEndChanged(moved.change), effective, moved.kind);
    }
    confirmed_start(
        old.map(|old| &old.trainee_start_date),
        &new.trainee_start_date,
        events,
    );
}

fn outcome(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let Some(moved) = moved(old.map(|old| &old.outcome_date), &new.outcome_date) else {
        return;
    };
    let effective = new_or_old(&moved.change).unwrap_or_else(|| events.seen.observed());
    events.push(Fact::OutcomeDateChanged(moved.change), effective, moved.kind);
}

/// A start is confirmed by its date, moved by another one, taken back by null.
fn confirmed_start(old: Option<&Stated<CivilDate>>, new: &Stated<CivilDate>, events: &mut Events<'_>) {
    let Some(moved) = moved(old, new) else { return };
    let Change { old, new } = &moved.change;
    let effective = earlier(old.as_ref(), new.as_ref()).unwrap_or_else(|| events.seen.observed());
    match (old, new) {
        (None, Some(_)) => events.push(Fact::StartConfirmed(moved.change), effective, moved.kind),
        (Some(_), None) => events.push(
            Fact::StartDateRevised(moved.change),
            effective,
            ChangeKind::Reversed,
        ),
        (Some(_), Some(_)) | (None, None) => {
            events.push(Fact::StartDateRevised(moved.change), effective, moved.kind);
        }
    }
}

fn provider(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let Some(moved) = moved(old.map(|old| &old.ukprn), &new.ukprn) else {
        return;
    };
    let effective = if events.is_first {
        registered(new, events.seen)
    } else {
        events.seen.updated()
    };
    events.push(Fact::TraineeMovedProvider(moved.change), effective, moved.kind);
}

/// What a withdrawal says – day, trigger, reasons – is a unit of its own beside the state, stated, corrected or undone.
fn withdrawal_details(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let Some(moved) = moved(old.map(|old| &old.withdrawal), &new.withdrawal) else {
        return;
    };
    let date = |withdrawal: &Option<Withdrawal>| withdrawal.as_ref()?.date.value().cloned();
    let (old, new) = (date(&moved.change.old), date(&moved.change.new));
    let effective = earlier(old.as_ref(), new.as_ref()).unwrap_or_else(|| events.seen.observed());
    events.push(
        Fact::WithdrawalDetailsCorrected(moved.change),
        effective,
        moved.kind,
    );
}

fn course(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let Some(moved) = moved(old.map(|old| &old.course), &new.course) else {
        return;
    };
    let effective = if events.is_first {
        registered(new, events.seen)
    } else {
        events.seen.updated()
    };
    events.push(Fact::CourseDetailsChanged(moved.change), effective, moved.kind);
}

/// Placements have no dates, and do not touch the trainee's `updated_at` (U§3.1): they are as of when they were seen.
fn placements(old: Option<&RegisterTrainee>, new: &RegisterTrainee, events: &mut Events<'_>) {
    let old = old.map(|old| &old.placements);
    let observed = events.seen.observed();
    let changes = differing_children(old, &new.placements, |placement| &placement.id);
    if let (true, Some(kind)) = (changes.is_empty(), list_came_or_went(old, &new.placements)) {
        events.push(
            Fact::PlacementChanged(Change { old: None, new: None }),
            observed,
            kind,
        );
    }
    for change in changes {
        match (&change.old, &change.new) {
            (None, _) => events.push(Fact::PlacementRecorded(change), observed, ChangeKind::FirstSeen),
            (Some(_), Some(_)) => events.push(Fact::PlacementChanged(change), observed, ChangeKind::Changed),
            (Some(_), None) => events.push(Fact::PlacementRemoved(change), observed, ChangeKind::Changed),
        }
    }
}

#[cfg(test)]
mod tests;
