//! Register: sweeps, changes, limits, and what is concluded from answers that are not whole.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use ltr_connect::http::{HttpError, Request, Response};
use ltr_connect::register::{self, ProviderToken, Settings, Trainees};
use ltr_connect::secret::Secret;
use ltr_domain::delivery::{Completeness, DeliveryStep};
use ltr_domain::ids::Ukprn;
use ltr_proto::codec::LogEntry;
use serde_json::{Value, json};

use crate::house::{House, Service, at, query, response, run_well};

type Rows = Arc<Mutex<Vec<(Timestamp, Value)>>>;

fn trainee(number: u32, state: &str) -> Value {
    json!({
        "trainee_id": format!("slug-{number}"), "state": state, "ukprn": "10000571", "trn": format!("{:07}", 3_100_000 + number),
        "first_names": "Ada", "last_name": "Example", "itt_start_date": "2026-09-07", "placements": [],
    })
}

fn rows(count: u32) -> Rows {
    let row = |number| (at("2026-10-01T00:00:00Z"), trainee(number, "trn_received"));
    Arc::new(Mutex::new((1..=count).map(row).collect()))
}

/// Pages as Register gives them: the latest change first, a 404 where there is nothing.
fn page(rows: &Rows, request: &Request) -> Response {
    let path = &request.path;
    let number: usize = query(path, "page").unwrap().parse().unwrap();
    let per_page: usize = query(path, "per_page").unwrap().parse().unwrap();
    let since = query(path, "since").map(|since| at(&since));
    let is_year = query(path, "academic_cycle").as_deref() == Some("2026");
    let mut rows = rows.lock().unwrap().clone();
    rows.retain(|(changed, _)| is_year && since.is_none_or(|since| *changed >= since));
    rows.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
    let total = rows.len();
    let data: Vec<_> = rows
        .into_iter()
        .skip((number - 1) * per_page)
        .take(per_page)
        .map(|(_, row)| row)
        .collect();
    if data.is_empty() {
        let none = json!({ "errors": [{ "error": "NotFound", "message": "No trainees found" }] });
        return response(404, none.to_string());
    }
    let meta = json!({ "current_page": number, "total_pages": total.div_ceil(per_page), "total_count": total, "per_page": per_page });
    response(200, json!({ "data": data, "meta": meta }).to_string())
}

fn worker(house: &House, service: &Service) -> Box<Trainees> {
    let caller = house.means.caller(Arc::new(service.clone()), register::limit());
    let token = ProviderToken {
        provider: Ukprn::parse("10000571").unwrap(),
        token: Secret::new("the-token"),
    };
    let settings = Settings {
        per_page: 10,
        ..Settings::default()
    };
    Box::new(Trainees::new(caller, vec![token], settings))
}

async fn sweeps(house: &House) -> Vec<(Option<String>, Completeness)> {
    let entries = house.entries().await;
    let opened = entries.into_iter().filter_map(|entry| match entry {
        LogEntry::Feed(message) => match message.step {
            DeliveryStep::Opened {
                scope, completeness, ..
            } => Some((scope.get("cycle").cloned(), completeness)),
            DeliveryStep::PageRecorded(_)
            | DeliveryStep::Closed { .. }
            | DeliveryStep::Held(_)
            | DeliveryStep::Decided(_)
            | DeliveryStep::Released(_) => None,
        },
        _ => None,
    });
    opened.collect()
}

#[tokio::test]
async fn everybody_is_swept_first_then_changes_are_asked_for_and_an_unchanged_sweep_writes_nothing() {
    let house = House::at("2026-10-14T06:00:00Z");
    let rows = rows(25);
    let served = Arc::clone(&rows);
    let service = Service::new(&house, move |request, _| Ok(page(&served, request)));
    let mut supervisor = house.supervisor(vec![worker(&house, &service)]);
    let first = run_well(&mut supervisor).await;
    assert_eq!((first[0].counts.observations, first[0].deliveries), (25, 4));
    // Of a year that never had anybody a 404 proves nothing.
    for (year, completeness) in sweeps(&house).await {
        let is_2026 = year.as_deref() == Some("2026");
        assert_eq!(completeness == Completeness::Complete, is_2026, "{year:?}");
    }

    // An hour later one has changed and the rest is not read.
    let next = supervisor.next_due().await.unwrap().unwrap();
    assert!(
        next.duration_since(at("2026-10-14T07:00:00Z")) < SignedDuration::from_mins(1),
        "{next}"
    );
    rows.lock().unwrap()[7] = (at("2026-10-14T06:30:00Z"), trainee(8, "withdrawn"));
    house.clock.advance_to(at("2026-10-14T07:05:00Z"));
    let second = run_well(&mut supervisor).await;
    assert_eq!((second[0].counts.rows, second[0].counts.observations), (1, 1));

    // The next morning everybody again: a change that `since` is blind to is found, and nothing else is written.
    rows.lock().unwrap()[3].1["placements"] = json!([{ "placement_id": "p1", "urn": "111111" }]);
    house.clock.advance_to(at("2026-10-15T04:00:00Z"));
    let third = run_well(&mut supervisor).await;
    assert_eq!((third[0].counts.rows, third[0].counts.observations), (25, 1));
    house.clock.advance_to(at("2026-10-16T04:00:00Z"));
    let fourth = run_well(&mut supervisor).await;
    assert_eq!(
        (fourth[0].counts.unchanged, fourth[0].counts.observations),
        (25, 0)
    );
}

