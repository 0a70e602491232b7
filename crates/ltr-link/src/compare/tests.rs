//! Examples of every rule, and the laws of comparing over generated records.

use std::collections::BTreeSet;

use jiff::civil::date;
use ltr_domain::ids::{RecordId, RecordKind, Ukprn};
use ltr_domain::record::{PersonalField, PersonalValue, PersonalValues, Stated};
use proptest::prelude::*;

use super::*;
use crate::blocked::{BLOCKED, Field};
use crate::rules::{ASSERT_AT, ASSERT_TAKES};

/// A record of those parts of a name, born then.
pub(crate) fn known(key: &str, name: [&str; 3], born_on: &str) -> Features {
    let mut features = Features::none(RecordId::new(RecordKind::RegisterTrainee, key));
    features.state(&stated(PersonalField::Names, &name));
    features.state(&stated(PersonalField::DateOfBirth, &[born_on]));
    features
}

fn stated(field: PersonalField, parts: &[&str]) -> PersonalValues {
    let parts = parts.iter().map(|part| (*part).to_owned()).collect();
    PersonalValues([(field, Stated::Value(PersonalValue(parts)))].into())
}

fn check(one: &Features, other: &Features, score: u32, rules: &[&str]) {
    let comparison = compare(one, other);
    assert_eq!(
        (comparison.score, comparison.rule_names()),
        (score, rules.iter().map(|rule| (*rule).to_owned()).collect())
    );
    assert_eq!(compare(other, one), comparison, "symmetric");
}

fn check_names(one: [&str; 3], other: [&str; 3], score: u32, rules: &[&str]) {
    check(&known("a", one, ""), &known("b", other, ""), score, rules);
}

#[test]
fn every_rule_on_names_fires() {
    check_names(
        ["Ada", "", "Byron"],
        ["ADA", "", "Bÿron"],
        360,
        &["first_name_equal", "last_name_equal"],
    );
    check_names(
        ["Grace B", "", "Hopper"],
        ["Grace", "Brewster", "Hopper"],
        380,
        &["first_name_equal", "last_name_equal", "middle_names_agree"],
    );
    check_names(
        ["Ann", "Mary", "Lee"],
        ["Ann", "Sue", "Lee"],
        360,
        &["first_name_equal", "last_name_equal", "middle_names_differ"],
    );
    check_names(
        ["Mary", "Ann", "Lee"],
        ["Ann", "", "Lee"],
        270,
        &["first_name_among_given", "last_name_equal"],
    );
    check_names(
        ["Samantha", "", "Lee"],
        ["Sam", "", "Lee"],
        270,
        &["first_name_shortened", "last_name_equal"],
    );
    check_names(
        ["S", "", "Lee"],
        ["Sam", "", "Lee"],
        230,
        &["first_name_initial", "last_name_equal"],
    );
    check_names(
        ["Jane", "", "Lee"],
        ["Joan", "", "Lee"],
        170,
        &["first_name_differs", "last_name_equal"],
    );
    check_names(
        ["Jane", "", "Lee"],
        ["Jane", "", "May"],
        190,
        &["first_name_equal", "last_name_differs"],
    );
    check_names(
        ["Jane", "", "Smith-Jones"],
        ["Jane", "", "Jones"],
        290,
        &["first_name_equal", "last_name_part"],
    );
    check_names(["Wei", "", "Chen"], ["Chen", "", "Wei"], 280, &["names_swapped"]);
    check_names(
        ["Mary-Jane", "", "Lee"],
        ["Maryjane", "", "Lee"],
        360,
        &["first_name_equal", "last_name_equal"],
    );
}

#[test]
fn a_previous_name_counts_for_less() {
    let mut trainee = known("a", ["Ada", "", "King"], "1985-12-10");
    trainee.state(&stated(PersonalField::PreviousNames, &["Ada", "", "Byron"]));
    let applicant = known("b", ["Ada", "", "Byron"], "1985-12-10");
    check(
        &trainee,
        &applicant,
        710,
        &[
            "date_of_birth_equal",
            "first_name_equal",
            "previous_last_name_equal",
        ],
    );
}

#[test]
fn the_other_rules_fire() {
    let mut one = known("a", ["Ada", "", "Byron"], "1985-12-10");
    let mut other = known("b", ["Eve", "", "Moss"], "1985-10-12");
    let names = ["first_name_differs", "last_name_differs"];
    check(
        &one,
        &other,
        200,
        &[&["date_of_birth_swapped"], &names[..]].concat(),
    );
    other.born_on = Some(date(1985, 12, 11));
    check(
        &one,
        &other,
        0,
        &[&["date_of_birth_differs"], &names[..]].concat(),
    );
    other.born_on = None;
    (one.year, other.year) = (Some(2026), Some(2026));
    one.providers = BTreeSet::from([Ukprn::parse("10000571").unwrap()]);
    other.providers = one.providers.clone();
    (one.email, other.email) = (Some("a@b.example".to_owned()), Some("a@b.example".to_owned()));
    let (first, last) = (names[0], names[1]);
    check(
        &one,
        &other,
        220,
        &["email_equal", first, last, "provider_equal", "year_equal"],
    );
    other.year = Some(2025);
    other.providers = BTreeSet::from([Ukprn::parse("10000572").unwrap()]);
    check(
        &one,
        &other,
        80,
        &["email_equal", first, last, "provider_differs", "year_differs"],
    );
}

