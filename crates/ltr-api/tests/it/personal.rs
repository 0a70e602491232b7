//! Personal values: opened for those who name them, checked without being told, and gone once erased.

use std::sync::Arc;

use jiff::civil::date;
use ltr_api::client::Client;
use ltr_api::reason;
use ltr_domain::event::{Change, Fact};
use ltr_domain::ids::RecordId;
use ltr_domain::record::{KeyGroup, KeyedDigest, PersonalField, PersonalValue, PersonalValues, Stated};
use ltr_domain::time::RecordedAt;
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_proto::codec::encode_record_keys;
use ltr_proto::record::batch_result::Outcome;
use ltr_proto::record::{
    BatchGetTeachersRequest, DateOfBirthCheck, GetTeacherRequest, LookupTeacherRequest, Personal,
    PersonalState,
};
use ltr_proto::seal::{KeyEncryptionKey, RecordKeys, seal_values};
use ltr_proto::subject::Subject;
use prost_types::FieldMask;
use tonic::{Code, Status};

use crate::life::{event, known_to_trs, ordinary, person, trainee};
use crate::world::{World, as_of, ask, at, config, kek, refused, violated};

/// Fills with bytes that differ from call to call; secure enough for a test.
fn counter() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_add(1);
            *byte = next;
        }
    }
}

/// Publishes names and a date of birth of a record, and the key that opens them.
async fn name(world: &World, known: &str, record: &RecordId, first_name: &str, born: Option<&str>) {
    let mut fill = counter();
    let keys = RecordKeys::generate(record.clone(), &[KeyGroup::Identity], &mut fill);
    let value = |parts: &[&str]| {
        Stated::Value(PersonalValue(
            parts.iter().map(|part| (*part).to_owned()).collect(),
        ))
    };
    let mut values = PersonalValues::default();
    values
        .0
        .insert(PersonalField::Names, value(&[first_name, "", "Example"]));
    if let Some(born) = born {
        values.0.insert(PersonalField::DateOfBirth, value(&[born]));
    }
    let sealed = seal_values(&keys, &values, &mut fill);
    let wrapped = keys.wrap(&kek(), RecordedAt(at(known)), &mut fill);
    world
        .publish(
            Stream::Keys,
            Subject::Key(record.clone()),
            encode_record_keys(&wrapped),
        )
        .await;
    let digest = Change {
        old: None,
        new: Some(KeyedDigest([0; 32])),
    };
    let observed = vec![event(Fact::NameObserved(digest), date(2026, 9, 23))];
    world.observe_sealed(known, record, observed, &sealed).await;
    world.project().await;
}

async fn named() -> World {
    let world = ordinary(ClockKind::Simulated).await;
    name(
        &world,
        "2026-09-23T12:00:00Z",
        &trainee(),
        "Register",
        Some("2000-02-29"),
    )
    .await;
    name(&world, "2026-09-24T12:00:00Z", &person("3100001"), "Trs", None).await;
    world
}

async fn erase(world: &World, record: RecordId) {
    world
        .log
        .purge(Stream::Keys, Subject::Key(record).to_string())
        .await
        .unwrap();
}

fn request(known: &str) -> GetTeacherRequest {
    GetTeacherRequest {
        name: "teachers/register-trainee:slug1".to_owned(),
        as_of: (!known.is_empty()).then(|| as_of("", known)),
        read_mask: Some(FieldMask {
            paths: vec!["personal".to_owned()],
        }),
        ..GetTeacherRequest::default()
    }
}

async fn personal(client: &Client, known: &str) -> Personal {
    ask(client, request(known)).await.unwrap().personal.unwrap()
}

#[tokio::test]
async fn names_come_from_the_record_to_believe_first() {
    let client = named().await.client().await;
    let found = personal(&client, "").await;
    assert_eq!(
        (found.state(), found.record.as_str()),
        (PersonalState::Available, "trs/person/3100001")
    );
    assert_eq!(
        (found.names, found.date_of_birth.as_str()),
        (["Trs", "", "Example"].map(str::to_owned).to_vec(), "")
    );
}

