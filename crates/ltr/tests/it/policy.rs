//! `ltr policy`: a mistake is told by its place, a dry run tells the truth and leaves no trace, and an adopted policy
//! answers from its known time on.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::house::House;
use crate::rows::*;

/// The first version with changes, in a file.
fn policy(house: &House, name: &str, changes: &[(&str, &str)]) -> PathBuf {
    let mut text = ltr_policy::FIRST.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    let path = house.folder.path().join(name);
    std::fs::write(&path, text).expect("the folder is ours");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("our paths are text")
}

/// Whether an answer is settled, and under which policy.
fn told(answer: &Value) -> (&Value, &Value, &Value) {
    (&answer["stage"], &answer["certainty"], &answer["policy_version"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_with_mistakes_is_refused_with_every_place() {
    let house = House::simulated().await;
    let path = policy(
        &house,
        "wrong.toml",
        &[
            ("fact = \"induction\"", "fact = \"inductions\""),
            ("signed_off_from = \"11-01\"", "signed_off_from = \"11-31\""),
        ],
    );
    for command in ["check", "adopt"] {
        let ran = house.run(&["policy", command, text(&path)]).await;
        assert_eq!(ran.code(), Some(4), "{ran:?}");
        let name = text(&path);
        assert!(ran.stderr.contains("2 mistakes"), "{ran:?}");
        assert!(
            ran.stderr.contains(&format!("{name}:76:8: there is no fact")),
            "{ran:?}"
        );
        assert!(
            ran.stderr.contains(&format!("{name}:167:19: \"11-31\" is a day")),
            "{ran:?}"
        );
    }
    assert!(house.run(&["policy", "check", "nowhere.toml"]).await.code() == Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dry_run_tells_is_what_adopting_changes() {
    let house = House::simulated().await;
    let trainees = [
        trainee("one", json!({})),
        trainee("two", json!({ "trainee_start_date": "2026-05-03" })),
    ];
    house
        .ingest("register/trainees", "2026-10-15T06:00:00Z", &trainees)
        .await;
    house
        .ingest(
            "trs/persons",
            "2026-10-20T06:00:00Z",
            &[qualified("3100001", "2024-07-01")],
        )
        .await;
    house.project().await;
    let counted = "windows = [\"census_to_sign_off\"]\nsources = [\"register\", \"trs\"]\n";
    let settled = format!("{counted}settles = \"register\"\n");
    let changes = [("version = 1", "version = 2"), (counted, &settled)];
    let path = policy(&house, "second.toml", &changes);
    house.done(&["policy", "check", text(&path)]).await;

    let before = house.done(&["log", "stat", "--json"]).await.stdout;
    let dry = house
        .done(&["policy", "adopt", text(&path), "--dry-run", "--json"])
        .await;
    assert_eq!(house.done(&["log", "stat", "--json"]).await.stdout, before);
    assert!(dry.stderr.contains("1 of 3 answers would change"), "{dry:?}");
    let [line] = dry.json_lines().try_into().expect("one person's answer differs");
    let line: Value = line;
    let spoken = house.done(&["policy", "adopt", text(&path), "--dry-run"]).await;
    assert!(
        spoken
            .stdout
            .contains("in_training (provisional)  in_training (confirmed)"),
        "{spoken:?}"
    );

    let adopted = house
        .done(&["policy", "adopt", text(&path), "--json"])
        .await
        .json();
    assert_eq!(adopted["version"], 2);
    house.project().await;
    let one = house.show("register-trainee:one").await;
    assert_eq!(
        told(&one),
        (&json!("in_training"), &json!("confirmed"), &json!(2))
    );
    assert_eq!(
        (&line["to"]["record_digest"], &line["to"]["certainty"]),
        (&one["record_digest"], &one["certainty"])
    );
    assert_eq!(line["person"], one["person_id"]);
    for id in ["register-trainee:two", "3100001"] {
        assert_eq!(house.show(id).await["policy_version"], 2, "{id}");
    }
    let then = [
        "teacher",
        "show",
        "register-trainee:one",
        "--on",
        "2026-10-19",
        "--known",
        "2026-10-19",
        "--json",
    ];
    let then = house.done(&then).await.json();
    assert_eq!(
        told(&then),
        (&json!("in_training"), &json!("provisional"), &json!(1))
    );

    for arguments in [vec!["--known", "2026-10-19"], vec!["--version", "1"]] {
        let shown = house
            .done(&[&["policy", "show", "--json"], &arguments[..]].concat())
            .await
            .json();
        assert_eq!((&shown["version"], &shown["sequence"]), (&json!(1), &Value::Null));
    }
    let shown = house.done(&["policy", "show", "--json"]).await.json();
    assert_eq!(
        (&shown["version"], &shown["sequence"]),
        (&json!(2), &adopted["sequence"])
    );
    let file = house.folder.path().join("dossier.json");
    let dossier = async |known: &str| -> Value {
        let asked = [
            "teacher",
            "dossier",
            "register-trainee:one",
            "--json",
            "--out",
            text(&file),
        ];
        let known = ["--on", "2026-10-19", "--known", known];
        house.done(&[&asked[..], &known[..]].concat()).await;
        let written = std::fs::read_to_string(&file).expect("it was written");
        serde_json::from_str::<Value>(&written).expect("it is JSON")["policy"].clone()
    };
    let filed = dossier("2026-10-20").await;
    assert_eq!(
        (&filed["version"], &filed["sequence"], &filed["text"]),
        (&json!(2), &adopted["sequence"], &shown["text"])
    );
    let before = dossier("2026-10-19").await;
    assert_eq!(
        (&before["version"], &before["sequence"]),
        (&json!(1), &Value::Null)
    );
    let page = house.done(&["policy", "show"]).await.stdout;
    assert!(page.starts_with("# Whom to believe, version 2"), "{page}");
    assert_eq!(
        house.run(&["policy", "show", "--version", "9"]).await.code(),
        Some(3)
    );
    for again in [&path, &policy(&house, "first.toml", &[])] {
        assert_eq!(house.run(&["policy", "adopt", text(again)]).await.code(), Some(4));
    }
    house.verify().await;
}
