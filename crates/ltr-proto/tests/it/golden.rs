//! Messages frozen on disk: read as ever, written as ever, holding together as ever.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::observation::{MessageDigest, MessageRef, Observation};
use ltr_domain::record::{PersonalField, Stated};
use ltr_proto::codec::{
    LogEntry, decode, decode_evidence, decode_kept_row, decode_record_keys, decode_row_key, encode,
    encode_evidence, encode_kept_row, encode_record_keys, encode_row_key,
};
use ltr_proto::digest::{batch_digest, message_digest};
use ltr_proto::hex;
use ltr_proto::json::{evidence_to_json, kept_row_to_json, record_keys_to_json, row_key_to_json, to_json};
use ltr_proto::seal::{KeyEncryptionKey, Opened, RecordKeys, RowKey, digest_values, open, open_values};
use ltr_proto::subject::Subject;
use ltr_sources::diff::{Seen, derive};
use serde_json::Value;

mod compose;
mod lives;

/// One frozen message.
struct Frozen {
    path: PathBuf,
    sequence: u64,
    subject: String,
    payload: Vec<u8>,
}

impl Frozen {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let (subject, payload) = text.split_once('\n').unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (sequence, _) = name.split_once('-').unwrap();
        Self {
            sequence: sequence.parse().unwrap(),
            subject: subject.to_owned(),
            payload: hex::decode(&payload.replace('\n', "")).unwrap(),
            path,
        }
    }

    fn expected(&self) -> Value {
        let text = fs::read_to_string(self.path.with_extension("expected.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn digest(&self) -> MessageDigest {
        message_digest(&self.subject, &self.payload)
    }

    fn reference(&self) -> MessageRef {
        MessageRef {
            sequence: self.sequence,
            digest: self.digest(),
        }
    }

    fn entry(&self) -> LogEntry {
        decode(&self.payload).unwrap()
    }

    fn observation(&self) -> Option<Observation> {
        match self.entry() {
            LogEntry::Observation { observation, .. } => Some(*observation),
            LogEntry::Feed(_)
            | LogEntry::Quarantined(_)
            | LogEntry::Heartbeat { .. }
            | LogEntry::CalendarMilestone(_)
            | LogEntry::PolicyAdopted(_)
            | LogEntry::Erased(_)
            | LogEntry::Judgement(_)
            | LogEntry::Unrecognised { .. } => None,
        }
    }
}

fn folder(stream: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/v1")
        .join(stream)
}

/// The messages of a stream in order.
fn frozen(stream: &str) -> Vec<Frozen> {
    let mut paths: Vec<_> = fs::read_dir(folder(stream))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "hex"));
    paths.sort();
    assert!(!paths.is_empty(), "{stream} has frozen messages");
    paths.into_iter().map(Frozen::read).collect()
}

#[test]
fn frozen_messages_are_read_and_written_as_ever() {
    for message in frozen("events") {
        let entry = message.entry();
        let path = message.path.display();
        assert_eq!(to_json(&entry), message.expected(), "{path}");
        assert_eq!(encode(&entry).unwrap(), message.payload, "{path}");
        assert_eq!(entry.subject(), Subject::parse(&message.subject).ok(), "{path}");
    }
    for message in frozen("evidence").iter().chain(&frozen("keys")) {
        let path = message.path.display();
        let (json, payload, subject) = beside(message);
        assert_eq!(json, message.expected(), "{path}");
        assert_eq!(payload, message.payload, "{path}");
        assert_eq!(Some(subject), Subject::parse(&message.subject).ok(), "{path}");
    }
}

/// A message that stands beside the events, as JSON, written again, and with the subject that it names.
fn beside(message: &Frozen) -> (Value, bytes::Bytes, Subject) {
    let payload = &message.payload;
    match Subject::parse(&message.subject).unwrap() {
        Subject::Evidence(_) => {
            let evidence = decode_evidence(payload).unwrap();
            let again = encode_evidence(&evidence);
            (
                evidence_to_json(&evidence),
                again,
                Subject::Evidence(evidence.record),
            )
        }
        Subject::KeptRow(_) => {
            let kept = decode_kept_row(payload).unwrap();
            (
                kept_row_to_json(&kept),
                encode_kept_row(&kept),
                Subject::KeptRow(kept.name),
            )
        }
        Subject::Key(_) => {
            let keys = decode_record_keys(payload).unwrap();
            (
                record_keys_to_json(&keys),
                encode_record_keys(&keys),
                Subject::Key(keys.record),
            )
        }
        Subject::RowKey(_) => {
            let key = decode_row_key(payload).unwrap();
            (
                row_key_to_json(&key),
                encode_row_key(&key),
                Subject::RowKey(key.name),
            )
        }
        Subject::Record(_)
        | Subject::Delivery(_)
        | Subject::Identity(_)
        | Subject::Quarantine(_)
        | Subject::Policy
        | Subject::Calendar { .. } => panic!("{} is no evidence and no key", message.path.display()),
    }
}

