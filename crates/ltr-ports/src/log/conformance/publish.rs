//! Publishing: all or none, under expectations, by several publishers at once.

use ltr_proto::digest::message_digest;

use super::{last_sequence, message, mistaken, read_from, refused, stored};
use crate::log::{BATCH_MESSAGES_MAX, Log, LogError, NewMessage, Published, Stream};

const ANNA: &str = "ltr.record.trs.person.3100001";
const BERT: &str = "ltr.record.trs.person.3100002";
const PAGES: &str = "ltr.delivery.trs.persons";

/// `count` messages on as many empty subjects.
fn on_new_subjects(count: usize) -> Vec<NewMessage> {
    (0..count)
        .map(|n| message(&format!("ltr.record.register.trainee.t{n}"), "state", Some(0)))
        .collect()
}

/// Sequences are contiguous, the acknowledgement names the first and the last, a reader finds the same order.
pub async fn a_batch_is_stored_whole_and_in_order(log: &impl Log) {
    let batch = vec![
        message(ANNA, "a1", Some(0)),
        message(BERT, "b1", Some(0)),
        message(PAGES, "p1", Some(0)),
    ];
    assert_eq!(stored(log, Stream::Events, batch).await, (1, 3));
    let batch = vec![message(BERT, "b2", Some(2)), message(PAGES, "p2", Some(3))];
    assert_eq!(stored(log, Stream::Events, batch).await, (4, 5));

    let read = read_from(log, Stream::Events, 1, 5).await;
    let seen: Vec<(u64, &str, &[u8])> = read
        .iter()
        .map(|stored| (stored.sequence, stored.subject.as_str(), &stored.payload[..]))
        .collect();
    assert_eq!(
        seen,
        [
            (1, ANNA, &b"a1"[..]),
            (2, BERT, b"b1"),
            (3, PAGES, b"p1"),
            (4, BERT, b"b2"),
            (5, PAGES, b"p2")
        ]
    );
}

/// Wherever in the batch the wrong one stands.
pub async fn one_wrong_expectation_refuses_the_whole_batch(log: &impl Log) {
    stored(log, Stream::Events, vec![message(ANNA, "a1", Some(0))]).await;
    for wrong in [0, 1, 2] {
        let mut batch = on_new_subjects(3);
        batch[wrong].expected_last = Some(1);
        refused(log, Stream::Events, batch).await;
        assert_eq!(
            last_sequence(log, Stream::Events).await,
            1,
            "nothing of a refused batch is stored"
        );
    }
    // The subjects are as empty as before.
    assert_eq!(stored(log, Stream::Events, on_new_subjects(3)).await, (2, 4));
}

/// A batch of one is no special case to the caller.
pub async fn a_single_message_is_refused_like_a_batch(log: &impl Log) {
    assert_eq!(
        stored(log, Stream::Events, vec![message(ANNA, "a1", Some(0))]).await,
        (1, 1)
    );
    refused(log, Stream::Events, vec![message(ANNA, "a2", Some(0))]).await;
    refused(log, Stream::Events, vec![message(ANNA, "a2", Some(7))]).await;
    assert_eq!(
        stored(log, Stream::Events, vec![message(ANNA, "a2", Some(1))]).await,
        (2, 2)
    );
    assert_eq!(
        stored(log, Stream::Events, vec![message(ANNA, "a3", None)]).await,
        (3, 3)
    );
}

/// Expecting 0 means: nobody has been here.
pub async fn expecting_an_empty_subject_refuses_a_taken_one(log: &impl Log) {
    stored(log, Stream::Events, vec![message(ANNA, "a1", Some(0))]).await;
    refused(
        log,
        Stream::Events,
        vec![message(BERT, "b1", Some(0)), message(ANNA, "a2", Some(0))],
    )
    .await;
    assert_eq!(last_sequence(log, Stream::Events).await, 1);
}

