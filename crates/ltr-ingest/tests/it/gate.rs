//! Complete deliveries are judged before anything of them is published: what is truncated, empty or old is held and says
//! why, what is approved passes, and what is rejected never does.

use std::sync::atomic::{AtomicUsize, Ordering};

use ltr_domain::delivery::{
    DeliveryDecided, DeliveryDecision, DeliveryStep, FeedMessage, HoldCause, HoldReason, Scope,
};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::RecordedAt;
use ltr_ingest::{Config, DeliveryPlan, Edge, Report, Standing, deliver, dry_run};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, NewMessage, Published, Stream};
use ltr_proto::codec;
use ltr_proto::subject::Subject;
use serde_json::Value;

use crate::fixture::*;
use crate::laws;
use crate::unruly::{End, Killed, run_until_killed_with};

const FEED: Feed = Feed::TrsPersons;

/// The bounds of every feed as they are unless configured.
fn gated() -> Config {
    Config {
        bounds: std::collections::BTreeMap::new(),
        ..config()
    }
}

fn everybody() -> Vec<Value> {
    people(3_100_001..3_100_041)
}

async fn judged(log: &MemLog, number: u128, on: u32, rows: &[Value]) -> Report {
    let plan = complete(FEED, number, day(on));
    try_deliver(log, &gated(), &plan, rows).await.unwrap()
}

fn causes(report: &Report) -> Vec<HoldCause> {
    let held = report.held.as_ref();
    held.into_iter()
        .flat_map(|held| &held.reasons)
        .map(|reason| reason.cause)
        .collect()
}

/// What an operator says, as the service writes it.
async fn decided(log: &MemLog, delivery: DeliveryId, decision: DeliveryDecision) {
    let tail = ltr_ingest::feed_tail(log, FEED).await.unwrap().unwrap();
    let stored = messages(log, Stream::Events).await;
    let held = stored.iter().filter(|stored| {
        let entry = codec::decode(&stored.payload).unwrap();
        matches!(entry, codec::LogEntry::Feed(FeedMessage { delivery: of, step: DeliveryStep::Held(_), .. })
            if of == delivery)
    });
    let message = FeedMessage {
        feed: FEED,
        delivery,
        recorded_at: RecordedAt(tail.message.recorded_at.0),
        previous: Some(tail.place),
        gate: tail.message.gate_from(tail.place),
        step: DeliveryStep::Decided(DeliveryDecided {
            held: held.last().unwrap().reference(),
            decision,
            actor: "records-desk-1".to_owned(),
            reason: "case 7".to_owned(),
        }),
    };
    let message = NewMessage {
        subject: Subject::Delivery(FEED).to_string(),
        payload: codec::encode_feed_message(&message),
        expected_last: Some(tail.place.sequence),
    };
    let published = log.publish(Stream::Events, vec![message]).await.unwrap();
    assert!(matches!(published, Published::Stored { .. }));
}

async fn length(log: &MemLog) -> u64 {
    log.facts(Stream::Events).await.unwrap().last_sequence
}

#[tokio::test]
async fn a_truncated_delivery_is_held_says_why_and_retires_nobody() {
    let log = empty_log();
    assert_eq!(judged(&log, 1, 1, &everybody()).await.held, None);
    let before = length(&log).await;
    let mut halves = Vec::new();
    for on in 2..6 {
        halves.push(judged(&log, u128::from(on), on, &everybody()[..20]).await);
    }
    assert_eq!(
        length(&log).await,
        before + 1,
        "one message says it, however often the rows come"
    );
    for half in &halves {
        let held = half.held.as_ref().unwrap();
        let reason = HoldReason {
            cause: HoldCause::Absent,
            found: 20,
            most: 10,
        };
        assert_eq!(
            (held.standing, &held.reasons[..]),
            (Standing::Waiting, &[reason][..])
        );
        assert_eq!((held.comparison.rows, held.comparison.expected), (20, Some(40)));
        assert_eq!(
            held.delivery, halves[0].delivery,
            "the same rows are the same case"
        );
    }
    let report = judged(&log, 9, 9, &everybody()).await;
    assert_eq!(
        (report.held, report.absent, report.counts.unchanged),
        (None, 0, 40)
    );
    assert_eq!(observations(&log).await.len(), 40);
    laws::check(&log).await;
}