#[test]
fn every_kind_of_message_and_record_is_frozen() {
    let kinds: Vec<_> = frozen("events")
        .iter()
        .map(|message| message.expected()["message"].clone())
        .collect();
    for kind in [
        "observation",
        "delivery_opened",
        "page_recorded",
        "delivery_closed",
        "quarantined",
        "heartbeat",
        "calendar_milestone",
        "policy_adopted",
        "erased",
        "link_matched",
        "link_decided",
        "regrouping_requested",
        "request_answered",
        "delivery_held",
        "delivery_decided",
        "rows_released",
    ] {
        assert!(kinds.contains(&kind.into()), "{kind}");
    }
    for kind in RecordKind::ALL {
        let mut observed = frozen("events")
            .into_iter()
            .filter_map(|message| message.observation());
        assert!(
            observed
                .by_ref()
                .any(|first| first.record.kind == kind && first.previous.is_none()),
            "{kind:?}"
        );
        assert!(
            observed.any(|next| next.record.kind == kind && next.previous.is_some()),
            "{kind:?}"
        );
    }
}

#[test]
fn references_hold() {
    let evidence: Vec<_> = frozen("evidence").iter().map(Frozen::reference).collect();
    let mut last: BTreeMap<String, MessageRef> = BTreeMap::new();
    let mut batch: Vec<MessageDigest> = Vec::new();
    for (index, message) in frozen("events").into_iter().enumerate() {
        let path = message.path.display();
        assert_eq!(message.sequence, index as u64 + 1, "{path}");
        let entry = message.entry();
        let chained = last.insert(message.subject.clone(), message.reference());
        match &entry {
            LogEntry::Observation { observation, .. } => {
                assert_eq!(observation.previous, chained, "{path}");
                assert!(
                    observation
                        .evidence
                        .is_none_or(|reference| evidence.contains(&reference)),
                    "{path}"
                );
                batch.push(message.digest());
            }
            LogEntry::Quarantined(row) => {
                assert!(
                    row.evidence.is_none_or(|reference| evidence.contains(&reference)),
                    "{path}"
                );
                batch.push(message.digest());
            }
            LogEntry::Feed(feed_message) => {
                assert_eq!(feed_message.previous, chained, "{path}");
                if let DeliveryStep::PageRecorded(page) = &feed_message.step {
                    assert_eq!(page.batch_digest, batch_digest(&batch), "{path}");
                }
                batch.clear();
            }
            LogEntry::PolicyAdopted(_) | LogEntry::Erased(_) | LogEntry::Judgement(_) => {
                assert_eq!(entry.previous(), chained, "{path}")
            }
            LogEntry::Heartbeat { .. } | LogEntry::CalendarMilestone(_) | LogEntry::Unrecognised { .. } => {}
        }
    }
}

/// The keys of every record that has frozen keys.
fn frozen_keys() -> BTreeMap<RecordId, RecordKeys> {
    let kek = KeyEncryptionKey::new([0x11; 32]);
    let unwrapped = |message: Frozen| {
        let keys = decode_record_keys(&message.payload).unwrap();
        (
            keys.record.clone(),
            keys.unwrap(std::slice::from_ref(&kek)).unwrap(),
        )
    };
    let of_records = frozen("keys").into_iter().filter(|message| !is_of_a_row(message));
    of_records.map(unwrapped).collect()
}

fn is_of_a_row(message: &Frozen) -> bool {
    matches!(
        Subject::parse(&message.subject),
        Ok(Subject::KeptRow(_) | Subject::RowKey(_))
    )
}

