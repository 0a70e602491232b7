//! A log that lets others run before everything it does, and that can stop for ever at a publish: what a killed process
//! leaves behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ltr_ingest::{Config, DeliveryPlan};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Each, Log, LogError, NewMessage, Published, StoredMessage, Stream, StreamFacts};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::fixture::{config, try_deliver};

/// Where a process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Killed {
    Never,
    /// Before the n-th publish reaches the log.
    Before(u64),
    /// When it has reached the log and nobody heard.
    After(u64),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Finished,
    Killed,
}

/// Delivers until the process is killed.
pub(crate) async fn run_until_killed(
    log: &MemLog,
    killed: Killed,
    plan: &DeliveryPlan,
    rows: &[Value],
) -> End {
    run_until_killed_with(log, &config(), killed, plan, rows).await
}

/// The same within other bounds.
pub(crate) async fn run_until_killed_with(
    log: &MemLog,
    config: &Config,
    killed: Killed,
    plan: &DeliveryPlan,
    rows: &[Value],
) -> End {
    let unruly = Unruly {
        killed,
        ..Unruly::new(log.clone())
    };
    tokio::select! {
        report = try_deliver(&unruly, config, plan, rows) => {
            report.unwrap();
            End::Finished
        }
        () = unruly.stopped.notified() => End::Killed,
    }
}

/// What becomes of asking for the last message of each subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InBulk {
    Read,
    Impossible,
    Failing,
}

type Delivery = (DeliveryPlan, Vec<Value>);

#[derive(Clone)]
pub(crate) struct Unruly<L> {
    log: L,
    killed: Killed,
    published: Arc<AtomicU64>,
    /// The most messages that a batch may have; a larger one is refused.
    batch_max: usize,
    /// Message counts of the event batches tried.
    pub(crate) tried: Arc<std::sync::Mutex<Vec<usize>>>,
    /// Told when the process is killed.
    stopped: Arc<Notify>,
    /// Another worker's delivery, which gets in just before the first batch of more than one event is published.
    interlude: Arc<std::sync::Mutex<Option<Delivery>>>,
    in_bulk: InBulk,
    /// How many subjects were asked for by name.
    pub(crate) asked: Arc<AtomicU64>,
}

impl<L: Log> Unruly<L> {
    pub(crate) fn new(log: L) -> Self {
        Self {
            log,
            killed: Killed::Never,
            published: Arc::default(),
            batch_max: usize::MAX,
            tried: Arc::default(),
            stopped: Arc::default(),
            interlude: Arc::default(),
            in_bulk: InBulk::Read,
            asked: Arc::default(),
        }
    }

    pub(crate) fn reading_in_bulk(log: L, in_bulk: InBulk) -> Self {
        Self {
            in_bulk,
            ..Self::new(log)
        }
    }

    pub(crate) fn killing(log: L, killed: Killed) -> Self {
        Self {
            killed,
            ..Self::new(log)
        }
    }

    /// Ends when the process is killed.
    pub(crate) async fn is_killed(&self) {
        self.stopped.notified().await;
    }

    pub(crate) fn refusing_beyond(log: L, batch_max: usize) -> Self {
        Self {
            batch_max,
            ..Self::new(log)
        }
    }

    pub(crate) fn interrupted_by(log: L, plan: DeliveryPlan, rows: Vec<Value>) -> Self {
        Self {
            interlude: Arc::new(std::sync::Mutex::new(Some((plan, rows)))),
            ..Self::new(log)
        }
    }

    /// Lets everything else that is going on get as far as it can first.
    async fn interlude(&self) {
        let Some((plan, rows)) = self.interlude.lock().unwrap().take() else {
            return;
        };
        for _ in 0..100 {
            yield_now().await;
        }
        Box::pin(try_deliver(&self.log, &config(), &plan, &rows))
            .await
            .unwrap();
    }

    async fn stop(&self) {
        self.stopped.notify_one();
        std::future::pending().await
    }
}

impl<L: Log> Log for Unruly<L> {
    type Reader = L::Reader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        let number = self.published.fetch_add(1, Ordering::Relaxed) + 1;
        yield_now().await;
        if stream == Stream::Events {
            self.tried.lock().unwrap().push(messages.len());
            if messages.len() > self.batch_max {
                return Ok(Published::Refused);
            }
        }
        if stream == Stream::Events && messages.len() > 1 {
            self.interlude().await;
        }
        if self.killed == Killed::Before(number) {
            self.stop().await;
        }
        let outcome = self.log.publish(stream, messages).await;
        if self.killed == Killed::After(number) {
            self.stop().await;
        }
        yield_now().await;
        outcome
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<BTreeMap<String, StoredMessage>, LogError> {
        yield_now().await;
        self.asked.fetch_add(subjects.len() as u64, Ordering::Relaxed);
        let found = self.log.last_of(stream, subjects).await;
        yield_now().await;
        found
    }

    async fn last_of_each(
        &self,
        stream: Stream,
        filter: String,
    ) -> Result<Option<Each<Self::Reader>>, LogError> {
        yield_now().await;
        match self.in_bulk {
            InBulk::Read => self.log.last_of_each(stream, filter).await,
            InBulk::Impossible => Ok(None),
            InBulk::Failing => Err(LogError::Unsuitable("no bulk today".to_owned())),
        }
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        yield_now().await;
        self.log.get(stream, sequence).await
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        yield_now().await;
        self.log.facts(stream).await
    }

    async fn reader(
        &self,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> Result<Self::Reader, LogError> {
        yield_now().await;
        self.log.reader(stream, from_sequence, filter).await
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        self.log.purge(stream, subject).await
    }
}
