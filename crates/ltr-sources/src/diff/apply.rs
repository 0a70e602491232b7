//! Events of Apply's candidates, choices and recruits. Any move between statuses is accepted, never enforced: support
//! undoes what the published machine calls final (U§2.4).

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::record::apply::{ChosenCourse, Form, Interview};
use ltr_domain::record::{ApplyCandidate, ApplyChoice, ApplyRecruit, ChoiceStatus, Stated};
use ltr_domain::time::{Effective, london_date};

use super::{Events, Seen, differing};

mod status;

/// The events of a candidate account: that it was seen, and each of its forms that differs.
pub(super) fn derive_candidate(
    old: Option<&ApplyCandidate>,
    new: &ApplyCandidate,
    seen: &Seen,
) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    if old.is_none_or(|old| old.created_at != new.created_at) {
        let was_stated = old.is_some_and(|old| old.created_at.value().is_some());
        let kind = if was_stated {
            ChangeKind::Changed
        } else {
            ChangeKind::FirstSeen
        };
        let effective = day_of(&new.created_at).map_or_else(|| seen.updated(), Effective::stated);
        events.push(Fact::CandidateSeen, effective, kind);
    }
    forms(old, new, &mut events);
    events.list
}

/// One event per form that was added, changed or taken away; order in the list means nothing.
fn forms(old: Option<&ApplyCandidate>, new: &ApplyCandidate, events: &mut Events<'_>) {
    let before = old
        .map(|old| by_id(&old.forms, |form| form.id.0))
        .unwrap_or_default();
    let after = by_id(&new.forms, |form| form.id.0);
    let ids: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let mut is_any = false;
    for id in ids {
        let (was, is) = (before.get(&id).copied(), after.get(&id).copied());
        if was == is {
            continue;
        }
        is_any = true;
        let change = Change {
            old: was.map(|_| id),
            new: is.map(|_| id),
        };
        events.unit(
            change,
            Fact::ApplicationFormChanged,
            form_effective(was, is, events.seen),
        );
    }
    // Null, absent and [] are three statements (T21), with no form among them to name.
    let list_was_restated = old.is_some_and(|old| discriminant(&old.forms) != discriminant(&new.forms));
    if list_was_restated && !is_any {
        let none = Change { old: None, new: None };
        events.unit(none, Fact::ApplicationFormChanged, events.seen.updated());
    }
}

/// A form that was submitted changed on that day; any other change is dated by the account's own bookkeeping.
fn form_effective(was: Option<&Form>, is: Option<&Form>, seen: &Seen) -> Effective {
    is.and_then(|form| freshly_stated(was.map(|form| &form.submitted_at), &form.submitted_at))
        .map_or_else(|| seen.updated(), Effective::stated)
}

/// The events of a choice: its status, then course and provider, cycle and interviews.
pub(super) fn derive_choice(old: Option<&ApplyChoice>, new: &ApplyChoice, seen: &Seen) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    match old {
        Some(old) if old.status == new.status => {
            if choice_details(old) != choice_details(new) {
                same_status(&new.status, &mut events);
            }
        }
        _ => {
            let name = status::name(old.map(|old| &old.status), &new.status);
            let effective = choice_effective(old, new, name.fact, seen);
            name.push(old.map(|old| &old.status), &new.status, effective, &mut events);
        }
    }
    let (was, is) = (
        old.map(|old| (&old.course, &old.provider_name)),
        (&new.course, &new.provider_name),
    );
    if was.map_or_else(|| is_valued(is.0) || is_valued(is.1), |was| was != is) {
        let was_stated = was.is_some_and(|(course, provider)| is_valued(course) || is_valued(provider));
        let old_course = was.and_then(|(course, _)| course.value());
        course_choice(old_course, is.0.value(), was_stated, &mut events);
    }
    cycle(old.map(|old| &old.cycle_year), &new.cycle_year, &mut events);
    interviews(old.map(|old| &old.interviews), &new.interviews, &mut events);
    events.list
}

/// What belongs to a choice's status, besides the status.
fn choice_details(choice: &ApplyChoice) -> impl PartialEq + use<'_> {
    let ApplyChoice {
        candidate,
        form,
        created_at,
        sent_to_provider_at,
        accepted_at,
        ..
    } = choice;
    (candidate, form, created_at, sent_to_provider_at, accepted_at)
}

/// The day a choice came to its status: as stated where one of its own instants is news and names exactly that step.
fn choice_effective(
    old: Option<&ApplyChoice>,
    new: &ApplyChoice,
    fact: status::Named,
    seen: &Seen,
) -> Effective {
    let accepted = freshly_stated(old.map(|old| &old.accepted_at), &new.accepted_at);
    let found = match fact {
        status::Named::Submitted => {
            freshly_stated(old.map(|old| &old.sent_to_provider_at), &new.sent_to_provider_at)
                .map(Effective::stated)
        }
        status::Named::Accepted => accepted.map(Effective::stated),
        status::Named::Recruited => match old.map(|old| &old.status) {
            // An unconditional offer: accepting it and being recruited are one step.
            Some(ChoiceStatus::Offer) => accepted.map(Effective::stated),
            // Seen late: recruited then or, had there been conditions, some time after.
            None => accepted.map(Effective::inferred),
            Some(_) => None,
        },
        status::Named::Made
        | status::Named::Deferred
        | status::Named::Reinstated
        | status::Named::Rejected
        | status::Named::Withdrawn
        | status::Named::Reversed
        | status::Named::Moved => None,
    };
    found.unwrap_or_else(|| seen.updated())
}

