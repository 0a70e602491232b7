//! What a process remembers of earlier deliveries changes nothing but how often they are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ltr_domain::delivery::{Completeness, DeliveryStep, Scope};
use ltr_domain::ids::{DeliveryId, Feed, RecordId};
use ltr_ingest::{DeliveryPlan, Edge, Memo, Report, deliver_with};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::{MemLog, MemReader};
use ltr_ports::log::{Log, LogError, LogReader, NewMessage, Published, StoredMessage, Stream, StreamFacts};
use ltr_proto::codec::LogEntry;
use serde_json::{Value, json};

use crate::fixture::{at, complete, config, day, empty_log, entries, items, kek, noise, trainee};

const FEED: Feed = Feed::RegisterTrainees;

async fn deliver_to(log: &impl Log, memo: &Memo, plan: &DeliveryPlan, rows: &[Value]) -> Report {
    let (clock, kek) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    deliver_with(memo, log, &edge, &config(), plan, || items(rows), |_| ())
        .await
        .unwrap()
}

fn of_provider(number: u128, ukprn: u64, day_of_month: u32) -> DeliveryPlan {
    DeliveryPlan {
        scope: Scope::from([("provider".to_owned(), ukprn.to_string())]),
        ..complete(FEED, number, day(day_of_month))
    }
}

/// The next of some numbers that are told by a seed.
fn drawn(seed: &mut u64, below: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// Deliveries of three providers: complete and partial, in order and late, the same twice, with rows that cannot be read.
fn deliveries(seed: u64) -> Vec<(DeliveryPlan, Vec<Value>)> {
    let mut seed = seed;
    let mut all = Vec::new();
    for number in 1..=40_u32 {
        let early = match drawn(&mut seed, 5) {
            0 => number.min(5),
            _ => 0,
        };
        // Two deliveries a day at times, so that one snapshot is told twice.
        let day_of_month = (number.div_ceil(2) + 1 - early.div_ceil(2)).max(1);
        let mut plan = of_provider(u128::from(number), drawn(&mut seed, 3), day_of_month);
        if drawn(&mut seed, 6) == 0 {
            plan.completeness = Completeness::Partial;
        }
        let mut rows = Vec::new();
        for index in 0..6 {
            let state = ["trn_received", "deferred"][usize::from(drawn(&mut seed, 9) == 0)];
            if drawn(&mut seed, 3) > 0 {
                rows.push(trainee(&format!("{}-{index}", plan.scope["provider"]), state));
            }
        }
        if drawn(&mut seed, 8) == 0 {
            rows.push(json!("no row at all"));
        }
        all.push((plan, rows));
    }
    all
}

async fn steps(log: &impl Log) -> Vec<(DeliveryId, DeliveryStep)> {
    let of_feed = |entry| match entry {
        LogEntry::Feed(message) => Some((message.delivery, message.step)),
        _ => None,
    };
    entries(log).await.into_iter().filter_map(of_feed).collect()
}

/// What each delivery lacked, by its closing.
async fn lacked(log: &impl Log) -> Vec<(DeliveryId, Vec<RecordId>)> {
    let of_closing = |(delivery, step)| match step {
        DeliveryStep::Closed { absent, .. } => Some((delivery, absent)),
        _ => None,
    };
    steps(log).await.into_iter().filter_map(of_closing).collect()
}

#[tokio::test]
async fn whoever_remembers_says_the_same_as_whoever_reads_all_again() {
    let (mut absent, mut superseded) = (0, 0);
    for seed in 1..=30 {
        let (one, other) = (empty_log(), empty_log());
        let memo = Memo::default();
        for (plan, rows) in deliveries(seed) {
            let remembered = deliver_to(&one, &memo, &plan, &rows).await;
            let afresh = deliver_to(&other, &Memo::default(), &plan, &rows).await;
            assert_eq!(remembered, afresh, "seed {seed}");
            absent += afresh.absent;
            superseded += afresh.counts.superseded;
        }
        assert_eq!(lacked(&one).await, lacked(&other).await, "seed {seed}");
    }
    assert!(
        absent > 500 && superseded > 50,
        "{absent} absent, {superseded} superseded"
    );
}

#[tokio::test]
async fn a_log_that_lost_its_end_is_read_again() {
    let (log, memo) = (empty_log(), Memo::default());
    let rows: Vec<Value> = ["a", "b", "c"].map(|slug| trainee(slug, "deferred")).into();
    deliver_to(&log, &memo, &of_provider(1, 1, 1), &rows).await;
    let end = log.facts(Stream::Events).await.unwrap().last_sequence;
    deliver_to(&log, &memo, &of_provider(2, 1, 2), &rows[..1]).await;
    log.truncate(Stream::Events, end);
    // Longer than what was lost, so that its end alone does not tell.
    let other = DeliveryPlan {
        completeness: Completeness::Partial,
        ..of_provider(3, 2, 3)
    };
    let more: Vec<Value> = (0..20).map(|n| trainee(&format!("x{n}"), "deferred")).collect();
    deliver_to(&log, &memo, &other, &more).await;
    let report = deliver_to(&log, &memo, &of_provider(4, 1, 4), &rows[..2]).await;
    assert_eq!(
        report.absent, 1,
        "of the three that are still told of, one is missing"
    );
}

/// Counts the messages that are read in order.
#[derive(Clone)]
struct Counted(MemLog, Arc<AtomicUsize>);

struct CountedReader(MemReader, Arc<AtomicUsize>);

impl Log for Counted {
    type Reader = CountedReader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        self.0.publish(stream, messages).await
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<std::collections::BTreeMap<String, StoredMessage>, LogError> {
        self.0.last_of(stream, subjects).await
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        self.0.get(stream, sequence).await
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        self.0.facts(stream).await
    }

    async fn reader(
        &self,
        stream: Stream,
        from: u64,
        filter: Option<String>,
    ) -> Result<CountedReader, LogError> {
        let reader = self.0.reader(stream, from, filter).await?;
        Ok(CountedReader(reader, Arc::clone(&self.1)))
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        self.0.purge(stream, subject).await
    }
}

impl LogReader for CountedReader {
    async fn next(&mut self, max: usize, wait_ms_max: u64) -> Result<Vec<StoredMessage>, LogError> {
        let messages = self.0.next(max, wait_ms_max).await?;
        self.1.fetch_add(messages.len(), Ordering::Relaxed);
        Ok(messages)
    }
}

#[tokio::test]
async fn each_message_of_a_feed_is_read_once() {
    let log = Counted(empty_log(), Arc::default());
    let memo = Memo::default();
    let rows = [trainee("a", "deferred"), trainee("b", "deferred")];
    for number in 1..=60 {
        // Of each provider in turn the next day.
        let plan = of_provider(u128::from(number), u64::from(number % 6), 1 + number / 6);
        deliver_to(&log, &memo, &plan, &rows).await;
    }
    let of_feed = steps(&log.0).await.len();
    let read = log.1.load(Ordering::Relaxed);
    assert!(
        read <= of_feed,
        "{read} messages read, of {of_feed} that there are"
    );
}
