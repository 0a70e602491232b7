use jiff::civil::{Date, date};

use super::*;
use crate::event::Change;
use crate::record::trs::{Answer, HeldStatus, Induction};
use crate::record::{ChoiceStatus, InductionStatus, Stated, TraineeState};
use crate::testing::{event, observation, to};
use crate::time::{KnownAt, start_of_london_day};

/// A record folded from what was told on each of these days.
fn folded(kind: RecordKind, told: Vec<(Date, Vec<Event>)>) -> RecordFold {
    let id = RecordId::new(kind, "3100001");
    let mut fold: Option<RecordFold> = None;
    for (index, (on, events)) in told.into_iter().enumerate() {
        let at = start_of_london_day(on);
        let position = Position {
            sequence: index as u64 + 1,
            known_at: KnownAt(at),
        };
        let observation = observation(&id, at, events);
        match &mut fold {
            Some(fold) => fold.apply(&observation, position),
            None => fold = Some(RecordFold::begin(&observation, position)),
        }
    }
    fold.expect("something was told")
}

fn day(on: Date) -> CivilDate {
    CivilDate::Day(on)
}

fn registered() -> Vec<Event> {
    vec![event(
        Fact::TraineeRegistered(to(TraineeState::TrnReceived)),
        date(2026, 9, 1),
    )]
}

fn induction(status: InductionStatus, start: Option<Date>, completed: Option<Date>) -> Change<Induction> {
    to(Induction {
        status,
        start_date: Stated::from_nullable(start.map(day)),
        completed_date: Stated::from_nullable(completed.map(day)),
        exemption_reasons: Vec::new(),
    })
}

#[test]
fn t07_a_link_that_is_taken_back_holds_no_more() {
    let link = |trn| Link {
        to: RecordId::new(RecordKind::TrsPerson, trn),
        strength: LinkStrength::Issued,
    };
    let on = date(2026, 10, 1);
    let swapped = vec![
        event(Fact::IdentityLinkRetracted(link("3100001")), on),
        event(Fact::IdentityLinkAsserted(link("3100002")), on),
    ];
    let wrong = vec![event(
        Fact::IdentityLinkAsserted(link("3100001")),
        date(2026, 9, 1),
    )];
    let fold = folded(
        RecordKind::RegisterTrainee,
        vec![(date(2026, 9, 1), wrong), (on, swapped)],
    );
    assert_eq!(fold.links, BTreeSet::from([link("3100002")]));
}

#[test]
fn t14_a_vanished_record_says_what_it_said_and_its_absence_is_no_newer_word() {
    let before = folded(
        RecordKind::RegisterTrainee,
        vec![(date(2026, 9, 1), registered())],
    );
    let gone = vec![event(Fact::SourceRecordVanished, date(2026, 12, 1))];
    let vanished = folded(
        RecordKind::RegisterTrainee,
        vec![
            (date(2026, 9, 1), registered()),
            (date(2026, 12, 1), gone.clone()),
        ],
    );
    assert!(vanished.vanished.is_some());
    assert_eq!(vanished.track, before.track);
    assert_eq!(vanished.findings, before.findings);
    assert_eq!(
        (vanished.spoke, vanished.latest.sequence),
        (before.spoke, 2),
        "whose word is newer is told by what was said"
    );
    let back = vec![event(Fact::SourceRecordReappeared, date(2027, 1, 5))];
    let reappeared = folded(
        RecordKind::RegisterTrainee,
        vec![
            (date(2026, 9, 1), registered()),
            (date(2026, 12, 1), gone),
            (date(2027, 1, 5), back),
        ],
    );
    assert_eq!((reappeared.vanished, reappeared.track), (None, before.track));
}

#[test]
fn t19_a_value_nobody_knows_yet_is_kept_and_flagged() {
    let paused = ChoiceStatus::Unrecognised("paused".to_owned());
    let told = vec![event(
        Fact::ApplicationChoiceStatusChanged(to(paused.clone())),
        date(2026, 3, 1),
    )];
    let fold = folded(RecordKind::ApplyChoice, vec![(date(2026, 3, 1), told)]);
    assert_eq!(fold.findings, BTreeSet::from([Finding::UnrecognisedValue]));
    let Track::Application(track) = fold.track else {
        panic!("a choice is an application");
    };
    assert_eq!(track.status.last().map(|point| &point.value), Some(&paused));
    assert_eq!(Decision::of(&paused), Decision::Live, "it must not end anything");
    let later = event(Fact::Unrecognised(99), date(2026, 3, 1));
    let fold = folded(RecordKind::ApplyChoice, vec![(date(2026, 3, 1), vec![later])]);
    assert_eq!(fold.findings, BTreeSet::from([Finding::UnrecognisedEvent]));
}

