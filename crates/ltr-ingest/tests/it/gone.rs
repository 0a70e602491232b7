//! Absence, and when it is said that a record has vanished. Absence is not deletion.

use ltr_domain::delivery::Scope;
use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_ingest::{Backfill, DeliveryPlan};
use ltr_ports::log::mem::MemLog;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::laws;
use crate::unruly::{End, Killed, run_until_killed};

const STAYS: u32 = 3_100_001;
const GOES: u32 = 3_100_002;

async fn both_then(log: &MemLog, days: &[u32]) {
    delivered(
        log,
        &complete(Feed::TrsPersons, 1, day(1)),
        &[person(STAYS), person(GOES)],
    )
    .await;
    for on in days {
        delivered(
            log,
            &complete(Feed::TrsPersons, u128::from(*on), day(*on)),
            &[person(STAYS)],
        )
        .await;
    }
}

async fn of_the_gone(log: &MemLog) -> Vec<Vec<&'static str>> {
    of_record(log, &id(GOES))
        .await
        .iter()
        .skip(1)
        .map(fact_names)
        .collect()
}

#[tokio::test]
async fn t14_absent_from_two_complete_deliveries_is_vanished_and_back_again_reappeared() {
    let log = empty_log();
    both_then(&log, &[2]).await;
    assert_eq!(last_absent(&log).await, [id(GOES)]);
    assert!(of_the_gone(&log).await.is_empty(), "once is not enough");

    delivered(&log, &complete(Feed::TrsPersons, 3, day(3)), &[person(STAYS)]).await;
    assert_eq!(last_absent(&log).await, [id(GOES)]);
    assert_eq!(of_the_gone(&log).await, [["SourceRecordVanished"]]);
    let (vanished, sealed) = observations(&log).await.pop().unwrap();
    assert!(vanished.state.vanished && vanished.evidence.is_none());
    assert_eq!(
        vanished.state.body,
        of_record(&log, &id(GOES)).await[0].state.body,
        "absence changes no fact"
    );
    assert_eq!(sealed.len(), 2, "the values stay with the state");

    delivered(&log, &complete(Feed::TrsPersons, 4, day(4)), &[person(STAYS)]).await;
    assert!(
        last_absent(&log).await.is_empty(),
        "what has vanished is not missed for ever"
    );
    assert_eq!(of_the_gone(&log).await.len(), 1);

    delivered(&log, &plan(Feed::TrsPersons, 5, day(5)), &[person(GOES)]).await;
    assert_eq!(
        of_the_gone(&log).await,
        [["SourceRecordVanished"], ["SourceRecordReappeared"]]
    );
    laws::check(&log).await;
}

#[tokio::test]
async fn partial_deliveries_say_nothing_of_what_they_lack() {
    let log = empty_log();
    both_then(&log, &[]).await;
    for on in 2..6 {
        delivered(
            &log,
            &plan(Feed::TrsPersons, u128::from(on), day(on)),
            &[person(STAYS)],
        )
        .await;
        assert!(last_absent(&log).await.is_empty());
    }
    assert!(of_the_gone(&log).await.is_empty());
}

#[tokio::test]
async fn one_snapshot_delivered_twice_counts_once() {
    let log = empty_log();
    both_then(&log, &[2]).await;
    for number in 12..15 {
        delivered(
            &log,
            &complete(Feed::TrsPersons, number, day(2)),
            &[person(STAYS)],
        )
        .await;
    }
    assert!(of_the_gone(&log).await.is_empty());
}

#[tokio::test]
async fn a_delivery_that_was_not_closed_counts_for_nothing() {
    let log = empty_log();
    both_then(&log, &[]).await;
    // Opened, one page, and killed before closing.
    let plan = complete(Feed::TrsPersons, 2, day(2));
    assert_eq!(
        run_until_killed(&log, Killed::Before(3), &plan, &[person(STAYS)]).await,
        End::Killed
    );
    delivered(&log, &complete(Feed::TrsPersons, 3, day(3)), &[person(STAYS)]).await;
    assert_eq!(last_absent(&log).await, [id(GOES)]);
    assert!(of_the_gone(&log).await.is_empty());
}

