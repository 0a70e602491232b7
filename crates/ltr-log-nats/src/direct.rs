//! Direct gets: one message by its sequence, the last of many subjects.
//!
//! Each subject is asked for by itself, a window of them at a time. A server can answer for a thousand at once
//! (`multi_last`), but looks through every block of the stream to do so: what it takes grows with the log, while one
//! subject leads it to one block. Any copy of a stream answers; one that lags may not know the newest messages, and a
//! writer that relied on it is refused by its expected sequence, and reads again.

use std::collections::{BTreeMap, BTreeSet};

use async_nats::{Message, Subscriber};
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use ltr_ports::log::{StoredMessage, Stream};
use serde_json::json;
use tokio::task::unconstrained;
use tokio::time::timeout;

use crate::Cause;
use crate::connection::{ANSWERED_WITHIN, Connection};
use crate::message;

/// How many subjects are asked for and not yet answered. Even where each answer is as large as messages get, the
/// server does not hold more for us than it allows (`max_pending`, 64 MB).
const WINDOW: usize = 64;

/// More are asked for when so many answers are still to come: many questions are then written at once, and answered at
/// once, where one for each answer would wake both sides for every one.
const WINDOW_LOW: usize = WINDOW / 2;

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
    let to = format!("$JS.API.DIRECT.GET.{stream}").into();
    let answer = connection
        .answer(losses, to, None, question.into(), ANSWERED_WITHIN)
        .await?;
    read(answer)
}

/// The last message of each subject that has one.
pub(crate) async fn last_of(
    connection: &Connection,
    stream: Stream,
    subjects: Vec<String>,
) -> Result<BTreeMap<String, StoredMessage>, Cause> {
    // Those that are not this stream's have no message on it; and a wildcard must not be sent as a question.
    let subjects: BTreeSet<String> = subjects
        .into_iter()
        .filter(|subject| stream.takes(subject))
        .collect();
    let losses = connection.up().await?;
    let inbox = connection.client.new_inbox();
    let answers = connection.client.subscribe(inbox.clone()).await;
    let mut answers = answers.map_err(|error| Cause::Unsent(Box::new(error)))?;

    let mut last = BTreeMap::new();
    let mut unanswered = 0;
    for subject in &subjects {
        if unanswered == WINDOW {
            for _ in WINDOW_LOW..WINDOW {
                last.extend(next(connection, losses, &mut answers).await?);
            }
            unanswered = WINDOW_LOW;
        }
        let to = format!("$JS.API.DIRECT.GET.{stream}.{subject}");
        let sent = connection
            .client
            .publish_with_reply(to, inbox.clone(), Bytes::new())
            .await;
        sent.map_err(|error| Cause::Unsent(Box::new(error)))?;
        unanswered += 1;
    }
    for _ in 0..unanswered {
        last.extend(next(connection, losses, &mut answers).await?);
    }
    Ok(last)
}

/// The next of several answers, which come in any order.
async fn next(
    connection: &Connection,
    losses: u64,
    answers: &mut Subscriber,
) -> Result<Option<(String, StoredMessage)>, Cause> {
    // What is here already is taken without a turn of the scheduler for each answer.
    let answer = match unconstrained(answers.next()).now_or_never() {
        Some(answer) => answer,
        None => wait(connection, losses, answers).await?,
    };
    let message = read(answer.ok_or(Cause::ConnectionLost)?)?;
    Ok(message.map(|message| (message.subject.clone(), message)))
}

async fn wait(
    connection: &Connection,
    losses: u64,
    answers: &mut Subscriber,
) -> Result<Option<Message>, Cause> {
    tokio::select! {
        biased;
        answer = timeout(ANSWERED_WITHIN, answers.next()) => answer.map_err(|_| Cause::TimedOut(ANSWERED_WITHIN)),
        () = connection.lost_after(losses) => Err(Cause::ConnectionLost),
    }
}

/// What an answer holds; nothing if there is no such message.
fn read(answer: Message) -> Result<Option<StoredMessage>, Cause> {
    match answer.status.map(|status| status.as_u16()) {
        None => message::of_direct_get(answer).map(Some),
        Some(404) => Ok(None),
        Some(503) => Err(Cause::NoResponder),
        Some(status) => {
            let description = answer.description.unwrap_or_default();
            Err(Cause::Server {
                status: status.into(),
                code: status.into(),
                description,
            })
        }
    }
}
