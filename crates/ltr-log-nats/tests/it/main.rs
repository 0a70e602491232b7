//! The log on a real server: the conformance suite, and what only a real server can do to it.

#![expect(clippy::unwrap_used, reason = "in tests, a panic is the report")]

mod breaks;
mod next_runs;
mod opening;
mod proxy;
mod rereads;
mod sizes;

use ltr_devservers::{NatsServer, Options, Search, Servers};
use ltr_log_nats::NatsLog;
use ltr_ports::log::{ClockKind, NewMessage};
use ltr_ports::log_conformance;

/// A server of one's own, even where the environment names one.
async fn server() -> NatsServer {
    let options = Options::in_workspace();
    let search = Search {
        nats_url: None,
        ..options.search.clone()
    };
    Servers::start_nats_only(Options { search, ..options })
        .await
        .unwrap()
}

fn creating(url: &str) -> ltr_log_nats::Options {
    ltr_log_nats::Options::new(url).creating(ClockKind::Simulated)
}

async fn fresh() -> (NatsLog, NatsServer) {
    let server = server().await;
    (NatsLog::open(creating(server.url())).await.unwrap(), server)
}

/// `count` messages with payloads of `size` bytes on subjects that nobody has written to.
fn batch(name: &str, count: usize, size: usize) -> Vec<NewMessage> {
    let message = |n| NewMessage {
        subject: format!("ltr.record.register.trainee.{name}-{n}"),
        payload: vec![b'a' + (n % 26) as u8; size].into(),
        expected_last: Some(0),
    };
    (0..count).map(message).collect()
}

log_conformance!(fresh);
