//! Traps of the upstream data (U§11) that show in answers; `docs/traps.md` lists them all.

use super::*;
use crate::record::RouteStatus;
use crate::record::trs::Route;

/// The first messages of the ordinary life.
fn begun(messages: usize) -> History {
    History {
        said: ordinary().said[..messages].to_vec(),
    }
}

fn value(answer: &TeacherRecord, fact: &str) -> (&'static str, BTreeSet<Caveat>) {
    let named = answer.facts.named();
    let found = named.into_iter().find(|(name, _)| *name == fact);
    let (_, resolution) = found.expect("one of the five facts");
    (resolution.value, resolution.caveats.clone())
}

fn contested() -> BTreeSet<Caveat> {
    BTreeSet::from([Caveat::Contested])
}

#[test]
fn t05_a_trn_that_trs_does_not_find_any_more_keeps_what_was_known_of_it() {
    let on = date(2027, 8, 1);
    let not_found = event(Fact::TrnNotFound(to(Answer::NotFound)), on);
    let life = ordinary().said(on, &person(), vec![not_found]);
    let answer = life.at(on, on);
    assert_eq!(answer.headline.stage, Stage::Qualified);
    assert_eq!(answer.standing, Standing::Open, "a 404 closes nothing");
}

/// A second traineeship, from January on.
fn second(known: Date, more: Vec<Event>) -> (Date, RecordId, Vec<Event>) {
    let mut told = vec![
        event(
            Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
            date(2027, 1, 5),
        ),
        event(Fact::StartConfirmed(to(day(date(2027, 1, 5)))), date(2027, 1, 5)),
    ];
    told.extend(more);
    let record = RecordId::new(RecordKind::RegisterTrainee, "slug2");
    (known, record, told)
}

#[test]
fn t08_the_newest_live_traineeship_speaks_whatever_became_of_the_others() {
    let on = date(2027, 3, 1);
    let deferred = event(
        Fact::TrainingDeferred(to(TraineeState::Deferred)),
        date(2026, 12, 1),
    );
    let withdrawn = event(
        Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)),
        date(2027, 2, 1),
    );
    let mut both_live = begun(3).said(date(2026, 12, 1), &trainee(), vec![deferred]);
    both_live.said.push(second(date(2027, 1, 10), Vec::new()));
    assert_eq!(both_live.at(on, on).headline.stage, Stage::InTraining);
    let mut newer_dead = begun(3);
    newer_dead.said.push(second(date(2027, 2, 3), vec![withdrawn]));
    assert_eq!(newer_dead.at(on, on).headline.stage, Stage::InTraining);
}

#[test]
fn t09_the_newest_cycle_speaks_and_what_was_never_sent_hides_nothing() {
    let application = |key: &str, cycle, status: ChoiceStatus| {
        let told = vec![
            event(
                Fact::ApplicationChoiceStatusChanged(to(status)),
                date(2026, 1, 10),
            ),
            event(Fact::CycleChanged(to(cycle)), date(2026, 1, 10)),
        ];
        (
            date(2026, 1, 10),
            RecordId::new(RecordKind::ApplyChoice, key),
            told,
        )
    };
    let on = date(2026, 3, 1);
    let stage = |said| History { said }.at(on, on).headline.stage;
    let deferred = application("401", 2025, ChoiceStatus::OfferDeferred);
    let newer = application("501", 2026, ChoiceStatus::Offer);
    assert_eq!(stage(vec![newer.clone(), deferred.clone()]), Stage::Applicant);
    assert_eq!(stage(vec![deferred.clone(), newer]), Stage::Applicant);
    let basket = application("501", 2026, ChoiceStatus::Unsubmitted);
    assert_eq!(stage(vec![deferred, basket]), Stage::OfferDeferred);
}

