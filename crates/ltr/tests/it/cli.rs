//! What a stranger types and what a program reads: usage, exit codes, JSON, and no trace of a dry run.

use std::process::Stdio;
use std::time::Duration;

use ltr_ports::log::ClockKind;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::house::{House, Running, bare_command, finish, place_of, until};
use crate::rows::*;

const PERSONS: [&str; 6] = ["ingest", "file", "--source", "trs", "--feed", "persons"];

fn persons<'a>(more: &[&'a str]) -> Vec<&'a str> {
    PERSONS.iter().chain(more).copied().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_publishes_nothing_and_tells_what_it_would() {
    let house = House::simulated().await;
    house
        .ingest(
            "trs/persons",
            "2026-10-01T06:00:00Z",
            &[qualified("3100001", "2024-07-01")],
        )
        .await;
    let rows = [
        qualified("3100001", "2024-07-02"),
        qualified("3100002", "2024-07-01"),
        qualified("31", "2024-07-01"),
    ];
    let path = house.file("new.ndjson", &rows);
    let before = house.done(&["log", "stat", "--json"]).await.stdout;
    let path = path.to_str().unwrap();
    let dry = house
        .done(&persons(&[
            "--taken-at",
            "2026-10-02T06:00:00Z",
            "--dry-run",
            "--json",
            path,
        ]))
        .await;
    assert_eq!(house.done(&["log", "stat", "--json"]).await.stdout, before);

    let lines = dry.json_lines();
    let (report, messages) = lines.split_last().unwrap();
    assert_eq!(
        [
            &report["rows"],
            &report["observations"],
            &report["unchanged"],
            &report["quarantined"],
            &report["dry_run"]
        ],
        [&json!(3), &json!(2), &json!(0), &json!(1), &json!(true)]
    );
    let kinds: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["message"].as_str())
        .collect();
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "observation").count(),
        2,
        "{kinds:?}"
    );
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "quarantined").count(),
        1,
        "{kinds:?}"
    );

    let wet = house
        .done(&persons(&["--taken-at", "2026-10-02T06:00:00Z", "--json", path]))
        .await
        .json();
    for name in [
        "rows",
        "observations",
        "events",
        "unchanged",
        "superseded",
        "quarantined",
    ] {
        assert_eq!(wet[name], report[name], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_an_ingest_is_one_object_on_the_last_line() {
    let house = House::simulated().await;
    let rows = [
        qualified("3100001", "2024-07-01"),
        qualified("3100002", "2024-07-01"),
        json!({ "no": "person" }),
    ];
    let report = house.ingest("trs/persons", "2026-10-01T06:00:00Z", &rows).await;
    let object = report.as_object().unwrap();
    for key in [
        "rows",
        "unchanged",
        "observations",
        "events",
        "quarantined",
        "delivery",
    ] {
        assert!(object.contains_key(key), "{key} is missing: {report}");
    }
    assert_eq!(
        (&report["rows"], &report["observations"], &report["quarantined"]),
        (&json!(3), &json!(2), &json!(1))
    );
    let delivery = report["delivery"].as_str().unwrap();
    house.project().await;
    let listed = house.done(&["quarantine", "list", "--json"]).await.json_lines();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["delivery"], delivery);
    assert_eq!(listed[0]["feed"], "trs/persons");
    for key in [
        "id",
        "code",
        "reason",
        "place",
        "sequence",
        "first_seen_at",
        "last_seen_at",
    ] {
        assert!(!listed[0][key].is_null(), "{key} is missing: {}", listed[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_is_a_file_like_any_other() {
    let house = House::simulated().await;
    let mut child = house
        .command(&persons(&["--taken-at", "2026-10-01T06:00:00Z", "--json", "-"]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let rows = format!(
        "[{},{}]",
        qualified("3100001", "2024-07-01"),
        qualified("3100002", "2024-07-01")
    );
    input.write_all(rows.as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["observations"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_told_before_anything_is_done() {
    let house = House::simulated().await;
    let path = house.file("rows.ndjson", &[qualified("3100001", "2024-07-01")]);
    let path = path.to_str().unwrap();
    let before = house.done(&["log", "stat", "--json"]).await.stdout;

    let wrong = house
        .run(&["ingest", "file", "--source", "trs", "--feed", "people", path])
        .await;
    assert_eq!(wrong.code(), Some(2), "{wrong:?}");
    for feed in [
        "--source apply --feed candidates",
        "--source apply --feed recruits",
        "--source register --feed trainees",
        "--source trs --feed persons",
        "--source teaching-vacancies --feed vacancies",
        "--source teaching-vacancies --feed job-applications",
        "--source teaching-vacancies --feed postings",
    ] {
        assert!(wrong.stderr.contains(feed), "{feed}: {wrong:?}");
    }
    let untimed = house.run(&persons(&["--complete", path])).await;
    assert_eq!(untimed.code(), Some(2), "{untimed:?}");
    assert!(untimed.stderr.contains("--taken-at"), "{untimed:?}");
    let scoped = house.run(&persons(&["--scope", "provider", path])).await;
    assert_eq!(scoped.code(), Some(2), "{scoped:?}");
    let missing = house.run(&persons(&["/nowhere/rows.ndjson"])).await;
    assert_eq!(missing.code(), Some(1), "{missing:?}");
    for bare in [&[][..], &["ingest"][..], &["teacher"][..]] {
        let ran = house.run(bare).await;
        assert_eq!(ran.code(), Some(2), "{bare:?}");
        assert!(ran.stderr.contains("Usage"), "{bare:?}");
    }
    assert_eq!(house.done(&["log", "stat", "--json"]).await.stdout, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_delivery_tells_what_is_absent_from_its_scope() {
    let house = House::simulated().await;
    let sweep = |taken_at: &'static str| {
        [
            "--taken-at",
            taken_at,
            "--complete",
            "--scope",
            "provider=10000571,cycle=2026",
            "--json",
        ]
    };
    let trainees = ["ingest", "file", "--source", "register", "--feed", "trainees"];
    let all = house.file("all.ndjson", &[trainee("a", json!({})), trainee("b", json!({}))]);
    let less = house.file("less.ndjson", &[trainee("a", json!({}))]);
    let run = async |taken_at, path: &std::path::Path| {
        let arguments: Vec<&str> = trainees
            .into_iter()
            .chain(sweep(taken_at))
            .chain([path.to_str().unwrap()])
            .collect();
        house.done(&arguments).await.json()
    };
    let first = run("2026-10-01T06:00:00Z", &all).await;
    assert_eq!(
        (&first["observations"], &first["absent"]),
        (&json!(2), &json!(0)),
        "{first}"
    );
    let second = run("2026-10-08T06:00:00Z", &less).await;
    assert_eq!(
        (&second["observations"], &second["absent"]),
        (&json!(0), &json!(1)),
        "{second}"
    );
    let third = run("2026-10-15T06:00:00Z", &less).await;
    assert_eq!(
        third["observations"], 1,
        "the second complete delivery without it: it vanished: {third}"
    );
    let back = run("2026-10-22T06:00:00Z", &all).await;
    assert_eq!(
        (&back["observations"], &back["absent"]),
        (&json!(1), &json!(0)),
        "it is back: {back}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_is_content_with_a_house_in_order_and_says_what_is_not() {
    let house = House::simulated().await;
    house
        .ingest(
            "trs/persons",
            "2026-10-01T06:00:00Z",
            &[qualified("3100001", "2024-07-01")],
        )
        .await;
    let behind = house.run(&["doctor", "--json"]).await;
    assert_eq!(behind.code(), Some(4), "{behind:?}");
    assert_eq!(behind.json()["well"], false);

    house.project().await;
    let report = house.done(&["doctor", "--json"]).await.json();
    assert_eq!(report["well"], true, "{report}");
    let findings = report["findings"].as_array().unwrap();
    let named = |what: &str| findings.iter().find(|finding| finding["what"] == what);
    for what in [
        "nats-server",
        "atomic batches",
        "sync",
        "clock",
        "PostgreSQL",
        "schema",
        "lag",
    ] {
        assert!(named(what).is_some(), "{what} was not examined: {report}");
    }
    assert_eq!(named("atomic batches").unwrap()["value"], "allowed");
    assert_eq!(named("lag").unwrap()["value"], "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_simulated_time_can_be_moved_and_never_back() {
    let house = House::simulated().await;
    house
        .ingest(
            "trs/persons",
            "2026-10-01T06:00:00Z",
            &[qualified("3100001", "2024-07-01")],
        )
        .await;
    house
        .done(&["clock", "advance", "--to", "2027-01-01T00:00:00Z"])
        .await;
    let back = house
        .run(&["clock", "advance", "--to", "2026-12-01T00:00:00Z"])
        .await;
    assert_eq!(back.code(), Some(4), "{back:?}");
    house.project().await;
    let shown = house.show("3100001").await;
    assert_eq!(shown["clock_simulated"], true);
    let known = house
        .done(&["teacher", "show", "3100001", "--known", "2026-12-31", "--json"])
        .await
        .json();
    assert_eq!(known["stage"], shown["stage"], "{known}");

    let real = House::of(ClockKind::Real).await;
    let refused = real
        .run(&["clock", "advance", "--to", "2027-01-01T00:00:00Z"])
        .await;
    assert_eq!(refused.code(), Some(4), "{refused:?}");
    assert!(refused.stderr.contains("real time"), "{refused:?}");
    let stat = real.done(&["log", "stat", "--json"]).await.json_lines();
    assert_eq!(stat[0]["messages"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_shown_without_its_secrets() {
    let house = House::simulated().await;
    let file = house.folder.path().join("ltr.toml");
    let kek = house.folder.path().join("kek");
    let text = format!(
        "nats_url = \"nats://me:hunter2@127.0.0.1:4222\"\n\
         database_url = \"postgres://me:hunter2@127.0.0.1/ltr?password=hunter2\"\n\
         kek_file = {kek:?}\n"
    );
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let shown = finish(bare_command(&["config", "check", "--config", file])).await;
    assert_eq!(shown.code(), Some(0), "{shown:?}");
    assert!(!shown.printed().contains("hunter2"), "{shown:?}");
    let value: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(value["nats_url"], "nats://127.0.0.1:4222");
    assert_eq!(value["database_url"], "postgres://127.0.0.1/ltr");

    // Servers that do not answer: the errors name them without their passwords.
    for command in [&["log", "stat"][..], &["doctor"][..], &["migrate"][..]] {
        let mut failing = bare_command(command);
        failing
            .env("LTR_NATS_URL", "nats://me:hunter2@127.0.0.1:9")
            .env(
                "LTR_DATABASE_URL",
                "postgres://me:hunter2@127.0.0.1:9/ltr?password=hunter2",
            )
            .env("LTR_KEK_FILE", &kek)
            .env("LTR_LOG", "trace");
        let failed = finish(failing).await;
        assert!(!failed.status.success() && failed.code().is_some(), "{failed:?}");
        assert!(!failed.printed().contains("hunter2"), "{failed:?}");
    }

    std::fs::write(house.folder.path().join("odd.toml"), "nats_ur = \"x\"\n").unwrap();
    let odd = house.folder.path().join("odd.toml");
    let refused = finish(bare_command(&[
        "config",
        "check",
        "--config",
        odd.to_str().unwrap(),
    ]))
    .await;
    assert!(
        !refused.status.success() && refused.stderr.contains("nats_ur"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_twice_is_migrating_once() {
    let house = House::simulated().await;
    let again = house.done(&["migrate"]).await;
    assert!(again.stderr.contains("up to date"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn up_says_where_everything_is_and_leaves_nothing_behind() {
    let up = Running::start(bare_command(&["up", "--clock", "simulated"]));
    let mut up = up;
    let line = up.says("\"nats_url\"").await;
    let told: Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["database_url", "grpc_address", "nats_url", "upstreams_address"]
    );
    assert!(told["upstreams_address"].is_null(), "no doubles were asked for");
    let [nats_url, database_url, grpc_address] =
        ["nats_url", "database_url", "grpc_address"].map(|key| told[key].as_str().unwrap().to_owned());
    let places = [&nats_url, &database_url, &grpc_address].map(|address| place_of(address));

    let mut doctor = bare_command(&["doctor", "--json"]);
    doctor
        .env("LTR_NATS_URL", &nats_url)
        .env("LTR_DATABASE_URL", &database_url);
    assert_eq!(finish(doctor).await.json()["well"], true);
    ltr_api::client::connect(&grpc_address).await.expect("it serves");
    let servers = listening_on(&places[..2]);
    assert!(servers.len() >= 2, "{servers:?}");

    let ran = up.stop().await;
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!(
        ran.stdout.lines().collect::<Vec<_>>(),
        [line.as_str()],
        "exactly one line"
    );
    for place in places {
        assert!(
            tokio::net::TcpStream::connect(&place).await.is_err(),
            "{place} still answers"
        );
    }
    until("the servers to be gone", async || {
        let left: Vec<String> = servers.iter().filter(|pid| runs(pid)).cloned().collect();
        left.is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_answers_and_leaves() {
    let started = tokio::time::Instant::now();
    let demo = finish(bare_command(&["demo", "--people", "40", "--exit"])).await;
    assert_eq!(demo.code(), Some(0), "{demo:?}");
    assert!(started.elapsed() < Duration::from_secs(300));
    for month in 8..=19 {
        let month = format!("{}-{:02}", 2026 + (month - 1) / 12, (month - 1) % 12 + 1);
        // Once in the table and once in the chart; elsewhere than on a terminal, a line each on the way.
        let told = demo.stdout.lines().filter(|line| line.starts_with(&month));
        assert_eq!(told.count(), 2, "{month}: {}", demo.stdout);
        assert!(
            demo.stderr.lines().any(|line| line.starts_with(&month)),
            "{month}"
        );
    }
    assert!(demo.stdout.contains('█'), "{}", demo.stdout);
    let exceeded = demo.stdout.contains("EXCEEDED");
    assert!(!exceeded, "limits are kept: {}", demo.stdout);
    let teachers = demo.stdout.lines().filter(|line| line.starts_with("teachers/"));
    assert_eq!(teachers.count(), 3, "{}", demo.stdout);
    let questions = demo
        .stdout
        .lines()
        .filter(|line| line.contains("ltr teacher explain "));
    assert_eq!(questions.count(), 3, "{}", demo.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_year_is_told_to_programs_whatever_the_services_do() {
    let arguments = [
        "demo", "--people", "20", "--seed", "5", "--faults", "all", "--exit", "--json",
    ];
    let demo = finish(bare_command(&arguments)).await;
    assert_eq!(demo.code(), Some(0), "{demo:?}");
    let told = demo.json_lines();
    assert_eq!(told.len(), 1, "{}", demo.stdout);
    let told = &told[0];
    assert_eq!(told["trainees"], json!(20));
    assert_eq!(told["months"].as_array().map(Vec::len), Some(12));
    let count = |name: &str| told["year"][name].as_u64().unwrap_or_default();
    assert!(count("person_days") > 365);
    assert_eq!(
        count("right") + count("uncertain") + count("wrong"),
        count("person_days")
    );
    let sources = told["sources"].as_array().cloned().unwrap_or_default();
    assert_eq!(sources.len(), 4);
    assert!(
        sources
            .iter()
            .all(|source| source["is_limit_kept"] == json!(true)),
        "{sources:?}"
    );
    assert_eq!(told["teachers"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_with_a_fault_that_is_none_is_refused_before_it_begins() {
    let demo = finish(bare_command(&["demo", "--faults", "gremlins"])).await;
    assert_eq!(demo.code(), Some(2), "{demo:?}");
    assert!(
        demo.stderr.contains("no fault is named `gremlins`"),
        "{}",
        demo.stderr
    );
    assert_eq!(demo.stdout, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_answers_and_leaves() {
    let started = tokio::time::Instant::now();
    let demo = finish(bare_command(&["demo", "--story", "--exit"])).await;
    assert_eq!(demo.code(), Some(0), "{demo:?}");
    assert!(started.elapsed() < Duration::from_secs(300));
    for expected in [
        "teachers/3100001",
        "qualified",
        "certainty",
        "3013021 now answers as teachers/3012858",
    ] {
        assert!(demo.stdout.contains(expected), "{expected}: {}", demo.stdout);
    }
    for fact in [
        "qualified_status",
        "training",
        "induction",
        "employment",
        "restriction",
    ] {
        assert!(demo.stdout.contains(fact), "{fact}: {}", demo.stdout);
    }
}

/// The processes whose command line names the port of one of these places: the servers are told theirs by `-p`.
fn listening_on(places: &[String]) -> Vec<String> {
    let ports: Vec<&str> = places
        .iter()
        .filter_map(|place| place.rsplit(':').next())
        .collect();
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "pid=,args="])
        .output();
    let listed = listed.expect("every system has ps");
    let names_port = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words
            .windows(2)
            .any(|pair| pair[0] == "-p" && ports.contains(&pair[1]))
    };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter(names_port)
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// Whether the process runs; one that nobody has waited for yet does not.
fn runs(pid: &str) -> bool {
    let listed = std::process::Command::new("ps")
        .args(["-o", "state=", "-p", pid])
        .output();
    let listed = listed.expect("every system has ps");
    let state = String::from_utf8_lossy(&listed.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_explained_compared_and_filed() {
    let house = House::simulated().await;
    house
        .ingest(
            "trs/persons",
            "2026-10-01T06:00:00Z",
            &[qualified("3100001", "2024-07-01")],
        )
        .await;
    house
        .ingest(
            "trs/persons",
            "2026-10-05T06:00:00Z",
            &[qualified("3100001", "2024-07-15")],
        )
        .await;
    house.project().await;

    let explained = house
        .done(&["teacher", "explain", "3100001", "--json"])
        .await
        .json();
    let shown = house.done(&["teacher", "show", "3100001", "--json"]).await.json();
    assert_eq!(explained["teacher"]["record_digest"], shown["record_digest"]);
    let facts = explained["facts"].as_array().unwrap();
    let status = facts
        .iter()
        .find(|fact| fact["fact"] == "qualified_status")
        .unwrap();
    let told: Vec<(&str, &str, &str)> = status["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| {
            let text = |key: &str| claim[key].as_str().unwrap_or_default();
            (text("value"), text("since"), text("why"))
        })
        .collect();
    assert!(told.contains(&("qts", "2024-07-15", "settles")), "{told:?}");
    assert!(told.contains(&("qts", "2024-07-01", "restated")), "{told:?}");
    assert!(facts.iter().all(|fact| fact["fact"] != "restriction"));

    let text = house.done(&["teacher", "explain", "3100001"]).await.stdout;
    assert!(text.contains("TRS is believed"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");

    let diff = ["teacher", "diff", "3100001", "--from-known", "2026-10-02"];
    let differs = house.done(&[&diff[..], &["--json"]].concat()).await.json();
    let since = differs["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["field"] == "facts.qualified_status.since")
        .unwrap()
        .clone();
    assert_eq!(
        (&since["before"], &since["after"]),
        (&json!("2024-07-01"), &json!("2024-07-15"))
    );
    assert_eq!(since["causes"][0]["kind"], "late_arrival");
    let text = house.done(&diff).await.stdout;
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");

    let sources = house.done(&["teacher", "sources", "3100001"]).await.stdout;
    assert!(
        sources.contains("Since 1 Oct 2026 we believe TRS (qualified)"),
        "{sources}"
    );
    let period = ["sources", "--from", "2026-10-01", "--to", "2026-10-03", "--json"];
    let changes = house.done(&period).await.json();
    assert_eq!(changes.as_array().unwrap().len(), 1, "{changes}");
    assert_eq!(changes[0]["teacher"], "teachers/3100001");
    let later = ["sources", "--from", "2026-10-03", "--json"];
    assert_eq!(house.done(&later).await.json(), json!([]));

    let page = house.file("page.html", &[]);
    let page = page.to_str().unwrap();
    house
        .done(&["teacher", "sources", "3100001", "--html", page])
        .await;
    let html = std::fs::read_to_string(page).unwrap();
    assert!(
        html.starts_with("<!DOCTYPE html>") && html.contains("<svg"),
        "{html}"
    );

    let file = house.file("dossier.json", &[]);
    let file = file.to_str().unwrap();
    house
        .done(&["teacher", "dossier", "3100001", "--json", "--out", file])
        .await;
    let dossier: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let messages = dossier["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert!(
        messages.iter().all(|message| message["chain"] == "holds"),
        "{messages:?}"
    );
    let whole = dossier.to_string();
    assert!(!whole.contains("Alert"), "restricted events are withheld");
    let policy = &dossier["policy"];
    assert_eq!(
        (&policy["version"], &policy["sequence"]),
        (&json!(1), &Value::Null)
    );
    let text = policy["text"].as_str().unwrap();
    assert_eq!(text, ltr_policy::FIRST, "whole, to the last byte");
    let digest = ltr_proto::hex::encode(&ltr_proto::digest::content_digest(text.as_bytes()));
    assert_eq!(policy["digest"], digest);
    house
        .done(&["teacher", "dossier", "3100001", "--out", page])
        .await;
    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.contains("every digest and every chain holds"), "{html}");
    assert!(
        html.contains(&digest) && html.contains("[[calendar.wave]]"),
        "{html}"
    );

    for (wrong, code) in [
        (&["teacher", "explain", "31"][..], 2),
        (&["teacher", "explain", "3100009"], 3),
        (&["teacher", "sources", "3100001", "--fact", "shoe_size"], 2),
        (&["teacher", "diff", "3100001"], 2),
        (&["teacher", "explain", "3100001", "--known", "2028-01-01"], 4),
    ] {
        let ran = house.run(wrong).await;
        assert_eq!(ran.code(), Some(code), "{wrong:?}: {ran:?}");
    }
}
