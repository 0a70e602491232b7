//! How each rate is counted: from what happened in a life, never from what was drawn for it.

use jiff::civil::date;
use ltr_domain::calendar::days_after;
use ltr_domain::time::london_date;

use crate::life::{InductionEnd, Leaving, Life, LifeKind, Push, Step, SwapTrns, Traineeship, Wave};
use crate::person::PersonNo;
use crate::provider::ProviderKind;

fn is_trainee(life: &Life) -> Option<&Life> {
    (life.kind == LifeKind::Trainee).then_some(life)
}

fn took(life: &Life, step: Step) -> bool {
    life.choices.iter().any(|choice| choice.step_on(step).is_some())
}

/// The traineeship of the place.
fn first(life: &Life) -> Option<&Traineeship> {
    is_trainee(life)?.traineeships.first()
}

/// Of those who stay without a break, and whom nothing was arranged for.
fn plain(life: &Life) -> Option<&Traineeship> {
    let is_swapped = first(life)?.paperwork.swapped_until.is_some();
    first(life).filter(|one| one.is_without_break() && !is_swapped)
}

fn plain_autumn(life: &Life) -> Option<&Traineeship> {
    plain(life).filter(|one| one.wave == Wave::Autumn && life.died.is_none())
}

fn kept(life: &Life) -> Option<&Life> {
    recruited(life).filter(|life| !took_place(life, Step::Withdrawn) && !took_place(life, Step::Deferred))
}

fn recruited(life: &Life) -> Option<&Life> {
    is_trainee(life).filter(|life| life.place().is_some_and(|place| place.recruited_on().is_some()))
}

fn took_place(life: &Life, step: Step) -> bool {
    life.place().is_some_and(|place| place.step_on(step).is_some())
}

pub(super) fn university(life: &Life) -> Option<bool> {
    Some(is_trainee(life)?.provider()?.kind() == ProviderKind::University)
}

pub(super) fn conditional(life: &Life) -> Option<bool> {
    is_trainee(life).map(|life| took(life, Step::Accepted))
}

pub(super) fn conditions_failed(life: &Life) -> Option<bool> {
    is_trainee(life)
        .filter(|life| took(life, Step::Accepted))
        .map(|life| took(life, Step::ConditionsFailed))
}

pub(super) fn ske(life: &Life) -> Option<bool> {
    let is_scitt = is_trainee(life)?.provider()?.kind() == ProviderKind::Scitt;
    let met = took(life, Step::Accepted) && !took(life, Step::ConditionsFailed);
    // A place given back may have been given back before it was confirmed.
    (is_scitt && met && kept(life).is_some()).then(|| took(life, Step::RecruitedWithSke))
}

pub(super) fn withdrew_place(life: &Life) -> Option<bool> {
    is_trainee(life)
        .filter(|life| !took(life, Step::ConditionsFailed))
        .map(|life| took_place(life, Step::Withdrawn))
}

pub(super) fn deferred_offer(life: &Life) -> Option<bool> {
    is_trainee(life)
        .filter(|life| !took(life, Step::ConditionsFailed) && !took_place(life, Step::Withdrawn))
        .map(|life| took_place(life, Step::Deferred))
}

pub(super) fn no_show(life: &Life) -> Option<bool> {
    kept(life).map(|life| life.no_show_on.is_some())
}

pub(super) fn january(life: &Life) -> Option<bool> {
    first(life).map(|one| one.wave == Wave::Winter)
}

pub(super) fn registered_ahead(life: &Life) -> Option<bool> {
    let one = first(life).filter(|one| one.wave == Wave::Winter)?;
    let registered_at = one.paperwork.registered_at?;
    Some(london_date(registered_at) < days_after(one.planned_on, -20))
}

pub(super) fn withdrew(life: &Life) -> Option<bool> {
    first(life).map(|one| one.withdrew.is_some())
}

fn leaving(life: &Life) -> Option<Leaving> {
    first(life)?.withdrew.map(|(_, leaving)| leaving)
}

pub(super) fn not_passed(life: &Life) -> Option<bool> {
    leaving(life).map(|why| why == Leaving::NotPassed)
}

