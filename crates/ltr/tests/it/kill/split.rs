//! The check itself, checked: a store that commits its cursor apart from its effects and crashes in between is found
//! out; one whose answers get lost, whatever became of the commit, is not.

use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_ports::store::Store;
use ltr_ports::store::faulty::{Fault, FaultyStore, SplitCommitStore};
use ltr_ports::store::mem::MemStore;
use ltr_project::{Config, Until};

use super::TAKEN_AT;
use super::outcome::Outcome;
use crate::dice::Dice;
use crate::load;
use crate::twin::{at, delivered};

const PEOPLE: u64 = 3_000;

/// Projects until the head is reached, started again after every failure.
async fn project(log: &MemLog, store: &impl Store) {
    let config = Config {
        batch_messages_max: 100,
        ..Config::default()
    };
    for _ in 0..100 {
        let run = ltr_project::run(&config, log, store, Until::Head, std::future::pending(), |_| {});
        if run.await.is_ok() {
            return;
        }
    }
    panic!("the head is never reached");
}

async fn loaded(dice: &mut Dice) -> (MemLog, Outcome) {
    let log = MemLog::new(ClockKind::Simulated, at(TAKEN_AT));
    delivered(&log, 1, TAKEN_AT, &load::people(dice, PEOPLE)).await;
    let store = MemStore::new();
    project(&log, &store).await;
    let expected = Outcome::of(&log, &store).await;
    assert_eq!(expected.records(), PEOPLE);
    (log, expected)
}

#[tokio::test]
async fn a_cursor_committed_apart_from_its_effects_is_found_out() {
    let mut dice = Dice::thrown("split commits");
    let (log, expected) = loaded(&mut dice).await;
    for _ in 0..10 {
        let crash = u32::try_from(dice.below(PEOPLE / 100)).unwrap();
        let split = SplitCommitStore::crashing_after(MemStore::new(), crash);
        project(&log, &split).await;
        let differences = expected.differences(&Outcome::of(&log, split.inner()).await);
        assert!(
            !differences.is_empty(),
            "a crash between cursor and effects of commit {crash} went unnoticed"
        );
    }
}

#[tokio::test]
async fn commits_whose_answers_are_lost_are_settled() {
    let mut dice = Dice::thrown("faulty commits");
    let (log, expected) = loaded(&mut dice).await;
    let faults = [
        Some(Fault::LostAcknowledgement),
        Some(Fault::LostRequest),
        Some(Fault::Failed),
        None,
    ];
    let script: Vec<Option<Fault>> = (0..60).map(|_| *dice.pick(&faults)).collect();
    let faulty = FaultyStore::scripted(MemStore::new(), script);
    project(&log, &faulty).await;
    let differences = expected.differences(&Outcome::of(&log, faulty.inner()).await);
    assert_eq!(differences, Vec::<String>::new());
}
