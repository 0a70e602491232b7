//! Events of the child rows of a TRS person: routes, mandatory qualifications and alerts, each by its key.

use ltr_domain::event::{Change, ChangeKind, Fact};
use ltr_domain::record::trs::{Alert, MandatoryQualification, Route};
use ltr_domain::record::{RouteStatus, Stated, TrsPerson};
use ltr_domain::time::Effective;

use super::super::shared::{differing_children, earlier, list_came_or_went};
use super::super::{Events, stated_day};

pub(super) fn routes(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let old = old.map(|old| &old.routes);
    let observed = events.seen.observed();
    let changes = differing_children(old, &new.routes, |route| &route.key);
    if let (true, Some(kind)) = (changes.is_empty(), list_came_or_went(old, &new.routes)) {
        events.push(
            Fact::RouteStatusChanged(Change { old: None, new: None }),
            observed,
            kind,
        );
    }
    for change in changes {
        match (&change.old, &change.new) {
            (None, new) => {
                let effective = new.as_ref().and_then(route_since).unwrap_or(observed);
                events.push(Fact::RouteRecorded(change), effective, ChangeKind::FirstSeen);
            }
            (Some(old), Some(new)) => {
                let effective = route_moved(old, new).unwrap_or(observed);
                events.push(Fact::RouteStatusChanged(change), effective, ChangeKind::Changed);
            }
            (Some(_), None) => events.push(Fact::RouteRemoved(change), observed, ChangeKind::Changed),
        }
    }
}

/// From when a route is so: since it holds, else since training began.
fn route_since(route: &Route) -> Option<Effective> {
    stated_day(&route.holds_from).or_else(|| stated_day(&route.training_start_date))
}

/// From when a changed route is so. A route that came to be withdrawn or deferred was not so since training began, and
/// TRS does not say since when.
fn route_moved(old: &Route, new: &Route) -> Option<Effective> {
    if old.status == new.status || new.status == RouteStatus::Holds {
        return route_since(new);
    }
    None
}

pub(super) fn mandatory_qualifications(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let old = old.map(|old| &old.mandatory_qualifications);
    let observed = events.seen.observed();
    let changes = differing_children(old, &new.mandatory_qualifications, |qualification| {
        &qualification.key
    });
    if let (true, Some(kind)) = (
        changes.is_empty(),
        list_came_or_went(old, &new.mandatory_qualifications),
    ) {
        let none = Change { old: None, new: None };
        events.push(Fact::MandatoryQualificationChanged(none), observed, kind);
    }
    for change in changes {
        let gained = |qualification: &MandatoryQualification| stated_day(&qualification.end_date);
        let effective = change.new.as_ref().and_then(gained).unwrap_or(observed);
        let (fact, kind): (fn(_) -> Fact, _) = match (&change.old, &change.new) {
            (None, _) => (Fact::MandatoryQualificationRecorded, ChangeKind::FirstSeen),
            (Some(_), Some(_)) => (Fact::MandatoryQualificationChanged, ChangeKind::Changed),
            (Some(_), None) => (Fact::MandatoryQualificationRemoved, ChangeKind::Changed),
        };
        events.push(fact(change), effective, kind);
    }
}

pub(super) fn alerts(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let old = old.map(|old| &old.alerts);
    listed(old, &new.alerts, events);
    if new.alerts.value().is_none() {
        return; // No list is no word on the alerts that were on it: they are not known to be deleted.
    }
    for change in differing_children(old, &new.alerts, |alert| &alert.key) {
        let (fact, effective, kind) = alert_event(change);
        events.push(fact, effective.unwrap_or_else(|| events.seen.observed()), kind);
    }
}

/// That the alerts of this person are listed at all: only then does the absence of one mean anything.
fn listed(old: Option<&Stated<Vec<Alert>>>, new: &Stated<Vec<Alert>>, events: &mut Events<'_>) {
    let first_list = (events.is_first && new.value().is_some()).then_some(ChangeKind::FirstSeen);
    let Some(kind) = first_list.or_else(|| list_came_or_went(old, new)) else {
        return;
    };
    let count = |alerts: &Stated<Vec<Alert>>| {
        alerts
            .value()
            .map(|alerts| u32::try_from(alerts.len()).unwrap_or(u32::MAX))
    };
    let change = Change {
        old: old.and_then(count),
        new: count(new),
    };
    events.push(Fact::AlertsListed(change), events.seen.observed(), kind);
}

/// An alert that got an end was closed; one that is gone was deleted or made internal (T34).
fn alert_event(change: Change<Alert>) -> (Fact, Option<Effective>, ChangeKind) {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.end_date.value().is_none() && new.end_date.value().is_some() => {
            let effective = stated_day(&new.end_date);
            (Fact::AlertClosed(change), effective, ChangeKind::Changed)
        }
        (Some(old), Some(new)) => {
            let effective = amended(old, new);
            (Fact::AlertAmended(change), effective, ChangeKind::Changed)
        }
        (Some(_), None) => (Fact::AlertDeleted(change), None, ChangeKind::Changed),
        (None, new) => {
            let effective = new.as_ref().and_then(|alert| stated_day(&alert.start_date));
            (Fact::AlertOpened(change), effective, ChangeKind::FirstSeen)
        }
    }
}

/// From when an amended alert differs: the earlier of the days of the first date that moved.
fn amended(old: &Alert, new: &Alert) -> Option<Effective> {
    let moved = [(&old.start_date, &new.start_date), (&old.end_date, &new.end_date)];
    let (old, new) = moved.into_iter().find(|(old, new)| old != new)?;
    earlier(old.value(), new.value())
}
