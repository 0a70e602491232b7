//! Tampering is evident: whatever byte of the log is altered, and wherever a message is missing, `verify` says so.

use std::collections::BTreeMap;

use bytes::Bytes;
use ltr_domain::ids::{RecordId, Trn};
use ltr_domain::observation::MessageRef;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::mem::{MemLog, MemReader};
use ltr_ports::log::{
    ClockKind, Log, LogError, LogReader, NewMessage, Published, StoredMessage, Stream, StreamFacts,
};
use ltr_ports::store::mem::MemStore;
use ltr_ports::store::{Checkpoint, Store};
use ltr_project::Until;
use ltr_project::verify::{FaultKind, LogReport, verify};
use ltr_proto::codec::{self, Erased, PolicyAdopted};
use ltr_proto::digest::{content_digest, message_digest};
use ltr_proto::subject::Subject;
use serde_json::json;

use crate::dice::Dice;
use crate::house::{House, messages};
use crate::rows::*;
use crate::twin::{at, delivered};

const AT: &str = "2026-10-01T06:00:00Z";

/// A small log with every kind of message on it, and the cursor of a store that has all of it.
async fn small_log() -> (MemLog, Checkpoint) {
    let log = MemLog::new(ClockKind::Simulated, at(AT));
    let ada = qualified("3100001", "2024-07-01");
    delivered(
        &log,
        1,
        AT,
        &[
            ada.clone(),
            merged("3100002", "3100001"),
            json!({ "no": "person" }),
        ],
    )
    .await;
    let changed = with(ada, json!({ "lastName": "Byron", "qtlsStatus": "Active" }));
    delivered(&log, 2, "2026-10-02T06:00:00Z", &[changed]).await;

    let text = "the policy".to_owned();
    let later = RecordedAt(at("2026-10-03T06:00:00Z"));
    let policy = PolicyAdopted {
        version: "1".to_owned(),
        digest: content_digest(text.as_bytes()),
        text,
        previous: None,
        recorded_at: later,
    };
    say(&log, Subject::Policy, codec::encode_policy_adopted(&policy)).await;
    let record = RecordId::trs_person(Trn::parse("3100001").unwrap());
    let subject = Subject::Record(record.clone()).to_string();
    let last = log
        .last_of(Stream::Events, vec![subject.clone()])
        .await
        .unwrap()
        .remove(&subject)
        .unwrap();
    let erased = Erased {
        record: record.clone(),
        key_groups: vec![KeyGroup::Identity],
        reason: "asked for".to_owned(),
        actor: "a test".to_owned(),
        previous: Some(MessageRef {
            sequence: last.sequence,
            digest: message_digest(&last.subject, &last.payload),
        }),
        recorded_at: later,
    };
    say(&log, Subject::Record(record), codec::encode_erased(&erased)).await;
    say(
        &log,
        Subject::heartbeat(2026),
        codec::encode_heartbeat(later.0, later),
    )
    .await;

    let store = MemStore::new();
    let config = ltr_project::Config::default();
    ltr_project::run(&config, &log, &store, Until::Head, std::future::pending(), |_| {})
        .await
        .unwrap();
    let cursor = store.checkpoint().await.unwrap().unwrap();
    let clean = verify(&log, Some(cursor), |_| {}).await.unwrap();
    assert_eq!(clean.faults, []);
    assert!(clean.cursor_checked);
    for stream in Stream::ALL {
        assert!(clean.messages[stream.name()] >= 2, "{clean:?}");
    }
    (log, cursor)
}

async fn say(log: &MemLog, subject: Subject, payload: Bytes) {
    let message = NewMessage {
        subject: subject.to_string(),
        payload,
        expected_last: None,
    };
    log.publish(Stream::Events, vec![message]).await.unwrap();
}

async fn faults(log: &impl Log, cursor: Option<Checkpoint>) -> LogReport {
    verify(log, cursor, |_| {}).await.unwrap()
}

/// Every message of every stream.
async fn everything(log: &MemLog) -> Vec<(Stream, StoredMessage)> {
    let mut all = Vec::new();
    for stream in Stream::ALL {
        all.extend(
            messages(log, stream)
                .await
                .into_iter()
                .map(|message| (stream, message)),
        );
    }
    all
}

