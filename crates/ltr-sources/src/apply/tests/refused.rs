//! Rows that name nothing, and rows that are none.

use super::*;

#[test]
fn a_key_that_is_none_stops_its_row() {
    let candidate_id = |id: Value| map_row(Feed::ApplyCandidates, &altered(candidate(), "/id", id));
    for id in [
        json!("1234"),
        json!("C"),
        json!("CX1"),
        json!("c12"),
        json!(""),
        json!(1234),
        json!("C12 "),
    ] {
        assert_eq!(
            candidate_id(id.clone()).unwrap_err().code,
            "candidate_id_malformed",
            "{id}"
        );
    }
    assert_eq!(candidate_id(Value::Null).unwrap_err().code, "missing_field");
    assert_eq!(
        candidate_id(json!("C00001234")).unwrap().records[0].record.key[..],
        *"C1234"
    );

    let inner = "/attributes/application_forms/0/application_choices/data/1/id";
    for id in [json!("11fc0d3b2f"), json!(-1), json!(1.5), json!("")] {
        let row = altered(candidate(), inner, id.clone());
        assert_eq!(
            refused(Feed::ApplyCandidates, &row),
            "choice_id_malformed",
            "{id}"
        );
        let row = altered(recruit(), "/id", id.clone());
        assert_eq!(refused(Feed::ApplyRecruits, &row), "choice_id_malformed", "{id}");
    }
    let text = altered(candidate(), inner, json!("501"));
    assert_eq!(
        meaning(&of_candidate(&text)),
        meaning(&of_candidate(&candidate()))
    );
    assert_eq!(
        refused(Feed::ApplyCandidates, &altered(candidate(), inner, json!(502))),
        "repeated_id"
    );
    let twice = altered(candidate(), "/attributes/application_forms/1/id", json!(70));
    assert_eq!(refused(Feed::ApplyCandidates, &twice), "repeated_id");
    let stranger = altered(recruit(), "/attributes/candidate/id", json!("3134"));
    assert_eq!(refused(Feed::ApplyRecruits, &stranger), "candidate_id_malformed");
}

#[test]
fn what_is_no_resource_is_refused_without_its_values() {
    for (row, code) in [
        (json!("canary"), "not_an_object"),
        (json!({ "id": "C1" }), "missing_field"),
        (json!({ "id": "C1", "attributes": "canary" }), "wrong_type"),
        (
            json!({ "errors": [{ "error": "NotFound", "message": "canary" }] }),
            "error_body",
        ),
        (
            altered(candidate(), "/attributes/application_forms", json!("canary")),
            "wrong_type",
        ),
        (
            altered(
                candidate(),
                "/attributes/application_forms/0/recruitment_cycle_year",
                json!(20260),
            ),
            "cycle_year_out_of_range",
        ),
        (
            altered(
                candidate(),
                "/attributes/application_forms/0/application_choices/data/0/status",
                Value::Null,
            ),
            "missing_field",
        ),
    ] {
        let defect = map_row(Feed::ApplyCandidates, &row).unwrap_err();
        assert_eq!(defect.code, code);
        assert!(!defect.to_string().contains("canary"), "{defect}");
    }
}