/// The events of an application in the recruits API: its status, then course and provider, and cycle.
pub(super) fn derive_recruit(old: Option<&ApplyRecruit>, new: &ApplyRecruit, seen: &Seen) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    match old {
        Some(old) if old.status == new.status => {
            if recruit_details(old) != recruit_details(new) {
                same_status(&new.status, &mut events);
            }
        }
        _ => {
            let name = status::name(old.map(|old| &old.status), &new.status);
            let recruited = freshly_stated(old.map(|old| &old.recruited_at), &new.recruited_at)
                .filter(|_| name.fact == status::Named::Recruited);
            let effective = recruited.map_or_else(|| seen.updated(), Effective::stated);
            name.push(old.map(|old| &old.status), &new.status, effective, &mut events);
        }
    }
    let (was, is) = (old.map(recruit_course), recruit_course(new));
    let was_stated = was.is_some_and(|was| was.iter().any(|field| is_valued(field)));
    let is_stated = is.iter().any(|field| is_valued(field));
    if was.map_or(is_stated, |was| was != is) {
        let old_course = old.filter(|_| was_stated).map(named_course);
        let new_course = is_stated.then(|| named_course(new));
        course_choice(old_course.as_ref(), new_course.as_ref(), was_stated, &mut events);
    }
    cycle(old.map(|old| &old.cycle_year), &new.cycle_year, &mut events);
    events.list
}

/// What belongs to a recruit's status, besides the status.
fn recruit_details(recruit: &ApplyRecruit) -> impl PartialEq + use<'_> {
    (&recruit.candidate, &recruit.submitted_at, &recruit.recruited_at)
}

/// What a recruit was recruited to: course, providers and mode of study.
fn recruit_course(recruit: &ApplyRecruit) -> [&Stated<String>; 6] {
    [
        &recruit.course_uuid,
        &recruit.course_code,
        &recruit.training_provider_code,
        &recruit.training_provider_type,
        &recruit.accredited_provider_code,
        &recruit.study_mode,
    ]
}

/// The course as an event names it: by its uuid, the one name that both Apply feeds share.
fn named_course(recruit: &ApplyRecruit) -> ChosenCourse {
    ChosenCourse {
        uuid: recruit.course_uuid.clone(),
        ..ChosenCourse::default()
    }
}

/// Details changed under a status that stayed.
fn same_status(status: &ChoiceStatus, events: &mut Events<'_>) {
    let change = Change {
        old: Some(status.clone()),
        new: Some(status.clone()),
    };
    events.push(
        Fact::ApplicationChoiceStatusChanged(change),
        events.seen.updated(),
        ChangeKind::Changed,
    );
}

fn course_choice(
    old: Option<&ChosenCourse>,
    new: Option<&ChosenCourse>,
    was_stated: bool,
    events: &mut Events<'_>,
) {
    let kind = if was_stated {
        ChangeKind::Changed
    } else {
        ChangeKind::FirstSeen
    };
    let change = Change {
        old: old.cloned(),
        new: new.cloned(),
    };
    events.push(Fact::CourseChoiceChanged(change), events.seen.updated(), kind);
}

/// A cycle's courses start from September of its year.
fn cycle(old: Option<&Stated<u16>>, new: &Stated<u16>, events: &mut Events<'_>) {
    let Some(change) = differing(old, new).filter(|_| old.is_some() || is_valued(new)) else {
        return;
    };
    let first_of_september = change
        .new
        .and_then(|year| Date::new(i16::try_from(year).ok()?, 9, 1).ok());
    let effective = first_of_september.map_or_else(|| events.seen.updated(), Effective::inferred);
    events.unit(change, Fact::CycleChanged, effective);
}

/// Interviews are compared one by one; the event tells how many stand, before and after.
fn interviews(old: Option<&Stated<Vec<Interview>>>, new: &Stated<Vec<Interview>>, events: &mut Events<'_>) {
    let differs = match (old, new) {
        (None, new) => new.value().is_some_and(|list| !list.is_empty()),
        (Some(old), new) => {
            discriminant(old) != discriminant(new) || by_id(old, |one| one.id) != by_id(new, |one| one.id)
        }
    };
    if !differs {
        return;
    }
    let change = Change {
        old: old.and_then(standing),
        new: standing(new),
    };
    events.unit(change, Fact::InterviewsChanged, events.seen.updated());
}

/// How many interviews are not cancelled.
fn standing(interviews: &Stated<Vec<Interview>>) -> Option<u32> {
    let count = interviews
        .value()?
        .iter()
        .filter(|one| !is_valued(&one.cancelled_at))
        .count();
    Some(u32::try_from(count).unwrap_or(u32::MAX))
}

fn by_id<T>(list: &Stated<Vec<T>>, id: impl Fn(&T) -> u64) -> BTreeMap<u64, &T> {
    list.value()
        .into_iter()
        .flatten()
        .map(|item| (id(item), item))
        .collect()
}

/// The London day of an instant that the source states now and did not state so before. An instant that was there
/// already dates an earlier step, not this one.
fn freshly_stated(old: Option<&Stated<Timestamp>>, new: &Stated<Timestamp>) -> Option<Date> {
    if old == Some(new) { None } else { day_of(new) }
}

fn day_of(at: &Stated<Timestamp>) -> Option<Date> {
    at.value().copied().map(london_date)
}

fn is_valued<T>(stated: &Stated<T>) -> bool {
    stated.value().is_some()
}

#[cfg(test)]
mod tests;
