//! Every answer of every endpoint against the specification of its service, and every row through the mapping.

use std::path::PathBuf;

use axum::http::StatusCode;
use jsonschema::Validator;
use ltr_domain::ids::Feed;
use ltr_upstreams::{Extract, ExtractFeed, Fault, Faults};
use serde_json::{Map, Value, json};

use crate::house::{Answer, EVERYTHING, House};
use crate::people::{NORTH, NOW, everybody};

/// The specifications; none where they are not at hand, which is said aloud.
fn specs() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/upstream/specs");
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a test that is passed over must say so")]
    {
        eprintln!("passed over: there are no specifications to hold the answers against");
    }
    None
}

/// A document of OpenAPI 3.0.
struct OpenApi(Value);

impl OpenApi {
    fn read(folder: &std::path::Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(name)).expect("the specification can be read");
        Self(serde_saphyr::from_str(&text).expect("the specification is YAML"))
    }

    /// The schema of an answer, as JSON Schema: references resolved, `nullable` spelt out.
    fn schema(&self, path: &str, status: &str) -> Value {
        let answer = self.resolved(&self.0["paths"][path]["get"]["responses"][status]);
        let schema = &answer["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "the specification tells of {path} {status}");
        self.resolved(schema)
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.trim_start_matches('#');
                    let target = self.0.pointer(pointer).expect("a reference within the document");
                    return self.resolved(target);
                }
                let mut plain: Map<String, Value> = members
                    .iter()
                    .filter(|(name, _)| !matches!(name.as_str(), "nullable" | "example" | "examples"))
                    .map(|(name, member)| (name.clone(), self.resolved(member)))
                    .collect();
                if members.get("nullable") != Some(&Value::Bool(true)) {
                    return plain.into();
                }
                plain.remove("description");
                json!({ "anyOf": [plain, { "type": "null" }] })
            }
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("the specification is a schema")
}

/// What an answer breaks of its specification, less where the service itself does (`docs/upstream-doubles.md`).
fn broken(schema: &Value, answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let is_known = |path: &str, value: &Value| {
        (path.ends_with("/sent_to_provider_at") && value.is_null())
            || (path.ends_with("/status") && value == "inactive")
    };
    validator(schema)
        .iter_errors(&body)
        .filter(|error| !is_known(error.instance_path().as_str(), error.instance()))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[track_caller]
fn check(schema: &Value, answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status);
    assert_eq!(broken(schema, answer), Vec::<String>::new());
}

/// Faults that change which rows come when, and never what a row looks like.
const HARMLESS: &str =
    "drifting-pages,duplicated-rows,reordered-rows,mixed-instants,bulk-touch,moved-twice,stale-replica";

fn houses() -> [House; 2] {
    let harmless = Faults::parse(11, HARMLESS).expect("faults that there are");
    [
        House::new(everybody(), NOW),
        House::with(everybody(), NOW, harmless),
    ]
}

