//! The demonstration's story: a few invented people and what each source says of them over one academic year. Names
//! and numbers are made up; the TRNs lie in a range that was never issued.

use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::Feed;
use serde_json::{Value, json};

/// One delivery of the story.
pub(crate) struct Arrival {
    pub(crate) at: Timestamp,
    pub(crate) feed: Feed,
    pub(crate) completeness: Completeness,
    pub(crate) scope: Scope,
    pub(crate) rows: Vec<Value>,
}

/// People worth asking about: what to ask for, and in a few words why.
pub(crate) const PEOPLE: &[(&str, &str)] = &[
    (
        "apply-choice:501",
        "an ordinary year: recruited, trained, qualified",
    ),
    ("apply-choice:502", "recruited, and Register never hears of her"),
    ("apply-choice:503", "withdrew in February"),
    (
        "register-trainee:demoslug000000000000004",
        "deferred, and came back; came without an Apply number",
    ),
    ("3100005", "qualified the year before, now in induction"),
    (
        "register-trainee:demoslug000000000000006",
        "awarded by Register, denied by TRS",
    ),
    ("3013021", "an old TRN, merged into another"),
    ("apply-choice:504", "rejected"),
];

/// Days on which the whole cohort is asked about.
pub(crate) const ASKED_ON: &[&str] = &[
    "2026-03-01",
    "2026-09-10",
    "2026-09-30",
    "2026-11-15",
    "2027-03-01",
    "2027-07-03",
    "2027-08-01",
    "2027-09-15",
];

/// Every delivery, oldest first.
pub(crate) fn arrivals() -> Vec<Arrival> {
    let mut all = vec![
        apply(
            "2025-11-04T06:00:00Z",
            vec![candidate(1, 501, "recruited", "2025-11-03T10:00:00+00:00")],
        ),
        apply(
            "2026-02-10T06:00:00Z",
            vec![
                candidate(2, 502, "recruited", "2026-02-09T16:20:00+00:00"),
                candidate(3, 503, "pending_conditions", "2026-02-09T11:00:00+00:00"),
                candidate(4, 504, "rejected", "2026-02-08T11:00:00+00:00"),
            ],
        ),
        apply(
            "2026-07-01T06:00:00Z",
            vec![candidate(3, 503, "recruited", "2026-06-30T09:00:00+01:00")],
        ),
        trs("2026-03-01T03:00:00Z", vec![in_induction(), merged(), retained()]),
        vacancies("2027-04-20T05:00:00Z", vec![vacancy()]),
        jobs(
            "2027-05-12T05:00:00Z",
            vec![job_application("submitted", "2027-05-11T19:30:00Z")],
        ),
        jobs(
            "2027-06-02T05:00:00Z",
            vec![job_application("offered", "2027-06-01T15:00:00Z")],
        ),
    ];
    all.extend(register_year());
    all.push(trs(
        "2027-07-04T03:00:00Z",
        vec![holds(3_100_001, "2027-06-30"), denies(3_100_006)],
    ));
    all.push(trs(
        "2027-07-18T03:00:00Z",
        vec![withdrew(3_100_003), denies(3_100_006), in_induction()],
    ));
    all.push(trs(
        "2027-09-16T03:00:00Z",
        vec![
            holds(3_100_001, "2027-06-30"),
            withdrew(3_100_003),
            in_induction(),
            denies(3_100_006),
            merged(),
            retained(),
        ],
    ));
    all.sort_by_key(|arrival| arrival.at);
    all
}

/// Register, swept whole for one provider and cycle at each step.
fn register_year() -> Vec<Arrival> {
    let ordinary = |state: &str, more: Value| trainee("demoslug000000000000001", 1, Some(501), state, more);
    let withdrawn = |state: &str, more: Value| trainee("demoslug000000000000003", 3, Some(503), state, more);
    let deferring = |state: &str, more: Value| trainee("demoslug000000000000004", 4, None, state, more);
    let denied = |state: &str, more: Value| trainee("demoslug000000000000006", 6, None, state, more);
    let started = "2026-09-03";
    let with = |trn: &str| json!({ "trn": trn, "trainee_start_date": started });
    let award = |trn: &str| {
        json!({
            "trn": trn, "trainee_start_date": started, "outcome_date": "2027-06-30",
            "recommended_for_award_at": "2027-07-01T09:00:00.000Z", "awarded_at": "2027-06-29T23:00:00.000Z",
        })
    };
    let left = json!({
        "trn": "3100003", "trainee_start_date": started, "withdrawal_date": "2027-02-10",
        "withdrawal_trigger": "trainee", "withdrawal_reasons": ["stopped_training"], "withdrawal_future_interest": "yes",
    });
    let paused = json!({ "trn": "0000123", "trainee_start_date": started, "defer_date": "2027-02-10" });
    let back = json!({
        "trn": "0000123", "trainee_start_date": started, "defer_date": "2027-02-10", "reinstate_date": "2027-09-02",
    });
    vec![
        sweep(
            "2026-09-21T06:00:00Z",
            vec![
                ordinary("submitted_for_trn", json!({ "trainee_start_date": started })),
                deferring("submitted_for_trn", json!({})),
                denied("submitted_for_trn", json!({ "trainee_start_date": started })),
            ],
        ),
        sweep(
            "2026-10-14T06:00:00Z",
            vec![
                ordinary("trn_received", with("3100001")),
                withdrawn("trn_received", with("3100003")),
                deferring("trn_received", with("0000123")),
                denied("trn_received", with("3100006")),
            ],
        ),
        sweep(
            "2027-02-15T06:00:00Z",
            vec![
                ordinary("trn_received", with("3100001")),
                withdrawn("withdrawn", left.clone()),
                deferring("deferred", paused.clone()),
                denied("trn_received", with("3100006")),
            ],
        ),
        sweep(
            "2027-07-02T06:00:00Z",
            vec![
                ordinary("awarded", award("3100001")),
                withdrawn("withdrawn", left.clone()),
                deferring("deferred", paused),
                denied("awarded", award("3100006")),
            ],
        ),
        sweep(
            "2027-09-08T06:00:00Z",
            vec![
                ordinary("awarded", award("3100001")),
                withdrawn("withdrawn", left),
                deferring("trn_received", back),
                denied("awarded", award("3100006")),
            ],
        ),
    ]
}

