//! Register: whose trainees a token sees, which cycle, what `since` sees and what it is blind to.

use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use ltr_domain::ids::Feed;
use ltr_upstreams::world::register::{Placement, TraineeState};
use ltr_upstreams::{Faults, World};
use serde_json::json;

use crate::house::{House, instant};
use crate::people::{NORTH, NOW, SOUTH, everybody, trainee};

#[tokio::test]
async fn a_list_hides_drafts_and_says_in_its_meta_what_it_is() {
    let house = House::new(everybody(), NOW);
    let page = house
        .register(NORTH, "/trainees?academic_cycle=2025&per_page=4&page=2")
        .await;
    assert_eq!(page.names("trainee_id").len(), 2);
    let meta = json!({ "current_page": 2, "total_pages": 2, "total_count": 6, "per_page": 4 });
    assert_eq!(page.json()["meta"], meta);
    let draft = house.register(NORTH, "/trainees/trainee-draft").await;
    assert_eq!(draft.status, StatusCode::NOT_FOUND);
    // The current cycle, where none is asked for: it is June, so the year before.
    assert_eq!(
        house.register(NORTH, "/trainees").await.names("trainee_id").len(),
        6
    );
}

#[tokio::test]
async fn a_list_without_rows_is_a_404() {
    let house = House::new(everybody(), NOW);
    for (provider, path) in [
        (NORTH, "/trainees?academic_cycle=2024"),
        (NORTH, "/trainees?academic_cycle=2025&page=9"),
        (SOUTH, "/trainees?academic_cycle=2025"),
    ] {
        let nobody = house.register(provider, path).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        let told = json!({ "errors": [{ "error": "NotFound", "message": "No trainees found" }] });
        assert_eq!(nobody.json(), told);
    }
}

#[tokio::test]
async fn a_status_narrows_a_list() {
    let house = House::new(everybody(), NOW);
    let listed = async |status: &str| {
        let path = format!("/trainees?academic_cycle=2025&sort_order=asc&status={status}");
        let mut names = house.register(NORTH, &path).await.names("trainee_id");
        names.sort();
        names
    };
    assert_eq!(listed("deferred").await, ["trainee-deferred"]);
    assert_eq!(
        listed("in_training").await,
        [
            "trainee-recommended_for_award",
            "trainee-submitted_for_trn",
            "trainee-trn_received"
        ]
    );
}

#[tokio::test]
async fn since_takes_the_day_of_an_instant_and_is_blind_to_placements() {
    let mut world = World::default();
    let [first, second] = [instant("2026-05-01T10:00:00Z"), instant("2026-05-03T10:00:00Z")];
    let mut one = trainee(NORTH, TraineeState::TrnReceived);
    world.register.put("slug".into(), first, one.clone());
    one.placements.push(Placement {
        id: "placement".into(),
        urn: None,
        name: "Made-up School".into(),
    });
    world.register.put_blind("slug".into(), second, one);
    let house = House::new(world, NOW);
    let listed = async |since: &str| {
        let path = format!("/trainees?academic_cycle=2025&since={since}");
        house.register(NORTH, &path).await.status == StatusCode::OK
    };
    assert!(listed("2026-05-01").await);
    assert!(listed("2026-05-01T23:00:00Z").await);
    assert!(!listed("2026-05-02").await);
    let swept = house
        .register(NORTH, "/trainees?academic_cycle=2025")
        .await
        .json();
    assert_eq!(swept["data"][0]["placements"][0]["placement_id"], "placement");
    assert_eq!(swept["data"][0]["updated_at"], "2026-05-01T10:00:00.000Z");
}

#[tokio::test]
async fn a_trainee_who_moves_changes_token_and_with_the_fault_is_under_both_for_two_days() {
    let mut world = World::default();
    let moved_at = instant("2026-05-03T10:00:00Z");
    world.register.put(
        "slug".into(),
        instant("2026-05-01T10:00:00Z"),
        trainee(NORTH, TraineeState::TrnReceived),
    );
    world
        .register
        .put("slug".into(), moved_at, trainee(SOUTH, TraineeState::TrnReceived));
    let seen = async |house: &House| {
        let mut by = Vec::new();
        for provider in [NORTH, SOUTH] {
            by.push(house.register(provider, "/trainees/slug").await.status == StatusCode::OK);
        }
        by
    };
    let plain = House::new(world.clone(), "2026-05-02T10:00:00Z");
    assert_eq!(seen(&plain).await, [true, false]);
    plain.clock.advance_to(moved_at);
    assert_eq!(seen(&plain).await, [false, true]);

    let faults = Faults::parse(1, "moved-twice").expect("a fault that there is");
    let faulty = House::with(world, "2026-05-04T10:00:00Z", faults);
    assert_eq!(seen(&faulty).await, [true, true]);
    faulty.clock.advance_to(instant("2026-05-05T10:00:01Z"));
    assert_eq!(seen(&faulty).await, [false, true]);
}

