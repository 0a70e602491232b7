//! Events of induction as TRS states it. Which status prevails over which is computed elsewhere (T33).

use ltr_domain::event::{Change, ChangeKind, Fact};
use ltr_domain::record::trs::Induction;
use ltr_domain::record::{InductionStatus, TrsPerson};
use ltr_domain::time::{CivilDate, Effective};

use super::super::shared::earlier;
use super::super::{Events, stated_day};
use super::section;

pub(super) fn events(old: Option<&TrsPerson>, new: &TrsPerson, events: &mut Events<'_>) {
    let Some(moved) = section(old.map(|old| &old.induction), &new.induction) else {
        return;
    };
    let change = moved.change;
    let old_status = change.old.as_ref().map(|induction| &induction.status);
    let new_status = change.new.as_ref().map(|induction| &induction.status);
    if old_status == new_status && new_status.is_some() {
        let effective = redated(&change).unwrap_or_else(|| events.seen.observed());
        return events.push(Fact::InductionDatesCorrected(change), effective, moved.kind);
    }
    if old_status == Some(&InductionStatus::Exempt) {
        let ended = Fact::InductionExemptionEnded(change.clone());
        events.push(ended, events.seen.observed(), ChangeKind::Changed);
    }
    let Some(induction) = &change.new else {
        return events.push(Fact::InductionReset(change), events.seen.observed(), moved.kind);
    };
    let effective = since(induction, new).unwrap_or_else(|| events.seen.observed());
    let fact = match &induction.status {
        InductionStatus::None => Fact::InductionReset(change),
        InductionStatus::RequiredToComplete => Fact::InductionRequired(change),
        InductionStatus::Exempt => Fact::InductionExempted(change),
        InductionStatus::InProgress => Fact::InductionStarted(change),
        InductionStatus::Passed => Fact::InductionPassed(change),
        InductionStatus::Failed | InductionStatus::FailedInWales => Fact::InductionFailed(change),
        InductionStatus::Unrecognised(_) => Fact::InductionDatesCorrected(change),
    };
    events.push(fact, effective, moved.kind);
}

/// From when a status is so: its own date, or the date of the qualified status that it comes with.
fn since(induction: &Induction, person: &TrsPerson) -> Option<Effective> {
    match &induction.status {
        InductionStatus::InProgress => stated_day(&induction.start_date),
        InductionStatus::Passed | InductionStatus::Failed | InductionStatus::FailedInWales => {
            stated_day(&induction.completed_date)
        }
        InductionStatus::RequiredToComplete | InductionStatus::Exempt => {
            let qualified_on = person.qts.value()?.holds_from.value().and_then(CivilDate::day);
            qualified_on.map(Effective::inferred)
        }
        InductionStatus::None | InductionStatus::Unrecognised(_) => None,
    }
}

/// From when two statements of one status differ: the earlier of the days of the first date that moved.
fn redated(change: &Change<Induction>) -> Option<Effective> {
    let (old, new) = (change.old.as_ref()?, change.new.as_ref()?);
    let moved = [
        (&old.start_date, &new.start_date),
        (&old.completed_date, &new.completed_date),
    ];
    let (old, new) = moved.into_iter().find(|(old, new)| old != new)?;
    earlier(old.value(), new.value())
}