#[test]
fn t11_a_revoked_award_leaves_the_status_held_and_contests_it() {
    let on = date(2027, 9, 9);
    let revoked = Event {
        kind: ChangeKind::Reversed,
        ..event(Fact::AwardRevoked(to(TraineeState::TrnReceived)), on)
    };
    let life = ordinary().said(on, &trainee(), vec![revoked]);
    let answer = life.at(on, on);
    assert_eq!(value(&answer, "qualified_status"), ("qts", contested()));
    assert_eq!(answer.headline.stage, Stage::Qualified, "TRS's word stands");
    let before = life.at(date(2027, 9, 8), on);
    assert_eq!(value(&before, "qualified_status"), ("qts", BTreeSet::new()));
}

/// A route to the training of the ordinary life, as TRS tells of it from 1 March 2027 on.
fn route(status: RouteStatus, began: Date) -> (Date, RecordId, Vec<Event>) {
    let on = date(2027, 3, 1);
    let route = Route {
        status,
        training_start_date: Stated::Value(day(began)),
        ..route_in_training()
    };
    let told = vec![
        event(Fact::TrnAllocated(to(Answer::Found)), on),
        event(Fact::QualifiedStatusRemoved(Change { old: None, new: None }), on),
        event(Fact::RouteStatusChanged(to(route)), on),
    ];
    (on, person(), told)
}

#[test]
fn t12_an_undoing_that_never_reached_trs_is_an_open_dispute() {
    let on = date(2027, 3, 22);
    let with = |route| {
        let mut life = begun(3);
        life.said.push(route);
        life
    };
    let training = |life: &History| value(&life.at(on, on), "training");
    let (planned, confirmed) = (date(2026, 9, 1), date(2026, 9, 3));
    for began in [planned, confirmed] {
        let life = with(route(RouteStatus::Withdrawn, began));
        assert_eq!(training(&life), ("in_training", contested()), "{began}");
        assert_eq!(life.at(on, on).headline.resolution.caveats, contested());
        let lost = life.at(on, on).facts.training.lost;
        assert_eq!(lost.first().map(|claim| claim.source), Some(Source::Trs));
    }
    for agreed in [
        route(RouteStatus::InTraining, planned),
        route(RouteStatus::Withdrawn, date(2025, 9, 1)),
    ] {
        assert_eq!(training(&with(agreed)), ("in_training", BTreeSet::new()));
    }
    // Withdrawn in both: of no day is there a dispute, though TRS does not say since when.
    let withdrawn = event(Fact::TrainingWithdrawn(to(TraineeState::Withdrawn)), on);
    let agreed = with(route(RouteStatus::Withdrawn, planned)).said(on, &trainee(), vec![withdrawn]);
    let day_before = agreed.at(date(2027, 3, 10), on);
    assert_eq!(value(&day_before, "training"), ("in_training", BTreeSet::new()));
}

/// A word of ours for what no specification has.
const SOME_NEW_WORD: &str = "some_new_word";

fn status(status: ChoiceStatus, on: Date) -> (Date, RecordId, Vec<Event>) {
    let moved = event(Fact::ApplicationChoiceStatusChanged(to(status)), on);
    (on, choice(), vec![moved])
}

fn state(state: TraineeState, on: Date) -> (Date, RecordId, Vec<Event>) {
    (
        on,
        trainee(),
        vec![event(Fact::TraineeStateChanged(to(state)), on)],
    )
}

/// The life with more of it said, each on the day that it is about.
fn and(mut life: History, said: impl IntoIterator<Item = (Date, RecordId, Vec<Event>)>) -> History {
    life.said.extend(said);
    life
}

/// Stage, certainty and since when.
fn told(life: &History, on: Date, known: Date) -> (&'static str, &'static str, Option<Date>) {
    let headline = life.at(on, known).headline;
    (
        headline.stage.token(),
        headline.resolution.certainty.token(),
        headline.resolution.since,
    )
}