fn arrival(at: &str, feed: Feed, rows: Vec<Value>) -> Arrival {
    let at = at
        .parse()
        .expect("the story's instants are written by hand and tested");
    Arrival {
        at,
        feed,
        completeness: Completeness::Partial,
        scope: Scope::new(),
        rows,
    }
}

fn apply(at: &str, rows: Vec<Value>) -> Arrival {
    arrival(at, Feed::ApplyCandidates, rows)
}

fn trs(at: &str, rows: Vec<Value>) -> Arrival {
    arrival(at, Feed::TrsPersons, rows)
}

fn vacancies(at: &str, rows: Vec<Value>) -> Arrival {
    arrival(at, Feed::TvVacancies, rows)
}

fn jobs(at: &str, rows: Vec<Value>) -> Arrival {
    arrival(at, Feed::TvJobApplications, rows)
}

fn sweep(at: &str, rows: Vec<Value>) -> Arrival {
    let scope = Scope::from([
        ("provider".into(), "10000571".into()),
        ("cycle".into(), "2026".into()),
    ]);
    Arrival {
        completeness: Completeness::Complete,
        scope,
        ..arrival(at, Feed::RegisterTrainees, rows)
    }
}

const FIRST: [&str; 6] = ["Amara", "Bronwen", "Callum", "Devika", "Elspeth", "Farouk"];
const LAST: [&str; 6] = ["Okonjo", "Pritchard", "Quarrie", "Raman", "Sinclair", "Tahiri"];

fn name(who: usize) -> (&'static str, &'static str) {
    let index = (who - 1) % FIRST.len();
    (FIRST[index], LAST[index])
}

