//! One consumer on the server, which forgets it when nobody asks any more, and the pulls that keep it delivering.

use std::time::Duration;

use async_nats::{Message, Subject, Subscriber};
use futures::{FutureExt, StreamExt};
use ltr_ports::log::{StoredMessage, Stream};
use serde::Deserialize;
use serde_json::json;
use tokio::task::unconstrained;
use tokio::time::{Instant, sleep_until};

use crate::Cause;
use crate::connection::Connection;
use crate::message::{self, Delivered};

/// Messages asked for at a time; another pull follows when half of them are here.
const PULL_MESSAGES: u64 = 5_000;

/// Bytes asked for at a time: what a reader holds in memory, twice. More than the largest message.
const PULL_BYTES: u64 = 16 * 1024 * 1024;

/// How long the server keeps a pull that it has nothing for.
const PULL_EXPIRES: Duration = Duration::from_secs(30);

/// How often the server shows that it is there while it has nothing.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// The server has been silent for too long.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// How long the server remembers a consumer whose reader does not ask.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(super) struct Session {
    messages: Subscriber,
    inbox: Subject,
    /// Where pulls are sent.
    pulls: Subject,
    /// Asked for and not yet here.
    outstanding: u64,
    /// How many messages the consumer has delivered.
    delivered: u64,
    /// How many the server had for us beyond the last message.
    pending: u64,
    /// How long we have waited since the last sign of the server.
    silence: Duration,
    losses: u64,
    _forgotten: Forgotten,
}

/// Lets the server forget the consumer with its session: many short readings would reach the limit of consumers
/// before it forgets them by itself.
struct Forgotten {
    client: async_nats::Client,
    subject: Subject,
}

impl std::fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forgotten").finish_non_exhaustive()
    }
}

impl Drop for Forgotten {
    fn drop(&mut self) {
        // Without a runtime, or when the message is lost, the server forgets the consumer later.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (client, subject) = (self.client.clone(), self.subject.clone());
        runtime.spawn(async move {
            let _ = client.publish(subject, bytes::Bytes::new()).await;
        });
    }
}

pub(super) enum Step {
    Message(StoredMessage),
    DeadlineReached,
}

/// Where a consumer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// At a sequence, from 1.
    At(u64),
    /// With the last message of each subject that is there now.
    LastOfEach,
}

