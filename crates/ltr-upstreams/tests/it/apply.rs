//! Apply: paging, scope, what `updated_since` sees, and who is told to Register.

use axum::http::StatusCode;
use ltr_domain::ids::CandidateId;
use ltr_upstreams::World;
use ltr_upstreams::world::apply::ChoiceStatus;
use serde_json::json;

use crate::house::{House, instant};
use crate::people::{NOW, candidate, choice, course, everybody};

fn since(at: &str) -> String {
    format!("?updated_since={at}")
}

#[tokio::test]
async fn a_list_is_paged_by_ascending_id_and_ends_in_a_422() {
    let house = House::new(everybody(), NOW);
    let page = |number: u8| format!("{}&per_page=7&page={number}", since("2020-01-01T00:00:00Z"));
    let first = house.candidates(&page(1)).await;
    let ids: Vec<String> = (1..=7).map(|number| format!("C{number}")).collect();
    assert_eq!(first.names("id"), ids);
    let numbers = ["current-page", "page-items", "total-pages", "total-count"].map(|name| first.header(name));
    assert_eq!(numbers, ["1", "7", "3", "16"]);
    assert_eq!(house.candidates(&page(3)).await.names("id").len(), 2);

    let past = house.candidates(&page(4)).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = json!([{
        "error": "PageParameterInvalid",
        "message": "expected 'page' parameter to be between 1 and 3, got 4",
    }]);
    assert_eq!(past.json()["errors"], told);

    let empty = house.candidates(&since("2026-06-14T00:00:00Z")).await;
    assert_eq!(empty.names("id"), Vec::<String>::new());
    assert_eq!(empty.header("total-pages"), "1");
}

#[tokio::test]
async fn only_what_changed_later_than_the_instant_is_listed() {
    let mut world = World::default();
    let [first, second] = [instant("2026-05-01T10:00:00Z"), instant("2026-05-02T10:00:00Z")];
    let one = |status, at| candidate(1, 2026, vec![choice(501, status, at)], at);
    world
        .apply
        .put(CandidateId(1), first, one(ChoiceStatus::Offer, first));
    world
        .apply
        .put_blind(CandidateId(1), second, one(ChoiceStatus::Recruited, first));
    let house = House::new(world, NOW);
    let listed = async |at: &str| house.candidates(&since(at)).await.names("id").len();
    assert_eq!(listed("2026-05-01T09:59:59.999Z").await, 1);
    assert_eq!(listed("2026-05-01T10:00:00Z").await, 0);
    // A correction by hand moves no `updated_at`, but whoever reads the candidate again sees it.
    let single = house.candidates("/C1").await.json();
    let form = &single["data"]["attributes"]["application_forms"][0];
    assert_eq!(form["application_choices"]["data"][0]["status"], "recruited");
    assert_eq!(
        single["data"]["attributes"]["updated_at"],
        "2026-05-01T11:00:00+01:00"
    );
}

#[tokio::test]
async fn roll_over_drops_who_has_no_form_in_the_new_cycle() {
    let mut world = World::default();
    let at = instant("2026-05-01T10:00:00Z");
    world
        .apply
        .put(CandidateId(1), at, candidate(1, 2026, Vec::new(), at));
    world
        .apply
        .put(CandidateId(2), at, candidate(2, 2027, Vec::new(), at));
    let late = instant("2026-09-20T10:00:00Z");
    world
        .apply
        .put(CandidateId(3), late, candidate(3, 2026, Vec::new(), late));
    let house = House::new(world, "2026-10-01T07:59:59Z");
    let all = since("2020-01-01T00:00:00Z");
    assert_eq!(house.candidates(&all).await.names("id"), ["C1", "C2", "C3"]);

    house.clock.advance_to(instant("2026-10-01T08:00:00Z"));
    assert_eq!(house.candidates(&all).await.names("id"), ["C2", "C3"]);
    assert_eq!(house.candidates("/C1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.candidates("/C2").await.status, StatusCode::OK);
}

#[tokio::test]
async fn recruits_are_told_by_the_cycle_of_the_course_and_only_once_they_had_a_place() {
    let mut world = World::default();
    let at = instant("2026-05-01T10:00:00Z");
    let later = instant("2026-11-01T10:00:00Z");
    let mut deferred = choice(501, ChoiceStatus::OfferDeferred, at);
    let never = choice(502, ChoiceStatus::Withdrawn, at);
    let person = |choices: Vec<_>| candidate(1, 2026, choices, at);
    world
        .apply
        .put(CandidateId(1), at, person(vec![deferred.clone(), never.clone()]));
    deferred.status = ChoiceStatus::Recruited;
    deferred.offered = Some(course(2027));
    deferred.updated_at = later;
    world
        .apply
        .put(CandidateId(1), later, person(vec![deferred, never]));

    let house = House::new(world, NOW);
    let [this, next] = [2026, 2027].map(|year| format!("?recruitment_cycle_year={year}"));
    assert_eq!(house.recruits(&this).await.names("id"), ["501"]);
    assert_eq!(house.recruits(&next).await.names("id"), Vec::<String>::new());
    house.clock.advance_to(later);
    assert_eq!(house.recruits(&this).await.names("id"), Vec::<String>::new());
    let now = house.recruits(&next).await;
    assert_eq!(now.json()["data"][0]["attributes"]["status"], "recruited");
    assert_eq!(now.header("total-pages"), "1");
    let changed = house
        .recruits(&format!("{next}&changed_since=2026-11-01T10:00:00Z"))
        .await;
    assert_eq!(changed.names("id"), Vec::<String>::new());
}
