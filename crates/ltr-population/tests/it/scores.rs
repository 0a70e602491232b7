use std::collections::BTreeSet;

use ltr_domain::headline::Stage;
use ltr_domain::resolution::Certainty;
use ltr_domain::teacher::Standing;
use ltr_domain::time::london_date;
use ltr_population::score::{Answered, Bounds, Breach, Excuse, Outcome, Score, judge};
use ltr_population::stage::{TrueStage, plain_answer};
use ltr_population::truth::{AtOnce, WrongFact};
use ltr_population::{Population, Window};

use crate::reader::{Polled, answers};

/// Every person on every day of the window, answered by that.
fn answered(
    population: &Population,
    by: impl Fn(TrueStage) -> (Stage, Certainty),
) -> impl Iterator<Item = Answered> {
    let people: Vec<_> = population.truth.people().map(|(number, _)| number).collect();
    people.into_iter().flat_map(move |person| {
        let by = &by;
        let days: Vec<_> = population.plan.window.days().collect();
        let truth = &population.truth;
        days.into_iter()
            .map(|on| {
                let stage = truth.stage(person, on);
                let (answer, certainty) = by(stage);
                Answered {
                    person,
                    on,
                    stage: answer,
                    standing: if stage == TrueStage::Closed {
                        Standing::Closed
                    } else {
                        Standing::Open
                    },
                    certainty,
                    caveats: BTreeSet::new(),
                }
            })
            .collect::<Vec<_>>()
    })
}

#[test]
fn who_tells_the_truth_at_once_keeps_every_bound() {
    let population = Population::of(21, 300);
    let score = Score::of(
        &population.truth,
        &AtOnce,
        answered(&population, |stage| (plain_answer(stage), Certainty::Confirmed)),
    );
    let total = score.total();
    assert_eq!(total.person_days(), 325 * 365);
    assert_eq!(total.with_outcome(Outcome::Right), total.person_days());
    assert_eq!(Bounds::ASKED.check(&score), []);
    for (stage, learnt) in score.learning.by_stage() {
        assert_eq!((learnt.overtaken, learnt.not_yet), (0, 0), "{stage:?}");
        assert_eq!(learnt.percentile(100), Some(0), "{stage:?}");
    }
}

#[test]
fn who_always_says_in_training_is_found_out() {
    let population = Population::of(21, 300);
    let always = answered(&population, |_| (Stage::InTraining, Certainty::Confirmed));
    let score = Score::of(&population.truth, &AtOnce, always);
    let breaches = Bounds::ASKED.check(&score);
    assert!(
        breaches
            .iter()
            .any(|one| matches!(one, Breach::TooMany { what: "wrong", .. }))
    );
    let Some(Breach::Unexcused { count }) = breaches
        .iter()
        .find(|one| matches!(one, Breach::Unexcused { .. }))
    else {
        panic!("{breaches:?}");
    };
    // Nobody excuses what no source said, a month before anybody starts.
    assert!(*count > 300 * 20);
    let first = score
        .wrong_confirmed
        .iter()
        .find(|one| one.excuse.is_none())
        .unwrap();
    assert_ne!(first.truth, TrueStage::InTraining);
}

#[test]
fn who_never_knows_is_never_wrong_and_learns_nothing() {
    let population = Population::of(21, 100);
    let never = answered(&population, |_| (Stage::NotKnown, Certainty::Unknown));
    let score = Score::of(&population.truth, &AtOnce, never);
    let total = score.total();
    assert_eq!(total.with_outcome(Outcome::Wrong), 0);
    assert_eq!(total.with_certainty(Certainty::Unknown), total.person_days());
    let too_few = Bounds::ASKED.check(&score);
    assert!(
        matches!(too_few.as_slice(), [Breach::TooFewConfirmed { confirmed: 0, .. }]),
        "{too_few:?}"
    );
    let none = Bounds {
        unknown_max: 0,
        ..Bounds::ASKED
    }
    .check(&score);
    assert!(
        none.iter()
            .any(|one| matches!(one, Breach::TooMany { what: "unknown", .. }))
    );
    assert!(Bounds::ASKED.check(&Score::default()) == [Breach::NoAnswers]);
}

/// What the sources themselves have late or wrong leaves room within the bounds, or nobody could keep them.
#[test]
fn sources_read_in_time_keep_the_bounds() {
    let population = Population::of(31, 1_500);
    let served = Polled::every(&population, 1);
    let score = Score::of(&population.truth, &served, answers(&population, &served));
    let total = score.total();
    let breaches = Bounds::ASKED.check(&score);
    assert!(breaches.is_empty(), "{breaches:?}\n{total:?}");
    assert!(total.excused_by(Excuse::SourceLate) > 0);
    assert!(total.excused_by(Excuse::SourceWrong) > 0);
    let unknowing = total.with_outcome(Outcome::Uncertain) * 100 / total.person_days();
    assert!((5..40).contains(&unknowing), "{unknowing} %");
}

/// A source that is read once a month is excused to the reader and held against the connector.
#[test]
fn sources_read_too_seldom_break_them() {
    let population = Population::of(31, 300);
    let served = Polled::every(&population, 45);
    let score = Score::of(&population.truth, &served, answers(&population, &served));
    assert!(
        score
            .wrong_confirmed
            .iter()
            .any(|one| one.excuse == Some(Excuse::NotYetServed))
    );
    assert!(score.wrong_confirmed.iter().all(|one| one.excuse.is_some()));
    let breaches = Bounds::ASKED.check(&score);
    assert!(
        breaches.iter().any(|one| matches!(one, Breach::TooMany { .. })),
        "{breaches:?}"
    );
}

/// Each wrong of the ledger excuses what it explains while it stands, and neither before nor after, nor anything else.
#[test]
fn a_source_that_was_wrong_excuses_only_that() {
    let population = Population::of(31, 4_000);
    let truth = &population.truth;
    let mut judged = BTreeSet::new();
    for wrong in truth.wrongs() {
        let (stage, other) = match wrong.fact {
            WrongFact::Withdrawal => (Stage::LeftTraining, Stage::Applicant),
            WrongFact::Start => (Stage::RegisteredNotStarted, Stage::Applicant),
            WrongFact::Trn | WrongFact::Award | WrongFact::RouteNotWithdrawn | WrongFact::RouteWithdrawn => {
                continue;
            }
        };
        let day = london_date(wrong.to).yesterday().unwrap();
        let excuse = |on, stage| {
            let answer = Answered {
                person: wrong.person,
                on,
                stage,
                standing: Standing::Open,
                certainty: Certainty::Confirmed,
                caveats: BTreeSet::new(),
            };
            let judgement = judge(truth, &AtOnce, &answer);
            assert_eq!(judgement.outcome, Outcome::Wrong);
            judgement.excuse
        };
        assert_eq!(excuse(day, stage), Some(Excuse::SourceWrong));
        assert_eq!(excuse(day, other), None);
        let after = london_date(wrong.to).tomorrow().unwrap();
        assert_eq!(excuse(after, stage), None);
        judged.insert(wrong.fact);
    }
    assert_eq!(judged.len(), 2);
}

#[test]
fn a_window_is_the_academic_year() {
    let days: Vec<_> = Window::of_cycle(2026).days().collect();
    assert_eq!(
        (days.len(), days[0], days[364]),
        (365, jiff::civil::date(2026, 8, 1), jiff::civil::date(2027, 7, 31))
    );
}
