use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use ltr_ports::clock::{ManualClock, Pace};

use super::Limit;

fn clock() -> Arc<dyn Pace> {
    Arc::new(ManualClock::at("2026-10-14T06:00:00Z".parse().unwrap()))
}

async fn sent(
    limit: &Arc<Limit>,
    pace: &Arc<dyn Pace>,
    count: usize,
    takes: SignedDuration,
) -> Vec<Timestamp> {
    let mut sent = Vec::new();
    for _ in 0..count {
        let permit = limit.permit(pace).await;
        sent.push(pace.now());
        pace.until(pace.now() + takes).await;
        drop(permit);
    }
    sent
}

#[tokio::test]
async fn no_window_wherever_it_begins_holds_one_request_too_many() {
    for takes_ms in [0, 1, 700, 59_000] {
        let (pace, limit) = (clock(), Arc::new(Limit::new(100, Duration::from_secs(60))));
        let sent = sent(&limit, &pace, 450, SignedDuration::from_millis(takes_ms)).await;
        for (index, begin) in sent.iter().enumerate() {
            let within = sent[index..]
                .iter()
                .take_while(|at| at.duration_since(*begin) <= SignedDuration::from_secs(60))
                .count();
            assert!(within <= 100, "{within} requests in a minute, {takes_ms} ms each");
        }
    }
}

#[tokio::test]
async fn a_bound_is_used_up_rather_than_spread_out() {
    let (pace, limit) = (clock(), Arc::new(Limit::new(100, Duration::from_secs(60))));
    let sent = sent(&limit, &pace, 300, SignedDuration::ZERO).await;
    let took = sent[299].duration_since(sent[0]);
    assert!(took < SignedDuration::from_secs(121), "{took}");
}

#[tokio::test]
async fn a_pause_holds_up_everyone() {
    let (pace, limit) = (clock(), Arc::new(Limit::new(100, Duration::from_secs(60))));
    let until = pace.now() + SignedDuration::from_secs(30);
    limit.pause(until);
    limit.pause(until - SignedDuration::from_secs(20));
    drop(limit.permit(&pace).await);
    assert_eq!(pace.now(), until);
}

#[tokio::test]
async fn requests_on_their_way_count_and_many_waiters_get_their_turn() {
    let (pace, limit) = (clock(), Arc::new(Limit::new(3, Duration::from_secs(60))));
    let started = pace.now();
    let asks = futures::stream::iter(0..12).map(|_| {
        let (pace, limit) = (Arc::clone(&pace), Arc::clone(&limit));
        async move {
            let _permit = limit.permit(&pace).await;
            tokio::task::yield_now().await;
        }
    });
    asks.buffer_unordered(8).collect::<Vec<()>>().await;
    assert!(pace.now().duration_since(started) >= SignedDuration::from_secs(180));
}
