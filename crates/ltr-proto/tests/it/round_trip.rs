//! Whatever can be said is read back exactly, and different things are different bytes.

use bytes::Bytes;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::observation::Observation;
use ltr_domain::record::KeyGroup;
use ltr_domain::record::register::Withdrawal;
use ltr_domain::record::{Body, PersonalValues, RegisterTrainee, Stated, TvVacancy};
use ltr_domain::time::CivilDate;
use ltr_proto::codec::{
    Evidence, LogEntry, decode, decode_changes, decode_evidence, decode_kept_row, decode_record_keys,
    decode_row_key, encode, encode_evidence, encode_kept_row, encode_present_state, encode_record_keys,
    encode_row_key, unread,
};
use ltr_proto::event as wire;
use ltr_proto::seal::{KeptRow, RecordKeys, WrappedKeys, WrappedRowKey, open_values, seal_values};
use ltr_proto::subject::Subject;
use proptest::prelude::*;
use prost::Message;

use crate::generate::{Any, Source, anything};

fn written(entry: &LogEntry) -> Bytes {
    encode(entry).expect("drawn entries can be written")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_message_is_read_back(entry in anything::<LogEntry>()) {
        let payload = written(&entry);
        let back = decode(&payload);
        prop_assert_eq!(back.as_ref(), Ok(&entry));
        prop_assert_eq!(written(&entry), payload, "writing is deterministic");
        prop_assert_eq!(back.map(|entry| entry.recorded_at()), Ok(entry.recorded_at()));
    }

    /// The bytes of a state are found without reading it, and are those of that state only.
    #[test]
    fn a_state_is_told_by_its_bytes(entry in anything::<LogEntry>(), other in anything::<LogEntry>()) {
        let payload = written(&entry);
        let LogEntry::Observation { observation, .. } = entry else {
            prop_assert_eq!(unread(&payload), None);
            return Ok(());
        };
        let found = unread(&payload).expect("an observation has a state");
        prop_assert_eq!(found.mapping_version, observation.mapping_version);
        let Observation { state, .. } = *observation;
        let present = encode_present_state(&state.body, &state.digests);
        prop_assert_eq!(found.state == present, !state.vanished);
        if let LogEntry::Observation { observation: other, .. } = other {
            let others = encode_present_state(&other.state.body, &other.state.digests);
            let is_same = (&state.body, &state.digests) == (&other.state.body, &other.state.digests);
            prop_assert_eq!(present == others, is_same);
        }
    }

    /// Passing over states loses nothing else.
    #[test]
    fn what_changed_is_read_without_the_state(entry in anything::<LogEntry>()) {
        let payload = written(&entry);
        let changes = decode_changes(&payload).unwrap();
        prop_assert_eq!(changes.subject(), entry.subject());
        prop_assert_eq!(changes.previous(), entry.previous());
        prop_assert_eq!(changes.recorded_at(), entry.recorded_at());
        match (changes, entry) {
            (
                LogEntry::Observation { observation: changed, sealed: blobs },
                LogEntry::Observation { observation, sealed },
            ) => {
                prop_assert_eq!(&changed.events, &observation.events);
                prop_assert_eq!(changed.taken_at, observation.taken_at);
                prop_assert_eq!(changed.delivery, observation.delivery);
                prop_assert_eq!(blobs, sealed);
            }
            (LogEntry::Observation { .. }, _) | (_, LogEntry::Observation { .. }) => {
                prop_assert!(false, "one is an observation and the other is not");
            }
            _ => {}
        }
    }

    /// The messages are protobuf of the published schema, whatever wrote or reads them.
    #[test]
    fn every_message_is_of_the_schema(entry in anything::<LogEntry>()) {
        let payload = written(&entry);
        let form = wire::LogMessage::decode(payload.clone());
        prop_assert_eq!(form.map(|form| form.encode_to_vec()), Ok(payload.to_vec()));
    }

    /// Other writers of protobuf may put fields in another order and may not pack lists of numbers.
    #[test]
    fn order_and_packing_do_not_matter(entry in anything::<LogEntry>()) {
        let LogEntry::Observation { observation, .. } = &entry else { return Ok(()) };
        let Body::TvVacancy(vacancy) = &observation.state.body else { return Ok(()) };
        let read = decode(&rewritten(&written(&entry), vacancy));
        prop_assert_eq!(read.as_ref(), Ok(&entry));
    }

    #[test]
    fn different_messages_are_different_bytes(one in anything::<LogEntry>(), other in anything::<LogEntry>()) {
        prop_assert_eq!(one == other, written(&one) == written(&other));
    }

    #[test]
    fn evidence_is_read_back(evidence in anything::<Evidence>()) {
        prop_assert_eq!(decode_evidence(&encode_evidence(&evidence)), Ok(evidence));
    }

    #[test]
    fn a_kept_row_and_its_key_are_read_back(kept in anything::<KeptRow>(), key in anything::<WrappedRowKey>()) {
        prop_assert_eq!(decode_kept_row(&encode_kept_row(&kept)), Ok(kept));
        prop_assert_eq!(decode_row_key(&encode_row_key(&key)), Ok(key));
    }

    #[test]
    fn wrapped_keys_are_read_back(keys in anything::<WrappedKeys>()) {
        prop_assert_eq!(decode_record_keys(&encode_record_keys(&keys)), Ok(keys));
    }

    #[test]
    fn every_message_names_its_subject(entry in anything::<LogEntry>()) {
        let named = entry.subject().filter(|subject| {
            !matches!(subject, Subject::Calendar { milestone, .. } if milestone.is_empty())
        });
        if let Some(subject) = named {
            prop_assert_eq!(Subject::parse(&subject.to_string()), Ok(subject));
        }
    }

    #[test]
    fn sealed_values_are_read_back(values in anything::<PersonalValues>(), seed in any::<u8>()) {
        let record = RecordId::new(RecordKind::TrsPerson, "1234567");
        let mut next = seed;
        let mut fill = |bytes: &mut [u8]| bytes.iter_mut().for_each(|byte| {
            next = next.wrapping_mul(5).wrapping_add(1);
            *byte = next;
        });
        let keys = RecordKeys::generate(record, &KeyGroup::ALL, &mut fill);
        let opened = open_values(&keys, &seal_values(&keys, &values, &mut fill)).unwrap();
        let mut stated = values;
        stated.0.retain(|_, value| value.is_stated());
        prop_assert_eq!(opened.values, stated);
    }
}