#[tokio::test]
async fn killed_between_vanishing_and_closing_it_vanishes_once() {
    for rerun_on in [3, 4] {
        let log = empty_log();
        both_then(&log, &[2]).await;
        // Opened, one page, the vanished, and killed before closing.
        let plan = complete(Feed::TrsPersons, 3, day(3));
        assert_eq!(
            run_until_killed(&log, Killed::Before(4), &plan, &[person(STAYS)]).await,
            End::Killed
        );
        assert_eq!(of_the_gone(&log).await, [["SourceRecordVanished"]]);
        delivered(
            &log,
            &complete(Feed::TrsPersons, 4, day(rerun_on)),
            &[person(STAYS)],
        )
        .await;
        assert_eq!(last_absent(&log).await, [id(GOES)]);
        assert_eq!(of_the_gone(&log).await, [["SourceRecordVanished"]]);
        laws::check(&log).await;
    }
}

#[tokio::test]
async fn a_row_in_quarantine_may_be_the_absent_record() {
    let log = empty_log();
    both_then(&log, &[]).await;
    for on in 2..6 {
        let bad = json!({ "trn": "not one", "lastName": "Lovelace" });
        delivered(
            &log,
            &complete(Feed::TrsPersons, u128::from(on), day(on)),
            &[person(STAYS), bad],
        )
        .await;
        assert!(last_absent(&log).await.is_empty());
    }
    assert!(of_the_gone(&log).await.is_empty());
}

#[tokio::test]
async fn an_older_snapshot_makes_nothing_vanish() {
    let log = empty_log();
    both_then(&log, &[2]).await;
    delivered(
        &log,
        &complete(Feed::TrsPersons, 9, day(9)),
        &[person(STAYS), person(GOES)],
    )
    .await;
    let late = DeliveryPlan {
        late: Backfill::Yes,
        ..complete(Feed::TrsPersons, 3, day(3))
    };
    delivered(&log, &late, &[person(STAYS)]).await;
    assert_eq!(last_absent(&log).await, [id(GOES)], "it is true of that snapshot");
    assert!(of_the_gone(&log).await.is_empty());
}

fn provider(ukprn: &str, number: u128, on: u32) -> DeliveryPlan {
    let scope = Scope::from([("provider".to_owned(), ukprn.to_owned())]);
    DeliveryPlan {
        scope,
        ..complete(Feed::RegisterTrainees, number, day(on))
    }
}

fn trainee_at(ukprn: &str) -> Value {
    let mut row = trainee("abc", "trn_received");
    row["ukprn"] = json!(ukprn);
    row
}

#[tokio::test]
async fn t44_a_trainee_who_moved_to_another_scope_has_not_vanished() {
    let log = empty_log();
    let slug = RecordId::new(RecordKind::RegisterTrainee, "abc");
    delivered(&log, &provider("10000571", 1, 1), &[trainee_at("10000571")]).await;
    for n in 1..4 {
        delivered(&log, &provider("10000571", u128::from(10 * n), 2 * n), &[]).await;
        delivered(
            &log,
            &provider("10007140", u128::from(10 * n + 1), 2 * n + 1),
            &[trainee_at("10007140")],
        )
        .await;
    }
    let seen = of_record(&log, &slug).await;
    assert_eq!(seen.len(), 2);
    assert!(fact_names(&seen[1]).contains(&"TraineeMovedProvider"));
    laws::check(&log).await;
}

#[tokio::test]
async fn each_scope_counts_for_itself() {
    let log = empty_log();
    delivered(&log, &provider("10000571", 1, 1), &[trainee_at("10000571")]).await;
    for on in 2..5 {
        delivered(&log, &provider("10007140", u128::from(on), on), &[]).await;
        assert!(last_absent(&log).await.is_empty());
    }
    delivered(&log, &provider("10000571", 5, 5), &[]).await;
    assert_eq!(last_absent(&log).await.len(), 1);
    delivered(&log, &provider("10000571", 6, 6), &[]).await;
    let seen = of_record(&log, &RecordId::new(RecordKind::RegisterTrainee, "abc")).await;
    assert_eq!(fact_names(seen.last().unwrap()), ["SourceRecordVanished"]);
}

#[tokio::test]
async fn many_vanish_in_pages_that_fit() {
    let log = empty_log();
    let rows = people(3_100_001..3_100_015);
    delivered(&log, &complete(Feed::TrsPersons, 1, day(1)), &rows).await;
    for on in 2..4 {
        delivered(
            &log,
            &complete(Feed::TrsPersons, u128::from(on), day(on)),
            &rows[..1],
        )
        .await;
    }
    assert_eq!(observations(&log).await.len(), 14 + 13);
    laws::check(&log).await;
}