#[test]
fn t19_an_unknown_word_is_no_confirmed_answer_about_a_place() {
    let recruited_on = date(2025, 11, 3);
    let (before, unknown_on, after) = (date(2026, 2, 9), date(2026, 2, 10), date(2026, 2, 17));
    let word = || status(ChoiceStatus::Unrecognised(SOME_NEW_WORD.into()), unknown_on);
    let unclear = and(begun(1), [word()]);
    let (on, known) = (date(2026, 2, 12), date(2026, 2, 20));
    assert_eq!(
        told(&unclear, on, on),
        ("recruited", "provisional", Some(recruited_on)),
        "what was believed goes on, unconfirmed"
    );
    assert_eq!(
        told(&unclear, before, on).1,
        "confirmed",
        "of the days before it was said"
    );
    let answer = unclear.at(on, on);
    assert_eq!(answer.headline.resolution.reason, "recruited_conditions_unknown");
    assert!(answer.findings.contains(&Finding::UnrecognisedValue));
    let answer = unclear.at(before, before);
    assert!(
        !answer.findings.contains(&Finding::UnrecognisedValue),
        "not said yet"
    );

    let back = and(begun(1), [word(), status(ChoiceStatus::Recruited, after)]);
    let held = ("recruited", "confirmed", Some(recruited_on));
    assert_eq!(told(&back, known, known), held, "it stood all along");
    assert_eq!(told(&back, on, known), held);
    assert_eq!(told(&back, on, on).1, "provisional", "as it was known then");

    let gone = and(begun(1), [word(), status(ChoiceStatus::Withdrawn, after)]);
    let ended = ("unsuccessful_applicant", "confirmed", Some(after));
    assert_eq!(told(&gone, known, known), ended);
    assert_eq!(told(&gone, on, known), held);

    let first = and(History::default(), [word()]);
    assert_eq!(
        told(&first, on, on),
        ("applicant", "provisional", Some(unknown_on))
    );
}

#[test]
fn t19_an_unknown_word_is_no_confirmed_answer_about_training() {
    let (left_on, unknown_on, after) = (date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 8));
    let word = || state(TraineeState::Unrecognised(SOME_NEW_WORD.into()), unknown_on);
    let left = || state(TraineeState::Withdrawn, left_on);
    let unclear = and(begun(3), [left(), word()]);
    let (before, on, known) = (date(2027, 2, 10), date(2027, 3, 2), date(2027, 3, 20));
    assert_eq!(
        told(&unclear, on, on),
        ("left_training", "provisional", Some(left_on))
    );
    assert_eq!(unclear.at(on, on).headline.resolution.reason, "withdrawn");
    assert_eq!(told(&unclear, before, on).1, "confirmed");

    let back = and(begun(3), [left(), word(), state(TraineeState::Withdrawn, after)]);
    assert_eq!(
        told(&back, known, known),
        ("left_training", "confirmed", Some(left_on))
    );
    let undone = and(
        begun(3),
        [left(), word(), state(TraineeState::TrnReceived, after)],
    );
    assert_eq!(told(&undone, known, known).0, "in_training");
    assert_eq!(told(&undone, known, known).1, "confirmed");
    assert_eq!(
        told(&undone, on, known),
        ("left_training", "confirmed", Some(left_on))
    );

    let in_training = and(begun(3), [word()]);
    let began = Some(date(2026, 9, 3));
    assert_eq!(
        told(&in_training, before, on),
        ("in_training", "confirmed", began)
    );
    assert_eq!(told(&in_training, on, on), ("in_training", "provisional", began));
    // From the day of the word on the answer is another.
    assert_eq!(in_training.at(before, on).review_on, Some(unknown_on));
}

#[test]
fn t30_a_trainee_whose_trn_is_pending_is_registered_and_in_training() {
    let on = date(2026, 11, 10);
    let answer = begun(2).at(on, on);
    assert_eq!(answer.trn, None);
    assert_eq!(answer.headline.stage, Stage::InTraining);
    assert_eq!(answer.headline.resolution.certainty, Certainty::Confirmed);
}

