//! The rules from silence and from the calendar. Each test takes one guard away from a case that otherwise fires.

use super::*;
use crate::hearing::{Coverage, ProviderName, Share, Turnout, spoke_at};
use crate::ids::Ukprn;

const COHORT: u16 = 2026;

fn ukprn(text: &str) -> Ukprn {
    Ukprn::parse(text).unwrap()
}

fn provider() -> ProviderName {
    ProviderName::Name("Example Valley Training Partnership".into())
}

fn covering(provider: Option<&str>, year: Option<i16>) -> Coverage {
    Coverage {
        provider: provider.map(Into::into),
        year,
    }
}

/// Folds of a recruit of 2026 at [`provider`], who was told of on 3 November 2025.
fn recruit(more: Vec<(Date, RecordId, Vec<Event>)>) -> History {
    let mut life = History {
        said: ordinary().said[..1].to_vec(),
    };
    life.said.extend(more);
    life
}

fn turnout(recruits: u32, turned_up: u32) -> Turnout {
    Turnout { recruits, turned_up }
}

/// Register was swept on the no-show date, lists this provider's people by their applications, and half of its recruits.
fn spoken(known_on: Date) -> Hearing {
    let mut hearing = Hearing::nothing(known_on);
    hearing.providers = BTreeMap::from([(provider(), BTreeSet::from([ukprn("10000571")]))]);
    hearing.shares = BTreeMap::from([(
        (ukprn("10000571"), 2026),
        Share {
            trainees: 10,
            recognised: 5,
        },
    )]);
    hearing.turnouts = BTreeMap::from([((provider(), 2026), turnout(10, 5))]);
    hearing.sweep(
        covering(Some("10000571"), Some(2026)),
        start_of_london_day(date(2026, 12, 15)),
    );
    hearing
}

fn told(life: &History, effective: Date, hearing: &Hearing) -> (&'static str, BTreeSet<Caveat>) {
    let known = hearing.known_on;
    let mut folds = life.folds(known);
    for fold in &mut folds {
        if let Track::Application(track) = &mut fold.track {
            track.provider = Some(provider());
        }
    }
    let folds: Vec<&RecordFold> = folds.iter().collect();
    let answer = teacher_at(&folds, &Policy::first(), hearing, effective);
    let resolution = answer.headline.resolution;
    assert_eq!(resolution.certainty, Certainty::Presumed);
    assert_eq!(answer.awaits, Some(provider()));
    let since = if effective > known {
        known.tomorrow().unwrap()
    } else {
        date(2026, 9, 1)
    };
    assert_eq!(resolution.since, Some(since));
    (answer.headline.stage.token(), resolution.caveats)
}

fn none() -> BTreeSet<Caveat> {
    BTreeSet::new()
}

const DAY: Date = date(2026, 12, 15);

#[test]
fn a_recruit_whom_register_does_not_list_on_the_no_show_date_left_before_the_start() {
    let life = recruit(Vec::new());
    assert_eq!(told(&life, DAY, &spoken(DAY)), ("left_before_start", none()));
    // Since the planned start, for who asks from then on of any day since.
    assert_eq!(
        told(&life, date(2026, 9, 16), &spoken(DAY)),
        ("left_before_start", none())
    );
    let later = date(2027, 3, 1);
    assert_eq!(told(&life, later, &spoken(later)), ("left_before_start", none()));
}

#[test]
fn the_day_before_the_no_show_date_nothing_is_concluded() {
    let before = date(2026, 12, 14);
    let mut early = spoken(before);
    early
        .sweeps
        .values_mut()
        .for_each(|at| *at = start_of_london_day(before));
    let life = recruit(Vec::new());
    assert_eq!(told(&life, before, &early), ("start_unknown", none()));
    assert_eq!(life.heard(before, before, &early).review_on, Some(DAY));
    assert_eq!(
        told(
            &life,
            DAY,
            &Hearing {
                known_on: DAY,
                ..early
            }
        )
        .1,
        BTreeSet::from([Caveat::Stale])
    );
}

#[test]
fn a_delivery_opened_before_the_no_show_date_is_no_word_on_it() {
    let mut hearing = spoken(DAY);
    let before = "2026-12-14T23:59:59.999999Z".parse().unwrap();
    hearing.sweeps.values_mut().for_each(|at| *at = before);
    assert_eq!(
        told(&recruit(Vec::new()), DAY, &hearing),
        ("start_unknown", BTreeSet::from([Caveat::Stale]))
    );
}

