//! Events of Teaching Vacancies' job applications and vacancies. There is no "hired": `offered` is the last positive
//! state (U§6.3), and an offer not declined proves no post.

use jiff::Timestamp;
use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::record::{JobApplicationStatus as Status, Stated, TvJobApplication};
use ltr_domain::time::{Effective, london_date};

use super::{Events, Seen};

/// The events of a job application: its status, or details changed under the same status.
pub(super) fn derive_job_application(
    old: Option<&TvJobApplication>,
    new: &TvJobApplication,
    seen: &Seen,
) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    let has_moved = old.is_none_or(|old| old.status != new.status);
    if has_moved {
        status(old, new, &mut events);
    }
    let Some(old) = old else { return events.list };
    let is_changed = declared(old) != declared(new) || (!has_moved && instants(old) != instants(new));
    if is_changed {
        events.push(
            Fact::JobApplicationDetailsChanged,
            seen.updated(),
            ChangeKind::Changed,
        );
    }
    events.list
}

/// What was applied for and declared: news by itself, whatever the status does.
fn declared(application: &TvJobApplication) -> impl PartialEq + use<'_> {
    (
        &application.vacancy_id,
        &application.application_type,
        &application.qualified_teacher_status,
        &application.induction_complete,
    )
}

/// The instants of the steps: part of a status event where there is one.
fn instants(application: &TvJobApplication) -> [&Stated<Timestamp>; 4] {
    [
        &application.submitted_at,
        &application.interviewing_at,
        &application.offered_at,
        &application.declined_at,
    ]
}

/// The event of a status, dated by the instant that belongs to it.
fn status(old: Option<&TvJobApplication>, new: &TvJobApplication, events: &mut Events<'_>) {
    let change = Change {
        old: old.map(|old| old.status.clone()),
        new: Some(new.status.clone()),
    };
    let fact = match &new.status {
        Status::Submitted if old.is_none_or(|old| old.status == Status::Draft) => {
            Fact::JobApplicationSubmitted(change)
        }
        Status::Offered => Fact::JobOfferRecorded(change),
        Status::Declined => Fact::JobOfferDeclined(change),
        Status::Draft
        | Status::Submitted
        | Status::Reviewed
        | Status::Shortlisted
        | Status::Interviewing
        | Status::Unsuccessful
        | Status::UnsuccessfulInterview
        | Status::Rejected
        | Status::Withdrawn
        | Status::Unrecognised(_) => Fact::JobApplicationStatusChanged(change),
    };
    // An instant that was there before dates an earlier step: an offer that was declined and made again, say.
    let was = old.and_then(|old| instant_of(&new.status, old));
    let is = instant_of(&new.status, new).filter(|is| was != Some(is));
    let effective = is.map_or_else(|| events.seen.updated(), |at| Effective::stated(london_date(*at)));
    let kind = if old.is_none() {
        ChangeKind::FirstSeen
    } else {
        ChangeKind::Changed
    };
    events.push(fact, effective, kind);
}

/// When an application came to that status, as far as it says so. `interviewing_at` is when an interview takes place,
/// not when it was set, and dates nothing.
fn instant_of<'a>(status: &Status, application: &'a TvJobApplication) -> Option<&'a Timestamp> {
    match status {
        Status::Submitted => application.submitted_at.value(),
        Status::Offered => application.offered_at.value(),
        Status::Declined => application.declined_at.value(),
        Status::Draft
        | Status::Reviewed
        | Status::Shortlisted
        | Status::Interviewing
        | Status::Unsuccessful
        | Status::UnsuccessfulInterview
        | Status::Rejected
        | Status::Withdrawn
        | Status::Unrecognised(_) => None,
    }
}

/// The event of a vacancy, whoever tells of it. It is about no person, and is one unit.
pub(super) fn derive_vacancy<V: PartialEq>(old: Option<&V>, new: &V, seen: &Seen) -> Vec<Event> {
    if old == Some(new) {
        return Vec::new();
    }
    let mut events = Events::new(seen, old.is_none());
    let kind = if old.is_none() {
        ChangeKind::FirstSeen
    } else {
        ChangeKind::Changed
    };
    events.push(Fact::VacancyChanged, seen.updated(), kind);
    events.list
}

#[cfg(test)]
mod tests;