#[test]
fn t19_an_unknown_word_takes_back_nothing_and_lasts_until_a_known_one() {
    let moved = |status: ChoiceStatus, on| {
        let event = event(Fact::ApplicationChoiceStatusChanged(to(status)), on);
        (on, vec![event])
    };
    let unknown = |on| moved(ChoiceStatus::Unrecognised("paused".to_owned()), on);
    let track = |told| {
        let Track::Application(track) = folded(RecordKind::ApplyChoice, told).track else {
            panic!("a choice is an application");
        };
        track
    };
    let (offered_on, first_on, second_on) = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1));
    let offered = moved(ChoiceStatus::Offer, offered_on);
    let before = track(vec![offered.clone()]);
    assert_eq!(before.unclear.since(), None);
    let unclear = track(vec![offered.clone(), unknown(first_on), unknown(second_on)]);
    assert_eq!(unclear.status, before.status);
    assert_eq!(
        unclear.unclear.since(),
        Some(first_on),
        "from the first of them on"
    );
    let back_on = date(2026, 5, 1);
    let back = track(vec![
        offered.clone(),
        unknown(first_on),
        moved(ChoiceStatus::Offer, back_on),
    ]);
    assert_eq!(back, before, "it stood all along");

    let (_, mut late) = unknown(date(2026, 1, 1));
    late[0].kind = ChangeKind::Late;
    let told_late = track(vec![offered.clone(), (back_on, late)]);
    assert_eq!(told_late, before, "an old reading is no last word");
    let (_, mut late) = moved(ChoiceStatus::Offer, date(2026, 1, 1));
    late[0].kind = ChangeKind::Late;
    let known_late = track(vec![offered, unknown(first_on), (back_on, late)]);
    assert_eq!(known_late.unclear.since(), Some(first_on), "and answers none");
}

#[test]
fn t22_dates_that_cannot_be_are_taken_as_they_are_and_flagged() {
    let planned = |start: CivilDate, end: CivilDate| {
        let told = vec![
            event(Fact::PlannedStartChanged(to(start)), date(2026, 9, 1)),
            event(Fact::PlannedEndChanged(to(end)), date(2026, 9, 1)),
        ];
        folded(RecordKind::RegisterTrainee, vec![(date(2026, 9, 1), told)]).findings
    };
    let (start, end) = (day(date(2026, 9, 1)), day(date(2027, 7, 1)));
    assert_eq!(planned(start.clone(), end.clone()), BTreeSet::new());
    assert_eq!(
        planned(end, start.clone()),
        BTreeSet::from([Finding::EndBeforeStart])
    );
    assert_eq!(
        planned(CivilDate::read("2018-9-20"), start),
        BTreeSet::from([Finding::UnreadableDate])
    );
}

#[test]
fn t32_an_induction_that_does_not_add_up_is_taken_and_flagged() {
    let person = |change: Change<Induction>| {
        let told = vec![
            event(Fact::TrnAllocated(to(Answer::Found)), date(2027, 7, 1)),
            event(
                Fact::QualifiedStatusHeld(to(HeldStatus {
                    holds_from: Stated::Value(day(date(2027, 7, 1))),
                    route_types: Vec::new(),
                })),
                date(2027, 7, 1),
            ),
            event(Fact::InductionStarted(change), date(2027, 9, 1)),
        ];
        let fold = folded(RecordKind::TrsPerson, vec![(date(2027, 9, 1), told)]);
        let Track::Trs(track) = &fold.track else {
            panic!("a person is TRS's");
        };
        let status = track.induction.last().map(|point| point.value.status.clone());
        assert_eq!(
            status,
            Some(InductionStatus::InProgress),
            "it is believed all the same"
        );
        fold.findings
    };
    let start = Some(date(2027, 9, 1));
    let progress = |start, completed| induction(InductionStatus::InProgress, start, completed);
    assert_eq!(person(progress(start, None)), BTreeSet::new());
    for (change, finding) in [
        (progress(start, start), Finding::InductionInProgressYetCompleted),
        (progress(None, None), Finding::InductionInProgressWithoutStart),
        (
            progress(Some(date(2026, 9, 1)), None),
            Finding::InductionBeforeQts,
        ),
    ] {
        assert_eq!(person(change), BTreeSet::from([finding]));
    }
}

#[test]
fn t43_a_late_row_changes_history_and_not_the_present() {
    let late = Event {
        kind: ChangeKind::Late,
        ..event(
            Fact::TrainingDeferred(to(TraineeState::Deferred)),
            date(2026, 8, 1),
        )
    };
    let fold = folded(
        RecordKind::RegisterTrainee,
        vec![(date(2026, 9, 1), registered()), (date(2026, 12, 1), vec![late])],
    );
    let Track::Training(track) = fold.track else {
        panic!("a trainee is in training");
    };
    let on = |on| track.state.at(on).map(|point| point.value.clone());
    assert_eq!(on(date(2026, 8, 15)), Some(TraineeState::Deferred));
    assert_eq!(on(date(2026, 12, 2)), Some(TraineeState::TrnReceived));
}

#[test]
fn findings_have_distinct_names() {
    let all = [
        Finding::UnreadableDate,
        Finding::UnrecognisedValue,
        Finding::UnrecognisedEvent,
        Finding::UnexpectedMove,
        Finding::InductionInProgressYetCompleted,
        Finding::InductionInProgressWithoutStart,
        Finding::InductionBeforeQts,
        Finding::EndBeforeStart,
        Finding::ForeignEvent,
    ];
    let names: BTreeSet<_> = all.iter().map(|finding| finding.token()).collect();
    assert_eq!(names.len(), all.len());
}
