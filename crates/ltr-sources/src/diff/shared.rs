//! What every kind of record has – presence, links, personal details – and the comparing that the kinds share.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::event::{Change, ChangeKind, Fact, Link};
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{Body, KeyedDigest, PersonalField, State, Stated};
use ltr_domain::time::{CivilDate, Effective};

use super::Events;

/// Whether the record went from its feed, or came back. Changes no fact (T14).
pub(super) fn presence(previous: Option<&State>, next: &State, events: &mut Events<'_>) {
    let was_vanished = previous.is_some_and(|state| state.vanished);
    match (was_vanished, next.vanished) {
        (false, true) => events.push(
            Fact::SourceRecordVanished,
            events.seen.observed(),
            ChangeKind::Vanished,
        ),
        (true, false) => events.push(
            Fact::SourceRecordReappeared,
            events.seen.observed(),
            ChangeKind::Reappeared,
        ),
        (true, true) | (false, false) => {}
    }
}

/// Which keys of other records this one carries now, and which no longer (T07, T31).
///
/// A TRN that was merged and then is gone or not found stays merged: TRS has no way to undo a merge, and answers for
/// the end of the chain (S-J).
pub(super) fn links(previous: Option<&State>, next: &State, events: &mut Events<'_>) {
    let links_of = |state: &State| state.body.links().into_iter().collect::<BTreeSet<Link>>();
    let (old, new) = (previous.map(links_of).unwrap_or_default(), links_of(next));
    let is_silent = is_answer_without_target(&next.body);
    for gone in old.difference(&new).filter(|_| !is_silent) {
        events.push(
            Fact::IdentityLinkRetracted(gone.clone()),
            events.seen.observed(),
            ChangeKind::Reversed,
        );
    }
    for come in new.difference(&old) {
        events.push(
            Fact::IdentityLinkAsserted(come.clone()),
            events.seen.observed(),
            ChangeKind::FirstSeen,
        );
    }
}

fn is_answer_without_target(body: &Body) -> bool {
    matches!(body, Body::TrsPerson(person) if matches!(person.answer, Answer::Deactivated | Answer::NotFound))
}

/// Which personal values differ, by digest. When they came to differ nobody says (T28).
pub(super) fn details(previous: Option<&State>, next: &State, events: &mut Events<'_>) {
    for field in PersonalField::ALL {
        let old = previous.and_then(|state| state.digests.get(&field)).copied();
        let new = next.digests.get(&field).copied();
        if old != new {
            let change = Change { old, new };
            events.unit(change, |change| detail(field, change), events.seen.observed());
        }
    }
}

fn detail(field: PersonalField, change: Change<KeyedDigest>) -> Fact {
    let is_first = change.old.is_none();
    match field {
        PersonalField::Names if is_first => Fact::NameObserved(change),
        PersonalField::Names => Fact::NameChanged(change),
        PersonalField::DateOfBirth if is_first => Fact::DateOfBirthObserved(change),
        PersonalField::DateOfBirth => Fact::DateOfBirthCorrected(change),
        PersonalField::PreviousNames => Fact::PreviousNamesChanged(change),
        PersonalField::DeclaredTrn => Fact::TrnDeclared(change),
        PersonalField::Email => Fact::ContactEmailChanged(change),
    }
}

/// A unit that says something else than before.
pub(super) struct Moved<T> {
    /// What it said and says; both empty when only "not stated" became "none".
    pub(super) change: Change<T>,
    /// First seen if nothing at all was stated of it before.
    pub(super) kind: ChangeKind,
}

/// Compares a unit. In a record seen for the first time, what is stated to be none is no news.
pub(super) fn moved<T: Clone + PartialEq>(old: Option<&Stated<T>>, new: &Stated<T>) -> Option<Moved<T>> {
    let Some(old) = old else {
        let new = Some(new.value()?.clone());
        return Some(Moved {
            change: Change { old: None, new },
            kind: ChangeKind::FirstSeen,
        });
    };
    if old == new {
        return None;
    }
    let kind = if old.is_stated() {
        ChangeKind::Changed
    } else {
        ChangeKind::FirstSeen
    };
    Some(Moved {
        change: Change {
            old: old.value().cloned(),
            new: new.value().cloned(),
        },
        kind,
    })
}

/// Child rows that differ, paired by key and in its order. A key that repeats pairs by place within its repeats.
pub(super) fn differing_children<T: Clone + PartialEq>(
    old: Option<&Stated<Vec<T>>>,
    new: &Stated<Vec<T>>,
    key: impl Fn(&T) -> &str,
) -> Vec<Change<T>> {
    let mut pairs: BTreeMap<(&str, usize), Change<T>> = BTreeMap::new();
    let old = old.and_then(Stated::value).map(Vec::as_slice).unwrap_or_default();
    for (place, child) in numbered(old, &key) {
        pairs.insert(
            place,
            Change {
                old: Some(child.clone()),
                new: None,
            },
        );
    }
    let new = new.value().map(Vec::as_slice).unwrap_or_default();
    for (place, child) in numbered(new, &key) {
        pairs.entry(place).or_insert(Change { old: None, new: None }).new = Some(child.clone());
    }
    pairs
        .into_values()
        .filter(|change| change.old != change.new)
        .collect()
}

fn numbered<'a, T>(children: &'a [T], key: impl Fn(&'a T) -> &'a str) -> Vec<((&'a str, usize), &'a T)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(children.len());
    for child in children {
        let key = key(child);
        let count = counts.entry(key).or_default();
        places.push(((key, *count), child));
        *count += 1;
    }
    places
}

/// How a list came to be stated, or stopped being, in a record that is known: news even if the list is empty.
pub(super) fn list_came_or_went<T>(old: Option<&Stated<Vec<T>>>, new: &Stated<Vec<T>>) -> Option<ChangeKind> {
    let old = old.filter(|old| std::mem::discriminant(*old) != std::mem::discriminant(new))?;
    Some(if old.is_stated() {
        ChangeKind::Changed
    } else {
        ChangeKind::FirstSeen
    })
}

/// The earlier of two stated days, of those that can be read.
pub(super) fn earlier(old: Option<&CivilDate>, new: Option<&CivilDate>) -> Option<Effective> {
    let days = [old, new].into_iter().flatten().filter_map(CivilDate::day);
    days.min().map(Effective::stated)
}

/// The new stated day, or the old one where there is no new one.
pub(super) fn new_or_old(change: &Change<CivilDate>) -> Option<Effective> {
    change
        .new
        .as_ref()
        .or(change.old.as_ref())
        .and_then(CivilDate::day)
        .map(Effective::stated)
}

#[cfg(test)]
mod tests;
