//! Rows in the sources' own shapes, of people who do not exist.

use serde_json::{Value, json};

/// Lays fields over a row.
pub(crate) fn with(mut row: Value, more: Value) -> Value {
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

/// A TRS person without any status.
pub(crate) fn person(trn: &str, more: Value) -> Value {
    let row = json!({
        "trn": trn,
        "firstName": "Ada",
        "middleName": "",
        "lastName": format!("Lovelace-{trn}"),
        "dateOfBirth": "1985-12-10",
        "emailAddress": format!("ada.{trn}@example.org"),
        "qts": null,
        "eyts": null,
        "qtlsStatus": "None",
        "induction": { "status": "None", "startDate": null, "completedDate": null, "exemptionReasons": [] },
        "routesToProfessionalStatuses": [],
        "alerts": [],
        "mandatoryQualifications": [],
        "previousNames": [],
    });
    with(row, more)
}

/// A TRS person who qualified on that day.
pub(crate) fn qualified(trn: &str, on: &str) -> Value {
    person(
        trn,
        json!({
            "qts": { "holdsFrom": on, "routes": [] },
            "induction": {
                "status": "RequiredToComplete", "startDate": null, "completedDate": null, "exemptionReasons": []
            },
        }),
    )
}

/// TRS says that a TRN was merged into another.
pub(crate) fn merged(trn: &str, into: &str) -> Value {
    json!({
        "_http": { "status": 308, "headers": { "location": format!("/v3/persons/{into}") } },
        "requested_trn": trn,
        "body": "Permanent Redirect",
    })
}

/// A Register trainee of 2026 in training, without a TRN.
pub(crate) fn trainee(slug: &str, more: Value) -> Value {
    let row = json!({
        "trainee_id": slug,
        "application_id": null,
        "state": "submitted_for_trn",
        "first_names": "Grace", "middle_names": null, "last_name": "Hopper",
        "date_of_birth": "1990-12-09",
        "email": "grace@example.org",
        "created_at": "2026-09-16T08:00:00.000Z",
        "updated_at": "2026-09-18T08:00:00.000Z",
        "submitted_for_trn_at": "2026-09-18T08:00:00.000Z",
        "ukprn": "10000571", "record_source": "manual", "training_route": "11",
        "course_qualification": "QTS", "course_level": "postgrad",
        "itt_start_date": "2026-09-01", "itt_end_date": "2027-07-16",
        "trn": null, "trainee_start_date": "2026-09-03", "defer_date": null, "reinstate_date": null,
        "outcome_date": null, "recommended_for_award_at": null, "awarded_at": null,
        "withdrawal_date": null, "withdrawal_trigger": null, "withdrawal_reasons": null,
        "withdrawal_future_interest": null,
        "placements": [{ "placement_id": format!("p-{slug}"), "urn": "123456", "name": "Example Hill School" }],
        "degrees": [],
    });
    with(row, more)
}

/// A candidate of Apply's Candidate API with one recruited choice.
pub(crate) fn candidate(id: &str, choice: u64) -> Value {
    json!({
        "id": id,
        "type": "candidate",
        "attributes": {
            "created_at": "2025-10-08T09:05:00+01:00",
            "updated_at": "2026-02-09T16:20:00+00:00",
            "email_address": format!("{}@example.com", id.to_lowercase()),
            "application_forms": [{
                "id": 7000 + choice,
                "created_at": "2025-10-08T09:10:00+01:00",
                "updated_at": "2026-02-09T16:20:00+00:00",
                "application_status": "recruited",
                "recruitment_cycle_year": 2026,
                "submitted_at": "2025-10-20T12:00:00+01:00",
                "first_name": "Grace",
                "last_name": "Hopper",
                "application_choices": { "completed": true, "data": [{
                    "id": choice,
                    "created_at": "2025-10-09T12:00:00+01:00",
                    "updated_at": "2026-02-09T16:20:00+00:00",
                    "status": "recruited",
                    "sent_to_provider_at": "2025-10-20T12:00:00+01:00",
                    "accepted_at": "2026-02-09T16:20:00+00:00",
                    "provider": { "name": "Example Valley Training Partnership" },
                    "course": {
                        "uuid": "5d0a6d2e-0000-4000-8000-000000000501", "name": "Mathematics",
                        "level": "secondary", "funding_type": "fee", "program_type": "scitt_programme"
                    },
                    "interviews": [],
                }]},
            }],
        },
    })
}

/// The same choice as Apply's recruits API tells it.
pub(crate) fn recruit(choice: u64, candidate: &str, more: Value) -> Value {
    let person = with(
        json!({
            "id": candidate, "first_name": "Grace", "last_name": "Hopper", "date_of_birth": "1990-12-09",
        }),
        more,
    );
    json!({
        "id": choice.to_string(),
        "type": "application",
        "attributes": {
            "status": "recruited",
            "updated_at": "2026-02-09T16:20:00+00:00",
            "submitted_at": "2025-10-20T12:00:00+01:00",
            "recruited_at": "2026-02-09T16:20:00+00:00",
            "candidate": person,
            "contact_details": { "email": "grace@example.com" },
            "course": { "recruitment_cycle_year": 2026, "course_code": "V6X1", "training_provider_type": "scitt" },
        },
    })
}

/// A vacancy of the Teaching Vacancies extract.
pub(crate) fn vacancy(id: &str) -> Value {
    json!({
        "id": id, "job_title": "Teacher of Mathematics", "job_roles": ["teacher"], "phases": ["secondary"],
        "publish_on": "2027-04-19", "expires_at": "2027-05-14T12:00:00", "enable_job_applications": true,
        "updated_at": "2027-04-19T08:00:00Z",
    })
}

/// A job application of the Teaching Vacancies extract.
pub(crate) fn job_application(id: &str, vacancy: &str, more: Value) -> Value {
    let row = json!({
        "id": id, "vacancy_id": vacancy, "type": "NativeJobApplication", "status": "submitted",
        "submitted_at": "2027-05-11T19:30:00Z", "updated_at": "2027-05-11T19:30:00Z",
        "qualified_teacher_status": "yes", "is_statutory_induction_complete": false,
        "jobseeker": { "first_name": "Grace", "last_name": "Hopper", "email": "grace@example.net",
            "teacher_reference_number": "3100001" },
    });
    with(row, more)
}
