//! Everybody beside the cohort: people who got no place, who are back from a break, or who qualified before.

use jiff::civil::{Date, date};
use ltr_domain::calendar::days_after;

use super::career::{Induction, InductionEnd, Job, Outcome, Qualified, Way};
use super::{Life, LifeKind, Traineeship, Wave, paperwork, place};
use crate::dice::Dice;
use crate::person::{Identity, PersonNo};
use crate::provider::{ApplicationIds, ProviderKind, ProviderNo};
use crate::{lateness, rates};

/// What a hundred of the others are.
pub(crate) const MIX: &[(LifeKind, u64)] = &[
    (LifeKind::Unsuccessful, 45),
    (LifeKind::BackAgain, 10),
    (LifeKind::EarlyCareer, 18),
    (LifeKind::InService, 12),
    (LifeKind::Returner, 10),
    (LifeKind::Qtls, 5),
];

/// The life of that person.
pub(super) fn life(seed: u64, person: PersonNo, cycle: i16) -> Life {
    let kind = kind(person);
    let ages = match kind {
        LifeKind::Trainee | LifeKind::Unsuccessful | LifeKind::BackAgain | LifeKind::EarlyCareer => (22, 45),
        LifeKind::InService | LifeKind::Returner | LifeKind::Qtls => (38, 58),
    };
    let identity = Identity::of(person, seed, cycle, ages);
    let mut life = Life::new(person, kind, identity, cycle);
    let mut dice = person.dice(seed, "others");
    match kind {
        LifeKind::Trainee => {}
        LifeKind::Unsuccessful => life.choices = place::unsuccessful(person, cycle, &mut dice),
        LifeKind::BackAgain => back_again(&mut life, seed, &mut dice),
        LifeKind::EarlyCareer => early_career(&mut life, &mut dice),
        LifeKind::InService => in_service(&mut life, &mut dice),
        LifeKind::Returner => returner(&mut life, &mut dice),
        LifeKind::Qtls => qtls(&mut life, &mut dice),
    }
    life
}

/// Kinds come in turn, so that a small population has its share of each.
fn kind(person: PersonNo) -> LifeKind {
    let place = u64::from(person.0 - PersonNo::OTHERS_FROM);
    // 37 and 100 have no common factor: every hundred has each place once.
    let mut at = place * 37 % 100;
    for &(kind, share) in MIX {
        if at < share {
            return kind;
        }
        at -= share;
    }
    LifeKind::Unsuccessful
}

/// Began the year before, deferred, and goes on with this cohort (S-E).
fn back_again(life: &mut Life, seed: u64, dice: &mut Dice) {
    let (person, before) = (life.person, life.cycle - 1);
    let kind = ProviderKind::Scitt;
    let provider = ProviderNo::for_person(person, kind, None, dice);
    let (choices, _) = place::accepted(person, before, provider, dice, place::Keep::Certainly);
    life.choices = choices;
    let starts = Traineeship::starts(before, Wave::Autumn, kind, dice);
    let application = match provider.application_ids() {
        ApplicationIds::Stated => Some(person.choice(0)),
        ApplicationIds::Missing => None,
    };
    let ends_on = days_after(starts.0, 300);
    let mut one = Traineeship::beginning(provider, application, Wave::Autumn, starts, ends_on);
    one.deferred_on = Some(days_after(one.started_on, dice.between(60, 220)));
    one.returned_on = Some(days_after(date(life.cycle, 9, 1), dice.between(0, 10)));
    one.completes(date(life.cycle + 1, 6, 7), date(life.cycle + 1, 7, 8), dice);
    paperwork::file(&mut one, seed, person);
    life.traineeships.push(one);
}

fn trained(life: &mut Life, on: Date) {
    life.career.qualified = Some(Qualified {
        on,
        by: Way::Training,
    });
}

fn early_career(life: &mut Life, dice: &mut Dice) {
    let years = dice.between(1, 2);
    let years = i16::try_from(years).expect("one or two");
    let qualified = life.cycle + 1 - years;
    trained(life, days_after(date(qualified, 6, 20), dice.between(0, 40)));
    let started_on = days_after(date(qualified, 9, 1), dice.between(0, 5));
    let mut induction = Induction {
        started_on,
        start_told_on: days_after(started_on, dice.late(&lateness::INDUCTION)),
        ended: None,
        end_told_on: None,
    };
    // Two years are six terms: those who began two years before end with this one.
    let ended_on = days_after(date(qualified + 2, 7, 1), dice.between(0, 20));
    let end = if dice.happens(&rates::INDUCTION_FAILED) {
        InductionEnd::Failed
    } else {
        InductionEnd::Passed
    };
    induction.ended = Some((ended_on, end));
    induction.end_told_on = Some(days_after(ended_on, dice.late(&lateness::INDUCTION)));
    life.career.induction = Some(induction);
    life.career.posts.push((started_on, None));
}

/// Qualified that many years ago and inducted after it.
fn long_ago(life: &mut Life, years: i32) -> Date {
    let year = life.cycle - i16::try_from(years).expect("a few decades");
    trained(life, date(year, 7, 1));
    let started_on = date(year, 9, 1);
    let ended_on = date(year + 1, 7, 20);
    life.career.induction = Some(Induction {
        started_on,
        start_told_on: days_after(started_on, 20),
        ended: Some((ended_on, InductionEnd::Passed)),
        end_told_on: Some(days_after(ended_on, 20)),
    });
    started_on
}

fn in_service(life: &mut Life, dice: &mut Dice) {
    let started_on = long_ago(life, dice.between(6, 14));
    life.career.posts.push((started_on, None));
}

fn returner(life: &mut Life, dice: &mut Dice) {
    let started_on = long_ago(life, dice.between(9, 14));
    let left_on = date(life.cycle - 3, 8, 31);
    life.career.posts.push((started_on, Some(left_on)));
    let applied_on = days_after(date(life.cycle, 10, 1), dice.between(0, 200));
    let back = dice.below(3) > 0;
    let outcome = if back { Outcome::Taken } else { Outcome::Refused };
    life.career.jobs.push(Job::sent(applied_on, outcome, dice));
    if back {
        let term = if applied_on < date(life.cycle, 11, 20) {
            date(life.cycle + 1, 1, 4)
        } else {
            date(life.cycle + 1, 9, 1)
        };
        life.career.posts.push((term, None));
    }
}

fn qtls(life: &mut Life, dice: &mut Dice) {
    let on = days_after(date(life.cycle - 6, 3, 1), dice.between(0, 900));
    life.career.qualified = Some(Qualified { on, by: Way::Qtls });
    life.career.posts.push((days_after(on, 180), None));
    if dice.happens(&rates::QTLS_LAPSED) {
        let lapsed_on = days_after(date(life.cycle, 9, 15), dice.between(0, 250));
        life.career.qtls_lapsed = Some((
            lapsed_on,
            days_after(lapsed_on, dice.late(&lateness::QTLS_LAPSED)),
        ));
    }
}
