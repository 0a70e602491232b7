use bytes::Bytes;

use super::MemLog;
use crate::log::{ClockKind, Log, LogError, LogReader, NewMessage, Stream};
use crate::log_conformance;

fn empty() -> MemLog {
    MemLog::new(ClockKind::Simulated, "2026-09-01T00:00:00Z".parse().unwrap())
}

async fn fresh() -> (MemLog, ()) {
    (empty(), ())
}

log_conformance!(fresh);

async fn three_policies(log: &MemLog) {
    for n in 0..3 {
        let message = NewMessage {
            subject: "ltr.policy".into(),
            payload: Bytes::from_static(b"x"),
            expected_last: Some(n),
        };
        log.publish(Stream::Events, vec![message]).await.unwrap();
    }
}

#[tokio::test]
async fn tampering_is_seen_by_every_reader() {
    let log = empty();
    three_policies(&log).await;
    assert!(log.tamper(Stream::Events, 3, |message| message.payload =
        Bytes::from_static(b"y")));
    assert!(!log.tamper(Stream::Events, 4, |_| ()));
    assert_eq!(log.get(Stream::Events, 3).await.unwrap().unwrap().payload, "y");
    let last = log
        .last_of(Stream::Events, vec!["ltr.policy".into()])
        .await
        .unwrap();
    assert_eq!(last["ltr.policy"].payload, "y");
}

#[tokio::test]
async fn a_reader_refuses_a_stream_that_lost_what_it_read() {
    let log = empty();
    three_policies(&log).await;
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    assert_eq!(reader.next(10, 0).await.unwrap().len(), 3);
    log.truncate(Stream::Events, 2);
    assert!(matches!(reader.next(10, 0).await, Err(LogError::Unsuitable(_))));
    assert_eq!(log.facts(Stream::Events).await.unwrap().last_sequence, 2);
}

#[tokio::test]
async fn a_restored_log_is_another_with_the_same_messages() {
    let log = empty();
    three_policies(&log).await;
    let later = "2026-10-01T00:00:00Z".parse().unwrap();
    let restored = log.restored(later);
    three_policies(&empty()).await;
    assert_eq!(
        restored.get(Stream::Events, 3).await.unwrap(),
        log.get(Stream::Events, 3).await.unwrap()
    );
    assert_eq!(restored.facts(Stream::Events).await.unwrap().created_at, later);
    restored.truncate(Stream::Events, 0);
    assert_eq!(log.facts(Stream::Events).await.unwrap().messages, 3);
}
