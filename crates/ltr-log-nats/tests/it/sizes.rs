//! Limits that only a server has.

use ltr_log_nats::NatsLog;
use ltr_ports::log::{Log, LogError, LogReader, NewMessage, Published, Stream};

use crate::{batch, fresh};

async fn store(log: &NatsLog, messages: Vec<NewMessage>) {
    assert!(matches!(
        log.publish(Stream::Events, messages).await.unwrap(),
        Published::Stored { .. }
    ));
}

/// A server cuts the connection of a client that it holds more than 64 MB for.
#[tokio::test]
async fn the_last_messages_of_subjects_may_be_more_than_a_server_holds_for_a_client() {
    let (log, _server) = fresh().await;
    let mut subjects = Vec::new();
    for round in 0..10 {
        let messages = batch(&format!("large{round}"), 10, 900_000);
        subjects.extend(messages.iter().map(|message| message.subject.clone()));
        store(&log, messages).await;
    }
    subjects.push("ltr.record.register.trainee.nobody".to_owned());
    let last = log.last_of(Stream::Events, subjects).await.unwrap();
    assert_eq!(last.len(), 100);
    assert!(last.values().all(|message| message.payload.len() == 900_000));
}

/// A pull ends when its bytes are used up; the next one goes on.
#[tokio::test]
async fn a_reader_goes_on_when_the_bytes_of_a_pull_are_used_up() {
    let (log, _server) = fresh().await;
    for round in 0..6 {
        store(&log, batch(&format!("large{round}"), 10, 700_000)).await;
    }
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    let mut read = Vec::new();
    while read.len() < 60 {
        let some = reader.next(7, 20_000).await.unwrap();
        assert!(!some.is_empty(), "{} messages came", read.len());
        read.extend(some.into_iter().map(|message| message.sequence));
    }
    assert!(read.into_iter().eq(1..=60));
}

/// What the server would end the connection for is not sent.
#[tokio::test]
async fn a_message_larger_than_the_server_takes_is_a_mistake() {
    let (log, _server) = fresh().await;
    let mut messages = batch("huge", 3, 10);
    messages[1].payload = vec![0; 1024 * 1024].into();
    for messages in [messages.clone(), vec![messages[1].clone()]] {
        let error = log.publish(Stream::Events, messages).await.unwrap_err();
        assert!(matches!(error, LogError::Determinate { .. }), "{error:?}");
    }
    messages[1].payload = vec![0; 1000 * 1024].into();
    store(&log, messages).await;
    assert_eq!(log.facts(Stream::Events).await.unwrap().last_sequence, 3);
}

/// More publishers than a server keeps batches open for: they take turns.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_publishers_at_once_all_get_through() {
    let (log, _server) = fresh().await;
    let publishers: Vec<_> = (0..100)
        .map(|n| {
            let (log, messages) = (log.clone(), batch(&format!("p{n}"), 20, 100));
            tokio::spawn(async move { log.publish(Stream::Events, messages).await })
        })
        .collect();
    let mut firsts = Vec::new();
    for publisher in publishers {
        match publisher.await.unwrap().unwrap() {
            Published::Stored {
                first_sequence,
                last_sequence,
            } => {
                assert_eq!(last_sequence - first_sequence, 19);
                firsts.push(first_sequence);
            }
            Published::Refused => panic!("nobody else writes to these subjects"),
        }
    }
    firsts.sort_unstable();
    assert!(
        firsts.into_iter().eq((0..100).map(|n| n * 20 + 1)),
        "batches do not overlap"
    );
}

/// Small batches come at once; a lot at the tail of the stream comes in large pieces, not in drips.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_the_server_comes_in_full_pieces() {
    let (log, _server) = fresh().await;
    for round in 0..10 {
        store(&log, batch(&format!("r{round}"), 1_000, 200)).await;
    }
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    for _ in 0..10 {
        assert_eq!(reader.next(1_000, 20_000).await.unwrap().len(), 1_000);
    }
    assert!(reader.next(1_000, 100).await.unwrap().is_empty());
}
