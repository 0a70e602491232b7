//! The diff: what changed between two canonical states of one source record, as events. Pure, deterministic and
//! total. Compares meaning, never bookkeeping or array order; child rows are keyed by their ids.
//!
//! No field of a state may differ without an event, so that states and events never drift apart.

use jiff::civil::Date;
use ltr_domain::event::{Change, ChangeKind, Event, Fact};
use ltr_domain::record::{Body, State, Stated};
use ltr_domain::time::{CivilDate, Effective};

mod apply;
mod register;
mod shared;
mod teaching_vacancies;
mod trs;

/// When a state was seen: the last resort for effective dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The London day on which the source was read.
    pub observed_on: Date,
    /// The London day of the source's own `updated_at`, where it gives one.
    pub source_updated_on: Option<Date>,
}

impl Seen {
    /// The day on which it was seen.
    #[must_use]
    pub fn observed(&self) -> Effective {
        Effective::observed(self.observed_on)
    }

    /// The source's own day of change (inferred), or the day on which it was seen.
    #[must_use]
    pub fn updated(&self) -> Effective {
        self.source_updated_on
            .map_or_else(|| self.observed(), Effective::inferred)
    }
}

/// What changed from `previous` to `next`, which is already laid over it (`Body::over`, digests united).
#[must_use]
pub fn derive(previous: Option<&State>, next: &State, seen: &Seen) -> Vec<Event> {
    let mut events = Events::new(seen, previous.is_none());
    shared::presence(previous, next, &mut events);
    events
        .list
        .extend(body_events(previous.map(|state| &state.body), &next.body, seen));
    shared::links(previous, next, &mut events);
    shared::details(previous, next, &mut events);
    events.list
}

/// The events of the facts, by kind of record. Bodies of two kinds never meet on one subject; should they, the new one
/// is taken as seen for the first time.
fn body_events(previous: Option<&Body>, next: &Body, seen: &Seen) -> Vec<Event> {
    macro_rules! of_same_kind {
        ($variant:ident) => {
            previous.and_then(|body| {
                if let Body::$variant(old) = body {
                    Some(old)
                } else {
                    None
                }
            })
        };
    }
    match next {
        Body::ApplyCandidate(new) => apply::derive_candidate(of_same_kind!(ApplyCandidate), new, seen),
        Body::ApplyChoice(new) => apply::derive_choice(of_same_kind!(ApplyChoice), new, seen),
        Body::ApplyRecruit(new) => apply::derive_recruit(of_same_kind!(ApplyRecruit), new, seen),
        Body::RegisterTrainee(new) => {
            register::derive_trainee(of_same_kind!(RegisterTrainee).map(AsRef::as_ref), new, seen)
        }
        Body::TrsPerson(new) => trs::derive_person(of_same_kind!(TrsPerson).map(AsRef::as_ref), new, seen),
        Body::TvJobApplication(new) => {
            teaching_vacancies::derive_job_application(of_same_kind!(TvJobApplication), new, seen)
        }
        Body::TvVacancy(new) => teaching_vacancies::derive_vacancy(of_same_kind!(TvVacancy), new, seen),
        Body::TvPosting(new) => teaching_vacancies::derive_vacancy(of_same_kind!(TvPosting), new, seen),
    }
}

/// Whether two states say the same: exactly when [`derive()`] finds nothing.
#[must_use]
pub fn same_meaning(a: &State, b: &State) -> bool {
    let any_day = Seen {
        observed_on: Date::ZERO,
        source_updated_on: None,
    };
    derive(Some(a), b, &any_day).is_empty()
}

/// The events found so far, and what they fall back on for kind and date.
pub(crate) struct Events<'a> {
    /// When the state was seen.
    pub(crate) seen: &'a Seen,
    /// Whether the record itself is seen for the first time.
    pub(crate) is_first: bool,
    list: Vec<Event>,
}

impl<'a> Events<'a> {
    fn new(seen: &'a Seen, is_first: bool) -> Self {
        Self {
            seen,
            is_first,
            list: Vec::new(),
        }
    }

    /// Adds a fact of a kind.
    pub(crate) fn push(&mut self, fact: Fact, effective: Effective, kind: ChangeKind) {
        self.list.push(Event {
            fact,
            effective,
            kind,
            supersedes: None,
        });
    }

    /// Adds a fact that is first seen if nothing was stated of its unit before, changed otherwise.
    pub(crate) fn unit<T>(
        &mut self,
        change: Change<T>,
        fact: impl FnOnce(Change<T>) -> Fact,
        effective: Effective,
    ) {
        let kind = if change.old.is_none() {
            ChangeKind::FirstSeen
        } else {
            ChangeKind::Changed
        };
        self.push(fact(change), effective, kind);
    }
}

/// The values before and after, where they differ; `None` where they say the same.
///
/// Not stated and stated as null differ: both sides of the change are empty then.
pub(crate) fn differing<T: Clone + PartialEq>(old: Option<&Stated<T>>, new: &Stated<T>) -> Option<Change<T>> {
    let old = old.unwrap_or(&Stated::Unstated);
    (old != new).then(|| Change {
        old: old.value().cloned(),
        new: new.value().cloned(),
    })
}

/// The day a source states, if it is readable.
pub(crate) fn stated_day(date: &Stated<CivilDate>) -> Option<Effective> {
    date.value().and_then(CivilDate::day).map(Effective::stated)
}

#[cfg(test)]
mod tests;
