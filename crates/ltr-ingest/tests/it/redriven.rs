//! Rows in quarantine are kept, and can be driven again once what was wrong is put right.

use std::sync::atomic::{AtomicU64, Ordering};

use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, Quarantined, REDRIVEN, RowsReleased};
use ltr_domain::ids::{DeliveryId, Feed, RecordId, RecordKind};
use ltr_domain::time::RecordedAt;
use ltr_ingest::{Backfill, Edge, Redrive, RedriveReport, Rehearsal, redrive, release};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, NewMessage, StoredMessage, Stream};
use ltr_proto::codec;
use ltr_proto::digest::{content_digest, message_digest};
use ltr_proto::seal::{KeptRow, Opened, RowKey, RowName};
use ltr_proto::subject::Subject;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::*;
use crate::laws;
use crate::unruly::{Killed, Unruly};

const TRN: u32 = 3_100_001;

/// An id like Register's own.
fn slug(text: &str) -> String {
    format!("{text:x>24}")
}

fn bad_trainee(text: &str) -> Value {
    let mut row = trainee(&slug(text), "trn_received");
    row["trn"] = json!("123456");
    row["ni_number"] = json!("QQ123456C");
    row["nobody_knows"] = json!("Hidden");
    row
}

fn name_of(row: &Quarantined) -> RowName {
    RowName {
        feed: row.feed,
        row: row.id.clone(),
    }
}

/// What is kept of a row, in clear.
async fn opened(log: &impl Log, row: &Quarantined) -> Value {
    let (key, kept) = (Subject::RowKey(name_of(row)), Subject::KeptRow(name_of(row)));
    let key = last_on(log, Stream::Keys, &key).await.unwrap();
    let kept = last_on(log, Stream::Evidence, &kept).await.unwrap();
    assert_eq!(row.evidence, Some(kept.reference()));
    let key = codec::decode_row_key(&key.payload)
        .unwrap()
        .unwrap(&[kek()])
        .unwrap();
    let kept = codec::decode_kept_row(&kept.payload).unwrap();
    let Ok(Opened::Content(content)) = key.open(&kept.content) else {
        panic!("it opens")
    };
    serde_json::from_slice(&content).unwrap()
}

async fn last_on(log: &impl Log, stream: Stream, subject: &Subject) -> Option<StoredMessage> {
    let subject = subject.to_string();
    log.last_of(stream, vec![subject.clone()])
        .await
        .unwrap()
        .remove(&subject)
}

fn new_id() -> DeliveryId {
    static NEXT: AtomicU64 = AtomicU64::new(1000);
    DeliveryId(Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed))))
}

fn how(rehearsal: Rehearsal, late: Backfill) -> Redrive<'static> {
    Redrive {
        chunk_max: 2,
        late,
        rehearsal,
        delivery_id: &new_id,
    }
}

