//! Rows in quarantine are worked off with the real command: driven again once their cause is gone, released by what comes
//! later or by hand, and erased.

use std::collections::BTreeSet;

use ltr_api::client::connect_feeds;
use ltr_ports::log::{Log, NewMessage, StoredMessage, Stream};
use ltr_proto::record::{ListQuarantineRequest, ScopeBound};
use ltr_proto::subject::Subject;
use serde_json::{Value, json};

use crate::house::{House, messages};
use crate::rows::trainee;

const FIRST: &str = "2026-09-21T06:00:00Z";
const SECOND: &str = "2026-09-22T06:00:00Z";

fn person(trn: u32, induction: &str) -> Value {
    json!({
        "trn": trn.to_string(), "qts": { "holdsFrom": "2024-07-01", "routes": [] }, "eyts": null, "qtlsStatus": "None",
        "induction": { "status": induction, "startDate": "2026-09-01" }, "alerts": [],
        "routesToProfessionalStatuses": [],
    })
}

fn people(induction: &str) -> Vec<Value> {
    (3_100_201..3_100_204).map(|trn| person(trn, induction)).collect()
}

/// Publishes what stood on the subjects of these keys, or something else.
async fn put_keys(house: &House, keys: &[StoredMessage], payload: impl Fn(&StoredMessage) -> bytes::Bytes) {
    let log = house.log().await;
    let message = |key: &StoredMessage| NewMessage {
        subject: key.subject.clone(),
        payload: payload(key),
        expected_last: None,
    };
    let messages = keys.iter().map(message).collect();
    log.publish(Stream::Keys, messages).await.unwrap();
}

async fn waiting(house: &House) -> Vec<Value> {
    house.project().await;
    let list = ["quarantine", "list", "--waiting", "--json"];
    house.done(&list).await.json_lines()
}

async fn redriven(house: &House, more: &[&str]) -> Vec<Value> {
    let arguments: Vec<&str> = ["quarantine", "redrive", "--json"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    house.done(&arguments).await.json_lines()
}

/// The service tells the same rows, as far as they are asked for.
async fn served(house: &House) {
    let (serving, address) = house.serve(&[]).await;
    let mut client = connect_feeds(&address).await.unwrap();
    let mut told = async |request: ListQuarantineRequest| {
        let told = client.list_quarantine(request).await.unwrap();
        told.into_inner().rows
    };
    let waiting = ListQuarantineRequest {
        source: "trs".to_owned(),
        code: "keys_unreadable".to_owned(),
        waiting: true,
        ..ListQuarantineRequest::default()
    };
    let rows = told(waiting.clone()).await;
    let records: BTreeSet<_> = rows.iter().map(|row| &row.record[..]).collect();
    let expected = ["trs/person/3100201", "trs/person/3100202", "trs/person/3100203"];
    assert_eq!(records, BTreeSet::from(expected));
    assert!(
        rows.iter()
            .all(|row| row.kept && row.owner == "developer" && row.times_seen == 1)
    );
    let scope = vec![ScopeBound {
        name: "provider".to_owned(),
        value: "10000571".to_owned(),
    }];
    assert_eq!(told(ListQuarantineRequest { scope, ..waiting }).await, []);
    let odd = ListQuarantineRequest {
        feed: "trs/nothing".to_owned(),
        ..ListQuarantineRequest::default()
    };
    let refused = client.list_quarantine(odd).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument);
    drop(client);
    let ran = serving.stop().await;
    assert!(ran.status.success(), "{ran:?}");
}

