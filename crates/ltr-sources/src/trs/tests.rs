use expect_test::{Expect, expect};
use ltr_domain::ids::Feed;
use serde_json::json;

use ltr_domain::time::CivilDate;

use super::*;
use crate::map_row;
use crate::testing::{code, mapped, person_row};

const FEED: Feed = Feed::TrsPersons;

fn body(row: &Value) -> TrsPerson {
    let Body::TrsPerson(person) = mapped(FEED, row).unwrap().body else {
        panic!("an answer makes a person")
    };
    *person
}

fn check(shown: impl std::fmt::Debug, expected: Expect) {
    expected.assert_eq(&format!("{shown:#?}"));
}

fn answered(status: u64, headers: Value) -> Value {
    json!({"_http": {"status": status, "headers": headers}, "requested_trn": "3013021", "body": "text"})
}

#[test]
fn not_found_gone_and_moved_are_answers_about_the_trn_that_was_asked_for() {
    let moved = answered(308, json!({"Location": "/v3/persons/3012858"}));
    let cases = [
        (answered(404, json!({})), Answer::NotFound),
        (answered(410, json!({})), Answer::Deactivated),
        (moved, Answer::MergedInto(Trn::parse("3012858").unwrap())),
    ];
    for (row, answer) in cases {
        assert_eq!(
            mapped(FEED, &row).unwrap().record.to_string(),
            "trs/person/3013021"
        );
        assert_eq!(body(&row), TrsPerson::answered(answer));
    }
}

#[test]
fn an_answer_that_cannot_be_relied_on_is_refused() {
    let cases = [
        (answered(500, json!({})), "http_status_not_an_answer"),
        (answered(429, json!({})), "http_status_not_an_answer"),
        (answered(308, json!({})), "merge_target_unreadable"),
        (
            answered(308, json!({"location": "/v3/persons/12345"})),
            "merge_target_unreadable",
        ),
        (
            answered(308, json!({"location": "/v3/persons/3013021"})),
            "merge_target_unreadable",
        ),
        (answered(200, json!({})), "wrong_type"),
        (json!({"_http": {"status": 200}}), "not_a_person"),
        (json!({"_http": {"status": 404}}), "missing_trn"),
        (json!({"_http": {"method": "PUT"}, "body": {}}), "not_an_answer"),
        (
            json!({"_http": {"status": 200}, "requested_trn": "3100002", "body": person_row(json!({}))}),
            "trn_mismatch",
        ),
    ];
    for (row, expected) in cases {
        assert_eq!(code(FEED, &row), expected, "{row}");
    }
}

#[test]
fn a_person_in_an_envelope_is_the_person() {
    let person = person_row(json!({"qts": {"holdsFrom": "2023-02-27", "routes": []}}));
    let enveloped = json!({"_http": {"status": 200}, "requested_trn": "3100001", "body": person});
    assert_eq!(body(&enveloped), body(&person));
    let (bare, enveloped) = (
        map_row(FEED, &person).unwrap(),
        map_row(FEED, &enveloped).unwrap(),
    );
    assert_eq!(enveloped.evidence, bare.evidence);
}

#[test]
fn what_is_no_person_is_not_taken_for_one() {
    let cases = [
        (
            json!({"deactivatedPerson": {"trn": "3002962"}, "mergedWithPerson": null}),
            "not_a_person",
        ),
        (
            json!({"oneLoginUser": {}, "connectedPerson": {"trn": "1234567"}}),
            "not_a_person",
        ),
        (json!({"trn": "1234567", "alert": {}}), "not_a_person"),
        (
            json!({"requestId": "r", "status": "Completed", "trn": "6440650"}),
            "not_a_person",
        ),
        (json!({"trn": "1234567", "qualifications": []}), "not_a_person"),
        (
            json!({"trn": "1234567", "trainee_id": "slug", "first_names": "Ada"}),
            "not_a_person",
        ),
        (json!({"firstName": "Ada", "lastName": "Byron"}), "missing_trn"),
        (json!({"firstName": "Ada", "trn": null}), "missing_trn"),
    ];
    for (row, expected) in cases {
        assert_eq!(code(FEED, &row), expected, "{row}");
    }
}

#[test]
fn t02_t03_a_trn_that_is_none_is_refused() {
    let code_of = |trn: Value| code(FEED, &person_row(json!({"trn": trn})));
    assert_eq!(code_of(json!("123456")), "trn_wrong_length");
    assert_eq!(code_of(json!(1_234_567)), "trn_not_text");
    assert_eq!(code_of(json!("999999999")), "trn_sentinel");
}

#[test]
fn t21_a_section_that_was_not_asked_for_is_no_statement() {
    let bare = body(&person_row(json!({})));
    assert_eq!(bare, TrsPerson::answered(Answer::Found));
    let stated = body(&person_row(
        json!({"qts": null, "induction": null, "alerts": [], "qtlsStatus": null}),
    ));
    assert_eq!((stated.qts, stated.induction), (Stated::Null, Stated::Null));
    assert_eq!(
        (stated.alerts, stated.qtls),
        (Stated::Value(Vec::new()), Stated::Null)
    );
}

