//! Another policy gives other answers, and only where it differs.

use super::*;
use crate::policy::{FactKind, Rule, Window};

/// The first policy with some rules changed.
fn policy(change: impl Fn(&mut Rule)) -> Policy {
    let mut policy = Policy::first();
    policy.rules.iter_mut().for_each(change);
    policy
}

fn told(answer: &TeacherRecord) -> (&'static str, &'static str, Option<Source>) {
    let resolution = &answer.headline.resolution;
    (
        resolution.value,
        resolution.certainty.token(),
        resolution.source(),
    )
}

#[test]
fn a_rule_for_the_census_settles_from_the_census_on() {
    let life = ordinary();
    let counted = policy(|rule| {
        if rule.name().to_string() == "training.census_to_sign_off" {
            rule.settles = Some(Source::Register);
        }
    });
    let known = date(2026, 9, 22);
    for (on, before, after) in [
        (date(2026, 10, 13), "provisional", "provisional"),
        (date(2026, 10, 14), "provisional", "confirmed"),
        (date(2026, 10, 31), "provisional", "confirmed"),
        (date(2026, 11, 1), "confirmed", "confirmed"),
    ] {
        assert_eq!(told(&life.at(on, on)).1, before, "{on}");
        assert_eq!(told(&life.under(&counted, on, on)).1, after, "{on}");
    }
    assert_eq!(life.at(known, known).review_on, Some(date(2026, 11, 1)));
    assert_eq!(
        life.under(&counted, known, known).review_on,
        Some(date(2026, 10, 14))
    );
}

#[test]
fn the_calendar_and_the_thresholds_are_the_policys() {
    let life = ordinary();
    let mut later = Policy::first();
    later.calendar.waves[0].signed_off_from = crate::calendar::MonthDay::new(11, 8).unwrap();
    let known = date(2026, 9, 22);
    let on = date(2026, 11, 7);
    assert_eq!(told(&life.at(on, on)).1, "confirmed");
    assert_eq!(told(&life.under(&later, on, on)).1, "provisional");
    assert_eq!(
        life.under(&later, known, known).review_on,
        Some(date(2026, 11, 8))
    );
}

/// Deferred, Register says; in training, a route of TRS says.
fn two_tales() -> History {
    let route = route_in_training();
    ordinary().said(
        date(2026, 12, 1),
        &person(),
        vec![
            event(Fact::TrnAllocated(to(Answer::Found)), date(2026, 12, 1)),
            event(
                Fact::QualifiedStatusRemoved(Change { old: None, new: None }),
                date(2026, 12, 1),
            ),
            event(Fact::RouteRecorded(to(route)), date(2026, 9, 1)),
        ],
    )
}

#[test]
fn the_order_of_sources_says_who_is_believed_and_who_is_not_heard() {
    let life = two_tales();
    let (on, known) = (date(2026, 12, 2), date(2026, 12, 2));
    let sources = |sources: &'static [Source], settles| {
        policy(move |rule| {
            if rule.fact == FactKind::Training {
                rule.sources = sources.to_vec();
                rule.settles = settles;
            }
        })
    };
    use Source::{Register, Trs};
    let source = |policy: &Policy| told(&life.under(policy, on, known)).2;
    assert_eq!(source(&Policy::first()), Some(Register));
    assert_eq!(source(&sources(&[Trs, Register], Some(Trs))), Some(Trs));
    assert_eq!(source(&sources(&[Trs], Some(Trs))), Some(Trs));
    let settled = life.under(&sources(&[Trs, Register], Some(Trs)), on, known);
    assert_eq!(told(&settled).1, "confirmed");
    // Under the first policy the same word of TRS is provisional, and not heard beside Register's.
    assert_eq!(settled.facts.training.certainty.token(), "confirmed");
}

#[test]
fn a_source_that_is_not_entitled_is_not_heard() {
    let life = ordinary();
    let awarded = date(2027, 7, 3);
    let answer = |policy: &Policy| life.under(policy, awarded, awarded).facts.qualified_status;
    assert_eq!(answer(&Policy::first()).value, "award_reported");
    let trs_only = policy(|rule| rule.sources.retain(|source| *source == Source::Trs));
    assert_eq!(answer(&trs_only).value, "unknown");
    assert_eq!(
        trs_only
            .rule(FactKind::QualifiedStatus, Window::Always)
            .map(|rule| rule.sources.clone()),
        Some(vec![Source::Trs])
    );
}
