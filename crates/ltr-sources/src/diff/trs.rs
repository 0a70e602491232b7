//! Events of a TRS person. TRS says what is, seldom since when it says so: what it takes away is dated by when that was
//! seen.

use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::record::trs::{Answer, HeldStatus};
use ltr_domain::record::{QtlsStatus, Stated, TrsPerson};
use ltr_domain::time::{CivilDate, Effective};

use super::shared::{Moved, earlier, moved};
use super::{Events, Seen};

mod children;
mod induction;

/// The events between two answers about one TRN; all of it is new if there is no old one.
pub(super) fn derive_person(old: Option<&TrsPerson>, new: &TrsPerson, seen: &Seen) -> Vec<Event> {
    let mut events = Events::new(seen, old.is_none());
    answer(old, new, &mut events);
    qualified_status(old, new, &mut events);
    early_years_status(old, new, &mut events);
    qtls(old, new, &mut events);
    induction::events(old, new, &mut events);
    children::routes(old, new, &mut events);
    children::mandatory_qualifications(old, new, &mut events);
    children::alerts(old, new, &mut events);
    events.list
}

fn answer(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let old = old.map(|old| old.answer);
    if old == Some(new.answer) {
        return;
    }
    let change = Change {
        old,
        new: Some(new.answer),
    };
    let (fact, kind) = match (old, new.answer) {
        (None, Answer::Found) => (Fact::TrnAllocated(change), ChangeKind::FirstSeen),
        (Some(Answer::Deactivated | Answer::MergedInto(_)), Answer::Found) => {
            (Fact::TrnReactivated(change), ChangeKind::Reversed)
        }
        (Some(Answer::NotFound | Answer::Found), Answer::Found) => {
            (Fact::TrnAllocated(change), ChangeKind::Changed)
        }
        (old, Answer::MergedInto(_)) => (Fact::TrnMergedInto(change), first_or_changed(old)),
        (old, Answer::Deactivated) => (Fact::TrnDeactivated(change), first_or_changed(old)),
        (old, Answer::NotFound) => (Fact::TrnNotFound(change), first_or_changed(old)),
    };
    events.push(fact, events.seen.observed(), kind);
}

/// Compares a section. TRS stating that there is none is an answer, also when the person is seen for the first time.
fn section<T: Clone + PartialEq>(old: Option<&Stated<T>>, new: &Stated<T>) -> Option<Moved<T>> {
    moved(Some(old.unwrap_or(&Stated::Unstated)), new)
}

fn first_or_changed<T>(old: Option<T>) -> ChangeKind {
    if old.is_none() {
        ChangeKind::FirstSeen
    } else {
        ChangeKind::Changed
    }
}

fn qualified_status(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let Some(moved) = section(old.map(|old| &old.qts), &new.qts) else {
        return;
    };
    let observed = events.seen.observed();
    let since = held_since(&moved.change).unwrap_or(observed);
    match (&moved.change.old, &moved.change.new) {
        (None, Some(_)) => events.push(Fact::QualifiedStatusHeld(moved.change), since, moved.kind),
        (Some(_), Some(_)) => events.push(Fact::QualifiedDateRevised(moved.change), since, moved.kind),
        (_, None) => events.push(Fact::QualifiedStatusRemoved(moved.change), observed, moved.kind),
    }
}

fn early_years_status(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let Some(moved) = section(old.map(|old| &old.eyts), &new.eyts) else {
        return;
    };
    let observed = events.seen.observed();
    let is_removed = moved.change.new.is_none();
    let effective = if is_removed {
        observed
    } else {
        held_since(&moved.change).unwrap_or(observed)
    };
    events.push(Fact::EarlyYearsStatusChanged(moved.change), effective, moved.kind);
}

/// The earlier of the days before and after: from there on the two statements differ.
fn held_since(change: &Change<HeldStatus>) -> Option<Effective> {
    let day = |held: &Option<HeldStatus>| -> Option<CivilDate> { held.as_ref()?.holds_from.value().cloned() };
    earlier(day(&change.old).as_ref(), day(&change.new).as_ref())
}

fn qtls(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let Some(moved) = section(old.map(|old| &old.qtls), &new.qtls) else {
        return;
    };
    let observed = events.seen.observed();
    let fact = match &new.qtls {
        Stated::Value(QtlsStatus::Active) => Fact::QtlsGranted(moved.change),
        Stated::Value(QtlsStatus::None | QtlsStatus::Expired | QtlsStatus::Unrecognised(_))
        | Stated::Null
        | Stated::Unstated => Fact::QtlsLapsed(moved.change),
    };
    events.push(fact, observed, moved.kind);
}

#[cfg(test)]
mod tests;
