//! Laws over generated lives: an explanation never disagrees with its answer, and a difference is explained by what
//! differs and by nothing else.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::*;
use crate::hearing::Hearing;
use crate::ids::{PersonId, RecordId};
use crate::policy::Policy;
use crate::resolution::Resolution;
use crate::teacher::TeacherRecord;
use crate::time::{KnownAt, end_of_london_day};

mod judged;
mod laws;
mod lives;
mod sources;
mod stories;

use lives::{Dice, life};

fn known(on: Date) -> KnownAt {
    KnownAt(end_of_london_day(on))
}

/// Nothing is heard of the feeds in these lives.
static NOTHING: std::sync::LazyLock<Hearing> = std::sync::LazyLock::new(|| Hearing::nothing(Date::MIN));

fn moment(policy: &Policy, effective_on: Date, known_on: Date) -> Moment<'_> {
    Moment {
        effective_on,
        known_at: known(known_on),
        known_on,
        policy,
        hearing: &NOTHING,
    }
}

/// The answer to a question, where the record itself tells it.
fn told(answer: &TeacherRecord, question: Question) -> Option<&Resolution> {
    match question {
        Question::Headline => Some(&answer.headline.resolution),
        Question::Place => None,
        Question::QualifiedStatus => Some(&answer.facts.qualified_status),
        Question::Training => Some(&answer.facts.training),
        Question::Induction => Some(&answer.facts.induction),
        Question::Employment => Some(&answer.facts.employment),
        Question::Restriction => Some(&answer.facts.restriction),
    }
}

#[test]
fn an_explanation_never_disagrees_with_its_answer() {
    let policy = Policy::first();
    let mut claims = 0;
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let at = moment(&policy, dice.day(), dice.day());
        let explained = explain(&life, at);
        assert_eq!(explained.answer, life.answer(at), "seed {seed}");
        let asked: Vec<Question> = explained.facts.iter().map(|fact| fact.question).collect();
        assert_eq!(asked, Question::ALL, "seed {seed}");
        for fact in &explained.facts {
            let context = format!("seed {seed}, {:?}", fact.question);
            if let Some(resolution) = told(&explained.answer, fact.question) {
                let mut resolution = resolution.clone();
                if fact.question != Question::Headline {
                    assert_eq!(fact.resolution, resolution, "{context}");
                }
                resolution.since = fact.resolution.since;
                assert_eq!(fact.resolution, resolution, "{context}");
            }
            let taken: Vec<_> = fact.claims.iter().filter(|claim| claim.is_taken()).collect();
            let believed: Vec<_> = fact.resolution.claim.iter().collect();
            assert_eq!(
                taken.iter().map(|one| &one.claim).collect::<Vec<_>>(),
                believed,
                "{context}"
            );
            assert_eq!(fact.rule.is_empty(), believed.is_empty(), "{context}");
            for lost in &fact.resolution.lost {
                let found = fact
                    .claims
                    .iter()
                    .any(|one| one.claim == *lost && one.why == Why::Contests);
                assert!(found, "{context}: {lost:?}");
            }
            for one in &fact.claims {
                claims += 1;
                assert_eq!(
                    one.superseded_by.is_some(),
                    matches!(one.why, Why::Superseded | Why::Restated),
                    "{context}"
                );
                assert!(
                    one.superseded_by.is_none_or(|by| by > one.claim.position),
                    "{context}"
                );
                assert!(one.rule.contains('.'), "{context}: {}", one.rule);
            }
            let positions: Vec<_> = fact.claims.iter().map(|one| one.claim.position).collect();
            assert!(positions.is_sorted(), "{context}");
        }
    }
    assert!(claims > 2_000, "the lives are not empty: {claims}");
}

#[test]
fn whatever_was_ever_said_of_a_fact_is_among_its_claims() {
    let policy = Policy::first();
    for seed in 1..=200 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let at = moment(&policy, dice.day(), date(2028, 1, 1));
        let explained = explain(&life, at);
        // What was the answer of that day after each message must have been claimed by somebody.
        for earlier in life.told_at(at.known_at) {
            let then = life.answer(Moment {
                known_at: earlier.position.known_at,
                ..at
            });
            let records = life.records_at(at.known_at);
            for fact in &explained.facts {
                if fact.resolution.reason == "link_suspect" {
                    // What may be about somebody else is withheld altogether, whenever it was said.
                    continue;
                }
                let believed = told(&then, fact.question).and_then(|one| one.claim.as_ref());
                let Some(believed) = believed.filter(|claim| records.contains(&claim.record)) else {
                    continue;
                };
                let found = fact
                    .claims
                    .iter()
                    .any(|one| one.claim.position == believed.position);
                // A headline's claims are those of the facts that hold on the day.
                assert!(
                    found || fact.question == Question::Headline,
                    "seed {seed}: {believed:?}"
                );
            }
        }
    }
}