#[test]
fn t33_a_failure_in_wales_ends_where_trs_says_that_it_does() {
    let failed = induction(InductionStatus::FailedInWales, None);
    let exempt = induction(InductionStatus::Exempt, None);
    let exempted = Change {
        old: Some(failed.clone()),
        new: Some(exempt),
    };
    let life = ordinary()
        .said(
            date(2029, 7, 10),
            &person(),
            vec![event(Fact::InductionFailed(to(failed)), date(2029, 7, 1))],
        )
        .said(
            date(2030, 1, 20),
            &person(),
            vec![event(Fact::InductionExempted(exempted), date(2030, 1, 15))],
        );
    let known = date(2030, 2, 1);
    for (on, told) in [
        (date(2029, 6, 30), "required_to_complete"),
        (date(2029, 7, 1), "failed_in_wales"),
        (date(2030, 1, 14), "failed_in_wales"),
        (date(2030, 1, 15), "exempt"),
    ] {
        assert_eq!(value(&life.at(on, known), "induction").0, told, "{on}");
    }
    let then = life.at(date(2030, 1, 16), date(2030, 1, 16));
    assert_eq!(then.headline.stage, Stage::InductionFailed, "as known then");
}

#[test]
fn t41_every_answer_names_the_policy_that_made_it() {
    let on = date(2026, 10, 1);
    let mut policy = Policy::first();
    assert_eq!(ordinary().under(&policy, on, on).policy_version, 1);
    policy.version = 7;
    assert_eq!(ordinary().under(&policy, on, on).policy_version, 7);
}

#[test]
fn t43_what_is_learnt_late_is_so_from_its_own_day_and_unknown_before_it_was_learnt() {
    let entered = date(2027, 1, 18);
    let registered = vec![
        event(issued(choice()), entered),
        event(
            Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
            date(2026, 9, 4),
        ),
        event(Fact::StartConfirmed(to(day(date(2026, 9, 4)))), date(2026, 9, 4)),
    ];
    let life = begun(1).said(entered, &trainee(), registered);
    let on = date(2026, 10, 1);
    assert_eq!(life.stage(on, on).0, "start_unknown");
    assert_eq!(life.stage(on, date(2027, 1, 17)).0, "start_unknown");
    assert_eq!(life.stage(on, entered).0, "in_training");
}

#[test]
fn t45_failed_in_wales_is_a_failure_under_its_own_name() {
    let on = date(2029, 8, 1);
    let failed = induction(InductionStatus::FailedInWales, None);
    let told = vec![event(Fact::InductionFailed(to(failed)), date(2029, 7, 1))];
    let answer = ordinary().said(date(2029, 7, 10), &person(), told).at(on, on);
    assert_eq!(answer.headline.stage, Stage::InductionFailed);
    assert_eq!(value(&answer, "induction").0, "failed_in_wales");
    assert_eq!(value(&answer, "qualified_status").0, "qts");
}

#[test]
fn t34_an_alert_that_only_an_old_reading_lists_counts_until_a_newer_one_lists_alerts() {
    let late = |fact, on| Event {
        kind: ChangeKind::Late,
        ..event(fact, on)
    };
    let found = || event(Fact::TrnAllocated(to(Answer::Found)), date(2026, 1, 20));
    let alert = Alert {
        key: "a1".into(),
        type_id: Stated::Unstated,
        category_id: Stated::Value("b2b19019-b165-47a3-8745-3297ff152581".into()),
        start_date: Stated::Value(day(date(2026, 1, 10))),
        end_date: Stated::Null,
    };
    let (first, old, told, listed) = (
        date(2026, 1, 20),
        date(2026, 1, 10),
        date(2026, 2, 1),
        date(2026, 3, 1),
    );
    // The newest reading did not ask for alerts; one from before it is told afterwards, and lists one.
    let life = History::default().said(first, &person(), vec![found()]).said(
        told,
        &person(),
        vec![
            late(Fact::AlertsListed(to(1)), old),
            late(Fact::AlertOpened(to(alert)), old),
        ],
    );
    let restriction = |life: &History, on| life.at(on, on).facts.restriction.value;
    assert_eq!(restriction(&life, first), "unknown");
    assert_eq!(restriction(&life, told), "prohibited");
    let empty = life.said(listed, &person(), vec![event(Fact::AlertsListed(to(0)), listed)]);
    assert_eq!(restriction(&empty, listed), "none");
    // An old empty list is no word on the present.
    let silent = History::default().said(first, &person(), vec![found()]).said(
        told,
        &person(),
        vec![late(Fact::AlertsListed(to(0)), old)],
    );
    assert_eq!(restriction(&silent, told), "unknown");
}
