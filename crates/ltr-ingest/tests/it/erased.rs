//! Erased stays erased, whatever is delivered afterwards.

use ltr_domain::ids::Feed;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, NewMessage, Stream};
use ltr_proto::codec::{self, Erased, LogEntry};
use ltr_proto::seal::open_values;
use ltr_proto::subject::Subject;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::laws;

const TRN: u32 = 3_100_001;

fn renamed_and_inducted() -> Value {
    let mut row = inducted(TRN);
    row["lastName"] = json!("Byron");
    row["emailAddress"] = json!("byron@example.org");
    row
}

async fn key_message(log: &MemLog) -> Option<ltr_ports::log::StoredMessage> {
    let subject = Subject::Key(id(TRN)).to_string();
    log.last_of(Stream::Keys, vec![subject.clone()])
        .await
        .unwrap()
        .remove(&subject)
}

#[tokio::test]
async fn a_record_whose_keys_are_gone_gets_no_new_ones() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(TRN)]).await;
    log.purge(Stream::Keys, Subject::Key(id(TRN)).to_string())
        .await
        .unwrap();
    let evidence = log.facts(Stream::Evidence).await.unwrap().last_sequence;

    let renamed_only = {
        let mut row = person(TRN);
        row["lastName"] = json!("Byron");
        row
    };
    let report = delivered(&log, &plan(Feed::TrsPersons, 2, day(2)), &[renamed_only]).await;
    assert_eq!(
        (report.counts.observations, report.counts.unchanged),
        (0, 1),
        "a new name is none of our business"
    );

    delivered(
        &log,
        &plan(Feed::TrsPersons, 3, day(3)),
        &[renamed_and_inducted()],
    )
    .await;
    let all = observations(&log).await;
    let ((before, _), (after, sealed)) = (&all[0], &all[1]);
    assert_eq!(
        fact_names(after),
        ["InductionStarted"],
        "what is not personal goes on"
    );
    assert_eq!(
        after.state.digests, before.state.digests,
        "digests are carried over"
    );
    assert!(sealed.is_empty());
    assert_eq!(after.evidence, None);
    assert_eq!(
        log.facts(Stream::Evidence).await.unwrap().last_sequence,
        evidence,
        "no evidence is published"
    );
    assert_eq!(key_message(&log).await, None, "no keys are made");
}

#[tokio::test]
async fn an_erased_message_stands_in_the_chain_and_the_state_before_it_counts() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(TRN)]).await;
    let last = laws::last_on(&log, &Subject::Record(id(TRN))).await;
    log.purge(Stream::Keys, Subject::Key(id(TRN)).to_string())
        .await
        .unwrap();
    let erased = Erased {
        record: id(TRN),
        key_groups: vec![KeyGroup::Identity, KeyGroup::Contact, KeyGroup::Evidence],
        reason: "request 1".to_owned(),
        actor: "operator".to_owned(),
        previous: Some(last),
        recorded_at: RecordedAt(day(2).0),
    };
    let payload = codec::encode_erased(&erased);
    let subject = Subject::Record(id(TRN)).to_string();
    log.publish(
        Stream::Events,
        vec![NewMessage {
            subject,
            payload,
            expected_last: Some(last.sequence),
        }],
    )
    .await
    .unwrap();
    let erased_at = laws::last_on(&log, &Subject::Record(id(TRN))).await;

    delivered(
        &log,
        &plan(Feed::TrsPersons, 2, day(3)),
        &[renamed_and_inducted()],
    )
    .await;
    let after = of_record(&log, &id(TRN)).await.pop().unwrap();
    assert_eq!(after.previous, Some(erased_at));
    assert_eq!(fact_names(&after), ["InductionStarted"]);
    assert!(
        entries(&log)
            .await
            .iter()
            .any(|entry| matches!(entry, LogEntry::Erased(_)))
    );
}

#[tokio::test]
async fn of_a_group_erased_alone_nothing_new_is_sealed_and_the_others_go_on() {
    let log = empty_log();
    delivered(&log, &plan(Feed::TrsPersons, 1, day(1)), &[person(TRN)]).await;
    let message = key_message(&log).await.unwrap();
    let mut keys = codec::decode_record_keys(&message.payload)
        .unwrap()
        .unwrap(&[kek()])
        .unwrap();
    keys.erase(KeyGroup::Contact);
    let payload = codec::encode_record_keys(&keys.wrap(&kek(), RecordedAt(day(2).0), &mut noise));
    let rewritten = NewMessage {
        subject: message.subject,
        payload,
        expected_last: Some(message.sequence),
    };
    log.publish(Stream::Keys, vec![rewritten]).await.unwrap();

    delivered(
        &log,
        &plan(Feed::TrsPersons, 2, day(3)),
        &[renamed_and_inducted()],
    )
    .await;
    let (after, sealed) = observations(&log).await.pop().unwrap();
    let mut names = fact_names(&after);
    names.sort_unstable();
    assert_eq!(
        names,
        ["InductionStarted", "NameChanged"],
        "no news of the e-mail address"
    );
    assert_eq!(
        sealed.iter().map(|blob| blob.key_group).collect::<Vec<_>>(),
        [KeyGroup::Identity]
    );
    assert!(open_values(&keys, &sealed).unwrap().erased.is_empty());
    assert!(after.evidence.is_some());
    laws::check(&log).await;
}
