//! What a row of the Candidate API says, in whatever order and version.

use expect_test::expect;

use super::*;

#[test]
fn a_row_is_a_candidate_and_its_choices_in_order() {
    let row = of_candidate(&candidate());
    let expected = [
        "apply/candidate/C1234",
        "apply/choice/401",
        "apply/choice/501",
        "apply/choice/502",
    ];
    assert_eq!(keys(&row.records), expected);
    assert_eq!(row.unknown_fields, [""; 0]);
    check(
        &row.records[0].body,
        expect![[r#"
        ApplyCandidate(ApplyCandidate { created_at: Value(2024-10-20T09:00:00Z),
        forms: Value([Form { id: FormId(60),
        cycle_year: Value(2025),
        submitted_at: Null,
        status: Value("ended_without_success") },
        Form { id: FormId(70),
        cycle_year: Value(2026),
        submitted_at: Value(2025-10-12T09:00:00Z),
        status: Value("recruited") }]) })
    "#]],
    );
    check(
        &row.records[2].body,
        expect![[r#"
        ApplyChoice(ApplyChoice { candidate: CandidateId(1234),
        form: FormId(70),
        status: Recruited,
        cycle_year: Value(2026),
        created_at: Value(2025-10-10T09:00:00Z),
        sent_to_provider_at: Value(2025-10-12T09:00:00Z),
        accepted_at: Value(2026-02-01T09:00:00Z),
        provider_name: Value("Oaks"),
        course: Value(ChosenCourse { uuid: Value("c-1"),
        name: Value("History"),
        level: Value("secondary"),
        funding_type: Value("fee"),
        program_type: Value("scitt_programme") }),
        interviews: Value([Interview { id: 11,
        at: Value(2025-11-01T10:00:00Z),
        cancelled_at: Value(2025-10-30T10:00:00Z) },
        Interview { id: 12,
        at: Value(2025-11-08T10:00:00Z),
        cancelled_at: Unstated }]) })
    "#]],
    );
    let updated = row
        .records
        .iter()
        .map(|mapped| mapped.source_updated_at.unwrap().to_string());
    assert_eq!(
        updated.take(2).collect::<Vec<_>>(),
        ["2026-06-30T23:30:00.123Z", "2026-06-30T23:30:00Z"]
    );
    assert_eq!(personal(&row.records[0], PersonalField::Email), "Ada@example.org");
    assert!(row.records[1..].iter().all(|choice| choice.personal.0.is_empty()));
}

#[test]
fn the_order_of_lists_means_nothing() {
    let mut row = candidate();
    let forms = row
        .pointer_mut("/attributes/application_forms")
        .and_then(Value::as_array_mut)
        .unwrap();
    forms.reverse();
    for form in forms {
        let choices = form
            .pointer_mut("/application_choices/data")
            .and_then(Value::as_array_mut)
            .unwrap();
        choices.reverse();
        for choice in choices {
            choice["interviews"].as_array_mut().unwrap().reverse();
        }
    }
    assert_eq!(meaning(&of_candidate(&row)), meaning(&of_candidate(&candidate())));
}

/// T09: the name is that of the latest cycle's form, wherever it stands; a form begun and not filled in names nobody.
#[test]
fn t09_the_latest_form_names_the_candidate() {
    let name = |row: &Value| personal(&of_candidate(row).records[0], PersonalField::Names);
    assert_eq!(name(&candidate()), "Ada||Newname");
    let newest = "/attributes/application_forms/0";
    let begun = altered(candidate(), &format!("{newest}/first_name"), Value::Null);
    let begun = altered(begun, &format!("{newest}/last_name"), json!(" "));
    assert_eq!(name(&begun), "Ada||Oldname");
    let later = altered(
        candidate(),
        "/attributes/application_forms/1/recruitment_cycle_year",
        json!(2027),
    );
    assert_eq!(name(&later), "Ada||Oldname");

    // Before v1.4 forms carried no names: that is no statement, so what was known stays.
    let older = without(without(candidate(), newest, "first_name"), newest, "last_name");
    let one_form = altered(
        older.clone(),
        "/attributes/application_forms",
        json!([older.pointer(newest).unwrap()]),
    );
    assert_eq!(name(&one_form), "unstated");
    let cleared = altered(
        one_form,
        "/attributes/application_forms",
        json!([{ "id": 70, "first_name": null }]),
    );
    assert_eq!(name(&cleared), "null");
}

/// T21: a field that is absent, null, or an empty list is three statements.
#[test]
fn t21_absent_null_and_empty_are_kept_apart() {
    let forms = |row: &Value| {
        let Body::ApplyCandidate(candidate) = of_candidate(row).records.remove(0).body else {
            unreachable!("the first record of a row is the candidate")
        };
        candidate.forms
    };
    assert_eq!(
        forms(&without(candidate(), "/attributes", "application_forms")),
        Stated::Unstated
    );
    assert_eq!(
        forms(&altered(
            candidate(),
            "/attributes/application_forms",
            Value::Null
        )),
        Stated::Null
    );
    assert_eq!(
        forms(&altered(candidate(), "/attributes/application_forms", json!([]))),
        Stated::Value(Vec::new())
    );

    let submitted = |row: &Value| {
        let forms = forms(row);
        forms
            .value()
            .and_then(|forms| forms.last())
            .map(|form| form.submitted_at)
            .expect("two forms")
    };
    assert_eq!(
        submitted(&without(
            candidate(),
            "/attributes/application_forms/0",
            "submitted_at"
        )),
        Stated::Unstated
    );
    let null = altered(
        candidate(),
        "/attributes/application_forms/0/submitted_at",
        Value::Null,
    );
    assert_eq!(submitted(&null), Stated::Null);

    // A version that leaves `accepted_at` out takes nothing away from what a newer one said (T20).
    let first_choice = "/attributes/application_forms/0/application_choices/data/1";
    let newer = of_candidate(&candidate()).records.remove(2).body;
    let older = of_candidate(&without(candidate(), first_choice, "accepted_at"))
        .records
        .remove(2)
        .body;
    assert_ne!(older, newer);
    assert_eq!(older.over(&newer), newer);
}

/// T23: one instant in four spellings.
#[test]
fn t23_an_instant_is_the_same_in_every_zone() {
    let at = "/attributes/created_at";
    let body = |text: &str| {
        of_candidate(&altered(candidate(), at, json!(text)))
            .records
            .remove(0)
            .body
    };
    let expected = body("2021-05-20T12:34:00Z");
    for text in [
        "2021-05-20T13:34:00+01:00",
        "2021-05-20 12:34:00 UTC",
        "2021-05-20T12:34:00.000Z",
    ] {
        assert_eq!(body(text), expected, "{text}");
    }
    assert_ne!(body("2021-05-20T12:34:01Z"), expected);
}

/// T19 and T20: what Apply adds without a new version stops nothing and is not lost from sight.
#[test]
fn t19_t20_what_is_new_upstream_is_kept_or_counted() {
    let row = altered(
        candidate(),
        "/attributes/application_forms/0/application_choices/data/1/status",
        json!("on_hold"),
    );
    let row = altered(
        row,
        "/attributes/application_forms/0/qualifications",
        json!({ "completed": true, "x": 1 }),
    );
    let mut row = row;
    row["attributes"]["application_forms"][0]["middle_name"] = json!("canary-name");
    row["attributes"]["safeguarding"] = json!({ "notes": "canary-notes" });
    let row = of_candidate(&row);
    let Body::ApplyChoice(choice) = &row.records[2].body else {
        unreachable!("the third record is choice 501")
    };
    assert_eq!(choice.status.text(), "on_hold");
    assert!(!choice.status.is_recognised());
    assert_eq!(
        row.unknown_fields,
        [
            "attributes.application_forms[].middle_name",
            "attributes.safeguarding"
        ]
    );
    assert!(!row.evidence.contains("canary"));
}
