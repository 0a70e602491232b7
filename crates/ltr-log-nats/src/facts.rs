//! What is known of a stream and of the server.

use std::time::Duration;

use jiff::Timestamp;
use ltr_ports::log::{ClockKind, LogError, Stream, StreamFacts};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::connection::{ANSWERED_WITHIN, Connection};
use crate::{Cause, Made, streams};

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// Its name.
    pub name: String,
    /// Its version; of a cluster, that of the server we are connected to.
    pub version: String,
    /// Its cluster, if it belongs to one.
    pub cluster: Option<String>,
    /// The largest message it takes, in bytes, with headers.
    pub payload_bytes_max: usize,
    /// Where the log's times come from.
    pub clock: ClockKind,
    /// Whether every stream takes atomic batches; a log is not opened otherwise.
    pub allows_atomic: bool,
    /// How many copies of the event stream there are.
    pub replicas: usize,
    /// How often it syncs to disk. Servers do not tell this to their clients: always `None`, to be shown as unknown.
    pub sync_interval: Option<Duration>,
    /// How long a question and its answer took just now.
    pub round_trip: Duration,
}

/// A stream as the server describes it; of its configuration, what is looked at.
#[derive(Debug, Deserialize)]
pub(crate) struct StreamInfo {
    pub(crate) config: Value,
    pub(crate) created: String,
    pub(crate) state: StreamState,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StreamState {
    messages: u64,
    bytes: u64,
    first_seq: u64,
    pub(crate) last_seq: u64,
}

pub(crate) async fn info(connection: &Connection, stream: Stream) -> Result<StreamInfo, Cause> {
    connection.ask(&format!("STREAM.INFO.{stream}"), &json!({})).await
}

pub(crate) async fn of_stream(connection: &Connection, stream: Stream) -> Result<StreamFacts, Cause> {
    let StreamInfo {
        config,
        created,
        state,
    } = info(connection, stream).await?;
    let created_at: Timestamp = created
        .parse()
        .map_err(|_| Cause::Unreadable("the stream's creation time is not an instant"))?;
    let clock = streams::clock_in(&config).ok_or(Cause::Unreadable("the stream does not tell its clock"))?;
    Ok(StreamFacts {
        created_at,
        // Some servers say 1 of a stream that is still empty.
        first_sequence: if state.last_seq == 0 { 0 } else { state.first_seq },
        last_sequence: state.last_seq,
        messages: state.messages,
        bytes: state.bytes,
        clock,
        allows_atomic: config["allow_atomic"] == true,
    })
}

pub(crate) async fn of_server(connection: &Connection, made: &Made) -> Result<ServerFacts, LogError> {
    let begun = Instant::now();
    let flushed = timeout(ANSWERED_WITHIN, connection.client.flush()).await;
    if !matches!(flushed, Ok(Ok(()))) {
        return Err(Cause::NotConnected.of_read("asking the server", Stream::Events));
    }
    let round_trip = begun.elapsed();
    let info = connection.client.server_info();
    Ok(ServerFacts {
        name: info.server_name,
        version: info.version,
        cluster: info.cluster,
        payload_bytes_max: info.max_payload,
        clock: made.clock,
        allows_atomic: true,
        replicas: made.replicas,
        sync_interval: None,
        round_trip,
    })
}
