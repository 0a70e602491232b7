use expect_test::{Expect, expect};
use ltr_domain::ids::Feed;
use ltr_domain::record::PersonalValue;
use serde_json::json;

use super::*;
use crate::map_row;
use crate::testing::{code, mapped, trainee_row};

const FEED: Feed = Feed::RegisterTrainees;

fn body(fields: Value) -> RegisterTrainee {
    let Body::RegisterTrainee(trainee) = mapped(FEED, &trainee_row(fields)).unwrap().body else {
        panic!("a trainee row makes a trainee");
    };
    *trainee
}

fn code_of(fields: Value) -> &'static str {
    code(FEED, &trainee_row(fields))
}

fn check(shown: impl std::fmt::Debug, expected: Expect) {
    expected.assert_eq(&format!("{shown:?}"));
}

#[test]
fn t01_a_legacy_trn_is_its_seven_digits() {
    assert_eq!(
        body(json!({"trn": "RP99/12345"})).trn.value().unwrap().as_str(),
        "9912345"
    );
}

#[test]
fn t02_a_trn_keeps_its_zeros_and_is_never_given_any() {
    assert_eq!(
        body(json!({"trn": "0000123"})).trn.value().unwrap().as_str(),
        "0000123"
    );
    assert_eq!(code_of(json!({"trn": "123456"})), "trn_wrong_length");
    assert_eq!(code_of(json!({"trn": 3_100_001})), "trn_not_text");
    assert_eq!(code_of(json!({"trn": ""})), "trn_empty");
    assert_eq!(code_of(json!({"trn": "none yet"})), "trn_malformed");
}

#[test]
fn t03_a_sentinel_is_no_trn() {
    assert_eq!(code_of(json!({"trn": "999999999"})), "trn_sentinel");
    assert_eq!(code_of(json!({"trn": "999999998"})), "trn_sentinel");
}

#[test]
fn t19_an_unknown_state_is_kept_as_it_came() {
    assert_eq!(
        body(json!({"state": "holds"})).state,
        TraineeState::Unrecognised("holds".to_owned())
    );
}

#[test]
fn t20_an_unknown_field_is_dropped_and_named() {
    let row = map_row(FEED, &trainee_row(json!({"favourite_colour": "red"}))).unwrap();
    assert_eq!(row.unknown_fields, ["favourite_colour"]);
    assert!(!row.evidence.contains("red"));
}

#[test]
fn t21_absent_null_and_empty_are_three_statements() {
    let absent = body(json!({}));
    assert_eq!(
        (absent.trn, absent.withdrawal),
        (Stated::Unstated, Stated::Unstated)
    );
    assert_eq!(
        (absent.course, absent.placements),
        (Stated::Unstated, Stated::Unstated)
    );
    let null = body(json!({"trn": null, "withdrawal_date": null, "course_level": null, "placements": null}));
    assert_eq!((null.trn, null.withdrawal), (Stated::Null, Stated::Null));
    assert_eq!((null.course, null.placements), (Stated::Null, Stated::Null));
    let empty = body(json!({"record_source": "", "placements": [], "course_level": ""}));
    assert_eq!(empty.record_source, Stated::Value(String::new()));
    assert_eq!(empty.placements, Stated::Value(Vec::new()));
    assert_eq!(empty.course.value().unwrap().level, Stated::Value(String::new()));
}