#[tokio::test]
async fn the_candidate_api_answers_as_its_specification_says() {
    let Some(specs) = specs() else { return };
    let spec = OpenApi::read(&specs, "apply/candidate_api_v1.4.yml");
    let schema = |path, status| spec.schema(path, status);
    const LIST: &str = "/candidates";
    const ONE: &str = "/candidates/{candidate_id}";
    for house in houses() {
        let all = house.candidates("?updated_since=2020-01-01T00:00:00Z").await;
        check(&schema(LIST, "200"), &all, StatusCode::OK);
        assert_eq!(all.json()["data"].as_array().map(Vec::len), Some(16));
        let few = house
            .candidates("?updated_since=2020-01-01T00:00:00Z&page=2&per_page=5")
            .await;
        check(&schema(LIST, "200"), &few, StatusCode::OK);
        check(
            &schema(ONE, "200"),
            &house.candidates("/C3").await,
            StatusCode::OK,
        );
        check(
            &schema(ONE, "404"),
            &house.candidates("/C91").await,
            StatusCode::NOT_FOUND,
        );
        for query in [
            "",
            "?updated_since=soon",
            "?updated_since=2026-01-01T00:00:00Z&page=9",
            "?updated_since=2026-01-01T00:00:00Z&per_page=501",
        ] {
            let answer = house.candidates(query).await;
            // The four bodies look alike, so the document's `oneOf` can never hold; each is held against its own.
            let one_of = schema(LIST, "422")["oneOf"][0].clone();
            check(&one_of, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let stranger = house
            .send(
                "/candidate-api/v1.4/candidates?updated_since=2026-01-01T00:00:00Z",
                &[],
            )
            .await;
        check(&schema(LIST, "401"), &stranger, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_recruits_api_answers_as_its_specification_says() {
    let Some(specs) = specs() else { return };
    let spec = OpenApi::read(&specs, "apply/register-api.yml");
    let schema = |status| spec.schema("/applications", status);
    for house in houses() {
        let all = house.recruits("?recruitment_cycle_year=2026").await;
        check(&schema("200"), &all, StatusCode::OK);
        assert_ne!(all.json()["data"], json!([]));
        for query in [
            "",
            "?recruitment_cycle_year=soon",
            "?recruitment_cycle_year=2026&changed_since=soon",
        ] {
            let answer = house.recruits(query).await;
            let one_of = schema("422")["oneOf"][0].clone();
            check(&one_of, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let stranger = house.send("/register-api/applications", &[]).await;
        check(&schema("401"), &stranger, StatusCode::UNAUTHORIZED);
    }
}

/// Register's document was made from examples, and describes one trainee twice. What may be null in one description may
/// be in the other: both are written by the same code.
fn let_be_null_in_both(list: &mut Value, one: &mut Value) {
    let may_be_null = |schema: &Value| schema.get("anyOf").is_some();
    let in_list = &mut list["properties"]["data"]["items"]["properties"];
    let in_one = &mut one["properties"];
    let names: Vec<String> = in_one.as_object().expect("fields").keys().cloned().collect();
    for name in names {
        if may_be_null(&in_one[&name]) && !may_be_null(&in_list[&name]) {
            in_list[&name] = json!({ "anyOf": [in_list[&name], { "type": "null" }] });
        } else if may_be_null(&in_list[&name]) && !may_be_null(&in_one[&name]) {
            in_one[&name] = json!({ "anyOf": [in_one[&name], { "type": "null" }] });
        }
    }
}

#[tokio::test]
async fn register_answers_as_its_specification_says() {
    let Some(specs) = specs() else { return };
    let spec = OpenApi::read(&specs, "register/openapi_v2026.1.yaml");
    const LIST: &str = "/api/{api_version}/trainees";
    const ONE: &str = "/api/{api_version}/trainees/{trainee_id}";
    let mut list = spec.schema(LIST, "200");
    let mut one = spec.schema(ONE, "200");
    let_be_null_in_both(&mut list, &mut one);
    for house in houses() {
        let all = house.register(NORTH, "/trainees?academic_cycle=2025").await;
        check(&list, &all, StatusCode::OK);
        assert_eq!(all.json()["data"].as_array().map(Vec::len), Some(6));
        for row in all.names("trainee_id") {
            let single = house.register(NORTH, &format!("/trainees/{row}")).await;
            check(&one, &single, StatusCode::OK);
        }
        let nobody = house.register(NORTH, "/trainees?academic_cycle=2019").await;
        check(&spec.schema(ONE, "404"), &nobody, StatusCode::NOT_FOUND);
        let unknown = house.register(NORTH, "/trainees/unknown").await;
        check(&spec.schema(ONE, "404"), &unknown, StatusCode::NOT_FOUND);
        let invalid = house
            .register(
                NORTH,
                "/trainees?academic_cycle=soon&since=2023-13-01&status=busy",
            )
            .await;
        check(
            &spec.schema(LIST, "422"),
            &invalid,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
        let info = house.register(NORTH, "/info").await;
        check(
            &spec.schema("/api/{api_version}/info", "200"),
            &info,
            StatusCode::OK,
        );
    }
}

#[tokio::test]
async fn trs_answers_as_its_schema_says() {
    let Some(specs) = specs() else { return };
    let text = std::fs::read_to_string(specs.join("trs/derived_get_person_v20260120.schema.json"))
        .expect("the schema can be read");
    let mut schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    // Closed, because a published version never grows (U§4.1).
    schema["additionalProperties"] = false.into();
    for house in houses() {
        for (trn, _) in house.upstreams.world().trs.iter() {
            for query in ["", EVERYTHING] {
                let answer = house.trs("20260120", &format!("/v3/persons/{trn}{query}")).await;
                if answer.status == StatusCode::OK {
                    check(&schema, &answer, StatusCode::OK);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_fault_that_breaks_a_specification_is_seen_to_break_it() {
    let Some(specs) = specs() else { return };
    let spec = OpenApi::read(&specs, "apply/candidate_api_v1.4.yml");
    let schema = spec.schema("/candidates", "200");
    for name in ["unknown-field", "absent-fields"] {
        let faults = Faults::parse(1, name).expect("a fault that there is");
        let house = House::with(everybody(), NOW, faults);
        let answer = house.candidates("?updated_since=2020-01-01T00:00:00Z").await;
        assert_ne!(broken(&schema, &answer), Vec::<String>::new(), "{name}");
    }
}

/// Maps the rows and gives how many there were. Where the services grow, one field of each row is unknown.
#[track_caller]
fn mapped(house: &House, feed: Feed, rows: &[Value]) -> usize {
    let unknown = usize::from(house.upstreams.faults().has(Fault::UnknownField));
    for row in rows {
        let mapped = ltr_sources::map_row(feed, row).expect("a row without a defect");
        let is_person = row.get("body").is_none_or(Value::is_object);
        let expected = if is_person { unknown } else { 0 };
        assert_eq!(
            mapped.unknown_fields.len(),
            expected,
            "{:?}",
            mapped.unknown_fields
        );
    }
    rows.len()
}

#[tokio::test]
async fn what_is_served_is_mapped_without_a_defect() {
    let faults = Faults::parse(5, "unknown-word,unknown-field,absent-fields").expect("faults that there are");
    let grown = House::with(everybody(), NOW, faults);
    for house in houses().into_iter().chain([grown]) {
        let list = |answer: Answer| answer.json()["data"].as_array().expect("a list").clone();
        let candidates = house.candidates("?updated_since=2020-01-01T00:00:00Z").await;
        assert_eq!(mapped(&house, Feed::ApplyCandidates, &list(candidates)), 16);
        let recruits = house.recruits("?recruitment_cycle_year=2026").await;
        assert!(mapped(&house, Feed::ApplyRecruits, &list(recruits)) >= 2);
        let trainees = house.register(NORTH, "/trainees?academic_cycle=2025").await;
        assert!(mapped(&house, Feed::RegisterTrainees, &list(trainees)) >= 6);
        let mut answers = Vec::new();
        for (trn, _) in house.upstreams.world().trs.iter() {
            let answer = house
                .trs("20260120", &format!("/v3/persons/{trn}{EVERYTHING}"))
                .await;
            let location = answer
                .headers
                .get("location")
                .map(|value| value.to_str().expect("a path"));
            let body: Value = serde_json::from_slice(&answer.bytes).unwrap_or(Value::Null);
            answers.push(json!({
                "_http": { "status": answer.status.as_u16(), "headers": { "location": location } },
                "requested_trn": trn.to_string(),
                "body": body,
            }));
        }
        assert_eq!(mapped(&house, Feed::TrsPersons, &answers), 19);

        let folder = tempfile::tempdir().expect("a folder");
        for (feed, of, count) in [
            (ExtractFeed::Vacancies, Feed::TvVacancies, 2),
            (ExtractFeed::JobApplications, Feed::TvJobApplications, 11),
        ] {
            let path = house
                .upstreams
                .write_extract(folder.path(), feed, Extract::Complete)
                .expect("the extract is written");
            let bytes = std::fs::read(path).expect("the extract can be read");
            let rows: Vec<Value> = ltr_sources::split_rows(of, &bytes)
                .expect("a document of rows")
                .into_iter()
                .map(|row| row.value.expect("a line of JSON"))
                .collect();
            assert!(mapped(&house, of, &rows) >= count);
        }
    }
}
