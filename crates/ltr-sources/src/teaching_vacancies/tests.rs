use expect_test::{Expect, expect};
use jiff::civil::date;
use ltr_domain::ids::Feed;
use ltr_domain::record::{Body, PersonalField, TvPosting};
use ltr_domain::time::CivilDate;
use serde_json::{Value, json};

use super::*;
use crate::{Mapped, MappedRow, map_row, record_of, split_rows};

fn application() -> Value {
    json!({
        "id": "3F2A7C1E-0B5D-4E6F-8A9B-0C1D2E3F4A5B",
        "vacancy_id": "9D8F5715-2E7C-4E64-8E34-35F510C12E66",
        "type": "NativeJobApplication",
        "status": "offered",
        "submitted_at": "2027-05-01T18:20:00Z",
        "interviewing_at": "2027-05-14T09:30:00+01:00",
        "offered_at": "2027-05-18T00:00:00+01:00",
        "declined_at": null,
        "updated_at": "2027-05-18T15:00:00Z",
        "qualified_teacher_status": "yes",
        "is_statutory_induction_complete": false,
        "jobseeker": {
            "first_name": "Ada", "last_name": "Newname", "email": "ada@example.org",
            "teacher_reference_number": "31/00001",
            "national_insurance_number": "canary-nino", "govuk_one_login_id": "canary-subject",
            "phone_number": "canary-phone", "postcode": "canary-postcode"
        },
        "ethnicity": "canary-ethnicity", "disability": "canary-disability", "religion": "canary-religion",
        "personal_statement": "canary-statement", "safeguarding_issue_details": "canary-safeguarding"
    })
}

fn vacancy() -> Value {
    json!({
        "id": "9d8f5715-2e7c-4e64-8e34-35f510c12e66",
        "job_title": "Teacher of Geography",
        "organisations": [
            { "urn": "222222", "name": "Second" }, { "urn": null, "uid": "16644" }, { "urn": "111111" }
        ],
        "job_roles": ["teacher", "head_of_year_or_phase"],
        "phases": ["secondary"],
        "key_stages": ["ks3"],
        "subjects": ["Geography", "Biology"],
        "ect_status": "ect_suitable",
        "working_patterns": ["part_time", "full_time"],
        "contract_type": "permanent",
        "salary": "canary-salary",
        "publish_on": "2026-04-06",
        "expires_at": "2026-04-13T15:30:00",
        "enable_job_applications": true,
        "hired_status": null,
        "updated_at": "2026-04-06T08:00:00Z"
    })
}

fn altered(mut row: Value, name: &str, value: Value) -> Value {
    row[name] = value;
    row
}

fn without(mut row: Value, name: &str) -> Value {
    row.as_object_mut().expect("a row is an object").remove(name);
    row
}

fn of_application(row: &Value) -> MappedRow {
    map_row(Feed::TvJobApplications, row).unwrap()
}

fn of_vacancy(row: &Value) -> MappedRow {
    map_row(Feed::TvVacancies, row).unwrap()
}

/// The value of a personal field, parts joined by `|`; tests may look.
fn personal(mapped: &Mapped, field: PersonalField) -> String {
    match mapped.personal.0.get(&field) {
        None | Some(Stated::Unstated) => "unstated".to_owned(),
        Some(Stated::Null) => "null".to_owned(),
        Some(Stated::Value(value)) => value.0.join("|"),
    }
}

fn check(body: &Body, expected: Expect) {
    expected.assert_eq(&format!("{body:?}\n").replace(", ", ",\n"));
}

