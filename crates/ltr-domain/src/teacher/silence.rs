//! Rules from silence and from the calendar: recruits of whom Register does not tell, and applications that nobody
//! ended but time. Neither is somebody's word, so both are presumed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::View;
use super::application::Choice;
use crate::calendar::{Calendar, academic_year, day_of};
use crate::fold::{ApplicationTrack, Decision, RecordFold, Track};
use crate::headline::ApplicationState;
use crate::hearing::{ProviderName, Word};
use crate::ids::{RecordId, RecordKind};
use crate::record::{ChoiceStatus, TraineeState};
use crate::resolution::{Caveat, Certainty, Claim, Resolution};

/// The providers whose silence may matter for these records: what has to be known of the hearing to resolve them.
#[must_use]
pub fn providers(records: &[&RecordFold]) -> BTreeSet<ProviderName> {
    let of = |record: &&RecordFold| match &record.track {
        Track::Application(track) => {
            let is_recruit = |status: &ChoiceStatus| Decision::of(status) == Decision::Recruited;
            let ever = track.status.points().any(|point| is_recruit(&point.value));
            // The recruits API names the provider of a choice that is told by the other feed.
            let names_it = record.id.kind == RecordKind::ApplyRecruit;
            track.provider.clone().filter(|_| ever || names_it)
        }
        Track::Candidate | Track::Training(_) | Track::Trs(_) | Track::JobApplication(_) | Track::Vacancy => {
            None
        }
    };
    records.iter().filter_map(of).collect()
}

/// A recruit as one of the recruits of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recruit {
    /// The provider, as the record names it.
    pub provider: ProviderName,
    /// The academic year of the planned start.
    pub year: i16,
    /// Whether Register tells of a traineeship of that year or a later one: it is not silent about this one.
    pub has_turned_up: bool,
}

/// The applications among a person's records that stand as recruited, and whether Register tells of the person: what the
/// person adds to the turnout of providers ([`crate::hearing::Turnout`]).
#[must_use]
pub fn recruits(records: &[&RecordFold]) -> BTreeMap<RecordId, Recruit> {
    let of = |record: &&RecordFold| {
        let Track::Application(track) = &record.track else {
            return None;
        };
        let status = track.status.last()?;
        let (provider, year) = (track.provider.clone()?, track.cycle()?);
        let recruit = Recruit {
            provider,
            year,
            has_turned_up: is_registered(records, year),
        };
        (Decision::of(&status.value) == Decision::Recruited).then(|| (record.id.clone(), recruit))
    };
    records.iter().filter_map(of).collect()
}

/// Whether Register tells of a traineeship of that year or a later one, whatever the day: it is not silent then.
fn is_registered(records: &[&RecordFold], year: i16) -> bool {
    let cycle_begins = day_of(year, 8, 1);
    let mut traineeships = records.iter().filter_map(|record| record.track.training());
    traineeships.any(|track| {
        let is_told = track
            .state
            .last()
            .is_some_and(|point| point.value != TraineeState::Draft);
        let begins = track.begins_on().or(track.registered_on);
        (is_told || track.started.is_some()) && begins.is_some_and(|begins| begins >= cycle_begins)
    })
}

/// What is concluded of a recruit whose planned start has passed while Register has told of no traineeship.
pub(super) struct Unregistered {
    pub(super) state: ApplicationState,
    pub(super) resolution: Resolution,
    pub(super) awaits: Option<ProviderName>,
}

