//! Laws of answers over generated lives: what the order between sources, and what vanishing, must not change.

use super::*;
use crate::event::{ChangeKind, Event, Fact};
use crate::explain::lifetime::folds;
use crate::fold::RecordFold;
use crate::ids::Source;
use crate::observation::Position;
use crate::resolution::{Caveat, Certainty};
use crate::teacher::teacher_at;
use crate::time::Effective;

/// How many lives each law is held against.
const LIVES: u64 = 2_000;

/// What is answered about the headline and the facts, without places on the log.
type Meaning = Vec<(
    &'static str,
    Certainty,
    BTreeSet<Caveat>,
    &'static str,
    Option<Source>,
    Option<Date>,
)>;

fn meaning(told: &[Told], on: Date) -> Meaning {
    let folds = folds(told.iter());
    let folds: Vec<&RecordFold> = folds.values().collect();
    let answer = teacher_at(&folds, &Policy::first(), &Hearing::nothing(date(2028, 1, 1)), on);
    let facts = answer.facts.named().map(|(_, fact)| fact);
    let all = std::iter::once(&answer.headline.resolution).chain(facts);
    all.map(|one| {
        (
            one.value,
            one.certainty,
            one.caveats.clone(),
            one.reason,
            one.source(),
            one.since,
        )
    })
    .collect()
}

/// All that was told in a life, known at one time, so that nothing but places tells an order.
fn told_in(life: &Lifetime) -> Vec<Told> {
    let known_at = known(date(2027, 12, 31));
    let told = life.told_at(known_at).cloned();
    told.map(|mut one| {
        one.position.known_at = known_at;
        one
    })
    .collect()
}

/// The same messages in another order that keeps each source's own.
fn interleaved(told: &[Told], dice: &mut Dice) -> Vec<Told> {
    let mut of_source: Vec<Vec<Told>> = Source::ALL
        .iter()
        .map(|source| {
            let own = |one: &&Told| one.observation.record.source() == *source;
            told.iter().rev().filter(own).cloned().collect()
        })
        .collect();
    let mut mixed = Vec::with_capacity(told.len());
    while mixed.len() < told.len() {
        let source = dice.below(of_source.len());
        if let Some(mut next) = of_source[source].pop() {
            next.position.sequence = mixed.len() as u64 + 1;
            mixed.push(next);
        }
    }
    mixed
}

#[test]
fn the_order_between_sources_changes_no_answer() {
    for seed in 1..=LIVES {
        let mut dice = Dice::new(seed);
        let told = told_in(&life(&mut dice));
        let mixed = interleaved(&told, &mut dice);
        for _ in 0..4 {
            let on = dice.day();
            assert_eq!(meaning(&mixed, on), meaning(&told, on), "seed {seed}, {on}");
        }
    }
}

#[test]
fn vanishing_changes_no_answer() {
    for seed in 1..=LIVES {
        let mut dice = Dice::new(seed);
        let told = told_in(&life(&mut dice));
        let mut gone = told.clone();
        for one in &told {
            if dice.one_in(2) {
                continue;
            }
            let mut last = one.clone();
            last.position = Position {
                sequence: gone.len() as u64 + 1,
                ..last.position
            };
            last.observation.events = vec![Event {
                fact: Fact::SourceRecordVanished,
                effective: Effective::inferred(date(2027, 12, 31)),
                kind: ChangeKind::Vanished,
                supersedes: None,
            }];
            gone.push(last);
        }
        for _ in 0..4 {
            let on = dice.day();
            assert_eq!(meaning(&gone, on), meaning(&told, on), "seed {seed}, {on}");
        }
    }
}

#[test]
fn intervals_follow_one_another_and_agree_with_the_answer_of_each_day() {
    let until = date(2027, 12, 31);
    let hearing = Hearing::nothing(until);
    for seed in 1..=LIVES / 10 {
        let mut dice = Dice::new(seed);
        let told = told_in(&life(&mut dice));
        let folds = folds(told.iter());
        let folds: Vec<&RecordFold> = folds.values().collect();
        let line = crate::teacher::intervals(&folds, &Policy::first(), &hearing, until);
        for pair in line.windows(2) {
            assert!(pair[0].from < pair[1].from, "seed {seed}");
            assert!(
                pair[0].to.is_some_and(|to| to <= pair[1].from),
                "seed {seed}: no two hold on one day"
            );
        }
        assert!(line.last().is_none_or(|last| last.to.is_none()), "seed {seed}");
        for _ in 0..10 {
            let on = dice.day();
            let held = line
                .iter()
                .find(|one| one.from <= on && one.to.is_none_or(|to| on < to));
            let answer = teacher_at(&folds, &Policy::first(), &hearing, on).headline;
            if let Some(held) = held {
                assert_eq!(held.headline.stage, answer.stage, "seed {seed}, {on}");
                assert_eq!(
                    held.headline.resolution.certainty, answer.resolution.certainty,
                    "seed {seed}, {on}"
                );
            } else {
                // The line begins with the first day that anything tells of.
                let is_before = line.first().is_none_or(|first| on < first.from);
                assert!(
                    is_before || answer.stage.token() == "not_known",
                    "seed {seed}, {on}"
                );
            }
        }
    }
}

#[test]
fn years_that_no_calendar_has_break_nothing() {
    let odd = |fact| Event {
        fact,
        effective: Effective::inferred(Date::MIN),
        kind: ChangeKind::Changed,
        supersedes: None,
    };
    for seed in 1..=LIVES / 20 {
        let mut dice = Dice::new(seed);
        let mut told = told_in(&life(&mut dice));
        for one in &mut told {
            let year = [0, 9_998, 9_999, u16::MAX][dice.below(4)];
            if one.observation.record.kind == crate::ids::RecordKind::ApplyChoice {
                let cycle = Fact::CycleChanged(crate::testing::to(year));
                one.observation.events.push(odd(cycle));
            }
            if let Some(event) = one.observation.events.first_mut() {
                event.effective.on = [Date::MIN, Date::MAX, event.effective.on][dice.below(3)];
            }
        }
        for on in [Date::MIN, dice.day(), Date::MAX] {
            assert!(!meaning(&told, on).is_empty(), "seed {seed}");
        }
    }
}