#[test]
fn t22_alerts_in_any_case_without_ids_and_with_odd_dates_are_read() {
    let snake = json!([
        {"alert_type": {"alert_type_id": "t2"}, "startDate": "2018-9-20"},
        {"alert_type": {"alert_type_id": "t1"}, "startDate": "2019-10-25"},
    ]);
    check(
        body(&person_row(json!({"alerts": snake})))
            .alerts
            .value()
            .unwrap(),
        expect![[r#"
            [
                Alert {
                    key: "t1#1",
                    type_id: Value(
                        "t1",
                    ),
                    category_id: Unstated,
                    start_date: Value(
                        Day(
                            2019-10-25,
                        ),
                    ),
                    end_date: Unstated,
                },
                Alert {
                    key: "t2#1",
                    type_id: Value(
                        "t2",
                    ),
                    category_id: Unstated,
                    start_date: Value(
                        Unreadable(
                            "2018-9-20",
                        ),
                    ),
                    end_date: Unstated,
                },
            ]"#]],
    );
}

#[test]
fn t34_the_end_of_an_alert_is_kept_though_it_lies_ahead() {
    let alerts = json!([{"alertId": "a", "alertType": {"alertTypeId": "t"}, "details": "SECRET", "endDate": "2030-01-01"}]);
    let row = person_row(json!({"alerts": alerts}));
    assert_eq!(
        body(&row).alerts.value().unwrap()[0].end_date,
        Stated::Value(CivilDate::read("2030-01-01"))
    );
    assert!(
        !map_row(FEED, &row)
            .unwrap()
            .evidence
            .to_string()
            .contains("SECRET")
    );
}

#[test]
fn the_order_of_lists_means_nothing() {
    let route = |id: &str| json!({"routeToProfessionalStatusId": id, "status": "Holds"});
    let nameless = |date: &str| json!({"status": "InTraining", "trainingStartDate": date});
    let mut routes = vec![
        route("b"),
        nameless("2021-01-01"),
        route("a"),
        nameless("2020-01-01"),
    ];
    let mut qualifications = vec![
        json!({"mandatoryQualificationId": 1, "specialism": "Visual impairment", "endDate": "2023-02-28"}),
        json!({"mandatoryQualificationId": 1, "specialism": "Hearing", "endDate": "2022-01-01"}),
    ];
    let straight = body(&person_row(
        json!({"routesToProfessionalStatuses": routes, "mandatoryQualifications": qualifications}),
    ));
    routes.reverse();
    qualifications.reverse();
    let turned = body(&person_row(
        json!({"routesToProfessionalStatuses": routes, "mandatoryQualifications": qualifications}),
    ));
    assert_eq!(straight, turned);
    let keys: Vec<_> = straight
        .routes
        .value()
        .unwrap()
        .iter()
        .map(|route| route.key.as_str())
        .collect();
    assert_eq!(keys, ["#1", "#2", "a", "b"]);
    let keys: Vec<_> = straight
        .mandatory_qualifications
        .value()
        .unwrap()
        .iter()
        .map(|row| row.key.as_str())
        .collect();
    assert_eq!(keys, ["Hearing#1", "Visual impairment#1"]);
}

#[test]
fn t32_an_induction_in_progress_with_an_end_is_accepted_as_it_is() {
    let induction = json!({"status": "InProgress", "startDate": "2024-08-21", "completedDate": "2025-08-21"});
    check(
        body(&person_row(json!({"induction": induction}))).induction,
        expect![[r#"
            Value(
                Induction {
                    status: InProgress,
                    start_date: Value(
                        Day(
                            2024-08-21,
                        ),
                    ),
                    completed_date: Value(
                        Day(
                            2025-08-21,
                        ),
                    ),
                    exemption_reasons: [],
                },
            )"#]],
    );
}

#[test]
fn personal_values_are_read_in_either_case_and_kept_out_of_sight() {
    let row = person_row(json!({
        "middleName": "", "dateOfBirth": "2000-01-01", "email": "ada@example.com", "nationalInsuranceNumber": "SECRET",
        "previousNames": [{"first_name": "Ada", "middle_name": "", "last_name": "King"}, {"firstName": "A", "lastName": "B"}],
    }));
    let mapped_row = map_row(FEED, &row).unwrap();
    assert!(!mapped_row.evidence.contains("SECRET"));
    let personal = &mapped_row.records[0].personal.0;
    let texts = |field| personal[&field].value().unwrap().0.clone();
    assert_eq!(texts(PersonalField::Names), ["Ada", "", "Byron"]);
    assert_eq!(
        texts(PersonalField::PreviousNames),
        ["Ada", "", "King", "A", "", "B"]
    );
    assert_eq!(texts(PersonalField::Email), ["ada@example.com"]);
    assert!(!format!("{:?}", mapped_row.records).contains("Byron"));
}

#[test]
fn a_row_with_a_defect_is_about_whom_it_says_and_a_busy_service_about_nobody() {
    let named = |row: &Value| named_person(row).map(|record| record.key);
    let bad = person_row(json!({"qts": "none"}));
    assert_eq!(code(FEED, &bad), "wrong_type");
    assert_eq!(named(&bad).as_deref(), Some("3100001"));
    assert_eq!(named(&person_row(json!({"trn": "123456"}))), None);
    let moved = answered(308, json!({"location": "/nowhere"}));
    assert_eq!(code(FEED, &moved), "merge_target_unreadable");
    assert_eq!(named(&moved).as_deref(), Some("3013021"));
    let busy = answered(503, json!({}));
    assert_eq!(code(FEED, &busy), "http_status_not_an_answer");
    assert_eq!(named(&busy), None);
    let other = json!({"_http": {"status": 200}, "requested_trn": "3013021", "body": person_row(json!({}))});
    assert_eq!(code(FEED, &other), "trn_mismatch");
    assert_eq!(named(&other), None);
}
