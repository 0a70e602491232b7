//! One TRN in the Teaching Record System, folded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Finding, Step, note_other, readable};
use crate::event::{Change, Fact};
use crate::record::trs::{Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route};
use crate::record::{InductionStatus, QtlsStatus};
use crate::time::Effective;
use crate::timeline::{Ground, Timeline};

/// What is believed of one TRN.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrsTrack {
    /// How TRS answers for it, over effective time.
    pub answer: Timeline<Answer>,
    /// Qualified teacher status: the day it is held from, or `None` once removed.
    pub qts: Timeline<Option<Date>>,
    /// Whether TRS ever stated the section on qualified teacher status, be it null.
    pub qts_stated: Option<Ground>,
    /// Early years status, likewise.
    pub early_years: Timeline<Option<Date>>,
    /// QTLS membership.
    pub qtls: Timeline<QtlsStatus>,
    /// Induction.
    pub induction: Timeline<Induction>,
    /// Routes by key, over effective time; `None` once removed.
    pub routes: BTreeMap<String, Timeline<Option<Route>>>,
    /// Alerts by key.
    pub alerts: BTreeMap<String, AlertTrack>,
    /// Whether TRS ever listed the alerts, be there any or none. Until then restriction is unknown (fail closed).
    pub alerts_listed: Option<Ground>,
    /// Mandatory qualifications by key.
    pub mandatory_qualifications: BTreeMap<String, MandatoryQualification>,
}

/// One alert over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTrack {
    /// As last stated.
    pub alert: Alert,
    /// From when: its start, or the day it was first seen.
    pub from: Date,
    /// Until when, exclusive: its end, or the day it was seen to be gone.
    pub until: Option<Date>,
    /// What this rests on.
    pub ground: Ground,
}

impl AlertTrack {
    /// It was gone on that day, if it had not ended before.
    fn end(&mut self, gone: Date) {
        self.until = Some(self.until.map_or(gone, |until| until.min(gone)));
    }

    /// Whether it is open on that day (T34).
    #[must_use]
    pub fn is_open(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

impl TrsTrack {
    pub(super) fn apply(&mut self, step: &Step<'_>, findings: &mut BTreeSet<Finding>) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "facts of other kinds of record are one finding"
        )]
        match step.fact {
            Fact::TrnAllocated(change)
            | Fact::TrnMergedInto(change)
            | Fact::TrnDeactivated(change)
            | Fact::TrnReactivated(change)
            | Fact::TrnNotFound(change) => {
                if let Some(answer) = change.new {
                    step.lay(&mut self.answer, answer);
                }
            }
            Fact::QualifiedStatusHeld(change)
            | Fact::QualifiedDateRevised(change)
            | Fact::QualifiedStatusRemoved(change) => {
                if !step.is_late() || self.qts_stated.is_none() {
                    self.qts_stated = Some(ground(step));
                }
                lay_held(&mut self.qts, step, change, findings);
            }
            Fact::EarlyYearsStatusChanged(change) => lay_held(&mut self.early_years, step, change, findings),
            Fact::QtlsGranted(change) | Fact::QtlsLapsed(change) => {
                if let Some(status) = &change.new {
                    step.lay(&mut self.qtls, status.clone());
                }
            }
            Fact::InductionRequired(change)
            | Fact::InductionStarted(change)
            | Fact::InductionPassed(change)
            | Fact::InductionFailed(change)
            | Fact::InductionExempted(change)
            | Fact::InductionReset(change)
            | Fact::InductionDatesCorrected(change) => self.apply_induction(step, change, findings),
            // The event of the status that came after says what holds now.
            Fact::InductionExemptionEnded(_) => {}
            Fact::RouteRecorded(change) | Fact::RouteStatusChanged(change) | Fact::RouteRemoved(change) => {
                self.apply_route(step, change, findings);
            }
            Fact::AlertOpened(change)
            | Fact::AlertAmended(change)
            | Fact::AlertClosed(change)
            | Fact::AlertDeleted(change) => self.apply_alert(step, change, findings),
            // Of these only the latest is kept, and an old reading does not tell it.
            Fact::MandatoryQualificationRecorded(_)
            | Fact::MandatoryQualificationChanged(_)
            | Fact::MandatoryQualificationRemoved(_)
                if step.is_late() => {}
            // An old list is none of what is open now; what it holds counts until a newer reading lists the alerts.
            Fact::AlertsListed(_) if step.is_late() => {}
            Fact::AlertsListed(change) => self.list_alerts(step, change.new),
            Fact::MandatoryQualificationRecorded(change) | Fact::MandatoryQualificationChanged(change) => {
                if let Some(qualification) = &change.new {
                    self.mandatory_qualifications
                        .insert(qualification.key.clone(), qualification.clone());
                }
            }
            Fact::MandatoryQualificationRemoved(change) => {
                if let Some(qualification) = &change.old {
                    self.mandatory_qualifications.remove(&qualification.key);
                }
            }
            fact => note_other(fact, findings),
        }
    }

