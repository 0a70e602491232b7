//! A population as the doubles serve it: every row can be mapped, and says what the truth's sayings say.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use ltr_domain::ids::Feed;
use ltr_domain::time::end_of_london_day;
use ltr_population::Population;
use ltr_population::provider::Token;
use ltr_ports::clock::ManualClock;
use ltr_sources::map_row;
use ltr_upstreams::{Faults, Service, Upstreams};
use serde_json::{Value, json};
use tower::ServiceExt as _;

struct House<'a> {
    population: &'a Population,
    upstreams: Upstreams,
    clock: Arc<ManualClock>,
}

impl<'a> House<'a> {
    fn of(population: &'a Population, now: Timestamp) -> Self {
        let clock = Arc::new(ManualClock::at(now));
        let world = Arc::new(population.world.clone());
        let upstreams = Upstreams::new(world, clock.clone(), Faults::none());
        Self {
            population,
            upstreams,
            clock,
        }
    }

    async fn ask(&self, service: Service, who: &str, path: &str) -> (StatusCode, Value) {
        let bearer = format!("Bearer {}", self.upstreams.token(service, who));
        let request = Request::get(path)
            .header("authorization", bearer)
            .header("x-api-version", "20260416")
            .body(Body::empty())
            .expect("a good request");
        let response = self
            .upstreams
            .all()
            .oneshot(request)
            .await
            .expect("a router never fails");
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("the body is read");
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// Maps every row of every service, and gives how many each had.
    async fn map_all(&self) -> [usize; 3] {
        let (status, list) = self
            .ask(
                Service::Candidates,
                "ltr",
                "/candidate-api/v1.4/candidates?updated_since=2020-01-01T00:00:00Z",
            )
            .await;
        assert_eq!(status, StatusCode::OK);
        let candidates = mapped(Feed::ApplyCandidates, &list["data"]);
        let mut trainees = 0;
        for provider in self
            .population
            .providers
            .iter()
            .filter(|one| one.token == Token::Given)
        {
            let path = "/api/v2026.1/trainees?academic_cycle=2026&per_page=1000";
            let (status, list) = self.ask(Service::Register, provider.ukprn.as_str(), path).await;
            // Nobody there is told by 404 (U§0.10).
            if status != StatusCode::NOT_FOUND {
                assert_eq!(status, StatusCode::OK, "{list}");
                trainees += mapped(Feed::RegisterTrainees, &list["data"]);
            }
        }
        let mut people = 0;
        for trn in self.population.trns() {
            let path = format!("/v3/persons/{trn}?include=Induction,RoutesToProfessionalStatuses,Alerts");
            let (status, body) = self.ask(Service::Trs, "ltr", &path).await;
            match status {
                StatusCode::OK => people += mapped(Feed::TrsPersons, &json!([body])),
                StatusCode::TOO_MANY_REQUESTS => panic!("{trn}: asked too often"),
                // Not issued yet, merged or deactivated.
                _ => assert!([404, 308, 410].contains(&status.as_u16()), "{trn}: {status}"),
            }
        }
        [candidates, trainees, people]
    }
}

fn mapped(feed: Feed, rows: &Value) -> usize {
    let rows = rows.as_array().expect("a list");
    for row in rows {
        let mapped = map_row(feed, row).expect("a row without a defect");
        assert_eq!(mapped.unknown_fields, [""; 0]);
    }
    rows.len()
}

#[tokio::test]
async fn every_row_of_every_season_can_be_mapped() {
    let population = Population::of(8, 300);
    let day =
        |month, day| end_of_london_day(jiff::civil::date(if month < 8 { 2027 } else { 2026 }, month, day));
    let house = House::of(&population, day(8, 1));
    let [candidates, trainees, people] = house.map_all().await;
    // All of the cohort have applied, and those before them are in TRS.
    assert!(
        candidates >= 300 && trainees == 0 && people >= 10,
        "{candidates}, {trainees}, {people}"
    );
    house.clock.advance_to(day(9, 28));
    let [candidates, some, _] = house.map_all().await;
    assert!(candidates >= 300 && some > 60, "{candidates}, {some}");
    house.clock.advance_to(day(11, 20));
    let [_, most, _] = house.map_all().await;
    assert!(most > some && most > 200, "{most}");
    house.clock.advance_to(day(7, 31));
    let [_, all, people] = house.map_all().await;
    assert!(all >= most && people > 230, "{all}, {people}");
}
