//! Identifiers as people write them: zeros kept, legacy forms read, what names nobody refused, merges followed aloud.

use ltr_api::client::{connect, reason_of};
use ltr_proto::record::{BatchGetTeachersRequest, GetTeacherRequest, LookupTeacherRequest, batch_result};
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;

use crate::house::House;
use crate::rows::*;

const TAKEN_AT: &str = "2026-10-01T06:00:00Z";

async fn house_with_people() -> House {
    let house = House::simulated().await;
    let rows = [
        qualified("0000123", "2024-07-01"),
        qualified("RP99/12345", "2019-07-01"),
        qualified("3012858", "2012-08-01"),
        merged("3013021", "3012858"),
        merged("3013022", "3012859"),
        qualified("310000", "2024-07-01"),
        qualified("999999999", "2024-07-01"),
        with(qualified("3100009", "2024-07-01"), json!({ "trn": 3_100_009 })),
    ];
    let report = house.ingest("trs/persons", TAKEN_AT, &rows).await;
    assert_eq!(report["observations"], 5, "{report}");
    assert_eq!(report["quarantined"], 3, "{report}");
    let trainees = [trainee(
        "zeros",
        json!({ "trn": "0000123", "state": "trn_received" }),
    )];
    house.ingest("register/trainees", TAKEN_AT, &trainees).await;
    house.project().await;
    house
}

