//! Composes a small log, message by message, with literal times and ids and counted keys and nonces.

use std::collections::BTreeMap;

use bytes::Bytes;
use ltr_domain::delivery::{Counts, DeliveryStep, FeedMessage};
use ltr_domain::ids::{DeliveryId, Feed, RecordId};
use ltr_domain::observation::{MessageDigest, MessageRef, Observation};
use ltr_domain::record::{Body, KeyGroup, PersonalValues, State};
use ltr_domain::time::{ObservedAt, RecordedAt, TakenAt, london_date};
use ltr_proto::codec::{
    Evidence, LogEntry, encode, encode_evidence, encode_kept_row, encode_record_keys, encode_row_key,
};
use ltr_proto::digest::message_digest;
use ltr_proto::json::{evidence_to_json, kept_row_to_json, record_keys_to_json, row_key_to_json, to_json};
use ltr_proto::seal::{
    KeptRow, KeyEncryptionKey, RecordKeys, RowKey, RowName, digest_values, seal, seal_values,
};
use ltr_proto::subject::Subject;
use ltr_sources::diff::{Seen, derive};
use serde_json::Value;
use uuid::Uuid;

/// Stream, name of the file, subject, payload, JSON.
pub(super) type Message = (&'static str, String, String, Bytes, Value);

/// A row to be observed.
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    pub(super) record: RecordId,
    pub(super) feed: Feed,
    /// When it was read; taken one minute before.
    pub(super) observed_at: &'a str,
    pub(super) source_updated_at: Option<&'a str>,
    pub(super) body: Body,
    pub(super) values: PersonalValues,
    /// The row as evidence; `None` where no row was read.
    pub(super) evidence: Option<&'a str>,
}

/// The log so far.
#[derive(Default)]
pub(super) struct Log {
    pub(super) messages: Vec<Message>,
    last: BTreeMap<String, MessageRef>,
    states: BTreeMap<RecordId, State>,
    keys: BTreeMap<RecordId, RecordKeys>,
    batch: Vec<MessageDigest>,
    gates: BTreeMap<Feed, MessageRef>,
    deliveries: u128,
    counter: u8,
}

/// The first delivery of this log has the number after this one, and so on.
const DELIVERY: u128 = 0x0199_3c2e_7b40_7000_8000_0000_0000_0000;

