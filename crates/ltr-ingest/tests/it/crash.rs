//! A process killed before or after any of its writes: the same rows again give what an undisturbed run gives.

use ltr_domain::delivery::Completeness;
use ltr_domain::ids::Feed;
use ltr_ingest::DeliveryPlan;
use ltr_ports::log::mem::MemLog;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::laws;
use crate::unruly::{End, Killed, run_until_killed};

/// A first delivery on the log, and a second one's rows: some new, some changed, some not.
async fn halfway() -> (MemLog, Vec<Value>) {
    let log = empty_log();
    delivered(
        &log,
        &complete(Feed::TrsPersons, 1, day(1)),
        &people(3_100_001..3_100_008),
    )
    .await;
    let mut rows = people(3_100_004..3_100_012);
    rows[1] = inducted(3_100_005);
    rows[5]["lastName"] = json!("Byron");
    (log, rows)
}

fn second(number: u128) -> DeliveryPlan {
    DeliveryPlan {
        completeness: Completeness::Complete,
        ..plan(Feed::TrsPersons, number, day(2))
    }
}

#[tokio::test]
async fn killed_anywhere_and_run_again_nothing_is_lost_or_doubled() {
    let (undisturbed, rows) = halfway().await;
    delivered(&undisturbed, &second(2), &rows).await;
    let expected = meaning(&undisturbed).await;

    let mut kills = 0;
    for number in 1.. {
        let mut finished = 0;
        for killed in [Killed::Before(number), Killed::After(number)] {
            let (log, rows) = halfway().await;
            match run_until_killed(&log, killed, &second(2), &rows).await {
                End::Finished => finished += 1,
                End::Killed => kills += 1,
            }
            let again = delivered(&log, &second(3), &rows).await;
            assert_eq!(again.counts.rows, 8);
            assert_eq!(meaning(&log).await, expected, "{killed:?}");
            laws::check(&log).await;
        }
        if finished == 2 {
            break;
        }
    }
    assert!(
        kills >= 12,
        "opening, keys, evidence and events of two pages, closing: killed {kills} times"
    );
}
