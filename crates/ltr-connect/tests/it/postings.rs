//! The public list of live vacancies, from the double of the service.

use std::sync::Arc;

use jiff::civil::date;
use ltr_connect::http::InProcess;
use ltr_connect::vacancies::{Postings, limit};
use ltr_connect::{Supervisor, Worker};
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_ports::log::mem::MemLog;
use ltr_upstreams::world::vacancies::{Applications, ContractType, EctStatus, Organisation, Vacancy};
use ltr_upstreams::{Fault, Faults, Service, Upstreams, World};
use uuid::Uuid;

use crate::house::{House, at, run_well};

const PUBLISHED: &str = "2027-04-06T06:00:00Z";

/// So many vacancies, of which the last is open for three days and the others until the end of May.
fn world(count: u32) -> World {
    let mut world = World::default();
    for number in 1..=count {
        world
            .vacancies
            .vacancies
            .put(id(number), at(PUBLISHED), vacancy(number, number == count));
    }
    world
}

/// Ids that differ where the double takes the names of vacancies from.
fn id(number: u32) -> Uuid {
    Uuid::from_u128(u128::from(number) << 96)
}

fn vacancy(number: u32, is_short: bool) -> Vacancy {
    let until = if is_short {
        date(2027, 4, 9)
    } else {
        date(2027, 5, 31)
    };
    Vacancy {
        job_title: format!("Teacher number {number}").into(),
        organisations: vec![Organisation {
            name: "Made-up School".into(),
            urn: Some("100001".into()),
            uid: None,
            ukprn: None,
        }],
        job_roles: vec!["teacher".into()],
        phases: vec!["secondary".into()],
        subjects: Vec::new(),
        working_patterns: vec!["part_time".into(), "full_time".into()],
        contract_type: ContractType::Permanent,
        ect_status: EctStatus::Suitable,
        publish_on: date(2027, 4, 6),
        expires_at: until.at(12, 0, 0, 0),
        applications: Applications::Here,
        hired_status: None,
        extra: Vec::new(),
    }
}

struct Town {
    house: House,
    upstreams: Upstreams,
}

impl Town {
    fn new(world: World, faults: Faults) -> Self {
        let house = House::at("2027-04-08T08:00:00Z");
        let upstreams = Upstreams::new(Arc::new(world), house.clock.clone(), faults);
        Self { house, upstreams }
    }

    fn supervisor(&self) -> Supervisor<MemLog> {
        let http = Arc::new(InProcess::new(self.upstreams.vacancies(), ""));
        let caller = self.house.means.caller(http, limit());
        let worker: Box<dyn Worker<MemLog>> = Box::new(Postings::new(caller, Postings::EVERY));
        self.house.supervisor(vec![worker])
    }

    fn refused(&self) -> u32 {
        let requests = self.upstreams.requests();
        let ours = requests.iter().filter(|one| one.service == Service::Vacancies);
        ours.map(|one| one.refused).sum()
    }
}

#[tokio::test]
async fn the_whole_list_is_read_and_what_leaves_it_says_nothing() {
    let town = Town::new(world(230), Faults::none());
    let mut supervisor = town.supervisor();
    let first = &run_well(&mut supervisor).await[0];
    assert_eq!(
        (first.requests, first.deliveries, first.counts.observations),
        (3, 1, 230)
    );
    let states = town.house.states().await;
    let named = RecordId::new(RecordKind::TvPosting, "vacancy-000000e6");
    let state = &states[&named];
    for told in [
        "Teacher number 230",
        "100001",
        "FULL_TIME",
        "2027-04-06",
        "2027-04-09T11:00:00Z",
    ] {
        assert!(state.contains(told), "{told} in {state}");
    }

    // A day later one has expired. Nothing is new, and nothing is concluded.
    let due = supervisor.next_due().await.unwrap().unwrap();
    assert_eq!(due, at("2027-04-09T08:00:00Z"));
    town.house.clock.advance_to(at("2027-04-09T12:00:00Z"));
    let second = &run_well(&mut supervisor).await[0];
    assert_eq!((second.counts.rows, second.counts.observations), (229, 0));
    assert_eq!(town.house.states().await, states);

    // Somebody who begins anew goes on from the log.
    let mut again = town.supervisor();
    assert_eq!(again.next_due().await.unwrap(), Some(at("2027-04-10T12:00:00Z")));
    assert_eq!(town.refused(), 0);
}

#[tokio::test]
async fn a_long_list_is_read_within_the_limit_and_through_whatever_goes_wrong() {
    let faults = Faults::new(
        7,
        [
            Fault::ServerErrors,
            Fault::TruncatedBody,
            Fault::EmptyBody,
            Fault::UnknownField,
        ],
    );
    let town = Town::new(world(2_300), faults);
    let mut supervisor = town.supervisor();
    let began_at = town.house.now();
    let outcomes = run_well(&mut supervisor).await;
    assert_eq!(outcomes[0].counts.observations, 2_300);
    assert!(outcomes[0].requests >= 23);
    assert_eq!(town.refused(), 0);
    // Ten in eight seconds.
    let took_s = town.house.now().duration_since(began_at).as_secs();
    assert!(took_s >= 16, "{took_s} s");
}
