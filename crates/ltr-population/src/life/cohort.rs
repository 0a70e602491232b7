//! A trainee of the cohort: from the application to the award, or to wherever the way ended.

use jiff::civil::{Date, date};
use ltr_domain::calendar::days_after;

use super::career::{Job, Outcome};
use super::place::{Fate, Keep};
use super::{Kept, Leaving, Life, LifeKind, Merged, Revoked, SwapTrns, Traineeship, Wave, paperwork, place};
use crate::dice::Dice;
use crate::person::{Identity, PersonNo};
use crate::provider::{ApplicationIds, ProviderKind, ProviderNo};
use crate::{lateness, names, rates};

/// The life of that trainee.
pub(super) fn life(seed: u64, person: PersonNo, cycle: i16) -> Life {
    let identity = Identity::of(person, seed, cycle, (21, 48));
    let mut life = Life::new(person, LifeKind::Trainee, identity, cycle);
    let swap = SwapTrns::of(seed, person);
    let mut dice = person.dice(seed, "place");
    let (kind, provider) = provider(seed, person, swap, &mut dice);
    let keep = if swap.is_some() {
        Keep::Certainly
    } else {
        Keep::Maybe
    };
    let (choices, fate) = place::accepted(person, cycle, provider, &mut dice, keep);
    life.choices = choices;
    if fate != Fate::Kept {
        return life;
    }
    let mut dice = person.dice(seed, "training");
    if swap.is_none() && dice.happens(&rates::NO_SHOW) {
        let (planned_on, _) = Traineeship::starts(cycle, Wave::Autumn, kind, &mut dice);
        life.no_show_on = Some(planned_on);
        return life;
    }
    let wave = if swap.is_none() && dice.happens(&rates::JANUARY) {
        Wave::Winter
    } else {
        Wave::Autumn
    };
    let starts = Traineeship::starts(cycle, wave, kind, &mut dice);
    let application = match provider.application_ids() {
        ApplicationIds::Stated => Some(person.choice(0)),
        ApplicationIds::Missing => None,
    };
    let ends_on = days_after(starts.0, if wave == Wave::Autumn { 300 } else { 345 });
    let mut one = Traineeship::beginning(provider, application, wave, starts, ends_on);
    if swap.is_none() {
        shape(&mut one, person, cycle, &mut dice);
    } else {
        one.completes(date(cycle + 1, 6, 7), date(cycle + 1, 7, 8), &mut dice);
    }
    let mut dice = person.dice(seed, "incidents");
    let dies = one.is_without_break() && swap.is_none() && dice.happens(&rates::DIED);
    if dies {
        let on = days_after(one.started_on, dice.between(40, 200));
        cut_short(&mut one, on);
        life.died = Some((on, days_after(on, dice.late(&lateness::DEATH))));
    }
    paperwork::file(&mut one, seed, person);
    let is_ordinary = one.is_without_break() && one.wave == Wave::Autumn && !dies;
    if let Some(SwapTrns { first }) = swap {
        swapped(&mut one, first.dice(seed, "swapped"));
    } else if is_ordinary {
        paperwork::misfile(&mut one, seed, person);
        merged(&mut life, &mut one, &mut dice);
    }
    renamed(&mut life, &mut one, &mut dice);
    let second = elsewhere(&one, seed, person, cycle);
    seeks_posts(&mut life, &one, cycle, &mut person.dice(seed, "career"));
    life.traineeships.push(one);
    life.traineeships.extend(second);
    life
}

/// Those whose TRNs are swapped are with one provider: the one that the first of them draws.
fn provider(
    seed: u64,
    person: PersonNo,
    swap: Option<SwapTrns>,
    dice: &mut Dice,
) -> (ProviderKind, ProviderNo) {
    if let Some(SwapTrns { first }) = swap {
        let kind = ProviderKind::Scitt;
        let provider = ProviderNo::for_person(first, kind, None, &mut first.dice(seed, "swap provider"));
        return (kind, provider);
    }
    let kind = if dice.happens(&rates::UNIVERSITY) {
        ProviderKind::University
    } else {
        ProviderKind::Scitt
    };
    (kind, ProviderNo::for_person(person, kind, None, dice))
}

/// How a traineeship goes.
fn shape(one: &mut Traineeship, person: PersonNo, cycle: i16, dice: &mut Dice) {
    if dice.happens(&rates::WITHDREW) {
        one.is_left(dice);
        return;
    }
    let late = (date(cycle + 1, 8, 20), date(cycle + 1, 12, 15));
    if dice.happens(&rates::DEFERRED) {
        let deferred_on = days_after(one.started_on, dice.between(20, 150));
        one.deferred_on = Some(deferred_on);
        let returned_on = if dice.happens(&rates::RETURNED_SOON) {
            // Before the year ends, and not before a month has passed.
            days_after(deferred_on, dice.between(30, 60))
        } else {
            days_after(date(cycle + 1, 9, 1), dice.between(0, 14))
        };
        one.returned_on = Some(returned_on);
        if returned_on < date(cycle + 1, 8, 1) {
            one.completes(late.0, late.1, dice);
        }
        return;
    }
    if dice.happens(&rates::MOVED_PROVIDER) {
        let on = days_after(one.started_on, dice.between(50, 150));
        let to = ProviderNo::for_person(person, one.provider.kind(), Some(one.provider), dice);
        one.moved = Some((on, to));
    }
    let (from, to) = match (one.wave, one.provider.kind()) {
        (Wave::Winter, _) => (date(cycle + 1, 11, 25), late.1),
        (Wave::Autumn, _) if dice.happens(&rates::EXTENDED) => late,
        (Wave::Autumn, ProviderKind::Scitt) => (date(cycle + 1, 6, 7), date(cycle + 1, 7, 8)),
        (Wave::Autumn, ProviderKind::University) => (date(cycle + 1, 6, 14), date(cycle + 1, 7, 20)),
    };
    one.completes(from, to, dice);
    if let (Some(awarded_on), true) = (one.awarded_on, dice.happens(&rates::REVOKED)) {
        let register_on = days_after(awarded_on, dice.between(5, 60));
        one.revoked = Some(Revoked {
            register_on,
            trs_on: days_after(register_on, dice.late(&lateness::STATUS_REMOVED)),
        });
    }
}

