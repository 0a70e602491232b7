//! What breaks between us and the server: connections, and the server itself.

use std::time::{Duration, Instant};

use ltr_devservers::NatsServer;
use ltr_log_nats::NatsLog;
use ltr_ports::log::{Log, LogError, LogReader, NewMessage, Published, StoredMessage, Stream};

use crate::proxy::Proxy;
use crate::{batch, creating, fresh, server};

/// A log through a proxy, and one beside it.
async fn through_a_proxy(server: &NatsServer) -> (NatsLog, Proxy, NatsLog) {
    let proxy = Proxy::before(server.url()).await;
    let beside = NatsLog::open(creating(server.url())).await.unwrap();
    let log = NatsLog::open(creating(proxy.url())).await.unwrap();
    (log, proxy, beside)
}

/// Waits until a log has found its server again.
async fn until_it_answers(log: &NatsLog) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while log.facts(Stream::Events).await.is_err() {
        assert!(
            Instant::now() < deadline,
            "the server did not come back within a minute"
        );
        tokio::task::yield_now().await;
    }
}

async fn last_sequence(log: &NatsLog) -> u64 {
    until_it_answers(log).await;
    log.facts(Stream::Events).await.unwrap().last_sequence
}

fn publishing(
    log: &NatsLog,
    messages: Vec<NewMessage>,
) -> tokio::task::JoinHandle<Result<Published, LogError>> {
    let log = log.clone();
    tokio::spawn(async move { log.publish(Stream::Events, messages).await })
}

/// How many bytes a batch is on its way to the server; of others too, if they have names of the same length.
async fn measure(log: &NatsLog, proxy: &Proxy, messages: Vec<NewMessage>) -> u64 {
    let before = proxy.sent();
    assert!(matches!(
        log.publish(Stream::Events, messages).await.unwrap(),
        Published::Stored { .. }
    ));
    proxy.sent() - before
}

