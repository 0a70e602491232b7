use expect_test::{Expect, expect};
use ltr_domain::ids::Feed;
use ltr_domain::record::{Body, PersonalField};
use serde_json::{Value, json};

use super::*;
use crate::{Mapped, MappedRow, map_row, split_rows};

mod again;
mod candidate;
mod refused;

/// A candidate as v1.4 tells it: two forms, the newer one first, with choices in no order.
fn candidate() -> Value {
    json!({
        "id": "C1234",
        "type": "candidate",
        "attributes": {
            "email_address": "Ada@example.org",
            "created_at": "2024-10-20T10:00:00+01:00",
            "updated_at": "2026-06-30T23:30:00.123Z",
            "application_forms": [
                {
                    "id": 70,
                    "created_at": "2025-10-08T09:00:00+01:00",
                    "updated_at": "2026-06-30T23:30:00Z",
                    "first_name": "Ada",
                    "last_name": "Newname",
                    "application_status": "recruited",
                    "application_phase": "apply_1",
                    "recruitment_cycle_year": 2026,
                    "submitted_at": "2025-10-12T09:00:00Z",
                    "application_choices": {
                        "completed": true,
                        "data": [choice(502, "inactive"), choice(501, "recruited")]
                    },
                    "references": { "completed": true, "data": [{ "id": 1, "referee_type": "academic" }] },
                    "qualifications": { "completed": true },
                    "personal_statement": { "completed": true }
                },
                {
                    "id": 60,
                    "created_at": "2024-10-20T10:00:00+01:00",
                    "first_name": "Ada",
                    "last_name": "Oldname",
                    "application_status": "ended_without_success",
                    "application_phase": "apply_1",
                    "recruitment_cycle_year": 2025,
                    "submitted_at": null,
                    "application_choices": { "data": [choice(401, "rejected")] }
                }
            ]
        }
    })
}

fn choice(id: u64, status: &str) -> Value {
    json!({
        "id": id,
        "created_at": "2025-10-10T09:00:00Z",
        "updated_at": "2026-06-30T23:30:00Z",
        "sent_to_provider_at": "2025-10-12T09:00:00Z",
        "accepted_at": "2026-02-01T09:00:00Z",
        "status": status,
        "provider": { "name": "Oaks" },
        "course": {
            "uuid": "c-1", "name": "History", "level": "secondary", "funding_type": "fee",
            "program_type": "scitt_programme"
        },
        "interviews": [
            { "id": 12, "date_and_time": "2025-11-08T10:00:00Z", "created_at": "2025-11-01T10:00:00Z" },
            { "id": 11, "date_and_time": "2025-11-01T10:00:00Z", "cancelled_at": "2025-10-30T10:00:00Z" }
        ]
    })
}

fn recruit() -> Value {
    json!({
        "id": "501",
        "type": "application",
        "attributes": {
            "support_reference": "NV6357",
            "status": "recruited",
            "updated_at": "2026-06-17T09:05:53+01:00",
            "submitted_at": "2025-10-12T10:00:00+01:00",
            "recruited_at": "2026-06-17T09:05:53.165+01:00",
            "candidate": {
                "id": "C1234", "first_name": "Ada", "last_name": "Newname", "date_of_birth": "1998-03-18",
                "gender": "canary-gender", "nationality": ["canary-nationality"], "domicile": "canary-domicile",
                "disability_disclosure": "canary-disclosure", "disabilities": ["canary-disability"],
                "disabilities_and_health_conditions": [{ "text": "canary-condition" }],
                "ethnic_group": "canary-group", "ethnic_background": "canary-background",
                "other_languages": "canary-free-text", "fee_payer": "canary-fee"
            },
            "contact_details": {
                "email": "ada@example.org", "phone_number": "canary-phone", "address_line1": "canary-address",
                "postcode": "canary-postcode"
            },
            "course": {
                "recruitment_cycle_year": 2026, "course_code": "V6X1", "course_uuid": "c-1",
                "training_provider_code": "E84", "training_provider_type": "scitt",
                "accredited_provider_type": null, "accredited_provider_code": null,
                "site_code": "-", "study_mode": "full_time"
            },
            "qualifications": { "degrees": [{ "subject": "canary-degree" }] },
            "hesa_itt_data": { "sex": "canary-sex", "ethnicity": "canary-hesa" }
        }
    })
}

fn altered(mut row: Value, pointer: &str, value: Value) -> Value {
    *row.pointer_mut(pointer).expect("the sample has the field") = value;
    row
}

fn without(mut row: Value, pointer: &str, name: &str) -> Value {
    row.pointer_mut(pointer)
        .and_then(Value::as_object_mut)
        .expect("the sample has the object")
        .remove(name);
    row
}

fn mapped(feed: Feed, row: &Value) -> MappedRow {
    map_row(feed, row).unwrap()
}

fn of_candidate(row: &Value) -> MappedRow {
    mapped(Feed::ApplyCandidates, row)
}

fn refused(feed: Feed, row: &Value) -> &'static str {
    map_row(feed, row).unwrap_err().code
}