impl View<'_> {
    /// A recruit whom Register does not list. Presumed gone once Register, asked after the no-show date, has listed all
    /// starters of the provider, lists people of this provider so that we recognise them, and lists most of its recruits
    /// (S-B, S-O, S-P).
    pub(super) fn unregistered(self, choice: &Choice<'_>, start: Date) -> Unregistered {
        let awaits = self.provider_of(choice);
        let year = academic_year(start);
        let no_show_on = self.policy.calendar.no_show_in(year);
        let has_come = self.day <= self.known_on && no_show_on <= self.known_on;
        let word = if has_come && !self.is_deferred_in(choice) && !is_registered(self.records, year) {
            let percent_min = self.policy.thresholds.no_show_coverage_percent;
            Some(awaits.as_ref().map_or(Word::NotCovered, |provider| {
                self.hearing.word(provider, year, no_show_on, percent_min)
            }))
        } else {
            None
        };
        let (state, value, reason, caveat) = match word {
            None => (
                ApplicationState::StartUnknown,
                "start_unknown",
                "planned_start_passed_register_silent",
                None,
            ),
            Some(Word::NotCovered) => (
                ApplicationState::StartUnknown,
                "start_unknown",
                "register_does_not_cover_provider",
                Some(Caveat::NotCovered),
            ),
            Some(Word::NotHeard) => (
                ApplicationState::StartUnknown,
                "start_unknown",
                "register_not_heard_since_no_show_date",
                Some(Caveat::Stale),
            ),
            Some(Word::Spoken) => (
                ApplicationState::LeftBeforeStart,
                "left_before_start",
                "not_listed_by_register_after_no_show_date",
                None,
            ),
        };
        let mut resolution =
            Resolution::believed(choice.claim(value, Some(start)), Certainty::Presumed, reason);
        resolution.caveats.extend(caveat);
        Unregistered {
            state,
            resolution,
            awaits,
        }
    }

    /// The provider of a choice: by its code, where the recruits API tells of the same choice.
    fn provider_of(self, choice: &Choice<'_>) -> Option<ProviderName> {
        let key = &choice.record.id.key;
        let recruit = self.records.iter().find_map(|record| match &record.track {
            Track::Application(track)
                if record.id.kind == RecordKind::ApplyRecruit && record.id.key == *key =>
            {
                track.provider.clone()
            }
            Track::Application(_)
            | Track::Candidate
            | Track::Training(_)
            | Track::Trs(_)
            | Track::JobApplication(_)
            | Track::Vacancy => None,
        });
        recruit.or_else(|| choice.track.provider.clone())
    }

    /// Whether another record tells that an offer of the same cycle or a later one is deferred.
    fn is_deferred_in(self, choice: &Choice<'_>) -> bool {
        self.choices().any(|other| {
            other.decision == Decision::Deferred && other.track.cycle_year >= choice.track.cycle_year
        })
    }
}

/// How time alone ends an application that waits, and from when.
pub(super) fn ends_by_time(
    status: &ChoiceStatus,
    calendar: &Calendar,
    year: i16,
) -> Option<(Date, &'static str)> {
    let [rejected, declined, closed] = calendar.after_cycle(year);
    match status {
        ChoiceStatus::AwaitingProviderDecision | ChoiceStatus::Interviewing => {
            Some((rejected, "rejected_by_default"))
        }
        ChoiceStatus::Offer => Some((declined, "declined_by_default")),
        ChoiceStatus::Unsubmitted => Some((closed, "not_sent_in_cycle")),
        ChoiceStatus::Inactive
        | ChoiceStatus::ApplicationNotSent
        | ChoiceStatus::Cancelled
        | ChoiceStatus::OfferWithdrawn
        | ChoiceStatus::Declined
        | ChoiceStatus::Rejected
        | ChoiceStatus::PendingConditions
        | ChoiceStatus::ConditionsNotMet
        | ChoiceStatus::Recruited
        | ChoiceStatus::OfferDeferred
        | ChoiceStatus::Withdrawn
        | ChoiceStatus::Unrecognised(_) => None,
    }
}

/// How time alone has ended an application, unless it was told to be as it is after the day that ends it.
pub(super) fn ended_by_time(
    view: View<'_>,
    record: &RecordFold,
    status: &ChoiceStatus,
    year: i16,
) -> Option<(Date, &'static str)> {
    ends_by_time(status, &view.policy.calendar, year).filter(|(on, _)| {
        let has_come = *on <= view.day && view.day <= view.known_on;
        has_come && record.taken_at.london_date() < *on
    })
}

/// The days on which time or silence alone may end what an application says.
pub(super) fn boundaries(track: &ApplicationTrack, calendar: &Calendar, days: &mut Vec<Date>) {
    let Some(year) = track.cycle() else { return };
    for point in track.status.points() {
        days.extend(ends_by_time(&point.value, calendar, year).map(|(on, _)| on));
        if Decision::of(&point.value) == Decision::Recruited {
            days.push(calendar.no_show_in(year));
        }
    }
}

impl Choice<'_> {
    /// What it says, under a name of ours.
    pub(super) fn claim(&self, value: &'static str, since: Option<Date>) -> Claim {
        Claim {
            value,
            source: self.record.id.source(),
            record: self.record.id.clone(),
            position: self.position,
            since,
        }
    }
}
