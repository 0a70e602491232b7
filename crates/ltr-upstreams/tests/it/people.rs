//! A world made by hand: somebody in every state that the services have a word for.

use std::sync::Arc;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::{CandidateId, ChoiceId, FormId, Trn, Ukprn};
use ltr_upstreams::World;
use ltr_upstreams::world::apply::{
    Candidate, Choice, ChoiceStatus, Course, Form, FundingType, Interview, Level, ProgramType, Provider,
    ProviderKind, StudyMode,
};
use ltr_upstreams::world::trs::reference::{KnownAlert, KnownExemption, KnownRoute};
use ltr_upstreams::world::trs::{
    Alert, Answer, Held, Induction, InductionStatus, MandatoryQualification, Person, QtlsStatus, Route,
    RouteStatus,
};
use ltr_upstreams::world::vacancies::{
    Applications, ContractType, DeclaredStatus, EctStatus, HiredStatus, JobApplication, JobApplicationKind,
    JobApplicationStatus, Jobseeker, Organisation, Vacancy,
};
use ltr_upstreams::world::{Text, register};
use uuid::Uuid;

use crate::house::instant;

/// When the world of [`everybody`] has everybody in it.
pub(crate) const NOW: &str = "2026-06-15T12:00:00Z";

/// When things were put into it.
pub(crate) const THEN: &str = "2026-06-01T09:30:00.250Z";

pub(crate) const NORTH: &str = "10000001";
pub(crate) const SOUTH: &str = "10000002";

pub(crate) fn ukprn(text: &str) -> Ukprn {
    Ukprn::parse(text).expect("a UKPRN")
}

pub(crate) fn trn(number: u32) -> Trn {
    Trn::parse(&format!("{number:07}")).expect("a TRN")
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0xa0ee_bc99_9c0b_4ef8_bb6d_0000_0000_0000 + number)
}

fn texts(texts: &[&str]) -> Vec<Text> {
    texts.iter().map(|text| Text::from(*text)).collect()
}

pub(crate) fn course(cycle_year: u16) -> Arc<Course> {
    let provider = Provider {
        name: "North Made-up Partnership".into(),
        code: "9ZZ".into(),
        kind: ProviderKind::Scitt,
        accredited_by: Some(("8ZZ".into(), ProviderKind::University)),
    };
    Arc::new(Course {
        uuid: id(u128::from(cycle_year)),
        cycle_year,
        name: "Mathematics".into(),
        code: "M4TH".into(),
        level: Level::Secondary,
        funding_type: FundingType::Fee,
        program_type: ProgramType::Scitt,
        study_mode: StudyMode::FullTime,
        provider: Arc::new(provider),
    })
}

pub(crate) fn choice(number: u64, status: ChoiceStatus, at: Timestamp) -> Choice {
    let in_basket = matches!(
        status,
        ChoiceStatus::Unsubmitted | ChoiceStatus::ApplicationNotSent
    );
    let is_placed = matches!(status, ChoiceStatus::Recruited | ChoiceStatus::OfferDeferred);
    let is_accepted = is_placed || status == ChoiceStatus::PendingConditions;
    Choice {
        id: ChoiceId(number),
        status,
        created_at: at,
        updated_at: at,
        sent_to_provider_at: (!in_basket).then_some(at),
        accepted_at: is_accepted.then_some(at),
        recruited_at: is_placed.then_some(at),
        course: course(2026),
        offered: None,
        interviews: vec![Interview {
            id: number,
            created_at: at,
            at: at + SignedDuration::from_hours(24),
            cancelled_at: number.is_multiple_of(2).then_some(at),
        }],
    }
}

pub(crate) fn candidate(number: u64, cycle_year: u16, choices: Vec<Choice>, at: Timestamp) -> Candidate {
    let is_sent = choices.iter().any(|choice| choice.sent_to_provider_at.is_some());
    let form = Form {
        id: FormId(1000 + number),
        cycle_year,
        first_name: "Ada".into(),
        last_name: format!("Made-up{number}").into(),
        created_at: at,
        updated_at: at,
        submitted_at: is_sent.then_some(at),
        status: None,
        choices,
    };
    Candidate {
        email: format!("ada{number}@example.org").into(),
        date_of_birth: date(2001, 2, 3),
        nationalities: texts(&["GB", "SH"]),
        forms: vec![form],
        extra: Vec::new(),
    }
}

