//! `ltr identity`: what waits is listed with its evidence, a split takes two people, and who decided is told afterwards.

use serde_json::{Value, json};

use crate::house::{House, Ran};

fn trainee(slug: &str, trn: &str) -> Value {
    json!({
        "trainee_id": slug, "state": "trn_received", "trn": trn, "ukprn": "10000571",
        "submitted_for_trn_at": "2026-09-10T08:00:00.000Z",
        "itt_start_date": "2026-09-01", "trainee_start_date": "2026-09-02",
    })
}

fn teacher(trn: &str) -> Value {
    json!({
        "trn": trn, "qts": { "holdsFrom": "2009-07-01", "routes": [] }, "eyts": null, "qtlsStatus": "None",
        "induction": { "status": "None" }, "alerts": [], "routesToProfessionalStatuses": [],
    })
}

/// Says something, with who says it.
async fn say(house: &House, what: &[&str], actor: &str) -> Ran {
    let by = [
        "--actor",
        actor,
        "--assurance",
        "source_confirmed",
        "--reason",
        "case 2026-140",
        "--json",
    ];
    let mut arguments = vec!["identity"];
    arguments.extend(what);
    arguments.extend(by);
    house.run(&arguments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_trn_is_reviewed_split_off_and_explained() {
    let house = House::simulated().await;
    house
        .ingest(
            "register/trainees",
            "2026-09-21T06:00:00Z",
            &[trainee("slug1", "3100081")],
        )
        .await;
    house
        .ingest("trs/persons", "2026-09-22T06:00:00Z", &[teacher("3100081")])
        .await;
    house.project().await;

    let review = house.done(&["identity", "review", "--json"]).await.json();
    assert_eq!(review["kind"], "suspect");
    assert_eq!(
        review["records"],
        json!(["register/trainee/slug1", "trs/person/3100081"])
    );
    assert_eq!(review["evidence"]["qualified_on"], "2009-07-01");
    let text = house.done(&["identity", "review"]).await.stdout;
    assert!(text.contains("SUSPECT  a TRN may be somebody else's"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");

    // Nothing personal gets onto the log, and nobody splits alone.
    let named = say(&house, &["split", "trs/person/3100081"], "Rosa Hartley").await;
    assert_eq!(named.code(), Some(2), "{named:?}");
    let asked = say(&house, &["split", "trs/person/3100081"], "desk-1").await;
    assert!(asked.status.success(), "{asked:?}");
    let number = asked.json()["sequence"].to_string();
    assert!(
        asked.stderr.contains(&format!("ltr identity approve {number}")),
        "{asked:?}"
    );
    house.project().await;
    let waits = house
        .done(&["identity", "review", "--kind", "request", "--json"])
        .await
        .json();
    assert_eq!(waits["evidence"]["by"]["actor"], "desk-1");
    assert_eq!(waits["evidence"]["staying"], json!(["register/trainee/slug1"]));
    let alone = say(&house, &["approve", &number], "desk-1").await;
    assert_eq!(alone.code(), Some(4), "{alone:?}");
    assert!(alone.stderr.contains("NO_EFFECT"), "{alone:?}");

    let approved = say(&house, &["approve", &number], "desk-2").await;
    assert!(approved.status.success(), "{approved:?}");
    house.project().await;
    assert_eq!(house.show("3100081").await["stage"], "qualified");
    assert_eq!(house.show("register-trainee:slug1").await["stage"], "in_training");
    // Register still says that the TRN is the trainee's.
    let review = house.done(&["identity", "review", "--json"]).await.json();
    assert_eq!(review["kind"], "refused");
    let findings = &house.show("register-trainee:slug1").await["findings"];
    assert_eq!(*findings, json!(["key_link_refused"]));

    let why = house
        .done(&["teacher", "explain", "3100081", "--json"])
        .await
        .json();
    let decision = &why["decisions"][0];
    assert_eq!(
        (&decision["what"], &decision["actor"], &decision["approved_by"]),
        (&json!("split"), &json!("desk-1"), &json!("desk-2"))
    );
    let told = house.done(&["teacher", "explain", "3100081"]).await.stdout;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("split by desk-1 (source confirmed), approved by desk-2: case 2026-140"),
        "{told}"
    );
    house.verify().await;
}
