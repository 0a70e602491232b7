//! What becomes of what could not be read at once: it comes back, and a run until nothing is due ends with all of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ltr_connect::http::HttpError;
use ltr_connect::secret::Secret;
use ltr_connect::{Supervisor, Worker, trs};
use ltr_domain::ids::{Feed, Trn};
use ltr_ports::log::mem::MemLog;
use ltr_ports::next_runs::NextRuns;
use ltr_ports::next_runs::mem::MemNextRuns;
use ltr_ports::rereads::{LEASE, Reread, Urgency};
use serde_json::json;

use crate::house::{House, Service, at, response};

const BEGINNING: &str = "2026-10-14T06:00:00Z";

fn trn(path: &str) -> String {
    let digits = path.chars().filter(char::is_ascii_digit);
    digits.skip(1).take(7).collect()
}

/// TRS, which nobody reaches before `from`.
fn service(house: &House, from: Timestamp) -> Service {
    Service::new(house, move |request, now| {
        if now < from {
            return Err(HttpError::Refused("nobody there".into()));
        }
        let person = json!({ "trn": trn(&request.path), "firstName": "Ada", "lastName": "Testcase" });
        Ok(response(200, person.to_string()))
    })
}

fn worker(house: &House, service: &Service, answers: usize) -> Box<dyn Worker<MemLog>> {
    let caller = house.means.caller(Arc::new(service.clone()), trs::limit());
    let settings = trs::Settings {
        answers_per_delivery: answers,
        ..trs::Settings::default()
    };
    let rereads = Arc::clone(&house.means.rereads);
    Box::new(trs::Persons::new(caller, Secret::new("key"), rereads, settings))
}

async fn hint(house: &House, count: u32) {
    let hints = (0..count).map(|number| Reread {
        trn: Trn::parse(&format!("{:07}", 3_100_001 + number)).unwrap(),
        urgency: Urgency::Hint,
        asked_at: house.now(),
    });
    house.means.rereads.add(hints.collect()).await.unwrap();
}

async fn persons(house: &House) -> usize {
    house.states().await.len()
}

#[tokio::test]
async fn hints_that_were_taken_and_not_read_are_read_once_they_are_back() {
    let house = House::at(BEGINNING);
    let service = service(&house, at("2026-10-14T06:06:00Z"));
    let mut supervisor = house.supervisor(vec![worker(&house, &service, 400)]);
    hint(&house, 3).await;
    let outcomes = supervisor.run_due().await.unwrap();
    assert_eq!(outcomes[0].failures.len(), 1);
    assert_eq!(house.means.rereads.waiting().await.unwrap(), 0, "all are taken");
    let due = supervisor.next_due().await.unwrap().unwrap();
    assert!(
        due > house.now() && due <= house.now() + LEASE + SignedDuration::from_mins(1),
        "{due}"
    );
    while persons(&house).await < 3 {
        let due = supervisor.next_due().await.unwrap().unwrap();
        assert!(due < at("2026-10-14T07:00:00Z"));
        house.clock.advance_to(due);
        supervisor.run_due().await.unwrap();
    }
}

#[tokio::test]
async fn a_run_until_nothing_is_due_reads_whatever_waits() {
    let house = House::at(BEGINNING);
    let service = service(&house, at(BEGINNING));
    let mut supervisor = house.supervisor(vec![worker(&house, &service, 10)]);
    hint(&house, 35).await;
    let mut rows = Vec::new();
    supervisor
        .run_until_idle(|outcome| rows.push(outcome.unwrap().counts.rows))
        .await;
    assert_eq!(rows, [10, 10, 10, 5]);
    assert_eq!(persons(&house).await, 35);
    let mut more = 0;
    supervisor.run_until_idle(|_| more += 1).await;
    assert_eq!(more, 0);
}

#[tokio::test]
async fn when_a_feed_is_read_next_is_told() {
    let house = House::at(BEGINNING);
    let service = service(&house, at(BEGINNING));
    hint(&house, 1).await;
    let next_runs = Arc::new(MemNextRuns::default());
    let mut shared = house.shared();
    shared.next_runs = next_runs.clone();
    let supervisor = Supervisor::new(Arc::new(shared), vec![worker(&house, &service, 10)]);
    let told = async {
        loop {
            if let Some(at) = next_runs.told().await.unwrap().get(&Feed::TrsPersons) {
                return *at;
            }
            tokio::task::yield_now().await;
        }
    };
    let (ended, stopped) = tokio::sync::oneshot::channel();
    let telling = async {
        let _ = ended.send(told.await);
    };
    let running = supervisor.run(telling, |outcome| assert!(outcome.unwrap().failures.is_empty()));
    running.await;
    let at = stopped.await.unwrap();
    assert!(at > BEGINNING.parse().unwrap(), "{at}");
}