/// What happens on other subjects makes no expectation wrong, nor one right.
pub async fn an_expectation_looks_at_its_own_subject_only(log: &impl Log) {
    stored(
        log,
        Stream::Events,
        vec![message(ANNA, "a1", Some(0)), message(BERT, "b1", Some(0))],
    )
    .await;
    refused(
        log,
        Stream::Events,
        vec![message(ANNA, "a2", Some(2)), message(PAGES, "p1", Some(0))],
    )
    .await;
    stored(
        log,
        Stream::Events,
        vec![message(ANNA, "a2", Some(1)), message(PAGES, "p1", Some(0))],
    )
    .await;
}

/// A refusal leaves nothing behind that would stand in the way.
pub async fn a_refused_batch_may_be_published_again_with_true_expectations(log: &impl Log) {
    stored(log, Stream::Events, vec![message(PAGES, "p1", Some(0))]).await;
    let batch = |expected| vec![message(ANNA, "a1", Some(0)), message(PAGES, "p2", Some(expected))];
    refused(log, Stream::Events, batch(0)).await;
    let last = log
        .last_of(Stream::Events, vec![PAGES.to_owned()])
        .await
        .expect("the last message can be read");
    assert_eq!(
        stored(log, Stream::Events, batch(last[PAGES].sequence)).await,
        (2, 3)
    );
}

/// None and a thousand and one are mistakes.
pub async fn batches_hold_one_to_a_thousand_messages(log: &impl Log) {
    mistaken(log, Stream::Events, Vec::new()).await;
    mistaken(log, Stream::Events, on_new_subjects(BATCH_MESSAGES_MAX + 1)).await;
    assert_eq!(
        stored(log, Stream::Events, on_new_subjects(BATCH_MESSAGES_MAX)).await,
        (1, 1_000)
    );
    let read = read_from(log, Stream::Events, 1, BATCH_MESSAGES_MAX).await;
    let sent = on_new_subjects(BATCH_MESSAGES_MAX);
    assert!(
        read.iter()
            .map(|stored| &stored.subject)
            .eq(sent.iter().map(|message| &message.subject))
    );
}

/// A server cannot check an expectation about a subject that the batch itself has moved on.
pub async fn a_late_condition_in_a_batch_is_a_mistake(log: &impl Log) {
    mistaken(
        log,
        Stream::Events,
        vec![message(ANNA, "a1", Some(0)), message(ANNA, "a2", Some(1))],
    )
    .await;
    mistaken(
        log,
        Stream::Events,
        vec![message(ANNA, "a1", None), message(ANNA, "a2", Some(0))],
    )
    .await;
    let batch = vec![
        message(ANNA, "a1", Some(0)),
        message(BERT, "b1", Some(0)),
        message(ANNA, "a2", None),
    ];
    assert_eq!(stored(log, Stream::Events, batch).await, (1, 3));
}

/// Wildcards, gaps and other streams' subjects.
pub async fn a_foreign_subject_is_a_mistake(log: &impl Log) {
    for subject in [
        "ltr.evidence.trs.person.1",
        "ltr.record.*",
        "ltr.record.a b",
        "ltr.record.",
        "elsewhere",
        "",
    ] {
        mistaken(
            log,
            Stream::Events,
            vec![message(ANNA, "a1", None), message(subject, "x", None)],
        )
        .await;
    }
}

/// The streams share neither sequences nor fate.
pub async fn every_stream_counts_for_itself(log: &impl Log) {
    let evidence = |key: u32| message(&format!("ltr.evidence.trs.person.{key}"), "row", None);
    assert_eq!(
        stored(log, Stream::Evidence, vec![evidence(1), evidence(2), evidence(1)]).await,
        (1, 3)
    );
    assert_eq!(
        stored(
            log,
            Stream::Keys,
            vec![message("ltr.key.trs.person.1", "key", Some(0))]
        )
        .await,
        (1, 1)
    );
    let keys =
        |expected| (2..4).map(move |key| message(&format!("ltr.key.trs.person.{key}"), "key", expected));
    assert_eq!(stored(log, Stream::Keys, keys(Some(0)).collect()).await, (2, 3));
    refused(log, Stream::Keys, keys(Some(0)).collect()).await;
    assert_eq!(
        stored(log, Stream::Events, vec![message(ANNA, "a1", Some(0))]).await,
        (1, 1)
    );
}