#[tokio::test]
async fn a_scope_with_a_standing_bad_row_is_judged_all_the_same() {
    let log = empty_log();
    let bad = serde_json::json!({ "trn": "31", "lastName": "Lovelace" });
    let with_bad: Vec<Value> = everybody().into_iter().chain([bad]).collect();
    for on in 1..3 {
        assert_eq!(judged(&log, u128::from(on), on, &with_bad).await.held, None);
    }
    let half = judged(&log, 3, 3, &everybody()[..20]).await;
    assert_eq!(causes(&half), [HoldCause::Absent]);
}

#[tokio::test]
async fn an_empty_delivery_is_held_even_if_it_is_the_first() {
    let log = empty_log();
    assert_eq!(causes(&judged(&log, 1, 1, &[]).await), [HoldCause::Empty]);
    assert_eq!(judged(&log, 2, 2, &everybody()[..3]).await.held, None);
    assert_eq!(causes(&judged(&log, 3, 3, &[]).await), [HoldCause::Empty]);
    assert_eq!(observations(&log).await.len(), 3);
    assert!(last_absent(&log).await.is_empty());
    laws::check(&log).await;
}

#[tokio::test]
async fn a_stale_delivery_overwrites_nothing_and_is_held() {
    let log = empty_log();
    let rows = everybody();
    judged(&log, 1, 1, &rows).await;
    let mut newer = rows.clone();
    newer[0] = inducted(3_100_001);
    judged(&log, 5, 5, &newer).await;
    let report = judged(&log, 3, 3, &rows[..39]).await;
    assert_eq!(causes(&report), [HoldCause::Stale]);
    let comparison = report.held.unwrap().comparison;
    assert_eq!(
        (comparison.superseded, comparison.unchanged, comparison.absent),
        (1, 38, 1)
    );
    assert_eq!(of_record(&log, &id(3_100_001)).await.len(), 2);
    assert_eq!(judged(&log, 6, 6, &newer).await.counts.unchanged, 40);
    laws::check(&log).await;
}

#[tokio::test]
async fn duplicated_and_reordered_deliveries_change_nothing() {
    let log = empty_log();
    let rows = everybody();
    judged(&log, 1, 1, &rows).await;
    let reordered: Vec<Value> = rows.iter().rev().cloned().collect();
    let doubled: Vec<Value> = rows.iter().chain(&reordered).cloned().collect();
    for (number, on, rows) in [(2, 1, &rows), (3, 2, &reordered), (4, 3, &doubled)] {
        let report = judged(&log, number, on, rows).await;
        assert_eq!(
            (report.held, report.counts.observations, report.absent),
            (None, 0, 0)
        );
    }
    assert_eq!(observations(&log).await.len(), 40);
    // A repeated row counts once: a truncated delivery does not pass for being padded.
    let padded: Vec<Value> = rows[..20].iter().chain(&rows[..20]).cloned().collect();
    assert_eq!(causes(&judged(&log, 5, 5, &padded).await), [HoldCause::Absent]);
    laws::check(&log).await;
}