fn candidate(who: usize, choice: u64, status: &str, updated_at: &str) -> Value {
    let (first, last) = name(who);
    let accepted = ["recruited", "pending_conditions"]
        .contains(&status)
        .then_some(updated_at);
    json!({
        "id": format!("C{}", 9000 + who),
        "type": "candidate",
        "attributes": {
            "created_at": "2025-10-08T09:05:00+01:00",
            "updated_at": updated_at,
            "email_address": format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase()),
            "application_forms": [{
                "id": 7000 + who,
                "created_at": "2025-10-08T09:10:00+01:00",
                "updated_at": updated_at,
                "application_phase": "apply_1",
                "application_status": status,
                "recruitment_cycle_year": 2026,
                "submitted_at": "2025-10-20T12:00:00+01:00",
                "first_name": first,
                "last_name": last,
                "application_choices": { "completed": true, "data": [{
                    "id": choice,
                    "created_at": "2025-10-09T12:00:00+01:00",
                    "updated_at": updated_at,
                    "status": status,
                    "sent_to_provider_at": "2025-10-20T12:00:00+01:00",
                    "accepted_at": accepted,
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

fn trainee(slug: &str, who: usize, application: Option<u64>, state: &str, more: Value) -> Value {
    let (first, last) = name(who);
    let mut row = json!({
        "trainee_id": slug,
        "application_id": application,
        "state": state,
        "first_names": first, "middle_names": null, "last_name": last,
        "date_of_birth": format!("199{}-04-1{}", who % 10, who % 10),
        "email": format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase()),
        "created_at": "2026-09-16T08:00:00.000Z",
        "updated_at": "2026-09-18T08:00:00.000Z",
        "submitted_for_trn_at": "2026-09-18T08:00:00.000Z",
        "ukprn": "10000571", "record_source": "manual", "training_route": "11",
        "course_qualification": "QTS", "course_level": "postgrad", "course_education_phase": "secondary",
        "course_subject_1": "100403", "course_itt_start_date": "2026-09-01", "study_mode": "01",
        "itt_start_date": "2026-09-01", "itt_end_date": "2027-07-16",
        "trn": null, "trainee_start_date": null, "defer_date": null, "reinstate_date": null,
        "outcome_date": null, "recommended_for_award_at": null, "awarded_at": null,
        "withdrawal_date": null, "withdrawal_trigger": null, "withdrawal_reasons": null,
        "withdrawal_future_interest": null,
        "placements": [{ "placement_id": format!("p{who}"), "urn": "123456", "name": "Example Hill School" }],
        "degrees": [],
    });
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

fn person(trn: u64, who: usize, more: Value) -> Value {
    let (first, last) = name(who);
    let mut body = json!({
        "trn": format!("{trn:07}"), "firstName": first, "middleName": "", "lastName": last,
        "dateOfBirth": format!("199{}-04-1{}", who % 10, who % 10), "emailAddress": null, "nationalInsuranceNumber": null,
        "qts": null, "eyts": null, "qtlsStatus": "None", "induction": { "status": "None", "startDate": null,
        "completedDate": null, "exemptionReasons": [] }, "routesToProfessionalStatuses": [],
        "mandatoryQualifications": [], "alerts": [], "previousNames": [],
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

fn holds(trn: u64, on: &str) -> Value {
    let who = usize::try_from(trn % 10).unwrap_or(1);
    let route = json!({ "routeToProfessionalStatusType": {
        "routeToProfessionalStatusTypeId": "52835b1f-1f2e-4665-abc6-7fb1ef0a80bb", "name": "Scitt",
        "professionalStatusType": "QualifiedTeacherStatus" } });
    person(
        trn,
        who,
        json!({
            "qts": { "holdsFrom": on, "routes": [route] },
            "induction": { "status": "RequiredToComplete", "startDate": null, "completedDate": null, "exemptionReasons": [] },
        }),
    )
}

fn denies(trn: u64) -> Value {
    person(trn, 6, json!({}))
}

fn withdrew(trn: u64) -> Value {
    person(
        trn,
        3,
        json!({ "routesToProfessionalStatuses": [{
            "routeToProfessionalStatusId": "00000000-0000-4000-8000-000000000003",
            "routeToProfessionalStatusType": { "routeToProfessionalStatusTypeId": "52835b1f-1f2e-4665-abc6-7fb1ef0a80bb",
                "name": "Scitt", "professionalStatusType": "QualifiedTeacherStatus" },
            "status": "Withdrawn", "holdsFrom": null, "trainingStartDate": "2026-09-01", "trainingEndDate": "2027-02-10",
        }]}),
    )
}

fn in_induction() -> Value {
    person(
        3_100_005,
        5,
        json!({
            "qts": { "holdsFrom": "2025-07-14", "routes": [] },
            "induction": { "status": "InProgress", "startDate": "2025-09-01", "completedDate": null, "exemptionReasons": [] },
        }),
    )
}

fn merged() -> Value {
    json!({
        "_http": { "status": 308, "headers": { "location": "/v3/persons/3012858" } },
        "requested_trn": "3013021", "body": "Permanent Redirect",
    })
}

fn retained() -> Value {
    person(
        3_012_858,
        2,
        json!({
            "qts": { "holdsFrom": "2012-08-01", "routes": [] },
            "induction": { "status": "Passed", "startDate": "2012-09-01", "completedDate": "2013-07-19", "exemptionReasons": [] },
        }),
    )
}

fn vacancy() -> Value {
    json!({
        "id": "7b1c7c06-0000-4000-8000-000000000001", "job_title": "Teacher of Mathematics",
        "school_urns": ["123456"], "job_roles": ["teacher"], "phases": ["secondary"], "subjects": ["Mathematics"],
        "working_patterns": ["full_time"], "contract_type": "permanent", "ect_status": "ect_suitable",
        "publish_on": "2027-04-19", "expires_at": "2027-05-14T12:00:00", "enable_job_applications": true,
        "updated_at": "2027-04-19T08:00:00Z",
    })
}

fn job_application(status: &str, updated_at: &str) -> Value {
    json!({
        "id": "9f3c6e1a-0000-4000-8000-000000000001", "vacancy_id": "7b1c7c06-0000-4000-8000-000000000001",
        "type": "NativeJobApplication", "status": status, "submitted_at": "2027-05-11T19:30:00Z",
        "offered_at": (status == "offered").then_some(updated_at), "updated_at": updated_at,
        "qualified_teacher_status": "on_track", "is_statutory_induction_complete": false,
        "jobseeker": { "first_name": "Amara", "last_name": "Okonjo", "email": "amara.okonjo@example.com",
            "teacher_reference_number": "3100001" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_story_maps_and_time_never_goes_back() {
        let arrivals = arrivals();
        assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        for arrival in &arrivals {
            for row in &arrival.rows {
                let mapped = ltr_sources::map_row(arrival.feed, row);
                assert!(
                    mapped.is_ok(),
                    "{} {}: {:?}",
                    arrival.feed,
                    arrival.at,
                    mapped.err()
                );
            }
        }
    }
}