/// A candidate with one choice in each status, one with none, and one who is only in an earlier cycle.
fn put_candidates(world: &mut World) {
    let at = instant(THEN);
    for (number, status) in (1..).zip(ChoiceStatus::KNOWN) {
        let one = choice(500 + number, status.clone(), at);
        world
            .apply
            .put(CandidateId(number), at, candidate(number, 2026, vec![one], at));
    }
    world
        .apply
        .put(CandidateId(90), at, candidate(90, 2027, Vec::new(), at));
    let long_ago = instant("2025-03-01T09:00:00Z");
    let old = choice(590, ChoiceStatus::Recruited, long_ago);
    world.apply.put(
        CandidateId(91),
        long_ago,
        candidate(91, 2025, vec![old], long_ago),
    );
}

pub(crate) fn trainee(provider: &str, state: register::TraineeState) -> register::Trainee {
    let course = register::Course {
        qualification: "QTS".into(),
        level: "postgrad".into(),
        education_phase: "secondary".into(),
        study_mode: "01".into(),
        age_range: "13916".into(),
        ages: (11, 16),
        subjects: texts(&["100403", "100425"]),
        start_date: Some(date(2025, 9, 1)),
        training_partner_urn: Some("900001".into()),
        training_partner_ukprn: None,
        employing_school_urn: None,
    };
    register::Trainee {
        ukprn: ukprn(provider),
        application_id: Some(ChoiceId(501)),
        trn: None,
        first_names: "Ada".into(),
        middle_names: "".into(),
        last_name: "Made-up".into(),
        date_of_birth: date(2001, 2, 3),
        email: "ada@example.org".into(),
        state,
        record_source: register::RecordSource::Apply,
        training_route: "11".into(),
        itt_start_date: Some(date(2025, 9, 1)),
        itt_end_date: Some(date(2026, 7, 10)),
        trainee_start_date: None,
        submitted_for_trn_at: None,
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

/// A trainee in each state, under the slug `trainee-STATE`, all of them of one provider.
fn put_trainees(world: &mut World) {
    let at = instant(THEN);
    for (number, state) in (1..).zip(register::TraineeState::KNOWN) {
        use register::TraineeState as State;
        let mut one = trainee(NORTH, state.clone());
        if *state != State::Draft {
            one.submitted_for_trn_at = Some(at);
        }
        if !matches!(state, State::Draft | State::SubmittedForTrn) {
            one.trn = Some(trn(9_990_000 + number));
            one.trainee_start_date = Some(date(2025, 9, 3));
        }
        match state {
            State::Deferred => {
                one.defer_date = Some(date(2026, 2, 10));
                one.defer_reason = Some("Time off".into());
            }
            State::Withdrawn => {
                one.withdrawal = Some(register::Withdrawal {
                    date: date(2026, 3, 10),
                    trigger: register::Trigger::Trainee,
                    reasons: texts(&["trainee_workload_issues", "did_not_make_progress"]),
                    future_interest: register::FutureInterest::Unknown,
                });
            }
            State::RecommendedForAward | State::Awarded => {
                one.recommended_for_award_at = Some(at);
                one.outcome_date = Some(date(2026, 5, 30));
                one.awarded_at = (*state == State::Awarded).then_some(at);
                one.reinstate_date = Some(date(2025, 12, 1));
            }
            State::TrnReceived => {
                one.placements = vec![
                    register::Placement {
                        id: "placement-1".into(),
                        urn: Some("100001".into()),
                        name: "Made-up School".into(),
                    },
                    register::Placement {
                        id: "placement-2".into(),
                        urn: None,
                        name: "Another School".into(),
                    },
                ];
            }
            State::Draft | State::SubmittedForTrn | State::Other(_) => {}
        }
        let slug = format!("trainee-{}", state.as_str());
        world.register.put(slug.into(), at, one);
    }
}

pub(crate) fn person() -> Person {
    Person::new(["Ada", "", "Made-up"], date(2001, 2, 3))
}

fn route(number: u128, of: KnownRoute, status: RouteStatus) -> Route {
    let holds = status == RouteStatus::Holds;
    Route {
        id: id(number),
        route_type: of.route_type(),
        status,
        holds_from: holds.then(|| date(2026, 5, 30)),
        training_start_date: Some(date(2025, 9, 1)),
        training_end_date: Some(date(2026, 7, 10)),
        subjects: vec![("100403".into(), "mathematics".into())],
        provider: Some((NORTH.into(), "North Made-up Partnership".into())),
        exemption_reasons: Vec::new(),
    }
}

pub(crate) fn alert(number: u128) -> Alert {
    Alert {
        id: id(number),
        alert_type: KnownAlert::ProhibitedForMisconduct.alert_type(),
        details: None,
        start_date: Some(date(2026, 1, 5)),
        end_date: None,
    }
}

/// TRN 9991001 and on: a person in each status of induction; 9992001 and on: with a route in each status; 9993000: with
/// all that a person can have; 9994000 → 9994001 → 9993000 merged; 9995000 deactivated, and 9995001 merged into it.
fn put_persons(world: &mut World) {
    let at = instant(THEN);
    let mut put = |number: u32, answer: Answer| world.trs.put(trn(number), at, answer);
    for (number, status) in (9_991_001..).zip(InductionStatus::KNOWN) {
        let mut one = person();
        one.induction = Induction {
            status: status.clone(),
            start_date: Some(date(2025, 9, 1)),
            completed_date: None,
            exemption_reasons: Vec::new(),
        };
        put(number, Answer::Person(Arc::new(one)));
    }
    for (number, status) in (9_992_001..).zip(RouteStatus::KNOWN) {
        let mut one = person();
        one.routes = vec![route(
            u128::from(number),
            KnownRoute::ProviderLedPostgrad,
            status.clone(),
        )];
        put(number, Answer::Person(Arc::new(one)));
    }
    let mut all = person();
    all.email = Some("ada@example.org".into());
    let mut qtls = route(1, KnownRoute::Qtls, RouteStatus::Holds);
    qtls.exemption_reasons = vec![KnownExemption::Qtls.reason()];
    let early_years = route(2, KnownRoute::EarlyYearsGraduateEntry, RouteStatus::Holds);
    let held = |route: &Route| Held {
        holds_from: date(2026, 5, 30),
        routes: vec![Arc::clone(&route.route_type)],
    };
    all.qts = Some(held(&qtls));
    all.eyts = Some(held(&early_years));
    all.qtls_status = QtlsStatus::Active;
    all.induction.status = InductionStatus::Exempt;
    all.induction.exemption_reasons = vec![KnownExemption::Qtls.reason()];
    all.routes = vec![qtls, early_years];
    all.mandatory_qualifications = vec![MandatoryQualification {
        id: id(3),
        end_date: date(2024, 7, 1),
        specialism: "hearing".into(),
    }];
    all.alerts = vec![alert(4)];
    all.previous_names = vec![["Ada".into(), "".into(), "Earlier".into()]];
    put(9_993_000, Answer::Person(Arc::new(all)));
    put(9_994_000, Answer::MergedInto(trn(9_994_001)));
    put(9_994_001, Answer::MergedInto(trn(9_993_000)));
    put(9_995_000, Answer::Deactivated);
    put(9_995_001, Answer::MergedInto(trn(9_995_000)));
}

pub(crate) fn vacancy() -> Vacancy {
    Vacancy {
        job_title: "Teacher of Mathematics".into(),
        organisations: vec![Organisation {
            name: "Made-up School".into(),
            urn: Some("100001".into()),
            uid: None,
            ukprn: None,
        }],
        job_roles: texts(&["teacher", "head_of_department_or_curriculum"]),
        phases: texts(&["secondary"]),
        subjects: texts(&["Mathematics"]),
        working_patterns: texts(&["full_time", "part_time"]),
        contract_type: ContractType::Permanent,
        ect_status: EctStatus::Suitable,
        publish_on: date(2026, 6, 2),
        expires_at: date(2026, 6, 30).at(15, 30, 0, 0),
        applications: Applications::Here,
        hired_status: None,
        extra: Vec::new(),
    }
}

/// Two vacancies, one live and one expired, and a job application in each status.
fn put_vacancies(world: &mut World) {
    let at = instant(THEN);
    world.vacancies.vacancies.put(id(10), at, vacancy());
    let mut expired = vacancy();
    expired.expires_at = date(2026, 6, 10).at(15, 30, 0, 0);
    expired.applications = Applications::Elsewhere;
    expired.hired_status = Some(HiredStatus::HiredTvs);
    world.vacancies.vacancies.put(id(11), at, expired);
    for (number, status) in (20..).zip(JobApplicationStatus::KNOWN) {
        let is_offered = *status == JobApplicationStatus::Offered;
        let application = JobApplication {
            vacancy: id(10),
            kind: JobApplicationKind::Native,
            status: status.clone(),
            submitted_at: (*status != JobApplicationStatus::Draft).then_some(at),
            interviewing_at: None,
            offered_at: is_offered.then_some(at),
            declined_at: None,
            qualified_teacher_status: is_offered.then_some(DeclaredStatus::OnTrack),
            induction_complete: Some(false),
            jobseeker: is_offered.then(|| Jobseeker {
                first_name: "Ada".into(),
                last_name: "Made-up".into(),
                email: "ada@example.org".into(),
                teacher_reference_number: Some("RP99/93000".into()),
            }),
            extra: Vec::new(),
        };
        world.vacancies.job_applications.put(id(number), at, application);
    }
}

/// Everybody.
pub(crate) fn everybody() -> World {
    let mut world = World::default();
    put_candidates(&mut world);
    put_trainees(&mut world);
    put_persons(&mut world);
    put_vacancies(&mut world);
    world
}
