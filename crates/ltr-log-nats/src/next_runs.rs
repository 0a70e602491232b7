//! The next run of each feed, on a stream with one message a feed. It is made when something is told for the first time.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use ltr_domain::ids::Feed;
use ltr_ports::next_runs::{Answer, NextRuns, NextRunsError};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::connection::{ANSWERED_WITHIN, Connection, read_answer};
use crate::{Cause, NatsLog};

/// The stream.
const STREAM: &str = "LTR_NEXT_RUNS";

/// The family of its subjects: `ltr.next.<source>.<feed>`.
const FAMILY: &str = "ltr.next";

/// The next runs on a NATS server.
#[derive(Debug, Clone)]
pub struct NatsNextRuns {
    connection: Connection,
    replicas: usize,
}

impl NatsNextRuns {
    /// The next runs beside a log.
    #[must_use]
    pub fn beside(log: &NatsLog) -> Self {
        Self {
            connection: log.connection.clone(),
            replicas: log.made.replicas,
        }
    }

    async fn ensure(&self) -> Result<(), Cause> {
        let stream = json!({
            "name": STREAM,
            "description": "Lifetime Teacher Record: when each feed is read next; told again by whoever reads it",
            "subjects": [format!("{FAMILY}.>")],
            "storage": "file",
            "retention": "limits",
            "discard": "old",
            "max_msgs_per_subject": 1,
            "allow_direct": true,
            "num_replicas": self.replicas,
        });
        let create = format!("STREAM.CREATE.{STREAM}");
        let _: IgnoredAny = self.connection.ask(&create, &stream).await?;
        Ok(())
    }

    async fn publish(&self, feed: Feed, at: Timestamp) -> Result<(), Cause> {
        let losses = self.connection.up().await?;
        let payload = Bytes::from(at.to_string());
        let answer = self
            .connection
            .answer(losses, subject(feed).into(), None, payload, ANSWERED_WITHIN)
            .await?;
        let _: IgnoredAny = read_answer(&answer.payload)?;
        Ok(())
    }

    async fn last(&self, feed: Feed) -> Result<Option<Timestamp>, Cause> {
        let losses = self.connection.up().await?;
        let question = format!("$JS.API.DIRECT.GET.{STREAM}.{}", subject(feed));
        let answer = self
            .connection
            .answer(losses, question.into(), None, Bytes::new(), ANSWERED_WITHIN)
            .await;
        let message = match answer {
            Ok(message) => message,
            // No stream: nothing was ever told.
            Err(Cause::NoResponder) => return Ok(None),
            Err(cause) => return Err(cause),
        };
        if message.status.is_some() {
            return Ok(None);
        }
        let text = std::str::from_utf8(&message.payload).ok();
        let at = text.and_then(|text| text.parse().ok());
        at.map(Some)
            .ok_or(Cause::Unreadable("a next run that is no instant"))
    }
}

fn subject(feed: Feed) -> String {
    format!("{FAMILY}.{}.{}", feed.source().token(), feed.token())
}

fn failed(attempted: &'static str) -> impl Fn(Cause) -> NextRunsError {
    move |cause| NextRunsError {
        attempted,
        source: Box::new(cause),
    }
}

impl NextRuns for NatsNextRuns {
    fn tell(&self, feed: Feed, at: Timestamp) -> Answer<'_, ()> {
        Box::pin(async move {
            let failed = failed("telling when a feed is read next");
            if self.publish(feed, at).await.is_ok() {
                return Ok(());
            }
            self.ensure().await.map_err(&failed)?;
            self.publish(feed, at).await.map_err(&failed)
        })
    }

    fn told(&self) -> Answer<'_, BTreeMap<Feed, Timestamp>> {
        Box::pin(async move {
            let looking = Feed::ALL.map(|feed| async move { (feed, self.last(feed).await) });
            let mut told = BTreeMap::new();
            for (feed, last) in futures::future::join_all(looking).await {
                if let Some(at) = last.map_err(failed("looking when feeds are read next"))? {
                    told.insert(feed, at);
                }
            }
            Ok(told)
        })
    }
}
