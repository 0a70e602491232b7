//! Adopting a policy changes exactly the answers that it must, and answers as known before it stay as they were.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use ltr_domain::event::Fact;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{PersonId, RecordId, RecordKind};
use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_domain::record::trs::{Answer, HeldStatus, Induction};
use ltr_domain::record::{ChoiceStatus, InductionStatus, Stated, TraineeState};
use ltr_domain::teacher::teacher_at;
use ltr_domain::time::{CivilDate, RecordedAt};
use ltr_ports::log::{ClockKind, Stream};
use ltr_ports::store::faulty::{Fault, FaultyStore};
use ltr_ports::store::mem::{Contents, MemStore};
use ltr_ports::store::{Resolved, Store};
use ltr_project::{Config, ProjectError, Until};
use ltr_proto::codec::{self, LogEntry, PolicyAdopted};
use ltr_proto::digest::content_digest;
use ltr_proto::record::Certainty;
use ltr_proto::subject::Subject;
use ltr_proto::view;

use crate::life::{choice, event, known_to_trs, linked, ordinary, person, to};
use crate::world::{World, at, get, get_as_of};

/// The first version with changes, as the next one: induction counts for less, awards are contested later, and Register
/// settles training from the census on.
fn second() -> String {
    let first = ltr_policy::FIRST;
    let counted = "windows = [\"census_to_sign_off\"]\nsources = [\"register\", \"trs\"]\n";
    assert!(first.contains(counted));
    first
        .replace("version = 1", "version = 2")
        .replace(counted, &format!("{counted}settles = \"register\"\n"))
        .replace("induction_recent_years = 6", "induction_recent_years = 3")
        .replace("award_contested_days = 14", "award_contested_days = 60")
}

fn parsed(text: &str) -> Policy {
    ltr_policy::parse(text).unwrap().policy
}

/// Publishes an adoption, and says at which sequence.
async fn adopt(world: &World, known: &str, version: &str, text: &str) -> u64 {
    let adopted = PolicyAdopted {
        version: version.to_owned(),
        text: text.to_owned(),
        digest: content_digest(text.as_bytes()),
        previous: None,
        recorded_at: RecordedAt(at(known)),
    };
    let payload = codec::encode_policy_adopted(&adopted);
    world.publish(Stream::Events, Subject::Policy, payload).await;
    use ltr_ports::log::Log;
    world.log.facts(Stream::Events).await.unwrap().last_sequence
}

/// Numbers that look thrown, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn day(&mut self, from: Date, days: u64) -> Date {
        let days = i64::try_from(self.below(days)).unwrap();
        from.checked_add(jiff::Span::new().days(days)).unwrap()
    }
}

/// People in every window and on both sides of every threshold, known by 19 October 2026.
async fn people(world: &World, count: u64) {
    let mut dice = Dice(14);
    for number in 0..count {
        let known = "2026-10-19T06:00:00Z";
        let trn = format!("31{number:05}");
        match dice.below(4) {
            0 => {
                let record = RecordId::new(RecordKind::ApplyChoice, (500 + number).to_string());
                let on = dice.day(date(2026, 1, 5), 200);
                let recruited = vec![
                    event(Fact::RecruitedRecorded(to(ChoiceStatus::Recruited)), on),
                    event(Fact::CycleChanged(to(2026)), date(2026, 9, 1)),
                ];
                world.observe(known, &record, recruited).await;
            }
            1 | 2 => {
                let record = RecordId::new(RecordKind::RegisterTrainee, format!("slug{number}"));
                let start = dice.day(date(2026, 3, 1), 240);
                let mut events = vec![
                    event(Fact::TraineeRegistered(to(TraineeState::TrnReceived)), start),
                    event(Fact::StartConfirmed(to(CivilDate::Day(start))), start),
                ];
                if dice.below(2) == 0 {
                    events.push(event(linked(person(&trn)), start));
                    let awarded = dice.day(date(2026, 8, 20), 55);
                    let fact = Fact::AwardRecorded(to(TraineeState::Awarded));
                    events.push(event(fact, awarded.max(start)));
                    world.observe(known, &record, events).await;
                    known_to_trs(world, "2026-10-19T06:00:00Z", &trn).await;
                } else {
                    world.observe(known, &record, events).await;
                }
            }
            _ => {
                let held = dice.day(date(2018, 7, 1), 2_500);
                let induction = Induction {
                    status: InductionStatus::InProgress,
                    start_date: Stated::Value(CivilDate::Day(held)),
                    completed_date: Stated::Null,
                    exemption_reasons: Vec::new(),
                };
                let qts = HeldStatus {
                    holds_from: Stated::Value(CivilDate::Day(held)),
                    route_types: Vec::new(),
                };
                let events = vec![
                    event(Fact::TrnAllocated(to(Answer::Found)), held),
                    event(Fact::QualifiedStatusHeld(to(qts)), held),
                    event(Fact::InductionStarted(to(induction)), held),
                ];
                world.observe(known, &person(&trn), events).await;
            }
        }
    }
}

