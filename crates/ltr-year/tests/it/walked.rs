//! What a year came to, however it was walked, and what is asked of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_connect::Means;
use ltr_connect::retry::Patience;
use ltr_domain::resolution::Certainty;
use ltr_population::score::{Bounds, Outcome, Score};
use ltr_population::truth::Served as _;
use ltr_population::{PersonNo, Plan};
use ltr_ports::log::Log;
use ltr_ports::rereads::RereadQueue;
use ltr_ports::store::Store;
use ltr_project::{Config as ProjectConfig, Until};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_upstreams::{Faults, Requested};
use ltr_year::{Difference, Setting, Sources, Year, read_afresh};

/// So many days after the last one every service has been swept once more.
const CALM_DAYS: u8 = 9;

/// What is asked for, and the shares that were found, with some room: what is not confirmed is said to be so.
const BOUNDS: Bounds = Bounds {
    provisional_max: 22_000,
    presumed_max: 20_000,
    unknown_max: 3_000,
    ..Bounds::ASKED
};

pub(crate) fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32])
}

/// A number from outside.
pub(crate) fn number(name: &str, otherwise: u32) -> u32 {
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
pub(crate) struct Walked {
    score: Score,
    /// The first day of each falsehood that nothing excuses, with what is known of it.
    inexcusable: Vec<String>,
    /// The kinds of falsehood that lasted, with what is known of some whom they were told about.
    lasting: Vec<String>,
    pub(crate) requests: Vec<Requested>,
    /// Why parts of feeds could not be read, and how often.
    pub(crate) failures: BTreeMap<String, u32>,
    compared: usize,
    differing: Vec<Difference>,
}

/// Where a year is walked.
pub(crate) struct Stand<L, S> {
    pub(crate) log: L,
    pub(crate) store: S,
    pub(crate) rereads: Arc<dyn RereadQueue>,
}

/// Whom a year is about, and what goes wrong in it.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    pub(crate) seed: u32,
    pub(crate) people: u32,
    pub(crate) faults: Faults,
}

impl Cast {
    /// With every fault that has a name.
    pub(crate) fn with_every_fault(seed: u32, people: u32) -> Self {
        Self {
            seed,
            people,
            faults: Faults::parse(u64::from(seed), "all").unwrap(),
        }
    }

    /// Walks the year on what `stand` makes of the services that are about to open.
    pub(crate) async fn walked<L: Log, S: Store>(
        &self,
        stand: impl AsyncFnOnce(&Sources) -> Stand<L, S>,
    ) -> Walked {
        let directory = tempfile::tempdir().unwrap();
        let setting = Setting {
            plan: Plan::new(u64::from(self.seed), self.people),
            faults: self.faults.clone(),
            extracts: directory.path().to_owned(),
        };
        let sources = setting.open();
        let Stand { log, store, rereads } = stand(&sources).await;
        let means = Means {
            pace: Arc::clone(&sources.clock) as _,
            random: Arc::new(random(u64::from(self.seed))),
            patience: Patience::default(),
            rereads,
        };
        walk(sources, log, store, means).await
    }
}

async fn walk<L: Log, S: Store>(sources: Sources, log: L, store: S, means: Means) -> Walked {
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
    let mut inexcusable = BTreeMap::new();
    while let Some(day) = year.walk_a_day(project).await.unwrap() {
        assert_eq!(day.stopped, Vec::<String>::new());
        tell_inexcusable(&year, day.on, &mut inexcusable);
        for failed in day.outcomes.iter().flat_map(|outcome| &outcome.failures) {
            let why = failed.reason.split("; ").next().unwrap_or_default();
            let why = why.rsplit(": ").next().unwrap_or_default();
            let why: String = why.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            *failures.entry(why).or_default() += 1;
        }
    }
    let lasting = tell_lasting(&year);
    let requests = year.sources.upstreams.requests();
    year.calm_down(CALM_DAYS).await.unwrap();
    let (compared, differing) = read_afresh(&year.sources, year.served(), &log, &means, kek())
        .await
        .unwrap();
    Walked {
        score: year.score,
        inexcusable: inexcusable.into_values().collect(),
        lasting,
        requests,
        failures,
        compared,
        differing,
    }
}

/// A kind of falsehood that lasts longer than so many days on average is told.
const LONG_DAYS: u32 = 30;

/// Tells of each kind of falsehood that lasted how many people it was told about, and what is known of the first.
fn tell_lasting<L: Log, S: Store>(year: &Year<L, S>) -> Vec<String> {
    let lasted =
        |people: &BTreeMap<PersonNo, u32>| people.values().sum::<u32>() > people.len() as u32 * LONG_DAYS;
    let kinds = year.score.wrong.iter().filter(|(_, people)| lasted(people));
    let told = kinds.map(|(kind, people)| {
        let days: u32 = people.values().sum();
        let first = people.keys().take(3).map(|person| records_read(year, *person));
        let first: Vec<String> = first.collect();
        let (answered, truth) = (kind.answered, kind.truth);
        format!(
            "{} {answered:?} while {truth:?}: {} people on {days} days; such as\n  {}",
            kind.certainty.token(),
            people.len(),
            first.join("\n  ")
        )
    });
    told.collect()
}

/// The records of a person, and as of when each was read last.
fn records_read<L: Log, S: Store>(year: &Year<L, S>, person: PersonNo) -> String {
    let person = year.sources.population.truth.person(person);
    let records = person.map_or(&[][..], |person| &person.records);
    let read = records.iter().map(|record| {
        let read_at = year.served().last_served(record, Timestamp::MAX);
        let read_at = read_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        format!("{record} as of {read_at}")
    });
    read.collect::<Vec<_>>().join(", ")
}

/// At most so many falsehoods are told one by one.
const TOLD_MAX: usize = 12;

/// Adds the day's falsehoods that nothing excuses: which records the person has, and when each was read last.
fn tell_inexcusable<L: Log, S: Store>(year: &Year<L, S>, on: Date, told: &mut BTreeMap<PersonNo, String>) {
    let today = year.score.wrong_confirmed.iter().rev();
    for one in today.take_while(|one| one.on == on) {
        if one.excuse.is_some() || told.len() >= TOLD_MAX {
            continue;
        }
        told.entry(one.person).or_insert_with(|| {
            let (answered, truth) = (one.answered, one.truth);
            format!(
                "no excuse on {on}: {answered:?} while {truth:?}; {}",
                records_read(year, one.person)
            )
        });
    }
}

pub(crate) fn print(walked: &Walked) {
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
    for told in &walked.lasting {
        println!("{told}");
    }
    for told in &walked.inexcusable {
        println!("{told}");
    }
    println!("parts not read: {:#?}", walked.failures);
    println!("{} records compared in the end", walked.compared);
}

pub(crate) fn assert_right(walked: &Walked, people: u32) {
    let breaches = BOUNDS.check(&walked.score);
    assert_eq!(breaches, [], "the answers keep within their bounds");
    assert_eq!(walked.differing, [], "the log holds what is served in the end");
    assert!(walked.compared > people as usize * 3, "everybody was compared");
}
