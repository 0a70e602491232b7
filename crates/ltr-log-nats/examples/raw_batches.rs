//! What a server can do: messages per second published in atomic batches with expected sequences, read back, and read
//! by subject. The limit that the speed of ingest and rebuild is compared with.
//!
//! `cargo run --release -p ltr-log-nats --example raw_batches -- [messages] [bytes each]`, on a private server.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};
use ltr_devservers::{Options, Search, Servers};
use ltr_log_nats::NatsLog;
use ltr_ports::log::{ClockKind, Log, LogReader, NewMessage, Published, Stream};

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let count = numbers.next().transpose()?.unwrap_or(200_000);
    let size = numbers.next().transpose()?.unwrap_or(600);
    println!("{count} messages of {size} bytes, each on a subject of its own");
    for batch in [500, 1_000] {
        for in_flight in [1, 2, 4] {
            measure(count, size, batch, in_flight).await?;
        }
    }
    Ok(())
}

/// One run on a server of its own.
async fn measure(count: usize, size: usize, batch: usize, in_flight: usize) -> Result<(), Failed> {
    let options = Options::in_workspace();
    let search = Search {
        nats_url: None,
        ..options.search.clone()
    };
    let server = Servers::start_nats_only(Options { search, ..options }).await?;
    let opening = ltr_log_nats::Options::new(server.url()).creating(ClockKind::Simulated);
    let log = NatsLog::open(opening).await?;

    let batches: Vec<Vec<NewMessage>> = messages(count, size)
        .chunks(batch)
        .map(<[NewMessage]>::to_vec)
        .collect();
    let begun = Instant::now();
    let mut took: Vec<Duration> = stream::iter(batches)
        .map(|batch| publish(&log, batch))
        .buffer_unordered(in_flight)
        .try_collect()
        .await?;
    let published = begun.elapsed();
    took.sort();

    let begun = Instant::now();
    let mut reader = log.reader(Stream::Events, 1, None).await?;
    let mut read = 0;
    while read < count {
        let some = reader.next(5_000, 10_000).await?.len();
        assert_ne!(some, 0, "everything published can be read");
        read += some;
    }
    let consumed = begun.elapsed();

    let asked: Vec<String> = (0..count).step_by(7).map(subject).take(20_000).collect();
    let asked_for = asked.len();
    let begun = Instant::now();
    let last = log.last_of(Stream::Events, asked).await?.len();
    let by_subject = begun.elapsed();
    assert_eq!(last, asked_for, "everything published has a last message");

    println!(
        "batches of {batch:>5}, {in_flight} in flight: published {:>7.0}/s (batch p50 {:>5.1} ms, p99 {:>5.1} ms), \
         read forward {:>7.0}/s, by subject {:>7.0}/s",
        rate(count, published),
        millis(took[took.len() / 2]),
        millis(took[took.len() * 99 / 100]),
        rate(count, consumed),
        rate(asked_for, by_subject),
    );
    server.stop().await;
    Ok(())
}

async fn publish(log: &NatsLog, batch: Vec<NewMessage>) -> Result<Duration, Failed> {
    let begun = Instant::now();
    match log.publisher().publish(Stream::Events, batch).await? {
        Published::Stored { .. } => Ok(begun.elapsed()),
        Published::Refused => Err("a batch on empty subjects was refused".into()),
    }
}

fn messages(count: usize, size: usize) -> Vec<NewMessage> {
    // Text that compresses about as well as protobuf of names and dates does, unlike one byte repeated.
    let mut state = 1_u64;
    let mut byte = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        b'a' + ((state >> 59) as u8 % 16)
    };
    let message = |n| NewMessage {
        subject: subject(n),
        payload: (0..size).map(|_| byte()).collect::<Vec<u8>>().into(),
        expected_last: Some(0),
    };
    (0..count).map(message).collect()
}

fn subject(n: usize) -> String {
    format!("ltr.record.register.trainee.{n:08}")
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
