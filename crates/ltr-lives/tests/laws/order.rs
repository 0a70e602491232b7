//! What order and absence must not change.

use std::collections::BTreeSet;

use ltr_domain::event::{ChangeKind, Event, Fact};
use ltr_domain::explain::Told;
use ltr_domain::ids::Source;
use ltr_domain::observation::Observation;
use ltr_domain::record::State;
use ltr_domain::time::{Effective, RecordedAt, TakenAt};
use ltr_lives::reference::Answer;
use ltr_lives::{Case, Dice, placed};

use crate::held::{Verdict, differ, hold};
use crate::world::{World, some_day};

#[test]
fn any_interleaving_that_keeps_each_sources_order_gives_the_same_record() {
    hold("any interleaving gives the same record", 90, |case| {
        let observations = case.observations();
        let mut dice = case.dice("interleaving");
        let mixed = interleaved(&observations, &mut dice);
        if observations.is_empty() || sources(&observations) < 2 {
            return Ok(Verdict::SaysNothing);
        }
        same_record(case, &placed(&observations), &placed(&mixed), &mut dice)?;
        Ok(Verdict::Holds)
    });
}

#[test]
fn source_order_is_irrelevant_at_equal_times() {
    hold("source order is irrelevant at equal times", 30, |case| {
        let observations = case.observations();
        let mut dice = case.dice("equal times");
        let mut mixed = Vec::with_capacity(observations.len());
        for step in observations.chunk_by(|a, b| a.recorded_at == b.recorded_at) {
            mixed.extend(interleaved(step, &mut dice));
        }
        if mixed == observations {
            return Ok(Verdict::SaysNothing);
        }
        let (told, mixed) = (placed(&observations), placed(&mixed));
        // At every known time, not only in the end.
        let ends = told
            .chunk_by(|a, b| a.position.known_at == b.position.known_at)
            .scan(0, |end, step| {
                *end += step.len();
                Some(*end)
            });
        for end in ends
            .filter(|_| dice.one_in(4))
            .chain([told.len()])
            .collect::<Vec<_>>()
        {
            same_record(case, &told[..end], &mixed[..end], &mut dice.clone())?;
        }
        Ok(Verdict::Holds)
    });
}

#[test]
fn vanishing_changes_no_fact() {
    hold("vanishing changes no fact", 90, |case| {
        let observations = case.observations();
        let mut dice = case.dice("vanishing");
        let mut with_absences = Vec::with_capacity(2 * observations.len());
        let mut is_any = false;
        for (index, one) in observations.iter().enumerate() {
            with_absences.push(one.clone());
            let next_at = observations.get(index + 1).map(|next| next.recorded_at);
            if dice.one_in(3) {
                let gone = about_presence(one, Fact::SourceRecordVanished, ChangeKind::Vanished);
                let back = about_presence(one, Fact::SourceRecordReappeared, ChangeKind::Reappeared);
                with_absences.push(gone);
                with_absences.extend(Some(back).filter(|_| dice.one_in(2)));
                is_any = true;
            }
            // Known before what comes next, so that nothing else moves.
            debug_assert!(next_at.is_none_or(|next| next >= one.recorded_at));
        }
        if !is_any {
            return Ok(Verdict::SaysNothing);
        }
        same_record(case, &placed(&observations), &placed(&with_absences), &mut dice)?;
        Ok(Verdict::Holds)
    });
}

#[test]
fn late_history_changes_nothing_now() {
    hold("late history changes nothing now", 10, |case| {
        let told = case.told();
        let is_late = |one: &Told| {
            one.observation
                .events
                .iter()
                .all(|event| event.kind == ChangeKind::Late)
        };
        let mut verdict = Verdict::SaysNothing;
        for (index, late) in told.iter().enumerate().filter(|(_, one)| is_late(one)) {
            let (before, after) = (World::after(&told[..index]), World::after(&told[..=index]));
            if after.people != before.people {
                return Err(format!("people: {:?}, and not {:?}", after.people, before.people));
            }
            // Of a day on which nothing is ahead that anybody has stated.
            let stated = told[..=index].iter().flat_map(|one| &one.observation.events);
            let now = stated.map(|event| event.effective.on).max().unwrap_or_default();
            let now = now.max(late.position.known_at.london_date());
            let hearing = case.hearing(now);
            for person in &before.people {
                let answered = |world: &World| Answer::of(&world.meaning(person, &hearing, now));
                let (known, mut then) = (answered(&before), answered(&after));
                // An old reading may tell what no newer one said anything of.
                for (fact, now) in then.facts.iter_mut().zip(&known.facts) {
                    if now.certainty == "unknown" && fact != now {
                        fact.clone_from(now);
                        then.headline.clone_from(&known.headline);
                    }
                }
                if then != known {
                    return Err(differ(&then, &known));
                }
            }
            verdict = Verdict::Holds;
        }
        Ok(verdict)
    });
}

/// The same messages in another order that keeps each source's own; recorded when their new places say.
fn interleaved(observations: &[Observation], dice: &mut Dice) -> Vec<Observation> {
    let mut times: Vec<RecordedAt> = observations.iter().map(|one| one.recorded_at).collect();
    times.sort();
    let mut waiting: Vec<Vec<&Observation>> = Source::ALL
        .iter()
        .map(|source| {
            observations
                .iter()
                .rev()
                .filter(|one| one.record.source() == *source)
                .collect()
        })
        .collect();
    let mut mixed = Vec::with_capacity(observations.len());
    for recorded_at in times {
        waiting.retain(|of_one| !of_one.is_empty());
        let source = dice.below(waiting.len());
        let next = waiting[source].pop().expect("sources without messages are gone");
        mixed.push(Observation {
            recorded_at,
            ..next.clone()
        });
    }
    mixed
}

fn sources(observations: &[Observation]) -> usize {
    let sources: BTreeSet<Source> = observations.iter().map(|one| one.record.source()).collect();
    sources.len()
}

/// That the record is gone from its feed, or back, and nothing else.
fn about_presence(observation: &Observation, fact: Fact, kind: ChangeKind) -> Observation {
    Observation {
        state: State {
            vanished: kind == ChangeKind::Vanished,
            ..observation.state.clone()
        },
        // A later snapshot: only what is said in it may count, not that it was taken.
        taken_at: TakenAt(
            observation
                .recorded_at
                .0
                .saturating_add(jiff::SignedDuration::from_hours(24 * 400))
                .unwrap(),
        ),
        events: vec![Event {
            fact,
            effective: Effective::observed(observation.recorded_at.london_date()),
            kind,
            supersedes: None,
        }],
        ..observation.clone()
    }
}

/// That two logs tell of the same people, and the same of each.
fn same_record(case: &Case, one: &[Told], other: &[Told], dice: &mut Dice) -> Result<(), String> {
    let (one, other) = ((World::after(one), one), World::after(other));
    let (world, told) = one;
    if world.people != other.people {
        return Err(format!("people: {:?}, and not {:?}", other.people, world.people));
    }
    let known_on = told
        .iter()
        .map(|one| one.position.known_at)
        .max()
        .map(|at| at.london_date());
    let hearing = case.hearing(dice.day_after(known_on.unwrap_or_default(), 0, 100));
    for person in &world.people {
        for _ in 0..3 {
            let on = some_day(dice, told);
            let (expected, found) = (
                world.meaning(person, &hearing, on),
                other.meaning(person, &hearing, on),
            );
            if found != expected {
                return Err(format!("on {on}: {}", differ(&found, &expected)));
            }
        }
    }
    Ok(())
}
