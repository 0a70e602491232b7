use expect_test::expect_file;

use serde_json::{Value, json};

use super::*;
use crate::fields::redact;
use crate::map_row;

#[test]
fn the_page_is_what_the_lists_say() {
    expect_file!["../../../../../docs/fields-held.md"].assert_eq(&document());
}

/// Whoever reads the page must find a reason on every line, and no line broken by its own text.
#[test]
fn every_field_has_its_reasons() {
    for feed in Feed::ALL {
        assert!(!of(feed).is_empty(), "{feed} has no list");
        for field in of(feed) {
            let cells: Vec<_> = [held(field.fate), dropped(field.fate)]
                .into_iter()
                .flatten()
                .collect();
            assert!(!cells.is_empty(), "{feed}: {}", field.path);
            for cell in cells.iter().flat_map(|cells| cells.split(" | ")) {
                assert!(
                    !cell.trim().is_empty() && !cell.contains(['|', '\n']),
                    "{feed}: {}",
                    field.path
                );
            }
        }
    }
}

/// Words for what may not enter the record, as they occur in upstream field names.
const SENSITIVE: [&str; 22] = [
    "disab",
    "ethnic",
    "gender",
    "sex",
    "religio",
    "faith",
    "orientation",
    "nationality",
    "residency",
    "hesa",
    "phone",
    "address",
    "postcode",
    "national_insurance",
    "nationalinsurance",
    "ni_number",
    "one_login",
    "statement",
    "safeguard",
    "details",
    "bursary",
    "health",
];

/// The names that hold such a word and are held all the same: e-mail addresses.
const EXCEPTIONS: [&str; 2] = ["attributes.email_address", "emailAddress"];

#[test]
fn no_sensitive_field_is_held() {
    for feed in Feed::ALL {
        for field in of(feed).iter().filter(|field| held(field.fate).is_some()) {
            let name = field
                .path
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let word = SENSITIVE.iter().find(|word| name.contains(*word));
            assert!(
                word.is_none() || EXCEPTIONS.contains(&field.path),
                "{feed} holds {}",
                field.path
            );
        }
    }
}

/// A good row of each feed, with what the source sends beside it that may not be held, and something nobody knows.
fn row_with_canaries(feed: Feed) -> Value {
    let mut row = match feed {
        Feed::ApplyCandidates => json!({
            "id": "C1",
            "attributes": { "application_forms": [{
                "id": 1, "personal_statement": "canary", "references": { "data": [{ "name": "canary" }] },
                "qualifications": { "missing_gcses_explanation": "canary" },
                "application_choices": { "data": [{
                    "id": 2, "status": "offer", "rejection_reason": "canary",
                    "course": { "name": "History", "notes": "canary" },
                    "interviews": [{ "id": 3, "location": "canary", "additional_details": "canary" }],
                }] },
            }] },
        }),
        Feed::ApplyRecruits => json!({
            "id": "2",
            "attributes": {
                "status": "recruited",
                "candidate": {
                    "id": "C1", "gender": "canary", "nationality": ["canary"], "ethnic_background": "canary",
                    "disabilities": ["canary"], "disabilities_and_health_conditions": [{ "text": "canary" }],
                    "disability_disclosure": "canary", "other_languages": "canary", "uk_residency_status": "canary",
                },
                "contact_details": { "phone_number": "canary", "address_line1": "canary", "postcode": "canary" },
                "hesa_itt_data": { "disability": ["canary"], "ethnicity": "canary" },
                "qualifications": { "gcses": [{ "grade": "canary" }] },
            },
        }),
        Feed::RegisterTrainees => json!({
            "trainee_id": "slug", "state": "trn_received", "sex": "canary", "ethnicity": "canary",
            "ethnic_group": "canary", "disability1": "canary", "disabilities": ["canary"], "nationality": "canary",
            "ni_number": "canary", "bursary_level": "canary", "withdrawal_reasons": ["safeguarding_canary"],
            "withdrawal_another_reason": "canary", "withdrawal_safeguarding_concern_reasons": "canary",
            "degrees": [{ "subject": "canary" }], "placements": [{ "placement_id": "p", "address": "canary" }],
        }),
        Feed::TrsPersons => json!({
            "trn": "3100001", "firstName": "Ada", "nationalInsuranceNumber": "canary", "pendingNameChange": "canary",
            "alerts": [{ "alertId": "a", "details": "canary" }],
        }),
        Feed::TvVacancies => json!({
            "id": "9d8f5715-2e7c-4e64-8e34-35f510c12e66", "contact_email": "canary", "job_advert": "canary",
        }),
        Feed::TvJobApplications => json!({
            "id": "9d8f5715-2e7c-4e64-8e34-35f510c12e66", "status": "submitted", "ethnicity": "canary",
            "disability": "canary", "religion": "canary", "personal_statement": "canary",
            "jobseeker": {
                "national_insurance_number": "canary", "govuk_one_login_id": "canary", "phone_number": "canary",
                "street_address": "canary",
            },
        }),
        Feed::TvPostings => json!({
            "url": "https://teaching-vacancies.service.gov.uk/jobs/a-post", "description": "canary",
            "hiringOrganization": { "identifier": "100001", "name": "canary", "description": "canary" },
            "jobLocation": { "address": { "streetAddress": "canary" } },
        }),
    };
    row["added_upstream"] = json!({ "deep": ["canary"] });
    row
}

#[test]
fn what_may_not_be_held_is_gone_after_mapping() {
    for feed in Feed::ALL {
        let row = row_with_canaries(feed);
        let mapped = map_row(feed, &row).unwrap_or_else(|defect| panic!("{feed}: {defect}"));
        assert!(
            !mapped.evidence.to_string().contains("canary"),
            "{feed}: {}",
            mapped.evidence
        );
        assert!(
            mapped.unknown_fields.iter().any(|path| path == "added_upstream"),
            "{feed}"
        );
        assert!(!mapped.unknown_fields.join(" ").contains("canary"), "{feed}");
        for record in &mapped.records {
            assert!(!format!("{:?}", record.body).contains("canary"), "{feed}");
            let values = record.personal.0.values().filter_map(|value| value.value());
            assert!(
                !values
                    .flat_map(|value| &value.0)
                    .any(|part| part.contains("canary")),
                "{feed}"
            );
        }
    }
}

/// A row that cannot be mapped is redacted by the same list before it is put into quarantine.
#[test]
fn what_may_not_be_held_is_gone_from_a_bad_row_too() {
    for feed in Feed::ALL {
        let mut row = row_with_canaries(feed);
        for key in ["id", "trainee_id", "trn", "url"] {
            row.as_object_mut().expect("a row is an object").remove(key);
        }
        assert!(map_row(feed, &row).is_err(), "{feed}");
        assert!(!redact(feed, &row).held.contains("canary"), "{feed}");
    }
}
