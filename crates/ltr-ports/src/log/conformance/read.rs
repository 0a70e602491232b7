//! Reading: by subject, by sequence, forward.

use std::time::Duration;

use tokio::time::timeout;

use super::{LONG_MS, SHORT_MS, message, read_from, read_on, stored};
use crate::log::{Log, LogReader, NewMessage, Stream};

fn person(n: usize) -> String {
    format!("ltr.record.trs.person.{n}")
}

/// One message on each subject from `from` to before `to`, in batches.
async fn people(log: &impl Log, from: usize, to: usize) {
    let all: Vec<NewMessage> = (from..to)
        .map(|n| message(&person(n), &format!("state {n}"), Some(0)))
        .collect();
    for batch in all.chunks(1_000) {
        stored(log, Stream::Events, batch.to_vec()).await;
    }
}

/// More subjects than one request to a server takes, some never written, one written twice.
pub async fn the_last_messages_of_many_subjects(log: &impl Log) {
    people(log, 0, 2_300).await;
    stored(log, Stream::Events, vec![message(&person(7), "again", Some(8))]).await;
    let asked = (0..2_500).map(person).collect();
    let last = log
        .last_of(Stream::Events, asked)
        .await
        .expect("the last messages can be read");

    assert_eq!(last.len(), 2_300, "a subject without a message has no entry");
    assert_eq!(last[&person(7)].sequence, 2_301);
    assert_eq!(last[&person(7)].payload, "again");
    assert_eq!(last[&person(2_299)].sequence, 2_300);
    assert!(
        last.iter().all(|(subject, stored)| *subject == stored.subject),
        "each under its own subject"
    );

    let nobody = log
        .last_of(Stream::Events, vec![person(9_000)])
        .await
        .expect("asking in vain is no error");
    assert!(nobody.is_empty());
    let nothing = log
        .last_of(Stream::Events, Vec::new())
        .await
        .expect("asking for nothing is no error");
    assert!(nothing.is_empty());
    let twice = log
        .last_of(Stream::Events, vec![person(3), person(3)])
        .await
        .expect("asking twice is no error");
    assert_eq!(twice[&person(3)].sequence, 4);
}

/// Those that a filter matches, in order, and nothing before them; then what is published later.
pub async fn the_last_message_of_each_subject(log: &impl Log) {
    people(log, 0, 1_200).await;
    let others = ["ltr.record.apply.choice.1", "ltr.policy"];
    let others = others.map(|subject| message(subject, "of others", None));
    stored(log, Stream::Events, others.to_vec()).await;
    stored(log, Stream::Events, vec![message(&person(7), "again", Some(8))]).await;
    let each = log
        .last_of_each(Stream::Events, "ltr.record.trs.person.*".to_owned())
        .await;
    let Some(mut each) = each.expect("the last messages can be read") else {
        return;
    };
    assert_eq!(each.subjects, 1_200);
    let last = read_on(&mut each.reader, 1_200).await;
    let sequences: Vec<u64> = last.iter().map(|last| last.sequence).collect();
    let expected: Vec<u64> = (1..=1_200)
        .filter(|sequence| *sequence != 8)
        .chain([1_203])
        .collect();
    assert_eq!(sequences, expected);
    assert_eq!(
        (last[0].subject.as_str(), last[1_199].payload.as_ref()),
        (&*person(0), b"again".as_slice())
    );

    stored(log, Stream::Events, vec![message(&person(0), "later", Some(1))]).await;
    assert_eq!(read_on(&mut each.reader, 1).await[0].payload, "later");

    let nothing = log
        .last_of_each(Stream::Keys, "ltr.key.trs.person.*".to_owned())
        .await;
    let nothing = nothing
        .expect("asking in vain is no error")
        .map(|each| each.subjects);
    assert_eq!(nothing, Some(0));
}

/// Neither 0 nor what is to come is there.
pub async fn a_message_by_its_sequence(log: &impl Log) {
    people(log, 0, 3).await;
    let second = log
        .get(Stream::Events, 2)
        .await
        .expect("a message can be read")
        .expect("it is there");
    assert_eq!(
        (second.sequence, second.subject.as_str()),
        (2, person(1).as_str())
    );
    assert_eq!(second.payload, "state 1");
    for absent in [0, 4, u64::MAX] {
        assert_eq!(
            log.get(Stream::Events, absent)
                .await
                .expect("asking in vain is no error"),
            None
        );
    }
    assert_eq!(
        log.get(Stream::Keys, 1)
            .await
            .expect("asking in vain is no error"),
        None
    );
}

/// Of an empty stream all counts are 0; the creation time never changes.
pub async fn the_facts_follow_the_stream(log: &impl Log) {
    let mut created = Vec::new();
    for stream in Stream::ALL {
        let facts = log.facts(stream).await.expect("the facts can be read");
        assert_eq!(
            (facts.first_sequence, facts.last_sequence, facts.messages),
            (0, 0, 0),
            "{stream}"
        );
        assert!(facts.allows_atomic, "{stream}");
        created.push((facts.created_at, facts.clock));
    }
    people(log, 0, 5).await;
    let facts = log.facts(Stream::Events).await.expect("the facts can be read");
    assert_eq!(
        (facts.first_sequence, facts.last_sequence, facts.messages),
        (1, 5, 5)
    );
    assert!(facts.bytes > 0);
    assert_eq!((facts.created_at, facts.clock), created[Stream::Events as usize]);

    let stored = read_from(log, Stream::Events, 1, 5).await;
    assert!(stored.iter().all(|stored| stored.stored_at >= facts.created_at));
    assert!(stored.is_sorted_by_key(|stored| stored.stored_at));
}

