//! Years on the in-memory twins of log, store and queue. `LTR_YEAR_SEED` and `LTR_YEAR_PEOPLE` choose others.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_ports::rereads::mem::MemRereads;
use ltr_ports::store::mem::MemStore;
use ltr_upstreams::{Faults, Service};
use ltr_year::Sources;

use crate::walked::{Cast, Stand, assert_right, number, print};

async fn twins(sources: &Sources) -> Stand<MemLog, MemStore> {
    let clock = Arc::clone(&sources.clock);
    let rereads = MemRereads::new(Arc::clone(&clock) as _, SignedDuration::from_mins(5));
    Stand {
        log: MemLog::with_clock(ClockKind::Simulated, sources.opens_at(), clock),
        store: MemStore::new(),
        rereads: Arc::new(rereads),
    }
}

#[tokio::test]
async fn a_year_of_undisturbed_services_is_right_and_honest() {
    let (seed, people) = (number("LTR_YEAR_SEED", 1), number("LTR_YEAR_PEOPLE", 300));
    println!("seed {seed}, {people} people, no faults");
    let cast = Cast {
        seed,
        people,
        faults: Faults::none(),
    };
    let walked = cast.walked(twins).await;
    print(&walked);
    assert_eq!(walked.failures, BTreeMap::new());
    for requested in &walked.requests {
        let most = match requested.service {
            Service::Register => 100,
            Service::Trs => 1_000,
            Service::Candidates | Service::Recruits | Service::Vacancies => u64::MAX,
        };
        assert!(u64::from(requested.asked) <= most, "{requested:?}");
        assert_eq!(u64::from(requested.refused), 0, "{requested:?}");
    }
    assert_right(&walked, people);
}

#[tokio::test]
async fn a_year_with_every_fault_is_right_and_honest() {
    let (seed, people) = (number("LTR_YEAR_SEED", 2), number("LTR_YEAR_PEOPLE", 7_000));
    println!("seed {seed}, {people} people, every fault");
    let walked = Cast::with_every_fault(seed, people).walked(twins).await;
    print(&walked);
    assert_right(&walked, people);
}