#[test]
fn a_frozen_row_opens_as_ever_until_its_key_is_destroyed() {
    let kek = KeyEncryptionKey::new([0x11; 32]);
    let keys: Vec<RowKey> = frozen("keys")
        .iter()
        .filter(|message| is_of_a_row(message))
        .map(|message| decode_row_key(&message.payload).unwrap())
        .map(|key| key.unwrap(std::slice::from_ref(&kek)).unwrap())
        .collect();
    let [key, destroyed] = &keys[..] else {
        panic!("a key, and that it was destroyed")
    };
    let rows = frozen("evidence");
    let row = rows.iter().find(|message| is_of_a_row(message)).unwrap();
    let kept = decode_kept_row(&row.payload).unwrap();
    let Ok(Opened::Content(row)) = key.open(&kept.content) else {
        panic!("it opens")
    };
    assert_eq!(row, br#"{"trainee_id":"tRn9aBc2XyZ","trn":"123456"}"#);
    assert_eq!(destroyed.open(&kept.content), Ok(Opened::Erased));
    assert!(destroyed.is_erased());
}

#[test]
fn what_was_sealed_opens_and_digests_as_ever() {
    let keys = frozen_keys();
    let mut names = BTreeMap::new();
    for message in frozen("events") {
        let LogEntry::Observation { observation, sealed } = message.entry() else {
            continue;
        };
        if sealed.is_empty() {
            continue;
        }
        let keys = &keys[&observation.record];
        let values = open_values(keys, &sealed).unwrap().values;
        assert_eq!(
            digest_values(keys, &values),
            observation.state.digests,
            "{}",
            message.path.display()
        );
        if let Some(Stated::Value(value)) = values.0.get(&PersonalField::Names) {
            names.insert(observation.record.to_string(), value.0.join("|"));
        }
    }
    let names: Vec<_> = names
        .iter()
        .map(|(record, names)| (record.as_str(), names.as_str()))
        .collect();
    let expected = [
        ("apply/recruit/501", "Rosa||Hartley"),
        ("register/trainee/tRn9aBc2XyZ", "Rosa||Hartley"),
        (
            "teaching-vacancies/job-application/0d8f6a2c-4e10-4b7e-9a3e-5b1c2f474c1d",
            "Rosa|Hartley",
        ),
        ("trs/person/3100001", "Rosa|Anne|Hartley"),
    ];
    assert_eq!(names, expected);
}

#[test]
fn frozen_evidence_opens_as_ever() {
    let keys = frozen_keys();
    for message in frozen("evidence")
        .into_iter()
        .filter(|message| !is_of_a_row(message))
    {
        let evidence = decode_evidence(&message.payload).unwrap();
        let Ok(Opened::Content(row)) = open(&keys[&evidence.record], &evidence.row) else {
            panic!("{} opens", message.path.display());
        };
        assert!(serde_json::from_slice::<Value>(&row).unwrap().is_object());
    }
}

#[test]
fn events_are_what_the_diff_finds() {
    let mut states = BTreeMap::new();
    for message in frozen("events") {
        let Some(observation) = message.observation() else {
            continue;
        };
        let seen = Seen {
            observed_on: observation.observed_at.london_date(),
            source_updated_on: observation.source_updated_at.map(ltr_domain::time::london_date),
        };
        let previous = states.insert(observation.record.clone(), observation.state.clone());
        let found = derive(previous.as_ref(), &observation.state, &seen);
        assert_eq!(found, observation.events, "{}", message.path.display());
    }
}

/// Writes the messages that `compose` and `lives` make, where there is no file yet.
#[test]
#[ignore = "writes files; see tests/golden/v1/README.md"]
fn write_missing_golden_files() {
    if std::env::var_os("LTR_WRITE_GOLDEN").is_none() {
        return;
    }
    for (stream, name, subject, payload, json) in lives::all() {
        let folder = folder(stream);
        fs::create_dir_all(&folder).unwrap();
        let lines: Vec<_> = payload.chunks(32).map(hex::encode).collect();
        let path = folder.join(name);
        write_new(
            &path.with_extension("hex"),
            &format!("{subject}\n{}\n", lines.join("\n")),
        );
        let json = serde_json::to_string_pretty(&json).unwrap();
        write_new(&path.with_extension("expected.json"), &format!("{json}\n"));
    }
}

fn write_new(path: &Path, text: &str) {
    if !path.exists() {
        fs::write(path, text).unwrap();
    }
}