#[tokio::test]
async fn a_delivery_that_would_change_most_is_held_whatever_its_size() {
    let log = empty_log();
    let config = || {
        let mut bounds = ltr_domain::breaker::Bounds::of(FEED);
        (bounds.changed.floor, bounds.added.floor, bounds.quarantined.floor) = (5, 5, 0);
        Config {
            bounds: [(FEED, bounds)].into(),
            ..config()
        }
    };
    judged(&log, 1, 1, &everybody()).await;
    let bad = |index| serde_json::json!({ "trn": format!("{index}"), "lastName": "Lovelace" });
    let changed: Vec<Value> = (3_100_001..3_100_041).map(inducted).collect();
    let added = people(3_100_001..3_100_081);
    let unreadable: Vec<Value> = everybody().into_iter().chain((0..9).map(bad)).collect();
    let expected = [HoldCause::Changed, HoldCause::Added, HoldCause::Quarantined];
    for (number, (rows, cause)) in (2..).zip([changed, added, unreadable].iter().zip(expected)) {
        let plan = complete(FEED, number, day(2));
        let report = try_deliver(&log, &config(), &plan, rows).await.unwrap();
        assert_eq!(causes(&report), [cause]);
    }
    assert_eq!(
        (observations(&log).await.len(), quarantine(&log).await.len()),
        (40, 0)
    );
}

#[tokio::test]
async fn what_is_approved_passes_when_the_same_rows_come_again() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let half = &everybody()[..20];
    let held = judged(&log, 2, 2, half).await;
    decided(&log, held.delivery, DeliveryDecision::Approve).await;
    let reordered: Vec<Value> = half.iter().rev().cloned().collect();
    let report = judged(&log, 3, 3, &reordered).await;
    assert_eq!((report.held, report.absent), (None, 20));
    let permit = |message: FeedMessage| match message.step {
        DeliveryStep::Closed { permit, .. } => permit,
        _ => None,
    };
    let permits: Vec<_> = feed_messages(&log).await.into_iter().filter_map(permit).collect();
    assert_eq!(permits.len(), 1, "closing says under which decision it passed");
    assert_eq!(
        judged(&log, 4, 4, half).await.held,
        None,
        "and again, as it is now the rule"
    );
    assert_eq!(
        observations(&log)
            .await
            .iter()
            .filter(|(seen, _)| seen.state.vanished)
            .count(),
        20,
        "an operator knew that they are gone"
    );
    laws::check(&log).await;
}

#[tokio::test]
async fn of_a_live_feed_another_delivery_that_changes_no_more_passes_once() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let held = judged(&log, 2, 2, &everybody()[..20]).await;
    decided(&log, held.delivery, DeliveryDecision::Approve).await;
    let fewer = judged(&log, 3, 3, &everybody()[..19]).await;
    assert_eq!(
        causes(&fewer),
        [HoldCause::Absent],
        "one more is missing than was approved"
    );

    let mut live = everybody()[..20].to_vec();
    live[0] = inducted(3_100_001);
    let report = judged(&log, 4, 4, &live).await;
    assert_eq!(
        (report.held, report.absent, report.counts.observations),
        (None, 20, 1)
    );

    judged(&log, 5, 5, &everybody()).await;
    live[1] = inducted(3_100_002);
    let again = judged(&log, 6, 6, &live).await;
    assert_eq!(causes(&again), [HoldCause::Absent], "the permit is used up");
    laws::check(&log).await;
}

#[tokio::test]
async fn what_was_said_of_no_rows_holds_until_there_are_some_again() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let held = async |number: u128, on| {
        let report = judged(&log, number, on, &[]).await;
        report.held.map(|held| (held.delivery, held.standing))
    };
    let first = held(2, 2).await;
    assert_eq!(first, held(3, 3).await, "the same case");
    assert_eq!(judged(&log, 4, 4, &everybody()).await.held, None);
    let (second, standing) = held(5, 5).await.unwrap();
    assert_ne!(Some((second, standing)), first, "a case of its own");
    assert_eq!(standing, Standing::Waiting);
    decided(&log, second, DeliveryDecision::Reject).await;
    assert_eq!(held(6, 6).await, Some((second, Standing::Rejected)));
    assert_eq!(judged(&log, 7, 7, &everybody()).await.held, None);
    let (third, standing) = held(8, 8).await.unwrap();
    assert_eq!(standing, Standing::Waiting);
    decided(&log, third, DeliveryDecision::Approve).await;
    assert_eq!(held(9, 9).await, None, "approved");
    assert_eq!(held(10, 10).await, None, "nobody is expected any more");
    assert_eq!(judged(&log, 11, 11, &everybody()).await.held, None);
    let (fourth, standing) = held(12, 12).await.unwrap();
    assert_eq!(standing, Standing::Waiting);
    assert!(![second, third].contains(&fourth));
    laws::check(&log).await;
}

