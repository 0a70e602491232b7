//! Examples and laws of the breaker.

use proptest::prelude::*;

use super::*;

fn of(expected: u64) -> Comparison {
    Comparison {
        rows: expected,
        expected: Some(expected),
        unchanged: expected,
        ..Comparison::default()
    }
}

fn causes(outcome: &Outcome) -> Vec<HoldCause> {
    match outcome {
        Outcome::Pass => Vec::new(),
        Outcome::Hold(reasons) => reasons.iter().map(|reason| reason.cause).collect(),
    }
}

fn check(delivery: &Comparison, expected: &[HoldCause]) {
    let outcome = judge(&Bounds::of(Feed::RegisterTrainees), Age::Newest, delivery, None);
    assert_eq!(causes(&outcome), expected, "{delivery:?}");
}

#[test]
fn an_ordinary_night_passes_and_half_a_file_does_not() {
    check(&of(7_000), &[]);
    check(
        &Comparison {
            absent: 700,
            ..of(7_000)
        },
        &[],
    );
    check(
        &Comparison {
            absent: 701,
            ..of(7_000)
        },
        &[HoldCause::Absent],
    );
    // A small provider may lose a few people, however large a share they are.
    check(&Comparison { absent: 10, ..of(12) }, &[]);
    check(&Comparison { absent: 11, ..of(12) }, &[HoldCause::Absent]);
    check(
        &Comparison {
            added: 3_501,
            ..of(7_000)
        },
        &[HoldCause::Added],
    );
    check(
        &Comparison {
            changed: 3_501,
            ..of(7_000)
        },
        &[HoldCause::Changed],
    );
    check(
        &Comparison {
            quarantined: 351,
            ..of(7_000)
        },
        &[HoldCause::Quarantined],
    );
}

#[test]
fn nothing_where_something_was_is_held_and_nothing_after_nothing_passes() {
    let nothing_of = |expected| Comparison {
        expected,
        absent: expected.unwrap_or_default(),
        ..Comparison::default()
    };
    check(&nothing_of(Some(7_000)), &[HoldCause::Empty, HoldCause::Absent]);
    check(&nothing_of(Some(1)), &[HoldCause::Empty]);
    check(&nothing_of(None), &[HoldCause::Empty]);
    check(&nothing_of(Some(0)), &[]);
}

#[test]
fn the_first_delivery_of_a_scope_may_be_of_any_size() {
    let first = Comparison {
        rows: 500_000,
        added: 500_000,
        ..Comparison::default()
    };
    check(&first, &[]);
    check(
        &Comparison {
            quarantined: 400_000,
            ..first
        },
        &[HoldCause::Quarantined],
    );
}

#[test]
fn a_permit_allows_as_much_as_was_approved_and_no_more_and_never_what_is_old() {
    let bounds = Bounds::of(Feed::RegisterTrainees);
    let approved = Comparison {
        absent: 3_000,
        ..of(7_000)
    };
    let judged = |absent, age| {
        let delivery = Comparison { absent, ..of(7_000) };
        causes(&judge(&bounds, age, &delivery, Some(&approved)))
    };
    assert_eq!(judged(3_000, Age::Newest), []);
    assert_eq!(judged(3_001, Age::Newest), [HoldCause::Absent]);
    assert_eq!(judged(0, Age::Stale), [HoldCause::Stale]);
    let nothing = Comparison {
        absent: 1,
        expected: Some(1),
        ..Comparison::default()
    };
    assert_eq!(
        causes(&judge(&bounds, Age::Newest, &nothing, Some(&approved))),
        [HoldCause::Empty],
        "what was approved had rows"
    );
    assert_eq!(
        judge(&bounds, Age::Newest, &nothing, Some(&nothing)),
        Outcome::Pass
    );
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    let count = 0..20_000_u64;
    let counts = (
        count.clone(),
        count.clone(),
        count.clone(),
        count.clone(),
        count.clone(),
    );
    (counts, proptest::option::of(count)).prop_map(
        |((rows, added, changed, absent, quarantined), expected)| Comparison {
            rows,
            expected,
            added,
            changed,
            unchanged: 0,
            superseded: 0,
            absent,
            quarantined,
        },
    )
}

proptest! {
    /// Whoever would be held is held with more of anything, for the same causes at least.
    #[test]
    fn more_of_anything_never_lets_pass(
        delivery in any_comparison(),
        permitted in proptest::option::of(any_comparison()),
        more in (0..9_u64, 0..9_000_u64, 0..9_000_u64, 0..9_000_u64),
        is_old in any::<bool>(),
    ) {
        let (quarantined, added, changed, absent) = more;
        let worse = Comparison {
            quarantined: delivery.quarantined + quarantined,
            added: delivery.added + added,
            changed: delivery.changed + changed,
            absent: delivery.absent + absent,
            ..delivery
        };
        let age = if is_old { Age::Stale } else { Age::Newest };
        for feed in Feed::ALL {
            let bounds = Bounds::of(feed);
            let before = causes(&judge(&bounds, age, &delivery, permitted.as_ref()));
            let after = causes(&judge(&bounds, Age::Stale, &worse, permitted.as_ref()));
            prop_assert!(before.iter().all(|cause| after.contains(cause)), "{before:?} {after:?}");
        }
    }

    /// A permit never holds what passes without one, and the delivery that was approved passes unless it is old.
    #[test]
    fn a_permit_only_widens(delivery in any_comparison(), permitted in any_comparison()) {
        let bounds = Bounds::of(Feed::TrsPersons);
        let without = causes(&judge(&bounds, Age::Newest, &delivery, None));
        let with = causes(&judge(&bounds, Age::Newest, &delivery, Some(&permitted)));
        prop_assert!(with.iter().all(|cause| without.contains(cause)));
        prop_assert_eq!(judge(&bounds, Age::Newest, &delivery, Some(&delivery)), Outcome::Pass);
    }

    /// Reasons are told once each, in order, with what was found above what was allowed.
    #[test]
    fn every_reason_says_why(delivery in any_comparison()) {
        let outcome = judge(&Bounds::of(Feed::TvVacancies), Age::Stale, &delivery, None);
        let Outcome::Hold(reasons) = outcome else { panic!("what is old is held") };
        prop_assert!(reasons.is_sorted_by(|one, next| one.cause < next.cause));
        for reason in reasons {
            let is_counted = !matches!(reason.cause, HoldCause::Empty | HoldCause::Stale);
            prop_assert_eq!(is_counted, reason.found > reason.most);
        }
    }
}
