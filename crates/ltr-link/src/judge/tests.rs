//! Who is proposed, who is asserted, and who never is.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::civil::date;
use ltr_domain::ids::{RecordKind, Ukprn};
use proptest::prelude::*;

use super::*;
use crate::compare::tests::{any_features, known};

const BORN: &str = "1999-04-17";

fn of(kind: RecordKind, key: &str, mut features: Features) -> Compared {
    features.record = RecordId::new(kind, key);
    features.year = features.year.or(Some(2026));
    Compared {
        part: features.record.clone(),
        features,
    }
}

fn trainee(key: &str, name: [&str; 3], born_on: &str) -> Compared {
    of(RecordKind::RegisterTrainee, key, known(key, name, born_on))
}

fn application(key: &str, name: [&str; 3], born_on: &str) -> Compared {
    of(RecordKind::ApplyChoice, key, known(key, name, born_on))
}

fn judged(trainees: &[Compared], applications: &[Compared]) -> Vec<(String, MatchVerdict, u32)> {
    judge(trainees, applications, |_| true)
        .into_iter()
        .map(|(pair, found)| (pair.to_string(), found.verdict, found.comparison.score))
        .collect()
}

fn with(mut compared: Compared, change: impl FnOnce(&mut Features)) -> Compared {
    change(&mut compared.features);
    compared
}

fn at_one_provider(compared: Compared) -> Compared {
    with(compared, |features| {
        features.providers = BTreeSet::from([Ukprn::parse("10000571").unwrap()]);
    })
}

#[test]
fn the_same_name_date_of_birth_and_year_are_asserted() {
    let ada = ["Ada", "", "Byron"];
    assert_eq!(
        judged(&[trainee("t", ada, BORN)], &[application("1", ada, BORN)]),
        [(
            "apply/choice/1 and register/trainee/t".to_owned(),
            MatchVerdict::Asserted,
            830
        )]
    );
    let no_year = with(trainee("t", ada, BORN), |features| features.year = None);
    let found = judged(&[no_year], &[application("1", ada, BORN)]);
    assert_eq!(
        found[0].1,
        MatchVerdict::Proposed,
        "nothing but name and date of birth"
    );
}

#[test]
fn of_two_candidates_neither_is_asserted() {
    let ada = ["Ada", "", "Byron"];
    let two = [application("1", ada, BORN), application("2", ada, BORN)];
    let found = judged(&[trainee("t", ada, BORN)], &two);
    assert_eq!(found.len(), 2);
    assert!(
        found
            .iter()
            .all(|(_, verdict, _)| *verdict == MatchVerdict::Proposed)
    );
    let found = judged(
        &[trainee("t", ada, BORN), trainee("u", ada, BORN)],
        &[application("1", ada, BORN)],
    );
    assert!(
        found
            .iter()
            .all(|(_, verdict, _)| *verdict == MatchVerdict::Proposed)
    );
}

#[test]
fn of_the_applications_of_one_account_the_best_is_taken() {
    let ada = ["Ada", "", "Byron"];
    let account = RecordId::new(RecordKind::ApplyCandidate, "C1");
    let of_account = |key: &str, year| Compared {
        part: account.clone(),
        ..with(application(key, ada, BORN), |features| features.year = Some(year))
    };
    let found = judged(
        &[trainee("t", ada, BORN)],
        &[of_account("1", 2025), of_account("2", 2026)],
    );
    assert_eq!(
        found,
        [(
            "apply/choice/2 and register/trainee/t".to_owned(),
            MatchVerdict::Asserted,
            830
        )]
    );
}

#[test]
fn who_is_one_person_already_is_not_matched() {
    let ada = ["Ada", "", "Byron"];
    let one = trainee("t", ada, BORN);
    let same = Compared {
        part: one.part.clone(),
        ..application("1", ada, BORN)
    };
    assert_eq!(judged(&[one], &[same]), []);
}

#[test]
fn whom_operators_hold_apart_is_nobodys_rival() {
    let ada = ["Ada", "", "Byron"];
    let (trainees, applications) = (
        [trainee("t", ada, BORN)],
        [application("1", ada, BORN), application("2", ada, BORN)],
    );
    let rejected = Pair::of(trainees[0].part.clone(), applications[0].part.clone()).unwrap();
    let found = judge(&trainees, &applications, |pair| *pair != rejected);
    let verdicts: Vec<_> = found.values().map(|found| found.verdict).collect();
    assert_eq!(verdicts, [MatchVerdict::Asserted]);
}

#[test]
fn a_namesake_born_another_day_is_not_even_proposed() {
    let ada = ["Ada", "Augusta", "Byron"];
    let mail = |compared| {
        with(at_one_provider(compared), |features: &mut Features| {
            features.email = Some("family@example.org".to_owned());
        })
    };
    let found = judged(
        &[mail(trainee("t", ada, "1999-04-18"))],
        &[mail(application("1", ada, "1999-04-29"))],
    );
    assert_eq!(found, []);
}

#[test]
fn twins_are_not_proposed_and_never_asserted() {
    let (jane, joan) = (["Jane", "", "Byron"], ["Joan", "", "Byron"]);
    let twins = judged(
        &[at_one_provider(trainee("t", jane, BORN))],
        &[at_one_provider(application("1", joan, BORN))],
    );
    assert_eq!(twins, []);
    let both = judged(
        &[
            at_one_provider(trainee("t", jane, BORN)),
            at_one_provider(trainee("u", joan, BORN)),
        ],
        &[
            at_one_provider(application("1", jane, BORN)),
            at_one_provider(application("2", joan, BORN)),
        ],
    );
    let pairs: Vec<_> = both
        .iter()
        .map(|(pair, verdict, _)| (pair.as_str(), *verdict))
        .collect();
    assert_eq!(
        pairs,
        [
            ("apply/choice/1 and register/trainee/t", MatchVerdict::Asserted),
            ("apply/choice/2 and register/trainee/u", MatchVerdict::Asserted),
        ]
    );
}

