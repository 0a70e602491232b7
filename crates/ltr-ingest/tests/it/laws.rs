//! What holds of every log that ingest wrote, checked from the log alone.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::delivery::{Counts, DeliveryStep};
use ltr_domain::event::ChangeKind;
use ltr_domain::ids::{DeliveryId, Feed, RecordId};
use ltr_domain::observation::{MessageDigest, MessageRef, Observation};
use ltr_domain::time::london_date;
use ltr_ports::log::{Log, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::digest::{batch_digest, message_digest};
use ltr_proto::seal::{Opened, RecordKeys, open, open_values};
use ltr_proto::subject::Subject;
use ltr_sources::diff::{Seen, derive};
use serde_json::{Value, json};

use crate::fixture::*;

/// Checks everything that holds of any log ingest wrote.
pub(crate) async fn check(log: &impl Log) {
    chains_hold(log).await;
    events_can_be_derived_again(log).await;
    pages_bind_their_batches(log).await;
    evidence_is_where_it_is_said_to_be(log).await;
}

/// Every message refers to the one before it on its subject, and each says what its subject says.
async fn chains_hold(log: &impl Log) {
    let mut last: BTreeMap<String, MessageRef> = BTreeMap::new();
    let mut recorded = None;
    for message in messages(log, Stream::Events).await {
        let entry = codec::decode(&message.payload).unwrap();
        assert_eq!(entry.subject().unwrap().to_string(), message.subject);
        if !matches!(entry, LogEntry::Quarantined(_)) {
            assert_eq!(
                entry.previous(),
                last.get(&message.subject).copied(),
                "message {}",
                message.sequence
            );
        }
        assert!(
            recorded <= Some(entry.recorded_at()),
            "time never goes back on a simulated log"
        );
        recorded = Some(entry.recorded_at());
        let digest = message_digest(&message.subject, &message.payload);
        last.insert(
            message.subject,
            MessageRef {
                sequence: message.sequence,
                digest,
            },
        );
    }
}

/// A state and the one before it give exactly the events that were published with it. Late ones are of a row that is
/// not the state.
async fn events_can_be_derived_again(log: &impl Log) {
    let mut last: BTreeMap<RecordId, Observation> = BTreeMap::new();
    for (observation, _) in observations(log).await {
        let previous = last
            .get(&observation.record)
            .map(|observation| &observation.state);
        let seen = Seen {
            observed_on: observation.observed_at.london_date(),
            source_updated_on: observation.source_updated_at.map(london_date),
        };
        assert!(!observation.events.is_empty());
        if observation
            .events
            .iter()
            .all(|event| event.kind == ChangeKind::Late)
        {
            assert_eq!(
                Some(&observation.state),
                previous,
                "a late observation leaves the present alone"
            );
        } else {
            assert_eq!(
                derive(previous, &observation.state, &seen),
                observation.events,
                "{}",
                observation.record
            );
        }
        last.insert(observation.record.clone(), observation);
    }
}

/// A page's digest is that of the messages since the step before it, its counts are true, and closing sums them up.
async fn pages_bind_their_batches(log: &impl Log) {
    let mut batch: Vec<MessageDigest> = Vec::new();
    let (mut found, mut sums) = (Counts::default(), BTreeMap::<DeliveryId, Counts>::new());
    for message in messages(log, Stream::Events).await {
        let entry = codec::decode(&message.payload).unwrap();
        let digest = message_digest(&message.subject, &message.payload);
        match entry {
            LogEntry::Observation { observation, .. } => {
                found.observations += 1;
                found.events += observation.events.len() as u64;
                batch.push(digest);
            }
            LogEntry::Quarantined(_) => {
                found.quarantined += 1;
                batch.push(digest);
            }
            LogEntry::Feed(step) => {
                let sum = sums.entry(step.delivery).or_default();
                match step.step {
                    DeliveryStep::Opened { .. } => assert!(batch.is_empty()),
                    DeliveryStep::PageRecorded(page) => {
                        assert_eq!(page.batch_digest, batch_digest(&batch));
                        assert_eq!(
                            (page.counts.observations, page.counts.events),
                            (found.observations, found.events)
                        );
                        assert_eq!(page.counts.quarantined, found.quarantined);
                        assert!(page.seen.is_sorted_by(|one, next| one < next));
                        sum.add(&page.counts);
                    }
                    DeliveryStep::Closed { counts, .. } => assert_eq!(counts, *sum),
                    DeliveryStep::Held(_) | DeliveryStep::Decided(_) | DeliveryStep::Released(_) => {
                        assert!(batch.is_empty());
                    }
                }
                (batch, found) = (Vec::new(), Counts::default());
            }
            other => panic!("ingest writes no {other:?}"),
        }
    }
    assert!(batch.is_empty(), "every batch ends with a page");
}

/// What an observation refers to is there, opens with its record's key, and speaks of the record.
async fn evidence_is_where_it_is_said_to_be(log: &impl Log) {
    for (observation, _) in observations(log).await {
        let Some(reference) = observation.evidence else {
            continue;
        };
        let message = log
            .get(Stream::Evidence, reference.sequence)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            reference.digest,
            message_digest(&message.subject, &message.payload)
        );
        let evidence = codec::decode_evidence(&message.payload).unwrap();
        assert!(evidence.record == observation.record || evidence.also.contains(&observation.record));
        let keys = keys_of(log, &evidence.record).await;
        let Opened::Content(row) = open(&keys, &evidence.row).unwrap() else {
            continue;
        };
        assert!(serde_json::from_slice::<Value>(&row).unwrap().is_object());
    }
}

