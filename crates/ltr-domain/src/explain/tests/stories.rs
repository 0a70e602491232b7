//! The ordinary year as an auditor asks about it, told by hand.

use super::*;
use crate::event::{ChangeKind, Event, Fact};
use crate::ids::RecordKind;
use crate::observation::Position;
use crate::record::{ChoiceStatus, TraineeState};
use crate::testing::{self, observation, to};
use crate::time::{CivilDate, start_of_london_day};

fn event(fact: Fact, on: Date, kind: ChangeKind) -> Event {
    Event {
        kind,
        ..testing::event(fact, on)
    }
}

fn told(sequence: u64, on: Date, record: &RecordId, events: Vec<Event>) -> Told {
    let at = start_of_london_day(on);
    Told {
        observation: observation(record, at, events),
        position: Position {
            sequence,
            known_at: KnownAt(at),
        },
    }
}

/// Recruited in November, reported by Register on 21 September, withdrawn by mistake in March and put right.
fn year() -> Lifetime {
    year_and(None)
}

/// The same, and after it something more.
fn year_and(more: Option<Told>) -> Lifetime {
    let choice = RecordId::new(RecordKind::ApplyChoice, "501");
    let trainee = RecordId::new(RecordKind::RegisterTrainee, "slug1");
    let mut told = vec![
        told(
            1,
            date(2025, 11, 3),
            &choice,
            vec![
                event(
                    Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)),
                    date(2025, 11, 3),
                    ChangeKind::FirstSeen,
                ),
                event(
                    Fact::CycleChanged(to(2026)),
                    date(2025, 11, 3),
                    ChangeKind::FirstSeen,
                ),
            ],
        ),
        told(
            2,
            date(2026, 9, 21),
            &trainee,
            vec![
                event(
                    Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
                    date(2026, 9, 18),
                    ChangeKind::FirstSeen,
                ),
                event(
                    Fact::StartConfirmed(to(CivilDate::Day(date(2026, 9, 3)))),
                    date(2026, 9, 3),
                    ChangeKind::FirstSeen,
                ),
            ],
        ),
        told(
            3,
            date(2027, 3, 14),
            &trainee,
            vec![event(
                Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)),
                date(2027, 3, 10),
                ChangeKind::Changed,
            )],
        ),
        told(
            4,
            date(2027, 3, 20),
            &trainee,
            vec![event(
                Fact::WithdrawalReversed(to(TraineeState::TrnReceived)),
                date(2027, 3, 10),
                ChangeKind::Reversed,
            )],
        ),
    ];
    told.extend(more);
    let person = PersonId::of(&choice);
    let belongs = |record: &RecordId, from: Date| Belonging {
        record: record.clone(),
        person,
        known_from: KnownAt(start_of_london_day(from)),
        known_to: None,
        strength: None,
    };
    let belonging = vec![
        belongs(&choice, date(2025, 11, 3)),
        belongs(&trainee, date(2026, 9, 21)),
    ];
    Lifetime::new(vec![choice], told, belonging)
}

#[test]
fn the_claims_of_training_in_the_order_in_which_they_became_known() {
    let policy = Policy::first();
    let explained = explain(&year(), moment(&policy, date(2027, 3, 25), date(2027, 4, 1)));
    let lines = |question| -> Vec<String> {
        let fact = explained
            .facts
            .iter()
            .find(|fact| fact.question == question)
            .expect("every question is explained");
        fact.claims
            .iter()
            .map(|one| {
                let until = one.until.map(|on| on.to_string()).unwrap_or_default();
                format!(
                    "{} {} {} {until} {} {}",
                    one.claim.position.sequence,
                    one.claim.source.token(),
                    one.claim.value,
                    one.why.token(),
                    one.rule
                )
            })
            .collect()
    };
    assert_eq!(
        lines(Question::Training),
        [
            "2 register in_training  settles training.after_sign_off",
            "3 register withdrawn  superseded training.later_message",
        ]
    );
    assert_eq!(
        lines(Question::Place),
        ["1 apply recruited  followed place.followed"]
    );
    assert_eq!(
        lines(Question::Headline),
        ["2 register in_training  decides_stage headline.first_row"]
    );
}

