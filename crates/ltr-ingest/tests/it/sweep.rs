//! Large complete deliveries: what the rows of a sweep are compared with is read in bulk where it can be, and it makes no
//! difference to what is published.

use ltr_domain::ids::Feed;
use ltr_ingest::{Config, Report};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, Stream};
use ltr_proto::subject::Subject;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

use crate::fixture::*;
use crate::laws;
use crate::unruly::{InBulk, Unruly};

const FEED: Feed = Feed::TrsPersons;
const FIRST: u32 = 3_100_001;

/// Enough to be read in bulk.
fn everybody() -> Vec<Value> {
    people(FIRST..FIRST + 2_100)
}

fn whole_pages() -> Config {
    Config {
        page_rows_max: 999,
        ..config()
    }
}

async fn swept(log: &Unruly<MemLog>, on: u32, rows: &[Value]) -> Report {
    let plan = complete(FEED, u128::from(on), day(on));
    try_deliver(log, &whole_pages(), &plan, rows).await.unwrap()
}

/// Deliveries of which most says nothing new, and the rest all kinds of things.
fn nights() -> Vec<Vec<Value>> {
    let first = everybody();
    let mut second = first.clone();
    second[5] = inducted(FIRST + 5);
    second[6]["lastName"] = json!("Byron");
    second[7]["emailAddress"] = Value::Null;
    second[8].as_object_mut().unwrap().remove("emailAddress");
    second[9]["alerts"] = Value::Null;
    second.swap(20, 2_050);
    second.push(person(3_200_000));
    second.remove(30);
    // The same person twice, once as known and once otherwise.
    second.push(inducted(FIRST + 40));
    let mut third = second.clone();
    third.remove(50);
    third[11] = json!({ "trn": "31" });
    let fourth = first.clone();
    vec![first, second, third, fourth.clone(), fourth.clone(), fourth]
}

async fn walked(in_bulk: InBulk) -> (Vec<Report>, MemLog) {
    let plain = empty_log();
    let log = Unruly::reading_in_bulk(plain.clone(), in_bulk);
    let mut reports = Vec::new();
    for (on, rows) in (1..).zip(nights()) {
        if on == 3 {
            let forgotten = Subject::Key(id(FIRST + 60)).to_string();
            plain.purge(Stream::Keys, forgotten).await.unwrap();
        }
        reports.push(swept(&log, on, &rows).await);
    }
    (reports, plain)
}

#[tokio::test]
async fn what_is_published_does_not_depend_on_how_the_log_is_read() {
    let (reports, log) = walked(InBulk::Read).await;
    for in_bulk in [InBulk::Impossible, InBulk::Failing] {
        let (others, other_log) = walked(in_bulk).await;
        assert_eq!(reports, others, "{in_bulk:?}");
        assert_eq!(meaning(&log).await, meaning(&other_log).await, "{in_bulk:?}");
    }
    let counts: Vec<u64> = reports.iter().map(|report| report.counts.observations).collect();
    assert_eq!(counts[0], 2_100);
    assert!(counts[1] >= 5 && counts[1] < 10, "{counts:?}");
    assert_eq!(
        counts[4..],
        [1, 0],
        "but for whom two lacked, the same again is no news"
    );
    assert_eq!(reports[2].counts.quarantined, 1);
    laws::check(&log).await;
}

#[tokio::test]
async fn an_unchanged_sweep_asks_for_no_record_and_publishes_no_observation() {
    let log = empty_log();
    for on in 1..3 {
        swept(&Unruly::new(log.clone()), on, &everybody()).await;
    }
    let before = observations(&log).await.len();
    let watched = Unruly::new(log.clone());
    let report = swept(&watched, 3, &everybody()).await;
    assert_eq!((report.counts.unchanged, report.counts.observations), (2_100, 0));
    assert_eq!(observations(&log).await.len(), before);
    let asked = watched.asked.load(Ordering::Relaxed);
    assert!(asked < 10, "{asked} subjects were asked for by name");
}

#[tokio::test]
async fn a_record_that_changed_beside_the_sweep_is_taken_as_it_is() {
    let log = empty_log();
    swept(&Unruly::new(log.clone()), 1, &everybody()).await;
    // A row by itself, newer than the sweep before and older than the one after.
    delivered(&log, &plan(FEED, 90, day(2)), &[inducted(FIRST + 3)]).await;
    let mut rows = everybody();
    let report = swept(&Unruly::new(log.clone()), 3, &rows).await;
    assert_eq!(report.counts.observations, 1, "it went back to what it was");
    rows[3] = inducted(FIRST + 3);
    let report = swept(&Unruly::new(log.clone()), 4, &rows).await;
    assert_eq!(report.counts.observations, 1);
    let report = swept(&Unruly::new(log.clone()), 5, &rows).await;
    assert_eq!((report.counts.unchanged, report.counts.observations), (2_100, 0));
    laws::check(&log).await;
}