async fn project<S: Store>(world: &World, store: &S, people_max: u32) -> Result<(), ProjectError> {
    let config = Config {
        people_max,
        ..Config::default()
    };
    let never = std::future::pending();
    ltr_project::run(&config, &world.log, store, Until::Head, never, |_| {})
        .await
        .map(|_| ())
}

/// Everybody's record digest under a policy on a day, resolved from nothing but the stored history.
fn brute_force(contents: &Contents, policy: &Policy, day: Date) -> Vec<(PersonId, String)> {
    let digest = |person: &PersonId| {
        let folds: Vec<RecordFold> = contents.records_of[person]
            .iter()
            .filter_map(|record| {
                let mut fold: Option<RecordFold> = None;
                for entry in contents.history.get(record)? {
                    let LogEntry::Observation { observation, .. } = codec::decode(&entry.payload).unwrap()
                    else {
                        panic!("history holds observations");
                    };
                    let position = Position {
                        sequence: entry.sequence,
                        known_at: entry.known_at,
                    };
                    match &mut fold {
                        Some(fold) => fold.apply(&observation, position),
                        None => fold = Some(RecordFold::begin(&observation, position)),
                    }
                }
                fold
            })
            .collect();
        let folds: Vec<&RecordFold> = folds.iter().collect();
        view::teacher(*person, &teacher_at(&folds, policy, &Hearing::nothing(day), day)).record_digest
    };
    let people = contents.people.keys();
    people.map(|person| (*person, digest(person))).collect()
}

#[tokio::test]
async fn an_adoption_changes_exactly_those_whose_answers_differ() {
    let world = World::new(ClockKind::Simulated, "2026-01-01T00:00:00Z");
    people(&world, 150).await;
    world.project().await;
    let before = world.store.contents();
    let adoption = adopt(&world, "2026-10-20T09:00:00Z", "2", &second()).await;
    project(&world, &world.store, 1_000).await.unwrap();
    let after = world.store.contents();

    let day = date(2026, 10, 20);
    let (old, new) = (
        brute_force(&after, &Policy::first(), day),
        brute_force(&after, &parsed(&second()), day),
    );
    let differing: BTreeSet<PersonId> = old
        .iter()
        .zip(&new)
        .filter(|(old, new)| old != new)
        .map(|((person, _), _)| *person)
        .collect();
    assert!(
        differing.len() > 10 && differing.len() < after.people.len() - 10,
        "{} of {} differ",
        differing.len(),
        after.people.len()
    );
    let changes: Vec<_> = after.changes[before.changes.len()..].to_vec();
    let changed: Vec<PersonId> = changes.iter().map(|change| change.person).collect();
    assert_eq!(changed, differing.iter().copied().collect::<Vec<_>>());
    for (ordinal, change) in changes.iter().enumerate() {
        assert_eq!(
            (change.sequence, change.ordinal as usize, change.known_at.0),
            (adoption, ordinal, at("2026-10-20T09:00:00Z"))
        );
        let new = new.iter().find(|(person, _)| *person == change.person).unwrap();
        assert_eq!(ltr_proto::hex::encode(&change.digest), new.1);
        assert_eq!(after.people[&change.person].digest, change.digest);
    }
    for (person, row) in &after.people {
        assert_eq!(differing.contains(person), *row != before.people[person]);
    }
    let cursor = after.checkpoint.unwrap();
    assert_eq!(
        (cursor.sequence, cursor.policy.adoption, cursor.policy.resolved),
        (adoption, adoption, Resolved::Everybody)
    );

    // However small the steps, and whatever goes wrong between them, the same is in the store.
    let store = FaultyStore::scripted(
        MemStore::new(),
        (0..200).map(|step| match step % 5 {
            1 => Some(Fault::LostAcknowledgement),
            2 => Some(Fault::LostRequest),
            3 => Some(Fault::Failed),
            _ => None,
        }),
    );
    let mut again = 0;
    while project(&world, &store, 7).await.is_err() {
        again += 1;
    }
    assert!(again > 3, "it was broken off {again} times");
    let stepwise = store.inner().contents();
    assert_eq!(
        stepwise.changes[stepwise.changes.len() - changes.len()..],
        changes
    );
    assert_eq!(stepwise.people.len(), after.people.len());
    for (person, row) in &stepwise.people {
        if differing.contains(person) {
            assert_eq!(row, &after.people[person]);
        }
    }
    assert_eq!(stepwise.policies, after.policies);
    assert_eq!(stepwise.checkpoint, after.checkpoint);
}

