//! What the tests of the core write histories with.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::event::{Change, ChangeKind, Event, Fact};
use crate::ids::{DeliveryId, RecordId};
use crate::observation::Observation;
use crate::record::trs::Route;
use crate::record::{RouteStatus, State, Stated};
use crate::time::{CivilDate, Effective, ObservedAt, RecordedAt, TakenAt};

/// An observation of nothing but events: folding reads them, and no state.
pub(crate) fn observation(
    record: &RecordId,
    at: Timestamp,
    events: Vec<Event>,
) -> Observation<Option<State>> {
    Observation {
        record: record.clone(),
        delivery: DeliveryId(uuid::Uuid::nil()),
        taken_at: TakenAt(at),
        observed_at: ObservedAt(at),
        recorded_at: RecordedAt(at),
        source_updated_at: None,
        mapping_version: 1,
        previous: None,
        state: None,
        events,
        evidence: None,
    }
}

/// A change that the source dates.
pub(crate) fn event(fact: Fact, on: Date) -> Event {
    Event {
        fact,
        effective: Effective::stated(on),
        kind: ChangeKind::Changed,
        supersedes: None,
    }
}

/// A change to a value from nothing known.
pub(crate) fn to<T>(new: T) -> Change<T> {
    Change {
        old: None,
        new: Some(new),
    }
}

/// A route to qualified teacher status, in training from September 2026 to July 2027.
pub(crate) fn route_in_training() -> Route {
    let day = |on| Stated::Value(CivilDate::Day(on));
    Route {
        key: "r1".into(),
        type_id: Stated::Unstated,
        type_name: Stated::Unstated,
        leads_to: Stated::Unstated,
        status: RouteStatus::InTraining,
        holds_from: Stated::Null,
        training_start_date: day(date(2026, 9, 1)),
        training_end_date: day(date(2027, 7, 1)),
        subjects: Stated::Unstated,
        provider_ukprn: Stated::Unstated,
        provider_name: Stated::Unstated,
    }
}