fn request(id: &str) -> GetTeacherRequest {
    GetTeacherRequest {
        name: format!("teachers/{id}"),
        ..GetTeacherRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_reads_and_shows_ids_as_they_are() {
    let house = house_with_people().await;

    let zeros = house.show("0000123").await;
    assert_eq!(zeros["trn"], "0000123");
    assert_eq!(zeros["trns"], json!(["0000123"]));
    assert_eq!(zeros["name"], "teachers/0000123");
    assert_eq!(
        zeros["records"],
        json!(["register/trainee/zeros", "trs/person/0000123"])
    );
    assert_eq!(zeros["redirected_from"], Value::Null);
    let text = house.done(&["teacher", "show", "0000123"]).await.stdout;
    assert!(text.starts_with("teachers/0000123\n"), "{text}");
    let by_slug = house.show("register-trainee:zeros").await;
    assert_eq!(by_slug["trn"], "0000123");
    let shown = house
        .done(&["log", "show", "--record", "trs/person/0000123"])
        .await;
    assert_eq!(shown.json()["subject"], "ltr.record.trs.person.0000123");

    for id in ["9912345", "RP99/12345", "99/12345"] {
        let legacy = house.show(id).await;
        assert_eq!(
            (&legacy["trn"], &legacy["redirected_from"]),
            (&json!("9912345"), &Value::Null),
            "{id}"
        );
    }

    for id in [
        "999999999",
        "310000",
        "31000011",
        "12A4567",
        "nobody:1",
        "apply-choice:x",
        "",
    ] {
        let refused = house.run(&["teacher", "show", id, "--json"]).await;
        assert_eq!(refused.code(), Some(2), "{id}: {refused:?}");
        assert!(
            refused.stdout.is_empty() && !refused.stderr.is_empty(),
            "{id}: {refused:?}"
        );
        let refused = house.run(&["teacher", "history", id]).await;
        assert_eq!(refused.code(), Some(2), "{id}: {refused:?}");
    }
    for id in ["3100001", "apply-choice:999", "register-trainee:nobody"] {
        let unknown = house.run(&["teacher", "show", id]).await;
        assert_eq!(unknown.code(), Some(3), "{id}: {unknown:?}");
        assert!(
            unknown.stdout.is_empty() && unknown.stderr.contains(id),
            "{id}: {unknown:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_nobody_is_set_aside_under_its_code() {
    let house = house_with_people().await;
    let listed = house.done(&["quarantine", "list", "--json"]).await;
    let mut codes: Vec<(String, String)> = listed
        .json_lines()
        .iter()
        .map(|row| (row["code"].to_string(), row["place"].to_string()))
        .collect();
    codes.sort();
    let expected = [
        ("\"trn_not_text\"", "\"rows.ndjson line 8\""),
        ("\"trn_sentinel\"", "\"rows.ndjson line 7\""),
        ("\"trn_wrong_length\"", "\"rows.ndjson line 6\""),
    ];
    assert_eq!(
        codes,
        expected.map(|(code, place)| (code.to_owned(), place.to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_trn_answers_as_the_retained_one_and_says_so() {
    let house = house_with_people().await;
    let merged = house.show("3013021").await;
    assert_eq!(merged["trn"], "3012858");
    assert_eq!(merged["name"], "teachers/3012858");
    assert_eq!(merged["redirected_from"], "3013021");
    assert_eq!(
        merged["merged_trns"],
        json!([{ "trn": "3013021", "into_trn": "3012858" }])
    );
    assert_eq!(merged["stage"], "qualified");
    let text = house.done(&["teacher", "show", "3013021"]).await.stdout;
    assert!(text.contains("3013021 now answers as teachers/3012858"), "{text}");
    let retained = house.show("3012858").await;
    assert_eq!(retained["redirected_from"], Value::Null);
    assert_eq!(retained["person_id"], merged["person_id"]);

    // Nobody has read the record that this one was merged into.
    let unread = house.show("3013022").await;
    assert_eq!(unread["standing"], "record_merged");
    assert_eq!(unread["trn"], "3012859");
    assert_eq!(unread["redirected_from"], "3013022");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_answers_the_same_with_codes_that_programs_read() {
    let house = house_with_people().await;
    let (serving, address) = house.serve(&[]).await;
    let mut client = connect(&address).await.expect("it listens");

    let teacher = client
        .get_teacher(request("0000123"))
        .await
        .unwrap()
        .into_inner()
        .teacher
        .unwrap();
    assert_eq!(
        (teacher.trn.as_str(), teacher.name.as_str()),
        ("0000123", "teachers/0000123")
    );
    let teacher = client
        .get_teacher(request("RP99/12345"))
        .await
        .unwrap()
        .into_inner()
        .teacher
        .unwrap();
    assert_eq!(teacher.trn, "9912345");
    let teacher = client
        .get_teacher(request("3013021"))
        .await
        .unwrap()
        .into_inner()
        .teacher
        .unwrap();
    assert_eq!(
        (teacher.trn.as_str(), teacher.redirected_from.as_str()),
        ("3012858", "3013021")
    );
    let found = LookupTeacherRequest {
        id: "3013021".into(),
        date_of_birth: String::new(),
    };
    let found = client.lookup_teacher(found).await.unwrap().into_inner();
    assert_eq!(
        (found.trn.as_str(), found.redirected_from.as_str()),
        ("3012858", "3013021")
    );

    let unknown = client.get_teacher(request("3100001")).await.unwrap_err();
    assert_eq!(
        (unknown.code(), reason_of(&unknown).as_deref()),
        (Code::NotFound, Some("TEACHER_NOT_FOUND"))
    );
    for id in ["999999999", "310000", "12A4567"] {
        let malformed = client.get_teacher(request(id)).await.unwrap_err();
        assert_eq!(
            (malformed.code(), reason_of(&malformed).as_deref()),
            (Code::InvalidArgument, Some("INVALID_ID"))
        );
        let violations = malformed.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations.len(), 1, "{id}: {malformed:?}");
        assert_eq!(violations[0].field, "name");
    }

    let names = ["0000123", "3100001", "3013021", "31"]
        .map(|id| format!("teachers/{id}"))
        .to_vec();
    let batch = BatchGetTeachersRequest {
        names: names.clone(),
        ..BatchGetTeachersRequest::default()
    };
    let results = client
        .batch_get_teachers(batch)
        .await
        .unwrap()
        .into_inner()
        .results;
    let told: Vec<(String, String)> = results
        .into_iter()
        .map(|result| match result.outcome {
            Some(batch_result::Outcome::Teacher(teacher)) => (result.name, teacher.trn),
            Some(batch_result::Outcome::Missing(missing)) => (result.name, missing.reason),
            None => panic!("{} has no outcome", result.name),
        })
        .collect();
    let expected = ["0000123", "TEACHER_NOT_FOUND", "3012858", "INVALID_ID"].map(str::to_owned);
    assert_eq!(told, names.into_iter().zip(expected).collect::<Vec<_>>());

    drop(client);
    assert!(serving.stop().await.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_others_can_reach_is_refused() {
    let house = House::simulated().await;
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = house.run(&["serve", "--grpc-address", address]).await;
        assert!(
            !refused.status.success() && refused.status.code().is_some(),
            "{refused:?}"
        );
        assert!(refused.stderr.contains("not loopback"), "{refused:?}");
    }
}
