//! Removing: only where it is allowed, and only what was named.

use super::{last_sequence, message, read_from, refused, stored};
use crate::log::{Log, LogError, Stream};

const ANNA: &str = "ltr.evidence.trs.person.3100001";
const BERT: &str = "ltr.evidence.trs.person.3100002";

/// All messages of the subject go; the count says how many; sequences are not used again.
pub async fn purging_removes_a_subject_and_nothing_else(log: &impl Log) {
    let batch = vec![
        message(ANNA, "a1", None),
        message(BERT, "b1", None),
        message(ANNA, "a2", None),
    ];
    stored(log, Stream::Evidence, batch).await;
    assert_eq!(
        log.purge(Stream::Evidence, ANNA.to_owned())
            .await
            .expect("evidence can be purged"),
        2
    );
    assert_eq!(
        log.purge(Stream::Evidence, ANNA.to_owned())
            .await
            .expect("purging nothing is no error"),
        0
    );

    let facts = log.facts(Stream::Evidence).await.expect("the facts can be read");
    assert_eq!(
        (facts.first_sequence, facts.last_sequence, facts.messages),
        (2, 3, 1)
    );
    for (sequence, is_there) in [(1, false), (2, true), (3, false)] {
        let read = log
            .get(Stream::Evidence, sequence)
            .await
            .expect("a message can be read");
        assert_eq!(read.is_some(), is_there, "at {sequence}");
    }
    let last = log
        .last_of(Stream::Evidence, vec![ANNA.to_owned(), BERT.to_owned()])
        .await;
    assert!(
        last.expect("the last messages can be read")
            .into_keys()
            .eq([BERT.to_owned()])
    );

    assert_eq!(
        stored(log, Stream::Evidence, vec![message(BERT, "b2", None)]).await,
        (4, 4)
    );
    let read = read_from(log, Stream::Evidence, 1, 2).await;
    assert!(
        read.iter().map(|stored| stored.sequence).eq([2, 4]),
        "a reader passes over what is gone"
    );

    log.purge(Stream::Evidence, BERT.to_owned())
        .await
        .expect("evidence can be purged");
    let facts = log.facts(Stream::Evidence).await.expect("the facts can be read");
    assert_eq!(
        (facts.first_sequence, facts.last_sequence, facts.messages),
        (5, 4, 0),
        "empty, but not new"
    );
}

/// Expecting 0 holds again.
pub async fn a_purged_subject_is_empty_again(log: &impl Log) {
    stored(log, Stream::Evidence, vec![message(ANNA, "a1", Some(0))]).await;
    refused(log, Stream::Evidence, vec![message(ANNA, "a2", Some(0))]).await;
    log.purge(Stream::Evidence, ANNA.to_owned())
        .await
        .expect("evidence can be purged");
    assert_eq!(
        stored(log, Stream::Evidence, vec![message(ANNA, "a2", Some(0))]).await,
        (2, 2)
    );
}

/// Not even what nobody would miss.
pub async fn events_cannot_be_purged(log: &impl Log) {
    stored(log, Stream::Events, vec![message("ltr.policy", "p1", Some(0))]).await;
    let error = log
        .purge(Stream::Events, "ltr.policy".to_owned())
        .await
        .expect_err("events are for ever");
    assert!(matches!(error, LogError::Determinate { .. }), "{error:?}");
    assert!(
        log.get(Stream::Events, 1)
            .await
            .expect("a message can be read")
            .is_some()
    );
}

/// One subject at a time, so that a slip cannot erase everybody.
pub async fn a_purge_takes_no_wildcard(log: &impl Log) {
    stored(log, Stream::Evidence, vec![message(ANNA, "a1", None)]).await;
    for subject in [
        "ltr.evidence.>",
        "ltr.evidence.trs.person.*",
        "ltr.key.trs.person.1",
        "",
    ] {
        let error = log
            .purge(Stream::Evidence, subject.to_owned())
            .await
            .expect_err("that is a mistake");
        assert!(matches!(error, LogError::Determinate { .. }), "{error:?}");
    }
    assert!(
        log.get(Stream::Evidence, 1)
            .await
            .expect("a message can be read")
            .is_some()
    );
}

/// A new message removes the one before it, and the expectation follows.
pub async fn of_the_keys_only_the_last_stays(log: &impl Log) {
    let (anna, bert) = ("ltr.key.trs.person.3100001", "ltr.key.trs.person.3100002");
    stored(
        log,
        Stream::Keys,
        vec![message(anna, "k1", Some(0)), message(bert, "k1", Some(0))],
    )
    .await;
    stored(log, Stream::Keys, vec![message(anna, "k2", Some(1))]).await;
    refused(log, Stream::Keys, vec![message(anna, "k3", Some(1))]).await;

    assert_eq!(
        log.get(Stream::Keys, 1).await.expect("a message can be read"),
        None
    );
    let last = log
        .last_of(Stream::Keys, vec![anna.to_owned()])
        .await
        .expect("the last message can be read");
    assert_eq!((last[anna].sequence, &last[anna].payload[..]), (3, &b"k2"[..]));
    let read = read_from(log, Stream::Keys, 1, 2).await;
    assert!(read.iter().map(|stored| stored.sequence).eq([2, 3]));

    assert_eq!(
        log.purge(Stream::Keys, anna.to_owned())
            .await
            .expect("keys can be purged"),
        1
    );
    assert_eq!(last_sequence(log, Stream::Keys).await, 3);
    stored(log, Stream::Keys, vec![message(anna, "k4", Some(0))]).await;
}
