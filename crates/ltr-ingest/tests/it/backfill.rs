//! Rows older than what is known, published on request: history, not the present.

use ltr_domain::event::ChangeKind;
use ltr_domain::ids::Feed;
use ltr_ingest::{Backfill, DeliveryPlan};
use ltr_ports::log::Log;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::laws;

fn late(number: u128, on: u32) -> DeliveryPlan {
    DeliveryPlan {
        late: Backfill::Yes,
        ..plan(Feed::TrsPersons, number, day(on))
    }
}

fn married(trn: u32) -> Value {
    let mut row = person(trn);
    row["lastName"] = json!("King");
    row
}

/// A person seen on day 2 and, inducted, on day 6.
async fn known() -> impl Log {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(2)), &[person(3_100_001)]).await;
    delivered(&log, &plan(Feed::TrsPersons, 2, day(6)), &[inducted(3_100_001)]).await;
    log
}

#[tokio::test]
async fn a_late_row_tells_what_was_new_then_and_leaves_the_present_alone() {
    let log = known().await;
    let report = delivered(&log, &late(3, 4), &[married(3_100_001)]).await;
    assert_eq!((report.counts.observations, report.counts.superseded), (1, 0));
    let seen = of_record(&log, &id(3_100_001)).await;
    assert_eq!(
        fact_names(&seen[2]),
        ["NameChanged"],
        "compared with the snapshot before it, not with the present"
    );
    assert!(seen[2].events.iter().all(|event| event.kind == ChangeKind::Late));
    assert_eq!(seen[2].taken_at, day(4));
    assert_eq!(seen[2].state, seen[1].state);
    assert!(seen[2].evidence.is_some());
    laws::check(&log).await;
}

#[tokio::test]
async fn a_row_older_than_all_is_told_whole() {
    let log = known().await;
    delivered(&log, &late(3, 1), &[person(3_100_001)]).await;
    let seen = of_record(&log, &id(3_100_001)).await;
    assert_eq!(fact_names(&seen[2]), fact_names(&seen[0]));
    laws::check(&log).await;
}

#[tokio::test]
async fn the_same_backfill_twice_gives_nothing_the_second_time() {
    let log = known().await;
    delivered(&log, &late(3, 4), &[married(3_100_001)]).await;
    let again = delivered(&log, &late(4, 4), &[married(3_100_001)]).await;
    assert_eq!((again.counts.observations, again.counts.superseded), (0, 1));
    let present = delivered(&log, &late(5, 6), &[inducted(3_100_001)]).await;
    assert_eq!((present.counts.observations, present.counts.unchanged), (0, 1));
}

#[tokio::test]
async fn a_late_row_does_not_make_the_record_look_old() {
    let log = known().await;
    delivered(&log, &late(3, 4), &[married(3_100_001)]).await;
    let between = delivered(&log, &plan(Feed::TrsPersons, 4, day(5)), &[person(3_100_001)]).await;
    assert_eq!(
        (between.counts.observations, between.counts.superseded),
        (0, 1),
        "older than day 6 still"
    );
    let newer = delivered(&log, &plan(Feed::TrsPersons, 5, day(7)), &[person(3_100_001)]).await;
    assert_eq!(newer.counts.observations, 1);
    let seen = of_record(&log, &id(3_100_001)).await;
    assert_eq!(
        fact_names(&seen[3]),
        ["InductionRequired"],
        "compared with the present"
    );
    laws::check(&log).await;
}
