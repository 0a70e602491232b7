//! TRS: versions, merges and what is asked for.

use axum::http::StatusCode;
use serde_json::Value;

use crate::house::{EVERYTHING, House};
use crate::people::{NOW, everybody};

async fn status(house: &House, version: &str, trn: &str) -> u16 {
    let answer = house.trs(version, &format!("/v3/persons/{trn}")).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn merged_deactivated_and_unknown_are_told_apart_from_20260120_on() {
    let house = House::new(everybody(), NOW);
    let trns = ["9993000", "9994000", "9995000", "9995001", "9999999"];
    for (version, expected) in [
        ("20260120", [200, 308, 410, 410, 404]),
        ("20260612", [200, 308, 410, 410, 404]),
        ("20250905", [200, 404, 404, 404, 404]),
        ("20260121", [404, 404, 404, 404, 404]),
    ] {
        for (trn, expected) in trns.iter().zip(expected) {
            assert_eq!(status(&house, version, trn).await, expected, "{version} {trn}");
        }
    }
    // The end of the chain, not its next link.
    let merged = house.trs("20260120", "/v3/persons/9994000").await;
    assert_eq!(merged.header("location"), "/v3/persons/9993000");
    let probed = house.trs("20260120", "/v3/trns/9993000").await;
    assert_eq!(probed.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_section_that_is_not_asked_for_is_absent_and_an_empty_one_is_empty() {
    let house = House::new(everybody(), NOW);
    let bare = house.trs("20260120", "/v3/persons/9991001").await.json();
    for section in [
        "induction",
        "routesToProfessionalStatuses",
        "alerts",
        "previousNames",
        "pendingNameChange",
    ] {
        assert_eq!(bare.get(section), None, "{section}");
    }
    let all = house
        .trs("20260120", &format!("/v3/persons/9991001{EVERYTHING}"))
        .await
        .json();
    assert_eq!(all["alerts"], Value::Array(Vec::new()));
    assert_eq!(all["induction"]["status"], "None");
    let unknown = house
        .trs("20260120", "/v3/persons/9991001?include=Horoscope")
        .await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_date_of_birth_cannot_be_told_from_an_unknown_trn() {
    let house = House::new(everybody(), NOW);
    let right = house
        .trs("20260120", "/v3/persons/9993000?dateOfBirth=2001-02-03")
        .await;
    assert_eq!(right.status, StatusCode::OK);
    let wrong = house
        .trs("20260120", "/v3/persons/9993000?dateOfBirth=2001-03-02")
        .await;
    let unknown = house.trs("20260120", "/v3/persons/9999999").await;
    assert_eq!((wrong.status, wrong.bytes), (unknown.status, unknown.bytes));
}

#[tokio::test]
async fn nobody_reads_without_a_key() {
    let house = House::new(everybody(), NOW);
    let answer = house
        .send("/v3/persons/9993000", &[("x-api-version", "20260120")])
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.bytes.is_empty());
}