    fn apply_induction(
        &mut self,
        step: &Step<'_>,
        change: &Change<Induction>,
        findings: &mut BTreeSet<Finding>,
    ) {
        let Some(induction) = &change.new else {
            if !step.is_late() {
                self.induction.retract_from(step.effective.on);
            }
            return;
        };
        let start = readable(induction.start_date.value(), findings);
        let completed = readable(induction.completed_date.value(), findings);
        if !induction.status.is_recognised() {
            findings.insert(Finding::UnrecognisedValue);
        }
        if induction.status == InductionStatus::InProgress {
            if completed.is_some() {
                findings.insert(Finding::InductionInProgressYetCompleted);
            }
            if start.is_none() {
                findings.insert(Finding::InductionInProgressWithoutStart);
            }
        }
        if let (Some(start), Some(Some(qts))) = (start, self.qts.last().map(|point| point.value))
            && start < qts
        {
            findings.insert(Finding::InductionBeforeQts);
        }
        // Dates restated under one status replace what was believed from its old day.
        if let Some(last) = self.induction.last()
            && last.value.status == induction.status
            && change.old.is_some()
            && !step.is_late()
        {
            let from = last.from;
            self.induction.retract_from(from);
        }
        // A completed induction whose start is stated was in progress in between.
        if let Some(start) = start
            && self.induction.is_empty()
            && start < step.effective.on
            && completed.is_some()
        {
            let began = Induction {
                status: InductionStatus::InProgress,
                ..induction.clone()
            };
            self.induction
                .assert_from(Effective::stated(start), began, step.position);
        }
        step.lay(&mut self.induction, induction.clone());
    }

    fn apply_route(&mut self, step: &Step<'_>, change: &Change<Route>, findings: &mut BTreeSet<Finding>) {
        let Some(key) = change
            .new
            .as_ref()
            .or(change.old.as_ref())
            .map(|route| route.key.clone())
        else {
            return;
        };
        if let Some(route) = &change.new {
            if !route.status.is_recognised() {
                findings.insert(Finding::UnrecognisedValue);
            }
            for date in [
                &route.holds_from,
                &route.training_start_date,
                &route.training_end_date,
            ] {
                readable(date.value(), findings);
            }
        }
        step.lay(self.routes.entry(key).or_default(), change.new.clone());
    }

    /// The first list ends what only old readings told of; what is on it follows.
    fn list_alerts(&mut self, step: &Step<'_>, listed: Option<u32>) {
        if listed.is_some() && self.alerts_listed.is_none() {
            self.alerts
                .values_mut()
                .for_each(|track| track.end(step.effective.on));
        }
        self.alerts_listed = listed.map(|_| ground(step));
    }

    fn apply_alert(&mut self, step: &Step<'_>, change: &Change<Alert>, findings: &mut BTreeSet<Finding>) {
        match (&change.old, &change.new) {
            // Newer readings have listed the alerts: what an old one tells of them is over.
            _ if step.is_late() && self.alerts_listed.is_some() => {}
            (_, Some(alert)) => {
                let start = readable(alert.start_date.value(), findings);
                let first_seen = self
                    .alerts
                    .get(&alert.key)
                    .map_or(step.effective.on, |track| track.from);
                let track = AlertTrack {
                    alert: alert.clone(),
                    from: start.unwrap_or(first_seen),
                    until: readable(alert.end_date.value(), findings),
                    ground: ground(step),
                };
                self.alerts.insert(alert.key.clone(), track);
            }
            (Some(alert), None) => {
                if let Some(track) = self.alerts.get_mut(&alert.key) {
                    track.end(step.effective.on);
                }
            }
            (None, None) => {}
        }
    }

    pub(super) fn boundaries(&self, days: &mut Vec<Date>) {
        days.extend(self.answer.points().map(|point| point.from));
        days.extend(self.qts.points().map(|point| point.from));
        days.extend(self.early_years.points().map(|point| point.from));
        days.extend(self.qtls.points().map(|point| point.from));
        days.extend(self.induction.points().map(|point| point.from));
        for line in self.routes.values() {
            days.extend(line.points().map(|point| point.from));
        }
        for alert in self.alerts.values() {
            days.push(alert.from);
            days.extend(alert.until);
        }
    }
}

fn ground(step: &Step<'_>) -> Ground {
    Ground {
        position: step.position,
        basis: step.effective.basis,
    }
}

/// Lays "held from a day" or "no longer held" onto its line. A revised date takes back what the old one made believe.
fn lay_held(
    line: &mut Timeline<Option<Date>>,
    step: &Step<'_>,
    change: &Change<HeldStatus>,
    findings: &mut BTreeSet<Finding>,
) {
    let Some(held) = &change.new else {
        step.lay(line, None);
        return;
    };
    let on = readable(held.holds_from.value(), findings).unwrap_or(step.effective.on);
    if change.old.is_some() && !step.is_late() {
        line.retract_from(step.effective.on.min(on));
    }
    let step = Step {
        effective: Effective { on, ..step.effective },
        ..*step
    };
    step.lay(line, Some(on));
}
