//! What a newer version added is reported and stepped over; it stops nothing, and what is known beside it is kept.

use ltr_domain::event::{ChangeKind, Event, Fact};
use ltr_domain::observation::Observation;
use ltr_domain::record::{KeyGroup, PersonalField};
use ltr_domain::time::{Effective, Precision};
use ltr_proto::codec::{
    DecodeError, Evidence, LogEntry, decode, decode_evidence, encode_evidence, encode_observation,
};
use ltr_proto::event as wire;
use ltr_proto::event::log_message::Body;
use ltr_proto::seal::Sealed;
use prost::Message;

use crate::generate::{Any, Source};

/// One length-delimited field.
fn field(number: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, &mut bytes);
    prost::encoding::encode_varint(content.len() as u64, &mut bytes);
    bytes.extend_from_slice(content);
    bytes
}

/// An observation with two events, and its message taken apart.
fn whole() -> (Observation, wire::Observation, wire::LogMessage) {
    let mut source = Source::new((0..=255).cycle().take(3000).collect());
    let mut observation = Observation::any(&mut source);
    observation.record.kind = observation.state.body.kind();
    observation.events = vec![
        Event {
            fact: Fact::CandidateSeen,
            ..Event::any(&mut source)
        },
        Event {
            fact: Fact::VacancyChanged,
            ..Event::any(&mut source)
        },
    ];
    let mut message = wire::LogMessage::decode(encode_observation(&observation, &[])).unwrap();
    let Some(Body::Observation(form)) = message.body.take() else {
        panic!("an observation was written")
    };
    (observation, form, message)
}

/// Decodes an observation whose events are these bytes.
fn with_events(events: &[Vec<u8>]) -> (Observation, Observation) {
    let (observation, mut form, message) = whole();
    form.events.clear();
    let mut body = form.encode_to_vec();
    for event in events {
        body.extend(field(9, event));
    }
    let mut payload = message.encode_to_vec();
    payload.extend(field(2, &body));
    let Ok(LogEntry::Observation {
        observation: read, ..
    }) = decode(&payload)
    else {
        panic!("an observation is read");
    };
    (observation, *read)
}

fn event_form(index: usize) -> wire::Event {
    whole().1.events.swap_remove(index)
}

#[test]
fn a_fact_that_came_later_is_kept_as_unrecognised() {
    let mut later = wire::Event {
        fact: None,
        ..event_form(1)
    }
    .encode_to_vec();
    later.extend(field(1234, b"what it says"));
    let (written, read) = with_events(&[event_form(0).encode_to_vec(), later]);
    let unrecognised = Event {
        fact: Fact::Unrecognised(1234),
        ..written.events[1].clone()
    };
    assert_eq!(
        read.events,
        [written.events[0].clone(), unrecognised],
        "date and kind are known all the same"
    );
    assert_eq!(read.state, written.state);
}

#[test]
fn an_event_dated_or_classed_in_a_way_that_came_later_is_unrecognised() {
    for form in [
        wire::Event {
            kind: 99,
            ..event_form(0)
        },
        wire::Event {
            precision: 99,
            ..event_form(0)
        },
        wire::Event {
            basis: 99,
            ..event_form(0)
        },
    ] {
        let (written, read) = with_events(&[form.encode_to_vec()]);
        let stand_in = Event {
            fact: Fact::Unrecognised(70),
            effective: Effective::observed(written.taken_at.london_date()),
            kind: ChangeKind::Changed,
            supersedes: written.events[0].supersedes,
        };
        assert_eq!(read.events, [stand_in]);
    }
}

#[test]
fn a_part_of_a_fact_that_came_later_makes_the_fact_unrecognised() {
    let link = wire::Link {
        to: Some(wire::RecordId {
            kind: 10,
            key: "a".into(),
        }),
        strength: 99,
    };
    let form = wire::Event {
        fact: Some(wire::event::Fact::IdentityLinkAsserted(link)),
        precision: wire::Precision::Month.into(),
        ..event_form(0)
    };
    let (_, read) = with_events(&[form.encode_to_vec()]);
    assert_eq!(read.events[0].fact, Fact::Unrecognised(30));
    assert_eq!(read.events[0].effective.precision, Precision::Month);
}

#[test]
fn an_event_without_any_fact_is_not_dropped() {
    let form = wire::Event {
        fact: None,
        ..event_form(0)
    };
    let (_, read) = with_events(&[form.encode_to_vec()]);
    assert_eq!(read.events[0].fact, Fact::Unrecognised(0));
}

