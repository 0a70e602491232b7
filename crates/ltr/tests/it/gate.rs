//! Deliveries that are held: the command says why and what to do, an operator approves or rejects, and the feed goes on.

use serde_json::{Value, json};

use crate::house::{House, Ran};

fn person(trn: u32) -> Value {
    json!({
        "trn": trn.to_string(), "qts": { "holdsFrom": "2024-07-01", "routes": [] }, "eyts": null, "qtlsStatus": "None",
        "induction": { "status": "RequiredToComplete" }, "alerts": [], "routesToProfessionalStatuses": [],
    })
}

fn people(count: u32) -> Vec<Value> {
    (3_100_201..3_100_201 + count).map(person).collect()
}

/// Delivers all that TRS has, as far as the rows go.
async fn sweep(house: &House, taken_at: &str, rows: &[Value]) -> Ran {
    let path = house.file("sweep.ndjson", rows);
    let path = path.display().to_string();
    let mut arguments = vec!["ingest", "file", "--source", "trs", "--feed", "persons", "--json"];
    arguments.extend(["--complete", "--taken-at", taken_at, &path]);
    house.run(&arguments).await
}

async fn decide(house: &House, what: &str, delivery: &str, actor: &str) -> Ran {
    let by = ["--actor", actor, "--reason", "case 2026-150", "--json"];
    let mut arguments = vec!["delivery", what, delivery];
    arguments.extend(by);
    house.run(&arguments).await
}

/// The id of a delivery that the command says is held.
fn held(ran: &Ran) -> String {
    assert_eq!(ran.code(), Some(5), "{ran:?}");
    let told = ran.json();
    assert_eq!(told["held"], "waiting", "{ran:?}");
    told["delivery"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_is_told_decided_on_and_delivered_again() {
    let house = House::simulated().await;
    let first = sweep(&house, "2026-09-21T06:00:00Z", &people(40)).await;
    assert!(first.status.success(), "{first:?}");
    let truncated = sweep(&house, "2026-09-22T06:00:00Z", &people(20)).await;
    let delivery = held(&truncated);
    assert!(
        truncated
            .stderr
            .contains("20 records are missing, and at most 10 may be"),
        "{truncated:?}"
    );
    assert!(
        truncated
            .stderr
            .contains(&format!("ltr delivery approve {delivery}")),
        "{truncated:?}"
    );
    house.project().await;

    let listed = house
        .done(&["delivery", "list", "--state", "held", "--json"])
        .await
        .json();
    assert_eq!(
        (&listed["id"], &listed["held"]["absent"]),
        (&json!(delivery), &json!(20))
    );
    let told = house.done(&["delivery", "show", &delivery]).await.stdout;
    assert!(told.contains("20 records are missing"), "{told}");
    assert!(told.contains("beside 40 records in the one before it"), "{told}");
    let feeds = house.done(&["feeds"]).await.stdout;
    assert!(feeds.lines().all(|line| line.chars().count() <= 100), "{feeds}");
    let metrics = house.done(&["feeds", "--prometheus"]).await.stdout;
    assert!(
        metrics.contains("ltr_feed_held_deliveries{feed=\"trs/persons\"} 1"),
        "{metrics}"
    );

    // Nothing personal gets onto the log, and what is not there is not decided on.
    let named = decide(&house, "approve", &delivery, "Rosa Hartley").await;
    assert_eq!(named.code(), Some(2), "{named:?}");
    let unknown = decide(
        &house,
        "approve",
        "01234567-89ab-7def-8123-456789abcdef",
        "desk-1",
    )
    .await;
    assert_eq!(unknown.code(), Some(3), "{unknown:?}");

    let approved = decide(&house, "approve", &delivery, "desk-1").await;
    assert!(approved.status.success(), "{approved:?}");
    let passed = sweep(&house, "2026-09-23T06:00:00Z", &people(20)).await;
    assert!(passed.status.success(), "{passed:?}");
    assert_eq!(passed.json()["absent"], 20);

    let empty = sweep(&house, "2026-09-24T06:00:00Z", &[]).await;
    let delivery = held(&empty);
    house.project().await;
    let rejected = decide(&house, "reject", &delivery, "desk-2").await;
    assert!(rejected.status.success(), "{rejected:?}");
    house.project().await;
    let twice = decide(&house, "reject", &delivery, "desk-2").await;
    assert_eq!(twice.code(), Some(4), "{twice:?}");
    let refused = sweep(&house, "2026-09-25T06:00:00Z", &[]).await;
    assert_eq!(
        (refused.code(), &refused.json()["held"]),
        (Some(5), &json!("rejected"))
    );
    let good = sweep(&house, "2026-09-26T06:00:00Z", &people(20)).await;
    assert!(good.status.success(), "{good:?}");

    house.project().await;
    let states = house.done(&["delivery", "list", "--json"]).await.json_lines();
    let states: Vec<_> = states.iter().map(|delivery| delivery["state"].clone()).collect();
    assert_eq!(states, ["closed", "rejected", "closed", "approved", "closed"]);
    let shown = house.done(&["delivery", "show", &delivery]).await.stdout;
    assert!(shown.contains("reject by desk-2: case 2026-150"), "{shown}");
    let feeds = house.done(&["feeds", "--json"]).await.json_lines();
    let trs = feeds.iter().find(|feed| feed["feed"] == "trs/persons").unwrap();
    // The twenty whose absence was approved are missing a second time, and so are said to have vanished.
    assert_eq!(
        (&trs["held"], &trs["rows"], &trs["observations"]),
        (&json!(0), &json!(20), &json!(20))
    );
    house.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_in_quarantine_is_released_by_the_sweep_that_comes_without_it() {
    let house = House::simulated().await;
    let mut rows = people(3);
    rows[1]["trn"] = json!("31");
    let first = sweep(&house, "2026-09-21T06:00:00Z", &rows).await;
    assert_eq!(first.json()["quarantined"], 1, "{first:?}");
    house.project().await;
    let list = ["quarantine", "list", "--feed", "trs/persons", "--json"];
    let row = house.done(&list).await.json();
    assert_eq!(
        (&row["code"], &row["owner"], &row["released_at"]),
        (&json!("trn_wrong_length"), &json!("provider"), &Value::Null)
    );
    let none = ["quarantine", "list", "--code", "trn_sentinel", "--json"];
    assert_eq!(house.done(&none).await.stdout, "");
    let later = ["quarantine", "list", "--since", "2026-09-22T00:00:00Z", "--json"];
    assert_eq!(house.done(&later).await.stdout, "");

    sweep(&house, "2026-09-22T06:00:00Z", &people(3)).await;
    house.project().await;
    let row = house.done(&list).await.json();
    assert_eq!(
        row["released_at"], "2026-09-22T06:00:00Z",
        "it is released, and still there"
    );
    let waiting = ["quarantine", "list", "--waiting", "--json"];
    assert_eq!(house.done(&waiting).await.stdout, "");
}