#[test]
fn what_is_compared_is_never_shown() {
    let mut features = known("a", ["Ada", "", "Byron"], "1985-12-10");
    features.state(&stated(PersonalField::Email, &["ada@example.org"]));
    assert_eq!(format!("{features:?}"), "Features(register/trainee/a)");
}

#[test]
fn a_blocked_value_adds_nothing() {
    let email = |text: &str| {
        let mut features = known("a", ["Ada", "", "Byron"], "1985-12-10");
        features.state(&stated(PersonalField::Email, &[text]));
        features
    };
    for blocked in BLOCKED {
        let (with, without) = match blocked.field {
            Field::Name => (
                known("a", ["Ada", "", blocked.value], "1985-12-10"),
                known("a", ["Ada", "", ""], "1985-12-10"),
            ),
            Field::DateOfBirth => (
                known("a", ["Ada", "", "Byron"], blocked.value),
                known("a", ["Ada", "", "Byron"], ""),
            ),
            Field::Mailbox => (
                email(&format!("{}@example.org", blocked.value.to_uppercase())),
                email(""),
            ),
            Field::MailboxStart => (email(&format!("{}-7@example.org", blocked.value)), email("")),
        };
        assert!(with == without, "{} {}", blocked.field.token(), blocked.value);
        assert_eq!(compare(&with, &with), compare(&without, &without));
    }
}

/// Few values, so that records meet in all of them.
pub(crate) fn any_features(key: &'static str) -> impl Strategy<Value = Features> {
    let word = || {
        prop::sample::select(vec![
            "",
            "Ann",
            "Annabel",
            "A",
            "Jane",
            "Lee",
            "Mary Ann",
            "Ann-Lee",
            "Smith-Lee",
        ])
    };
    let name = move || [word(), word(), word()];
    let born = prop::sample::select(vec!["", "1990-02-03", "1990-03-02", "1991-02-03", "1900-01-01"]);
    let email = prop::sample::select(vec!["", "a@b.example", "info@b.example", "c@b.example"]);
    let ukprn = prop::sample::select(vec![None, Some("10000571"), Some("10000572")]);
    let year = prop::sample::select(vec![None, Some(2025), Some(2026)]);
    (name(), prop::option::of(name()), born, email, ukprn, year).prop_map(
        move |(name, before, born, email, ukprn, year)| {
            let mut features = known(key, name, born);
            if let Some(before) = before {
                features.state(&stated(PersonalField::PreviousNames, &before));
            }
            features.state(&stated(PersonalField::Email, &[email]));
            features.providers = ukprn
                .map(|text| Ukprn::parse(text).unwrap())
                .into_iter()
                .collect();
            features.year = year;
            features
        },
    )
}

/// The record with one thing fewer, in every way there is.
fn with_less(features: &Features) -> Vec<Features> {
    let less = |change: &dyn Fn(&mut Features)| {
        let mut less = features.clone();
        change(&mut less);
        less
    };
    vec![
        less(&|one| one.name = None),
        less(&|one| one.name = one.name.take().map(Name::without_middle)),
        less(&|one| one.names_before.clear()),
        less(&|one| one.born_on = None),
        less(&|one| one.email = None),
        less(&|one| one.providers.clear()),
        less(&|one| one.year = None),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn it_is_symmetric_and_within_bounds(one in any_features("a"), other in any_features("b")) {
        let comparison = compare(&one, &other);
        prop_assert_eq!(&comparison, &compare(&other, &one));
        prop_assert!(comparison.score <= 1_000);
    }

    #[test]
    fn a_score_never_rises_when_a_feature_is_removed(one in any_features("a"), other in any_features("b")) {
        let score = compare(&one, &other).score;
        for less in with_less(&one) {
            prop_assert!(compare(&less, &other).score <= score);
        }
    }

    #[test]
    fn without_a_name_nothing_is_worth_proposing(one in any_features("a"), other in any_features("b")) {
        let nameless = Features { name: None, names_before: BTreeSet::new(), ..one };
        prop_assert!(!compare(&nameless, &other).is_worth_proposing());
    }

    #[test]
    fn only_equal_names_and_dates_of_birth_are_sure(one in any_features("a"), other in any_features("b")) {
        let comparison = compare(&one, &other);
        let is_sure = comparison.score >= ASSERT_AT
            && !comparison.is_spoken_against()
            && ASSERT_TAKES.iter().all(|rule| comparison.rules.contains(rule));
        if is_sure {
            let same_last = one.name.as_ref().unwrap().last() == other.name.as_ref().unwrap().last();
            prop_assert!(one.born_on == other.born_on && one.born_on.is_some() && same_last);
            prop_assert!(comparison.rules.iter().any(|rule| matches!(
                rule,
                Rule::YearEqual | Rule::ProviderEqual | Rule::EmailEqual
            )));
        }
    }
}