#[test]
fn every_field_that_differs_is_explained_by_what_differs_and_by_nothing_else() {
    let (first, mut second) = (Policy::first(), Policy::first());
    second.version = 2;
    second.thresholds.award_contested_days = 90;
    second.rules.retain(|rule| rule.fact.token() != "training");
    let mut seen = BTreeSet::new();
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let (a, b) = (dice.day(), dice.day());
        let policy = if dice.one_in(3) { &second } else { &first };
        let before = moment(&first, dice.day(), a.min(b));
        let after = moment(
            policy,
            if dice.one_in(2) {
                before.effective_on
            } else {
                dice.day()
            },
            a.max(b),
        );
        let difference = diff(&life, before, after);
        assert_eq!(difference.before, life.answer(before), "seed {seed}");
        assert_eq!(difference.after, life.answer(after), "seed {seed}");
        assert_eq!(
            difference.fields.is_empty(),
            {
                let (mut a, mut b) = (difference.before.clone(), difference.after.clone());
                a.effective_on = b.effective_on;
                // Places on the log are no part of the answer.
                for record in [&mut a, &mut b] {
                    record.latest = None;
                    strip(record);
                }
                a == b
            },
            "seed {seed}"
        );
        for field in &difference.fields {
            assert_ne!(field.before, field.after, "seed {seed}: {}", field.field);
            assert!(!field.causes.is_empty(), "seed {seed}: {}", field.field);
            for cause in &field.causes {
                seen.insert(cause.token());
                let differs = match cause {
                    Cause::Policy { from, to } => from != to && before.policy != after.policy,
                    Cause::Time { from, to } => {
                        from != to
                            && (before.effective_on != after.effective_on
                                || before.known_on != after.known_on)
                    }
                    Cause::Identity { joined, left, .. } => {
                        let (held, holds) =
                            (life.records_at(before.known_at), life.records_at(after.known_at));
                        joined
                            .iter()
                            .all(|one| holds.contains(one) && !held.contains(one))
                            && left.iter().all(|one| held.contains(one) && !holds.contains(one))
                            && !(joined.is_empty() && left.is_empty())
                    }
                    Cause::NewEvidence(message)
                    | Cause::Correction(message)
                    | Cause::LateArrival(message) => {
                        message.position.known_at > before.known_at
                            && message.position.known_at <= after.known_at
                    }
                };
                assert!(differs, "seed {seed}: {cause:?}");
            }
        }
        assert!(diff(&life, after, after).fields.is_empty(), "seed {seed}");
    }
    assert_eq!(
        seen,
        BTreeSet::from([
            "correction",
            "identity",
            "late_arrival",
            "new_evidence",
            "policy",
            "time"
        ])
    );
}

/// Takes from an answer what is not served as one of its fields.
fn strip(record: &mut TeacherRecord) {
    for one in [
        &mut record.headline.resolution,
        &mut record.facts.qualified_status,
        &mut record.facts.training,
        &mut record.facts.induction,
        &mut record.facts.employment,
        &mut record.facts.restriction,
    ] {
        one.lost.clear();
        if let Some(claim) = &mut one.claim {
            claim.since = None;
            claim.value = "";
            claim.record = RecordId::new(crate::ids::RecordKind::TvVacancy, claim.source.token());
            claim.position = crate::observation::Position {
                sequence: 0,
                known_at: KnownAt(jiff::Timestamp::UNIX_EPOCH),
            };
        }
    }
}

#[test]
fn a_lifetime_answers_for_the_person_of_the_moment() {
    let policy = Policy::first();
    for seed in 1..=100 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let people: BTreeSet<Option<PersonId>> = [date(2025, 1, 1), date(2026, 6, 1), date(2028, 1, 1)]
            .into_iter()
            .map(|on| life.person_at(known(on)))
            .collect();
        assert!(
            people.contains(&None),
            "seed {seed}: nobody is known before anything was said"
        );
        let nobody = life.answer(moment(&policy, date(2026, 1, 1), date(2025, 1, 1)));
        assert_eq!(nobody.headline.stage.token(), "not_known");
    }
}
