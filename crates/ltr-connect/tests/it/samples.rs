//! The recorded answers of the services, where they are at hand, through the same connectors.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use ltr_connect::http::Response;
use ltr_connect::register::{self, ProviderToken};
use ltr_connect::secret::Secret;
use ltr_connect::{Outcome, Worker, apply, trs};
use ltr_domain::ids::{Trn, Ukprn};
use ltr_ports::log::mem::MemLog;
use ltr_ports::rereads::{Reread, Urgency};
use serde_json::{Value, json};

use crate::house::{House, Service, query, response, run_well};

/// The folder of samples of a source; a folder that is not there is passed over, aloud.
fn samples(source: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/upstream/examples")
        .join(source);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a test that is passed over must say so")]
    let () = eprintln!("passed over: there is no folder of samples of {source}");
    None
}

fn sample(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

/// An answer as it was recorded, in or without its envelope.
fn recorded(sample: &Value) -> Response {
    let Some(http) = sample.get("_http") else {
        return response(200, sample.to_string());
    };
    let status = http["status"].as_u64().unwrap_or(200);
    let body = match &sample["body"] {
        Value::String(text) => text.clone(),
        body => body.to_string(),
    };
    let mut answer = response(u16::try_from(status).unwrap(), body);
    for (name, value) in http["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap().to_owned();
        answer.headers.insert(name.to_lowercase(), value);
    }
    answer
}

async fn run(house: &House, worker: Box<dyn Worker<MemLog>>) -> Outcome {
    run_well(&mut house.supervisor(vec![worker])).await.remove(0)
}

#[tokio::test]
async fn recorded_pages_of_register_pass() {
    let Some(folder) = samples("register") else { return };
    let (page, none) = (
        sample(&folder, "get_trainees__response_200.json"),
        sample(&folder, "empty_result_404.json"),
    );
    let house = House::at("2026-10-14T06:00:00Z");
    let service = Service::new(&house, move |request, _| {
        let is_2026 = query(&request.path, "academic_cycle").as_deref() == Some("2026");
        Ok(recorded(if is_2026 { &page } else { &none }))
    });
    let token = ProviderToken {
        provider: Ukprn::parse("10000571").unwrap(),
        token: Secret::new("token"),
    };
    let caller = house.means.caller(Arc::new(service), register::limit());
    let trainees = register::Trainees::new(caller, vec![token], register::Settings::default());
    let outcome = run(&house, Box::new(trainees)).await;
    assert!(outcome.counts.observations > 0);
    assert_eq!(outcome.counts.quarantined, 0);
}

#[tokio::test]
async fn recorded_applications_of_apply_pass() {
    let Some(folder) = samples("apply") else { return };
    for name in [
        "register-api_application_uk.json",
        "register-api_application_non_uk.json",
    ] {
        let page = sample(&folder, name);
        let house = House::at("2026-11-14T06:00:00Z");
        let service = Service::new(&house, move |_, _| {
            let mut answer = recorded(&page);
            answer.headers.insert("total-pages".to_owned(), "1".to_owned());
            Ok(answer)
        });
        let caller = house.means.caller(Arc::new(service), apply::limit());
        let recruits = apply::Recruits::new(caller, Secret::new("key"), apply::Settings::default());
        let outcome = run(&house, Box::new(recruits)).await;
        assert!(outcome.counts.observations > 0, "{name}");
        assert_eq!(outcome.counts.quarantined, 0, "{name}");
    }
}

#[tokio::test]
async fn recorded_candidates_of_apply_pass_mark_and_all() {
    let Some(folder) = samples("apply") else { return };
    let mut passed = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if !path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("git-contract")
        {
            continue;
        }
        // The samples are single candidates with a byte order mark; a page holds them.
        let text = std::fs::read_to_string(&path).unwrap();
        let mark = '\u{feff}';
        let page = format!("{mark}{{\"data\":[{}]}}", text.trim_start_matches(mark));
        let house = House::at("2026-11-14T06:00:00Z");
        let service = Service::new(&house, move |_, _| {
            let mut answer = response(200, page.clone());
            answer.headers.insert("total-pages".to_owned(), "1".to_owned());
            Ok(answer)
        });
        let caller = house.means.caller(Arc::new(service), apply::limit());
        let candidates = apply::Candidates::new(caller, Secret::new("key"), apply::Settings::default());
        let outcome = run(&house, Box::new(candidates)).await;
        assert!(outcome.counts.observations > 0, "{}", path.display());
        assert_eq!(outcome.counts.quarantined, 0, "{}", path.display());
        passed += 1;
    }
    assert!(passed > 0);
}

#[tokio::test]
async fn recorded_answers_of_trs_pass() {
    let Some(folder) = samples("trs") else { return };
    let mut passed = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("get_person_") || !name.ends_with(".json") {
            continue;
        }
        let answer = sample(&folder, &name);
        let trn = [&answer["requested_trn"], &answer["body"]["trn"], &answer["trn"]]
            .into_iter()
            .find_map(|trn| Trn::parse(trn.as_str()?).ok());
        let Some(trn) = trn else { continue };
        let house = House::at("2026-10-14T06:00:00Z");
        let asked = trn.to_string();
        let service = Service::new(&house, move |request, _| {
            let is_asked = request.path.contains(&asked);
            let nobody = json!({ "_http": { "status": 404 }, "body": "Not Found" });
            Ok(recorded(if is_asked { &answer } else { &nobody }))
        });
        let hint = Reread {
            trn,
            urgency: Urgency::Hint,
            asked_at: Timestamp::UNIX_EPOCH,
        };
        house.means.rereads.add(vec![hint]).await.unwrap();
        let caller = house.means.caller(Arc::new(service), trs::limit());
        let rereads = Arc::clone(&house.means.rereads);
        let persons = trs::Persons::new(caller, Secret::new("key"), rereads, trs::Settings::default());
        let outcome = run(&house, Box::new(persons)).await;
        assert!(outcome.counts.observations > 0, "{name}");
        assert_eq!(outcome.counts.quarantined, 0, "{name}");
        passed += 1;
    }
    assert!(passed > 3, "{passed}");
}
