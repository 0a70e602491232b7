//! What the role publishes, and that it is the same however it is run.

use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_domain::judgement::{Assurance, DecidedBy, Judged, Judgement, LinkDecided, LinkDecision, Pair};
use ltr_domain::observation::MessageRef;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;
use ltr_link::{Config, Edge, LinkError, Until, Writing, run};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::faulty::FaultyLog;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{Log, NewMessage, Published, StoredMessage, Stream};
use ltr_proto::codec::{self, Erased};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_proto::subject::Subject;
use serde_json::json;

use crate::world::{
    delivered, empty, in_words, linked, matches, messages, recruit, trainee, try_linked, university, with,
};

const RIGHT: &str = "asserted apply/choice/501 and register/trainee/right 830";
const SWAPPED: &str = "proposed apply/choice/502 and register/trainee/swapped 750";

fn right() -> Pair {
    let choice = RecordId::new(RecordKind::ApplyChoice, "501");
    Pair::of(choice, RecordId::new(RecordKind::RegisterTrainee, "right")).unwrap()
}

#[tokio::test]
async fn the_right_ones_are_matched_and_look_alikes_are_not() {
    let log = empty();
    university(&log).await;
    assert_eq!(linked(&log).await, [RIGHT, SWAPPED]);
    assert_eq!(linked(&log).await, [""; 0], "the second time nothing is due");
    assert_eq!(matches(&log).await, [RIGHT, SWAPPED]);
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_publishes_nothing() {
    let log = empty();
    university(&log).await;
    let before = messages(&log, Stream::Events).await.len();
    let (_, told) = try_linked(&log, &Config::default(), Writing::DryRun)
        .await
        .unwrap();
    assert_eq!(told.iter().map(in_words).collect::<Vec<_>>(), [RIGHT, SWAPPED]);
    assert_eq!(messages(&log, Stream::Events).await.len(), before);
}

#[tokio::test]
async fn two_at_once_publish_each_match_once() {
    let log = empty();
    university(&log).await;
    let (one, other) = tokio::join!(linked(&log), linked(&log));
    assert_eq!(one.len() + other.len(), 2);
    let mut found = matches(&log).await;
    found.sort();
    assert_eq!(found, [RIGHT, SWAPPED]);
}

#[tokio::test]
async fn faults_and_small_batches_change_nothing() {
    for seed in 0..40 {
        let log = empty();
        university(&log).await;
        let faulty = FaultyLog::seeded(log.clone(), seed, 600).only_on(Stream::Events);
        let config = Config {
            batch_messages_max: 1,
            ..Config::default()
        };
        // A fault too many ends a run; the next goes on from there.
        while try_linked(&faulty, &config, Writing::Publish).await.is_err() {}
        assert_eq!(matches(&log).await, [RIGHT, SWAPPED], "seed {seed}");
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_early_is_taken_up_by_the_next() {
    let log = empty();
    university(&log).await;
    let (clock, kek) = (
        ManualClock::at("2026-10-02T06:00:00Z".parse().unwrap()),
        KeyEncryptionKey::new([7; 32]),
    );
    let edge = Edge {
        clock: &clock,
        kek: &kek,
    };
    let stopped = std::future::ready(());
    let report = run(
        &Config::default(),
        &log,
        &edge,
        Until::Stopped,
        Writing::Publish,
        stopped,
        |_| {},
    )
    .await
    .unwrap();
    assert_eq!(report.matches, 0);
    assert_eq!(linked(&log).await, [RIGHT, SWAPPED]);
}

/// An operator decides on the pair of the right ones.
async fn decide(log: &MemLog, decision: LinkDecision) {
    let subject = Subject::Identity(right().lesser().clone()).to_string();
    let last: Option<StoredMessage> = log
        .last_of(Stream::Events, vec![subject.clone()])
        .await
        .unwrap()
        .remove(&subject);
    let previous = last.map(|last| MessageRef {
        sequence: last.sequence,
        digest: last.digest.unwrap(),
    });
    let judged = Judged::Decided(LinkDecided {
        pair: right(),
        decision,
        by: DecidedBy {
            actor: "records-desk-1".to_owned(),
            assurance: Assurance::RecordsCompared,
            reason: "case 1".to_owned(),
        },
        decides: None,
    });
    let payload = codec::encode_judgement(&Judgement {
        judged,
        previous,
        recorded_at: RecordedAt("2026-10-05T06:00:00Z".parse().unwrap()),
    });
    published(log, subject, payload, previous).await;
}

async fn published(log: &MemLog, subject: String, payload: bytes::Bytes, previous: Option<MessageRef>) {
    let message = NewMessage {
        subject,
        payload,
        expected_last: Some(previous.map_or(0, |previous| previous.sequence)),
    };
    let done = log.publish(Stream::Events, vec![message]).await.unwrap();
    assert!(matches!(done, Published::Stored { .. }));
}

#[tokio::test]
async fn what_operators_decided_is_left_alone() {
    for decision in [LinkDecision::Reject, LinkDecision::Confirm] {
        let log = empty();
        university(&log).await;
        linked(&log).await;
        decide(&log, decision).await;
        let corrected = trainee("right", "Zoe", "O'Brien", "1999-04-18");
        delivered(&log, Feed::RegisterTrainees, "2026-11-01T06:00:00Z", &[corrected]).await;
        assert_eq!(linked(&log).await, [""; 0], "{decision:?}");
        decide(&log, LinkDecision::Retract).await;
        let after = linked(&log).await;
        assert_eq!(
            after,
            ["withdrawn apply/choice/501 and register/trainee/right"],
            "{decision:?} retracted"
        );
    }
}

#[tokio::test]
async fn what_holds_no_longer_is_withdrawn() {
    let log = empty();
    university(&log).await;
    linked(&log).await;
    let corrected = trainee("right", "Zoe", "O'Brien", "1999-04-18");
    delivered(&log, Feed::RegisterTrainees, "2026-11-01T06:00:00Z", &[corrected]).await;
    assert_eq!(
        linked(&log).await,
        ["withdrawn apply/choice/501 and register/trainee/right"]
    );
    assert_eq!(linked(&log).await, [""; 0]);
    let named = with(
        trainee("swapped", "Chen", "Wei", "2000-02-03"),
        json!({ "application_id": 504 }),
    );
    delivered(&log, Feed::RegisterTrainees, "2026-11-02T06:00:00Z", &[named]).await;
    assert_eq!(
        linked(&log).await,
        ["withdrawn apply/choice/502 and register/trainee/swapped"]
    );
}

#[tokio::test]
async fn a_key_that_says_the_same_changes_nothing() {
    let log = empty();
    university(&log).await;
    linked(&log).await;
    let named = with(
        trainee("right", "Zoe", "OBRIEN", "1999-04-17"),
        json!({ "application_id": 501 }),
    );
    delivered(&log, Feed::RegisterTrainees, "2026-11-01T06:00:00Z", &[named]).await;
    assert_eq!(linked(&log).await, [""; 0]);
}

#[tokio::test]
async fn a_second_candidate_makes_an_assertion_a_proposal() {
    let log = empty();
    university(&log).await;
    linked(&log).await;
    let same = recruit(601, "Zoe", "O\u{2019}Brien", "1999-04-17");
    delivered(&log, Feed::ApplyRecruits, "2026-11-01T06:00:00Z", &[same]).await;
    assert_eq!(
        linked(&log).await,
        [
            "proposed apply/choice/501 and register/trainee/right 830",
            "proposed apply/choice/601 and register/trainee/right 830",
        ]
    );
}

#[tokio::test]
async fn who_is_erased_is_left_out() {
    let log = empty();
    university(&log).await;
    let record = RecordId::new(RecordKind::RegisterTrainee, "right");
    let key = Subject::Key(record.clone()).to_string();
    log.purge(Stream::Keys, key).await.unwrap();
    let subject = Subject::Record(record.clone()).to_string();
    let last = log
        .last_of(Stream::Events, vec![subject.clone()])
        .await
        .unwrap()
        .remove(&subject);
    let previous = last.map(|last| MessageRef {
        sequence: last.sequence,
        digest: last.digest.unwrap(),
    });
    let payload = codec::encode_erased(&Erased {
        record,
        key_groups: vec![KeyGroup::Identity, KeyGroup::Contact],
        reason: "request 1".to_owned(),
        actor: "data-protection".to_owned(),
        previous,
        recorded_at: RecordedAt("2026-10-05T06:00:00Z".parse().unwrap()),
    });
    published(&log, subject, payload, previous).await;
    assert_eq!(linked(&log).await, [SWAPPED]);
}

#[tokio::test]
async fn who_has_no_key_is_left_out_and_what_stood_stays() {
    let log = empty();
    university(&log).await;
    assert_eq!(linked(&log).await, [RIGHT, SWAPPED]);
    let key = Subject::Key(RecordId::new(RecordKind::ApplyRecruit, "501")).to_string();
    log.purge(Stream::Keys, key).await.unwrap();
    assert_eq!(linked(&log).await, [""; 0], "nobody can tell any more: it stays");
}

#[tokio::test]
async fn a_previous_name_is_taken_from_trs() {
    let log = empty();
    delivered(
        &log,
        Feed::ApplyRecruits,
        "2026-07-01T06:00:00Z",
        &[recruit(501, "Ada", "Byron", "1999-12-10")],
    )
    .await;
    let married = with(
        trainee("t", "Ada", "King", "1999-12-10"),
        json!({ "trn": "3100001" }),
    );
    delivered(&log, Feed::RegisterTrainees, "2026-10-01T06:00:00Z", &[married]).await;
    assert_eq!(linked(&log).await, [""; 0]);
    let person = |born: &str| {
        json!({
            "trn": "3100001", "firstName": "Ada", "middleName": "", "lastName": "King", "dateOfBirth": born,
            "qts": null, "eyts": null, "qtlsStatus": "None", "routesToProfessionalStatuses": [], "alerts": [],
            "induction": { "status": "None", "startDate": null, "completedDate": null, "exemptionReasons": [] },
            "mandatoryQualifications": [],
            "previousNames": [{ "firstName": "Ada", "middleName": "", "lastName": "Byron" }],
        })
    };
    delivered(
        &log,
        Feed::TrsPersons,
        "2026-10-02T06:00:00Z",
        &[person("1999-12-11")],
    )
    .await;
    assert_eq!(linked(&log).await, [""; 0], "a TRN may be somebody else's");
    delivered(
        &log,
        Feed::TrsPersons,
        "2026-10-03T06:00:00Z",
        &[person("1999-12-10")],
    )
    .await;
    assert_eq!(
        linked(&log).await,
        ["proposed apply/choice/501 and register/trainee/t 780"]
    );
}

#[tokio::test]
async fn an_account_without_a_date_of_birth_is_proposed_by_its_address() {
    let log = empty();
    let account = |id: u64, status: &str| {
        json!({
            "id": format!("C{id}"),
            "attributes": {
                "email_address": format!("Ada.{id}@example.com"),
                "application_forms": [{
                    "id": id, "recruitment_cycle_year": 2026, "first_name": "Ada", "last_name": "Byron",
                    "application_choices": { "data": [{
                        "id": id, "status": status, "provider": { "name": "University of Example" },
                    }]},
                }],
            },
        })
    };
    let accounts = [
        account(501, "recruited"),
        account(502, "recruited"),
        account(503, "rejected"),
    ];
    delivered(&log, Feed::ApplyCandidates, "2026-07-01T06:00:00Z", &accounts).await;
    let mail = |slug: &str, email: &str| {
        with(
            trainee(slug, "Ada", "Byron", "1999-12-10"),
            json!({ "email": email }),
        )
    };
    let trainees = [mail("t", "ada.501@EXAMPLE.com"), mail("u", "ada.503@example.com")];
    delivered(&log, Feed::RegisterTrainees, "2026-10-01T06:00:00Z", &trainees).await;
    assert_eq!(
        linked(&log).await,
        ["proposed apply/choice/501 and register/trainee/t 510"]
    );
}

#[tokio::test]
async fn providers_are_known_by_trainees_who_name_their_application() {
    let log = empty();
    university(&log).await;
    let others: Vec<_> = (701..704)
        .map(|choice| recruit(choice, "Some", "Body", "1990-05-05"))
        .collect();
    delivered(&log, Feed::ApplyRecruits, "2026-10-01T07:00:00Z", &others).await;
    let named: Vec<_> = (701..704)
        .map(|choice| {
            let row = trainee(&format!("named{choice}"), "Some", "Body", "1990-05-05");
            with(row, json!({ "application_id": choice }))
        })
        .collect();
    delivered(&log, Feed::RegisterTrainees, "2026-10-01T08:00:00Z", &named).await;
    assert_eq!(
        linked(&log).await,
        [
            "asserted apply/choice/501 and register/trainee/right 900",
            "proposed apply/choice/502 and register/trainee/swapped 820",
        ]
    );
}

#[tokio::test]
async fn another_key_is_named_and_nothing_is_published() {
    let log = empty();
    university(&log).await;
    let (clock, kek) = (
        ManualClock::at("2026-10-02T06:00:00Z".parse().unwrap()),
        KeyEncryptionKey::new([8; 32]),
    );
    let edge = Edge {
        clock: &clock,
        kek: &kek,
    };
    let never = std::future::pending();
    let failed = run(
        &Config::default(),
        &log,
        &edge,
        Until::Head,
        Writing::Publish,
        never,
        |_| {},
    )
    .await;
    assert!(matches!(failed, Err(LinkError::Keys { .. })), "{failed:?}");
    assert_eq!(matches(&log).await, [""; 0]);
}

#[tokio::test]
async fn nothing_personal_is_on_the_log() {
    let log = empty();
    university(&log).await;
    linked(&log).await;
    let mut judged = 0;
    for message in messages(&log, Stream::Events).await {
        judged += usize::from(message.subject.starts_with("ltr.identity."));
        let bytes = [message.subject.as_bytes(), &message.payload]
            .concat()
            .to_ascii_lowercase();
        for personal in [
            "zoe",
            "brien",
            "1999-04-17",
            "19990417",
            "chen",
            "university.example",
            "example.com",
        ] {
            let found = bytes
                .windows(personal.len())
                .any(|window| window == personal.as_bytes());
            assert!(!found, "{personal} in message {}", message.sequence);
        }
    }
    assert_eq!(judged, 2);
}