#[tokio::test]
async fn names_are_those_that_were_known_by_then() {
    let client = named().await.client().await;
    let before = personal(&client, "2026-09-22T12:00:00Z").await;
    assert_eq!(
        before,
        Personal {
            state: PersonalState::NotStated.into(),
            ..Personal::default()
        }
    );
    let then = personal(&client, "2026-09-23T12:00:00Z").await;
    assert_eq!(
        (then.state(), then.record.as_str()),
        (PersonalState::Available, "register/trainee/slug1")
    );
    assert_eq!(
        (then.names[0].as_str(), then.date_of_birth.as_str()),
        ("Register", "2000-02-29")
    );
}

#[tokio::test]
async fn what_is_erased_is_gone_at_every_known_time() {
    let world = named().await;
    erase(&world, person("3100001")).await;
    let client = world.client().await;
    assert_eq!(
        personal(&client, "").await.record,
        "register/trainee/slug1",
        "another source still states it"
    );
    erase(&world, trainee()).await;
    let erased = Personal {
        state: PersonalState::Erased.into(),
        ..Personal::default()
    };
    assert_eq!(personal(&client, "").await, erased);
    assert_eq!(personal(&client, "2026-09-23T12:00:00Z").await, erased);
}

#[tokio::test]
async fn without_the_key_everything_is_served_but_personal_values() {
    let world = named().await;
    let other = KeyEncryptionKey::new([8; 32]);
    for key in [None, Some(other)] {
        let served = world
            .serve_with(config(), Arc::clone(&world.clock) as _, key)
            .await;
        let refusal = refused(ask(&served.client, request("")).await);
        assert_eq!(
            refusal,
            (Code::FailedPrecondition, reason::KEYS_NOT_CONFIGURED.to_owned())
        );
        crate::world::get(&served.client, "teachers/3100001")
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_batch_opens_each_persons_own_values() {
    let world = named().await;
    known_to_trs(&world, "2026-09-25T12:00:00Z", "3100002").await;
    name(&world, "2026-09-25T12:00:00Z", &person("3100002"), "Second", None).await;
    let request = BatchGetTeachersRequest {
        names: ["3100002", "3100009", "3100001"]
            .map(|id| format!("teachers/{id}"))
            .to_vec(),
        read_mask: Some(FieldMask {
            paths: vec!["personal".to_owned()],
        }),
        ..BatchGetTeachersRequest::default()
    };
    let results = world
        .client()
        .await
        .batch_get_teachers(request)
        .await
        .unwrap()
        .into_inner()
        .results;
    let names: Vec<_> = results
        .into_iter()
        .map(|result| match result.outcome.unwrap() {
            Outcome::Teacher(teacher) => teacher.personal.unwrap().names[0].clone(),
            Outcome::Missing(missing) => missing.reason,
        })
        .collect();
    assert_eq!(names, ["Second", reason::TEACHER_NOT_FOUND, "Trs"]);
}

async fn check(client: &Client, date_of_birth: &str) -> Result<DateOfBirthCheck, Status> {
    let request = LookupTeacherRequest {
        id: "3100001".to_owned(),
        date_of_birth: date_of_birth.to_owned(),
    };
    client
        .clone()
        .lookup_teacher(request)
        .await
        .map(|answer| answer.into_inner().date_of_birth_check())
}

#[tokio::test]
async fn t06_a_date_of_birth_is_checked_here_without_being_told() {
    let world = named().await;
    let client = world.client().await;
    assert_eq!(
        check(&client, "2000-02-29").await.unwrap(),
        DateOfBirthCheck::Matches
    );
    assert_eq!(
        check(&client, "2000-02-28").await.unwrap(),
        DateOfBirthCheck::Differs
    );
    assert_eq!(check(&client, "").await.unwrap(), DateOfBirthCheck::Unspecified);
    let unreadable = check(&client, "29/02/2000").await;
    assert!(!unreadable.clone().unwrap_err().message().contains("2000"));
    assert_eq!(violated(unreadable)[0].0, "date_of_birth");
    erase(&world, trainee()).await;
    assert_eq!(
        check(&client, "2000-02-29").await.unwrap(),
        DateOfBirthCheck::NotHeld
    );
    let never_stated = ordinary(ClockKind::Simulated).await.client().await;
    assert_eq!(
        check(&never_stated, "2000-02-29").await.unwrap(),
        DateOfBirthCheck::NotHeld
    );
}
