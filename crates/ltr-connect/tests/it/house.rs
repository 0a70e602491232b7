//! What every test needs: a log, a clock, chance that can be repeated, and services that answer what they are told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use ltr_connect::http::{Http, HttpError, Request, Response};
use ltr_connect::retry::Patience;
use ltr_connect::{Means, Outcome, Shared, Supervisor, Worker};
use ltr_domain::ids::RecordId;
use ltr_ports::clock::{Clock, ManualClock, Pace};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, LogReader, Stream};
use ltr_ports::rereads::mem::MemRereads;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::KeyEncryptionKey;

pub(crate) struct House {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) log: MemLog,
    pub(crate) means: Means,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl House {
    pub(crate) fn at(now: &str) -> Self {
        let clock = Arc::new(ManualClock::at(at(now)));
        let count = AtomicU64::new(1);
        let random = move |bytes: &mut [u8]| {
            let number = count
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let number = number.to_le_bytes();
            bytes
                .iter_mut()
                .zip(number.iter().cycle())
                .for_each(|(byte, from)| *byte = *from);
        };
        Self {
            log: MemLog::with_clock(ClockKind::Real, at(now), clock.clone()),
            means: Means {
                pace: clock.clone(),
                random: Arc::new(random),
                patience: Patience::default(),
                rereads: Arc::new(MemRereads::new(clock.clone(), SignedDuration::from_mins(5))),
            },
            clock,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn shared(&self) -> Shared<MemLog> {
        let kek = KeyEncryptionKey::from_hex(&"2a".repeat(32)).unwrap();
        let (pace, random) = (Arc::clone(&self.means.pace), Arc::clone(&self.means.random));
        Shared::new(self.log.clone(), pace, random, kek)
    }

    pub(crate) fn supervisor(&self, workers: Vec<Box<dyn Worker<MemLog>>>) -> Supervisor<MemLog> {
        Supervisor::new(Arc::new(self.shared()), workers)
    }

    /// Every message of the events.
    pub(crate) async fn entries(&self) -> Vec<LogEntry> {
        let last = self.log.facts(Stream::Events).await.unwrap().last_sequence;
        let mut reader = self.log.reader(Stream::Events, 1, None).await.unwrap();
        let mut entries = Vec::new();
        while (entries.len() as u64) < last {
            let messages = reader.next(500, 1_000).await.unwrap();
            entries.extend(
                messages
                    .iter()
                    .map(|message| codec::decode(&message.payload).unwrap()),
            );
        }
        entries
    }

    /// The state of every record, as shown for debugging, without what differs between two logs of the same content.
    pub(crate) async fn states(&self) -> BTreeMap<RecordId, String> {
        let entries = self.entries().await.into_iter();
        entries
            .filter_map(|entry| match entry {
                LogEntry::Observation { observation, .. } => Some((
                    observation.record.clone(),
                    format!("{:?}", observation.state.body),
                )),
                _ => None,
            })
            .collect()
    }
}

/// Runs what is due, and nothing of it fails.
pub(crate) async fn run_well(supervisor: &mut Supervisor<MemLog>) -> Vec<Outcome> {
    let outcomes = supervisor.run_due().await.unwrap();
    for outcome in &outcomes {
        assert_eq!(outcome.failures, []);
    }
    outcomes
}

type Answering = dyn Fn(&Request, Timestamp) -> Result<Response, HttpError> + Send + Sync;

/// A service that answers as a function says. Remembers when it was asked what.
#[derive(Clone)]
pub(crate) struct Service {
    pace: Arc<dyn Pace>,
    answering: Arc<Answering>,
    pub(crate) asked: Arc<Mutex<Vec<(Timestamp, String)>>>,
}

impl Service {
    pub(crate) fn new(
        house: &House,
        answering: impl Fn(&Request, Timestamp) -> Result<Response, HttpError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            pace: Arc::clone(&house.means.pace),
            answering: Arc::new(answering),
            asked: Arc::default(),
        }
    }
}

impl Http for Service {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        let now = self.pace.now();
        self.asked.lock().unwrap().push((now, request.path.clone()));
        Box::pin(std::future::ready((self.answering)(request, now)))
    }
}

pub(crate) fn response(status: u16, body: impl Into<Bytes>) -> Response {
    Response {
        status,
        headers: BTreeMap::new(),
        body: body.into(),
    }
}

/// What stands behind `name=` in a query.
pub(crate) fn query(path: &str, name: &str) -> Option<String> {
    let query = path.split_once('?')?.1;
    let found = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    found.map(str::to_owned)
}
