use jiff::civil::{Date, date};

use super::*;
use crate::event::{Change, ChangeKind, Event, Fact, Link, LinkStrength};
use crate::headline::Stage;
use crate::ids::RecordKind;
use crate::record::trs::{Alert, HeldStatus, Induction};
use crate::record::{ChoiceStatus, InductionStatus, Stated, TraineeState};
use crate::testing::{event, observation, route_in_training, to};
use crate::time::{CivilDate, KnownAt, start_of_london_day};

mod found_by_laws;
mod policies;
mod silence;
mod traps;

/// A history written as what became known when; folded up to any known day.
#[derive(Default)]
struct History {
    said: Vec<(Date, RecordId, Vec<Event>)>,
}

impl History {
    fn said(mut self, known: Date, record: &RecordId, events: Vec<Event>) -> Self {
        self.said.push((known, record.clone(), events));
        self
    }

    fn at(&self, effective: Date, known: Date) -> TeacherRecord {
        self.asked(&Policy::first(), &Hearing::nothing(known), effective, known)
    }

    fn under(&self, policy: &Policy, effective: Date, known: Date) -> TeacherRecord {
        self.asked(policy, &Hearing::nothing(known), effective, known)
    }

    /// What was said by `known`, with what had been heard of the feeds.
    fn heard(&self, effective: Date, known: Date, hearing: &Hearing) -> TeacherRecord {
        self.asked(&Policy::first(), hearing, effective, known)
    }

    fn asked(&self, policy: &Policy, hearing: &Hearing, effective: Date, known: Date) -> TeacherRecord {
        let folds = self.folds(known);
        let folds: Vec<&RecordFold> = folds.iter().collect();
        teacher_at(&folds, policy, hearing, effective)
    }

    fn folds(&self, known: Date) -> Vec<RecordFold> {
        let mut folds: Vec<RecordFold> = Vec::new();
        for (index, (on, record, events)) in self.said.iter().enumerate() {
            if *on > known {
                continue;
            }
            let at = start_of_london_day(*on);
            let position = Position {
                sequence: index as u64 + 1,
                known_at: KnownAt(at),
            };
            let observation = observation(record, at, events.clone());
            match folds.iter_mut().find(|fold| fold.id == *record) {
                Some(fold) => fold.apply(&observation, position),
                None => folds.push(RecordFold::begin(&observation, position)),
            }
        }
        folds
    }

    fn stage(&self, effective: Date, known: Date) -> (&'static str, &'static str) {
        let answer = self.at(effective, known);
        (
            answer.headline.stage.token(),
            answer.headline.resolution.certainty.token(),
        )
    }
}

fn day(on: Date) -> CivilDate {
    CivilDate::Day(on)
}

fn held(on: Date) -> HeldStatus {
    HeldStatus {
        holds_from: Stated::Value(day(on)),
        route_types: Vec::new(),
    }
}

fn induction(status: InductionStatus, start: Option<Date>) -> Induction {
    Induction {
        status,
        start_date: Stated::from_nullable(start.map(day)),
        completed_date: Stated::Null,
        exemption_reasons: Vec::new(),
    }
}

fn choice() -> RecordId {
    RecordId::new(RecordKind::ApplyChoice, "501")
}

fn trainee() -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, "slug1")
}

fn person() -> RecordId {
    RecordId::new(RecordKind::TrsPerson, "3100001")
}

fn issued(to: RecordId) -> Fact {
    Fact::IdentityLinkAsserted(Link {
        to,
        strength: LinkStrength::Issued,
    })
}

/// S-A, the ordinary life, as far as these four sources tell it.
fn ordinary() -> History {
    History::default()
        .said(
            date(2025, 11, 3),
            &choice(),
            vec![
                event(
                    Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)),
                    date(2025, 11, 3),
                ),
                event(Fact::CycleChanged(to(2026)), date(2026, 9, 1)),
            ],
        )
        .said(
            date(2026, 9, 21),
            &trainee(),
            vec![
                event(issued(choice()), date(2026, 9, 21)),
                event(
                    Fact::TraineeRegistered(to(TraineeState::SubmittedForTrn)),
                    date(2026, 9, 18),
                ),
                event(
                    Fact::PlannedStartChanged(to(day(date(2026, 9, 1)))),
                    date(2026, 9, 1),
                ),
                event(Fact::StartConfirmed(to(day(date(2026, 9, 3)))), date(2026, 9, 3)),
            ],
        )
        .said(
            date(2026, 9, 22),
            &trainee(),
            vec![
                event(issued(person()), date(2026, 9, 22)),
                event(
                    Fact::TraineeTrnReceived(to(TraineeState::TrnReceived)),
                    date(2026, 9, 22),
                ),
            ],
        )
        .said(
            date(2027, 7, 2),
            &trainee(),
            vec![event(
                Fact::AwardRecorded(to(TraineeState::Awarded)),
                date(2027, 6, 30),
            )],
        )
        .said(
            date(2027, 7, 4),
            &person(),
            vec![
                event(Fact::TrnAllocated(to(Answer::Found)), date(2027, 7, 4)),
                event(
                    Fact::QualifiedStatusHeld(to(held(date(2027, 6, 30)))),
                    date(2027, 6, 30),
                ),
                event(
                    Fact::InductionRequired(to(induction(InductionStatus::RequiredToComplete, None))),
                    date(2027, 6, 30),
                ),
                event(Fact::AlertsListed(to(0)), date(2027, 7, 4)),
            ],
        )
}

