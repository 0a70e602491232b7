//! What every log must do, told as one list of cases. The in-memory twin and the adapters all pass it.
//!
//! [`log_conformance!`](crate::log_conformance) makes one test of each case. A case gets a log that is new and empty,
//! and never looks at the time.

use bytes::Bytes;

use super::{Log, LogError, LogReader, NewMessage, Published, StoredMessage, Stream};

pub mod erase;
pub mod publish;
pub mod read;

/// Makes a test of every case. `$fresh` is the path of an async function without arguments that gives a new, empty
/// log and whatever must outlive it. The crate that calls this needs `tokio` with its macros.
#[macro_export]
macro_rules! log_conformance {
    ($fresh:path) => {
        $crate::log_conformance! { $fresh =>
            publish::a_batch_is_stored_whole_and_in_order,
            publish::one_wrong_expectation_refuses_the_whole_batch,
            publish::a_single_message_is_refused_like_a_batch,
            publish::expecting_an_empty_subject_refuses_a_taken_one,
            publish::an_expectation_looks_at_its_own_subject_only,
            publish::a_refused_batch_may_be_published_again_with_true_expectations,
            publish::batches_hold_one_to_a_thousand_messages,
            publish::a_late_condition_in_a_batch_is_a_mistake,
            publish::a_foreign_subject_is_a_mistake,
            publish::every_stream_counts_for_itself,
            publish::of_racing_publishers_exactly_one_wins,
            publish::every_message_carries_its_digest,
            publish::large_payloads_come_back_whole,
            read::the_last_messages_of_many_subjects,
            read::the_last_message_of_each_subject,
            read::a_message_by_its_sequence,
            read::the_facts_follow_the_stream,
            read::a_reader_begins_where_it_is_told,
            read::a_reader_returns_what_its_filter_matches,
            read::a_reader_takes_no_more_than_it_is_asked_to,
            read::a_reader_waits_and_then_says_that_nothing_came,
            read::a_waiting_reader_sees_what_is_published_later,
            read::readers_do_not_disturb_each_other,
            read::a_call_that_is_given_up_loses_nothing,
            erase::purging_removes_a_subject_and_nothing_else,
            erase::a_purged_subject_is_empty_again,
            erase::events_cannot_be_purged,
            erase::a_purge_takes_no_wildcard,
            erase::of_the_keys_only_the_last_stays,
        }
    };
    ($fresh:path => $($area:ident::$case:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let (log, _outlives_it) = $fresh().await;
                $crate::log::conformance::$area::$case(&log).await;
            }
        )+
    };
}

/// Long enough for anything that does come.
const LONG_MS: u64 = 20_000;

/// Long enough for what is there already, short enough to be waited for in vain.
const SHORT_MS: u64 = 300;

fn message(subject: &str, payload: &str, expected_last: Option<u64>) -> NewMessage {
    NewMessage {
        subject: subject.to_owned(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        expected_last,
    }
}

/// Publishes what must be stored, and gives its first and last sequence.
async fn stored(log: &impl Log, stream: Stream, messages: Vec<NewMessage>) -> (u64, u64) {
    let expected = messages.len() as u64;
    match log
        .publish(stream, messages)
        .await
        .expect("the log can be published to")
    {
        Published::Stored {
            first_sequence,
            last_sequence,
        } => {
            assert_eq!(
                last_sequence + 1 - first_sequence,
                expected,
                "sequences leave no gap"
            );
            (first_sequence, last_sequence)
        }
        Published::Refused => panic!("a batch was refused though its expectations hold"),
    }
}

async fn refused(log: &impl Log, stream: Stream, messages: Vec<NewMessage>) {
    let published = log
        .publish(stream, messages)
        .await
        .expect("a lost race is no error");
    assert_eq!(published, Published::Refused);
}

/// Tries what must fail, certainly without effect.
async fn mistaken(log: &impl Log, stream: Stream, messages: Vec<NewMessage>) {
    let before = log.facts(stream).await.expect("the facts can be read");
    let error = log
        .publish(stream, messages)
        .await
        .expect_err("a mistake is an error");
    assert!(matches!(error, LogError::Determinate { .. }), "{error:?}");
    assert_eq!(
        log.facts(stream).await.expect("the facts can be read"),
        before,
        "nothing was stored"
    );
}

/// Every message from `from_sequence` on, in order, read until `count` are there.
async fn read_from(log: &impl Log, stream: Stream, from_sequence: u64, count: usize) -> Vec<StoredMessage> {
    let mut reader = log
        .reader(stream, from_sequence, None)
        .await
        .expect("the stream can be read");
    read_on(&mut reader, count).await
}

/// The next `count` messages of a reader, in as many pieces as it likes.
async fn read_on(reader: &mut impl LogReader, count: usize) -> Vec<StoredMessage> {
    let mut read = Vec::new();
    while read.len() < count {
        let some = reader
            .next(count - read.len(), LONG_MS)
            .await
            .expect("the stream can be read");
        assert!(!some.is_empty(), "{} of {count} messages came", read.len());
        read.extend(some);
    }
    assert!(
        read.is_sorted_by(|one, next| one.sequence < next.sequence),
        "in order, each once"
    );
    read
}

async fn last_sequence(log: &impl Log, stream: Stream) -> u64 {
    log.facts(stream)
        .await
        .expect("the facts can be read")
        .last_sequence
}
