//! `ltr link` on real servers: a university's cohort without the numbers of its applications meets its recruits.

use ltr_ports::log::{Log, Stream};
use serde_json::{Value, json};

use crate::house::{House, Running, bare_command, finish, ingest_arguments, messages, until};
use crate::rows::*;

/// Names that must be found nowhere.
const PERSONAL: [&str; 4] = ["Wintersby", "Marchetta", "1999-04-17", "19990417"];

fn born(first: &str, last: &str, day: &str) -> Value {
    json!({ "first_name": first, "last_name": last, "date_of_birth": day })
}

fn recruits() -> Vec<Value> {
    vec![
        recruit(501, "C501", born("Zoë", "Wintersby", "1999-04-17")),
        recruit(502, "C502", born("Marchetta", "Vance", "2000-02-03")),
        recruit(503, "C503", born("Jane", "Wintersby", "1998-07-08")),
        recruit(504, "C504", born("Ada", "Marchetta", "1999-12-10")),
    ]
}

fn cohort() -> Vec<Value> {
    let at_university = |slug: &str, first: &str, last: &str, day: &str| {
        let more = json!({
            "first_names": first, "last_name": last, "date_of_birth": day, "ukprn": "10000573",
            "email": format!("{slug}@university.example"),
        });
        trainee(slug, more)
    };
    vec![
        at_university("right", "ZOE", "Wintersby", "1999-04-17"),
        at_university("swapped", "Vance", "Marchetta", "2000-02-03"),
        at_university("twin", "Joan", "Wintersby", "1998-07-08"),
        at_university("namesake", "Ada", "Marchetta", "1999-12-11"),
    ]
}

const RIGHT: [&str; 2] = ["apply/choice/501", "register/trainee/right"];
const SWAPPED: [&str; 2] = ["apply/choice/502", "register/trainee/swapped"];

/// Verdict and pair of each match told, and the summary.
fn told(lines: &[Value]) -> (Vec<(&str, &Value)>, &Value) {
    let (last, matches) = lines.split_last().expect("there is a summary");
    let told = matches
        .iter()
        .map(|one| (one["verdict"].as_str().expect("a word"), &one["pair"]));
    (told.collect(), last)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_university_cohort_meets_its_recruits() {
    let house = House::simulated().await;
    house
        .ingest("apply/recruits", "2026-07-01T06:00:00Z", &recruits())
        .await;
    house
        .ingest("register/trainees", "2026-10-01T06:00:00Z", &cohort())
        .await;
    house.project().await;
    let apart = (
        house.show("apply-choice:501").await,
        house.show("register-trainee:right").await,
    );
    assert_ne!(apart.0["person_id"], apart.1["person_id"]);

    let before = house.log().await.facts(Stream::Events).await.unwrap().messages;
    let tried = house.done(&["link", "--dry-run", "--json"]).await;
    let lines = tried.json_lines();
    let (matches, summary) = told(&lines);
    assert_eq!(
        matches,
        [("asserted", &json!(RIGHT)), ("proposed", &json!(SWAPPED))]
    );
    assert_eq!(
        (&summary["matches"], &summary["dry_run"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(
        house.log().await.facts(Stream::Events).await.unwrap().messages,
        before
    );

    let ran = house.done(&["link"]).await;
    assert!(
        ran.stdout.contains("asserted") && ran.stdout.contains("date_of_birth_equal"),
        "{ran:?}"
    );
    for personal in PERSONAL {
        assert!(
            !ran.printed().contains(personal) && !tried.printed().contains(personal),
            "{personal}"
        );
    }
    let again = house.done(&["link", "--json"]).await.json_lines();
    assert_eq!(told(&again).0, [], "the second time nothing is due");

    house.project().await;
    let asserted = (
        house.show("apply-choice:501").await,
        house.show("register-trainee:right").await,
    );
    assert_eq!(asserted.0["person_id"], asserted.1["person_id"]);
    assert_eq!(asserted.0["stage"], "in_training");
    let proposed = (
        house.show("apply-choice:502").await,
        house.show("register-trainee:swapped").await,
    );
    assert_ne!(
        proposed.0["person_id"], proposed.1["person_id"],
        "a proposal joins nobody"
    );
    house.verify().await;

    let log = house.log().await;
    let mut judged = 0;
    for message in messages(&log, Stream::Events).await {
        judged += usize::from(message.subject.starts_with("ltr.identity."));
        for personal in PERSONAL {
            let found = message
                .payload
                .windows(personal.len())
                .any(|window| window == personal.as_bytes());
            assert!(
                !found && !message.subject.contains(personal),
                "{personal} in {}",
                message.sequence
            );
        }
    }
    assert_eq!(judged, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn up_links_without_being_asked() {
    let mut up = Running::start(bare_command(&["up", "--clock", "simulated"]));
    let line = up.says("\"nats_url\"").await;
    let servers: Value = serde_json::from_str(&line).expect("one line of JSON");
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let command = |arguments: &[&str]| {
        let mut command = bare_command(arguments);
        for (name, key) in [("LTR_NATS_URL", "nats_url"), ("LTR_DATABASE_URL", "database_url")] {
            command.env(name, servers[key].as_str().expect("an address"));
        }
        command
    };
    for (feed, rows) in [("apply/recruits", recruits()), ("register/trainees", cohort())] {
        let path = folder.path().join(feed.replace('/', "-"));
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, lines).expect("the folder is ours");
        let ran = finish(command(&ingest_arguments(feed, "2026-10-01T06:00:00Z", &path))).await;
        assert!(ran.status.success(), "{ran:?}");
    }
    until("the trainee and the application to be one person", async || {
        let ran = finish(command(&["teacher", "show", "apply-choice:501", "--json"])).await;
        (ran.status.success() && ran.json()["stage"] == "in_training").then_some(())
    })
    .await;
    let ran = up.stop().await;
    assert!(ran.status.success(), "{ran:?}");
}
