//! Each fault, switched on by itself and seen to strike.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::SignedDuration;
use ltr_domain::ids::CandidateId;
use ltr_upstreams::world::apply::ChoiceStatus;
use ltr_upstreams::{Extract, ExtractFeed, Fault, Faults, Service, World};
use serde_json::Value;

use crate::house::{Answer, House, instant};
use crate::people::{NORTH, NOW, SOUTH, THEN, candidate, choice, everybody};

fn house(fault: Fault) -> House {
    House::with(everybody(), NOW, Faults::new(3, [fault]))
}

const ALL: &str = "?updated_since=2020-01-01T00:00:00Z";

/// Asks the same a few hundred times and gives the answers.
async fn often(house: &House) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in 0..300 {
        answers.push(house.candidates(ALL).await);
    }
    answers
}

/// Moves the clock into the next spell of a fault at a service.
fn enter(house: &House, fault: Fault, service: Service) {
    let now = instant(NOW);
    let spell = house.upstreams.faults().next_spell(fault, service, now);
    house
        .clock
        .advance_to(spell.expect("a fault that comes in spells").from);
}

#[tokio::test]
async fn now_and_then_a_list_is_too_slow_or_a_service_fails() {
    for (fault, most) in [(Fault::SlowQuery, 40), (Fault::ServerErrors, 25)] {
        let answers = often(&house(fault)).await;
        let failed = answers
            .iter()
            .filter(|answer| answer.status.is_server_error())
            .count();
        assert!((1..most).contains(&failed), "{fault:?}: {failed}");
    }
}

#[tokio::test]
async fn now_and_then_a_body_is_cut_empty_or_begins_with_a_mark() {
    let is_json = |answer: &&Answer| serde_json::from_slice::<Value>(&answer.bytes).is_ok();
    for (fault, least, most) in [
        (Fault::TruncatedBody, 1, 30),
        (Fault::EmptyBody, 1, 30),
        (Fault::ByteOrderMark, 50, 150),
    ] {
        let answers = often(&house(fault)).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
        let broken = answers.len() - answers.iter().filter(is_json).count();
        assert!((least..most).contains(&broken), "{fault:?}: {broken}");
        if fault == Fault::ByteOrderMark {
            let marked = answers
                .iter()
                .filter(|answer| answer.bytes.starts_with(b"\xef\xbb\xbf"));
            assert_eq!(marked.count(), broken);
        }
    }
}

#[tokio::test]
async fn during_an_outage_nothing_is_answered_and_after_it_everything() {
    let house = house(Fault::Outage);
    enter(&house, Fault::Outage, Service::Register);
    let ask = async || house.register(NORTH, "/info").await.status;
    assert_eq!(ask().await, StatusCode::SERVICE_UNAVAILABLE);
    let begun = ltr_ports::clock::Clock::now(&*house.clock);
    house.clock.advance_to(begun + SignedDuration::from_hours(3));
    assert_eq!(ask().await, StatusCode::OK);
}

#[tokio::test]
async fn others_use_up_the_limit_for_a_while() {
    let house = house(Fault::TooManyRequests);
    enter(&house, Fault::TooManyRequests, Service::Register);
    let refused = house.register(NORTH, "/info").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "60");
    let begun = ltr_ports::clock::Clock::now(&*house.clock);
    house.clock.advance_to(begun + SignedDuration::from_mins(10));
    assert_eq!(house.register(NORTH, "/info").await.status, StatusCode::OK);
}

#[tokio::test]
async fn for_a_while_nobody_is_there() {
    let house = house(Fault::NotFound);
    enter(&house, Fault::NotFound, Service::Trs);
    let person = house.trs("20260120", "/v3/persons/9993000").await;
    assert_eq!(person.status, StatusCode::NOT_FOUND);
    let another = self::house(Fault::NotFound);
    enter(&another, Fault::NotFound, Service::Register);
    let list = another.register(NORTH, "/trainees?academic_cycle=2025").await;
    assert_eq!(list.json()["errors"][0]["message"], "No trainees found");
}