impl Session {
    /// Opens a session, and tells how many messages there are for it now.
    pub(super) async fn open(
        connection: &Connection,
        stream: Stream,
        begin: Begin,
        filter: Option<&str>,
    ) -> Result<(Self, u64), Cause> {
        #[derive(Deserialize)]
        struct Created {
            name: String,
            num_pending: u64,
        }
        let losses = connection.up().await?;
        let mut configuration = json!({
            "ack_policy": "none",
            "replay_policy": "instant",
            "inactive_threshold": nanoseconds(FORGOTTEN_AFTER),
            "num_replicas": 1,
            "mem_storage": true,
        });
        match begin {
            Begin::At(sequence) => {
                configuration["deliver_policy"] = "by_start_sequence".into();
                configuration["opt_start_seq"] = sequence.into();
            }
            Begin::LastOfEach => configuration["deliver_policy"] = "last_per_subject".into(),
        }
        if let Some(filter) = filter {
            configuration["filter_subject"] = filter.into();
        }
        let question = json!({ "stream_name": stream.name(), "config": configuration });
        let Created { name, num_pending } = connection
            .ask(&format!("CONSUMER.CREATE.{stream}"), &question)
            .await?;
        let inbox: Subject = connection.client.new_inbox().into();
        let messages = connection.client.subscribe(inbox.clone()).await;
        let session = Self {
            messages: messages.map_err(|error| Cause::Unsent(Box::new(error)))?,
            inbox,
            pulls: format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}").into(),
            outstanding: 0,
            delivered: 0,
            pending: 0,
            silence: Duration::ZERO,
            losses,
            _forgotten: Forgotten {
                client: connection.client.clone(),
                subject: format!("$JS.API.CONSUMER.DELETE.{stream}.{name}").into(),
            },
        };
        Ok((session, num_pending))
    }

    /// Whether the server held more when it sent the last message.
    pub(super) fn has_more(&self) -> bool {
        self.pending > 0
    }

    /// The next message, or the deadline. An error means that this session is in doubt.
    pub(super) async fn step(&mut self, connection: &Connection, deadline: Instant) -> Result<Step, Cause> {
        loop {
            if self.outstanding <= PULL_MESSAGES / 2 {
                self.pull(connection).await?;
            }
            // What is here already is taken without a turn of the scheduler for each message.
            let message = match unconstrained(self.messages.next()).now_or_never() {
                Some(message) => message,
                None => match self.wait(connection, deadline).await? {
                    Some(message) => Some(message),
                    None => return Ok(Step::DeadlineReached),
                },
            };
            self.silence = Duration::ZERO;
            if let Some(message) = self.take(message.ok_or(Cause::ConnectionLost)?)? {
                return Ok(Step::Message(message));
            }
        }
    }

    async fn pull(&mut self, connection: &Connection) -> Result<(), Cause> {
        let pull = json!({
            "batch": PULL_MESSAGES,
            "max_bytes": PULL_BYTES,
            "expires": nanoseconds(PULL_EXPIRES),
            "idle_heartbeat": nanoseconds(HEARTBEAT_EVERY),
        });
        let (to, reply) = (self.pulls.clone(), self.inbox.clone());
        let sent = connection
            .client
            .publish_with_reply(to, reply, pull.to_string().into())
            .await;
        sent.map_err(|error| Cause::Unsent(Box::new(error)))?;
        self.outstanding += PULL_MESSAGES;
        Ok(())
    }

    /// Waits for a message; `None` at the deadline.
    async fn wait(&mut self, connection: &Connection, deadline: Instant) -> Result<Option<Message>, Cause> {
        let begun = Instant::now();
        let patience = begun + SILENCE_MAX.saturating_sub(self.silence);
        tokio::select! {
            biased;
            message = self.messages.next() => message.map(Some).ok_or(Cause::ConnectionLost),
            () = connection.lost_after(self.losses) => Err(Cause::ConnectionLost),
            () = sleep_until(patience.min(deadline)) => {
                // Time that the caller spends elsewhere is no silence of the server's.
                self.silence += begun.elapsed();
                if self.silence >= SILENCE_MAX { Err(Cause::TimedOut(SILENCE_MAX)) } else { Ok(None) }
            }
        }
    }

    /// Reads what came: a message, or a status that says how a pull fares.
    fn take(&mut self, message: Message) -> Result<Option<StoredMessage>, Cause> {
        let Some(status) = message.status.map(|status| status.as_u16()) else {
            return self.take_message(message).map(Some);
        };
        let unserved = message::number_in(&message, "Nats-Pending-Messages");
        match (status, unserved) {
            (100, _) => self.check_heartbeat(&message)?,
            // The pull is over: expired, or its bytes are used up.
            (404 | 408 | 409, Some(unserved)) => self.outstanding = self.outstanding.saturating_sub(unserved),
            (503, _) => return Err(Cause::NoResponder),
            (status, _) => {
                let description = message.description.unwrap_or_default();
                return Err(Cause::Server {
                    status: status.into(),
                    code: status.into(),
                    description,
                });
            }
        }
        Ok(None)
    }

    fn take_message(&mut self, message: Message) -> Result<StoredMessage, Cause> {
        let delivered = message.reply.as_deref().and_then(Delivered::read);
        let delivered = delivered.ok_or(Cause::Unreadable("a message without its place in the stream"))?;
        if delivered.consumer_sequence != self.delivered + 1 {
            return Err(Cause::Unreadable("a message is missing on the way"));
        }
        self.delivered = delivered.consumer_sequence;
        self.pending = delivered.pending;
        self.outstanding = self.outstanding.saturating_sub(1);
        Ok(message::of_consumer(message, delivered))
    }

    /// A heartbeat tells how much was delivered: if the last message is missing, nothing else would show it.
    fn check_heartbeat(&mut self, heartbeat: &Message) -> Result<(), Cause> {
        match message::number_in(heartbeat, "Nats-Last-Consumer") {
            Some(delivered) if delivered > self.delivered => {
                Err(Cause::Unreadable("a message is missing on the way"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("these durations are short")
}