/// Two publishers, one subject, the same expectation, in batches with other subjects: many rounds.
pub async fn of_racing_publishers_exactly_one_wins<L: Log>(log: &L) {
    let mut last = 0;
    for round in 0..25_u64 {
        let batch = |who: &str| {
            let own = format!("ltr.record.trs.person.{who}{round}");
            vec![message(&own, who, Some(0)), message(PAGES, who, Some(last))]
        };
        let one = tokio::spawn({
            let (log, batch) = (log.clone(), batch("a"));
            async move { log.publish(Stream::Events, batch).await }
        });
        let other = tokio::spawn({
            let (log, batch) = (log.clone(), batch("b"));
            async move { log.publish(Stream::Events, batch).await }
        });
        let (one, other) = tokio::join!(one, other);
        let outcomes = [one, other].map(|outcome| outcome.expect("no publisher panics"));
        let won = |outcome: &Result<Published, LogError>| {
            matches!(
                outcome.as_ref().expect("a lost race is no error"),
                Published::Stored { .. }
            )
        };
        assert_eq!(
            outcomes.iter().filter(|outcome| won(outcome)).count(),
            1,
            "round {round}: {outcomes:?}"
        );
        last = 2 * (round + 1);
        assert_eq!(
            last_sequence(log, Stream::Events).await,
            last,
            "the loser stored nothing"
        );
    }
}

/// SHA-256 over the subject, a line feed and the payload, whatever the way it is read.
pub async fn every_message_carries_its_digest(log: &impl Log) {
    let batch = vec![
        message(ANNA, "a1", Some(0)),
        message(BERT, "", Some(0)),
        message(PAGES, "p1", Some(0)),
    ];
    stored(log, Stream::Events, batch).await;
    stored(log, Stream::Events, vec![message(ANNA, "a2", Some(1))]).await;

    let mut seen = read_from(log, Stream::Events, 1, 4).await;
    seen.extend(log.get(Stream::Events, 2).await.expect("a message can be read"));
    let last = log
        .last_of(Stream::Events, vec![ANNA.to_owned(), BERT.to_owned()])
        .await;
    seen.extend(last.expect("the last messages can be read").into_values());
    assert_eq!(seen.len(), 7);
    for stored in &seen {
        assert_eq!(
            stored.digest,
            Some(message_digest(&stored.subject, &stored.payload)),
            "at {}",
            stored.sequence
        );
    }
}

/// A batch of payloads of 200 kB.
pub async fn large_payloads_come_back_whole(log: &impl Log) {
    let large = |n: usize| {
        (0..200_000)
            .map(|at| char::from(b'a' + ((at * (n + 3)) % 26) as u8))
            .collect::<String>()
    };
    let subject = |n: usize| format!("ltr.evidence.register.trainee.t{n}");
    let batch = (0..12)
        .map(|n| message(&subject(n), &large(n), Some(0)))
        .collect();
    assert_eq!(stored(log, Stream::Evidence, batch).await, (1, 12));

    let read = read_from(log, Stream::Evidence, 1, 12).await;
    let last = log
        .last_of(Stream::Evidence, (0..12).map(subject).collect())
        .await
        .expect("they can be read");
    for (n, stored) in read.iter().enumerate() {
        assert_eq!(stored.payload, large(n).as_bytes(), "number {n}");
        assert_eq!(last.get(&subject(n)), Some(stored));
        let by_sequence = log
            .get(Stream::Evidence, stored.sequence)
            .await
            .expect("it can be read");
        assert_eq!(by_sequence.as_ref(), Some(stored));
    }
}