#[tokio::test]
async fn a_stale_replica_answers_as_of_twelve_hours_ago() {
    let faults = Faults::new(3, [Fault::StaleReplica]);
    let spell = faults
        .next_spell(Fault::StaleReplica, Service::Candidates, instant(NOW))
        .expect("a spell");
    let mut world = World::default();
    let put = |world: &mut World, hours: i64, status| {
        let at = spell.from - SignedDuration::from_hours(hours);
        let one = candidate(1, 2026, vec![choice(501, status, at)], at);
        world.apply.put(CandidateId(1), at, one);
    };
    put(&mut world, 24, ChoiceStatus::Offer);
    put(&mut world, 1, ChoiceStatus::Recruited);
    let before = (spell.from - SignedDuration::from_mins(1)).to_string();
    let house = House::with(world, &before, faults);
    let status = async || {
        let body = house.candidates("/C1").await.json();
        let form = &body["data"]["attributes"]["application_forms"][0];
        form["application_status"].as_str().map(ToOwned::to_owned)
    };
    assert_eq!(status().await.as_deref(), Some("recruited"));
    house.clock.advance_to(spell.from);
    assert_eq!(status().await.as_deref(), Some("awaiting_candidate_response"));
    house.clock.advance_to(spell.to);
    assert_eq!(status().await.as_deref(), Some("recruited"));
}

/// What a whole walk through the pages of a list finds.
async fn walk(house: &House) -> Vec<String> {
    let mut ids = Vec::new();
    for page in 1..=4 {
        let answer = house.candidates(&format!("{ALL}&per_page=4&page={page}")).await;
        ids.extend(answer.names("id"));
    }
    ids
}

#[tokio::test]
async fn pages_drift_so_that_rows_come_twice_or_not_at_all() {
    let house = house(Fault::DriftingPages);
    let mut walks = BTreeSet::new();
    for _ in 0..60 {
        walks.insert(walk(&house).await);
    }
    let distinct = |walk: &Vec<String>| walk.iter().collect::<BTreeSet<_>>().len();
    assert!(
        walks.iter().any(|walk| distinct(walk) < 16),
        "somebody was passed over"
    );
    assert!(
        walks.iter().any(|walk| distinct(walk) < walk.len()),
        "somebody came twice"
    );
    assert!(walks.iter().any(|walk| distinct(walk) == 16 && walk.len() == 16));
}

#[tokio::test]
async fn rows_come_twice_or_in_another_order() {
    let plain = House::new(everybody(), NOW).candidates(ALL).await.names("id");
    let doubled = often(&house(Fault::DuplicatedRows)).await;
    assert!(
        doubled
            .iter()
            .any(|answer| answer.names("id").len() == plain.len() + 1)
    );
    for answer in often(&house(Fault::ReorderedRows)).await.iter().take(20) {
        let mut ids = answer.names("id");
        let mut expected = plain.clone();
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected);
    }
    let reordered = often(&house(Fault::ReorderedRows)).await;
    assert!(reordered.iter().any(|answer| answer.names("id") != plain));
}

