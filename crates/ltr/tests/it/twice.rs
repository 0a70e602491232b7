//! Silence is not news: what was ingested once publishes nothing the second time, and a change is told once each way.

use ltr_domain::record::Body;
use ltr_ports::log::Stream;
use ltr_proto::codec::{self, LogEntry};
use serde_json::{Value, json};

use crate::house::{House, messages};
use crate::rows::*;

const VACANCY: &str = "7b1c7c06-0000-4000-8000-000000000001";

/// Rows of every feed, a bad one among them.
fn every_feed() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        (
            "apply/candidates",
            vec![candidate("C9001", 501), candidate("C9002", 502)],
        ),
        ("apply/recruits", vec![recruit(501, "C9001", json!({}))]),
        (
            "register/trainees",
            vec![
                trainee(
                    "slug1",
                    json!({ "application_id": 501, "trn": "3100001", "state": "trn_received" }),
                ),
                trainee("slug2", json!({})),
            ],
        ),
        (
            "trs/persons",
            vec![
                qualified("3100001", "2024-07-01"),
                merged("3100002", "3100001"),
                json!({ "_http": { "status": 410 }, "requested_trn": "3100003" }),
                json!({ "_http": { "status": 404 }, "requested_trn": "3100004" }),
                person("310000", json!({})),
            ],
        ),
        ("teaching-vacancies/vacancies", vec![vacancy(VACANCY)]),
        (
            "teaching-vacancies/job-applications",
            vec![job_application(
                "9f3c6e1a-0000-4000-8000-000000000001",
                VACANCY,
                json!({}),
            )],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_files_again_are_no_news() {
    let house = House::simulated().await;
    for (feed, rows) in every_feed() {
        let report = house.ingest(feed, "2026-10-01T06:00:00Z", &rows).await;
        assert!(report["observations"].as_u64() >= Some(1), "{feed}: {report}");
        assert_eq!(
            report["quarantined"],
            u64::from(feed == "trs/persons"),
            "{feed}: {report}"
        );
    }
    let log = house.log().await;
    let before = observations(&messages(&log, Stream::Events).await);
    for taken_at in ["2026-10-01T06:00:00Z", "2026-10-02T06:00:00Z"] {
        for (feed, rows) in every_feed() {
            let report = house.ingest(feed, taken_at, &rows).await;
            assert_eq!(report["rows"], rows.len(), "{feed}: {report}");
            assert_eq!(report["observations"], 0, "{feed}: {report}");
            assert_eq!(report["events"], 0, "{feed}: {report}");
            assert_eq!(report["superseded"], 0, "{feed}: {report}");
        }
    }
    assert_eq!(observations(&messages(&log, Stream::Events).await), before);
    house.project().await;
    house.verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_again_is_exactly_two() {
    let house = House::simulated().await;
    let a = qualified("3100001", "2024-07-01");
    let b = with(
        a.clone(),
        json!({ "induction": {
            "status": "InProgress", "startDate": "2024-09-01", "completedDate": null, "exemptionReasons": [],
        }}),
    );
    let known = house
        .ingest("trs/persons", "2026-10-01T06:00:00Z", std::slice::from_ref(&a))
        .await;
    assert_eq!(known["observations"], 1, "{known}");
    let there = house.ingest("trs/persons", "2026-10-02T06:00:00Z", &[b]).await;
    let back = house.ingest("trs/persons", "2026-10-03T06:00:00Z", &[a]).await;
    assert_eq!(
        (&there["observations"], &back["observations"]),
        (&json!(1), &json!(1)),
        "{there} {back}"
    );

    let all = messages(&house.log().await, Stream::Events).await;
    let states: Vec<Body> = all
        .iter()
        .filter_map(|message| match codec::decode(&message.payload) {
            Ok(LogEntry::Observation { observation, .. }) => Some(observation.state.body),
            _ => None,
        })
        .collect();
    assert_eq!(states.len(), 3);
    assert_eq!(states[0], states[2]);
    assert_ne!(states[0], states[1]);
}

/// The subjects and digests of everything said about records.
fn observations(messages: &[ltr_ports::log::StoredMessage]) -> Vec<(String, [u8; 32])> {
    messages
        .iter()
        .filter(|message| message.subject.starts_with("ltr.record."))
        .map(|message| {
            (
                message.subject.clone(),
                ltr_proto::digest::content_digest(&message.payload),
            )
        })
        .collect()
}