#[tokio::test]
async fn a_connector_that_starts_again_goes_on_from_the_log() {
    let house = House::at("2026-10-14T06:00:00Z");
    let rows = rows(25);
    let service = Service::new(&house, move |request, _| Ok(page(&rows, request)));
    run_well(&mut house.supervisor(vec![worker(&house, &service)])).await;
    let asked = service.asked.lock().unwrap().len();
    let mut again = house.supervisor(vec![worker(&house, &service)]);
    assert_eq!(again.run_due().await.unwrap(), []);
    house.clock.advance_to(at("2026-10-14T08:00:00Z"));
    run_well(&mut again).await;
    let asked: Vec<_> = service.asked.lock().unwrap()[asked..].to_vec();
    assert!(
        asked
            .iter()
            .all(|(_, path)| path.contains("since=2026-10-14T05:45:")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_trainee_who_leaves_during_a_sweep_hides_nobody() {
    let house = House::at("2026-10-14T06:00:00Z");
    let (rows, asked) = (rows(35), AtomicU32::new(0));
    let service = Service::new(&house, move |request, _| {
        // After the first page is read one of its trainees is discarded: everybody behind moves up by one.
        if query(&request.path, "academic_cycle").as_deref() == Some("2026")
            && asked.fetch_add(1, Ordering::Relaxed) == 1
        {
            rows.lock().unwrap().remove(0);
        }
        Ok(page(&rows, request))
    });
    run_well(&mut house.supervisor(vec![worker(&house, &service)])).await;
    assert_eq!(house.states().await.len(), 34);
}

#[tokio::test]
async fn a_429_is_obeyed_and_what_is_cut_off_concludes_nothing() {
    let house = House::at("2026-10-14T06:00:00Z");
    let (rows, asked) = (rows(25), AtomicU32::new(0));
    let service = Service::new(&house, move |request, _| {
        let mut answer = page(&rows, request);
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => {
                answer = response(429, "");
                answer.headers.insert("retry-after".to_owned(), "42".to_owned());
            }
            2 => answer.body.truncate(answer.body.len() / 2),
            3 => return Err(HttpError::Timeout(std::time::Duration::from_secs(30))),
            _ => {}
        }
        Ok(answer)
    });
    let outcomes = run_well(&mut house.supervisor(vec![worker(&house, &service)])).await;
    assert_eq!(outcomes[0].counts.observations, 25);
    let asked = service.asked.lock().unwrap().clone();
    assert_eq!(asked[1].0, at("2026-10-14T06:00:42Z"));
}

#[tokio::test]
async fn a_token_that_has_run_out_stops_its_provider_alone_and_is_never_told() {
    let house = House::at("2026-10-14T06:00:00Z");
    let rows = rows(5);
    let service = Service::new(&house, move |request, _| {
        let is_known = format!("{:?}", request.bearer) == "Some(Secret(..))";
        assert!(is_known, "a token shows nothing of itself");
        Ok(match query(&request.path, "academic_cycle").as_deref() {
            Some("2025") => response(401, r#"{"error":"Unauthorized"}"#),
            _ => page(&rows, request),
        })
    });
    let mut supervisor = house.supervisor(vec![worker(&house, &service)]);
    let outcomes = supervisor.run_due().await.unwrap();
    assert_eq!((outcomes[0].deliveries, outcomes[0].counts.observations), (3, 5));
    let failed = &outcomes[0].failures[0];
    assert_eq!(failed.part, "provider 10000571, cycle 2025");
    assert!(failed.reason.contains("answers 401"), "{}", failed.reason);
    assert!(!format!("{outcomes:?}").contains("the-token"));
    assert_eq!(failed.again_at, house.now() + SignedDuration::from_mins(1));
}

#[tokio::test]
async fn an_outage_of_three_hours_is_caught_up_without_a_hand() {
    let house = House::at("2026-10-14T06:00:00Z");
    let rows = rows(25);
    let served = Arc::clone(&rows);
    let service = Service::new(&house, move |request, now| {
        if (at("2026-10-14T07:30:00Z")..at("2026-10-14T10:30:00Z")).contains(&now) {
            return Err(HttpError::Refused("nobody there".into()));
        }
        Ok(page(&served, request))
    });
    let mut supervisor = house.supervisor(vec![worker(&house, &service)]);
    run_well(&mut supervisor).await;
    let changed = (at("2026-10-14T07:40:00Z"), trainee(8, "deferred"));
    while house.now() < at("2026-10-14T12:00:00Z") {
        let due = supervisor.next_due().await.unwrap().unwrap();
        house.clock.advance_to(due);
        if house.now() > changed.0 {
            rows.lock().unwrap()[7] = changed.clone();
        }
        supervisor.run_due().await.unwrap();
    }
    let states = house.states().await;
    let state = states
        .iter()
        .find(|(record, _)| &*record.key == "slug-8")
        .unwrap()
        .1;
    assert!(state.contains("Deferred"), "{state}");
}