fn keys(records: &[Mapped]) -> Vec<String> {
    records.iter().map(|mapped| mapped.record.to_string()).collect()
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

/// What must not depend on where in the row something stood, or on bookkeeping.
fn meaning(row: &MappedRow) -> Vec<(String, Body, ltr_domain::record::PersonalValues)> {
    let of = |mapped: &Mapped| {
        (
            mapped.record.to_string(),
            mapped.body.clone(),
            mapped.personal.clone(),
        )
    };
    row.records.iter().map(of).collect()
}

/// T37: Apply's stand-in for a redacted address is no address.
#[test]
fn t37_a_redacted_address_is_none_and_no_address_links_anybody() {
    let email = |address: Value| {
        let row = altered(candidate(), "/attributes/email_address", address);
        personal(&of_candidate(&row).records[0], PersonalField::Email)
    };
    assert_eq!(email(json!("redacted-email-address-1234@example.com")), "null");
    assert_eq!(email(json!("Redacted-Email-Address-9@Example.com ")), "null");
    assert_eq!(email(json!("")), "null");
    assert_eq!(email(Value::Null), "null");
    assert_eq!(email(json!("redacted@example.com")), "redacted@example.com");
    let absent = without(candidate(), "/attributes", "email_address");
    assert_eq!(
        personal(&of_candidate(&absent).records[0], PersonalField::Email),
        "unstated"
    );
    let recruit = altered(
        recruit(),
        "/attributes/contact_details/email",
        json!("redacted-email-address-1@example.com"),
    );
    let recruit = mapped(Feed::ApplyRecruits, &recruit);
    assert_eq!(personal(&recruit.records[0], PersonalField::Email), "null");

    // Two accounts under one address stay two: an address is no key.
    let second = of_candidate(&altered(candidate(), "/id", json!("C1235")));
    assert_eq!(
        personal(&second.records[0], PersonalField::Email),
        "Ada@example.org"
    );
    assert_eq!(second.records[0].body.links(), []);
}

/// T42: a saved answer that begins with a byte order mark, and the envelopes a single candidate comes in.
#[test]
fn t42_a_saved_answer_is_read_whatever_it_is_wrapped_in() {
    let expected = meaning(&of_candidate(&candidate()));
    for document in [
        format!("\u{feff}{}", candidate()),
        json!({ "data": candidate() }).to_string(),
        json!({ "data": [candidate()] }).to_string(),
    ] {
        let rows = split_rows(Feed::ApplyCandidates, document.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(meaning(&of_candidate(rows[0].value.as_ref().unwrap())), expected);
    }
    assert_eq!(meaning(&of_candidate(&json!({ "data": candidate() }))), expected);
}

#[test]
fn a_recruit_is_mapped_and_nothing_sensitive_stays() {
    let row = mapped(Feed::ApplyRecruits, &recruit());
    assert_eq!(keys(&row.records), ["apply/recruit/501"]);
    check(
        &row.records[0].body,
        expect![[r#"
        ApplyRecruit(ApplyRecruit { status: Recruited,
        candidate: Value(CandidateId(1234)),
        submitted_at: Value(2025-10-12T09:00:00Z),
        recruited_at: Value(2026-06-17T08:05:53.165Z),
        cycle_year: Value(2026),
        course_uuid: Value("c-1"),
        course_code: Value("V6X1"),
        training_provider_code: Value("E84"),
        training_provider_type: Value("scitt"),
        accredited_provider_code: Null,
        study_mode: Value("full_time") })
    "#]],
    );
    assert_eq!(personal(&row.records[0], PersonalField::Names), "Ada||Newname");
    assert_eq!(
        personal(&row.records[0], PersonalField::DateOfBirth),
        "1998-03-18"
    );
    assert_eq!(personal(&row.records[0], PersonalField::Email), "ada@example.org");
    assert_eq!(row.unknown_fields, [""; 0]);
    assert!(!row.evidence.contains("canary"), "{}", row.evidence);
    let shown = format!("{row:?}");
    for hidden in ["Newname", "1998-03-18", "ada@example.org"] {
        assert!(!shown.contains(hidden), "debug output shows personal values");
    }
}

/// One person may have several accounts (T09); an application names its own.
#[test]
fn t09_a_choice_and_a_recruit_lead_to_their_account() {
    let links = |mapped: &Mapped| {
        mapped
            .body
            .links()
            .iter()
            .map(|link| link.to.to_string())
            .collect::<Vec<_>>()
    };
    let row = of_candidate(&candidate());
    assert_eq!(links(&row.records[0]), [""; 0]);
    assert_eq!(links(&row.records[1]), ["apply/candidate/C1234"]);
    assert_eq!(
        links(&mapped(Feed::ApplyRecruits, &recruit()).records[0]),
        ["apply/candidate/C1234"]
    );
}

/// Evidence is mapped again after an upgrade, so it must say all that the row said.
#[test]
fn evidence_maps_to_the_same_records() {
    for (feed, row) in [
        (Feed::ApplyCandidates, candidate()),
        (Feed::ApplyRecruits, recruit()),
    ] {
        let first = mapped(feed, &row);
        let again = mapped(feed, &serde_json::from_str(&first.evidence).unwrap());
        assert_eq!(meaning(&again), meaning(&first));
        assert_eq!(again.evidence, first.evidence);
    }
}
