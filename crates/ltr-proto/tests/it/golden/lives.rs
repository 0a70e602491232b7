//! What the small log tells: one trainee from Apply to induction, a job application, a vacancy. All invented.

use std::collections::BTreeMap;

use ltr_domain::delivery::{
    Comparison, Completeness, Counts, DeliveryDecided, DeliveryDecision, DeliveryHeld, DeliveryStep,
    Fingerprint, HoldCause, HoldReason, PageRecorded, Quarantined, RowsReleased, Scope,
};
use ltr_domain::ids::{CandidateId, ChoiceId, Feed, FormId, RecordId, RecordKind, Trn, Ukprn};
use ltr_domain::judgement::{
    Answer as Answered, Assurance, DecidedBy, Judged, Judgement, LinkDecided, LinkDecision, LinkMatched,
    MatchVerdict, Pair, Parts, Regrouping, RegroupingRequested, RequestAnswered,
};
use ltr_domain::record::apply::{ApplyCandidate, ApplyChoice, ApplyRecruit, ChosenCourse, Form, Interview};
use ltr_domain::record::register::{Course, Placement, RegisterTrainee, Withdrawal};
use ltr_domain::record::trs::{
    Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route, TrsPerson,
};
use ltr_domain::record::tv::{TvJobApplication, TvPosting, TvVacancy};
use ltr_domain::record::{
    Body, ChoiceStatus, InductionStatus, JobApplicationStatus, KeyGroup, PersonalField, PersonalValue,
    PersonalValues, ProfessionalStatusKind, QtlsStatus, RouteStatus, Stated, TraineeState,
};
use ltr_domain::time::{CivilDate, ObservedAt, RecordedAt, TakenAt};
use ltr_proto::codec::{CalendarMilestone, Erased, LogEntry, PolicyAdopted};
use ltr_proto::digest::{batch_digest, content_digest};
use ltr_proto::seal::RowName;
use ltr_proto::subject::Subject;

use super::compose::{Log, Message, Row, counts, instant};

/// Every message, in order.
pub(super) fn all() -> Vec<Message> {
    let mut log = Log::default();
    policy(
        &mut log,
        "policy-adopted-first",
        "2026.1",
        "version = \"2026.1\"\n",
        "2026-01-05T09:00:00Z",
    );
    apply(&mut log);
    recruit(&mut log);
    register(&mut log);
    trs(&mut log);
    teaching_vacancies(&mut log);
    calendar(&mut log);
    policy(
        &mut log,
        "policy-adopted-next",
        "2026.2",
        "version = \"2026.2\"\n",
        "2026-12-01T09:00:00Z",
    );
    erased(&mut log);
    judgements(&mut log);
    gate(&mut log);
    kept(&mut log);
    posting(&mut log);
    log.messages
}

fn text(value: &str) -> Stated<String> {
    Stated::Value(value.to_owned())
}

fn texts(values: &[&str]) -> Stated<Vec<String>> {
    Stated::Value(values.iter().map(|value| (*value).to_owned()).collect())
}

fn day(value: &str) -> Stated<CivilDate> {
    Stated::Value(CivilDate::read(value))
}

fn at(value: &str) -> Stated<jiff::Timestamp> {
    Stated::Value(instant(value))
}

fn values<const N: usize>(stated: [(PersonalField, &[&str]); N]) -> PersonalValues {
    let value = |parts: &[&str]| {
        Stated::Value(PersonalValue(
            parts.iter().map(|part| (*part).to_owned()).collect(),
        ))
    };
    PersonalValues(
        stated
            .into_iter()
            .map(|(field, parts)| (field, value(parts)))
            .collect(),
    )
}

fn rosa() -> PersonalValues {
    let mut values = values([
        (PersonalField::Names, &["Rosa", "", "Hartley"]),
        (PersonalField::DateOfBirth, &["1999-04-17"]),
        (PersonalField::Email, &["rosa@example.com"]),
    ]);
    values.0.insert(PersonalField::PreviousNames, Stated::Null);
    values
}

fn policy(log: &mut Log, name: &str, version: &str, text: &str, recorded_at: &str) {
    let adopted = PolicyAdopted {
        version: version.into(),
        text: text.into(),
        digest: content_digest(text.as_bytes()),
        previous: log.last(&Subject::Policy),
        recorded_at: RecordedAt(instant(recorded_at)),
    };
    log.entry(name, &LogEntry::PolicyAdopted(adopted));
}