/// Nothing happens any more from that day on.
fn cut_short(one: &mut Traineeship, on: Date) {
    one.moved = one.moved.filter(|(day, _)| *day < on);
    one.standards_met_on = None;
    one.recommended_on = None;
    one.awarded_on = None;
    one.revoked = None;
}

fn swapped(one: &mut Traineeship, mut dice: Dice) {
    // Both are put right on one day, which must not come before either has a TRN: they have one within some days.
    let late = dice.late(&lateness::TRNS_PUT_RIGHT);
    one.paperwork.swapped_until = Some(days_after(date(one.started_on.year(), 11, 10), late));
    let registered_at = crate::instants::of(
        days_after(date(one.started_on.year(), 10, 5), dice.between(0, 9)),
        &mut dice,
    );
    one.paperwork.registered_at = Some(registered_at);
    one.paperwork.trn_at = Some(registered_at + jiff::SignedDuration::from_hours(20));
    one.paperwork.start_entered_on = None;
}

/// A second TRN comes to light.
fn merged(life: &mut Life, one: &mut Traineeship, dice: &mut Dice) {
    if !dice.happens(&rates::MERGED) {
        return;
    }
    let Some(trn_at) = one.paperwork.trn_at else {
        return;
    };
    let on = days_after(ltr_domain::time::london_date(trn_at), dice.between(10, 90));
    let kept = if dice.below(5) < 3 { Kept::New } else { Kept::Old };
    if kept == Kept::Old {
        one.paperwork.trn_replaced_on = Some(days_after(on, dice.between(1, 6)));
    }
    life.merged = Some(Merged { on, kept });
}

fn renamed(life: &mut Life, one: &mut Traineeship, dice: &mut Dice) {
    if !dice.happens(&rates::RENAMED) {
        return;
    }
    let on = days_after(one.started_on, dice.between(5, 260));
    let name = names::last(dice);
    if let Some(registered_at) = one.paperwork.registered_at {
        let known_on = ltr_domain::time::london_date(registered_at);
        let late = dice.late(&lateness::RENAMED);
        one.paperwork.renamed_on = Some(days_after(on, late).max(days_after(known_on, 1)));
    }
    life.identity.renamed = Some((on, name));
}

/// Somebody who left for another course, and began it before the winter was over.
fn elsewhere(one: &Traineeship, seed: u64, person: PersonNo, cycle: i16) -> Option<Traineeship> {
    let (left_on, leaving) = one.withdrew?;
    if leaving != Leaving::OtherCourse || left_on >= date(cycle + 1, 2, 1) {
        return None;
    }
    let mut dice = person.dice(seed, "elsewhere");
    let provider = ProviderNo::for_person(person, one.provider.kind(), Some(one.provider), &mut dice);
    let started_on = days_after(left_on, dice.between(10, 50));
    let starts = (started_on, started_on);
    let mut second =
        Traineeship::beginning(provider, None, Wave::Winter, starts, days_after(started_on, 330));
    second.completes(date(cycle + 1, 11, 25), date(cycle + 1, 12, 20), &mut dice);
    let registered_on = days_after(started_on, dice.between(3, 40));
    let registered_at = crate::instants::of(registered_on, &mut dice);
    // They have a TRN already, or get it as the first time.
    let trn_at = registered_at + jiff::SignedDuration::from_hours(i64::from(dice.between(1, 30)));
    second.paperwork.registered_at = Some(registered_at);
    second.paperwork.trn_at = Some(one.paperwork.trn_at.map_or(trn_at, |first| trn_at.max(first)));
    Some(second)
}

fn seeks_posts(life: &mut Life, one: &Traineeship, cycle: i16, dice: &mut Dice) {
    if one.awarded_on.is_none() || !dice.happens(&rates::SEEKS_POST) {
        return;
    }
    let season = date(cycle + 1, 2, 10);
    let count = dice.between(1, 3);
    let mut sent_on = days_after(season, dice.between(0, 60));
    for _ in 1..count {
        life.career.jobs.push(Job::sent(sent_on, Outcome::Refused, dice));
        sent_on = days_after(sent_on, dice.between(3, 20));
    }
    let outcome = if !dice.happens(&rates::OFFERED_POST) {
        Outcome::Refused
    } else if dice.happens(&rates::DECLINED_POST) {
        Outcome::Declined
    } else {
        life.career.posts.push((date(cycle + 1, 9, 1), None));
        Outcome::Taken
    };
    life.career.jobs.push(Job::sent(sent_on, outcome, dice));
}