#[test]
fn scenario_a_an_ordinary_life_on_both_axes() {
    let life = ordinary();
    let asked_then = |on| life.stage(on, on);
    assert_eq!(asked_then(date(2025, 11, 2)), ("not_known", "unknown"));
    assert_eq!(asked_then(date(2025, 11, 3)), ("recruited", "confirmed"));
    assert_eq!(asked_then(date(2026, 8, 31)), ("recruited", "confirmed"));
    assert_eq!(asked_then(date(2026, 9, 10)), ("start_unknown", "presumed"));
    assert_eq!(asked_then(date(2026, 9, 21)), ("in_training", "provisional"));
    assert_eq!(asked_then(date(2026, 10, 31)), ("in_training", "provisional"));
    assert_eq!(asked_then(date(2026, 11, 1)), ("in_training", "confirmed"));
    assert_eq!(asked_then(date(2027, 7, 3)), ("award_pending", "confirmed"));
    assert_eq!(asked_then(date(2027, 7, 4)), ("qualified", "confirmed"));

    // Asked later of the same day: in training, known from 21 September.
    let later = life.at(date(2026, 9, 10), date(2026, 9, 22));
    assert_eq!(later.headline.stage, Stage::InTraining);
    assert_eq!(later.headline.resolution.since, Some(date(2026, 9, 3)));
    assert_eq!(
        later.headline.resolution.claim.map(|claim| claim.record),
        Some(trainee())
    );
    assert_eq!(
        life.stage(date(2026, 9, 2), date(2026, 12, 1)),
        ("recruited", "provisional")
    );
}

#[test]
fn of_two_services_that_tell_of_one_application_the_later_word_stands() {
    let recruit = RecordId::new(RecordKind::ApplyRecruit, choice().key);
    let recruited = || {
        event(
            Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)),
            date(2025, 11, 3),
        )
    };
    let cycle = || event(Fact::CycleChanged(to(2026)), date(2026, 9, 1));
    let on = |month, of_day| date(2026, month, of_day);
    // The other service is not read again for a while, and goes on with what it told before.
    let both = History {
        said: ordinary().said[..1].to_vec(),
    }
    .said(
        on(1, 5),
        &recruit,
        vec![event(issued(choice()), on(1, 5)), recruited(), cycle()],
    );
    let deferred = event(Fact::OfferDeferred(to(ChoiceStatus::OfferDeferred)), on(8, 23));
    let life = both.said(on(8, 24), &choice(), vec![deferred]);
    let stage = |life: &History, day| life.at(day, day).headline.stage;
    assert_eq!(stage(&life, on(8, 23)), Stage::Recruited, "nobody had told yet");
    assert_eq!(stage(&life, on(8, 24)), Stage::OfferDeferred);
    // Whoever is read last has the word, whichever of them it is.
    let back = event(Fact::OfferReinstated(to(ChoiceStatus::Recruited)), on(8, 27));
    assert_eq!(
        stage(&life.said(on(8, 28), &recruit, vec![back]), on(8, 28)),
        Stage::Recruited
    );
}

#[test]
fn every_answer_says_when_time_alone_will_change_it() {
    let life = ordinary();
    assert_eq!(
        life.at(date(2025, 11, 3), date(2025, 11, 3)).review_on,
        Some(date(2026, 9, 1))
    );
    assert_eq!(
        life.at(date(2026, 9, 22), date(2026, 9, 22)).review_on,
        Some(date(2026, 11, 1))
    );
    let qualified = life.at(date(2027, 7, 4), date(2027, 7, 4));
    assert_eq!(qualified.review_on, None);
    assert_eq!(
        qualified.trn.map(|trn| trn.to_string()).as_deref(),
        Some("3100001")
    );
    assert_eq!(qualified.facts.restriction.value, "none");
    assert_eq!(qualified.facts.training.value, "completed");
    assert_eq!(
        qualified.facts.employment.caveats,
        BTreeSet::from([Caveat::NotCovered])
    );
}