#[tokio::test]
async fn the_same_rows_are_held_anew_once_others_have_passed() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let half = &everybody()[..20];
    let first = judged(&log, 2, 2, half).await.held.unwrap();
    judged(&log, 3, 3, &everybody()).await;
    let second = judged(&log, 4, 4, half).await.held.unwrap();
    assert_ne!(first.delivery, second.delivery);
    assert_eq!(second.standing, Standing::Waiting);
}

#[tokio::test]
async fn a_permit_ends_with_the_next_delivery_that_passes_without_it() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let held = judged(&log, 2, 2, &everybody()[..20]).await.held.unwrap();
    decided(&log, held.delivery, DeliveryDecision::Approve).await;
    assert_eq!(judged(&log, 3, 3, &everybody()).await.held, None);
    let others = judged(&log, 4, 4, &everybody()[10..30]).await;
    assert_eq!(
        causes(&others),
        [HoldCause::Absent],
        "what was approved is long past"
    );
    let same = judged(&log, 5, 5, &everybody()[..20]).await;
    assert_eq!(same.held, None, "the very rows pass whenever they come");
}

#[tokio::test]
async fn what_is_rejected_is_refused_for_ever_and_the_feed_goes_on() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let half = &everybody()[..20];
    let held = judged(&log, 2, 2, half).await;
    decided(&log, held.delivery, DeliveryDecision::Reject).await;
    let before = length(&log).await;
    let refused = judged(&log, 3, 3, half).await.held.unwrap();
    assert_eq!(
        (refused.standing, refused.delivery),
        (Standing::Rejected, held.delivery)
    );
    assert_eq!(length(&log).await, before, "what was said stands");

    let most = &everybody()[..35];
    assert_eq!(judged(&log, 4, 4, most).await.held, None);
    let shrunk = judged(&log, 5, 5, &everybody()[..21]).await;
    assert_eq!(causes(&shrunk), [HoldCause::Absent]);
    decided(&log, shrunk.delivery, DeliveryDecision::Approve).await;
    assert_eq!(judged(&log, 6, 6, &everybody()[..21]).await.held, None);
    let within_bounds = judged(&log, 7, 7, half).await.held.unwrap();
    assert_eq!(
        within_bounds.standing,
        Standing::Rejected,
        "even where it would keep its bounds"
    );
    laws::check(&log).await;
}

#[tokio::test]
async fn of_two_decisions_the_later_counts() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let half = &everybody()[..20];
    let held = judged(&log, 2, 2, half).await.delivery;
    for decision in [DeliveryDecision::Approve, DeliveryDecision::Reject] {
        decided(&log, held, decision).await;
    }
    let refused = judged(&log, 3, 3, half).await.held.unwrap();
    assert_eq!(refused.standing, Standing::Rejected);
    let other = judged(&log, 4, 4, &everybody()[1..21]).await;
    assert_eq!(
        causes(&other),
        [HoldCause::Absent],
        "an approval taken back is no permit"
    );
    decided(&log, held, DeliveryDecision::Approve).await;
    assert_eq!(judged(&log, 5, 5, half).await.held, None);
}

