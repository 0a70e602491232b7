//! What the projector makes of a log does not depend on how it came to read it, nor on what came later.

use ltr_domain::observation::Observation;
use ltr_lives::{Case, Dice, reference};

use crate::held::{Verdict, differ, hold};
use crate::projected::Projected;
use crate::world::{some_day, told};

#[test]
fn batches_equal_one_by_one() {
    hold("batches equal one by one", 95, |case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let observations = case.observations();
        let mut dice = case.dice("batches");
        let one_by_one = Projected::of(&observations, 1);
        let in_batches = Projected::new();
        for chunk in chunks(&observations, &mut dice) {
            in_batches.go_on(chunk, *dice.of(&[2, 3, 5, 1_000]));
        }
        let (one, other) = (one_by_one.memberships(), in_batches.memberships());
        if one != other {
            return Err(format!("memberships: {}", differ(&other, &one)));
        }
        let (one, other) = (one_by_one.people(), reference::people(&told));
        if one != other {
            return Err(format!("people: {one:?}, and not {other:?}"));
        }
        let (one, other) = (one_by_one.store.contents(), in_batches.store.contents());
        if one.history != other.history {
            return Err("histories differ".to_owned());
        }
        if one.people != other.people {
            return Err(format!("answers: {}", differ(&other.people, &one.people)));
        }
        for _ in 0..2 {
            let (record, known) = (
                &dice.of(&told).observation.record,
                dice.of(&told).position.known_at,
            );
            let on = some_day(&mut dice, &told);
            let (one, other) = (
                one_by_one.as_of(record, known, on),
                in_batches.as_of(record, known, on),
            );
            if one != other {
                return Err(format!(
                    "{record} on {on}, known at {known}: {}",
                    differ(&other, &one)
                ));
            }
        }
        Ok(Verdict::Holds)
    });
}

#[test]
fn an_answer_as_of_a_moment_never_changes() {
    hold("an answer as of a moment never changes", 95, |case: &Case| {
        let Some(told) = told(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let observations = case.observations();
        let mut dice = case.dice("as of");
        let projected = Projected::new();
        let mut asked = Vec::new();
        let mut published = 0;
        for chunk in chunks(&observations, &mut dice) {
            projected.go_on(chunk, 1_000);
            published += chunk.len();
            // What is known by then for good: nothing that comes is known at that time or before.
            let next = told.get(published).map(|next| next.position.known_at);
            let known_for_good = told[..published].iter().map(|one| one.position.known_at);
            let Some(latest) = known_for_good
                .filter(|at| next.is_none_or(|next| *at < next))
                .max()
            else {
                continue;
            };
            let earlier = dice.of(&told[..published]).position.known_at.min(latest);
            let known = if dice.one_in(2) { latest } else { earlier };
            let record = dice.of(&told[..published]).observation.record.clone();
            let on = some_day(&mut dice, &told);
            let answer = projected.as_of(&record, known, on);
            asked.push((record, known, on, answer));
        }
        for (record, known, on, then) in &asked {
            let now = projected.as_of(record, *known, *on);
            if now != *then {
                return Err(format!(
                    "{record} on {on}, known at {known}: {}",
                    differ(&now, then)
                ));
            }
        }
        Ok(if asked.len() > 1 {
            Verdict::Holds
        } else {
            Verdict::SaysNothing
        })
    });
}

/// The messages cut into two to five pieces, anywhere.
fn chunks<'a>(observations: &'a [Observation], dice: &mut Dice) -> Vec<&'a [Observation]> {
    let mut cuts: Vec<usize> = (0..1 + dice.below(4))
        .map(|_| dice.below(observations.len()))
        .collect();
    cuts.sort_unstable();
    let mut from = 0;
    let mut chunks = Vec::new();
    for to in cuts.into_iter().chain([observations.len()]) {
        if to > from {
            chunks.push(&observations[from..to]);
        }
        from = to;
    }
    chunks
}