#[test]
fn the_review_date_is_the_first_day_with_another_answer() {
    let life = ordinary();
    for known in [date(2025, 12, 1), date(2026, 9, 25), date(2027, 7, 2)] {
        let answer = life.at(known, known);
        let Some(review_on) = answer.review_on else {
            continue;
        };
        let told = |answer: &TeacherRecord| {
            let facts = answer
                .facts
                .named()
                .map(|(_, fact)| (fact.value, fact.certainty, fact.caveats.clone()));
            (answer.headline.stage, answer.headline.resolution.certainty, facts)
        };
        let mut on = known;
        while on < review_on {
            let then = life.heard(on, known, &Hearing::nothing(on));
            assert_eq!(told(&then), told(&answer), "{on}");
            on = on.tomorrow().unwrap();
        }
        let then = life.heard(review_on, known, &Hearing::nothing(review_on));
        assert_ne!(told(&then), told(&answer), "{review_on}");
    }
}

#[test]
fn an_award_that_trs_denies_is_contested_after_a_fortnight() {
    let life = ordinary();
    let denied = History {
        said: life.said[..4].to_vec(),
    }
    .said(
        date(2027, 7, 3),
        &person(),
        vec![
            event(Fact::TrnAllocated(to(Answer::Found)), date(2027, 7, 3)),
            event(
                Fact::QualifiedStatusRemoved(Change { old: None, new: None }),
                date(2027, 7, 3),
            ),
        ],
    );
    let early = denied.at(date(2027, 7, 13), date(2027, 7, 13));
    assert_eq!(early.headline.stage, Stage::AwardPending);
    assert!(!early.facts.qualified_status.caveats.contains(&Caveat::Contested));
    let late = denied.at(date(2027, 7, 14), date(2027, 7, 14));
    assert_eq!(late.headline.stage, Stage::AwardPending);
    assert!(late.facts.qualified_status.caveats.contains(&Caveat::Contested));
    assert!(late.headline.resolution.caveats.contains(&Caveat::Contested));
    assert_eq!(early.review_on, Some(date(2027, 7, 14)));
}

#[test]
fn t10_a_withdrawal_undone_is_as_if_it_had_not_been_but_stays_known() {
    let life = History {
        said: ordinary().said[..3].to_vec(),
    }
    .said(
        date(2027, 3, 14),
        &trainee(),
        vec![event(
            Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)),
            date(2027, 3, 10),
        )],
    )
    .said(
        date(2027, 3, 20),
        &trainee(),
        vec![Event {
            kind: ChangeKind::Reversed,
            ..event(
                Fact::WithdrawalReversed(to(TraineeState::TrnReceived)),
                date(2027, 3, 10),
            )
        }],
    );
    assert_eq!(life.stage(date(2027, 3, 12), date(2027, 3, 13)).0, "in_training");
    assert_eq!(
        life.stage(date(2027, 3, 12), date(2027, 3, 15)).0,
        "left_training"
    );
    assert_eq!(life.stage(date(2027, 3, 12), date(2027, 3, 21)).0, "in_training");
}

#[test]
fn t08_a_newer_traineeship_beats_an_older_dead_one_and_a_dead_one_erases_no_status() {
    let second = RecordId::new(RecordKind::RegisterTrainee, "slug2");
    let restarted = History {
        said: ordinary().said[..3].to_vec(),
    }
    .said(
        date(2026, 11, 25),
        &trainee(),
        vec![event(
            Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)),
            date(2026, 11, 20),
        )],
    )
    .said(
        date(2027, 1, 10),
        &second,
        vec![
            event(
                Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
                date(2027, 1, 8),
            ),
            event(Fact::StartConfirmed(to(day(date(2027, 1, 5)))), date(2027, 1, 5)),
        ],
    );
    assert_eq!(
        restarted.stage(date(2026, 12, 1), date(2026, 12, 1)),
        ("left_training", "confirmed")
    );
    assert_eq!(
        restarted.stage(date(2027, 2, 1), date(2027, 2, 1)),
        ("in_training", "provisional")
    );

    let long_qualified = History::default()
        .said(
            date(2026, 1, 1),
            &person(),
            vec![
                event(Fact::TrnAllocated(to(Answer::Found)), date(2026, 1, 1)),
                event(
                    Fact::QualifiedStatusHeld(to(held(date(2015, 7, 1)))),
                    date(2015, 7, 1),
                ),
            ],
        )
        .said(
            date(2026, 2, 1),
            &second,
            vec![
                event(
                    Fact::TraineeRegistered(to(TraineeState::Withdrawn)),
                    date(2024, 9, 1),
                ),
                event(Fact::StartConfirmed(to(day(date(2024, 9, 1)))), date(2024, 9, 1)),
                event(
                    Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)),
                    date(2024, 11, 1),
                ),
            ],
        );
    assert_eq!(
        long_qualified.stage(date(2026, 3, 1), date(2026, 3, 1)),
        ("qualified", "confirmed")
    );
}

