//! Two workers on one feed at once: the feed's subject fences them, and between them nothing is lost or doubled.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::{DeliveryId, RecordId, Trn};
use ltr_ports::log::Stream;
use ltr_ports::store::Store;
use ltr_proto::codec::{self, LogEntry};
use serde_json::Value;

use crate::house::{House, Running, ingest_arguments, messages, until};
use crate::rows::qualified;

const PEOPLE: u32 = 24_000;
const TAKEN_AT: &str = "2026-10-01T06:00:00Z";

fn trn(number: u32) -> String {
    format!("{:07}", 2_000_000 + number)
}

fn people(numbers: std::ops::Range<u32>) -> Vec<Value> {
    numbers
        .map(|number| qualified(&trn(number), "2024-07-01"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ingests_of_one_feed_lose_and_double_nothing() {
    let house = House::simulated().await;
    // A third of the people is in both files, at one's end and the other's beginning.
    let first = house.file("first.ndjson", &people(0..PEOPLE * 2 / 3));
    let second = house.file("second.ndjson", &people(PEOPLE / 3..PEOPLE));
    let start = |path: &std::path::Path| {
        Running::start(house.command(&ingest_arguments("trs/persons", TAKEN_AT, path)))
    };
    let log = house.log().await;

    // The first is held still in the midst of its rows until the second has published too: both have, and both go on.
    let one = start(&first);
    until("the first one's pages", async || {
        (pages(&log).await.len() >= 3).then_some(())
    })
    .await;
    one.signal("STOP");
    let still = pages(&log).await.len();
    let two = start(&second);
    until("the second one's pages", async || {
        (pages(&log).await.len() >= still + 3).then_some(())
    })
    .await;
    one.signal("CONT");
    let reports = [one.ended().await, two.ended().await].map(|ran| {
        assert!(ran.status.success(), "{ran:?}");
        ran.json()
    });

    let turns = pages(&log).await;
    let mut changes = turns.clone();
    changes.dedup();
    assert!(
        changes.len() >= 3,
        "they took turns: {} pages, {} changes",
        turns.len(),
        changes.len()
    );
    assert_eq!(turns.iter().collect::<BTreeSet<_>>().len(), 2);

    let mut times: BTreeMap<RecordId, u32> = BTreeMap::new();
    for message in messages(&log, Stream::Events).await {
        if let Ok(LogEntry::Observation { observation, .. }) = codec::decode(&message.payload) {
            assert_eq!(observation.previous, None, "one observation of each");
            *times.entry(observation.record).or_default() += 1;
        }
    }
    let everybody: BTreeMap<RecordId, u32> = (0..PEOPLE).map(|number| (record(number), 1)).collect();
    assert_eq!(times, everybody);
    let told: u64 = reports
        .iter()
        .filter_map(|report| report["observations"].as_u64())
        .sum();
    assert_eq!(told, u64::from(PEOPLE), "each counts its own");
    for report in &reports {
        assert_eq!(report["rows"], PEOPLE * 2 / 3);
    }

    house.project().await;
    let (_, rows) = house
        .store()
        .await
        .people_of((0..PEOPLE).map(record).collect())
        .await
        .unwrap();
    assert_eq!(rows.len(), PEOPLE as usize);
    assert_eq!(
        rows.iter()
            .map(|(_, row)| row.person)
            .collect::<BTreeSet<_>>()
            .len(),
        PEOPLE as usize
    );
    house.verify().await;
}

fn record(number: u32) -> RecordId {
    RecordId::trs_person(Trn::parse(&trn(number)).unwrap())
}

/// Whose each page is, in the order of the log.
async fn pages(log: &ltr_log_nats::NatsLog) -> Vec<DeliveryId> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these tell of pages")]
    let delivery = |entry| match entry {
        LogEntry::Feed(feed) if matches!(feed.step, DeliveryStep::PageRecorded(_)) => Some(feed.delivery),
        _ => None,
    };
    messages(log, Stream::Events)
        .await
        .iter()
        .filter(|message| message.subject.starts_with("ltr.delivery."))
        .filter_map(|message| codec::decode(&message.payload).ok().and_then(delivery))
        .collect()
}