async fn driven(log: &impl Log, rows: Vec<Quarantined>, how: &Redrive<'_>) -> RedriveReport {
    let (clock, kek) = (ManualClock::at(at("2026-09-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    redrive(log, &edge, &config(), how, rows, |_| ()).await.unwrap()
}

async fn driven_again(log: &impl Log) -> RedriveReport {
    driven(log, quarantine(log).await, &how(Rehearsal::No, Backfill::No)).await
}

/// The ids that messages released, in order.
async fn released(log: &impl Log) -> Vec<String> {
    let steps = feed_messages(log).await.into_iter().map(|message| message.step);
    let rows = steps.filter_map(|step| match step {
        DeliveryStep::Released(released) => Some(released.rows),
        _ => None,
    });
    rows.flatten().collect()
}

async fn ends(log: &impl Log) -> [u64; 3] {
    let mut ends = [0; 3];
    for (end, stream) in ends
        .iter_mut()
        .zip([Stream::Events, Stream::Evidence, Stream::Keys])
    {
        *end = log.facts(stream).await.unwrap().last_sequence;
    }
    ends
}

/// Three people who are known, whose keys are then damaged, and whose next rows go to quarantine for it. Returns what
/// mends the keys.
async fn damaged_keys(log: &MemLog) -> Vec<StoredMessage> {
    let rows = people(TRN..TRN + 3);
    delivered(log, &plan(Feed::TrsPersons, 1, day(1)), &rows).await;
    let keys = messages(log, Stream::Keys).await;
    for key in &keys {
        log.tamper(Stream::Keys, key.sequence, |message| {
            message.payload = "rubbish".into()
        });
    }
    let rows: Vec<_> = (TRN..TRN + 3).map(inducted).collect();
    let report = delivered(log, &plan(Feed::TrsPersons, 2, day(2)), &rows).await;
    assert_eq!(report.counts.quarantined, 3);
    keys
}

fn mend(log: &MemLog, keys: &[StoredMessage]) {
    for key in keys {
        let payload = key.payload.clone();
        log.tamper(Stream::Keys, key.sequence, |message| message.payload = payload);
    }
}

#[tokio::test]
async fn a_bad_row_is_kept_once_sealed_and_less_what_is_never_held() {
    let log = empty_log();
    let rows = [bad_trainee("slug1"), bad_trainee("slug1")];
    delivered(&log, &plan(Feed::RegisterTrainees, 1, day(1)), &rows).await;
    let after_first = ends(&log).await;
    delivered(&log, &plan(Feed::RegisterTrainees, 2, day(2)), &rows[..1]).await;
    assert_eq!(ends(&log).await[1..], after_first[1..], "kept once");

    let bad = quarantine(&log).await;
    let record = RecordId::new(RecordKind::RegisterTrainee, slug("slug1"));
    assert_eq!(bad.len(), 3);
    for row in &bad {
        assert_eq!(row.code, "trn_wrong_length");
        assert_eq!(row.record.as_ref(), Some(&record));
        assert_eq!(row.row_bytes, Some(rows[0].to_string().len() as u64));
        let mut expected = rows[0].clone();
        expected.as_object_mut().unwrap().remove("ni_number");
        assert_eq!(opened(&log, row).await, expected);
    }
    assert_eq!(bad[2].taken_at, Some(day(2)));
    for stream in [Stream::Events, Stream::Evidence, Stream::Keys] {
        for message in messages(&log, stream).await {
            for personal in ["Hopper", "Grace", "1990-12-09", "123456", "Hidden"] {
                let is_there = message
                    .payload
                    .windows(personal.len())
                    .any(|part| part == personal.as_bytes());
                assert!(!is_there, "{personal} on {}", message.subject);
            }
        }
    }
    let seen = feed_messages(&log)
        .await
        .into_iter()
        .find_map(|message| match message.step {
            DeliveryStep::PageRecorded(page) => Some(page.seen),
            _ => None,
        });
    assert_eq!(seen, Some(vec![record]), "seen, though not understood");
    laws::check(&log).await;
}

#[tokio::test]
async fn a_row_too_long_to_keep_says_how_long_it_is() {
    let log = empty_log();
    let mut large = bad_trainee("slug1");
    large["nobody_knows"] = json!("x".repeat(300_000));
    delivered(&log, &plan(Feed::RegisterTrainees, 1, day(1)), &[large.clone()]).await;
    let bad = quarantine(&log).await.remove(0);
    assert_eq!(
        (bad.evidence, bad.row_bytes),
        (None, Some(large.to_string().len() as u64))
    );
    assert_eq!(ends(&log).await[1..], [0, 0]);
    let report = driven_again(&log).await;
    assert_eq!(report.endings, [("not_kept", 1)].into());
}

#[tokio::test]
async fn an_erased_row_stays_erased_however_often_it_comes() {
    for purge in [true, false] {
        let log = empty_log();
        let rows = [bad_trainee("slug1")];
        delivered(&log, &plan(Feed::RegisterTrainees, 1, day(1)), &rows).await;
        let name = name_of(&quarantine(&log).await[0]);
        let subject = Subject::RowKey(name.clone()).to_string();
        if purge {
            log.purge(Stream::Keys, subject).await.unwrap();
        } else {
            let gone = RowKey::erased(name).wrap(&kek(), RecordedAt(day(1).0), &mut |_| ());
            let message = NewMessage {
                subject,
                payload: codec::encode_row_key(&gone),
                expected_last: None,
            };
            log.publish(Stream::Keys, vec![message]).await.unwrap();
        }
        let before = ends(&log).await;
        delivered(&log, &plan(Feed::RegisterTrainees, 2, day(2)), &rows).await;
        assert_eq!(ends(&log).await[1..], before[1..], "nothing is made anew");
        let before = ends(&log).await;
        let report = driven_again(&log).await;
        assert_eq!(report.endings, [("erased", 1)].into());
        assert_eq!(ends(&log).await, before);
    }
}

#[tokio::test]
async fn a_row_that_is_good_now_is_observed_as_of_its_own_snapshot() {
    let log = empty_log();
    let keys = damaged_keys(&log).await;
    let before = ends(&log).await;
    let report = driven_again(&log).await;
    assert_eq!(report.endings, [("bad", 3)].into(), "nothing was mended");
    assert_eq!(
        ends(&log).await,
        before,
        "still bad, and nobody need hear it again"
    );

    mend(&log, &keys);
    let rehearsed = driven(&log, quarantine(&log).await, &how(Rehearsal::Yes, Backfill::No)).await;
    assert_eq!(rehearsed.endings, [("good", 3)].into());
    assert_eq!((rehearsed.counts.rows, rehearsed.counts.observations), (3, 3));
    assert_eq!(ends(&log).await, before, "a rehearsal publishes nothing");

    let report = driven_again(&log).await;
    assert_eq!(report.endings, [("good", 3)].into());
    assert_eq!(report.deliveries.len(), 2, "two rows a chunk");
    assert_eq!(report.counts.observations, 3);
    let last = of_record(&log, &id(TRN)).await.pop().unwrap();
    assert_eq!(last.taken_at, day(2));
    assert_eq!(fact_names(&last), ["InductionStarted"]);
    let opened = feed_messages(&log)
        .await
        .into_iter()
        .filter_map(|message| match message.step {
            DeliveryStep::Opened {
                scope, completeness, ..
            } if scope.contains_key(REDRIVEN) => Some((scope[REDRIVEN].clone(), completeness)),
            _ => None,
        });
    let of_second = plan(Feed::TrsPersons, 2, day(2)).delivery.to_string();
    let expected = (of_second, Completeness::Partial);
    assert_eq!(opened.collect::<Vec<_>>(), [expected.clone(), expected]);
    let mut ids: Vec<String> = quarantine(&log).await.into_iter().map(|row| row.id).collect();
    ids.sort();
    assert_eq!(released(&log).await, ids);
    laws::check(&log).await;

    let before = meaning(&log).await;
    let report = driven_again(&log).await;
    assert_eq!((report.counts.observations, report.counts.unchanged), (0, 3));
    assert_eq!(meaning(&log).await, before, "twice changes nothing");
    assert_eq!(quarantine(&log).await.len(), 3);
}

#[tokio::test]
async fn a_row_older_than_what_is_known_overwrites_nothing() {
    for (late, expected) in [
        (
            Backfill::No,
            Counts {
                rows: 3,
                superseded: 3,
                ..Counts::default()
            },
        ),
        (
            Backfill::Yes,
            Counts {
                rows: 3,
                observations: 3,
                events: 3,
                ..Counts::default()
            },
        ),
    ] {
        let log = empty_log();
        let keys = damaged_keys(&log).await;
        mend(&log, &keys);
        let passed: Vec<_> = (TRN..TRN + 3).map(passed).collect();
        delivered(&log, &plan(Feed::TrsPersons, 3, day(3)), &passed).await;
        let present = of_record(&log, &id(TRN)).await.pop().unwrap().state;

        let report = driven(&log, quarantine(&log).await, &how(Rehearsal::No, late)).await;
        assert_eq!(report.endings, [("good", 3)].into());
        assert_eq!(report.counts, expected);
        assert_eq!(of_record(&log, &id(TRN)).await.pop().unwrap().state, present);
        assert_eq!(
            released(&log).await.len(),
            3,
            "there is no more to be done about them"
        );
        laws::check(&log).await;
    }
}

fn passed(trn: u32) -> Value {
    let mut row = inducted(trn);
    row["induction"]["status"] = json!("Passed");
    row["induction"]["completedDate"] = json!("2026-07-01");
    row
}

/// A row that an older mapping did not understand and kept, under whatever record: today's finds nothing wrong with it.
async fn quarantined_by_an_older_mapping(log: &MemLog, row: &Value, api_version: &str) {
    let name = RowName {
        feed: Feed::TrsPersons,
        row: ltr_proto::hex::encode(&content_digest(row.to_string().as_bytes())[..16]),
    };
    let recorded_at = RecordedAt(day(2).0);
    let key = RowKey::generate(name.clone(), &mut |bytes| noise(bytes));
    let wrapped = key.wrap(&kek(), recorded_at, &mut |bytes| noise(bytes));
    let publish = async |stream, subject: Subject, payload| {
        let (subject, expected_last) = (subject.to_string(), None);
        let message = NewMessage {
            subject: subject.clone(),
            payload,
            expected_last,
        };
        let digest = message_digest(&subject, &message.payload);
        log.publish(stream, vec![message]).await.unwrap();
        let sequence = log.facts(stream).await.unwrap().last_sequence;
        ltr_domain::observation::MessageRef { sequence, digest }
    };
    let subject = Subject::RowKey(name.clone());
    publish(Stream::Keys, subject, codec::encode_row_key(&wrapped)).await;
    let mut nonce = [0; 12];
    noise(&mut nonce);
    let kept = KeptRow {
        recorded_at,
        name: name.clone(),
        api_version: api_version.to_owned(),
        content: key.seal(row.to_string().as_bytes(), nonce).unwrap(),
    };
    let subject = Subject::KeptRow(name.clone());
    let evidence = publish(Stream::Evidence, subject, codec::encode_kept_row(&kept)).await;
    let bad = Quarantined {
        id: name.row,
        feed: name.feed,
        delivery: DeliveryId(Uuid::from_u128(9)),
        recorded_at,
        code: "wrong_type".to_owned(),
        reason: "induction is not a text".to_owned(),
        place: "rows.ndjson line 1".to_owned(),
        evidence: Some(evidence),
        record: None,
        row_bytes: Some(row.to_string().len() as u64),
        taken_at: Some(day(2)),
    };
    let subject = Subject::Quarantine(Feed::TrsPersons);
    publish(Stream::Events, subject, codec::encode_quarantined(&bad)).await;
}

#[tokio::test]
async fn a_new_mapping_brings_in_what_an_older_one_did_not_understand() {
    let log = empty_log();
    quarantined_by_an_older_mapping(&log, &person(TRN), "20250101").await;
    quarantined_by_an_older_mapping(&log, &person(TRN + 1), "20260120").await;
    quarantined_by_an_older_mapping(&log, &json!({ "trn": "123456" }), "20260120").await;
    let report = driven_again(&log).await;
    assert_eq!(report.endings, [("bad", 1), ("good", 2)].into());
    assert_eq!(observations(&log).await.len(), 2);
    assert_eq!(
        released(&log).await.len(),
        2,
        "by id, for the message names no record"
    );
    let versions: Vec<String> = messages(&log, Stream::Evidence)
        .await
        .iter()
        .filter_map(|message| codec::decode_evidence(&message.payload).ok())
        .filter(|evidence| !evidence.api_version.is_empty() && evidence.record.key.starts_with("31"))
        .map(|evidence| evidence.api_version)
        .collect();
    assert_eq!(versions, ["20250101", "20260120"], "as the rows were shaped");
}

#[tokio::test]
async fn what_was_tampered_with_is_not_driven() {
    let log = empty_log();
    delivered(
        &log,
        &plan(Feed::RegisterTrainees, 1, day(1)),
        &[bad_trainee("a"), bad_trainee("b")],
    )
    .await;
    let bad = quarantine(&log).await;
    let [one, other] = [&bad[0], &bad[1]].map(|row| row.evidence.unwrap().sequence);
    let moved = log.get(Stream::Evidence, other).await.unwrap().unwrap();
    log.tamper(Stream::Evidence, one, |message| message.payload = moved.payload);
    log.tamper(Stream::Evidence, other, |message| {
        let mut bytes = message.payload.to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        message.payload = bytes.into();
    });
    let report = driven_again(&log).await;
    assert_eq!(report.endings, [("altered", 2)].into());
}

#[tokio::test]
async fn killed_anywhere_and_driven_again_nothing_is_lost_or_doubled() {
    async fn given() -> MemLog {
        let log = empty_log();
        let keys = damaged_keys(&log).await;
        mend(&log, &keys);
        log
    }
    let undisturbed = given().await;
    driven_again(&undisturbed).await;
    let expected = (meaning(&undisturbed).await, quarantine(&undisturbed).await.len());

    let mut kills = 0;
    for number in 1.. {
        let mut finished = 0;
        for killed in [Killed::Before(number), Killed::After(number)] {
            let log = given().await;
            let unruly = Unruly::killing(log.clone(), killed);
            tokio::select! {
                _ = driven_again(&unruly) => finished += 1,
                () = unruly.is_killed() => kills += 1,
            }
            driven_again(&log).await;
            assert_eq!(
                (meaning(&log).await, quarantine(&log).await.len()),
                expected,
                "{killed:?}"
            );
            let mut ids = released(&log).await;
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 3, "{killed:?}");
            laws::check(&log).await;
        }
        if finished == 2 {
            break;
        }
    }
    assert!(
        kills >= 16,
        "opening, evidence, page, closing and release of two chunks: {kills}"
    );
}

#[tokio::test]
async fn a_delivery_killed_while_it_keeps_rows_keeps_them_when_it_comes_again() {
    let rows = [bad_trainee("a"), bad_trainee("b")];
    for number in 1..=5 {
        for killed in [Killed::Before(number), Killed::After(number)] {
            let log = empty_log();
            let unruly = Unruly::killing(log.clone(), killed);
            let first = plan(Feed::RegisterTrainees, 1, day(1));
            tokio::select! {
                _ = delivered(&unruly, &first, &rows) => {}
                () = unruly.is_killed() => {}
            }
            delivered(&log, &plan(Feed::RegisterTrainees, 2, day(1)), &rows).await;
            let bad = quarantine(&log).await;
            for row in &bad[bad.len() - 2..] {
                assert_eq!(opened(&log, row).await["last_name"], "Hopper", "{killed:?}");
            }
            laws::check(&log).await;
        }
    }
}

#[tokio::test]
async fn rows_are_released_by_hand_with_who_and_why() {
    let log = empty_log();
    delivered(
        &log,
        &plan(Feed::RegisterTrainees, 1, day(1)),
        &[bad_trainee("a")],
    )
    .await;
    let row = quarantine(&log).await.remove(0).id;
    let (clock, kek) = (ManualClock::at(at("2030-01-01T00:00:00Z")), kek());
    let edge = Edge {
        clock: &clock,
        random: &noise,
        kek: &kek,
    };
    let by_hand = |rows| RowsReleased {
        rows,
        actor: "records-desk".to_owned(),
        reason: "case 7".to_owned(),
    };
    let before = ends(&log).await;
    let (feed, nobody) = (Feed::RegisterTrainees, by_hand(Vec::new()));
    release(&log, &edge, &config(), feed, new_id(), nobody)
        .await
        .unwrap();
    assert_eq!(ends(&log).await, before, "no rows, no message");
    let twice = by_hand(vec![row.clone(), row.clone()]);
    release(&log, &edge, &config(), feed, new_id(), twice)
        .await
        .unwrap();
    let last = feed_messages(&log).await.pop().unwrap();
    assert_eq!(last.step, DeliveryStep::Released(by_hand(vec![row])));
    assert_eq!(
        last.recorded_at,
        RecordedAt(day(1).0),
        "a simulated log's time goes by its snapshots"
    );
    laws::check(&log).await;
}
