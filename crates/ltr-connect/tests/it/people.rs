//! Some hundred people whom the doubles serve, and what happens to them over some weeks.

use std::sync::Arc;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::{CandidateId, ChoiceId, FormId, Trn, Ukprn};
use ltr_upstreams::World;
use ltr_upstreams::world::apply::{
    Candidate, Choice, ChoiceStatus, Course, Form, FundingType, Level, ProgramType, Provider, ProviderKind,
    StudyMode,
};
use ltr_upstreams::world::register;
use ltr_upstreams::world::trs::reference::KnownAlert;
use ltr_upstreams::world::trs::{Alert, Answer, InductionStatus, Person};
use uuid::Uuid;

use crate::house::at;

pub(crate) const PROVIDERS: [&str; 2] = ["10000001", "10000002"];

/// When everybody is there.
const BEGINNING: &str = "2026-09-20T08:00:00Z";

fn trn(number: u32) -> Trn {
    Trn::parse(&format!("{:07}", 9_990_000 + number)).unwrap()
}

fn slug(number: u32) -> String {
    format!("trainee-{number}")
}

fn course() -> Arc<Course> {
    Arc::new(Course {
        uuid: Uuid::from_u128(7),
        cycle_year: 2026,
        name: "Physics".into(),
        code: "PH1X".into(),
        level: Level::Secondary,
        funding_type: FundingType::Fee,
        program_type: ProgramType::Scitt,
        study_mode: StudyMode::FullTime,
        provider: Arc::new(Provider {
            name: "Invented Partnership".into(),
            code: "7ZZ".into(),
            kind: ProviderKind::Scitt,
            accredited_by: None,
        }),
    })
}

fn candidate(number: u32, status: ChoiceStatus, changed: Timestamp) -> Candidate {
    let made = at("2026-03-01T09:00:00Z");
    let choice = Choice {
        id: ChoiceId(500_000 + u64::from(number)),
        status,
        created_at: made,
        updated_at: changed,
        sent_to_provider_at: Some(made),
        accepted_at: Some(made),
        recruited_at: Some(made),
        course: course(),
        offered: None,
        interviews: Vec::new(),
    };
    let form = Form {
        id: FormId(70_000 + u64::from(number)),
        cycle_year: 2026,
        first_name: "Ada".into(),
        last_name: format!("Invented-{number}").into(),
        created_at: made,
        updated_at: changed,
        submitted_at: Some(made),
        status: None,
        choices: vec![choice],
    };
    Candidate {
        email: format!("ada.{number}@example.com").into(),
        date_of_birth: date(2001, 5, 6),
        nationalities: vec!["GB".into()],
        forms: vec![form],
        extra: Vec::new(),
    }
}

fn trainee(number: u32, provider: &str, state: register::TraineeState) -> register::Trainee {
    let course = register::Course {
        qualification: "QTS".into(),
        level: "postgrad".into(),
        education_phase: "secondary".into(),
        study_mode: "01".into(),
        age_range: "13916".into(),
        ages: (11, 16),
        subjects: vec!["100425".into()],
        start_date: Some(date(2026, 9, 1)),
        training_partner_urn: None,
        training_partner_ukprn: None,
        employing_school_urn: None,
    };
    register::Trainee {
        ukprn: Ukprn::parse(provider).unwrap(),
        application_id: Some(ChoiceId(500_000 + u64::from(number))),
        trn: Some(trn(number)),
        first_names: "Ada".into(),
        middle_names: "".into(),
        last_name: format!("Invented-{number}").into(),
        date_of_birth: date(2001, 5, 6),
        email: format!("ada.{number}@example.com").into(),
        state,
        record_source: register::RecordSource::Apply,
        training_route: "11".into(),
        itt_start_date: Some(date(2026, 9, 7)),
        itt_end_date: Some(date(2027, 7, 9)),
        trainee_start_date: Some(date(2026, 9, 7)),
        submitted_for_trn_at: Some(at("2026-09-10T09:00:00Z")),
        defer_date: None,
        defer_reason: None,
        reinstate_date: None,
        withdrawal: None,
        recommended_for_award_at: None,
        outcome_date: None,
        awarded_at: None,
        course: Arc::new(course),
        placements: Vec::new(),
        extra: Vec::new(),
    }
}

fn person(number: u32) -> Person {
    Person::new(["Ada", "", &format!("Invented-{number}")], date(2001, 5, 6))
}

fn served(person: Person) -> Answer {
    Answer::Person(Arc::new(person))
}

fn alert() -> Alert {
    Alert {
        id: Uuid::from_u128(99),
        alert_type: KnownAlert::ProhibitedForMisconduct.alert_type(),
        details: None,
        start_date: Some(date(2026, 9, 24)),
        end_date: None,
    }
}

/// So many people, each in Apply, Register and TRS, and day by day from 21 September something happens to one of them.
pub(crate) fn world(count: u32, days: u32) -> World {
    use register::TraineeState as State;
    let mut world = World::default();
    let begin = at(BEGINNING);
    for number in 1..=count {
        let provider = PROVIDERS[number as usize % 2];
        world.apply.put(
            CandidateId(u64::from(number)),
            begin,
            candidate(number, ChoiceStatus::Recruited, begin),
        );
        world.register.put(
            slug(number).as_str().into(),
            begin,
            trainee(number, provider, State::TrnReceived),
        );
        world.trs.put(trn(number), begin, served(person(number)));
    }
    for day in 1..=days {
        let number = 1 + (day * 7) % count;
        let provider = PROVIDERS[number as usize % 2];
        let when = begin + SignedDuration::from_hours(24 * i64::from(day)) + SignedDuration::from_mins(37);
        match day % 6 {
            0 => {
                let deferred = candidate(number, ChoiceStatus::OfferDeferred, when);
                world.apply.put(CandidateId(u64::from(number)), when, deferred);
            }
            1 => {
                let mut placed = trainee(number, provider, State::TrnReceived);
                placed.placements = vec![register::Placement {
                    id: "placement-1".into(),
                    urn: Some("100001".into()),
                    name: "Invented School".into(),
                }];
                world
                    .register
                    .put_blind(slug(number).as_str().into(), when, placed);
            }
            2 => {
                let deferred = trainee(number, provider, State::Deferred);
                world.register.put(slug(number).as_str().into(), when, deferred);
            }
            3 => {
                let other = PROVIDERS[(number as usize + 1) % 2];
                let moved = trainee(number, other, State::TrnReceived);
                world.register.put(slug(number).as_str().into(), when, moved);
            }
            4 => {
                let mut warned = person(number);
                warned.alerts = vec![alert()];
                world.trs.put(trn(number), when, served(warned));
            }
            _ => {
                let mut inducted = person(number);
                inducted.induction.status = InductionStatus::RequiredToComplete;
                world.trs.put(trn(number), when, served(inducted));
            }
        }
    }
    // One record is merged into another that nobody has heard of.
    let heir = Trn::parse("9980001").unwrap();
    world.trs.put(heir, begin, served(person(0)));
    world.trs.put(
        trn(1),
        begin + SignedDuration::from_hours(50),
        Answer::MergedInto(heir),
    );
    world
}