#[tokio::test]
async fn what_is_no_next_policy_is_stepped_over() {
    let world = ordinary(ClockKind::Simulated).await;
    let text = second();
    let known = "2026-10-20T09:00:00Z";
    adopt(&world, known, "2", &text.replace("\"training\"", "\"teaching\"")).await;
    adopt(&world, known, "1", ltr_policy::FIRST).await;
    adopt(&world, known, "3", &text).await;
    world.project().await;
    assert_eq!(world.checkpoint().await.policy, Default::default());
    let good = adopt(&world, known, "2", &text).await;
    adopt(&world, known, "2", &text.replace("= 60", "= 90")).await;
    world.project().await;
    let cursor = world.checkpoint().await;
    assert_eq!(
        (cursor.policy.adoption, cursor.policy.resolved),
        (good, Resolved::Everybody)
    );
    let kept = world.store.policies().await.unwrap();
    assert_eq!(
        kept.iter()
            .map(|row| (row.version, &row.text))
            .collect::<Vec<_>>(),
        [(2, &text)]
    );
}

fn told(teacher: &ltr_proto::record::Teacher) -> (u32, Certainty) {
    let certainty = teacher.headline.as_ref().unwrap().certainty();
    (teacher.policy_version, certainty)
}

#[tokio::test]
async fn each_known_time_is_answered_under_the_policy_in_force_then() {
    let world = ordinary(ClockKind::Simulated).await;
    known_to_trs(&world, "2026-10-15T12:00:00Z", "3100009").await;
    world.project().await;
    let client = world.client().await;
    let (name, other) = ("teachers/3100001", "teachers/3100009");
    // Read before the adoption, so that what the service keeps is from before it.
    assert_eq!(told(&get(&client, name).await.unwrap()).0, 1);
    adopt(&world, "2026-10-20T09:00:00Z", "2", &second()).await;
    world.project().await;

    let present = get(&client, name).await.unwrap();
    assert_eq!(told(&present), (2, Certainty::Confirmed));
    assert_eq!(
        told(&get(&client, other).await.unwrap()).0,
        2,
        "also where nothing changed"
    );
    let day = "2026-10-20";
    for (known, expected) in [
        ("2026-10-20T08:59:59.999999Z", (1, Certainty::Provisional)),
        ("2026-10-20T09:00:00Z", (2, Certainty::Confirmed)),
    ] {
        let answer = get_as_of(&client, name, day, known).await.unwrap();
        assert_eq!(told(&answer), expected, "{known}");
    }
    let resolved = get_as_of(&client, name, day, "2026-10-20T09:00:00Z")
        .await
        .unwrap();
    assert_eq!(resolved.record_digest, present.record_digest);
}

#[tokio::test]
async fn no_view_of_the_policy_before_is_served_as_the_present() {
    let world = ordinary(ClockKind::Simulated).await;
    adopt(&world, "2026-10-20T09:00:00Z", "2", &second()).await;
    // Broken off after the adoption was committed, before anybody was resolved anew.
    let faults = [None, Some(Fault::Failed)];
    let store = FaultyStore::scripted(world.store.clone(), faults);
    project(&world, &store, 10).await.unwrap_err();
    assert_eq!(world.checkpoint().await.policy.resolved, Resolved::Nobody);
    let stale = world.store.contents();

    let client = world.client().await;
    let early = get(&client, "teachers/3100001").await.unwrap();
    assert_eq!(told(&early), (2, Certainty::Confirmed));
    world.project().await;
    assert_eq!(world.checkpoint().await.policy.resolved, Resolved::Everybody);
    let late = get(&client, "teachers/3100001").await.unwrap();
    assert_eq!(late.record_digest, early.record_digest);
    let person = world.person_of(&choice()).await;
    assert_ne!(stale.people[&person], world.store.contents().people[&person]);
}
