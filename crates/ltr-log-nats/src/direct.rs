//! Direct gets: one message by its sequence, the last of many subjects at once.
//!
//! Any copy of a stream answers them. One that lags may not know the newest messages; a writer that relied on it is
//! then refused by its expected sequence, and reads again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_nats::Message;
use futures::{StreamExt, TryStreamExt};
use ltr_ports::log::{StoredMessage, Stream};
use serde_json::json;
use tokio::time::timeout;

use crate::Cause;
use crate::connection::{ANSWERED_WITHIN, Connection};
use crate::message;

/// A server takes 1,024 subjects in one request.
const SUBJECTS_AT_ONCE: usize = 1_000;

/// How many requests are on their way at a time; more gain nothing.
const REQUESTS_AT_ONCE: usize = 2;

/// How long the server may pause between two messages of an answer.
const NEXT_WITHIN: Duration = ANSWERED_WITHIN;

/// The message at a sequence.
pub(crate) async fn get(
    connection: &Connection,
    stream: Stream,
    sequence: u64,
) -> Result<Option<StoredMessage>, Cause> {
    if sequence == 0 {
        return Ok(None);
    }
    let losses = connection.up().await?;
    let question = json!({ "seq": sequence }).to_string();
    let answer = connection.answer(losses, subject(stream).into(), None, question.into(), ANSWERED_WITHIN).await?;
    match answer.status.map(|status| status.as_u16()) {
        None => message::of_direct_get(answer).map(Some),
        Some(404) => Ok(None),
        Some(status) => Err(refusal(status, answer)),
    }
}

/// The last message of each subject.
pub(crate) async fn last_of(
    connection: &Connection,
    stream: Stream,
    subjects: Vec<String>,
) -> Result<BTreeMap<String, StoredMessage>, Cause> {
    let subjects: BTreeSet<String> = subjects.into_iter().collect();
    let subjects: Vec<String> = subjects.into_iter().collect();
    let chunks: Vec<Vec<String>> = subjects.chunks(SUBJECTS_AT_ONCE).map(<[String]>::to_vec).collect();
    futures::stream::iter(chunks)
        .map(|chunk| last_of_chunk(connection, stream, chunk))
        .buffer_unordered(REQUESTS_AT_ONCE)
        .try_fold(BTreeMap::new(), async |mut all, chunk| {
            all.extend(chunk.into_iter().map(|message| (message.subject.clone(), message)));
            Ok(all)
        })
        .await
}

async fn last_of_chunk(
    connection: &Connection,
    stream: Stream,
    subjects: Vec<String>,
) -> Result<Vec<StoredMessage>, Cause> {
    let mut read = Vec::with_capacity(subjects.len());
    let mut asked: BTreeSet<String> = subjects.into_iter().collect();
    // A server ends an answer early that would grow too large, and says how many messages it held back.
    while !asked.is_empty() {
        let before = read.len();
        let held_back = last_of_once(connection, stream, &asked, &mut read).await?;
        if held_back == 0 {
            break;
        }
        if read.len() == before {
            return Err(Cause::Unreadable("it holds back messages and sends none"));
        }
        for message in &read[before..] {
            asked.remove(&message.subject);
        }
    }
    Ok(read)
}

/// Asks once, and gives how many messages the server held back.
async fn last_of_once(
    connection: &Connection,
    stream: Stream,
    asked: &BTreeSet<String>,
    read: &mut Vec<StoredMessage>,
) -> Result<u64, Cause> {
    let losses = connection.up().await?;
    let inbox = connection.client.new_inbox();
    let unsent = |error: Box<dyn std::error::Error + Send + Sync>| Cause::Unsent(error);
    let mut answers = connection.client.subscribe(inbox.clone()).await.map_err(|error| unsent(error.into()))?;
    let question = json!({ "multi_last": asked, "batch": asked.len() }).to_string();
    let sent = connection.client.publish_with_reply(subject(stream), inbox, question.into()).await;
    sent.map_err(|error| unsent(error.into()))?;
    loop {
        let answer = tokio::select! {
            biased;
            answer = timeout(NEXT_WITHIN, answers.next()) => answer.map_err(|_| Cause::TimedOut(NEXT_WITHIN))?,
            () = connection.lost_after(losses) => return Err(Cause::ConnectionLost),
        };
        let answer = answer.ok_or(Cause::ConnectionLost)?;
        match answer.status.map(|status| status.as_u16()) {
            None => read.push(message::of_direct_get(answer)?),
            Some(204) => return Ok(message::number_in(&answer, "Nats-Num-Pending").unwrap_or_default()),
            Some(404) => return Ok(0),
            Some(503) => return Err(Cause::NoResponder),
            Some(status) => return Err(refusal(status, answer)),
        }
    }
}

fn subject(stream: Stream) -> String {
    format!("$JS.API.DIRECT.GET.{stream}")
}

fn refusal(status: u16, answer: Message) -> Cause {
    let (status, code) = (u64::from(status), u64::from(status));
    Cause::Server { status, code, description: answer.description.unwrap_or_default() }
}
