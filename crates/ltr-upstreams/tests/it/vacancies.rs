//! Teaching Vacancies: the public list, and the files of the extract.

use std::path::PathBuf;

use axum::http::StatusCode;
use ltr_upstreams::world::vacancies::Vacancy;
use ltr_upstreams::{Extract, ExtractFeed, World};
use serde_json::Value;

use crate::house::{House, instant};
use crate::people::{NOW, THEN, everybody, id, vacancy};

async fn list(house: &House, query: &str) -> (StatusCode, Value) {
    let answer = house.send(&format!("/api/v1/jobs.json{query}"), &[]).await;
    let body = serde_json::from_slice(&answer.bytes).unwrap_or(Value::Null);
    (answer.status, body)
}

#[tokio::test]
async fn the_list_has_live_vacancies_in_the_shape_of_the_recorded_item() {
    let house = House::new(everybody(), NOW);
    let (_, body) = list(&house, "").await;
    let [only] = body["data"].as_array().expect("a list").as_slice() else {
        panic!("one vacancy is live");
    };
    assert_eq!(only["validThrough"], "2026-06-30T15:30:00+01:00");
    assert_eq!(only["hiringOrganization"]["identifier"], "100001");
    house.clock.advance_to(instant("2026-06-30T14:30:00Z"));
    assert_eq!(list(&house, "").await.1["data"], Value::Array(Vec::new()));

    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/upstream/examples/teaching-vacancies/public_jobs_item_template.json");
    if let Ok(text) = std::fs::read_to_string(sample) {
        let recorded: Value = serde_json::from_str(&text).expect("the sample is JSON");
        assert_eq!(shape(only), shape(&recorded));
    }
}

/// The names in a row, without what they hold.
fn shape(row: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in row.as_object().expect("an object") {
        names.push(name.clone());
        if let Value::Object(inner) = value {
            names.extend(inner.keys().map(|inner| format!("{name}.{inner}")));
        }
    }
    names.sort();
    names
}

#[tokio::test]
async fn the_list_has_a_hundred_a_page_and_the_newest_first() {
    let mut world = World::default();
    for number in 0..101 {
        let mut one: Vacancy = vacancy();
        one.job_title = format!("Post {number}").into();
        if number == 57 {
            one.publish_on = one.publish_on.tomorrow().expect("a day after June");
        }
        world.vacancies.vacancies.put(id(number), instant(THEN), one);
    }
    let house = House::new(world, NOW);
    let (_, first) = list(&house, "").await;
    assert_eq!(first["data"].as_array().map(Vec::len), Some(100));
    assert_eq!(first["data"][0]["title"], "Post 57");
    assert_eq!(first["meta"]["totalPages"], 2);
    let (_, second) = list(&house, "?page=2").await;
    assert_eq!(second["data"][0]["title"], "Post 100");
    assert_eq!(list(&house, "?page=3").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_extract_is_complete_or_has_what_changed() {
    let mut world = everybody();
    let changed_at = instant("2026-06-14T02:00:00Z");
    world.vacancies.vacancies.put(id(10), changed_at, vacancy());
    let house = House::new(world, NOW);
    let folder = tempfile::tempdir().expect("a folder");
    let lines = |extract| {
        let path = house
            .upstreams
            .write_extract(folder.path(), ExtractFeed::Vacancies, extract)
            .expect("the extract is written");
        let text = std::fs::read_to_string(&path).expect("the extract can be read");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, text.lines().count())
    };
    let complete = lines(Extract::Complete);
    assert_eq!(
        complete,
        ("vacancies.complete.20260615T120000Z.ndjson".to_owned(), 2)
    );
    let partial = lines(Extract::ChangedSince(instant("2026-06-13T00:00:00Z")));
    assert_eq!(
        partial,
        ("vacancies.partial.20260615T120000Z.ndjson".to_owned(), 1)
    );
    let files = std::fs::read_dir(folder.path())
        .expect("the folder can be read")
        .count();
    assert_eq!(files, 2, "nothing unfinished is left");
}