#[tokio::test]
async fn who_was_discarded_is_gone_without_a_word() {
    let mut world = World::default();
    world.register.put(
        "slug".into(),
        instant("2026-05-01T10:00:00Z"),
        trainee(NORTH, TraineeState::TrnReceived),
    );
    world
        .register
        .take_away("slug".into(), instant("2026-05-03T10:00:00Z"));
    let house = House::new(world, "2026-05-03T09:59:59Z");
    assert_eq!(
        house.register(NORTH, "/trainees/slug").await.status,
        StatusCode::OK
    );
    house.clock.advance_to(instant("2026-05-03T10:00:00Z"));
    assert_eq!(
        house.register(NORTH, "/trainees/slug").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_cycle_is_that_of_the_confirmed_start() {
    let mut world = World::default();
    let mut late = trainee(NORTH, TraineeState::TrnReceived);
    late.itt_start_date = Some(date(2025, 7, 31));
    world
        .register
        .put("planned".into(), instant("2026-05-01T10:00:00Z"), late.clone());
    late.trainee_start_date = Some(date(2025, 8, 1));
    world
        .register
        .put("confirmed".into(), instant("2026-05-01T10:00:00Z"), late);
    let house = House::new(world, NOW);
    let listed = async |cycle: &str| {
        let path = format!("/trainees?academic_cycle={cycle}");
        house.register(NORTH, &path).await.names("trainee_id")
    };
    assert_eq!(listed("2024").await, ["planned"]);
    assert_eq!(listed("2025").await, ["confirmed"]);
}

#[tokio::test]
async fn a_token_is_good_for_one_provider_only() {
    let house = House::new(everybody(), NOW);
    for token in ["Bearer made-up", "Bearer register.10000001.0000000000000000"] {
        let answer = house
            .send("/api/v2026.1/trainees", &[("authorization", token)])
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json(), json!({ "error": "Unauthorized" }));
    }
}

#[tokio::test]
async fn pages_drift_while_rows_change() {
    let mut world = World::default();
    let at = |minute: i64| instant(NOW) + SignedDuration::from_mins(minute);
    for (slug, minute) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        world
            .register
            .put(slug.into(), at(minute), trainee(NORTH, TraineeState::TrnReceived));
    }
    world
        .register
        .put("a".into(), at(10), trainee(NORTH, TraineeState::Deferred));
    let house = House::new(world, NOW);
    house.clock.advance_to(at(5));
    let page = async |number: u8| {
        let path = format!("/trainees?academic_cycle=2025&per_page=2&page={number}");
        house.register(NORTH, &path).await.names("trainee_id")
    };
    assert_eq!(page(1).await, ["d", "c"]);
    house.clock.advance_to(at(10));
    // Who changed meanwhile has moved to the page that was read already.
    assert_eq!(page(2).await, ["c", "b"]);
    assert_eq!(page(1).await, ["a", "d"]);
}

#[tokio::test]
async fn a_life_may_have_a_word_or_a_field_that_no_specification_knows() {
    let mut world = World::default();
    let mut one = trainee(NORTH, TraineeState::Other("paused".into()));
    one.extra = vec![("mentor_name".into(), "Somebody".into())];
    world
        .register
        .put("slug".into(), instant("2026-05-01T10:00:00Z"), one);
    let house = House::new(world, NOW);
    let row = house.register(NORTH, "/trainees/slug").await.json();
    assert_eq!(
        (&row["state"], &row["mentor_name"]),
        (&json!("paused"), &json!("Somebody"))
    );
    let mapped = ltr_sources::map_row(Feed::RegisterTrainees, &row).expect("a row without a defect");
    assert_eq!(mapped.unknown_fields, ["mentor_name"]);
}
