use std::collections::BTreeMap;

use ltr_population::life::{Happening, Life};
use ltr_population::person::PersonNo;
use ltr_population::stage::{TrueStage, stages};
use ltr_population::{Population, rates};
use proptest::prelude::*;

fn everybody(seed: u64, trainees: u32) -> impl Iterator<Item = Life> {
    let others = (0..trainees / 12).map(|other| PersonNo::OTHERS_FROM + other);
    (0..trainees)
        .chain(others)
        .map(move |number| Life::of(seed, PersonNo(number), 2026))
}

/// Within four and a half standard deviations of what the table says, and three besides for what is rare.
#[test]
fn rates_are_what_the_table_says() {
    let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for life in everybody(42, 60_000) {
        for rate in rates::ALL {
            let (hits, trials) = counts.entry(rate.name).or_default();
            if let Some(hit) = (rate.counted)(&life) {
                *hits += i64::from(hit);
                *trials += 1;
            }
        }
    }
    for rate in rates::ALL {
        let (hits, trials) = counts[rate.name];
        assert!(trials >= 100, "{}: only {trials} could", rate.name);
        let share = f64::from(rate.per_100_000) / 100_000.0;
        #[expect(clippy::cast_precision_loss, reason = "counts of a test")]
        let (hits, trials) = (hits as f64, trials as f64);
        let bound = 4.5 * (trials * share * (1.0 - share)).sqrt() + 3.0;
        assert!(
            (hits - trials * share).abs() <= bound,
            "{}: {hits} of {trials}, {share} expected, ±{bound}",
            rate.name
        );
    }
}

/// The shares that were given, seen from outside: S000's tenth, U§12's nine tenths of starters awarded in the end.
#[test]
fn a_tenth_withdraws_and_most_are_awarded() {
    let (mut started, mut withdrew, mut awarded) = (0, 0, 0);
    for life in everybody(7, 7_000) {
        let Some(one) = life.traineeships.first() else {
            continue;
        };
        started += 1;
        withdrew += u32::from(one.withdrew.is_some());
        awarded += u32::from(one.awarded_on.is_some());
    }
    assert!(
        (9..=11).contains(&(withdrew * 100 / started)),
        "{withdrew} of {started}"
    );
    assert!(
        (84..=91).contains(&(awarded * 100 / started)),
        "{awarded} of {started}"
    );
}

/// A digest that never changes: whoever changes it changes every seed that anybody wrote down.
#[test]
fn a_seed_is_what_it_has_always_been() {
    expect_test::expect!["db62ec88ebea2f9b5009e040a2beba2fc518cb6df7115922bdd325b94b9425ce"]
        .assert_eq(&Population::of(1, 300).digest());
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let (one, two) = (Population::of(5, 120), Population::of(5, 120));
    assert_eq!(one.digest(), two.digest());
    assert_eq!(format!("{:?}", one.world), format!("{:?}", two.world));
    assert_ne!(one.digest(), Population::of(6, 120).digest());
}

#[test]
fn a_larger_population_changes_nobody() {
    let (small, large) = (Population::of(3, 100), Population::of(3, 400));
    for (number, person) in small.truth.people() {
        let same = large
            .truth
            .person(number)
            .expect("everybody is in the larger one");
        assert_eq!(person.life, same.life);
        assert_eq!(person.records, same.records);
        for record in &person.records {
            assert_eq!(small.truth.sayings(record), large.truth.sayings(record));
        }
    }
    for (key, timeline) in small.world.register.iter() {
        let same = large.world.register.get(key).expect("every record is there");
        assert_eq!(format!("{timeline:?}"), format!("{same:?}"));
    }
}

#[test]
fn nobody_is_left_out_however_few_there_are() {
    for size in [0, 1, 2, 3, 24, 300] {
        let population = Population::of(9, size);
        let trainees = population
            .truth
            .people()
            .filter(|(number, _)| number.0 < PersonNo::OTHERS_FROM)
            .count();
        assert_eq!(trainees, usize::try_from(size.next_multiple_of(2)).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn lives_are_in_order(seed in any::<u64>(), number in 0u32..40_000, other in any::<bool>()) {
        let person = PersonNo(if other { PersonNo::OTHERS_FROM + number / 2 } else { number });
        let life = Life::of(seed, person, 2026);
        let happenings = life.happenings();
        prop_assert!(happenings.is_sorted_by_key(|one| one.on));
        let day_of = |is: fn(&Happening) -> bool| happenings.iter().find(|one| is(&one.what)).map(|one| one.on);
        let applied = day_of(|what| matches!(what, Happening::Application { .. }));
        let started = day_of(|what| matches!(what, Happening::Started { .. }));
        if let (Some(applied), Some(started)) = (applied, started) {
            prop_assert!(applied < started);
        }
        for one in &life.traineeships {
            prop_assert!(one.planned_on <= one.started_on);
            let ends = [one.moved.map(|(on, _)| on), one.deferred_on, one.withdrew.map(|(on, _)| on), one.standards_met_on];
            for end in ends.into_iter().flatten() {
                prop_assert!(one.started_on < end);
            }
            prop_assert!(one.withdrew.is_none() || one.awarded_on.is_none());
            prop_assert!(one.returned_on.is_none_or(|on| one.deferred_on.is_some_and(|from| from < on)));
            let award = [one.standards_met_on, one.recommended_on, one.awarded_on, one.revoked.map(|it| it.register_on)];
            prop_assert!(award.into_iter().flatten().is_sorted());
        }
    }

    #[test]
    fn where_somebody_stands_is_told_of_every_day(seed in any::<u64>(), number in 0u32..40_000, other in any::<bool>()) {
        let person = PersonNo(if other { PersonNo::OTHERS_FROM + number / 2 } else { number });
        let life = Life::of(seed, person, 2026);
        let stages = stages(&life);
        prop_assert!(!stages.is_empty());
        prop_assert!(stages.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
        // Nobody is of the cohort who did not accept a place, and nobody falls back to nothing.
        prop_assert!(stages.iter().all(|(_, stage)| *stage != TrueStage::NothingYet));
    }
}