async fn keys_of(log: &impl Log, record: &RecordId) -> RecordKeys {
    let subject = Subject::Key(record.clone()).to_string();
    let found = log.last_of(Stream::Keys, vec![subject.clone()]).await.unwrap();
    let Some(message) = found.get(&subject) else {
        return RecordKeys::none(record.clone());
    };
    codec::decode_record_keys(&message.payload)
        .unwrap()
        .unwrap(&[kek()])
        .unwrap()
}

#[tokio::test]
async fn a_year_of_deliveries_keeps_every_law() {
    let log = empty_log();
    let mut rows = people(3_100_001..3_100_010);
    for n in 1..=12 {
        let at = usize::try_from(n).unwrap() % rows.len();
        rows[at] = if n % 2 == 0 {
            inducted(3_100_001 + n)
        } else {
            person(3_100_001 + n)
        };
        rows[(at * 5 + 1) % 9]["lastName"] = json!(format!("Name {n}"));
        if n % 3 == 0 {
            rows.swap(0, 7);
            rows.pop();
        }
        rows.push(person(3_200_000 + n));
        delivered(&log, &complete(Feed::TrsPersons, u128::from(n), day(n)), &rows).await;
    }
    check(&log).await;
    assert!(observations(&log).await.len() > 40);
}

const CANARIES: [&str; 12] = [
    "Canary-First",
    "Canary-Middle",
    "Canary-Last",
    "1971-02-03",
    "canary.trs@example.org",
    "Canary-Former",
    "Canary-Given",
    "Canary-Family",
    "1972-03-04",
    "canary.register@example.org",
    "Canary-Earlier",
    "Canary-Second",
];

#[tokio::test]
async fn no_personal_value_stands_in_clear_anywhere() {
    let log = empty_log();
    let mut row = person(3_100_001);
    row["firstName"] = json!(CANARIES[0]);
    row["middleName"] = json!(CANARIES[1]);
    row["lastName"] = json!(CANARIES[2]);
    row["dateOfBirth"] = json!(CANARIES[3]);
    row["emailAddress"] = json!(CANARIES[4]);
    row["previousNames"] = json!([
        { "firstName": CANARIES[11], "middleName": "", "lastName": CANARIES[5] },
        { "firstName": CANARIES[11], "middleName": "", "lastName": CANARIES[10] },
    ]);
    let mut bad = row.clone();
    bad["trn"] = json!("31");
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[row, bad]).await;
    let mut row = trainee("abc", "trn_received");
    row["first_names"] = json!(CANARIES[6]);
    row["last_name"] = json!(CANARIES[7]);
    row["date_of_birth"] = json!(CANARIES[8]);
    row["email"] = json!(CANARIES[9]);
    delivered(&log, &plan(Feed::RegisterTrainees, 2, day(2)), &[row.clone()]).await;
    row["last_name"] = json!(CANARIES[11]);
    delivered(&log, &plan(Feed::RegisterTrainees, 3, day(3)), &[row]).await;

    let mut sealed_words = BTreeSet::new();
    for stream in Stream::ALL {
        for message in messages(&log, stream).await {
            for canary in CANARIES {
                let is_in = |bytes: &[u8]| {
                    bytes
                        .windows(canary.len())
                        .any(|window| window == canary.as_bytes())
                };
                assert!(
                    !is_in(message.subject.as_bytes()),
                    "a subject on {stream} holds {canary}"
                );
                assert!(!is_in(&message.payload), "a payload on {stream} holds {canary}");
            }
        }
    }
    for (observation, sealed) in observations(&log).await {
        let keys = keys_of(&log, &observation.record).await;
        for value in open_values(&keys, &sealed).unwrap().values.0.into_values() {
            sealed_words.extend(value.value().into_iter().flat_map(|value| value.0.clone()));
        }
    }
    for canary in CANARIES {
        assert!(sealed_words.contains(canary), "{canary} is not lost but sealed");
    }
}

/// Where the last message of a subject is.
pub(crate) async fn last_on(log: &impl Log, subject: &Subject) -> MessageRef {
    let found = log
        .last_of(Stream::Events, vec![subject.to_string()])
        .await
        .unwrap();
    let message = &found[&subject.to_string()];
    MessageRef {
        sequence: message.sequence,
        digest: message_digest(&message.subject, &message.payload),
    }
}