#[test]
fn a_body_that_came_later_tells_its_number_and_when_it_was_recorded() {
    let (observation, _, message) = whole();
    let mut payload = message.encode_to_vec();
    payload.extend(field(13, b"a judgement that came later"));
    let recorded_at = observation.recorded_at;
    let read = decode(&payload).unwrap();
    assert_eq!(
        read,
        LogEntry::Unrecognised {
            recorded_at,
            field: "LogMessage.body",
            number: 13
        }
    );
    assert_eq!(read.recorded_at(), recorded_at);
    assert_eq!(read.subject(), None);
}

#[test]
fn a_record_or_state_of_a_kind_that_came_later_is_stepped_over() {
    let (observation, form, message) = whole();
    let recorded_at = observation.recorded_at;
    let read = |form: wire::Observation| {
        decode(
            &wire::LogMessage {
                body: Some(Body::Observation(form)),
                ..message.clone()
            }
            .encode_to_vec(),
        )
    };
    let mut other_kind = form.clone();
    other_kind.record.as_mut().unwrap().kind = 77;
    let expected = LogEntry::Unrecognised {
        recorded_at,
        field: "RecordId.kind",
        number: 77,
    };
    assert_eq!(read(other_kind), Ok(expected));

    // A state whose body has a number that this version does not know.
    let without_state = wire::Observation { state: None, ..form };
    let mut body = without_state.encode_to_vec();
    body.extend(field(8, &field(40, b"a kind of record that came later")));
    let mut payload = message.encode_to_vec();
    payload.extend(field(2, &body));
    let expected = LogEntry::Unrecognised {
        recorded_at,
        field: "State.body",
        number: 40,
    };
    assert_eq!(decode(&payload), Ok(expected));
}

#[test]
fn a_step_of_a_delivery_that_came_later_is_stepped_over() {
    let (observation, _, message) = whole();
    let mut body = wire::FeedMessage {
        feed: 10,
        delivery_id: vec![1; 16].into(),
        ..Default::default()
    }
    .encode_to_vec();
    body.extend(field(99, b"a step that came later"));
    let mut payload = message.encode_to_vec();
    payload.extend(field(3, &body));
    let recorded_at = observation.recorded_at;
    let expected = LogEntry::Unrecognised {
        recorded_at,
        field: "FeedMessage.step",
        number: 99,
    };
    assert_eq!(decode(&payload), Ok(expected));
}

#[test]
fn fields_and_personal_groups_that_came_later_are_passed_over() {
    let (observation, mut form, message) = whole();
    let digest = wire::PersonalDigest {
        field: 99,
        digest: vec![7; 32].into(),
    };
    form.state.as_mut().unwrap().digests.push(digest);
    let sealed = Sealed::any(&mut Source::new(vec![3; 200]));
    let (key_id, nonce) = (vec![1; 8].into(), vec![2; 12].into());
    form.sealed = vec![wire::Sealed {
        key_group: 99,
        key_id,
        nonce,
        ciphertext: vec![3; 20].into(),
    }];
    let mut body = form.encode_to_vec();
    body.extend(field(500, b"a field of a newer version"));
    body.extend(field(11, &sealed_form(&sealed).encode_to_vec()));
    let mut payload = message.encode_to_vec();
    payload.extend(field(2, &body));
    let expected = LogEntry::Observation {
        observation: Box::new(observation),
        sealed: vec![sealed],
    };
    assert_eq!(decode(&payload), Ok(expected));
}

fn sealed_form(sealed: &Sealed) -> wire::Sealed {
    let groups = [
        KeyGroup::Identity,
        KeyGroup::Contact,
        KeyGroup::Restricted,
        KeyGroup::Evidence,
    ];
    let number = groups
        .iter()
        .position(|group| *group == sealed.key_group)
        .unwrap()
        + 1;
    wire::Sealed {
        key_group: i32::try_from(number).unwrap(),
        key_id: sealed.key_id.0.to_vec().into(),
        nonce: sealed.nonce.to_vec().into(),
        ciphertext: sealed.ciphertext.clone(),
    }
}

#[test]
fn keys_and_evidence_are_not_read_in_part() {
    let mut evidence = Evidence::any(&mut Source::new(Vec::new()));
    evidence.also.clear();
    let mut form = wire::Evidence::decode(encode_evidence(&evidence)).unwrap();
    form.row.as_mut().unwrap().key_group = 99;
    let refused = decode_evidence(&form.encode_to_vec());
    assert_eq!(
        refused,
        Err(DecodeError::Invalid {
            field: "Sealed.key_group"
        })
    );
}

#[test]
fn personal_fields_keep_their_numbers() {
    let numbers = PersonalField::ALL.map(|field| {
        wire::PersonalField::from_str_name(&format!("PERSONAL_FIELD_{}", field.token().to_uppercase()))
            .map(i32::from)
    });
    assert_eq!(numbers, [1, 2, 3, 4, 20].map(Some));
}
