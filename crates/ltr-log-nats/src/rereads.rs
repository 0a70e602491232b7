//! The queue of TRNs to read again, as a work-queue stream: one message per TRN and urgency, a consumer for each urgency.
//! What is in it can be made again; a stream that is gone is made anew and found empty.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Message, Subscriber};
use bytes::Bytes;
use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Trn;
use ltr_ports::rereads::{Answer, QueueError, Reread, RereadQueue, Taken, Urgency};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::time::timeout;

use crate::connection::{ANSWERED_WITHIN, Connection, read_answer};
use crate::message::Delivered;
use crate::{Cause, NatsLog};

/// The stream.
const STREAM: &str = "LTR_REREADS";

/// The family of its subjects: `ltr.reread.<urgency>.<trn>`.
const FAMILY: &str = "ltr.reread";

/// How many messages are sent before the first has to be acknowledged.
const WINDOW: usize = 256;

/// What is there is sent at once, so that this is long for a message to come.
const MESSAGE_WITHIN: Duration = Duration::from_millis(500);

/// The queue on a NATS server.
#[derive(Debug, Clone)]
pub struct NatsRereads {
    connection: Connection,
    replicas: usize,
    lease: SignedDuration,
}

impl NatsRereads {
    /// The queue beside a log, made if it is not there. What is taken and not done comes back after `lease`.
    ///
    /// # Errors
    ///
    /// A server that does not make it, or that holds another stream of that name.
    pub async fn open(log: &NatsLog, lease: SignedDuration) -> Result<Self, QueueError> {
        let queue = Self {
            connection: log.connection.clone(),
            replicas: log.made.replicas,
            lease,
        };
        queue.ensure().await.map_err(failed("making the queue"))?;
        Ok(queue)
    }

    async fn ensure(&self) -> Result<(), Cause> {
        let stream = json!({
            "name": STREAM,
            "description": "Lifetime Teacher Record: TRNs to read again; made anew from the log if lost",
            "subjects": [format!("{FAMILY}.>")],
            "storage": "file",
            "retention": "workqueue",
            "discard": "old",
            "max_msgs_per_subject": 1,
            "num_replicas": self.replicas,
        });
        let _: IgnoredAny = self
            .connection
            .ask(&format!("STREAM.CREATE.{STREAM}"), &stream)
            .await?;
        for urgency in Urgency::ALL {
            let name = urgency.token();
            let filter = format!("{FAMILY}.{name}.*");
            let consumer = json!({
                "stream_name": STREAM,
                "config": {
                    "name": name,
                    "durable_name": name,
                    "filter_subject": filter,
                    "deliver_policy": "all",
                    "ack_policy": "explicit",
                    "ack_wait": u64::try_from(self.lease.as_nanos()).unwrap_or(u64::MAX),
                    "max_ack_pending": -1,
                    "max_waiting": 512,
                },
            });
            let what = format!("CONSUMER.CREATE.{STREAM}.{name}.{filter}");
            let _: IgnoredAny = self.connection.ask(&what, &consumer).await?;
        }
        Ok(())
    }

    async fn inbox(&self) -> Result<(String, Subscriber), Cause> {
        let inbox = self.connection.client.new_inbox();
        let answers = self.connection.client.subscribe(inbox.clone()).await;
        let answers = answers.map_err(|error| Cause::Unsent(Box::new(error)))?;
        Ok((inbox, answers))
    }

    async fn send(&self, to: String, inbox: &str, payload: Bytes) -> Result<(), Cause> {
        let sent = self
            .connection
            .client
            .publish_with_reply(to, inbox.to_owned(), payload)
            .await;
        sent.map_err(|error| Cause::Unsent(Box::new(error)))
    }

    async fn publish(&self, rereads: &[Reread]) -> Result<(), Cause> {
        self.connection.up().await?;
        let (inbox, mut answers) = self.inbox().await?;
        let mut unanswered = 0;
        for reread in rereads {
            if unanswered == WINDOW {
                acknowledged(&mut answers).await?;
                unanswered -= 1;
            }
            let to = format!("{FAMILY}.{}.{}", reread.urgency.token(), reread.trn);
            self.send(to, &inbox, Bytes::from(reread.asked_at.to_string()))
                .await?;
            unanswered += 1;
        }
        for _ in 0..unanswered {
            acknowledged(&mut answers).await?;
        }
        Ok(())
    }

    async fn pull(&self, max: usize) -> Result<Vec<Taken>, Cause> {
        self.connection.up().await?;
        let mut taken = Vec::new();
        for urgency in Urgency::ALL {
            if taken.len() < max {
                self.pull_of(urgency, max - taken.len(), &mut taken).await?;
            }
        }
        Ok(taken)
    }