pub(super) fn instant(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

impl Log {
    fn count(&self, stream: &str) -> u64 {
        self.messages.iter().filter(|message| message.0 == stream).count() as u64
    }

    fn push(
        &mut self,
        stream: &'static str,
        name: &str,
        subject: &Subject,
        payload: Bytes,
        json: Value,
    ) -> MessageRef {
        let subject = subject.to_string();
        let reference = MessageRef {
            sequence: self.count(stream) + 1,
            digest: message_digest(&subject, &payload),
        };
        let file = format!("{:04}-{name}", reference.sequence);
        if stream == "events" {
            self.last.insert(subject.clone(), reference);
        }
        self.messages.push((stream, file, subject, payload, json));
        reference
    }

    /// Adds a message of LTR_EVENTS.
    pub(super) fn entry(&mut self, name: &str, entry: &LogEntry) {
        let subject = entry.subject().unwrap();
        let reference = self.push("events", name, &subject, encode(entry).unwrap(), to_json(entry));
        if matches!(entry, LogEntry::Observation { .. } | LogEntry::Quarantined(_)) {
            self.batch.push(reference.digest);
        }
    }

    /// The last message on a subject.
    pub(super) fn last(&self, subject: &Subject) -> Option<MessageRef> {
        self.last.get(&subject.to_string()).copied()
    }

    /// The delivery that was opened last.
    pub(super) fn delivery(&self) -> DeliveryId {
        DeliveryId(Uuid::from_u128(DELIVERY + self.deliveries))
    }

    /// Adds a step of a delivery.
    pub(super) fn step(&mut self, name: &str, feed: Feed, recorded_at: &str, step: DeliveryStep) {
        if matches!(step, DeliveryStep::Opened { .. } | DeliveryStep::Held(_)) {
            self.deliveries += 1;
        }
        self.batch.clear();
        let is_of_the_gate = step.is_of_the_gate();
        let previous = self.last(&Subject::Delivery(feed));
        let gate = self.gates.get(&feed).copied();
        let recorded_at = RecordedAt(instant(recorded_at));
        self.entry(
            name,
            &LogEntry::Feed(FeedMessage {
                feed,
                delivery: self.delivery(),
                recorded_at,
                previous,
                gate,
                step,
            }),
        );
        if let Some(last) = self.last(&Subject::Delivery(feed)).filter(|_| is_of_the_gate) {
            self.gates.insert(feed, last);
        }
    }

    /// The observations and quarantined rows since the last step of a delivery.
    pub(super) fn batch(&self) -> &[MessageDigest] {
        &self.batch
    }

    /// The state of a record.
    pub(super) fn state(&self, record: &RecordId) -> &State {
        &self.states[record]
    }

    /// Observes a row: keys first, then evidence, then the observation.
    pub(super) fn observe(&mut self, row: Row<'_>) {
        let observed = instant(row.observed_at);
        let taken_at = TakenAt(observed - jiff::SignedDuration::from_secs(60));
        let recorded_at = RecordedAt(observed + jiff::SignedDuration::from_millis(250));
        let evidence = row.evidence.map(|json| {
            self.ensure_keys(&row.record, recorded_at);
            self.evidence(&row, json, taken_at, recorded_at)
        });
        let previous_state = self.states.get(&row.record).cloned();
        let mut digests = previous_state
            .as_ref()
            .map(|state| state.digests.clone())
            .unwrap_or_default();
        digests.extend(digest_values(&self.keys[&row.record], &row.values));
        let state = State {
            body: row.body,
            digests,
            vanished: row.evidence.is_none(),
        };
        let source_updated_at = row.source_updated_at.map(instant);
        let seen = Seen {
            observed_on: london_date(observed),
            source_updated_on: source_updated_at.map(london_date),
        };
        let mut counter = self.counter;
        let sealed = seal_values(&self.keys[&row.record], &row.values, &mut |bytes: &mut [u8]| {
            fill_counted(&mut counter, bytes)
        });
        self.counter = counter;
        let observation = Observation {
            delivery: self.delivery(),
            taken_at,
            observed_at: ObservedAt(observed),
            recorded_at,
            source_updated_at,
            mapping_version: 1,
            previous: self.last(&Subject::Record(row.record.clone())),
            events: derive(previous_state.as_ref(), &state, &seen),
            state: state.clone(),
            evidence,
            record: row.record.clone(),
        };
        self.states.insert(row.record, state);
        self.entry(
            row.name,
            &LogEntry::Observation {
                observation: Box::new(observation),
                sealed,
            },
        );
    }

    fn ensure_keys(&mut self, record: &RecordId, recorded_at: RecordedAt) {
        if self.keys.contains_key(record) {
            return;
        }
        let groups: &[KeyGroup] = if record.kind.is_about_a_person() {
            &[KeyGroup::Identity, KeyGroup::Contact, KeyGroup::Evidence]
        } else {
            &[KeyGroup::Evidence]
        };
        let mut counter = self.counter;
        let mut fill = |bytes: &mut [u8]| fill_counted(&mut counter, bytes);
        let keys = RecordKeys::generate(record.clone(), groups, &mut fill);
        let wrapped = keys.wrap(&KeyEncryptionKey::new([0x11; 32]), recorded_at, &mut fill);
        self.counter = counter;
        let name = record.subject_tail().replace('.', "-");
        let (payload, json) = (encode_record_keys(&wrapped), record_keys_to_json(&wrapped));
        self.push("keys", &name, &Subject::Key(record.clone()), payload, json);
        self.keys.insert(record.clone(), keys);
    }

    /// Seals a row as evidence.
    pub(super) fn evidence(
        &mut self,
        row: &Row<'_>,
        json: &str,
        taken_at: TakenAt,
        recorded_at: RecordedAt,
    ) -> MessageRef {
        let mut nonce = [0; 12];
        fill_counted(&mut self.counter, &mut nonce);
        let evidence = Evidence {
            recorded_at,
            record: row.record.clone(),
            also: Vec::new(),
            feed: row.feed,
            delivery: self.delivery(),
            taken_at,
            api_version: "2026.1".into(),
            mapping_version: 1,
            row: seal(
                &self.keys[&row.record],
                KeyGroup::Evidence,
                json.as_bytes(),
                nonce,
            )
            .unwrap(),
        };
        let (payload, shown) = (encode_evidence(&evidence), evidence_to_json(&evidence));
        self.push(
            "evidence",
            row.name,
            &Subject::Evidence(row.record.clone()),
            payload,
            shown,
        )
    }
}

impl Log {
    /// Keeps a row in quarantine: its key first, then the row.
    pub(super) fn keep(&mut self, name: RowName, json: &str, recorded_at: &str) -> MessageRef {
        let recorded_at = RecordedAt(instant(recorded_at));
        let mut counter = self.counter;
        let mut fill = |bytes: &mut [u8]| fill_counted(&mut counter, bytes);
        let key = RowKey::generate(name.clone(), &mut fill);
        let wrapped = key.wrap(&KeyEncryptionKey::new([0x11; 32]), recorded_at, &mut fill);
        let mut nonce = [0; 12];
        fill(&mut nonce);
        self.counter = counter;
        let (payload, shown) = (encode_row_key(&wrapped), row_key_to_json(&wrapped));
        self.push("keys", "row", &Subject::RowKey(name.clone()), payload, shown);
        let kept = KeptRow {
            recorded_at,
            name: name.clone(),
            api_version: "2026.1".into(),
            content: key.seal(json.as_bytes(), nonce).unwrap(),
        };
        let (payload, shown) = (encode_kept_row(&kept), kept_row_to_json(&kept));
        self.push("evidence", "kept-row", &Subject::KeptRow(name), payload, shown)
    }

    /// Tells that a row's key was destroyed on purpose.
    pub(super) fn forget(&mut self, name: RowName, recorded_at: &str) {
        let recorded_at = RecordedAt(instant(recorded_at));
        let kek = KeyEncryptionKey::new([0x11; 32]);
        let wrapped = RowKey::erased(name.clone()).wrap(&kek, recorded_at, &mut |_| ());
        let (payload, shown) = (encode_row_key(&wrapped), row_key_to_json(&wrapped));
        self.push("keys", "row-erased", &Subject::RowKey(name), payload, shown);
    }
}

/// Fills with counted bytes: literal, and never the same nonce twice here.
fn fill_counted(counter: &mut u8, bytes: &mut [u8]) {
    *counter = counter.wrapping_add(1);
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::try_from(index).unwrap().wrapping_mul(7) ^ *counter;
    }
}

pub(super) fn counts(rows: u64, observations: u64, events: u64, quarantined: u64) -> Counts {
    let unchanged = rows - observations - quarantined;
    Counts {
        rows,
        unchanged,
        observations,
        events,
        superseded: 0,
        quarantined,
    }
}