fn is_indeterminate(outcome: &Result<Published, LogError>) -> bool {
    matches!(outcome, Err(LogError::Indeterminate { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_acknowledgement_is_told_at_once_and_settled_by_a_read() {
    let server = server().await;
    let (log, proxy, beside) = through_a_proxy(&server).await;
    for (n, count) in [1, 100].into_iter().enumerate() {
        let before = last_sequence(&beside).await;
        let messages = batch(&format!("lost{n}"), count, 100);
        let subject = messages[0].subject.clone();
        proxy.swallow_answers();
        let outcome = publishing(&log, messages.clone());
        while last_sequence(&beside).await < before + count as u64 {}
        proxy.cut();
        let outcome = outcome.await.unwrap();
        assert!(is_indeterminate(&outcome), "{outcome:?}");

        let last = log.last_of(Stream::Events, vec![subject.clone()]).await.unwrap();
        assert_eq!(last[&subject].payload, messages[0].payload, "it did happen");
        let again = log.publish(Stream::Events, messages).await.unwrap();
        assert_eq!(again, Published::Refused, "and cannot happen twice");
        assert_eq!(last_sequence(&beside).await, before + count as u64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_cut_off_on_its_way_leaves_nothing() {
    let server = server().await;
    let (log, proxy, beside) = through_a_proxy(&server).await;
    let whole = measure(&log, &proxy, batch("measure", 200, 500)).await;
    for (n, part) in [whole / 10, whole / 2, whole - 10].into_iter().enumerate() {
        let messages = batch(&format!("part--{n}"), 200, 500);
        proxy.allow_only(part);
        let outcome = publishing(&log, messages.clone());
        proxy.used_up().await;
        proxy.cut();
        let outcome = outcome.await.unwrap();
        assert!(is_indeterminate(&outcome), "{outcome:?}");
        let subjects = messages.iter().map(|message| message.subject.clone()).collect();
        assert!(
            beside.last_of(Stream::Events, subjects).await.unwrap().is_empty(),
            "after {part} of {whole} bytes"
        );
        // The subjects are still empty, so the same batch may come again.
        let again = log.publish(Stream::Events, messages).await.unwrap();
        assert!(matches!(again, Published::Stored { .. }));
    }
    assert_eq!(last_sequence(&beside).await, 4 * 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_inside_a_batch_keeps_all_or_nothing() {
    let mut server = server().await;
    let (log, proxy, beside) = through_a_proxy(&server).await;
    let whole = measure(&log, &proxy, batch("measure", 500, 500)).await;
    let mut expected = 500;
    // First it gets a part of the batch; then all of it, and so many round trips' time, in the end until it acknowledges.
    let parts = [whole / 20, whole / 2, whole - 10].map(|part| (Some(part), 0));
    let wholes = [10, 100, 200, 400, 800, u32::MAX].map(|round_trips| (None, round_trips));
    let mut acknowledged = 0;
    for (n, (part, round_trips)) in parts.into_iter().chain(wholes).enumerate() {
        // Connected again, so that only the batch counts.
        last_sequence(&log).await;
        let messages = batch(&format!("kill-{n:02}"), 500, 500);
        if let Some(part) = part {
            proxy.allow_only(part);
        }
        let outcome = publishing(&log, messages.clone());
        if part.is_some() {
            proxy.used_up().await;
        }
        for _ in 0..round_trips {
            if outcome.is_finished() {
                break;
            }
            beside.server_facts().await.unwrap();
        }
        server.kill().unwrap();
        proxy.cut();
        let outcome = outcome.await.unwrap();
        server.restart().await.unwrap();

        let subjects = messages.iter().map(|message| message.subject.clone()).collect();
        let there = beside.last_of(Stream::Events, subjects).await.unwrap().len();
        assert!(
            there == 0 || there == 500,
            "{there} of 500 messages, {part:?} of {whole} bytes"
        );
        assert!(part.is_none() || there == 0, "an incomplete batch is not stored");
        match outcome {
            Ok(Published::Stored { .. }) => {
                assert_eq!(there, 500, "what was acknowledged is kept");
                acknowledged += 1;
            }
            Ok(Published::Refused) => panic!("nobody else writes to these subjects"),
            // Killed before the batch set out.
            Err(LogError::Determinate { .. }) => assert_eq!(there, 0, "what did not happen is not there"),
            Err(error) => assert!(matches!(error, LogError::Indeterminate { .. }), "{error:?}"),
        }
        expected += there as u64;
        assert_eq!(last_sequence(&beside).await, expected);
    }
    assert!(acknowledged > 0, "the last one had all the time it needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_survives_killed_servers_and_cut_connections() {
    let mut server = server().await;
    let (log, proxy, beside) = through_a_proxy(&server).await;
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    let mut read = Vec::new();
    for round in 0..4 {
        until_it_answers(&beside).await;
        let published = beside
            .publish(Stream::Events, batch(&format!("r{round}"), 1_000, 100))
            .await
            .unwrap();
        assert!(matches!(published, Published::Stored { .. }));
        // Some of it is here, some still on its way.
        read.extend(through_breaks(&mut reader, 400).await);
        if round % 2 == 0 {
            server.kill().unwrap();
            proxy.cut();
            server.restart().await.unwrap();
        } else {
            proxy.cut();
        }
    }
    while read.len() < 4_000 {
        read.extend(through_breaks(&mut reader, 700).await);
    }
    assert!(
        read.iter().map(|message| message.sequence).eq(1..=4_000),
        "nothing lost, nothing twice"
    );
}

/// The next messages. A connection that is lost meanwhile is told as an error, and the reader can be used again.
async fn through_breaks(reader: &mut impl LogReader, max: usize) -> Vec<StoredMessage> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match reader.next(max, 20_000).await {
            Ok(some) if !some.is_empty() => return some,
            Ok(_) | Err(LogError::Determinate { .. }) => {
                assert!(Instant::now() < deadline, "nothing came within a minute");
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_without_a_server_fails_rather_than_say_that_nothing_came() {
    let (log, mut server) = fresh().await;
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    assert!(reader.next(10, 50).await.unwrap().is_empty());
    server.kill().unwrap();
    let failed = loop {
        // The loss is noticed by the next call or the one after it.
        if let Err(failed) = reader.next(10, 50).await {
            break failed;
        }
    };
    assert!(matches!(failed, LogError::Determinate { .. }), "{failed:?}");

    server.restart().await.unwrap();
    log.publish(Stream::Events, batch("later", 3, 10)).await.unwrap();
    assert_eq!(
        reader.next(10, 20_000).await.unwrap().len(),
        3,
        "it can be used again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_refuses_a_stream_made_anew() {
    let (log, server) = fresh().await;
    log.publish(Stream::Events, batch("old", 5, 10)).await.unwrap();
    let mut reader = log.reader(Stream::Events, 1, None).await.unwrap();
    assert_eq!(reader.next(10, 20_000).await.unwrap().len(), 5);
    let client = async_nats::connect(server.url()).await.unwrap();
    client
        .request("$JS.API.STREAM.DELETE.LTR_EVENTS", "".into())
        .await
        .unwrap();
    let again = NatsLog::open(creating(server.url())).await.unwrap();
    again.publish(Stream::Events, batch("new", 9, 10)).await.unwrap();
    let refused = loop {
        match reader.next(10, 1_000).await {
            Ok(read) => assert!(read.is_empty(), "another stream's messages were read"),
            Err(LogError::Determinate { .. }) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, LogError::Unsuitable(_)), "{refused:?}");
}