    async fn pull_of(&self, urgency: Urgency, max: usize, taken: &mut Vec<Taken>) -> Result<(), Cause> {
        let (inbox, mut answers) = self.inbox().await?;
        let question = json!({ "batch": max, "no_wait": true }).to_string();
        let to = format!("$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{}", urgency.token());
        self.send(to, &inbox, question.into()).await?;
        let mut within = ANSWERED_WITHIN;
        for _ in 0..max {
            let message = match timeout(within, answers.next()).await {
                Ok(Some(message)) => message,
                Ok(None) => return Err(Cause::ConnectionLost),
                Err(_) if within == MESSAGE_WITHIN => return Ok(()),
                Err(_) => return Err(Cause::TimedOut(within)),
            };
            match message.status.map(|status| status.as_u16()) {
                None => {}
                // Nothing there, or nothing more.
                Some(404 | 408) => return Ok(()),
                Some(503) => return Err(Cause::NoResponder),
                Some(status) => {
                    let description = message.description.unwrap_or_default();
                    let (status, code) = (status.into(), status.into());
                    return Err(Cause::Server {
                        status,
                        code,
                        description,
                    });
                }
            }
            let (one, pending) = read(&message, urgency)?;
            taken.extend(one);
            if pending == 0 {
                // Messages that come back are not counted among those pending.
                within = MESSAGE_WITHIN;
            }
        }
        Ok(())
    }

    async fn count(&self) -> Result<u64, Cause> {
        #[derive(Deserialize)]
        struct Info {
            num_pending: u64,
        }
        let mut count = 0;
        for urgency in Urgency::ALL {
            let what = format!("CONSUMER.INFO.{STREAM}.{}", urgency.token());
            let info: Info = self.connection.ask(&what, &json!({})).await?;
            count += info.num_pending;
        }
        Ok(count)
    }

    /// A stream or consumer that is gone is made anew, once.
    async fn again<T, F: Future<Output = Result<T, Cause>>>(
        &self,
        attempted: &'static str,
        attempt: impl Fn() -> F,
    ) -> Result<T, QueueError> {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(cause) => tracing::debug!(%cause, attempted, "looking whether the queue is still there"),
        }
        self.ensure().await.map_err(failed(attempted))?;
        attempt().await.map_err(failed(attempted))
    }
}

fn failed(attempted: &'static str) -> impl Fn(Cause) -> QueueError {
    move |cause| QueueError {
        attempted,
        source: Box::new(cause),
    }
}

/// The next of several acknowledgements, in any order.
async fn acknowledged(answers: &mut Subscriber) -> Result<(), Cause> {
    let answer = timeout(ANSWERED_WITHIN, answers.next()).await;
    let answer = answer.map_err(|_| Cause::TimedOut(ANSWERED_WITHIN))?;
    let answer = answer.ok_or(Cause::ConnectionLost)?;
    if answer.status.is_some() {
        return Err(Cause::NoResponder);
    }
    let _: IgnoredAny = read_answer(&answer.payload)?;
    Ok(())
}

/// What a message asks for, unless it is not one of ours, and how many more there are.
fn read(message: &Message, urgency: Urgency) -> Result<(Option<Taken>, u64), Cause> {
    let receipt = message
        .reply
        .as_ref()
        .ok_or(Cause::Unreadable("a message without a reply"))?;
    let delivered = Delivered::read(receipt).ok_or(Cause::Unreadable("a message without its place"))?;
    let trn = message
        .subject
        .rsplit('.')
        .next()
        .and_then(|token| Trn::parse(token).ok());
    let asked_at = std::str::from_utf8(&message.payload)
        .ok()
        .and_then(|text| text.parse::<Timestamp>().ok());
    let taken = trn.zip(asked_at).map(|(trn, asked_at)| Taken {
        reread: Reread {
            trn,
            urgency,
            asked_at,
        },
        receipt: receipt.to_string(),
    });
    Ok((taken, delivered.pending))
}

impl RereadQueue for NatsRereads {
    fn add(&self, rereads: Vec<Reread>) -> Answer<'_, ()> {
        Box::pin(async move {
            let rereads: Arc<[Reread]> = rereads.into();
            self.again("adding TRNs to read again", || self.publish(&rereads))
                .await
        })
    }

    fn take(&self, max: usize) -> Answer<'_, Vec<Taken>> {
        Box::pin(async move { self.again("taking TRNs to read again", || self.pull(max)).await })
    }

    /// An acknowledgement that is lost lets its message come back: it is read twice.
    fn done(&self, taken: Vec<Taken>) -> Answer<'_, ()> {
        Box::pin(async move {
            let unsent = |error| Cause::Unsent(error);
            let sending = async {
                for Taken { receipt, .. } in taken {
                    let sent = self
                        .connection
                        .client
                        .publish(receipt, Bytes::from_static(b"+ACK"))
                        .await;
                    sent.map_err(|error| unsent(Box::new(error)))?;
                }
                let flushed = self.connection.client.flush().await;
                flushed.map_err(|error| unsent(Box::new(error)))
            };
            sending.await.map_err(failed("reporting TRNs as read"))
        })
    }

    /// Without those that were taken and have come back.
    fn waiting(&self) -> Answer<'_, u64> {
        Box::pin(async move { self.again("counting TRNs to read again", || self.count()).await })
    }
}
