//! Answers that time or something heard has changed: who is due is resolved anew while nothing waits, once, and told as a
//! change; and it does not matter when the log was projected.

use ltr_domain::ids::Feed;
use ltr_domain::policy::Policy;
use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_ports::store::mem::MemStore;
use ltr_ports::store::{PersonRow, Store};
use ltr_project::{Config, Until, calendar};
use serde_json::{Value, json};

use crate::twin::{at, delivered_by};

const SCOPE: &[(&str, &str)] = &[("provider", "10000571"), ("cycle", "2026")];

fn candidate(number: u64, choice: u64) -> Value {
    let updated_at = "2026-06-01T10:00:00Z";
    json!({ "id": format!("C{number}"), "attributes": { "updated_at": updated_at, "application_forms": [{
        "id": number, "recruitment_cycle_year": 2026, "application_choices": { "data": [{
            "id": choice, "status": "recruited", "updated_at": updated_at, "accepted_at": updated_at,
            "provider": { "name": "Example Valley Training Partnership" } }] } }] } })
}

fn trainee(slug: &str, application: u64) -> Value {
    json!({ "trainee_id": slug, "state": "submitted_for_trn", "application_id": application, "ukprn": "10000571",
        "submitted_for_trn_at": "2026-09-18T08:00:00.000Z", "itt_start_date": "2026-09-01",
        "trainee_start_date": "2026-09-03", "trn": null })
}

async fn project(log: &MemLog, store: &MemStore) {
    let config = Config::default();
    ltr_project::run(&config, log, store, Until::Head, std::future::pending(), |_| {})
        .await
        .unwrap();
}

async fn sweep(log: &MemLog, number: u128, taken_at: &str) {
    let feed = Feed::RegisterTrainees;
    delivered_by(log, feed, SCOPE, number, taken_at, &[trainee("slug2", 602)]).await;
}

async fn advance(log: &MemLog, from: &str, to: &str) {
    calendar::advance(log, &Policy::first().calendar, Some(at(from)), at(to))
        .await
        .unwrap();
}

/// The stages of the two, the no-show first, and how many changes were told.
fn told(store: &MemStore) -> (Vec<String>, usize) {
    let contents = store.contents();
    let mut rows: Vec<&PersonRow> = contents.people.values().collect();
    rows.sort_by_key(|row| row.stage == "in_training");
    let stages = rows.iter().map(|row| row.stage.clone()).collect();
    let mut places: Vec<_> = contents
        .changes
        .iter()
        .map(|change| (change.sequence, change.ordinal))
        .collect();
    assert!(places.is_sorted(), "the watch is ordered");
    places.dedup();
    assert_eq!(
        places.len(),
        contents.changes.len(),
        "and every place is one change's"
    );
    (stages, places.len())
}

fn stages(one: &str, two: &str) -> Vec<String> {
    vec![one.to_owned(), two.to_owned()]
}

#[tokio::test]
async fn who_is_due_is_resolved_anew_once_and_told() {
    let log = MemLog::new(ClockKind::Simulated, jiff::Timestamp::UNIX_EPOCH);
    let store = MemStore::new();
    let rows = [candidate(1, 601), candidate(2, 602)];
    delivered_by(&log, Feed::ApplyCandidates, &[], 1, "2026-06-01T18:00:00Z", &rows).await;
    project(&log, &store).await;
    assert_eq!(told(&store), (stages("recruited", "recruited"), 2));

    // Time alone.
    advance(&log, "2026-06-01T18:00:00Z", "2026-09-10T09:00:00Z").await;
    project(&log, &store).await;
    assert_eq!(told(&store), (stages("start_unknown", "start_unknown"), 4));
    project(&log, &store).await;
    assert_eq!(told(&store).1, 4, "once is enough");

    // Something heard: the other one turns up, and then Register speaks after the no-show date.
    sweep(&log, 2, "2026-09-21T06:00:00Z").await;
    project(&log, &store).await;
    assert_eq!(told(&store), (stages("start_unknown", "in_training"), 5));
    advance(&log, "2026-09-21T06:00:00Z", "2026-12-15T01:00:00Z").await;
    project(&log, &store).await;
    let (before, changes) = told(&store);
    assert_eq!(before, stages("start_unknown", "in_training"));
    // An empty sweep is held, and is nobody's silence.
    let register = Feed::RegisterTrainees;
    delivered_by(&log, register, SCOPE, 9, "2026-12-15T05:00:00Z", &[]).await;
    project(&log, &store).await;
    assert_eq!(told(&store), (before, changes));
    let held = store.deliveries(1).await.unwrap().remove(0);
    assert!(held.held.is_some() && held.closed_at.is_none());
    sweep(&log, 3, "2026-12-15T06:00:00Z").await;
    project(&log, &store).await;
    assert_eq!(
        told(&store),
        (stages("left_before_start", "in_training"), changes + 1)
    );
    let today = jiff::civil::date(2026, 12, 15);
    let due = store.due(today, 10, 0).await.unwrap();
    assert_eq!(due.people, [], "nobody is left over");

    // A store that is projected at one go believes and has heard the same.
    let other = MemStore::new();
    project(&log, &other).await;
    let (one, two) = (store.contents(), other.contents());
    assert_eq!(one.people, two.people);
    assert_eq!(one.listened, two.listened);

    // Nor does it matter what the projector remembers from one batch to the next.
    let forgetful = Config {
        batch_messages_max: 1,
        records_kept_max: 0,
        ..Config::default()
    };
    let other = MemStore::new();
    ltr_project::run(
        &forgetful,
        &log,
        &other,
        Until::Head,
        std::future::pending(),
        |_| {},
    )
    .await
    .unwrap();
    assert_eq!(one.listened, other.contents().listened);
    let (name, turnout) = one.listened.turnouts.last_key_value().unwrap();
    assert_eq!((name.1, turnout.recruits, turnout.turned_up), (2026, 2, 1));
}