#[test]
fn who_took_another_name_is_proposed_where_provider_and_year_agree() {
    let (before, after) = (["Ada", "", "Byron"], ["Ada", "", "King"]);
    let found = judged(
        &[at_one_provider(trainee("t", after, BORN))],
        &[at_one_provider(application("1", before, BORN))],
    );
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].1, found[0].2), (MatchVerdict::Proposed, 730));
    let elsewhere = judged(&[trainee("t", after, BORN)], &[application("1", before, BORN)]);
    assert_eq!(elsewhere, [], "without the provider there are too many Adas");
}

#[test]
fn an_application_without_a_date_of_birth_is_at_most_proposed() {
    let ada = ["Ada", "", "Byron"];
    let mail = |compared| {
        with(compared, |features: &mut Features| {
            features.email = Some("ada@example.org".to_owned())
        })
    };
    let found = judged(
        &[mail(trainee("t", ada, BORN))],
        &[mail(application("1", ada, ""))],
    );
    assert_eq!(
        found.iter().map(|found| found.1).collect::<Vec<_>>(),
        [MatchVerdict::Proposed]
    );
    assert_eq!(
        judged(&[trainee("t", ada, BORN)], &[application("1", ada, "")]),
        [],
        "a name and a year are too little"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_records_is_irrelevant_and_no_pair_is_missed(
        trainees in prop::collection::vec(any_features("t"), 0..8),
        applications in prop::collection::vec(any_features("a"), 0..8),
    ) {
        let number = |kind, all: Vec<Features>| -> Vec<Compared> {
            all.into_iter().enumerate().map(|(place, one)| of(kind, &place.to_string(), one)).collect()
        };
        let mut trainees = number(RecordKind::RegisterTrainee, trainees);
        let mut applications = number(RecordKind::ApplyChoice, applications);
        let found = judge(&trainees, &applications, |_| true);
        let mut all = BTreeSet::new();
        for trainee in &trainees {
            for application in &applications {
                if compare(&trainee.features, &application.features).is_worth_proposing() {
                    all.extend(Pair::of(trainee.part.clone(), application.part.clone()));
                }
            }
        }
        prop_assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), all, "as if everybody were compared");
        prop_assert_eq!(&judge(&applications, &trainees, |_| true), &found, "from the other side");
        trainees.reverse();
        applications.reverse();
        prop_assert_eq!(judge(&trainees, &applications, |_| true), found);
    }

    #[test]
    fn nobody_is_asserted_twice_nor_with_another_date_of_birth(
        trainees in prop::collection::vec(any_features("t"), 0..8),
        applications in prop::collection::vec(any_features("a"), 0..8),
    ) {
        let number = |kind, all: Vec<Features>| -> Vec<Compared> {
            all.into_iter().enumerate().map(|(place, one)| of(kind, &place.to_string(), one)).collect()
        };
        let trainees = number(RecordKind::RegisterTrainee, trainees);
        let applications = number(RecordKind::ApplyChoice, applications);
        let born: BTreeMap<_, _> = trainees
            .iter()
            .chain(&applications)
            .map(|one| (one.part.clone(), one.features.born_on))
            .collect();
        let mut seen = BTreeSet::new();
        for (pair, found) in judge(&trainees, &applications, |_| true) {
            if found.verdict == MatchVerdict::Asserted {
                prop_assert!(born[pair.lesser()].is_some() && born[pair.lesser()] == born[pair.greater()]);
                prop_assert!(pair.records().all(|record| seen.insert(record.clone())));
            }
        }
    }
}

#[test]
fn twenty_thousand_of_each_are_a_matter_of_seconds() {
    const PEOPLE: u32 = 20_000;
    let first = [
        "Ada", "Grace", "Jane", "Mary", "Joan", "Edith", "Hedy", "Rosalind", "Emmy", "Sofia",
    ];
    let person = |kind, number: u32| {
        // A thousand last names, ten first names and 6,000 days: namesakes and shared birthdays, as in life.
        let last = format!("Surname{}", char::from(b'a' + u8::try_from(number % 26).unwrap()));
        let last = format!(
            "{last}{}",
            ["x", "y", "z", "q"].concat().repeat((number / 26 % 40) as usize)
        );
        let born = date(1980, 1, 1)
            .checked_add(jiff::Span::new().days(i64::from(number.wrapping_mul(7_919) % 6_000)))
            .unwrap();
        let name = [first[(number / 1_040 % 10) as usize], "", last.as_str()];
        of(kind, &number.to_string(), known("x", name, &born.to_string()))
    };
    let trainees: Vec<_> = (0..PEOPLE)
        .map(|number| person(RecordKind::RegisterTrainee, number))
        .collect();
    let applications: Vec<_> = (0..PEOPLE)
        .map(|number| person(RecordKind::ApplyChoice, number))
        .collect();
    let begun = Instant::now();
    let found = judge(&trainees, &applications, |_| true);
    let took = begun.elapsed();
    println!("{} matches of {PEOPLE} and {PEOPLE} in {took:?}", found.len());
    let same = |pair: &Pair| pair.lesser().key == pair.greater().key;
    assert_eq!(
        found.keys().filter(|pair| same(pair)).count(),
        PEOPLE as usize,
        "everybody is found"
    );
    let wrong = found
        .iter()
        .filter(|(pair, found)| found.verdict == MatchVerdict::Asserted && !same(pair));
    assert_eq!(wrong.count(), 0);
    assert!(took < Duration::from_secs(20), "{took:?}");
}
