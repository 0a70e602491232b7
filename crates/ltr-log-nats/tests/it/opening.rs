//! Which servers and streams are refused, and in which words.

use ltr_log_nats::{NatsLog, Options};
use ltr_ports::log::{ClockKind, Log, LogError, Stream};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::{creating, fresh, server};

async fn refused(options: Options, expected: &[&str]) {
    let told = match NatsLog::open(options).await {
        Err(LogError::Unsuitable(told)) => told,
        Err(other) => panic!("{other:?}"),
        Ok(log) => panic!("{log:?}"),
    };
    for expected in expected {
        assert!(told.contains(expected), "{told:?} does not say {expected:?}");
    }
}

/// Says it is a server of that version and answers pings; gives its address.
async fn pretend(version: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("nats://somebody:s3cret@{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let info = format!(
                r#"INFO {{"server_id":"A","server_name":"a","version":"{version}","proto":1,"headers":true,"max_payload":1048576,"jetstream":true}}"#
            );
            write.write_all(format!("{info}\r\n").as_bytes()).await.unwrap();
            let mut lines = BufReader::new(read).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if line == "PING" {
                    write.write_all(b"PONG\r\n").await.unwrap();
                }
            }
        }
    });
    url
}

#[tokio::test]
async fn a_server_that_does_not_know_atomic_batches_is_refused() {
    for version in ["2.9.10", "2.11.9"] {
        refused(creating(&pretend(version).await), &[version, "2.12"]).await;
    }
}

#[tokio::test]
async fn a_refusal_shows_no_password() {
    let url = pretend("2.9.10").await;
    let Err(error) = NatsLog::connect(&url).await else {
        panic!("it is too old")
    };
    assert!(!format!("{error:?} {error}").contains("s3cret"), "{error:?}");
    let Err(error) = NatsLog::connect("nats://somebody:s3cret@host:port").await else {
        panic!("no such port")
    };
    assert!(!format!("{error:?} {error}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    refused(
        Options::new(format!("nats://{address}")),
        &[&address, "start one"],
    )
    .await;
}

#[tokio::test]
async fn missing_streams_are_made_only_with_leave() {
    let server = server().await;
    refused(Options::new(server.url()), &["LTR_EVENTS", "make the streams"]).await;
    let log = NatsLog::open(creating(server.url())).await.unwrap();
    assert_eq!(log.clock(), ClockKind::Simulated);

    // From now on anyone may open it, and finds the same streams.
    let created_at = log.facts(Stream::Events).await.unwrap().created_at;
    for options in [Options::new(server.url()), creating(server.url())] {
        let again = NatsLog::open(options).await.unwrap();
        assert_eq!(again.clock(), ClockKind::Simulated);
        assert_eq!(again.facts(Stream::Events).await.unwrap().created_at, created_at);
    }
    refused(
        Options::new(server.url()).creating(ClockKind::Real),
        &["LTR_EVENTS", "ltr.clock=simulated"],
    )
    .await;
}

#[tokio::test]
async fn a_stream_that_somebody_else_made_is_refused() {
    let server = server().await;
    let client = async_nats::connect(server.url()).await.unwrap();
    let made = r#"{"name":"LTR_KEYS","subjects":["ltr.key.>"],"storage":"file","retention":"limits","num_replicas":1,
        "allow_direct":true,"max_msgs_per_subject":1,"metadata":{"ltr.clock":"simulated"}}"#;
    let answer = client
        .request("$JS.API.STREAM.CREATE.LTR_KEYS", made.into())
        .await
        .unwrap();
    assert!(String::from_utf8_lossy(&answer.payload).contains("created"));
    refused(creating(server.url()), &["LTR_KEYS", "allow_atomic"]).await;
}

#[tokio::test]
async fn the_streams_of_one_log_have_one_clock() {
    let (log, server) = fresh().await;
    drop(log);
    let client = async_nats::connect(server.url()).await.unwrap();
    let answer = client
        .request("$JS.API.STREAM.INFO.LTR_KEYS", "".into())
        .await
        .unwrap();
    let info: serde_json::Value = serde_json::from_slice(&answer.payload).unwrap();
    let mut changed = info["config"].clone();
    changed["metadata"]["ltr.clock"] = "real".into();
    let changed = changed.to_string();
    client
        .request("$JS.API.STREAM.UPDATE.LTR_KEYS", changed.into())
        .await
        .unwrap();
    refused(
        Options::new(server.url()),
        &["LTR_KEYS", "LTR_EVENTS", "ltr.clock"],
    )
    .await;
}

#[tokio::test]
async fn the_server_tells_what_a_doctor_wants_to_know() {
    let (log, _server) = fresh().await;
    let facts = log.server_facts().await.unwrap();
    assert!(facts.version.starts_with("2."), "{facts:?}");
    assert!(facts.name.starts_with("ltr-"), "{facts:?}");
    assert_eq!(
        (facts.clock, facts.allows_atomic, facts.replicas),
        (ClockKind::Simulated, true, 1)
    );
    assert_eq!(
        (facts.payload_bytes_max, facts.sync_interval),
        (1024 * 1024, None)
    );
}