async fn events(house: &House) -> u64 {
    house
        .log()
        .await
        .facts(Stream::Events)
        .await
        .unwrap()
        .last_sequence
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_whose_cause_is_mended_are_driven_again_in_chunks_and_only_once() {
    let house = House::simulated().await;
    house
        .ingest("trs/persons", FIRST, &people("RequiredToComplete"))
        .await;
    let keys = messages(&house.log().await, Stream::Keys).await;
    put_keys(&house, &keys, |_| "rubbish".into()).await;
    let report = house.ingest("trs/persons", SECOND, &people("InProgress")).await;
    assert_eq!(
        (&report["observations"], &report["quarantined"]),
        (&json!(0), &json!(3))
    );

    let rows = waiting(&house).await;
    assert_eq!(rows.len(), 3);
    for row in &rows {
        assert_eq!(
            (
                &row["code"],
                &row["owner"],
                &row["kept"],
                &row["times_seen"],
                &row["taken_at"]
            ),
            (
                &json!("keys_unreadable"),
                &json!("developer"),
                &json!(true),
                &json!(1),
                &json!(SECOND)
            )
        );
    }
    served(&house).await;
    let before = events(&house).await;
    let still = redriven(&house, &[]).await;
    assert_eq!(
        (&still[0]["ending"], &still[0]["code"]),
        (&json!("bad"), &json!("keys_unreadable"))
    );
    assert_eq!(
        (&still[3]["bad"], &still[3]["deliveries"]),
        (&json!(3), &json!([]))
    );

    put_keys(&house, &keys, |key| key.payload.clone()).await;
    let dry = redriven(&house, &["--dry-run"]).await.pop().unwrap();
    assert_eq!((&dry["good"], &dry["observations"]), (&json!(3), &json!(3)));
    assert_eq!(
        redriven(&house, &["--source", "register"]).await[0]["rows"],
        0,
        "none of that source"
    );
    assert_eq!(events(&house).await, before, "nothing was published so far");

    let feed = [
        "--feed",
        "trs/persons",
        "--code",
        "keys_unreadable",
        "--chunk",
        "2",
    ];
    let done = redriven(&house, &feed).await.pop().unwrap();
    assert_eq!((&done["good"], &done["observations"]), (&json!(3), &json!(3)));
    assert_eq!(done["deliveries"].as_array().unwrap().len(), 2);
    assert_eq!(waiting(&house).await, Vec::<Value>::new());
    let induction = &house.show("3100202").await["facts"]["induction"];
    assert!(induction.to_string().contains("in_progress"), "{induction}");

    let after = events(&house).await;
    assert_eq!(redriven(&house, &[]).await[0]["rows"], 0);
    assert_eq!(events(&house).await, after, "twice changes nothing");
    let feeds = house.done(&["feeds", "--scopes", "--json"]).await.json_lines();
    let trs: Vec<_> = feeds
        .iter()
        .filter(|feed| feed["feed"] == "trs/persons")
        .collect();
    assert_eq!(trs.len(), 1, "driving again is no scope of the feed: {trs:?}");
    house.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_good_row_or_an_operator_releases_and_a_row_seen_again_waits_again() {
    let house = House::simulated().await;
    // Ids like Register's own.
    const ONE: &str = "aBcDeFgHiJkLmNoPqRsTuV11";
    const OTHER: &str = "aBcDeFgHiJkLmNoPqRsTuV22";
    let bad = |slug: &str| trainee(slug, json!({ "trn": "31" }));
    house
        .ingest("register/trainees", FIRST, &[bad(ONE), bad(OTHER)])
        .await;
    let rows = waiting(&house).await;
    let named = |rows: &[Value]| {
        let records = rows.iter().map(|row| row["record"].as_str().unwrap());
        let mut records: Vec<String> = records
            .map(|record| record.replace("register/trainee/", ""))
            .collect();
        records.sort();
        records
    };
    assert_eq!(named(&rows), [ONE, OTHER]);

    // A poll that brings one of them good says nothing of the other.
    let good = trainee(ONE, json!({ "trn": "3100301" }));
    house.ingest("register/trainees", SECOND, &[good]).await;
    let rows = waiting(&house).await;
    assert_eq!(named(&rows), [OTHER]);

    let id = rows[0]["id"].as_str().unwrap();
    let refused = [
        "quarantine",
        "release",
        id,
        "--actor",
        "A Person",
        "--reason",
        "x",
    ];
    assert_eq!(house.run(&refused).await.code(), Some(2));
    let unknown = [
        "quarantine",
        "release",
        "0000",
        "--actor",
        "desk-1",
        "--reason",
        "case 7",
    ];
    assert_eq!(house.run(&unknown).await.code(), Some(3));
    let by_hand = [
        "quarantine",
        "release",
        id,
        "--actor",
        "desk-1",
        "--reason",
        "case 7",
    ];
    house.done(&by_hand).await;
    assert_eq!(waiting(&house).await, Vec::<Value>::new());

    house
        .ingest("register/trainees", "2026-09-23T06:00:00Z", &[bad(OTHER)])
        .await;
    let rows = waiting(&house).await;
    assert_eq!(
        (&rows[0]["times_seen"], &rows[0]["last_seen_at"]),
        (&json!(2), &json!("2026-09-23T06:00:00Z"))
    );
    assert_eq!(rows[0]["first_seen_at"], FIRST);

    let log = house.log().await;
    let keys = messages(&log, Stream::Keys).await;
    let of_rows = keys
        .iter()
        .filter(|key| matches!(Subject::parse(&key.subject), Ok(Subject::RowKey(_))));
    for key in of_rows {
        log.purge(Stream::Keys, key.subject.clone()).await.unwrap();
    }
    assert_eq!(redriven(&house, &[]).await[0]["ending"], "erased");
    house.verify().await;
}
