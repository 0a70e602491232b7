//! The core says what the slow reference says: who is who, and what is answered on any day at any known time.

use jiff::civil::Date;
use ltr_domain::calendar::days_after;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::teacher::{TeacherRecord, teacher_at};
use ltr_lives::reference::{self, Account, Answer, Asked};

use crate::held::{Verdict, cases, differ, hold, hold_over};
use crate::world::{POLICY, World, some_day, some_prefix, told};

/// How many known times are tried of a case, and of each how many days for each person.
const KNOWN_TIMES: usize = 2;
const DAYS: usize = 4;

#[test]
fn people_are_those_of_the_reference() {
    hold("people are those of the reference", 100, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let mut dice = case.dice("people");
        for _ in 0..2 * KNOWN_TIMES {
            let (known, _) = some_prefix(&mut dice, &told);
            let (core, slow) = (World::after(known).people, reference::people(known));
            if core != slow {
                return Err(format!(
                    "after {} messages: {core:?}, and not {slow:?}",
                    known.len()
                ));
            }
        }
        Ok(Verdict::Holds)
    });
}

#[test]
fn answers_are_those_of_the_reference() {
    hold("answers are those of the reference", 100, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let mut dice = case.dice("answers");
        for _ in 0..KNOWN_TIMES {
            let (known, known_on) = some_prefix(&mut dice, &told);
            let hearing = case.hearing(dice.day_after(known_on, 0, 100));
            let (world, accounts) = (World::after(known), reference::accounts(known));
            for person in &world.people {
                let slow: Vec<&Account> = person.iter().filter_map(|record| accounts.get(record)).collect();
                for _ in 0..DAYS {
                    let day = some_day(&mut dice, known);
                    let asked = Asked {
                        accounts: &slow,
                        hearing: &hearing,
                        known_on: hearing.known_on,
                        day,
                    };
                    let expected = reference::answer(asked);
                    let answered = Answer::of(&teacher_at(&world.folds_of(person), &POLICY, &hearing, day));
                    if answered != expected {
                        return Err(format!(
                            "{person:?} on {day}, known on {}: {}",
                            hearing.known_on,
                            differ(&answered, &expected)
                        ));
                    }
                }
            }
        }
        Ok(Verdict::Holds)
    });
}

/// Asking the reference about every day is slow: a fiftieth of the cases.
#[test]
fn since_and_review_day_are_found_by_asking_about_every_day() {
    const AROUND_DAYS: i32 = 500;
    hold_over(cases() / 50, "since and review day", 50, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let mut dice = case.dice("line");
        let (known, known_on) = some_prefix(&mut dice, &told);
        let hearing = case.hearing(dice.day_after(known_on, 0, 100));
        let (world, accounts) = (World::after(known), reference::accounts(known));
        let mut verdict = Verdict::SaysNothing;
        for person in world.people.iter().take(2) {
            let slow: Vec<&Account> = person.iter().filter_map(|record| accounts.get(record)).collect();
            // Of a day that has not come there is no telling when it will be another.
            let day = some_day(&mut dice, known).min(hearing.known_on);
            let answer = teacher_at(&world.folds_of(person), &POLICY, &hearing, day);
            let asked = Asked {
                accounts: &slow,
                hearing: &hearing,
                known_on: hearing.known_on,
                day,
            };
            let since = reference::since(asked, days_after(day, -AROUND_DAYS));
            let told_since = answer.headline.resolution.since;
            if since.is_some() && told_since != since {
                return Err(format!(
                    "{person:?} on {day}: since {told_since:?}, and not {since:?}"
                ));
            }
            let until = days_after(day, AROUND_DAYS);
            let told_review = answer.review_on.filter(|on| *on <= until);
            let review_on = changes_on(&world.folds_of(person), &hearing, &answer, until);
            if told_review != review_on {
                return Err(format!(
                    "{person:?} on {day}, known on {}: review on {told_review:?}, and not {review_on:?}",
                    hearing.known_on
                ));
            }
            if since.is_some() || review_on.is_some() {
                verdict = Verdict::Holds;
            }
        }
        Ok(verdict)
    });
}

/// The first day after, up to `until`, on which somebody who asks on it, and has heard nothing more, gets another answer.
fn changes_on(folds: &[&RecordFold], hearing: &Hearing, now: &TeacherRecord, until: Date) -> Option<Date> {
    let mut day = now.effective_on;
    while day < until {
        day = days_after(day, 1);
        let hearing = Hearing {
            known_on: hearing.known_on.max(day),
            ..hearing.clone()
        };
        let mut later = teacher_at(folds, &POLICY, &hearing, day);
        // Since when the stage holds is told beside the answer, and is another only where the stage is.
        if later.headline.stage == now.headline.stage {
            later.headline.resolution.since = now.headline.resolution.since;
        }
        if (&later.headline, &later.facts, &later.awaits) != (&now.headline, &now.facts, &now.awaits) {
            return Some(day);
        }
    }
    None
}