#[test]
fn t34_restriction_fails_closed_and_follows_the_alerts_dates() {
    let alert = |end: Option<Date>| Alert {
        key: "a1".into(),
        type_id: Stated::Unstated,
        category_id: Stated::Value("b2b19019-b165-47a3-8745-3297ff152581".into()),
        start_date: Stated::Value(day(date(2026, 1, 10))),
        end_date: Stated::from_nullable(end.map(day)),
    };
    let found = || event(Fact::TrnAllocated(to(Answer::Found)), date(2026, 1, 1));
    let silent = History::default().said(date(2026, 1, 1), &person(), vec![found()]);
    assert_eq!(
        silent
            .at(date(2026, 2, 1), date(2026, 2, 1))
            .facts
            .restriction
            .value,
        "unknown"
    );
    let listed = History::default().said(
        date(2026, 1, 20),
        &person(),
        vec![
            found(),
            event(Fact::AlertsListed(to(1)), date(2026, 1, 20)),
            event(
                Fact::AlertOpened(to(alert(Some(date(2026, 6, 1))))),
                date(2026, 1, 10),
            ),
        ],
    );
    let restriction = |on| listed.at(on, date(2026, 7, 1)).facts.restriction.value;
    assert_eq!(restriction(date(2026, 1, 9)), "none");
    assert_eq!(restriction(date(2026, 1, 10)), "prohibited");
    assert_eq!(restriction(date(2026, 5, 31)), "prohibited");
    assert_eq!(restriction(date(2026, 6, 1)), "none");
    assert_eq!(
        listed.at(date(2026, 2, 1), date(2026, 2, 1)).review_on,
        Some(date(2026, 6, 1))
    );
}

#[test]
fn trs_routes_speak_of_training_only_where_register_is_silent() {
    let route = route_in_training();
    let life = History::default().said(
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
    );
    assert_eq!(
        life.stage(date(2026, 12, 1), date(2026, 12, 1)),
        ("in_training", "provisional")
    );
    assert_eq!(
        life.stage(date(2028, 8, 1), date(2026, 12, 1)).0,
        "no_teaching_status"
    );
}

#[test]
fn t04_a_merged_trn_points_to_the_one_that_was_kept() {
    let into = Trn::parse("3012858").unwrap();
    let old = RecordId::new(RecordKind::TrsPerson, "3013021");
    let merged = History::default().said(
        date(2026, 5, 1),
        &old,
        vec![event(
            Fact::TrnMergedInto(to(Answer::MergedInto(into))),
            date(2026, 5, 1),
        )],
    );
    let answer = merged.at(date(2026, 5, 2), date(2026, 5, 2));
    assert_eq!(answer.standing, Standing::Merged { into });
    assert_eq!(answer.trn, Some(into));
    assert_eq!(answer.headline.stage, Stage::NotKnown);
    assert_eq!(
        answer.merged,
        BTreeMap::from([(Trn::parse("3013021").unwrap(), into)])
    );
}

#[test]
fn t35_a_deactivated_record_is_closed_and_what_was_known_stays_known() {
    let closed = ordinary().said(
        date(2027, 8, 1),
        &person(),
        vec![event(
            Fact::TrnDeactivated(to(Answer::Deactivated)),
            date(2027, 8, 1),
        )],
    );
    let answer = closed.at(date(2027, 8, 2), date(2027, 8, 2));
    assert_eq!(answer.standing, Standing::Closed);
    assert_eq!(answer.phase(), Phase::Closed);
    assert_eq!(
        answer.headline.stage,
        Stage::Qualified,
        "what was known stays known"
    );
    assert_eq!(
        closed.at(date(2027, 7, 5), date(2027, 8, 2)).standing,
        Standing::Open
    );
}

#[test]
fn intervals_never_overlap_and_agree_with_the_answer_on_every_day() {
    let life = ordinary();
    let known = date(2027, 8, 1);
    let folds = life.folds(known);
    let folds: Vec<&RecordFold> = folds.iter().collect();
    let line = intervals(&folds, &Policy::first(), &Hearing::nothing(known), known);
    assert!(line.windows(2).all(|pair| pair[0].to == Some(pair[1].from)));
    assert_eq!(line.last().and_then(|last| last.to), None);
    let mut on = line[0].from;
    while on <= known {
        let holding = line
            .iter()
            .find(|i| i.from <= on && i.to.is_none_or(|to| on < to))
            .unwrap();
        assert_eq!(holding.headline.stage, life.at(on, known).headline.stage, "{on}");
        on = on.tomorrow().unwrap();
    }
}
