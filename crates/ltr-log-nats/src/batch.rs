//! Atomic batches, and single messages under the same conditions.
//!
//! A batch is messages that carry its id and their place in it; the last one commits, and only it is answered. What the
//! server refuses on the way it tells then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::{HeaderMap, HeaderName};
use ltr_ports::log::{LogError, NewMessage, Published, Stream};
use ltr_proto::digest;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::Cause;
use crate::connection::{Connection, read_answer};

/// At most so many batches of one process are open at a time: a server keeps at most 50 a stream.
pub const BATCHES_OPEN_MAX: usize = 4;

const BATCH_ID: HeaderName = HeaderName::from_static("Nats-Batch-Id");
const BATCH_SEQUENCE: HeaderName = HeaderName::from_static("Nats-Batch-Sequence");
const BATCH_COMMIT: HeaderName = HeaderName::from_static("Nats-Batch-Commit");
const EXPECTED_LAST: HeaderName = HeaderName::from_static("Nats-Expected-Last-Subject-Sequence");
const DIGEST: HeaderName = HeaderName::from_static(digest::DIGEST_HEADER);

/// An expected sequence did not hold.
const WRONG_LAST_SEQUENCE: u64 = 10_071;
/// The same, where the server only knows that another write on the subject is under way. (The other reason, two
/// conditions on one subject in a batch, is refused before anything is sent.)
const WRONG_LAST_SEQUENCE_CONSTANT: u64 = 10_164;

/// Publishes batches and settles what became of them. Checks nothing about them: see [`ltr_ports::log::check`].
#[derive(Debug, Clone)]
pub struct BatchPublisher {
    connection: Connection,
    acknowledged_within: Duration,
    open: Arc<Semaphore>,
    ids: Arc<Ids>,
}

/// Batch ids: a unique prefix for the process, then a count.
#[derive(Debug)]
struct Ids {
    prefix: String,
    next: AtomicU64,
}

/// A server's acknowledgement; of a single message without the last two.
#[derive(Debug, Deserialize)]
struct Acknowledgement {
    seq: u64,
    batch: Option<String>,
    count: Option<u64>,
}

impl BatchPublisher {
    pub(crate) fn new(connection: Connection, acknowledged_within: Duration) -> Self {
        let inbox = connection.client.new_inbox();
        let prefix = inbox.rsplit('.').next().unwrap_or_default().to_owned();
        let ids = Arc::new(Ids {
            prefix,
            next: AtomicU64::new(1),
        });
        Self {
            connection,
            acknowledged_within,
            open: Arc::new(Semaphore::new(BATCHES_OPEN_MAX)),
            ids,
        }
    }

    /// Publishes the messages, all or none; a single one without the ceremony of a batch.
    pub async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        let _slot = self.open.acquire().await.expect("nobody closes this semaphore");
        let count = messages.len();
        let outcome = match count {
            1 => self.send(messages, None).await,
            _ => self.send(messages, Some(self.ids.next())).await,
        };
        match outcome {
            Ok(Sent {
                last_sequence,
                is_whole: true,
            }) => {
                let first_sequence = last_sequence + 1 - count as u64;
                Ok(Published::Stored {
                    first_sequence,
                    last_sequence,
                })
            }
            Ok(Sent { is_whole: false, .. }) => Err(LogError::Unsuitable(format!(
                "the server acknowledged a message on {stream} but not its batch: it does not publish atomically; \
                 use 2.12 or newer everywhere, and verify the log"
            ))),
            Err(Cause::Server {
                code: WRONG_LAST_SEQUENCE | WRONG_LAST_SEQUENCE_CONSTANT,
                ..
            }) => Ok(Published::Refused),
            Err(cause) => Err(cause.of_write("publishing", stream)),
        }
    }

    async fn send(&self, messages: Vec<NewMessage>, batch: Option<String>) -> Result<Sent, Cause> {
        let losses = self.connection.up().await?;
        let last = messages.len() - 1;
        let expected_count = batch.is_some().then_some(messages.len() as u64);
        for (index, message) in messages.into_iter().enumerate() {
            let headers = headers(
                &message,
                batch.as_deref().map(|id| (id, index + 1, index == last)),
            );
            let NewMessage { subject, payload, .. } = message;
            if index < last {
                let sent = self
                    .connection
                    .client
                    .publish_with_headers(subject, headers, payload)
                    .await;
                // The server forgets a batch whose last message never comes.
                sent.map_err(|error| Cause::Unsent(Box::new(error)))?;
                continue;
            }
            let (subject, within) = (subject.into(), self.acknowledged_within);
            let answer = self
                .connection
                .answer(losses, subject, Some(headers), payload, within)
                .await?;
            let acknowledged: Acknowledgement = read_answer(&answer.payload)?;
            let is_whole = (acknowledged.batch, acknowledged.count) == (batch, expected_count);
            return Ok(Sent {
                last_sequence: acknowledged.seq,
                is_whole,
            });
        }
        Err(Cause::Unsent("there is nothing to publish".into()))
    }
}

struct Sent {
    last_sequence: u64,
    /// Whether the server acknowledged the batch as such.
    is_whole: bool,
}

impl Ids {
    fn next(&self) -> String {
        format!("{}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The headers of a message; `place` is its batch, its number in it from 1, and whether it commits.
fn headers(message: &NewMessage, place: Option<(&str, usize, bool)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some((id, number, commits)) = place {
        headers.insert(BATCH_ID, id);
        headers.insert(BATCH_SEQUENCE, number.to_string());
        if commits {
            headers.insert(BATCH_COMMIT, "1");
        }
    }
    if let Some(expected) = message.expected_last {
        headers.insert(EXPECTED_LAST, expected.to_string());
    }
    headers.insert(
        DIGEST,
        digest::header_value(&digest::message_digest(&message.subject, &message.payload)),
    );
    headers
}