#[tokio::test]
async fn a_permit_is_for_its_own_scope() {
    let log = empty_log();
    let of = |ukprn: &str, number, on| DeliveryPlan {
        scope: Scope::from([("provider".to_owned(), ukprn.to_owned())]),
        ..complete(FEED, number, day(on))
    };
    for (number, ukprn) in [(1, "10000571"), (2, "10007140")] {
        try_deliver(&log, &gated(), &of(ukprn, number, 1), &everybody())
            .await
            .unwrap();
    }
    let half = &everybody()[..20];
    let held = try_deliver(&log, &gated(), &of("10000571", 3, 2), half)
        .await
        .unwrap();
    decided(&log, held.delivery, DeliveryDecision::Approve).await;
    let other = try_deliver(&log, &gated(), &of("10007140", 4, 2), half)
        .await
        .unwrap();
    assert_eq!(causes(&other), [HoldCause::Absent]);
    let own = try_deliver(&log, &gated(), &of("10000571", 5, 3), half)
        .await
        .unwrap();
    assert_eq!(own.held, None);
}

#[tokio::test]
async fn killed_anywhere_under_a_permit_it_ends_the_same() {
    for number in 1..9 {
        for killed in [Killed::Before(number), Killed::After(number)] {
            let log = empty_log();
            judged(&log, 1, 1, &everybody()).await;
            let mut half = everybody()[..20].to_vec();
            let held = judged(&log, 2, 2, &half).await;
            decided(&log, held.delivery, DeliveryDecision::Approve).await;
            half[0] = inducted(3_100_001);
            let plan = complete(FEED, 3, day(3));
            let end = run_until_killed_with(&log, &gated(), killed, &plan, &half).await;
            // The next poll finds other rows again; the permit is still there unless the delivery was closed.
            half[1] = inducted(3_100_002);
            let report = judged(&log, 4, 4, &half).await;
            assert_eq!(report.held, None, "{killed:?} {end:?}");
            assert!(end == End::Killed || number > 6, "{number} publishes are made");
            laws::check(&log).await;
        }
    }
}

#[tokio::test]
async fn an_unchanged_sweep_is_read_once_and_a_partial_delivery_is_never_judged() {
    let log = empty_log();
    let (clock, kek, opened) = (ManualClock::at(day(1).0), kek(), AtomicUsize::new(0));
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let rows = everybody();
    let open = || {
        opened.fetch_add(1, Ordering::Relaxed);
        items(&rows)
    };
    let mut changed = rows.clone();
    changed[39] = inducted(3_100_040);
    let plans = [
        (plan(FEED, 1, day(1)), 1, 40),
        (complete(FEED, 2, day(2)), 1, 0),
        (complete(FEED, 3, day(3)), 1, 0),
    ];
    for (plan, times, observations) in plans {
        opened.store(0, Ordering::Relaxed);
        let report = deliver(&log, &edge, &gated(), &plan, open, |_| ()).await.unwrap();
        assert_eq!(opened.load(Ordering::Relaxed), times);
        assert_eq!(
            (report.counts.rows, report.counts.observations),
            (40, observations)
        );
        assert_eq!(report.pages, 10);
    }
    let report = judged(&log, 4, 4, &changed).await;
    assert_eq!((report.counts.observations, report.counts.unchanged), (1, 39));
    laws::check(&log).await;
}

#[tokio::test]
async fn a_dry_run_tells_that_a_delivery_would_be_held() {
    let log = empty_log();
    judged(&log, 1, 1, &everybody()).await;
    let before = length(&log).await;
    let (clock, kek, mut shown) = (ManualClock::at(day(1).0), kek(), Vec::new());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let (plan, rows) = (complete(FEED, 2, day(2)), everybody());
    let show = |entry: &codec::LogEntry| shown.push(entry.clone());
    let report = dry_run(&log, &edge, &gated(), &plan, || items(&rows[..20]), show)
        .await
        .unwrap();
    assert_eq!(causes(&report), [HoldCause::Absent]);
    assert_eq!((shown.len(), length(&log).await), (1, before));
}