#[test]
fn a_job_application_is_mapped_and_nothing_sensitive_stays() {
    let row = of_application(&application());
    let mapped = &row.records[0];
    assert_eq!(
        mapped.record.to_string(),
        "teaching-vacancies/job-application/3f2a7c1e-0b5d-4e6f-8a9b-0c1d2e3f4a5b"
    );
    check(
        &mapped.body,
        expect![[r#"
        TvJobApplication(TvJobApplication { status: Offered,
        vacancy_id: Value("9d8f5715-2e7c-4e64-8e34-35f510c12e66"),
        application_type: Value("NativeJobApplication"),
        submitted_at: Value(2027-05-01T18:20:00Z),
        interviewing_at: Value(2027-05-14T08:30:00Z),
        offered_at: Value(2027-05-17T23:00:00Z),
        declined_at: Null,
        qualified_teacher_status: Value("yes"),
        induction_complete: Value(false) })
    "#]],
    );
    assert_eq!(personal(mapped, PersonalField::Names), "Ada||Newname");
    assert_eq!(personal(mapped, PersonalField::Email), "ada@example.org");
    assert_eq!(row.unknown_fields, [""; 0]);
    assert!(!row.evidence.contains("canary"), "{}", row.evidence);
}

/// T36: a declared TRN is a sealed value like a name, whoever it belongs to; it is no key, no link and no defect.
#[test]
fn t36_a_declared_trn_is_only_a_declaration() {
    let declared = |trn: Value| {
        let mut row = application();
        row["jobseeker"]["teacher_reference_number"] = trn;
        let mapped = of_application(&row).records.remove(0);
        assert_eq!(mapped.body.links(), []);
        assert!(!format!("{mapped:?}").contains("3100001"));
        personal(&mapped, PersonalField::DeclaredTrn)
    };
    assert_eq!(declared(json!("3100001")), "3100001");
    assert_eq!(declared(json!("RP31/00001")), "3100001");
    assert_eq!(declared(json!("310001")), "310001");
    assert_eq!(declared(json!("not yet")), "not yet");
    assert_eq!(declared(json!(" ")), "null");
    assert_eq!(declared(Value::Null), "null");
}

#[test]
fn a_row_may_say_nothing_of_the_jobseeker() {
    let absent = of_application(&without(application(), "jobseeker"));
    assert!(absent.records[0].personal.0.is_empty());
    let null = of_application(&altered(application(), "jobseeker", Value::Null));
    for field in [
        PersonalField::Names,
        PersonalField::Email,
        PersonalField::DeclaredTrn,
    ] {
        assert_eq!(personal(&null.records[0], field), "null");
    }
}

/// T23: zone-less times are London's, summer and winter, and in the hour that comes twice the first is meant.
#[test]
fn t23_a_time_without_a_zone_is_london_time() {
    let expires = |text: &str| {
        let row = of_vacancy(&altered(vacancy(), "expires_at", json!(text)));
        let Body::TvVacancy(vacancy) = &row.records[0].body else {
            unreachable!("the feed holds vacancies")
        };
        vacancy.expires_at.value().map(ToString::to_string)
    };
    for (text, expected) in [
        ("2026-04-13T15:30:00", "2026-04-13T14:30:00Z"),
        ("2026-01-13T15:30:00", "2026-01-13T15:30:00Z"),
        ("2026-04-13 15:30", "2026-04-13T14:30:00Z"),
        ("2026-04-13T15:30:00+01:00", "2026-04-13T14:30:00Z"),
        ("2026-04-13T14:30:00.000Z", "2026-04-13T14:30:00Z"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00Z"),
        ("2026-03-29T01:30:00", "2026-03-29T01:30:00Z"),
    ] {
        assert_eq!(expires(text).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(expires("Easter"), None);
    assert_eq!(expires("2026-04-13"), None);
}

#[test]
fn a_vacancy_is_mapped_and_its_lists_are_sets() {
    let row = of_vacancy(&vacancy());
    assert_eq!(
        row.records[0].record.to_string(),
        "teaching-vacancies/vacancy/9d8f5715-2e7c-4e64-8e34-35f510c12e66"
    );
    check(
        &row.records[0].body,
        expect![[r#"
        TvVacancy(TvVacancy { job_title: Value("Teacher of Geography"),
        school_urns: Value(["111111",
        "222222"]),
        job_roles: Value(["head_of_year_or_phase",
        "teacher"]),
        phases: Value(["secondary"]),
        subjects: Value(["Biology",
        "Geography"]),
        working_patterns: Value(["full_time",
        "part_time"]),
        contract_type: Value("permanent"),
        ect_suitable: Value(true),
        publish_on: Value(Day(2026-04-06)),
        expires_at: Value(2026-04-13T14:30:00Z),
        enable_job_applications: Value(true),
        hired_status: Null })
    "#]],
    );
    assert!(row.records[0].personal.0.is_empty());
    assert!(!row.evidence.contains("canary"));

    let mut other = vacancy();
    for list in ["organisations", "job_roles", "subjects", "working_patterns"] {
        other[list].as_array_mut().unwrap().reverse();
    }
    assert_eq!(of_vacancy(&other).records[0].body, row.records[0].body);
}

#[test]
fn the_ats_api_says_the_same_in_its_own_words() {
    let ats = without(without(vacancy(), "organisations"), "ect_status");
    let ats = altered(
        ats,
        "schools",
        json!({ "school_urns": ["222222", "111111"], "trust_uid": null }),
    );
    let ats = altered(ats, "ect_suitable", json!(true));
    let expected = of_vacancy(&vacancy()).records.remove(0).body;
    assert_eq!(of_vacancy(&ats).records[0].body, expected);

    let page = json!({ "vacancies": [ats.clone()], "meta": { "totalPages": 1, "count": 1 } });
    for document in [page, json!({ "vacancy": ats })] {
        let rows = split_rows(Feed::TvVacancies, document.to_string().as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(
            of_vacancy(rows[0].value.as_ref().unwrap()).records[0].body,
            expected
        );
    }
}

/// The request that makes a vacancy and items of the public list carry no id: nothing says which vacancy they are.
#[test]
fn a_vacancy_without_an_id_is_refused() {
    let refused = |row: Value| map_row(Feed::TvVacancies, &row).unwrap_err().code;
    assert_eq!(
        refused(json!({ "vacancy": without(vacancy(), "id") })),
        "missing_vacancy_id"
    );
    let public = json!({
        "@type": "JobPosting",
        "url": "https://teaching-vacancies.service.gov.uk/jobs/teacher-of-geography",
        "hiringOrganization": { "identifier": "111111" },
    });
    assert_eq!(refused(public), "missing_vacancy_id");
    assert_eq!(
        refused(altered(vacancy(), "id", json!("teacher-of-geography"))),
        "vacancy_id_malformed"
    );
    assert_eq!(
        refused(json!({ "errors": ["The given ID does not match any vacancy for your ATS"] })),
        "error_body"
    );
}

#[test]
fn a_job_application_without_key_or_status_is_refused() {
    let refused = |row: Value| map_row(Feed::TvJobApplications, &row).unwrap_err().code;
    assert_eq!(
        refused(without(application(), "id")),
        "missing_job_application_id"
    );
    assert_eq!(
        refused(altered(application(), "id", json!(17))),
        "job_application_id_malformed"
    );
    assert_eq!(refused(without(application(), "status")), "missing_field");
    assert_eq!(refused(json!([])), "not_an_object");
}

/// T19: there is no "hired" today; should one come, it is kept as it is.
#[test]
fn t19_an_unknown_status_is_kept() {
    let row = of_application(&altered(application(), "status", json!("hired")));
    let Body::TvJobApplication(application) = &row.records[0].body else {
        unreachable!("the feed holds applications")
    };
    assert_eq!(application.status.text(), "hired");
    assert!(!application.status.is_recognised());
}

/// Evidence is mapped again after an upgrade, so it must say all that the row said.
#[test]
fn evidence_maps_to_the_same_records() {
    for (feed, row) in [
        (Feed::TvJobApplications, application()),
        (Feed::TvVacancies, vacancy()),
    ] {
        let first = map_row(feed, &row).unwrap();
        let again = map_row(feed, &serde_json::from_str(&first.evidence).unwrap()).unwrap();
        assert_eq!(again.evidence, first.evidence);
        assert_eq!(again.records[0].body, first.records[0].body);
        assert_eq!(again.records[0].personal, first.records[0].personal);
        assert_eq!(
            again.records[0].source_updated_at,
            first.records[0].source_updated_at
        );
    }
}

/// The page that defines the extract must describe rows that are taken, and every line of its examples is one.
#[test]
fn the_examples_of_the_page_are_rows() {
    let page = include_str!("../../../../docs/teaching-vacancies-extract.md");
    let blocks: Vec<_> = page
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let [applications, vacancies] = blocks[..] else {
        panic!("two blocks of examples, found {}", blocks.len())
    };
    for (feed, lines, count) in [
        (Feed::TvJobApplications, applications, 3),
        (Feed::TvVacancies, vacancies, 1),
    ] {
        let rows = split_rows(feed, lines.as_bytes()).unwrap();
        assert_eq!(rows.len(), count);
        for row in rows {
            let mapped = map_row(feed, &row.value.unwrap()).unwrap();
            assert_eq!(mapped.unknown_fields, [""; 0], "{}", row.place);
        }
    }
    for status in ltr_domain::record::JobApplicationStatus::known() {
        assert!(
            page.contains(&format!("`{}`", status.text())),
            "{} is not on the page",
            status.text()
        );
    }
    for field in JOB_APPLICATION_FIELDS.iter().chain(VACANCY_FIELDS) {
        if matches!(field.fate, crate::fields::Fate::Held { .. }) {
            let name = field.path.split("[]").next().unwrap();
            assert!(
                page.contains(&format!("`{name}`")),
                "{} is not on the page",
                field.path
            );
        }
    }
}

fn posting() -> Value {
    json!({
        "@context": "http://schema.org",
        "@type": "JobPosting",
        "title": "Teacher of Geography",
        "datePosted": "2026-04-06",
        "occupationalCategory": "teacher",
        "directApply": false,
        "employmentType": ["PART_TIME", "FULL_TIME"],
        "url": "https://teaching-vacancies.service.gov.uk/jobs/teacher-of-geography-a-school",
        "hiringOrganization": { "@type": "Organization", "identifier": "111111" },
        "validThrough": "2026-04-13T15:30:00+01:00",
    })
}

#[test]
fn an_item_of_the_public_list_is_named_by_the_end_of_its_address() {
    let mapped = map_row(Feed::TvPostings, &posting()).unwrap();
    assert_eq!(mapped.unknown_fields, Vec::<String>::new());
    let [only] = mapped.records.as_slice() else {
        panic!("one record");
    };
    assert_eq!(
        only.record.to_string(),
        "teaching-vacancies/posting/teacher-of-geography-a-school"
    );
    let expected = TvPosting {
        job_title: Stated::Value("Teacher of Geography".to_owned()),
        organisation: Stated::Value("111111".to_owned()),
        job_role: Stated::Value("teacher".to_owned()),
        employment_types: Stated::Value(vec!["FULL_TIME".to_owned(), "PART_TIME".to_owned()]),
        posted_on: Stated::Value(CivilDate::Day(date(2026, 4, 6))),
        valid_through: Stated::Value("2026-04-13T14:30:00Z".parse().unwrap()),
        direct_apply: Stated::Value(false),
    };
    assert_eq!(only.body, Body::TvPosting(expected));
    assert_eq!(record_of(Feed::TvPostings, &posting()), Some(only.record.clone()));
}

#[test]
fn an_item_of_the_public_list_without_an_address_of_a_vacancy_is_refused() {
    let refused = |row: Value| map_row(Feed::TvPostings, &row).unwrap_err().code;
    assert_eq!(refused(without(posting(), "url")), "missing_posting_url");
    assert_eq!(
        refused(altered(posting(), "url", Value::Null)),
        "missing_posting_url"
    );
    for url in [
        "https://teaching-vacancies.service.gov.uk/jobs/",
        "https://teaching-vacancies.service.gov.uk/schools/a-school",
        "https://teaching-vacancies.service.gov.uk/jobs/a-post?from=list",
        "https://teaching-vacancies.service.gov.uk/jobs/a-post/apply",
    ] {
        assert_eq!(
            refused(altered(posting(), "url", json!(url))),
            "posting_url_malformed",
            "{url}"
        );
    }
    assert_eq!(refused(json!({ "errors": ["Not found"] })), "error_body");
}
