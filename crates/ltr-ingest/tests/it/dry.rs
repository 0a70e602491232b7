//! A dry run shows what a delivery would publish, and publishes nothing.

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::Feed;
use ltr_ingest::{Edge, Report, dry_run};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, Stream};
use ltr_proto::codec::LogEntry;
use serde_json::{Value, json};

use crate::fixture::*;

async fn rehearsed(log: &MemLog, rows: &[Value], number: u128) -> (Report, Vec<LogEntry>) {
    let (clock, kek, mut shown) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek(), Vec::new());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let plan = complete(Feed::TrsPersons, number, day(4));
    let report = dry_run(
        log,
        &edge,
        &config(),
        &plan,
        || items(rows),
        |entry| shown.push(entry.clone()),
    )
    .await
    .unwrap();
    (report, shown)
}

async fn sequences(log: &MemLog) -> Vec<u64> {
    let mut sequences = Vec::new();
    for stream in Stream::ALL {
        sequences.push(log.facts(stream).await.unwrap().last_sequence);
    }
    sequences
}

/// What a message says, without what hangs on keys and places.
fn told(entry: &LogEntry) -> String {
    match entry {
        LogEntry::Observation { observation, sealed } => {
            format!(
                "{} {:?} {:?} {}",
                observation.record,
                fact_names(observation),
                observation.state.body,
                sealed.len()
            )
        }
        LogEntry::Feed(message) => match &message.step {
            DeliveryStep::PageRecorded(page) => {
                format!("page {} {:?} {:?}", page.page, page.counts, page.seen)
            }
            other => format!("{other:?}"),
        },
        LogEntry::Quarantined(row) => format!("{} {} {}", row.id, row.code, row.place),
        other => panic!("ingest writes no {other:?}"),
    }
}

#[tokio::test]
async fn a_dry_run_shows_what_a_delivery_would_publish() {
    let log = empty_log();
    for n in 1..3 {
        let rows = people(3_100_001..if n == 1 { 3_100_009 } else { 3_100_008 });
        delivered(
            &log,
            &complete(Feed::TrsPersons, n, day(u32::try_from(n).unwrap())),
            &rows,
        )
        .await;
    }
    let mut rows = people(3_100_001..3_100_008);
    rows[2] = inducted(3_100_003);
    rows.push(person(3_100_020));
    rows.push(person(3_100_003));
    let before = sequences(&log).await;
    let (report, shown) = rehearsed(&log, &rows, 3).await;
    assert_eq!(
        sequences(&log).await,
        before,
        "nothing is published, no key is made"
    );
    assert_eq!(
        (report.counts.observations, report.absent, report.sequences),
        (3, 1, None)
    );

    let real = delivered(&log, &complete(Feed::TrsPersons, 3, day(4)), &rows).await;
    assert_eq!(
        (real.counts, real.pages, real.absent),
        (report.counts, report.pages, report.absent)
    );
    let published = entries(&log).await.split_off(usize::try_from(before[0]).unwrap());
    assert_eq!(
        shown.iter().map(told).collect::<Vec<_>>(),
        published.iter().map(told).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_dry_run_shows_bad_rows() {
    let log = empty_log();
    let mut large = person(3_100_002);
    large["firstName"] = json!("x".repeat(300_000));
    let (report, shown) = rehearsed(&log, &[json!({ "trn": "31", "lastName": "Lovelace" }), large], 1).await;
    assert_eq!(report.counts.quarantined, 2);
    let codes: Vec<_> = shown
        .iter()
        .filter_map(|entry| {
            if let LogEntry::Quarantined(row) = entry {
                Some(row.code.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(codes, ["trn_wrong_length", "row_too_large"]);
}