fn apply(log: &mut Log) {
    let candidate = RecordId::apply_candidate(CandidateId(1234));
    let choice = RecordId::apply_choice(ChoiceId(501));
    let form = |submitted_at, status| Form {
        id: FormId(77),
        cycle_year: Stated::Value(2026),
        submitted_at,
        status: text(status),
    };
    let account = |form| {
        Body::ApplyCandidate(ApplyCandidate {
            created_at: at("2025-10-20T18:03:10Z"),
            forms: Stated::Value(vec![form]),
        })
    };
    let chosen = ApplyChoice {
        candidate: CandidateId(1234),
        form: FormId(77),
        status: ChoiceStatus::Unsubmitted,
        cycle_year: Stated::Value(2026),
        created_at: at("2025-10-21T10:00:00Z"),
        sent_to_provider_at: Stated::Null,
        accepted_at: Stated::Null,
        provider_name: text("Northfield Teaching School Hub"),
        course: Stated::Value(ChosenCourse {
            uuid: text("353496bf-ad7d-4de7-bbe5-76751cb35973"),
            name: text("History"),
            level: text("secondary"),
            funding_type: text("fee"),
            program_type: Stated::Unstated,
        }),
        interviews: Stated::Value(Vec::new()),
    };
    let feed = Feed::ApplyCandidates;
    log.observe(Row {
        name: "apply-candidate-first",
        record: candidate.clone(),
        feed,
        observed_at: "2026-01-10T02:00:00Z",
        source_updated_at: Some("2026-01-09T16:20:00.5Z"),
        body: account(form(Stated::Null, "unsubmitted_in_progress")),
        values: values([(PersonalField::Email, &["rosa@example.com"])]),
        evidence: Some(r#"{"id":"C1234","attributes":{}}"#),
    });
    log.observe(Row {
        name: "apply-choice-first",
        record: choice.clone(),
        feed,
        observed_at: "2026-01-10T02:00:00Z",
        source_updated_at: Some("2026-01-09T16:20:00.5Z"),
        body: Body::ApplyChoice(chosen.clone()),
        values: PersonalValues::default(),
        evidence: Some(r#"{"id":501,"status":"unsubmitted"}"#),
    });
    log.observe(Row {
        name: "apply-candidate-next",
        record: candidate,
        feed,
        observed_at: "2026-02-03T02:00:00Z",
        source_updated_at: Some("2026-02-02T19:45:00Z"),
        body: account(form(at("2026-02-02T19:44:58Z"), "awaiting_provider_decisions")),
        values: values([(PersonalField::Email, &["rosa.hartley@example.com"])]),
        evidence: Some(r#"{"id":"C1234","attributes":{"submitted":true}}"#),
    });
    log.observe(Row {
        name: "apply-choice-next",
        record: choice.clone(),
        feed,
        observed_at: "2026-02-03T02:00:00Z",
        source_updated_at: Some("2026-02-02T19:45:00Z"),
        body: Body::ApplyChoice(ApplyChoice {
            status: ChoiceStatus::AwaitingProviderDecision,
            sent_to_provider_at: at("2026-02-02T19:44:58Z"),
            interviews: Stated::Value(vec![Interview {
                id: 9,
                at: at("2026-02-20T10:30:00Z"),
                cancelled_at: Stated::Null,
            }]),
            ..chosen.clone()
        }),
        values: PersonalValues::default(),
        evidence: Some(r#"{"id":501,"status":"awaiting_provider_decision"}"#),
    });
    log.observe(Row {
        name: "apply-choice-of-a-status-we-do-not-know",
        record: choice,
        feed,
        observed_at: "2026-03-01T02:00:00Z",
        source_updated_at: None,
        body: Body::ApplyChoice(ApplyChoice {
            status: ChoiceStatus::read("waiting_list"),
            sent_to_provider_at: at("2026-02-02T19:44:58Z"),
            interviews: Stated::Null,
            ..chosen
        }),
        values: PersonalValues::default(),
        evidence: Some(r#"{"id":501,"status":"waiting_list"}"#),
    });
}

fn recruit(log: &mut Log) {
    let record = RecordId::new(RecordKind::ApplyRecruit, "501");
    let recruited = ApplyRecruit {
        status: ChoiceStatus::Recruited,
        candidate: Stated::Value(CandidateId(1234)),
        submitted_at: at("2026-02-02T19:44:58Z"),
        recruited_at: at("2026-05-06T08:05:53.165Z"),
        cycle_year: Stated::Value(2026),
        course_uuid: text("353496bf-ad7d-4de7-bbe5-76751cb35973"),
        course_code: text("V6X1"),
        training_provider_code: text("E84"),
        training_provider_type: text("scitt"),
        accredited_provider_code: Stated::Null,
        study_mode: text("full_time"),
    };
    let row = |name, observed_at, status, evidence| Row {
        name,
        record: record.clone(),
        feed: Feed::ApplyRecruits,
        observed_at,
        source_updated_at: None,
        body: Body::ApplyRecruit(ApplyRecruit {
            status,
            ..recruited.clone()
        }),
        values: rosa(),
        evidence: Some(evidence),
    };
    let first = r#"{"id":"501","status":"recruited"}"#;
    log.observe(row(
        "apply-recruit-first",
        "2026-05-07T02:00:00Z",
        ChoiceStatus::Recruited,
        first,
    ));
    let deferred = ChoiceStatus::OfferDeferred;
    let next = r#"{"id":"501","status":"offer_deferred"}"#;
    log.observe(row("apply-recruit-next", "2026-07-01T02:00:00Z", deferred, next));
}

fn register(log: &mut Log) {
    let feed = Feed::RegisterTrainees;
    let record = RecordId::new(RecordKind::RegisterTrainee, "tRn9aBc2XyZ");
    let scope = [("cycle", "2026"), ("provider", "10000571")];
    let opened = |taken_at| DeliveryStep::Opened {
        scope: scope
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        completeness: Completeness::Complete,
        taken_at: TakenAt(instant(taken_at)),
        manifest: vec!["trainees-2026.json".into()],
    };
    let trainee = RegisterTrainee {
        state: TraineeState::TrnReceived,
        application_id: Stated::Value(ChoiceId(501)),
        trn: Stated::Value(Trn::parse("3100001").unwrap()),
        ukprn: Stated::Value(Ukprn::parse("10000571").unwrap()),
        record_source: text("apply"),
        submitted_for_trn_at: at("2026-09-10T10:00:00Z"),
        itt_start_date: day("2026-09-01"),
        itt_end_date: day("2027-07-10"),
        trainee_start_date: day("2026-09-03"),
        defer_date: Stated::Null,
        reinstate_date: Stated::Null,
        recommended_for_award_at: Stated::Null,
        outcome_date: Stated::Null,
        awarded_at: Stated::Null,
        withdrawal: Stated::Null,
        course: Stated::Value(Course {
            training_route: text("12"),
            qualification: text("QTS"),
            level: text("postgrad"),
            education_phase: text("secondary"),
            study_mode: text("01"),
            age_range: text("13918"),
            subjects: texts(&["100302"]),
            course_start_date: day("2026-09-01"),
            training_partner_urn: Stated::Null,
            training_partner_ukprn: Stated::Null,
            employing_school_urn: Stated::Unstated,
        }),
        placements: Stated::Value(vec![Placement {
            id: "pl-1".into(),
            urn: text("137335"),
            name: text("Northfield Academy"),
        }]),
    };
    let row = |name, observed_at, source_updated_at, body, evidence: Option<&'static str>| Row {
        name,
        record: record.clone(),
        feed,
        observed_at,
        source_updated_at,
        body: Body::RegisterTrainee(Box::new(body)),
        values: if evidence.is_none() {
            PersonalValues::default()
        } else {
            rosa()
        },
        evidence,
    };

    let seen = std::slice::from_ref(&record);
    log.step(
        "delivery-opened",
        feed,
        "2026-11-01T02:00:00Z",
        opened("2026-11-01T01:58:00Z"),
    );
    let first = Some(r#"{"trainee_id":"tRn9aBc2XyZ","state":"trn_received"}"#);
    let updated = Some("2026-10-30T10:00:00Z");
    log.observe(row(
        "register-trainee-first",
        "2026-11-01T02:00:01Z",
        updated,
        trainee.clone(),
        first,
    ));
    quarantined(log);
    page(
        log,
        1,
        "2026-11-01T02:00:02Z",
        seen,
        counts(2, 1, 14, 1),
        Some("degrees[].grade_point"),
    );
    closed(
        log,
        "delivery-closed",
        "2026-11-01T02:00:03Z",
        counts(2, 1, 14, 1),
        Vec::new(),
    );

    log.step(
        "delivery-opened",
        feed,
        "2026-11-08T02:00:00Z",
        opened("2026-11-08T01:58:00Z"),
    );
    let withdrawn = RegisterTrainee {
        state: TraineeState::Withdrawn,
        itt_end_date: day("31/07/2027"),
        withdrawal: Stated::Value(Withdrawal {
            date: day("2026-11-05"),
            trigger: text("trainee"),
            reasons: texts(&["did_not_enjoy_teaching", "not_held"]),
            future_interest: Stated::Null,
        }),
        placements: Stated::Value(Vec::new()),
        ..trainee
    };
    let next = Some(r#"{"trainee_id":"tRn9aBc2XyZ","state":"withdrawn"}"#);
    let updated = Some("2026-11-05T17:12:09Z");
    log.observe(row(
        "register-trainee-next",
        "2026-11-08T02:00:01Z",
        updated,
        withdrawn.clone(),
        next,
    ));
    page(log, 1, "2026-11-08T02:00:02Z", seen, counts(1, 1, 4, 0), None);
    closed(
        log,
        "delivery-closed",
        "2026-11-08T02:00:03Z",
        counts(1, 1, 4, 0),
        Vec::new(),
    );

    log.step(
        "delivery-opened",
        feed,
        "2026-11-15T02:00:00Z",
        opened("2026-11-15T01:58:00Z"),
    );
    page(log, 1, "2026-11-15T02:00:01Z", &[], counts(0, 0, 0, 0), None);
    log.observe(row(
        "register-trainee-vanished",
        "2026-11-15T02:00:02Z",
        None,
        withdrawn,
        None,
    ));
    let gone = Counts {
        observations: 1,
        events: 1,
        ..Counts::default()
    };
    page(log, 2, "2026-11-15T02:00:03Z", &[], gone, None);
    closed(
        log,
        "delivery-closed-with-one-absent",
        "2026-11-15T02:00:04Z",
        gone,
        vec![record],
    );
}

fn page(
    log: &mut Log,
    number: u32,
    recorded_at: &str,
    seen: &[RecordId],
    counts: Counts,
    unknown: Option<&str>,
) {
    let recorded = DeliveryStep::PageRecorded(PageRecorded {
        page: number,
        cursor: format!("page={}", number + 1),
        taken_at: TakenAt(instant(recorded_at)),
        observed_at: ObservedAt(instant(recorded_at)),
        seen: seen.to_vec(),
        counts,
        batch_digest: batch_digest(log.batch()),
        unknown_fields: unknown
            .map(|name| BTreeMap::from([(name.to_owned(), 3)]))
            .unwrap_or_default(),
    });
    log.step("page-recorded", Feed::RegisterTrainees, recorded_at, recorded);
}

fn closed(log: &mut Log, name: &str, recorded_at: &str, counts: Counts, absent: Vec<RecordId>) {
    let closed = DeliveryStep::Closed {
        counts,
        absent,
        permit: None,
    };
    log.step(name, Feed::RegisterTrainees, recorded_at, closed);
}

fn quarantined(log: &mut Log) {
    let row = Quarantined {
        id: "8d1c5f0e7a2b4c6d9e8f7a6b5c4d3e2f".into(),
        feed: Feed::RegisterTrainees,
        delivery: log.delivery(),
        recorded_at: RecordedAt(instant("2026-11-01T02:00:01.3Z")),
        code: "trn_wrong_length".into(),
        reason: "trn must have exactly 7 digits, found 6".into(),
        place: "trainees-2026.json, item 2".into(),
        evidence: None,
        record: None,
        row_bytes: None,
        taken_at: None,
    };
    log.entry("quarantined", &LogEntry::Quarantined(row));
}

/// A row in quarantine that is kept; one that was driven again is released, another by hand; a key is destroyed.
fn kept(log: &mut Log) {
    let feed = Feed::RegisterTrainees;
    let row = "2f7a1d5c8b3e4a609c7d1e2f3a4b5c6d";
    let other = "8d1c5f0e7a2b4c6d9e8f7a6b5c4d3e2f";
    let name = RowName {
        feed,
        row: row.into(),
    };
    let json = r#"{"trainee_id":"tRn9aBc2XyZ","trn":"123456"}"#;
    let evidence = log.keep(name.clone(), json, "2026-12-10T02:00:06Z");
    let bad = Quarantined {
        id: row.into(),
        feed,
        delivery: log.delivery(),
        recorded_at: RecordedAt(instant("2026-12-10T02:00:06.3Z")),
        code: "trn_wrong_length".into(),
        reason: "trn must have exactly 7 digits, found 6".into(),
        place: "trainees-2026.json, item 2".into(),
        evidence: Some(evidence),
        record: Some(RecordId::new(RecordKind::RegisterTrainee, "tRn9aBc2XyZ")),
        row_bytes: Some(json.len() as u64),
        taken_at: Some(TakenAt(instant("2026-12-10T02:00:00Z"))),
    };
    log.entry("quarantined-and-kept", &LogEntry::Quarantined(bad));
    let seen = RecordId::new(RecordKind::RegisterTrainee, "tRn9aBc2XyZ");
    let found = counts(1, 0, 0, 1);
    page(log, 1, "2026-12-10T02:00:06.5Z", &[seen], found, None);
    closed(
        log,
        "delivery-closed-with-a-row-kept",
        "2026-12-10T02:00:07Z",
        found,
        Vec::new(),
    );
    let released = |rows: &[&str], actor: &str, reason: &str| {
        DeliveryStep::Released(RowsReleased {
            rows: rows.iter().map(|row| (*row).to_owned()).collect(),
            actor: actor.into(),
            reason: reason.into(),
        })
    };
    let step = released(&[row, other], "", "");
    log.step("rows-released", feed, "2026-12-11T09:00:00Z", step);
    let step = released(&[other], "records-desk-1", "case 2026-152: not a trainee");
    log.step("rows-released-by-hand", feed, "2026-12-11T10:00:00Z", step);
    log.forget(name, "2026-12-12T10:00:00Z");
}

fn trs(log: &mut Log) {
    let record = RecordId::trs_person(Trn::parse("3100001").unwrap());
    let route = Route {
        key: "b2c3d4".into(),
        type_id: text("6f27bdeb-d00a-4ef9-b0ea-26498ce64713"),
        type_name: text("Postgraduate fee-funded"),
        leads_to: Stated::Value(ProfessionalStatusKind::Qts),
        status: RouteStatus::Holds,
        holds_from: day("2025-07-01"),
        training_start_date: day("2024-09-02"),
        training_end_date: day("2025-06-30"),
        subjects: texts(&["history"]),
        provider_ukprn: text("10000571"),
        provider_name: text("Northfield University"),
    };
    let found = TrsPerson {
        answer: Answer::Found,
        qts: Stated::Value(HeldStatus {
            holds_from: day("2025-07-01"),
            route_types: vec!["Postgraduate fee-funded".into()],
        }),
        eyts: Stated::Null,
        qtls: Stated::Value(QtlsStatus::None),
        induction: Stated::Value(Induction {
            status: InductionStatus::InProgress,
            start_date: day("2025-09-01"),
            completed_date: Stated::Null,
            exemption_reasons: Vec::new(),
        }),
        routes: Stated::Value(vec![route]),
        alerts: Stated::Value(Vec::new()),
        mandatory_qualifications: Stated::Value(vec![MandatoryQualification {
            key: "mq-1".into(),
            specialism: text("Hearing"),
            end_date: day("2026-01-15"),
        }]),
    };
    let passed = TrsPerson {
        induction: Stated::Value(Induction {
            status: InductionStatus::Passed,
            start_date: day("2025-09-01"),
            completed_date: day("2026-07-10"),
            exemption_reasons: Vec::new(),
        }),
        alerts: Stated::Value(vec![Alert {
            key: "al-1".into(),
            type_id: text("ed0cd700-3fb2-4db0-9403-ba57126090ed"),
            category_id: text("b2b19019-b165-47a3-8745-3297ff152581"),
            start_date: day("2026-08-01"),
            end_date: Stated::Null,
        }]),
        ..found.clone()
    };
    let merged = TrsPerson {
        answer: Answer::MergedInto(Trn::parse("0000042").unwrap()),
        ..passed.clone()
    };
    let row = |name, observed_at, person, evidence| Row {
        name,
        record: record.clone(),
        feed: Feed::TrsPersons,
        observed_at,
        source_updated_at: None,
        body: Body::TrsPerson(Box::new(person)),
        values: values([
            (PersonalField::Names, &["Rosa", "Anne", "Hartley"]),
            (PersonalField::DateOfBirth, &["1999-04-17"]),
            (PersonalField::PreviousNames, &[]),
        ]),
        evidence: Some(evidence),
    };
    log.observe(row(
        "trs-person-first",
        "2026-06-01T03:00:00Z",
        found,
        r#"{"trn":"3100001"}"#,
    ));
    let next = r#"{"trn":"3100001","induction":{"status":"Passed"}}"#;
    log.observe(row("trs-person-next", "2026-08-02T03:00:00Z", passed, next));
    let gone = r#"{"_http":{"status":308}}"#;
    log.observe(row("trs-person-merged", "2026-09-02T03:00:00Z", merged, gone));
}

fn teaching_vacancies(log: &mut Log) {
    let submitted = TvJobApplication {
        status: JobApplicationStatus::Submitted,
        vacancy_id: text("5b1c9a3e-2f47-4c1d-9b7e-0d8f6a2c4e10"),
        application_type: text("NativeJobApplication"),
        submitted_at: at("2026-03-11T20:15:00Z"),
        interviewing_at: Stated::Null,
        offered_at: Stated::Null,
        declined_at: Stated::Null,
        qualified_teacher_status: text("on_track"),
        induction_complete: Stated::Value(false),
    };
    let offered = TvJobApplication {
        status: JobApplicationStatus::Offered,
        offered_at: at("2026-04-02T11:00:00Z"),
        ..submitted.clone()
    };
    let application = RecordId::new(
        RecordKind::TvJobApplication,
        "0d8f6a2c-4e10-4b7e-9a3e-5b1c2f474c1d",
    );
    let row = |name, observed_at, body, evidence| Row {
        name,
        record: application.clone(),
        feed: Feed::TvJobApplications,
        observed_at,
        source_updated_at: None,
        body: Body::TvJobApplication(body),
        values: values([
            (PersonalField::Names, &["Rosa", "Hartley"]),
            (PersonalField::DeclaredTrn, &["3100001"]),
        ]),
        evidence: Some(evidence),
    };
    let first = r#"{"status":"submitted"}"#;
    log.observe(row(
        "tv-job-application-first",
        "2026-03-12T04:00:00Z",
        submitted,
        first,
    ));
    let next = r#"{"status":"offered"}"#;
    log.observe(row(
        "tv-job-application-next",
        "2026-04-03T04:00:00Z",
        offered,
        next,
    ));

    let vacancy = TvVacancy {
        job_title: text("Teacher of History"),
        school_urns: texts(&["137335"]),
        job_roles: texts(&["teacher"]),
        phases: texts(&["secondary"]),
        subjects: texts(&["History"]),
        working_patterns: texts(&["full_time", "part_time"]),
        contract_type: text("permanent"),
        ect_suitable: Stated::Value(true),
        publish_on: day("2026-02-15"),
        expires_at: at("2026-03-15T12:00:00Z"),
        enable_job_applications: Stated::Value(true),
        hired_status: Stated::Null,
    };
    let filled = TvVacancy {
        hired_status: text("hired_tvs"),
        ..vacancy.clone()
    };
    let advertised = RecordId::new(RecordKind::TvVacancy, "5b1c9a3e-2f47-4c1d-9b7e-0d8f6a2c4e10");
    for (name, observed_at, body) in [
        ("tv-vacancy-first", "2026-02-16T04:00:00Z", vacancy),
        ("tv-vacancy-next", "2026-04-20T04:00:00Z", filled),
    ] {
        log.observe(Row {
            name,
            record: advertised.clone(),
            feed: Feed::TvVacancies,
            observed_at,
            source_updated_at: None,
            body: Body::TvVacancy(body),
            values: PersonalValues::default(),
            evidence: Some(r#"{"jobTitle":"Teacher of History"}"#),
        });
    }
}

/// A vacancy on the public list, whose school has no URN at first, and which is shown for longer later.
fn posting(log: &mut Log) {
    let shown = TvPosting {
        job_title: text("Teacher of Geography"),
        organisation: Stated::Null,
        job_role: text("teacher"),
        employment_types: texts(&["FULL_TIME", "PART_TIME"]),
        posted_on: day("2027-01-04"),
        valid_through: at("2027-01-18T12:00:00Z"),
        direct_apply: Stated::Value(false),
    };
    let longer = TvPosting {
        organisation: text("137335"),
        valid_through: at("2027-01-25T12:00:00Z"),
        ..shown.clone()
    };
    for (name, observed_at, body) in [
        ("tv-posting-first", "2027-01-05T04:00:00Z", shown),
        ("tv-posting-next", "2027-01-12T04:00:00Z", longer),
    ] {
        log.observe(Row {
            name,
            record: RecordId::new(RecordKind::TvPosting, "teacher-of-geography"),
            feed: Feed::TvPostings,
            observed_at,
            source_updated_at: None,
            body: Body::TvPosting(body),
            values: PersonalValues::default(),
            evidence: Some(r#"{"title":"Teacher of Geography"}"#),
        });
    }
}

/// A truncated delivery is held and rejected; an unusual one is held, approved, and its permit used up.
fn gate(log: &mut Log) {
    let feed = Feed::RegisterTrainees;
    let scope = Scope::from([("provider".to_owned(), "10000571".to_owned())]);
    let held = |taken_at, comparison, cause, found, most, fingerprint| {
        DeliveryStep::Held(DeliveryHeld {
            scope: scope.clone(),
            taken_at: TakenAt(instant(taken_at)),
            manifest: vec!["trainees-2026.json".into()],
            comparison,
            reasons: vec![HoldReason { cause, found, most }],
            fingerprint: Fingerprint([fingerprint; 32]),
        })
    };
    let decided = |log: &Log, decision, reason: &str| {
        DeliveryStep::Decided(DeliveryDecided {
            held: log.last(&Subject::Delivery(feed)).unwrap(),
            decision,
            actor: "records-desk-1".into(),
            reason: reason.into(),
        })
    };
    let truncated = Comparison {
        rows: 40,
        expected: Some(80),
        unchanged: 40,
        absent: 40,
        ..Comparison::default()
    };
    let step = held("2026-12-07T02:00:00Z", truncated, HoldCause::Absent, 40, 10, 0xA1);
    log.step("delivery-held-truncated", feed, "2026-12-07T02:00:05Z", step);
    let step = decided(
        log,
        DeliveryDecision::Reject,
        "case 2026-150: the provider's export broke off",
    );
    log.step("delivery-rejected", feed, "2026-12-07T09:00:00Z", step);

    let nothing = Comparison::default();
    let step = held("2026-12-08T02:00:00Z", nothing, HoldCause::Empty, 0, 0, 0xA2);
    log.step("delivery-held-empty", feed, "2026-12-08T02:00:05Z", step);
    let step = decided(
        log,
        DeliveryDecision::Approve,
        "case 2026-151: the provider trains nobody this year",
    );
    log.step("delivery-approved", feed, "2026-12-08T09:00:00Z", step);
    let permit = log.last(&Subject::Delivery(feed));
    let opened = DeliveryStep::Opened {
        scope: scope.clone(),
        completeness: Completeness::Complete,
        taken_at: TakenAt(instant("2026-12-09T02:00:00Z")),
        manifest: vec!["trainees-2026.json".into()],
    };
    log.step(
        "delivery-opened-after-the-gate",
        feed,
        "2026-12-09T02:00:05Z",
        opened.clone(),
    );
    let closed = DeliveryStep::Closed {
        counts: Counts::default(),
        absent: Vec::new(),
        permit,
    };
    log.step(
        "delivery-closed-under-a-permit",
        feed,
        "2026-12-09T02:00:06Z",
        closed,
    );
    log.step(
        "delivery-opened-after-a-permit",
        feed,
        "2026-12-10T02:00:05Z",
        opened,
    );
}

fn calendar(log: &mut Log) {
    let at = instant("2026-11-22T09:00:00Z");
    log.entry(
        "heartbeat",
        &LogEntry::Heartbeat {
            at,
            recorded_at: RecordedAt(at),
        },
    );
    let milestone = CalendarMilestone {
        milestone: "register_census".into(),
        year: 2026,
        on: "2026-10-31".parse().unwrap(),
        recorded_at: RecordedAt(instant("2026-11-22T09:00:01Z")),
    };
    log.entry("calendar-milestone", &LogEntry::CalendarMilestone(milestone));
}

fn erased(log: &mut Log) {
    let record = RecordId::new(
        RecordKind::TvJobApplication,
        "0d8f6a2c-4e10-4b7e-9a3e-5b1c2f474c1d",
    );
    assert!(!log.state(&record).vanished);
    let erased = Erased {
        previous: log.last(&Subject::Record(record.clone())),
        record,
        key_groups: vec![KeyGroup::Identity, KeyGroup::Contact],
        reason: "request 2026-118".into(),
        actor: "data-protection".into(),
        recorded_at: RecordedAt(instant("2026-12-02T10:00:00Z")),
    };
    log.entry("erased", &LogEntry::Erased(erased));
}

/// A match is proposed and confirmed; a split is asked for and approved by somebody else; a join is asked for and refused.
fn judgements(log: &mut Log) {
    let choice = RecordId::apply_choice(ChoiceId(501));
    let trainee = RecordId::new(RecordKind::RegisterTrainee, "tRn9aBc2XyZ");
    let trn = RecordId::new(RecordKind::TrsPerson, "3100001");
    let pair = |one: &RecordId, other: &RecordId| Pair::of(one.clone(), other.clone()).unwrap();
    let by = |actor: &str, assurance, reason: &str| DecidedBy {
        actor: actor.into(),
        assurance,
        reason: reason.into(),
    };
    let mut judge = |name: &str, recorded_at: &str, judged: Judged| {
        let subject = Subject::Identity(judged.subject().clone());
        let judgement = Judgement {
            previous: log.last(&subject),
            judged,
            recorded_at: RecordedAt(instant(recorded_at)),
        };
        log.entry(name, &LogEntry::Judgement(judgement));
        log.last(&subject).unwrap()
    };
    let matched = LinkMatched {
        pair: pair(&choice, &trainee),
        score: 930,
        rule_version: 1,
        rules: vec![
            "date_of_birth_equal".into(),
            "names_equal".into(),
            "provider_equal".into(),
        ],
        verdict: MatchVerdict::Proposed,
    };
    let proposal = judge("link-matched", "2026-12-03T09:00:00Z", Judged::Matched(matched));
    let confirmed = LinkDecided {
        pair: pair(&choice, &trainee),
        decision: LinkDecision::Confirm,
        by: by(
            "records-desk-1",
            Assurance::SourceConfirmed,
            "case 2026-131: the provider confirmed it",
        ),
        decides: Some(proposal),
    };
    judge("link-decided", "2026-12-03T10:00:00Z", Judged::Decided(confirmed));
    let split = RegroupingRequested {
        regrouping: Regrouping::Split(
            Parts::of([trn.clone()].into(), [choice.clone(), trainee.clone()].into()).unwrap(),
        ),
        by: by("records-desk-1", Assurance::DocumentsSeen, "case 2026-140"),
    };
    let request = judge(
        "split-requested",
        "2026-12-04T09:00:00Z",
        Judged::Requested(split),
    );
    let approved = RequestAnswered {
        subject: trn.clone(),
        request,
        answer: Answered::Approve,
        by: by("records-desk-2", Assurance::RecordsCompared, "case 2026-140"),
    };
    judge(
        "request-approved",
        "2026-12-04T11:00:00Z",
        Judged::Answered(approved),
    );
    let join = RegroupingRequested {
        regrouping: Regrouping::Join(pair(&trainee, &trn)),
        by: by("records-desk-2", Assurance::RecordsCompared, "case 2026-141"),
    };
    let request = judge("join-requested", "2026-12-05T09:00:00Z", Judged::Requested(join));
    let refused = RequestAnswered {
        subject: trainee.clone(),
        request,
        answer: Answered::Refuse,
        by: by("records-desk-1", Assurance::DocumentsSeen, "case 2026-140 stands"),
    };
    judge(
        "request-refused",
        "2026-12-05T10:00:00Z",
        Judged::Answered(refused),
    );
}
