//! Bytes that nobody wrote are errors, never a panic, and errors never repeat what was in them.

use ltr_domain::observation::Observation;
use ltr_proto::codec::{
    DecodeError, LogEntry, decode, decode_evidence, decode_record_keys, encode, encode_observation,
};
use ltr_proto::event as wire;
use proptest::prelude::*;
use prost::Message;

use crate::generate::{Any, Source, anything};

proptest! {
    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = (decode(&bytes).is_ok(), decode_evidence(&bytes).is_ok(), decode_record_keys(&bytes).is_ok());
    }

    #[test]
    fn every_truncation_is_an_error(entry in anything::<LogEntry>(), cut in any::<prop::sample::Index>()) {
        let payload = encode(&entry).unwrap();
        let kept = &payload[..cut.index(payload.len())];
        prop_assert!(decode(kept).is_err());
    }

    #[test]
    fn a_flipped_bit_never_panics_and_never_goes_unseen(
        entry in anything::<LogEntry>(),
        at in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let payload = encode(&entry).unwrap();
        let mut altered = payload.to_vec();
        altered[at.index(payload.len())] ^= 1 << bit;
        let digest = |payload: &[u8]| ltr_proto::digest::message_digest("ltr.policy", payload);
        prop_assert_ne!(digest(&payload), digest(&altered));
        let _ = decode(&altered).map(|entry| ltr_proto::json::to_json(&entry));
    }
}

/// What decoding gives once `spoil` has been at a whole observation of a trainee.
fn spoilt(spoil: impl FnOnce(&mut wire::Observation)) -> Result<LogEntry, DecodeError> {
    let mut nothing = Source::new(Vec::new());
    let observation = Observation::any(&mut nothing);
    let payload = encode_observation(&observation, &[]);
    let mut message = wire::LogMessage::decode(payload).unwrap();
    let Some(wire::log_message::Body::Observation(form)) = &mut message.body else {
        panic!("an observation was written");
    };
    form.record.as_mut().unwrap().kind = wire::RecordKind::RegisterTrainee.into();
    let trainee = wire::RegisterTrainee {
        state: "draft".into(),
        ..Default::default()
    };
    form.state.as_mut().unwrap().body = Some(wire::state::Body::RegisterTrainee(trainee));
    spoil(form);
    decode(&message.encode_to_vec())
}

fn with_trainee(form: &mut wire::Observation, spoil: impl FnOnce(&mut wire::RegisterTrainee)) {
    if let Some(wire::state::Body::RegisterTrainee(trainee)) = &mut form.state.as_mut().unwrap().body {
        spoil(trainee);
    }
}

#[test]
fn what_no_version_writes_is_refused_by_name() {
    assert!(spoilt(|_| {}).is_ok());
    let missing = |field| Err(DecodeError::Missing { field });
    let invalid = |field| Err(DecodeError::Invalid { field });
    assert_eq!(spoilt(|form| form.state = None), missing("Observation.state"));
    assert_eq!(
        spoilt(|form| form.taken_at = None),
        missing("Observation.taken_at")
    );
    assert_eq!(spoilt(|form| form.record = None), missing("Observation.record"));
    assert_eq!(
        spoilt(|form| form.record.as_mut().unwrap().key.clear()),
        missing("RecordId.key")
    );
    assert_eq!(
        spoilt(|form| form.record.as_mut().unwrap().kind = 0),
        missing("RecordId.kind")
    );
    assert_eq!(
        spoilt(|form| form.delivery_id = vec![1; 15].into()),
        invalid("Observation.delivery_id")
    );
    assert_eq!(
        spoilt(|form| form.taken_at.as_mut().unwrap().nanos = -1),
        invalid("Observation.taken_at")
    );
    let other_kind = spoilt(|form| form.record.as_mut().unwrap().kind = wire::RecordKind::TvVacancy.into());
    assert_eq!(
        other_kind,
        invalid("State.body"),
        "the state is of the record's kind"
    );
    let repeated = wire::PersonalDigest {
        field: 1,
        digest: vec![0; 32].into(),
    };
    let twice =
        spoilt(|form| form.state.as_mut().unwrap().digests = vec![repeated.clone(), repeated.clone()]);
    assert_eq!(twice, invalid("State.digests"));
}

#[test]
fn a_field_cannot_be_null_and_have_a_value() {
    let both = spoilt(|form| {
        with_trainee(form, |trainee| {
            trainee.ukprn = Some("10000571".into());
            trainee.null_fields = vec![5];
        });
    });
    assert_eq!(
        both,
        Err(DecodeError::Invalid {
            field: "RegisterTrainee.ukprn"
        })
    );
}

#[test]
fn errors_name_the_field_and_not_its_content() {
    for trn in ["Ada Lovelace", "99/12345", "12345678"] {
        let error = spoilt(|form| with_trainee(form, |trainee| trainee.trn = Some(trn.into()))).unwrap_err();
        assert_eq!(error.to_string(), "RegisterTrainee.trn holds what it cannot hold");
        assert!(!format!("{error:?}").contains(trn));
    }
    for day in [0, 20_260_230, 20_261_301, i32::MIN, i32::MAX] {
        let date = wire::CivilDate {
            form: Some(wire::civil_date::Form::Day(day)),
        };
        let error = spoilt(|form| with_trainee(form, |trainee| trainee.defer_date = Some(date))).unwrap_err();
        assert_eq!(
            error,
            DecodeError::Invalid {
                field: "RegisterTrainee.defer_date"
            }
        );
    }
}

#[test]
fn an_empty_message_is_none() {
    assert_eq!(
        decode(&[]),
        Err(DecodeError::Missing {
            field: "LogMessage.recorded_at"
        })
    );
    let bare = wire::LogMessage {
        recorded_at: Some(prost_types::Timestamp::default()),
        body: None,
    };
    assert_eq!(
        decode(&bare.encode_to_vec()),
        Err(DecodeError::Missing {
            field: "LogMessage.body"
        })
    );
}