#[tokio::test]
async fn for_a_day_a_list_ends_in_the_middle_or_has_nobody() {
    let short = house(Fault::ShortList);
    enter(&short, Fault::ShortList, Service::Register);
    let listed = async |house: &House| house.register(NORTH, "/trainees?academic_cycle=2025").await;
    let half = listed(&short).await;
    assert_eq!(
        (
            half.names("trainee_id").len(),
            &half.json()["meta"]["total_count"]
        ),
        (3, &Value::from(3))
    );
    let empty = house(Fault::EmptyList);
    enter(&empty, Fault::EmptyList, Service::Register);
    assert_eq!(listed(&empty).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn some_rows_have_for_a_week_a_word_that_nobody_knows() {
    let mut world = World::default();
    let at = instant(NOW);
    for number in 1..=400 {
        let one = choice(number, ChoiceStatus::Offer, at);
        world
            .apply
            .put(CandidateId(number), at, candidate(number, 2026, vec![one], at));
    }
    let house = House::with(world, NOW, Faults::new(3, [Fault::UnknownWord]));
    let unknown = async || {
        let body = String::from_utf8(house.candidates(ALL).await.bytes).expect("UTF-8");
        body.matches("under_review").count()
    };
    let now = unknown().await;
    assert!((2..30).contains(&now), "{now}");
    assert_eq!(unknown().await, now);
}

#[tokio::test]
async fn instants_are_written_in_several_ways_and_mean_the_same() {
    let mut written = BTreeSet::new();
    for answer in often(&house(Fault::MixedInstants)).await {
        let at = &answer.json()["data"][0]["attributes"]["updated_at"];
        written.insert(at.as_str().expect("a text").to_owned());
    }
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(written.iter().all(|at| instant(at) == instant(THEN)));
}

#[tokio::test]
async fn rows_grow_a_field_and_lose_one() {
    let text = async |fault| {
        let answer = house(fault).candidates(ALL).await;
        String::from_utf8(answer.bytes).expect("UTF-8")
    };
    assert!(text(Fault::UnknownField).await.contains("contact_preference"));
    let [absent, plain] = [text(Fault::AbsentFields).await, text(Fault::Outage).await];
    assert!(absent.matches("\"submitted_at\"").count() < plain.matches("\"submitted_at\"").count());
}

#[tokio::test]
async fn all_rows_are_touched_at_once_though_nothing_has_changed() {
    let house = house(Fault::BulkTouch);
    let spell = house
        .upstreams
        .faults()
        .next_spell(Fault::BulkTouch, Service::Candidates, instant(NOW))
        .expect("a spell");
    let since = spell.from - SignedDuration::from_secs(1);
    let listed = async || {
        house
            .candidates(&format!("?updated_since={since}"))
            .await
            .names("id")
            .len()
    };
    house.clock.advance_to(since);
    assert_eq!(listed().await, 0);
    house.clock.advance_to(spell.from);
    assert_eq!(listed().await, 16);
}

#[tokio::test]
async fn one_extract_in_some_is_torn() {
    let house = house(Fault::TornExtract);
    let folder = tempfile::tempdir().expect("a folder");
    let mut torn = 0;
    for hour in 0..40 {
        house
            .clock
            .advance_to(instant(NOW) + SignedDuration::from_hours(hour));
        let path = house
            .upstreams
            .write_extract(folder.path(), ExtractFeed::JobApplications, Extract::Complete)
            .expect("the extract is written");
        let text = std::fs::read_to_string(path).expect("the extract can be read");
        torn += usize::from(!text.ends_with('\n'));
    }
    assert!((1..20).contains(&torn), "{torn}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answers() {
    let answers = async |seed| {
        let house = House::with(everybody(), NOW, Faults::parse(seed, "all").expect("faults"));
        let mut bodies = Vec::new();
        for _ in 0..50 {
            let answer = house.candidates(ALL).await;
            bodies.push((answer.status, answer.bytes));
        }
        bodies
    };
    assert_eq!(answers(1).await, answers(1).await);
    assert_ne!(answers(1).await, answers(2).await);
}

#[tokio::test]
async fn which_token_asks_first_decides_nothing() {
    let statuses = async |order: [&str; 2]| {
        let house = house(Fault::ServerErrors);
        let mut statuses = std::collections::BTreeMap::<String, Vec<u16>>::new();
        for _ in 0..45 {
            for provider in order {
                let status = house.register(provider, "/info").await.status.as_u16();
                statuses.entry(provider.to_owned()).or_default().push(status);
            }
        }
        statuses
    };
    let [forth, back] = [statuses([NORTH, SOUTH]).await, statuses([SOUTH, NORTH]).await];
    assert_eq!(forth, back);
    assert!(forth.values().flatten().any(|status| *status != 200));
}
