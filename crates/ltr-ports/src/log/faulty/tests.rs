use bytes::Bytes;

use super::{Fault, FaultyLog};
use crate::log::mem::MemLog;
use crate::log::{ClockKind, Log, LogError, NewMessage, Published, Stream};

fn empty() -> MemLog {
    MemLog::new(ClockKind::Simulated, "2026-09-01T00:00:00Z".parse().unwrap())
}

fn policy(expected_last: Option<u64>) -> Vec<NewMessage> {
    vec![NewMessage {
        subject: "ltr.policy".into(),
        payload: Bytes::from_static(b"x"),
        expected_last,
    }]
}

async fn count(log: &impl Log) -> u64 {
    log.facts(Stream::Events).await.unwrap().messages
}

#[tokio::test]
async fn each_fault_happens_and_reports_as_it_says() {
    let faults = [
        Fault::LostAcknowledgement,
        Fault::LostRequest,
        Fault::Refused,
        Fault::Failed,
    ];
    let log = FaultyLog::scripted(empty(), faults.map(Some));

    let lost = log.publish(Stream::Events, policy(Some(0))).await;
    assert!(matches!(lost, Err(LogError::Indeterminate { .. })));
    assert_eq!(count(&log).await, 1, "it happened");

    let lost = log.publish(Stream::Events, policy(Some(1))).await;
    assert!(matches!(lost, Err(LogError::Indeterminate { .. })));
    assert_eq!(count(&log).await, 1, "it did not happen");

    assert_eq!(
        log.publish(Stream::Events, policy(Some(1))).await.unwrap(),
        Published::Refused
    );
    let failed = log.publish(Stream::Events, policy(Some(1))).await;
    assert!(matches!(failed, Err(LogError::Determinate { .. })));
    assert_eq!(count(&log).await, 1, "neither happened");

    let stored = Published::Stored {
        first_sequence: 2,
        last_sequence: 2,
    };
    assert_eq!(
        log.publish(Stream::Events, policy(Some(1))).await.unwrap(),
        stored,
        "the script is over"
    );
}

#[tokio::test]
async fn what_expects_nothing_is_never_refused() {
    let log = FaultyLog::scripted(empty(), [Some(Fault::Refused)]);
    assert!(matches!(
        log.publish(Stream::Events, policy(None)).await.unwrap(),
        Published::Stored { .. }
    ));
}

#[tokio::test]
async fn other_streams_use_up_no_fault() {
    let log = FaultyLog::scripted(empty(), [Some(Fault::Failed)]).only_on(Stream::Events);
    let key = NewMessage {
        subject: "ltr.key.trs.person.1".into(),
        payload: Bytes::new(),
        expected_last: None,
    };
    assert!(log.publish(Stream::Keys, vec![key]).await.is_ok());
    assert!(log.publish(Stream::Events, policy(None)).await.is_err());
}

#[tokio::test]
async fn a_seed_gives_the_same_faults_again_and_about_as_many_as_asked_for() {
    let outcomes = async |seed| {
        let log = FaultyLog::seeded(empty(), seed, 250);
        let mut failed = Vec::new();
        for n in 0..2_000 {
            failed.extend(
                log.publish(Stream::Events, policy(None))
                    .await
                    .is_err()
                    .then_some(n),
            );
        }
        failed
    };
    let failed = outcomes(7).await;
    assert_eq!(failed, outcomes(7).await);
    assert_ne!(failed, outcomes(8).await);
    // A quarter meets a fault; of these a quarter is a refusal, which an unconditional batch is spared.
    assert!((300..450).contains(&failed.len()), "{}", failed.len());
}