#[test]
fn the_source_of_truth_passes_from_apply_to_register() {
    let policy = Policy::first();
    let policies = InForce::always(&policy);
    let changes = source_of_truth_changes(
        &year(),
        Question::Headline,
        (&policies, &HeardBy::nothing()),
        Line::AsAnswered,
        known(date(2027, 4, 1)),
    );
    let lines: Vec<String> = changes
        .iter()
        .map(|change| {
            let Since::Known(at) = change.since else {
                panic!("along known time");
            };
            let causes: Vec<_> = change.causes.iter().map(Cause::token).collect();
            format!(
                "{} {} {} {} by {}",
                at.london_date(),
                change.after.source().map_or("nobody", |source| source.token()),
                change.after.value,
                change.after.certainty.token(),
                causes.join("+")
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "2025-11-03 apply recruited confirmed by new_evidence",
            "2026-09-01 apply start_unknown presumed by time",
            "2026-09-21 register in_training provisional by new_evidence",
            "2026-11-01 register in_training confirmed by time",
            "2027-03-14 register left_training confirmed by new_evidence",
            "2027-03-20 register in_training confirmed by correction",
        ]
    );
}

#[test]
fn a_difference_names_the_messages_that_made_it() {
    let policy = Policy::first();
    let causes = |before, after, field: &str| -> Vec<(&'static str, Option<u64>)> {
        let difference = diff(&year(), before, after);
        let field = difference.fields.into_iter().find(|one| one.field == field);
        let causes = field.map(|field| field.causes).unwrap_or_default();
        causes
            .iter()
            .map(|cause| (cause.token(), cause.message().map(|of| of.position.sequence)))
            .collect()
    };
    let on = |day, known_on| moment(&policy, day, known_on);
    // The same day, asked about before and after Register spoke of it.
    let day = date(2026, 9, 10);
    assert_eq!(
        causes(on(day, day), on(day, date(2026, 9, 22)), "stage"),
        [("late_arrival", Some(2))]
    );
    // The same knowledge, two days.
    let later = date(2026, 9, 22);
    assert_eq!(
        causes(on(date(2026, 8, 1), later), on(day, later), "stage"),
        [("time", None)]
    );
    // A withdrawal taken back.
    let day = date(2027, 3, 12);
    assert_eq!(
        causes(on(day, date(2027, 3, 15)), on(day, date(2027, 3, 21)), "stage"),
        [("correction", Some(4))]
    );
}

#[test]
fn t19_a_claim_is_not_settled_while_the_last_word_is_unknown() {
    let trainee = RecordId::new(RecordKind::RegisterTrainee, "slug1");
    let on = date(2027, 3, 22);
    let word = Fact::TraineeStateChanged(to(TraineeState::Unrecognised("some_new_word".to_owned())));
    let unknown = told(5, on, &trainee, vec![event(word, on, ChangeKind::Changed)]);
    let life = year_and(Some(unknown));
    let policy = Policy::first();
    let taken = |known| {
        let explained = explain(&life, moment(&policy, date(2027, 3, 25), known));
        let training = explained
            .facts
            .into_iter()
            .find(|fact| fact.question == Question::Training);
        let claims = training.expect("every question is explained").claims;
        let taken = claims.into_iter().find(ExplainedClaim::is_taken);
        taken.map(|one| (one.claim.position.sequence, one.claim.value, one.why.token()))
    };
    assert_eq!(taken(date(2027, 3, 21)), Some((2, "in_training", "inferred")));
    assert_eq!(
        taken(date(2027, 3, 25)),
        Some((2, "in_training", "entitled_not_settling"))
    );
}
