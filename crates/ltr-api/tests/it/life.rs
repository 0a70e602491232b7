//! Lives to ask about: the ordinary one (S-A, as far as January 2027), and two TRNs that are merged (S-I).

use jiff::civil::{Date, date};
use ltr_domain::event::{Change, ChangeKind, Event, Fact, Link, LinkStrength};
use ltr_domain::ids::{CandidateId, Feed, FormId, RecordId, RecordKind, Trn};
use ltr_domain::record::trs::{Answer, TrsPerson};
use ltr_domain::record::{ApplyChoice, Body, ChoiceStatus, RegisterTrainee, Stated, TraineeState};
use ltr_domain::time::{CivilDate, Effective};
use ltr_ports::log::ClockKind;

use crate::world::World;

pub(crate) fn choice() -> RecordId {
    RecordId::new(RecordKind::ApplyChoice, "501")
}

pub(crate) fn trainee() -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, "slug1")
}

pub(crate) fn person(trn: &str) -> RecordId {
    RecordId::trs_person(Trn::parse(trn).unwrap())
}

pub(crate) fn event(fact: Fact, on: Date) -> Event {
    Event {
        fact,
        effective: Effective::stated(on),
        kind: ChangeKind::Changed,
        supersedes: None,
    }
}

pub(crate) fn to<T>(new: T) -> Change<T> {
    Change {
        old: None,
        new: Some(new),
    }
}

pub(crate) fn linked(to: RecordId) -> Fact {
    Fact::IdentityLinkAsserted(Link {
        to,
        strength: LinkStrength::Issued,
    })
}

/// S-A up to the day its TRN arrived: recruited in November 2025, started on 3 September 2026, which was known from
/// 21 September. All four sources but Teaching Vacancies were heard on the last day.
pub(crate) async fn ordinary(kind: ClockKind) -> World {
    let world = World::new(kind, "2025-11-01T00:00:00Z");
    let recruited = vec![
        event(
            Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)),
            date(2025, 11, 3),
        ),
        event(Fact::CycleChanged(to(2026)), date(2026, 9, 1)),
    ];
    world.observe("2025-11-03T12:00:00Z", &choice(), recruited).await;
    let registered = vec![
        event(linked(choice()), date(2026, 9, 21)),
        event(
            Fact::TraineeRegistered(to(TraineeState::SubmittedForTrn)),
            date(2026, 9, 18),
        ),
        event(
            Fact::PlannedStartChanged(to(CivilDate::Day(date(2026, 9, 1)))),
            date(2026, 9, 1),
        ),
        event(
            Fact::StartConfirmed(to(CivilDate::Day(date(2026, 9, 3)))),
            date(2026, 9, 3),
        ),
    ];
    world
        .observe("2026-09-21T12:00:00Z", &trainee(), registered)
        .await;
    let received = vec![
        event(linked(person("3100001")), date(2026, 9, 22)),
        event(
            Fact::TraineeTrnReceived(to(TraineeState::TrnReceived)),
            date(2026, 9, 22),
        ),
    ];
    world.observe("2026-09-22T10:00:00Z", &trainee(), received).await;
    known_to_trs(&world, "2026-09-22T11:00:00Z", "3100001").await;
    for feed in [Feed::ApplyCandidates, Feed::RegisterTrainees, Feed::TrsPersons] {
        world.hear(feed, "2026-09-22T12:00:00Z").await;
    }
    world.project().await;
    world
}

/// The Teaching Record System knows a TRN, with neither status nor alert.
pub(crate) async fn known_to_trs(world: &World, known: &str, trn: &str) {
    let on = ltr_domain::time::london_date(crate::world::at(known));
    let found = vec![
        event(Fact::TrnAllocated(to(Answer::Found)), on),
        event(Fact::QualifiedStatusRemoved(Change { old: None, new: None }), on),
        event(Fact::AlertsListed(to(0)), on),
    ];
    world.observe(known, &person(trn), found).await;
}

/// Two TRNs, of which the first is later merged into the second.
pub(crate) async fn two_trns() -> World {
    let world = World::new(ClockKind::Simulated, "2026-01-01T00:00:00Z");
    known_to_trs(&world, "2026-01-02T12:00:00Z", "3013021").await;
    known_to_trs(&world, "2026-01-03T12:00:00Z", "3012858").await;
    world.project().await;
    world
}

/// The merge.
pub(crate) async fn merge(world: &World) {
    let into = Trn::parse("3012858").unwrap();
    let merged = vec![
        event(linked(RecordId::trs_person(into)), date(2026, 2, 1)),
        event(
            Fact::TrnMergedInto(to(Answer::MergedInto(into))),
            date(2026, 2, 1),
        ),
    ];
    world
        .observe("2026-02-01T12:00:00Z", &person("3013021"), merged)
        .await;
    world.project().await;
}

/// A state of the record's kind. What is believed comes from events, so the state is any.
pub(crate) fn any_state(record: &RecordId) -> Body {
    match record.kind {
        RecordKind::ApplyChoice => Body::ApplyChoice(ApplyChoice {
            candidate: CandidateId(1),
            form: FormId(1),
            status: ChoiceStatus::Recruited,
            cycle_year: Stated::Unstated,
            created_at: Stated::Unstated,
            sent_to_provider_at: Stated::Unstated,
            accepted_at: Stated::Unstated,
            provider_name: Stated::Unstated,
            course: Stated::Unstated,
            interviews: Stated::Unstated,
        }),
        RecordKind::RegisterTrainee => Body::RegisterTrainee(Box::new(any_trainee())),
        RecordKind::TrsPerson => Body::TrsPerson(Box::new(TrsPerson::answered(Answer::Found))),
        RecordKind::ApplyCandidate
        | RecordKind::ApplyRecruit
        | RecordKind::TvJobApplication
        | RecordKind::TvVacancy
        | RecordKind::TvPosting => panic!("no life here has a record of this kind"),
    }
}

fn any_trainee() -> RegisterTrainee {
    RegisterTrainee {
        state: TraineeState::TrnReceived,
        application_id: Stated::Unstated,
        trn: Stated::Unstated,
        ukprn: Stated::Unstated,
        record_source: Stated::Unstated,
        submitted_for_trn_at: Stated::Unstated,
        itt_start_date: Stated::Unstated,
        itt_end_date: Stated::Unstated,
        trainee_start_date: Stated::Unstated,
        defer_date: Stated::Unstated,
        reinstate_date: Stated::Unstated,
        recommended_for_award_at: Stated::Unstated,
        outcome_date: Stated::Unstated,
        awarded_at: Stated::Unstated,
        withdrawal: Stated::Unstated,
        course: Stated::Unstated,
        placements: Stated::Unstated,
    }
}