#[test]
fn an_old_snapshot_delivered_late_speaks_of_when_it_was_taken() {
    let taken: jiff::Timestamp = "2026-10-01T02:00:00Z".parse().unwrap();
    let opened: jiff::Timestamp = "2026-12-16T02:00:00Z".parse().unwrap();
    assert_eq!(spoke_at(taken, opened), taken);
    assert_eq!(spoke_at(opened, taken), taken);
}

#[test]
fn of_a_day_beyond_the_known_time_nothing_is_concluded() {
    let hearing = spoken(DAY);
    assert_eq!(
        told(&recruit(Vec::new()), date(2026, 12, 16), &hearing),
        ("start_unknown", none())
    );
}

#[test]
fn another_provider_or_another_year_speaks_of_nobody_else() {
    let life = recruit(Vec::new());
    for (coverage, expected) in [
        (covering(None, None), ("left_before_start", none())),
        (covering(None, Some(2026)), ("left_before_start", none())),
        (covering(Some("10000571"), None), ("left_before_start", none())),
        (
            covering(Some("10000571"), Some(2025)),
            ("start_unknown", BTreeSet::from([Caveat::Stale])),
        ),
        (
            covering(Some("10000572"), Some(2026)),
            ("start_unknown", BTreeSet::from([Caveat::NotCovered])),
        ),
    ] {
        let mut hearing = spoken(DAY);
        let at = start_of_london_day(DAY);
        hearing.sweeps = BTreeMap::from([(coverage.clone(), at)]);
        assert_eq!(told(&life, DAY, &hearing), expected, "{coverage:?}");
    }
}

#[test]
fn a_provider_whose_trainees_carry_no_application_is_not_covered() {
    let life = recruit(Vec::new());
    for (trainees, recognised) in [(0, 0), (10, 0), (10, 4)] {
        let mut hearing = spoken(DAY);
        let share = Share { trainees, recognised };
        hearing.shares.insert((ukprn("10000571"), 2026), share);
        assert_eq!(
            told(&life, DAY, &hearing),
            ("start_unknown", BTreeSet::from([Caveat::NotCovered])),
            "{share:?}"
        );
    }
}

#[test]
fn a_provider_that_has_never_turned_up_in_register_is_not_covered() {
    let mut hearing = spoken(DAY);
    hearing.providers.clear();
    assert_eq!(
        told(&recruit(Vec::new()), DAY, &hearing),
        ("start_unknown", BTreeSet::from([Caveat::NotCovered]))
    );
}

#[test]
fn one_recruit_who_moved_does_not_make_anothers_sweeps_speak_for_the_rest() {
    let life = recruit(Vec::new());
    let not_covered = ("start_unknown", BTreeSet::from([Caveat::NotCovered]));
    let mut hearing = spoken(DAY);
    for (turned_up, expected) in [
        (1, not_covered.clone()),
        (9, not_covered.clone()),
        (10, ("left_before_start", none())),
    ] {
        let turnout = turnout(20, turned_up);
        hearing.turnouts.insert((provider(), 2026), turnout);
        assert_eq!(told(&life, DAY, &hearing), expected, "{turnout:?}");
    }
    // Who came in another year, or to another provider, tells nothing of these.
    hearing.turnouts = BTreeMap::from([
        ((provider(), 2025), turnout(20, 20)),
        ((ProviderName::Code("2AW".into()), 2026), turnout(20, 20)),
    ]);
    assert_eq!(told(&life, DAY, &hearing), not_covered);
}

#[test]
fn those_whom_register_has_still_to_tell_of_may_turn_up() {
    let mut hearing = spoken(DAY);
    let before = start_of_london_day(date(2026, 10, 1));
    hearing.sweeps.values_mut().for_each(|at| *at = before);
    hearing.turnouts.insert((provider(), 2026), turnout(20, 1));
    assert_eq!(
        told(&recruit(Vec::new()), DAY, &hearing),
        ("start_unknown", BTreeSet::from([Caveat::Stale]))
    );
}