/// At the beginning (0 or 1), in the middle, behind the end.
pub async fn a_reader_begins_where_it_is_told(log: &impl Log) {
    people(log, 0, 10).await;
    for (from, first) in [(0, 1), (1, 1), (4, 4), (10, 10)] {
        let read = read_from(log, Stream::Events, from, 11 - first).await;
        assert_eq!(read[0].sequence, first as u64, "from {from}");
    }
    let mut ahead = log
        .reader(Stream::Events, 12, None)
        .await
        .expect("the stream can be read");
    people(log, 10, 13).await;
    assert_eq!(read_on(&mut ahead, 2).await[0].sequence, 12);
}

/// Wildcards of one token and of the rest, and a literal subject.
pub async fn a_reader_returns_what_its_filter_matches(log: &impl Log) {
    let subjects = [
        "ltr.record.trs.person.1",
        "ltr.delivery.trs.persons",
        "ltr.record.apply.choice.1",
        "ltr.policy",
    ];
    for round in ["one", "two"] {
        stored(
            log,
            Stream::Events,
            subjects.map(|subject| message(subject, round, None)).to_vec(),
        )
        .await;
    }
    let cases: [(&str, &[u64]); 4] = [
        ("ltr.record.>", &[1, 3, 5, 7]),
        ("ltr.*.trs.>", &[1, 2, 5, 6]),
        ("ltr.record.*.*.1", &[1, 3, 5, 7]),
        ("ltr.policy", &[4, 8]),
    ];
    for (filter, expected) in cases {
        let mut reader = log
            .reader(Stream::Events, 1, Some(filter.to_owned()))
            .await
            .expect("it can be read");
        let read = read_on(&mut reader, expected.len()).await;
        assert!(
            read.iter()
                .map(|stored| stored.sequence)
                .eq(expected.iter().copied()),
            "{filter}"
        );
        assert!(
            reader
                .next(10, SHORT_MS)
                .await
                .expect("it can be read")
                .is_empty(),
            "{filter}"
        );
    }
}

/// What is left stays for the next call; nothing is skipped.
pub async fn a_reader_takes_no_more_than_it_is_asked_to(log: &impl Log) {
    people(log, 0, 1_500).await;
    let mut reader = log
        .reader(Stream::Events, 1, None)
        .await
        .expect("the stream can be read");
    let mut next = 1;
    for max in [1, 2, 700].into_iter().cycle() {
        let read = reader.next(max, LONG_MS).await.expect("the stream can be read");
        assert!((1..=max).contains(&read.len()), "{} of at most {max}", read.len());
        for stored in read {
            assert_eq!(stored.sequence, next);
            next += 1;
        }
        if next > 1_500 {
            break;
        }
    }
}

/// Of an empty stream, and at the end of one.
pub async fn a_reader_waits_and_then_says_that_nothing_came(log: &impl Log) {
    let mut reader = log
        .reader(Stream::Events, 1, None)
        .await
        .expect("the stream can be read");
    assert!(
        reader
            .next(10, SHORT_MS)
            .await
            .expect("waiting in vain is no error")
            .is_empty()
    );
    people(log, 0, 1).await;
    assert_eq!(read_on(&mut reader, 1).await[0].sequence, 1);
    assert!(
        reader
            .next(10, SHORT_MS)
            .await
            .expect("waiting in vain is no error")
            .is_empty()
    );
    assert!(
        reader
            .next(10, 0)
            .await
            .expect("not waiting is no error")
            .is_empty()
    );
}

/// It is woken, many times over, and misses nothing.
pub async fn a_waiting_reader_sees_what_is_published_later<L: Log>(log: &L) {
    let mut reader = log
        .reader(Stream::Events, 1, None)
        .await
        .expect("the stream can be read");
    let publisher = tokio::spawn({
        let log = log.clone();
        async move {
            for batch in 0..20 {
                people(&log, batch * 10, (batch + 1) * 10).await;
            }
        }
    });
    let read = read_on(&mut reader, 200).await;
    publisher.await.expect("the publisher does not panic");
    assert!(read.iter().map(|stored| stored.sequence).eq(1..=200));
    assert!((0..200).all(|n| read[n].subject == person(n)));
}

/// Each has its own place.
pub async fn readers_do_not_disturb_each_other(log: &impl Log) {
    people(log, 0, 50).await;
    let mut one = log
        .reader(Stream::Events, 1, None)
        .await
        .expect("the stream can be read");
    let mut other = log
        .reader(Stream::Events, 20, None)
        .await
        .expect("the stream can be read");
    assert_eq!(read_on(&mut one, 10).await[9].sequence, 10);
    assert_eq!(read_on(&mut other, 10).await[9].sequence, 29);
    drop(other);
    assert_eq!(read_on(&mut one, 40).await[39].sequence, 50);
}

/// However often a caller turns to something else in the middle of a call.
pub async fn a_call_that_is_given_up_loses_nothing<L: Log>(log: &L) {
    let mut reader = log
        .reader(Stream::Events, 1, None)
        .await
        .expect("the stream can be read");
    let publisher = tokio::spawn({
        let log = log.clone();
        async move {
            for batch in 0..20 {
                people(&log, batch * 500, (batch + 1) * 500).await;
            }
        }
    });
    let mut next = 1;
    let mut given_up = 0;
    while next <= 10_000 {
        let Ok(read) = timeout(Duration::from_micros(300), reader.next(2_000, LONG_MS)).await else {
            given_up += 1;
            // A reader that is never given time to hear anything would not be wrong.
            tokio::task::yield_now().await;
            continue;
        };
        for stored in read.expect("the stream can be read") {
            assert_eq!(stored.sequence, next, "after {given_up} calls given up");
            next += 1;
        }
    }
    publisher.await.expect("the publisher does not panic");
}
