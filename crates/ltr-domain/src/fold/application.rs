//! One application to one course, folded from an Apply choice or from the recruits API's view of it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Finding, Step, Unclear, note_other};
use crate::calendar::day_of;
use crate::event::{Change, ChangeKind, Fact};
use crate::hearing::ProviderName;
use crate::record::{Body, ChoiceStatus};
use crate::timeline::Timeline;

/// A cycle later than this is no year that a date can have, with the one after it.
const CYCLE_YEAR_MAX: u16 = 9_998;

/// What is believed of one application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApplicationTrack {
    /// Where it stands, over effective time.
    pub status: Timeline<ChoiceStatus>,
    /// Since when Apply says where it stands in a word that nobody knows.
    pub unclear: Unclear,
    /// The recruitment cycle: courses that start from September of that year. The latest stated.
    pub cycle_year: Option<u16>,
    /// The provider, as the newest snapshot states it. No event tells of it, so it is read off the state beside them.
    pub provider: Option<ProviderName>,
}

/// What a choice's status means for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Not live: not sent, or inactive.
    Dormant,
    /// Ended without a place.
    Ended,
    /// Under way, no place accepted.
    Live,
    /// A place accepted, conditions open.
    AcceptedConditional,
    /// A place accepted and moved to the next cycle.
    Deferred,
    /// Recruited.
    Recruited,
}

impl Decision {
    /// What the status means. One we do not know counts as live: it must not end anything (T19).
    #[must_use]
    pub fn of(status: &ChoiceStatus) -> Self {
        match status {
            ChoiceStatus::Unsubmitted => Self::Dormant,
            ChoiceStatus::AwaitingProviderDecision
            | ChoiceStatus::Interviewing
            | ChoiceStatus::Offer
            | ChoiceStatus::Unrecognised(_) => Self::Live,
            ChoiceStatus::PendingConditions => Self::AcceptedConditional,
            ChoiceStatus::Recruited => Self::Recruited,
            ChoiceStatus::OfferDeferred => Self::Deferred,
            ChoiceStatus::Inactive
            | ChoiceStatus::ApplicationNotSent
            | ChoiceStatus::Cancelled
            | ChoiceStatus::OfferWithdrawn
            | ChoiceStatus::Declined
            | ChoiceStatus::Rejected
            | ChoiceStatus::ConditionsNotMet
            | ChoiceStatus::Withdrawn => Self::Ended,
        }
    }
}

impl ApplicationTrack {
    /// Whether what is believed on that day rests on a word that nobody knows, or one was said last (T19).
    #[must_use]
    pub fn is_unclear(&self, day: Date) -> bool {
        let believed = self.status.at(day);
        self.unclear.is_on(day) || believed.is_some_and(|point| !point.value.is_recognised())
    }

    /// 1 September of the cycle: when its courses start, as far as Apply tells (U§14c). A deferred offer starts a year later.
    #[must_use]
    pub fn planned_start(&self, day: Date) -> Option<Date> {
        let deferred = self
            .status
            .at(day)
            .is_some_and(|point| point.value == ChoiceStatus::OfferDeferred);
        self.cycle_year
            .map(|year| day_of(year.cast_signed() + i16::from(deferred), 9, 1))
    }

    /// The recruitment cycle, as a year of the calendar.
    #[must_use]
    pub fn cycle(&self) -> Option<i16> {
        self.cycle_year.and_then(|year| i16::try_from(year).ok())
    }

    /// Takes the provider from a state not older than the one before; one that is not stated takes none away.
    pub(super) fn hear_provider(&mut self, body: &Body) {
        if let Some(provider) = ProviderName::of(body) {
            self.provider = Some(provider);
        }
    }

    pub(super) fn apply(&mut self, step: &Step<'_>, findings: &mut BTreeSet<Finding>) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "facts of other kinds of record are one finding"
        )]
        match step.fact {
            Fact::ApplicationSubmitted(change)
            | Fact::ApplicationChoiceStatusChanged(change)
            | Fact::OfferMade(change)
            | Fact::OfferAccepted(change)
            | Fact::RecruitedRecorded(change)
            | Fact::OfferDeferred(change)
            | Fact::OfferReinstated(change)
            | Fact::ApplicationRejected(change)
            | Fact::ApplicationWithdrawn(change)
            | Fact::ApplicationReversed(change) => self.apply_status(step, change, findings),
            Fact::CycleChanged(_) if step.is_late() => {}
            Fact::CycleChanged(change) => {
                if change.new.is_some_and(|year| year > CYCLE_YEAR_MAX) {
                    findings.insert(Finding::UnreadableDate);
                }
                self.cycle_year = change.new.filter(|year| *year <= CYCLE_YEAR_MAX);
            }
            Fact::CourseChoiceChanged(_) | Fact::InterviewsChanged(_) => {}
            fact => note_other(fact, findings),
        }
    }

    fn apply_status(
        &mut self,
        step: &Step<'_>,
        change: &Change<ChoiceStatus>,
        findings: &mut BTreeSet<Finding>,
    ) {
        let Some(status) = &change.new else { return };
        if !status.is_recognised() {
            findings.insert(Finding::UnrecognisedValue);
        }
        if step.kind == ChangeKind::Reversed {
            findings.insert(Finding::UnexpectedMove);
        }
        // A word that nobody knows tells nothing of what is told of already; what comes back after it has stood all along.
        if !status.is_recognised() {
            self.unclear.begin(step);
            if !self.status.is_empty() {
                return;
            }
        } else if self.unclear.end(step) && self.status.last().is_some_and(|point| &point.value == status) {
            return;
        }
        let unchanged = change.old.as_ref() == Some(status);
        if unchanged && self.status.last().is_some_and(|point| &point.value == status) {
            return;
        }
        step.lay(&mut self.status, status.clone());
    }

    pub(super) fn boundaries(&self, days: &mut Vec<Date>) {
        days.extend(self.status.points().map(|point| point.from));
        days.extend(self.unclear.since());
        if let Some(year) = self.cycle_year {
            days.push(day_of(year.cast_signed(), 9, 1));
            days.push(day_of(year.cast_signed() + 1, 9, 1));
        }
    }
}