#[test]
fn a_recruit_turns_up_with_a_traineeship_of_the_year_or_later_whoever_holds_it() {
    let counted = |life: &History| {
        let mut folds = life.folds(date(2027, 9, 1));
        for fold in &mut folds {
            if let Track::Application(track) = &mut fold.track {
                track.provider = Some(provider());
            }
        }
        let folds: Vec<&RecordFold> = folds.iter().collect();
        let recruits = recruits(&folds);
        recruits
            .into_iter()
            .map(|(record, one)| (record, one.provider, one.year, one.has_turned_up))
            .collect::<Vec<_>>()
    };
    let registered = |state, start| {
        let found = date(2026, 10, 2);
        let events = vec![
            event(Fact::TraineeRegistered(to(state)), date(2026, 9, 18)),
            event(Fact::StartConfirmed(to(day(start))), start),
        ];
        recruit(vec![(found, trainee(), events)])
    };
    let as_counted = |has_turned_up| vec![(choice(), provider(), 2026, has_turned_up)];
    assert_eq!(counted(&recruit(Vec::new())), as_counted(false));
    for (start, has_turned_up) in [
        (date(2025, 9, 5), false),
        (date(2026, 9, 5), true),
        (date(2027, 1, 5), true),
    ] {
        let life = registered(TraineeState::SubmittedForTrn, start);
        assert_eq!(counted(&life), as_counted(has_turned_up), "{start}");
    }
    let deferred = event(
        Fact::OfferDeferred(to(ChoiceStatus::OfferDeferred)),
        date(2026, 8, 20),
    );
    let life = recruit(vec![(date(2026, 8, 20), choice(), vec![deferred])]);
    assert_eq!(counted(&life), [], "recruited for the next year, and not yet");
}

#[test]
fn every_ukprn_of_a_provider_must_have_spoken() {
    let life = recruit(Vec::new());
    let mut hearing = spoken(DAY);
    let other = ukprn("10000572");
    hearing.providers.get_mut(&provider()).unwrap().insert(other);
    assert_eq!(told(&life, DAY, &hearing).1, BTreeSet::from([Caveat::NotCovered]));
    let share = Share {
        trainees: 1,
        recognised: 1,
    };
    hearing.shares.insert((other, 2026), share);
    hearing.sweep(
        covering(Some("10000572"), None),
        start_of_london_day(date(2026, 10, 1)),
    );
    assert_eq!(told(&life, DAY, &hearing).1, BTreeSet::from([Caveat::Stale]));
    hearing.sweep(covering(Some("10000572"), None), start_of_london_day(DAY));
    assert_eq!(told(&life, DAY, &hearing), ("left_before_start", none()));
}

#[test]
fn a_deferred_offer_is_no_no_show() {
    // Of another application; of the same one the later word would stand.
    let deferred = RecordId::new(RecordKind::ApplyRecruit, "502");
    let life = recruit(vec![(
        date(2026, 8, 20),
        deferred,
        vec![
            event(
                Fact::OfferDeferred(to(ChoiceStatus::OfferDeferred)),
                date(2026, 8, 20),
            ),
            event(Fact::CycleChanged(to(COHORT)), date(2026, 9, 1)),
        ],
    )]);
    assert_eq!(told(&life, DAY, &spoken(DAY)), ("start_unknown", none()));
}

#[test]
fn whoever_turns_up_in_register_has_started_and_the_earlier_answer_stays() {
    let found = date(2027, 1, 20);
    let registered = vec![
        event(issued(choice()), found),
        event(
            Fact::TraineeRegistered(to(TraineeState::SubmittedForTrn)),
            date(2026, 9, 18),
        ),
        event(Fact::StartConfirmed(to(day(date(2026, 9, 5)))), date(2026, 9, 5)),
    ];
    let life = recruit(vec![(found, trainee(), registered)]);
    let now = life.heard(DAY, found, &spoken(found));
    assert_eq!(now.headline.stage, Stage::InTraining);
    assert_eq!(now.headline.resolution.since, Some(date(2026, 9, 5)));
    assert_eq!(
        told(&life, DAY, &spoken(date(2027, 1, 19))).0,
        "left_before_start"
    );
}

#[test]
fn whom_register_lists_is_no_no_show_on_the_days_before_it_did() {
    let registered = vec![
        event(issued(choice()), date(2026, 10, 2)),
        event(
            Fact::TraineeRegistered(to(TraineeState::SubmittedForTrn)),
            date(2026, 9, 18),
        ),
    ];
    let life = recruit(vec![(date(2026, 10, 2), trainee(), registered)]);
    assert_eq!(
        told(&life, date(2026, 9, 10), &spoken(DAY)),
        ("start_unknown", none())
    );
}

