//! One traineeship, folded from a Register record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Finding, Step, Unclear, note_other, readable};
use crate::event::{Change, Fact};
use crate::ids::Ukprn;
use crate::record::TraineeState;
use crate::record::register::{Course, Placement, Withdrawal};
use crate::time::Effective;
use crate::timeline::{Ground, Timeline};

/// What is believed of one traineeship.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrainingTrack {
    /// Where it stands, over effective time.
    pub state: Timeline<TraineeState>,
    /// Since when Register says where it stands in a word that nobody knows.
    pub unclear: Unclear,
    /// From when Register had it.
    pub registered_on: Option<Date>,
    /// Planned start, the latest stated.
    pub planned_start: Option<Date>,
    /// Planned end, the latest stated.
    pub planned_end: Option<Date>,
    /// Actual start as the provider confirmed it, and what that rests on.
    pub started: Option<(Date, Ground)>,
    /// When the standards were met.
    pub outcome_on: Option<Date>,
    /// The withdrawal in force.
    pub withdrawal: Option<Withdrawal>,
    /// Which provider holds the trainee, over effective time.
    pub provider: Timeline<Ukprn>,
    /// What is studied.
    pub course: Option<Course>,
    /// Placements by Register's id.
    pub placements: BTreeMap<String, Placement>,
}

impl TrainingTrack {
    /// Whether what is believed on that day rests on a word that nobody knows, or one was said last (T19).
    #[must_use]
    pub fn is_unclear(&self, day: Date) -> bool {
        let believed = self.state.at(day);
        self.unclear.is_on(day) || believed.is_some_and(|point| !point.value.is_recognised())
    }

    /// When training began or is to begin, the best that is known.
    #[must_use]
    pub fn begins_on(&self) -> Option<Date> {
        self.started.map(|(on, _)| on).or(self.planned_start)
    }

    /// Whether it leads to qualified teacher status, for all that Register says.
    #[must_use]
    pub fn aims_at_qts(&self) -> bool {
        let aim = self
            .course
            .as_ref()
            .and_then(|course| course.qualification.value());
        aim.is_none_or(|qualification| qualification.contains("QTS"))
    }