fn flipped(bytes: &[u8], place: usize, mask: u8) -> Bytes {
    let mut bytes = bytes.to_vec();
    bytes[place] ^= mask;
    bytes.into()
}

/// A mask that alters a byte.
fn mask(dice: &mut Dice) -> u8 {
    u8::try_from(1 + dice.below(255)).unwrap()
}

#[tokio::test]
async fn every_altered_byte_of_every_payload_is_found() {
    let mut dice = Dice::thrown("altered payloads");
    let (log, _) = small_log().await;
    let mut altered = 0;
    for (stream, message) in everything(&log).await {
        for place in 0..message.payload.len() {
            let payload = flipped(&message.payload, place, mask(&mut dice));
            assert!(log.tamper(stream, message.sequence, |stored| stored.payload = payload));
            let report = faults(&log, None).await;
            let found = report
                .faults
                .iter()
                .any(|fault| (fault.stream, fault.sequence) == (stream, message.sequence));
            assert!(found, "{stream} {} byte {place}: {report:?}", message.sequence);
            altered += 1;
        }
        log.tamper(stream, message.sequence, |stored| {
            stored.payload = message.payload.clone()
        });
    }
    println!("{altered} bytes altered, one at a time");
    assert_eq!(faults(&log, None).await.faults, []);
}

/// Whoever can write to the disk can also compute a digest. What events and evidence say is bound by others then: the
/// next message of the subject, the page of the batch, the observation that names the evidence, the store's cursor.
#[tokio::test]
async fn every_altered_byte_is_found_although_its_digest_was_made_to_fit() {
    let mut dice = Dice::thrown("altered payloads with digests");
    let (log, cursor) = small_log().await;
    for (stream, message) in everything(&log).await {
        if stream == Stream::Keys {
            continue;
        }
        for place in 0..message.payload.len() {
            let payload = flipped(&message.payload, place, mask(&mut dice));
            log.tamper(stream, message.sequence, |stored| {
                stored.digest = Some(message_digest(&stored.subject, &payload));
                stored.payload = payload;
            });
            let report = faults(&log, Some(cursor)).await;
            assert!(
                !report.faults.is_empty(),
                "{stream} {} byte {place}",
                message.sequence
            );
        }
        log.tamper(stream, message.sequence, |stored| *stored = message.clone());
    }
    assert_eq!(faults(&log, Some(cursor)).await.faults, []);
}

#[tokio::test]
async fn every_altered_byte_of_subjects_and_digests_is_found() {
    let mut dice = Dice::thrown("altered subjects");
    let (log, cursor) = small_log().await;
    for (stream, message) in everything(&log).await {
        for place in 0..message.subject.len() {
            let subject = flipped(
                message.subject.as_bytes(),
                place,
                1 + u8::try_from(dice.below(7)).unwrap(),
            );
            let subject = String::from_utf8_lossy(&subject).into_owned();
            log.tamper(stream, message.sequence, |stored| stored.subject = subject);
            assert!(
                !faults(&log, None).await.faults.is_empty(),
                "{stream} {} byte {place}",
                message.sequence
            );
        }
        log.tamper(stream, message.sequence, |stored| *stored = message.clone());
        let digest = message.digest.unwrap();
        for place in 0..digest.0.len() {
            let mut other = digest;
            other.0[place] ^= mask(&mut dice);
            log.tamper(stream, message.sequence, |stored| stored.digest = Some(other));
            assert!(
                !faults(&log, None).await.faults.is_empty(),
                "{stream} {} byte {place}",
                message.sequence
            );
        }
        log.tamper(stream, message.sequence, |stored| stored.digest = None);
        let report = faults(&log, None).await;
        assert!(
            report
                .faults
                .iter()
                .any(|fault| fault.kind == FaultKind::NoDigest),
            "{report:?}"
        );
        log.tamper(stream, message.sequence, |stored| stored.digest = message.digest);
    }
    let mut other = cursor;
    other.running_digest[7] ^= mask(&mut dice);
    let kinds: Vec<FaultKind> = faults(&log, Some(other))
        .await
        .faults
        .iter()
        .map(|fault| fault.kind)
        .collect();
    assert_eq!(kinds, [FaultKind::Cursor]);
    assert_eq!(faults(&log, Some(cursor)).await.faults, []);
}

