//! I1, the limit: the very bytes that ingest wrote, read back and published again on another server in atomic batches
//! with expected sequences, evidence acknowledged before the events that may refer to it.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use ltr_log_nats::{BatchPublisher, NatsLog};
use ltr_ports::log::{Log, LogReader, NewMessage, Published, Stream};
use tokio::sync::mpsc;

/// What one delivery wrote, stream by stream.
#[derive(Debug, Default)]
pub(crate) struct Written {
    keys: Vec<NewMessage>,
    evidence: Vec<NewMessage>,
    events: Vec<NewMessage>,
}

impl Written {
    pub(crate) fn messages(&self) -> usize {
        self.keys.len() + self.evidence.len() + self.events.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        let all = self.keys.iter().chain(&self.evidence).chain(&self.events);
        all.map(|message| message.subject.len() + message.payload.len())
            .sum()
    }
}

/// How far the streams were read, and the last sequence of each subject.
#[derive(Debug, Default)]
pub(crate) struct ReadTo {
    sequences: HashMap<Stream, u64>,
    subjects: HashMap<String, u64>,
}

/// Reads what was written since the last call.
pub(crate) async fn read_back(log: &NatsLog, to: &mut ReadTo) -> anyhow::Result<Written> {
    Ok(Written {
        keys: read_stream(log, Stream::Keys, to).await?,
        evidence: read_stream(log, Stream::Evidence, to).await?,
        events: read_stream(log, Stream::Events, to).await?,
    })
}

async fn read_stream(log: &NatsLog, stream: Stream, to: &mut ReadTo) -> anyhow::Result<Vec<NewMessage>> {
    let goal = log.facts(stream).await?.last_sequence;
    let at = to.sequences.entry(stream).or_default();
    let mut messages = Vec::new();
    let mut reader = log.reader(stream, *at + 1, None).await?;
    while *at < goal {
        let read = reader.next(5_000, 10_000).await?;
        if read.is_empty() {
            bail!("{stream} gives nothing beyond {at} of {goal}");
        }
        for stored in read {
            *at = stored.sequence;
            let before = to.subjects.insert(stored.subject.clone(), stored.sequence);
            let expected_last = match stream {
                Stream::Events | Stream::Keys => Some(before.unwrap_or(0)),
                // Ingest expects nothing of evidence either.
                Stream::Evidence => None,
            };
            messages.push(NewMessage {
                subject: stored.subject,
                payload: stored.payload,
                expected_last,
            });
        }
    }
    Ok(messages)
}

/// Publishes it again in batches of that many.
pub(crate) async fn publish(log: &NatsLog, written: &Written, batch: usize) -> anyhow::Result<Duration> {
    let publisher = log.publisher();
    let (keys, evidence) = (cut(&written.keys, batch), cut(&written.evidence, batch));
    let events = cut(&written.events, batch);
    let evidence_batches = evidence.len();
    let (acknowledged, mut wait) = mpsc::channel(1);
    let began = Instant::now();
    let ahead = async {
        let (mut keys, mut evidence) = (keys.into_iter(), evidence.into_iter());
        loop {
            let (some_keys, some_evidence) = (keys.next(), evidence.next());
            if some_keys.is_none() && some_evidence.is_none() {
                return Ok(());
            }
            tokio::try_join!(
                publish_one(publisher, Stream::Keys, some_keys),
                publish_one(publisher, Stream::Evidence, some_evidence)
            )?;
            // Nobody waits any more once the events are all out.
            let _ = acknowledged.send(()).await;
        }
    };
    let behind = async {
        for (number, some_events) in events.into_iter().enumerate() {
            if number < evidence_batches {
                wait.recv().await.context("evidence was not published")?;
            }
            publish_one(publisher, Stream::Events, Some(some_events)).await?;
        }
        wait.close();
        Ok::<_, anyhow::Error>(())
    };
    tokio::try_join!(ahead, behind)?;
    Ok(began.elapsed())
}

async fn publish_one(
    publisher: &BatchPublisher,
    stream: Stream,
    batch: Option<Vec<NewMessage>>,
) -> anyhow::Result<()> {
    let Some(batch) = batch else { return Ok(()) };
    match publisher.publish(stream, batch).await? {
        Published::Stored { .. } => Ok(()),
        Published::Refused => bail!("{stream} refuses a batch that it took from ingest"),
    }
}

/// Cuts messages into batches. Of several on one subject in a batch only the first may expect something.
fn cut(messages: &[NewMessage], batch: usize) -> Vec<Vec<NewMessage>> {
    let cut_one = |messages: &[NewMessage]| {
        let mut seen = BTreeSet::new();
        let message = |message: &NewMessage| NewMessage {
            expected_last: message
                .expected_last
                .filter(|_| seen.insert(message.subject.clone())),
            ..message.clone()
        };
        messages.iter().map(message).collect()
    };
    messages.chunks(batch).map(cut_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_message_on_a_subject_of_a_batch_expects_something() {
        let message = |subject: &str, expected| NewMessage {
            subject: subject.to_owned(),
            payload: "".into(),
            expected_last: Some(expected),
        };
        let messages = [
            message("a", 0),
            message("b", 0),
            message("a", 1),
            message("a", 3),
            message("b", 2),
        ];
        let expected: Vec<Vec<_>> = cut(&messages, 3)
            .iter()
            .map(|batch| batch.iter().map(|message| message.expected_last).collect())
            .collect();
        assert_eq!(expected, [vec![Some(0), Some(0), None], vec![Some(3), Some(2)]]);
    }
}
