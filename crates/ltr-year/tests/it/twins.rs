//! Years on the in-memory twins of log, store and queue. `LTR_YEAR_SEED` and `LTR_YEAR_PEOPLE` choose others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;
use ltr_connect::Means;
use ltr_connect::retry::Patience;
use ltr_domain::resolution::Certainty;
use ltr_population::Plan;
use ltr_population::score::{Bounds, Outcome, Score};
use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_ports::rereads::mem::MemRereads;
use ltr_ports::store::mem::MemStore;
use ltr_project::{Config as ProjectConfig, Until};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_upstreams::{Faults, Requested, Service};
use ltr_year::{Difference, Setting, Year, read_afresh};

/// So many days after the last one every service has been swept once more.
const CALM_DAYS: u8 = 9;

/// What is asked for, and the shares that were found, with some room: what is not confirmed is said to be so.
const BOUNDS: Bounds = Bounds {
    provisional_max: 22_000,
    presumed_max: 20_000,
    unknown_max: 3_000,
    ..Bounds::ASKED
};

fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32])
}

fn number(name: &str, otherwise: u32) -> u32 {
    let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
    set.unwrap_or(otherwise)
}

/// Chance that can be repeated.
fn random(seed: u64) -> impl Fn(&mut [u8]) + Send + Sync {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let count = AtomicU64::new(seed.wrapping_mul(STEP));
    move |bytes: &mut [u8]| {
        for some in bytes.chunks_mut(8) {
            let mut word = count.fetch_add(STEP, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            word ^= word >> 31;
            some.copy_from_slice(&word.to_le_bytes()[..some.len()]);
        }
    }
}

/// What a year came to.
struct Walked {
    score: Score,
    requests: Vec<Requested>,
    /// Why parts of feeds could not be read, and how often.
    failures: BTreeMap<String, u32>,
    compared: usize,
    differing: Vec<Difference>,
}

async fn walked(seed: u64, people: u32, faults: Faults) -> Walked {
    let directory = tempfile::tempdir().unwrap();
    let setting = Setting {
        plan: Plan::new(seed, people),
        faults,
        extracts: directory.path().to_owned(),
    };
    let sources = setting.open();
    let clock = Arc::clone(&sources.clock);
    let log = MemLog::with_clock(ClockKind::Simulated, sources.opens_at(), clock.clone());
    let store = MemStore::new();
    let means = Means {
        pace: clock.clone(),
        random: Arc::new(random(seed)),
        patience: Patience::default(),
        rereads: Arc::new(MemRereads::new(clock, SignedDuration::from_mins(5))),
    };
    let told = Arc::new(|_: &ltr_connect::Told| {});
    let mut year = Year::begin(sources, log.clone(), store.clone(), means.clone(), &kek, told)
        .await
        .unwrap();
    let config = ProjectConfig::default();
    let project = async || {
        let never = std::future::pending();
        ltr_project::run(&config, &log, &store, Until::Head, never, |_| {}).await?;
        Ok(())
    };
    let mut failures = BTreeMap::new();
    while let Some(day) = year.walk_a_day(project).await.unwrap() {
        assert_eq!(day.stopped, Vec::<String>::new());
        for failed in day.outcomes.iter().flat_map(|outcome| &outcome.failures) {
            let why = failed.reason.split("; ").next().unwrap_or_default();
            let why = why.rsplit(": ").next().unwrap_or_default();
            let why: String = why.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            *failures.entry(why).or_default() += 1;
        }
    }
    let requests = year.sources.upstreams.requests();
    year.calm_down(CALM_DAYS).await.unwrap();
    let (compared, differing) = read_afresh(&year.sources, year.served(), &log, &means, kek())
        .await
        .unwrap();
    Walked {
        score: year.score,
        requests,
        failures,
        compared,
        differing,
    }
}

fn print(walked: &Walked) {
    let of = |count: u64, all: u64| 100.0 * count as f64 / all.max(1) as f64;
    println!("month     right  uncertain  wrong  confirmed of delivered");
    for (month, tally) in &walked.score.months {
        let share = |outcome| of(tally.with_outcome(outcome), tally.person_days());
        println!(
            "{month}  {:6.2}  {:9.2}  {:5.2}  {:6.2}",
            share(Outcome::Right),
            share(Outcome::Uncertain),
            share(Outcome::Wrong),
            of(tally.confirmed_of_delivered(), tally.delivered()),
        );
    }
    let total = walked.score.total();
    for certainty in [
        Certainty::Confirmed,
        Certainty::Provisional,
        Certainty::Presumed,
        Certainty::Unknown,
    ] {
        let share = of(total.with_certainty(certainty), total.person_days());
        println!("{}: {share:.2} %", certainty.token());
    }
    let mut wrong: BTreeMap<String, u32> = BTreeMap::new();
    for one in &walked.score.wrong_confirmed {
        let what = format!("{:?}: {:?} while {:?}", one.excuse, one.answered, one.truth);
        *wrong.entry(what).or_default() += 1;
    }
    println!("wrong though confirmed, person-days: {wrong:#?}");
    println!("parts not read: {:#?}", walked.failures);
    println!("{} records compared in the end", walked.compared);
}

fn assert_right(walked: &Walked, people: u32) {
    let breaches = BOUNDS.check(&walked.score);
    assert_eq!(breaches, [], "the answers keep within their bounds");
    assert_eq!(walked.differing, [], "the log holds what is served in the end");
    assert!(walked.compared > people as usize * 3, "everybody was compared");
}

#[tokio::test]
async fn a_year_of_undisturbed_services_is_right_and_honest() {
    let (seed, people) = (number("LTR_YEAR_SEED", 1), number("LTR_YEAR_PEOPLE", 300));
    println!("seed {seed}, {people} people, no faults");
    let walked = walked(u64::from(seed), people, Faults::none()).await;
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
    let (seed, people) = (number("LTR_YEAR_SEED", 2), number("LTR_YEAR_PEOPLE", 300));
    println!("seed {seed}, {people} people, every fault");
    let faults = Faults::parse(u64::from(seed), "all").unwrap();
    let walked = walked(u64::from(seed), people, faults).await;
    print(&walked);
    assert_right(&walked, people);
}
