use expect_test::{Expect, expect};
use ltr_domain::ids::Feed;
use ltr_domain::record::State;
use serde_json::{Value, json};

use crate::testing::{events, mapped, person, state};

fn check_first(row: Value, expected: Expect) {
    expected.assert_eq(&events(None, &person(row)));
}

/// What is told when one answer follows another; the second is laid over the first, as ingest does it.
fn check(old: Value, new: Value, expected: Expect) {
    check_states(&person(old), person(new), expected);
}

fn check_states(old: &State, mut new: State, expected: Expect) {
    new.body = new.body.over(&old.body);
    expected.assert_eq(&events(Some(old), &new));
}

fn answer(status: u64, location: &str) -> State {
    let row = json!({
        "_http": {"status": status, "headers": {"location": location}}, "requested_trn": "3100001", "body": "",
    });
    state(mapped(Feed::TrsPersons, &row).unwrap())
}

fn qts(day: &str) -> Value {
    json!({"holdsFrom": day, "routes": []})
}

fn induction(status: &str, start: Value, completed: Value) -> Value {
    json!({"status": status, "startDate": start, "completedDate": completed, "exemptionReasons": []})
}

#[test]
fn a_person_first_seen_tells_everything_that_is_stated() {
    check_first(
        json!({
            "qts": qts("2027-06-30"), "eyts": null, "qtlsStatus": "None",
            "induction": induction("RequiredToComplete", json!(null), json!(null)),
            "routesToProfessionalStatuses": [
                {"routeToProfessionalStatusId": "r1", "status": "Holds", "holdsFrom": "2027-06-30"},
                {"routeToProfessionalStatusId": "r2", "status": "InTraining", "trainingStartDate": "2026-09-01"},
            ],
            "mandatoryQualifications": [
                {"mandatoryQualificationId": "m1", "endDate": "2023-02-28", "specialism": "Hearing"},
            ],
            "alerts": [],
        }),
        expect![[r#"
            TrnAllocated first_seen 2026-09-30 observed
            QualifiedStatusHeld first_seen 2027-06-30 stated
            EarlyYearsStatusChanged first_seen 2026-09-30 observed
            QtlsLapsed first_seen 2026-09-30 observed
            InductionRequired first_seen 2027-06-30 inferred
            RouteRecorded first_seen 2027-06-30 stated
            RouteRecorded first_seen 2026-09-01 stated
            MandatoryQualificationRecorded first_seen 2023-02-28 stated
            AlertsListed first_seen 2026-09-30 observed (- > 0)
        "#]],
    );
    check_first(
        json!({}),
        expect![[r#"
        TrnAllocated first_seen 2026-09-30 observed
    "#]],
    );
    expect![[r#"
        TrnNotFound first_seen 2026-09-30 observed
    "#]]
    .assert_eq(&events(None, &answer(404, "")));
}

#[test]
fn t04_a_merged_trn_asserts_a_link_and_keeps_what_was_known() {
    let known = person(json!({"qts": qts("2012-07-01"), "alerts": []}));
    check_states(
        &known,
        answer(308, "/v3/persons/3012858"),
        expect![[r#"
        TrnMergedInto changed 2026-09-30 observed
        IdentityLinkAsserted first_seen 2026-09-30 observed (trs/person/3012858)
    "#]],
    );
    check_states(
        &answer(308, "/v3/persons/3012858"),
        answer(410, ""),
        expect![[r#"
            TrnDeactivated changed 2026-09-30 observed
        "#]],
    );
    check_states(
        &answer(410, ""),
        person(json!({})),
        expect![[r#"
        TrnReactivated reversed 2026-09-30 observed
    "#]],
    );
    check_states(
        &answer(404, ""),
        person(json!({})),
        expect![[r#"
        TrnAllocated changed 2026-09-30 observed
    "#]],
    );
    check_states(
        &known,
        answer(404, ""),
        expect![[r#"
        TrnNotFound changed 2026-09-30 observed
    "#]],
    );
}

#[test]
fn t05_a_404_takes_nothing_away_and_the_version_that_redirects_is_the_one_read() {
    let known = person(json!({
        "qts": qts("2012-07-01"), "induction": induction("Passed", json!("2012-09-01"), json!("2013-07-01")),
        "alerts": [],
    }));
    let mut lost = answer(404, "");
    lost.body = lost.body.over(&known.body);
    let told = events(Some(&known), &lost);
    assert_eq!(told, "TrnNotFound changed 2026-09-30 observed\n");
    assert!(crate::api_version(Feed::TrsPersons) >= "20260120");
}

#[test]
fn t33_a_failure_in_wales_has_its_day_and_what_follows_it_another() {
    let row = |section: Value| json!({"qts": qts("2012-07-01"), "induction": section});
    let failed = row(induction(
        "FailedInWales",
        json!("2012-09-01"),
        json!("2013-07-11"),
    ));
    check(
        row(induction("InProgress", json!("2012-09-01"), json!(null))),
        failed.clone(),
        expect![[r#"
            InductionFailed changed 2013-07-11 stated
        "#]],
    );
    check(
        failed,
        row(induction("Passed", json!("2012-09-01"), json!("2014-07-10"))),
        expect![[r#"
            InductionPassed changed 2014-07-10 stated
        "#]],
    );
}

#[test]
fn t32_a_qualified_status_is_held_revised_and_removed() {
    let row = |section: Value| json!({ "qts": section });
    check(
        row(json!(null)),
        row(qts("2023-02-27")),
        expect![[r#"
        QualifiedStatusHeld changed 2023-02-27 stated
    "#]],
    );
    check(
        row(qts("2023-02-27")),
        row(qts("2022-07-01")),
        expect![[r#"
        QualifiedDateRevised changed 2022-07-01 stated
    "#]],
    );
    check(
        row(qts("2023-02-27")),
        row(qts("27/02/2023")),
        expect![[r#"
        QualifiedDateRevised changed 2023-02-27 stated
    "#]],
    );
    check(
        row(qts("2023-02-27")),
        row(json!(null)),
        expect![[r#"
        QualifiedStatusRemoved changed 2026-09-30 observed
    "#]],
    );
    check(
        json!({}),
        row(json!(null)),
        expect![[r#"
        QualifiedStatusRemoved first_seen 2026-09-30 observed
    "#]],
    );
}

#[test]
fn a_lapsed_qtls_tells_three_facts_and_no_consequence() {
    let exempt = json!({
        "qts": qts("2019-03-01"), "qtlsStatus": "Active", "induction": induction("Exempt", json!(null), json!(null)),
    });
    let lapsed = json!({
        "qts": null, "qtlsStatus": "Expired",
        "induction": induction("RequiredToComplete", json!(null), json!(null)),
    });
    check(
        exempt.clone(),
        lapsed.clone(),
        expect![[r#"
        QualifiedStatusRemoved changed 2026-09-30 observed
        QtlsLapsed changed 2026-09-30 observed
        InductionExemptionEnded changed 2026-09-30 observed
        InductionRequired changed 2026-09-30 observed
    "#]],
    );
    check(
        lapsed,
        exempt,
        expect![[r#"
        QualifiedStatusHeld changed 2019-03-01 stated
        QtlsGranted changed 2026-09-30 observed
        InductionExempted changed 2019-03-01 inferred
    "#]],
    );
}

#[test]
fn t32_induction_is_told_by_its_status_and_dates_that_do_not_fit_are_accepted() {
    let row = |section: Value| json!({"qts": qts("2027-06-30"), "induction": section});
    let required = row(induction("RequiredToComplete", json!(null), json!(null)));
    let started = row(induction("InProgress", json!("2027-09-01"), json!(null)));
    let odd = row(induction("InProgress", json!("2027-08-30"), json!("2026-01-01")));
    let passed = row(induction("Passed", json!("2027-09-01"), json!("2029-07-10")));
    check(
        row(json!(null)),
        required.clone(),
        expect![[r#"
        InductionRequired changed 2027-06-30 inferred
    "#]],
    );
    check(
        required,
        started.clone(),
        expect![[r#"
        InductionStarted changed 2027-09-01 stated
    "#]],
    );
    check(
        started.clone(),
        odd,
        expect![[r#"
        InductionDatesCorrected changed 2027-08-30 stated
    "#]],
    );
    check(
        started,
        passed.clone(),
        expect![[r#"
        InductionPassed changed 2029-07-10 stated
    "#]],
    );
    check(
        passed.clone(),
        row(induction("FailedInWales", json!(null), json!("2029-07-11"))),
        expect![[r#"
        InductionFailed changed 2029-07-11 stated
    "#]],
    );
    check(
        passed.clone(),
        row(induction("Paused", json!(null), json!(null))),
        expect![[r#"
        InductionDatesCorrected changed 2026-09-30 observed
    "#]],
    );
    check(
        passed,
        row(json!(null)),
        expect![[r#"
        InductionReset changed 2026-09-30 observed
    "#]],
    );
}

#[test]
fn t34_an_alert_is_opened_amended_closed_and_deleted() {
    let alert = |id, start: Value, end: Value| json!({"alertId": id, "alertType": {"alertTypeId": "t"}, "startDate": start, "endDate": end});
    let row = |alerts: Value| json!({ "alerts": alerts });
    let open = row(json!([alert("a", json!("2019-10-25"), json!(null))]));
    check(
        json!({}),
        open.clone(),
        expect![[r#"
        AlertsListed first_seen 2026-09-30 observed (- > 1)
        AlertOpened first_seen 2019-10-25 stated
    "#]],
    );
    check(
        row(json!([])),
        open.clone(),
        expect![[r#"
        AlertOpened first_seen 2019-10-25 stated
    "#]],
    );
    check(
        open.clone(),
        row(json!([alert("a", json!("2019-10-01"), json!(null))])),
        expect![[r#"
        AlertAmended changed 2019-10-01 stated
    "#]],
    );
    let closed = row(json!([alert("a", json!("2019-10-25"), json!("2030-01-01"))]));
    check(
        open.clone(),
        closed.clone(),
        expect![[r#"
        AlertClosed changed 2030-01-01 stated
    "#]],
    );
    check(
        closed,
        open.clone(),
        expect![[r#"
        AlertAmended changed 2030-01-01 stated
    "#]],
    );
    check(
        open.clone(),
        row(json!([])),
        expect![[r#"
        AlertDeleted changed 2026-09-30 observed
    "#]],
    );
    check(
        open,
        row(json!(null)),
        expect![[r#"
            AlertsListed changed 2026-09-30 observed (1 > -)
        "#]],
    );
}

#[test]
fn routes_are_told_by_their_keys_and_one_that_ended_is_not_dated_by_its_beginning() {
    let route = |id, status| json!({"routeToProfessionalStatusId": id, "status": status, "trainingStartDate": "2024-09-01"});
    let row = |routes: Value| json!({ "routesToProfessionalStatuses": routes });
    let training = row(json!([route("r1", "InTraining"), route("r2", "Deferred")]));
    check(
        training.clone(),
        row(json!([route("r2", "Deferred"), route("r1", "InTraining")])),
        expect![[""]],
    );
    check(
        training.clone(),
        row(json!([route("r1", "Withdrawn"), route("r3", "InTraining")])),
        expect![[r#"
        RouteStatusChanged changed 2026-09-30 observed
        RouteRemoved changed 2026-09-30 observed
        RouteRecorded first_seen 2024-09-01 stated
    "#]],
    );
    check(
        json!({}),
        row(json!([])),
        expect![[r#"
        RouteStatusChanged first_seen 2026-09-30 observed
    "#]],
    );
}

#[test]
fn mandatory_qualifications_and_early_years_status_are_told() {
    let row = |specialism: &str| {
        json!({"mandatoryQualifications": [
            {"mandatoryQualificationId": "m", "endDate": "2023-02-28", "specialism": specialism},
        ]})
    };
    check(
        row("Hearing"),
        row("Visual impairment"),
        expect![[r#"
        MandatoryQualificationChanged changed 2023-02-28 stated
    "#]],
    );
    check(
        row("Hearing"),
        json!({"mandatoryQualifications": []}),
        expect![[r#"
        MandatoryQualificationRemoved changed 2026-09-30 observed
    "#]],
    );
    check(
        json!({"eyts": null}),
        json!({"eyts": qts("2022-04-01")}),
        expect![[r#"
        EarlyYearsStatusChanged changed 2022-04-01 stated
    "#]],
    );
    check(
        json!({"eyts": qts("2022-04-01")}),
        json!({"eyts": null}),
        expect![[r#"
        EarlyYearsStatusChanged changed 2026-09-30 observed
    "#]],
    );
}
