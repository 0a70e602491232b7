//! What is laid over an answer before it is sent. None of it is part of the record digest.

use jiff::civil::Date;
use ltr_domain::ids::Source;
use ltr_domain::time::KnownAt;
use ltr_ports::log::ClockKind;
use ltr_ports::store::{ANYONE, Checkpoint, FeedHeard};
use ltr_proto::record::{AsOf, Cause, Caveat, Facts, Freshness, Resolution, Stage, Teacher};
use ltr_proto::view;

use crate::config::RestrictedFacts;
use crate::surroundings::Silences;
use crate::token::ConsistencyToken;

/// The fact that is withheld.
const RESTRICTION: &str = "restriction";

/// The events that tell of it.
const RESTRICTED_EVENTS: [&str; 5] = [
    "AlertOpened",
    "AlertAmended",
    "AlertClosed",
    "AlertDeleted",
    "AlertsListed",
];

/// The moment an answer is about, and what it rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Basis {
    /// On which day.
    pub(crate) effective_on: Date,
    /// Knowing what.
    pub(crate) known_at: KnownAt,
    /// The day up to which that is all: of a later one nothing is known.
    pub(crate) known_on: Date,
    /// How far the log was projected.
    pub(crate) checkpoint: Checkpoint,
    /// Up to when it was listened: how long a source is silent depends on it.
    pub(crate) listened: Listened,
}

/// Up to when it was listened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listened {
    /// Up to now.
    UntilNow,
    /// Up to a known time that the caller named.
    Until(KnownAt),
}

/// Says what the answer is of, and how fresh.
pub(crate) fn describe(teacher: &mut Teacher, basis: &Basis, clock_kind: ClockKind, heard: &[FeedHeard]) {
    teacher.as_of = Some(AsOf {
        effective_on: basis.effective_on.to_string(),
        known_at: Some(view::timestamp(basis.known_at.0)),
    });
    let of_feeds = heard.iter().filter(|one| one.provider == ANYONE);
    teacher.freshness = of_feeds
        .map(|one| Freshness {
            feed: one.feed.to_string(),
            taken_at: Some(view::timestamp(one.taken_at.0)),
        })
        .collect();
    teacher.clock_simulated = clock_kind == ClockKind::Simulated;
    teacher.consistency_token = ConsistencyToken::of(&basis.checkpoint).to_string();
}

/// Adds the caveat `stale` to every answer that rests on a source, or a provider at it, that has gone silent; and to
/// one that would rest on Register's word if there was any.
pub(crate) fn mark_stale(teacher: &mut Teacher, silences: &Silences<'_>) {
    let waits = matches!(teacher.stage(), Stage::StartUnknown | Stage::LeftBeforeStart);
    let facts = teacher.facts.iter_mut().flat_map(facts);
    for resolution in facts.flatten() {
        mark(resolution, silences);
    }
    let Some(headline) = &mut teacher.headline else {
        return;
    };
    mark(headline, silences);
    if waits && silences.is_silent(Source::Register, ANYONE) {
        add_stale(headline);
    }
}

fn mark(resolution: &mut Resolution, silences: &Silences<'_>) {
    let Some(claim) = &resolution.claim else { return };
    let source = Source::ALL
        .into_iter()
        .find(|source| source.token() == claim.source);
    if source.is_some_and(|source| silences.is_silent(source, &claim.provider)) {
        add_stale(resolution);
    }
}

fn add_stale(resolution: &mut Resolution) {
    let stale = i32::from(Caveat::Stale);
    if !resolution.caveats.contains(&stale) {
        resolution.caveats.push(stale);
        resolution.caveats.sort_unstable();
    }
}

fn facts(facts: &mut Facts) -> [&mut Option<Resolution>; 5] {
    let Facts {
        qualified_status,
        training,
        induction,
        employment,
        restriction,
    } = facts;
    [qualified_status, training, induction, employment, restriction]
}

/// Takes out of causes what tells of the withheld fact: a message may tell of it beside what is shown.
pub(crate) fn withhold_events(causes: &mut [Cause], restricted: RestrictedFacts) {
    match restricted {
        RestrictedFacts::Allowed => {}
        RestrictedFacts::Withheld => {
            for cause in causes {
                cause
                    .events
                    .retain(|event| !RESTRICTED_EVENTS.contains(&event.as_str()));
            }
        }
    }
}

/// Takes away what a caller may not see, and says so.
pub(crate) fn withhold(teacher: &mut Teacher, restricted: RestrictedFacts) {
    match restricted {
        RestrictedFacts::Allowed => {}
        RestrictedFacts::Withheld => {
            if let Some(facts) = &mut teacher.facts {
                facts.restriction = None;
            }
            teacher.withheld = vec![RESTRICTION.to_owned()];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_about_alerts_is_restricted() {
        let alerts = ltr_domain::event::Fact::NAMES
            .iter()
            .filter(|name| name.starts_with("Alert"));
        assert!(alerts.eq(RESTRICTED_EVENTS.iter()));
    }
}