#[test]
fn the_code_of_the_recruits_api_is_believed_before_the_name_on_the_choice() {
    let code = ProviderName::Code("2AW".into());
    let mut hearing = spoken(DAY);
    let life = recruit(vec![(
        date(2026, 8, 1),
        RecordId::new(RecordKind::ApplyRecruit, "501"),
        vec![
            event(
                Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)),
                date(2025, 11, 3),
            ),
            event(Fact::CycleChanged(to(COHORT)), date(2026, 9, 1)),
        ],
    )]);
    let mut folds = life.folds(DAY);
    for fold in &mut folds {
        let kind = fold.id.kind;
        if let Track::Application(track) = &mut fold.track {
            let is_recruit = kind == RecordKind::ApplyRecruit;
            track.provider = Some(if is_recruit { code.clone() } else { provider() });
        }
    }
    let folds: Vec<&RecordFold> = folds.iter().collect();
    assert_eq!(providers(&folds), BTreeSet::from([code.clone(), provider()]));
    let stage = |hearing: &Hearing| teacher_at(&folds, &Policy::first(), hearing, DAY).headline.stage;
    assert_eq!(stage(&hearing), Stage::StartUnknown);
    hearing
        .providers
        .insert(code.clone(), BTreeSet::from([ukprn("10000571")]));
    assert_eq!(
        stage(&hearing),
        Stage::StartUnknown,
        "its own recruits are counted"
    );
    hearing.turnouts.insert((code, 2026), turnout(2, 1));
    assert_eq!(stage(&hearing), Stage::LeftBeforeStart);
}

#[test]
fn of_a_day_that_has_not_come_nothing_is_better_than_presumed() {
    let life = ordinary();
    let known = date(2027, 8, 1);
    let today = life.at(known, known);
    assert_eq!(today.facts.qualified_status.certainty, Certainty::Confirmed);
    let later = life.at(date(2027, 8, 2), known);
    assert_eq!(later.headline.stage, today.headline.stage);
    for (name, fact) in later.facts.named() {
        assert!(fact.certainty >= Certainty::Presumed, "{name}");
    }
    assert_eq!(later.headline.resolution.certainty, Certainty::Presumed);
}

/// An application of 2026 in that status since 1 June, and never heard of again.
fn waiting(status: ChoiceStatus) -> History {
    History::default().said(
        date(2026, 6, 1),
        &choice(),
        vec![
            event(Fact::ApplicationChoiceStatusChanged(to(status)), date(2026, 6, 1)),
            event(Fact::CycleChanged(to(COHORT)), date(2026, 9, 1)),
        ],
    )
}

#[test]
fn the_end_of_the_cycle_ends_what_nobody_ended() {
    let cases = [
        (
            ChoiceStatus::AwaitingProviderDecision,
            date(2026, 9, 25),
            "rejected_by_default",
        ),
        (
            ChoiceStatus::Interviewing,
            date(2026, 9, 25),
            "rejected_by_default",
        ),
        (ChoiceStatus::Offer, date(2026, 9, 30), "declined_by_default"),
        (ChoiceStatus::Unsubmitted, date(2026, 10, 1), "not_sent_in_cycle"),
    ];
    for (status, on, reason) in cases {
        let life = waiting(status);
        let before = on.yesterday().unwrap();
        let live = life.at(before, before);
        assert_ne!(live.headline.stage, Stage::UnsuccessfulApplicant, "{reason}");
        assert_eq!(live.review_on, Some(on), "{reason}");
        let ended = life.at(on, on);
        assert_eq!(ended.headline.stage, Stage::UnsuccessfulApplicant);
        assert_eq!(ended.headline.resolution.certainty, Certainty::Presumed);
        assert_eq!(ended.headline.resolution.reason, reason);
        assert_eq!(ended.headline.resolution.since, Some(on));
        // Known earlier, it is not foretold; of an earlier day, it is not so.
        assert_eq!(
            life.at(on, before).headline.stage,
            live.headline.stage,
            "{reason}"
        );
        assert_eq!(
            life.at(before, on).headline.stage,
            live.headline.stage,
            "{reason}"
        );
    }
}

#[test]
fn what_is_told_after_the_end_of_the_cycle_is_believed() {
    let told_later = waiting(ChoiceStatus::Offer).said(
        date(2026, 10, 5),
        &choice(),
        vec![event(Fact::OfferMade(to(ChoiceStatus::Offer)), date(2026, 10, 4))],
    );
    let on = date(2026, 10, 6);
    assert_eq!(told_later.at(on, on).headline.stage, Stage::Applicant);
    let recruited = waiting(ChoiceStatus::Recruited);
    assert_eq!(recruited.at(on, on).headline.stage, Stage::StartUnknown);
    let unknown = waiting(ChoiceStatus::Unrecognised("paused".into()));
    assert_eq!(
        unknown.at(on, on).headline.stage,
        Stage::Applicant,
        "it must not end anything (T19)"
    );
    let deferred = waiting(ChoiceStatus::OfferDeferred);
    assert_eq!(deferred.at(on, on).headline.stage, Stage::OfferDeferred);
}