pub(super) fn moved_course(life: &Life) -> Option<bool> {
    leaving(life)
        .filter(|why| *why != Leaving::NotPassed)
        .map(|why| why == Leaving::OtherCourse)
}

pub(super) fn never_registered(life: &Life) -> Option<bool> {
    let one = first(life)?;
    let (on, _) = one.withdrew?;
    (on <= days_after(one.started_on, crate::life::EARLY_DAYS)).then(|| one.paperwork.registered_at.is_none())
}

pub(super) fn deferred(life: &Life) -> Option<bool> {
    first(life)
        .filter(|one| one.withdrew.is_none())
        .map(|one| one.deferred_on.is_some())
}

pub(super) fn returned_soon(life: &Life) -> Option<bool> {
    let one = first(life).filter(|one| one.deferred_on.is_some())?;
    Some(one.returned_on.is_some_and(|on| on < date(life.cycle + 1, 8, 1)))
}

pub(super) fn moved_provider(life: &Life) -> Option<bool> {
    plain(life).map(|one| one.moved.is_some())
}

pub(super) fn extended(life: &Life) -> Option<bool> {
    plain_autumn(life).map(|one| {
        one.standards_met_on
            .is_some_and(|on| on >= date(life.cycle + 1, 8, 1))
    })
}

pub(super) fn revoked(life: &Life) -> Option<bool> {
    plain(life)
        .filter(|one| one.awarded_on.is_some())
        .map(|one| one.revoked.is_some())
}

pub(super) fn withdrawn_in_error(life: &Life) -> Option<bool> {
    plain_autumn(life).map(|one| one.paperwork.withdrawn_in_error.is_some())
}

pub(super) fn wrong_start(life: &Life) -> Option<bool> {
    plain_autumn(life)
        .filter(|one| one.paperwork.withdrawn_in_error.is_none())
        .map(|one| one.paperwork.wrong_start_until.is_some())
}

pub(super) fn swapped(life: &Life) -> Option<bool> {
    let is_first =
        SwapTrns::partner(life.person) > life.person && life.person < PersonNo(PersonNo::OTHERS_FROM);
    is_first.then(|| first(life).is_some_and(|one| one.paperwork.swapped_until.is_some()))
}

pub(super) fn merged(life: &Life) -> Option<bool> {
    plain_autumn(life).map(|_| life.merged.is_some())
}

pub(super) fn renamed(life: &Life) -> Option<bool> {
    first(life).map(|_| life.identity.renamed.is_some())
}

pub(super) fn died(life: &Life) -> Option<bool> {
    plain(life).map(|_| life.died.is_some())
}

pub(super) fn push_lost(life: &Life) -> Option<bool> {
    let papers = &first(life)?.paperwork;
    papers.withdrawn_on.map(|_| papers.push == Push::Lost)
}

pub(super) fn start_late(life: &Life) -> Option<bool> {
    let one = first(life).filter(|one| one.paperwork.swapped_until.is_none())?;
    let registered_on = london_date(one.paperwork.registered_at?);
    (registered_on >= one.started_on).then(|| one.paperwork.start_entered_on.is_some())
}

pub(super) fn seeks_post(life: &Life) -> Option<bool> {
    first(life)
        .filter(|one| one.awarded_on.is_some())
        .map(|_| !life.career.jobs.is_empty())
}

pub(super) fn offered_post(life: &Life) -> Option<bool> {
    let jobs = &is_trainee(life)?.career.jobs;
    (!jobs.is_empty()).then(|| jobs.iter().any(|job| job.offered_on.is_some()))
}

pub(super) fn declined_post(life: &Life) -> Option<bool> {
    offered_post(life)
        .filter(|offered| *offered)
        .map(|_| life.career.jobs.iter().any(|job| job.declined_on.is_some()))
}

pub(super) fn qtls_lapsed(life: &Life) -> Option<bool> {
    (life.kind == LifeKind::Qtls).then(|| life.career.qtls_lapsed.is_some())
}

pub(super) fn induction_failed(life: &Life) -> Option<bool> {
    let (_, end) =
        (life.kind == LifeKind::EarlyCareer).then(|| life.career.induction.and_then(|one| one.ended))??;
    Some(end == InductionEnd::Failed)
}