#[tokio::test]
async fn a_message_taken_out_of_the_events_is_a_gap() {
    let (log, cursor) = small_log().await;
    let last = log.facts(Stream::Events).await.unwrap().last_sequence;
    for sequence in 1..last {
        let cut = Without {
            log: log.clone(),
            sequence,
        };
        let report = faults(&cut, Some(cursor)).await;
        let gap = report
            .faults
            .iter()
            .any(|f| (f.kind, f.sequence) == (FaultKind::Gap, sequence + 1));
        assert!(gap, "{sequence}: {report:?}");
    }
    // After the last one there is nothing that could show a gap; the store's cursor knows that there was more.
    let shorter = log.restored(cursor.stream_created_at);
    shorter.truncate(Stream::Events, last - 1);
    let kinds: Vec<FaultKind> = faults(&shorter, Some(cursor))
        .await
        .faults
        .iter()
        .map(|fault| fault.kind)
        .collect();
    assert_eq!(kinds, [FaultKind::Cursor]);
}

/// On a real server nothing can be altered through the API; what can be added by hand is found all the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_tells_of_a_forged_message_and_fails() {
    let house = House::simulated().await;
    house
        .ingest(
            "trs/persons",
            AT,
            &[
                qualified("3100001", "2024-07-01"),
                qualified("3100002", "2024-07-01"),
            ],
        )
        .await;
    house.project().await;
    house.verify().await;
    let log = house.log().await;
    let events = messages(&log, Stream::Events).await;
    let of = |trn: &str| {
        let subject = Subject::Record(RecordId::trs_person(Trn::parse(trn).unwrap())).to_string();
        events
            .iter()
            .find(|message| message.subject == subject)
            .unwrap()
            .clone()
    };
    let forged = NewMessage {
        subject: of("3100002").subject,
        payload: of("3100001").payload,
        expected_last: None,
    };
    let Published::Stored { last_sequence, .. } = log.publish(Stream::Events, vec![forged]).await.unwrap()
    else {
        panic!("an unconditional message is stored");
    };
    let found = house.run(&["log", "verify", "--json"]).await;
    assert_eq!(found.code(), Some(4), "{found:?}");
    let faults = found.json()["faults"].clone();
    let told: BTreeMap<String, u64> = faults
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            (
                fault["kind"].as_str().unwrap().to_owned(),
                fault["sequence"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told.get("subject"), Some(&last_sequence), "{faults}");
    let text = house.run(&["log", "verify"]).await;
    assert!(
        text.stdout
            .contains(&format!("FAULT LTR_EVENTS {last_sequence}: subject")),
        "{text:?}"
    );
}

/// A log whose event stream lacks one message.
#[derive(Clone)]
struct Without {
    log: MemLog,
    sequence: u64,
}

struct WithoutReader {
    reader: MemReader,
    sequence: Option<u64>,
}

impl LogReader for WithoutReader {
    async fn next(&mut self, max: usize, wait_ms_max: u64) -> Result<Vec<StoredMessage>, LogError> {
        let mut messages = self.reader.next(max, wait_ms_max).await?;
        messages.retain(|message| Some(message.sequence) != self.sequence);
        Ok(messages)
    }
}

impl Log for Without {
    type Reader = WithoutReader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        self.log.publish(stream, messages).await
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<BTreeMap<String, StoredMessage>, LogError> {
        self.log.last_of(stream, subjects).await
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        self.log.get(stream, sequence).await
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        self.log.facts(stream).await
    }

    async fn reader(
        &self,
        stream: Stream,
        from: u64,
        filter: Option<String>,
    ) -> Result<WithoutReader, LogError> {
        let reader = self.log.reader(stream, from, filter).await?;
        Ok(WithoutReader {
            reader,
            sequence: (stream == Stream::Events).then_some(self.sequence),
        })
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        self.log.purge(stream, subject).await
    }
}
