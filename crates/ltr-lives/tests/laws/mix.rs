//! The laws are held against lives worth it.

use ltr_domain::event::ChangeKind;
use ltr_lives::{Case, Incident, Mix};

use crate::held::{cases, seeds};

#[test]
fn the_cases_are_full_of_life() {
    let mut mix = Mix::default();
    for seed in seeds(cases()) {
        mix.add(&Case::of(seed));
    }
    println!("{mix}");
    assert!(mix.median_events() >= 20);
    assert!(mix.median_sources() >= 3);
    assert!(mix.percent_disturbed() >= 33);
    assert!(mix.percent_at_one_time() >= 33);
    for incident in Incident::ALL {
        assert!(mix.percent_with(incident) >= 5, "{incident:?} is too seldom");
    }
    for kind in ChangeKind::ALL {
        assert!(mix.percent_with_kind(kind) >= 5, "{kind:?} is too seldom");
    }
}

#[test]
fn the_same_seed_gives_the_same_case() {
    for seed in seeds(100) {
        let (one, other) = (Case::of(seed), Case::of(seed));
        assert_eq!(one, other);
        assert_eq!(one.observations(), other.observations());
    }
}