    pub(super) fn apply(&mut self, step: &Step<'_>, findings: &mut BTreeSet<Finding>) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "facts of other kinds of record are one finding"
        )]
        match step.fact {
            // Of these only the latest is kept, and an old reading does not tell it.
            Fact::StartConfirmed(_)
            | Fact::StartDateRevised(_)
            | Fact::PlannedStartChanged(_)
            | Fact::PlannedEndChanged(_)
            | Fact::OutcomeDateChanged(_)
            | Fact::WithdrawalDetailsCorrected(_)
            | Fact::CourseDetailsChanged(_)
            | Fact::PlacementRecorded(_)
            | Fact::PlacementChanged(_)
            | Fact::PlacementRemoved(_)
                if step.is_late() => {}
            Fact::TraineeRegistered(change) => {
                if !step.is_late() || self.registered_on.is_none() {
                    self.registered_on = Some(step.effective.on);
                }
                // First seen when it had ended already: the event of that state, with its own day, comes beside it.
                if !change.new.as_ref().is_some_and(is_ending) {
                    self.apply_state(step, change, findings);
                }
            }
            Fact::TrnRequested(change)
            | Fact::TraineeTrnReceived(change)
            | Fact::TrainingDeferred(change)
            | Fact::TrainingReinstated(change)
            | Fact::TrainingWithdrawn(change)
            | Fact::RecommendedForAward(change)
            | Fact::AwardRecorded(change)
            | Fact::AwardRevoked(change)
            | Fact::WithdrawalReversed(change)
            | Fact::TraineeStateChanged(change) => self.apply_state(step, change, findings),
            Fact::StartConfirmed(change) | Fact::StartDateRevised(change) => {
                let ground = Ground {
                    position: step.position,
                    basis: step.effective.basis,
                };
                self.started = readable(change.new.as_ref(), findings).map(|on| (on, ground));
            }
            Fact::PlannedStartChanged(change) => self.planned_start = readable(change.new.as_ref(), findings),
            Fact::PlannedEndChanged(change) => {
                self.planned_end = readable(change.new.as_ref(), findings);
                if self.planned_end < self.planned_start && self.planned_end.is_some() {
                    findings.insert(Finding::EndBeforeStart);
                }
            }
            Fact::OutcomeDateChanged(change) => self.outcome_on = readable(change.new.as_ref(), findings),
            Fact::WithdrawalDetailsCorrected(change) => self.apply_withdrawal(step, change, findings),
            Fact::TraineeMovedProvider(change) => {
                if let Some(provider) = change.new {
                    step.lay(&mut self.provider, provider);
                }
            }
            Fact::CourseDetailsChanged(change) => self.course = change.new.clone(),
            Fact::PlacementRecorded(change) | Fact::PlacementChanged(change) => {
                if let Some(placement) = &change.new {
                    self.placements.insert(placement.id.clone(), placement.clone());
                }
            }
            Fact::PlacementRemoved(change) => {
                if let Some(placement) = &change.old {
                    self.placements.remove(&placement.id);
                }
            }
            fact => note_other(fact, findings),
        }
    }

    fn apply_state(
        &mut self,
        step: &Step<'_>,
        change: &Change<TraineeState>,
        findings: &mut BTreeSet<Finding>,
    ) {
        let Some(state) = &change.new else { return };
        if !state.is_recognised() {
            findings.insert(Finding::UnrecognisedValue);
            self.unclear.begin(step);
            // It tells nothing of what is told of already.
            if !self.state.is_empty() {
                return;
            }
        } else if self.unclear.end(step) && self.state.last().is_some_and(|point| &point.value == state) {
            // What comes back after it has stood all along.
            return;
        }
        // The same state restated (a date beside it moved) stands from its new day, not from both.
        if change.old.as_ref() == Some(state)
            && !step.is_late()
            && let Some(last) = self.state.last()
            && &last.value == state
        {
            if matches!(step.fact, Fact::TraineeStateChanged(_)) {
                return;
            }
            let from = last.from;
            self.state.retract_from(from);
        }
        // What ended a traineeship on a day does not hide that it was registered and live before that day.
        if self.state.is_empty()
            && is_ending(state)
            && !step.is_late()
            && let Some(began) = self.begins_on().or(self.registered_on)
            && began < step.effective.on
        {
            self.state.assert_from(
                Effective::inferred(began),
                TraineeState::SubmittedForTrn,
                step.position,
            );
        }
        step.lay(&mut self.state, state.clone());
    }

    /// A corrected date moves the withdrawal: the days between are believed anew (`Timeline` keeps what came before).
    fn apply_withdrawal(
        &mut self,
        step: &Step<'_>,
        change: &Change<Withdrawal>,
        findings: &mut BTreeSet<Finding>,
    ) {
        self.withdrawal.clone_from(&change.new);
        let new_on = change
            .new
            .as_ref()
            .and_then(|new| readable(new.date.value(), findings));
        let withdrawn = self
            .state
            .last()
            .is_some_and(|point| point.value == TraineeState::Withdrawn);
        let (Some(on), true) = (new_on, withdrawn) else {
            return;
        };
        if self.state.last().is_some_and(|point| point.from == on) {
            return;
        }
        let from = self.state.last().map_or(on, |point| point.from);
        self.state.retract_from(from.min(on));
        self.state.assert_from(
            Effective { on, ..step.effective },
            TraineeState::Withdrawn,
            step.position,
        );
    }

    pub(super) fn boundaries(&self, days: &mut Vec<Date>) {
        days.extend(self.state.points().map(|point| point.from));
        days.extend(self.unclear.since());
        days.extend(self.provider.points().map(|point| point.from));
        days.extend(self.registered_on);
        days.extend(self.planned_start);
        days.extend(self.started.map(|(on, _)| on));
    }
}

fn is_ending(state: &TraineeState) -> bool {
    match state {
        TraineeState::Withdrawn
        | TraineeState::Awarded
        | TraineeState::RecommendedForAward
        | TraineeState::Deferred => true,
        TraineeState::Draft
        | TraineeState::SubmittedForTrn
        | TraineeState::TrnReceived
        | TraineeState::Unrecognised(_) => false,
    }
}
