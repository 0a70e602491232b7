//! The log on NATS JetStream: [`NatsLog`] keeps the three streams of [`ltr_ports::log`] on a server of 2.12 or newer.
//!
//! Only core NATS of the client library is used; the little of JetStream's API that is needed is spoken here, because
//! the client has neither an atomic batch publisher nor a batched direct get. What a lost connection means for a write
//! is decided in one place, [`Cause::certainly_nothing`].

use std::collections::BTreeMap;
use std::sync::Arc;

use ltr_ports::log::{Each, Log, LogError, NewMessage, Published, StoredMessage, Stream, StreamFacts, check};

mod batch;
mod cause;
mod connection;
mod direct;
mod facts;
mod message;
mod next_runs;
mod options;
mod reader;
mod rereads;
mod streams;

pub use batch::{BATCHES_OPEN_MAX, BatchPublisher};
pub use cause::Cause;
pub use facts::ServerFacts;
pub use next_runs::NatsNextRuns;
pub use options::Options;
pub use reader::NatsReader;
pub use rereads::NatsRereads;

use connection::Connection;
use ltr_ports::log::ClockKind;

/// The log on a NATS server. Clones share one connection.
#[derive(Debug, Clone)]
pub struct NatsLog {
    connection: Connection,
    publisher: BatchPublisher,
    made: Arc<Made>,
}

/// What was settled when the streams were made.
#[derive(Debug)]
struct Made {
    clock: ClockKind,
    replicas: usize,
}

impl NatsLog {
    /// Opens the log whose streams are on the server at `url` already.
    pub async fn connect(url: &str) -> Result<Self, LogError> {
        Self::open(Options::new(url)).await
    }

    /// Opens a log: connects, looks whether server and streams will do, and makes missing streams if that is allowed.
    pub async fn open(options: Options) -> Result<Self, LogError> {
        let connection = connection::open(&options).await?;
        let made = streams::ensure(&connection, &options).await?;
        let publisher = BatchPublisher::new(connection.clone(), options.acknowledged_within);
        Ok(Self {
            connection,
            publisher,
            made: Arc::new(made),
        })
    }

    /// Where the log's times come from.
    #[must_use]
    pub fn clock(&self) -> ClockKind {
        self.made.clock
    }

    /// What the server says of itself, for `ltr doctor`. Asks it nothing but how long an answer takes.
    pub async fn server_facts(&self) -> Result<ServerFacts, LogError> {
        facts::of_server(&self.connection, &self.made).await
    }

    /// The publisher under [`Log::publish`], which trusts its caller: for measuring what the server can do.
    #[must_use]
    pub fn publisher(&self) -> &BatchPublisher {
        &self.publisher
    }
}

impl Log for NatsLog {
    type Reader = NatsReader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        check::publish(stream, &messages).map_err(|mistake| mistake.of("publishing", stream))?;
        self.publisher.publish(stream, messages).await
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<BTreeMap<String, StoredMessage>, LogError> {
        let read = direct::last_of(&self.connection, stream, subjects).await;
        read.map_err(|cause| cause.of_read("reading the last messages of subjects", stream))
    }

    async fn last_of_each(
        &self,
        stream: Stream,
        filter: String,
    ) -> Result<Option<Each<NatsReader>>, LogError> {
        let connection = self.connection.clone();
        NatsReader::open_last_of_each(connection, stream, filter)
            .await
            .map(Some)
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        let read = direct::get(&self.connection, stream, sequence).await;
        read.map_err(|cause| cause.of_read("reading a message", stream))
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        let read = facts::of_stream(&self.connection, stream).await;
        read.map_err(|cause| cause.of_read("reading the facts", stream))
    }

    async fn reader(
        &self,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> Result<NatsReader, LogError> {
        NatsReader::open(self.connection.clone(), stream, from_sequence, filter).await
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        check::purge(stream, &subject).map_err(|mistake| mistake.of("purging", stream))?;
        let purged = streams::purge(&self.connection, stream, &subject).await;
        purged.map_err(|cause| cause.of_write("purging", stream))
    }
}