#[test]
fn t22_an_odd_date_is_kept_and_stops_nothing() {
    let trainee = body(json!({"itt_start_date": "2025-9-1", "outcome_date": ""}));
    check(
        &trainee.itt_start_date,
        expect![[r#"Value(Unreadable("2025-9-1"))"#]],
    );
    check(&trainee.outcome_date, expect![[r#"Value(Unreadable(""))"#]]);
}

#[test]
fn t24_a_trainee_who_is_back_is_not_deferred_though_the_date_stays() {
    let trainee = body(json!({"defer_date": "2027-02-10", "reinstate_date": "2027-09-02"}));
    assert_eq!(trainee.state, TraineeState::TrnReceived);
    assert!(trainee.defer_date.is_stated());
}

#[test]
fn t26_a_sentinel_urn_is_kept_as_given_and_a_placement_without_id_is_keyed_by_its_school() {
    let placements = body(json!({"placements": [
        {"placement_id": "p2", "urn": "900020", "name": "No URN"},
        {"urn": null, "name": "Elm Primary"},
    ]}));
    check(
        placements.placements.value().unwrap(),
        expect![[
            r#"[Placement { id: "Elm Primary#1", urn: Null, name: Value("Elm Primary") }, Placement { id: "p2", urn: Value("900020"), name: Value("No URN") }]"#
        ]],
    );
}

#[test]
fn t38_a_national_insurance_number_leaves_no_trace() {
    let trainee = trainee_row(json!({"ni_number": "QQ123456C"}));
    let person = crate::testing::person_row(json!({"nationalInsuranceNumber": "QQ123456C"}));
    let applicant = json!({
        "id": "3f2a7c1e-0b5d-4e6f-8a9b-0c1d2e3f4a5b", "status": "submitted",
        "jobseeker": {"national_insurance_number": "QQ123456C"},
    });
    for (feed, row) in [
        (FEED, trainee),
        (Feed::TrsPersons, person),
        (Feed::TvJobApplications, applicant),
    ] {
        let mapped = map_row(feed, &row).unwrap();
        assert!(!mapped.evidence.contains("QQ123456C"), "{feed}");
        assert_eq!(mapped.unknown_fields, [""; 0], "{feed}");
        for record in &mapped.records {
            let values = record.personal.0.values().filter_map(Stated::value);
            let mut parts = values.flat_map(|value| &value.0);
            assert!(!parts.any(|part| part.contains("QQ123456C")), "{feed}");
            assert_eq!(record.body.links(), [], "{feed}");
        }
    }
}

#[test]
fn t44_a_traineeship_is_named_by_its_slug_whoever_holds_it() {
    let at = |ukprn: &str| {
        mapped(FEED, &trainee_row(json!({"ukprn": ukprn})))
            .unwrap()
            .record
    };
    assert_eq!(at("10000571"), at("10007140"));
    assert_eq!(at("10000571").to_string(), "register/trainee/slug1");
}

#[test]
fn a_withdrawal_keeps_its_reasons_as_a_set_less_safeguarding() {
    let withdrawal = |reasons| body(json!({"state": "withdrawn", "withdrawal_reasons": reasons})).withdrawal;
    let reasons = json!(["safeguarding_concerns", "got_a_job", "did_not_make_progress"]);
    check(
        withdrawal(reasons).value().unwrap().reasons.value().unwrap(),
        expect![[r#"["did_not_make_progress", "got_a_job", "not_held"]"#]],
    );
    assert_eq!(withdrawal(json!(["b", "a"])), withdrawal(json!(["a", "b"])));
}

#[test]
fn what_may_not_be_held_leaves_no_trace_in_the_evidence() {
    let row = trainee_row(json!({
        "withdrawal_reasons": ["safeguarding_concerns"], "withdrawal_safeguarding_concern_reasons": "SECRET",
        "withdrawal_another_reason": "SECRET", "defer_reason": "SECRET", "ni_number": "SECRET", "sex": "SECRET",
        "ethnicity": "SECRET", "disability1": "SECRET", "nationality": "SECRET", "hesa_id": "SECRET",
        "provider_trainee_id": "SECRET", "previous_last_name": "SECRET", "degrees": [{"subject": "SECRET"}],
        "placements": [{"placement_id": "p", "address": "SECRET", "postcode": "SECRET"}],
    }));
    let row = map_row(FEED, &row).unwrap();
    assert_eq!(row.unknown_fields, Vec::<String>::new());
    expect![[r#"{"placements":[{"placement_id":"p"}],"state":"trn_received","trainee_id":"slug1","withdrawal_reasons":["not_held"]}"#]]
        .assert_eq(&row.evidence);
}

#[test]
fn names_are_three_parts_and_personal_values_are_not_in_the_body() {
    let row = trainee_row(json!({
        "first_names": "Ada", "middle_names": null, "last_name": "Byron", "date_of_birth": "1990-01-01", "email": null,
    }));
    let mapped = mapped(FEED, &row).unwrap();
    let personal = &mapped.personal.0;
    let names = PersonalValue(vec!["Ada".to_owned(), String::new(), "Byron".to_owned()]);
    assert!(personal[&PersonalField::Names] == Stated::Value(names));
    assert!(
        personal[&PersonalField::DateOfBirth] == Stated::Value(PersonalValue(vec!["1990-01-01".to_owned()]))
    );
    assert!(personal[&PersonalField::Email] == Stated::Null);
    assert!(!format!("{mapped:?}").contains("Byron"));
}

#[test]
fn a_row_that_names_no_trainee_says_what_it_is() {
    let cases = [
        (json!({"degree_id": "d", "subject": "x"}), "not_a_trainee"),
        (json!({"placement_id": "p", "urn": "123456"}), "not_a_trainee"),
        (json!({"metadata": {}, "entries": []}), "not_a_trainee"),
        (json!({"status": "ok", "version": {}}), "not_a_trainee"),
        (json!({"errors": [{"error": "NotFound"}]}), "error_body"),
        (json!({"error": "Unauthorized"}), "error_body"),
        (json!({"first_names": "Ada"}), "missing_trainee_id"),
        (json!({"trainee_id": " ", "state": "draft"}), "missing_trainee_id"),
        (
            json!({"trainee_id": "x".repeat(65), "state": "draft"}),
            "trainee_id_malformed",
        ),
        (json!({"trainee_id": "x"}), "missing_field"),
        (json!(["x"]), "not_an_object"),
    ];
    for (row, expected) in cases {
        assert_eq!(code(FEED, &row), expected, "{row}");
    }
}

#[test]
fn keys_of_other_services_are_read_strictly() {
    assert_eq!(
        code_of(json!({"application_id": "abc"})),
        "application_id_malformed"
    );
    assert_eq!(
        code_of(json!({"application_id": 5.5})),
        "application_id_malformed"
    );
    assert_eq!(code_of(json!({"ukprn": "1000057"})), "ukprn_malformed");
    assert_eq!(code_of(json!({"itt_start_date": {"year": 2025}})), "wrong_type");
    assert_eq!(
        body(json!({"application_id": "501"})).application_id,
        body(json!({"application_id": 501})).application_id
    );
}

#[test]
fn a_row_with_a_defect_is_still_named_by_its_key() {
    let named = |row: &Value| named_trainee(row).map(|record| record.to_string());
    let id = "aBcDeFgHiJkLmNoPqRsTuV12";
    let bad = |id: &str| trainee_row(json!({"trainee_id": id, "trn": "123456"}));
    assert_eq!(code(FEED, &bad(id)), "trn_wrong_length");
    assert_eq!(named(&bad(id)), Some(format!("register/trainee/{id}")));
    for anything in [
        "QQ123456C",
        "Hopper",
        "1990-12-09",
        "grace.hopper@example.org",
        "Grace Brewster M. Hopper",
    ] {
        assert_eq!(named(&bad(anything)), None, "{anything}");
    }
    assert_eq!(named(&json!({"trn": "3100001", "state": "trn_received"})), None);
    assert_eq!(named(&json!({"trainee_id": "x".repeat(65)})), None);
}