/// The same observation of a vacancy, with the fields of its state last first and nulls one by one.
fn rewritten(payload: &[u8], vacancy: &TvVacancy) -> Vec<u8> {
    let mut message = wire::LogMessage::decode(payload).unwrap();
    let Some(wire::log_message::Body::Observation(form)) = &mut message.body else {
        panic!("an observation was written");
    };
    let state = form.state.as_mut().unwrap();
    let Some(wire::state::Body::TvVacancy(body)) = state.body.take() else {
        panic!("the state of {vacancy:?} was written");
    };
    let nulls = body.null_fields.clone();
    let mut unpacked = wire::TvVacancy {
        null_fields: Vec::new(),
        ..body
    }
    .encode_to_vec();
    for number in nulls.iter().rev() {
        prost::encoding::uint32::encode(1, number, &mut unpacked);
    }
    let mut reordered = Vec::new();
    prost::encoding::bool::encode(101, &state.vanished, &mut reordered);
    prost::encoding::message::encode_repeated(100, &state.digests, &mut reordered);
    prost::encoding::bytes::encode(31, &unpacked, &mut reordered);
    form.state = None;
    let mut observation = form.encode_to_vec();
    prost::encoding::bytes::encode(8, &reordered, &mut observation);
    let mut bytes = Vec::new();
    prost::encoding::bytes::encode(2, &observation, &mut bytes);
    message.body = None;
    bytes.extend(message.encode_to_vec());
    bytes
}

/// An observation of a trainee of whom nothing is stated but the state, with `change` made to it.
fn trainee(change: impl FnOnce(&mut RegisterTrainee)) -> LogEntry {
    let mut nothing = Source::new(Vec::new());
    let mut observation = Observation::any(&mut nothing);
    let mut trainee = RegisterTrainee::any(&mut nothing);
    change(&mut trainee);
    observation.record.kind = RecordKind::RegisterTrainee;
    observation.state.body = Body::RegisterTrainee(Box::new(trainee));
    LogEntry::Observation {
        observation: Box::new(observation),
        sealed: Vec::new(),
    }
}

#[test]
fn absent_null_and_empty_are_three_statements() {
    let withdrawal = |reasons| {
        Stated::Value(Withdrawal {
            reasons,
            ..Withdrawal::default()
        })
    };
    let statements = [
        trainee(|_| {}),
        trainee(|trainee| trainee.record_source = Stated::Null),
        trainee(|trainee| trainee.record_source = Stated::Value(String::new())),
        trainee(|trainee| trainee.record_source = Stated::Value("null".into())),
        trainee(|trainee| trainee.placements = Stated::Null),
        trainee(|trainee| trainee.placements = Stated::Value(Vec::new())),
        trainee(|trainee| trainee.itt_start_date = Stated::Null),
        trainee(|trainee| trainee.itt_start_date = Stated::Value(CivilDate::read(""))),
        trainee(|trainee| trainee.itt_start_date = Stated::Value(CivilDate::read("2026-09-01"))),
        trainee(|trainee| trainee.itt_start_date = Stated::Value(CivilDate::Unreadable("2026-09-01".into()))),
        trainee(|trainee| trainee.withdrawal = Stated::Null),
        trainee(|trainee| trainee.withdrawal = withdrawal(Stated::Unstated)),
        trainee(|trainee| trainee.withdrawal = withdrawal(Stated::Null)),
        trainee(|trainee| trainee.withdrawal = withdrawal(Stated::Value(Vec::new()))),
        trainee(|trainee| trainee.withdrawal = withdrawal(Stated::Value(vec![String::new()]))),
    ];
    for (index, one) in statements.iter().enumerate() {
        assert_eq!(decode(&written(one)).as_ref(), Ok(one));
        for other in &statements[index + 1..] {
            assert_ne!(written(one), written(other));
        }
    }
}
