//! A year on the in-memory twins of log and store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;
use ltr_connect::Means;
use ltr_connect::retry::Patience;
use ltr_population::Plan;
use ltr_population::score::{Bounds, Excuse, Outcome};
use ltr_ports::log::ClockKind;
use ltr_ports::log::mem::MemLog;
use ltr_ports::rereads::mem::MemRereads;
use ltr_ports::store::mem::MemStore;
use ltr_project::{Config as ProjectConfig, Until};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_upstreams::Faults;
use ltr_year::{Setting, Year, read_afresh};

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32])
}

/// Chance that can be repeated, fast enough for a year.
fn random(seed: u64) -> impl Fn(&mut [u8]) + Send + Sync {
    let count = AtomicU64::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    move |bytes: &mut [u8]| {
        for some in bytes.chunks_mut(8) {
            let mut word = count.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            word ^= word >> 31;
            some.copy_from_slice(&word.to_le_bytes()[..some.len()]);
        }
    }
}

#[tokio::test]
async fn a_year_in_memory_is_right_and_honest() {
    let (seed, people) = (number("LTR_YEAR_SEED", 1), number("LTR_YEAR_PEOPLE", 300));
    let names = std::env::var("LTR_YEAR_FAULTS").unwrap_or_default();
    println!("seed {seed}, {people} people, faults: {names:?}");
    let faults = if names.is_empty() {
        Faults::none()
    } else {
        Faults::parse(seed, &names).unwrap()
    };
    let directory = tempfile::tempdir().unwrap();
    let setting = Setting {
        plan: Plan::new(seed, u32::try_from(people).unwrap()),
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
    let mut year = Year::begin(
        sources,
        log.clone(),
        store.clone(),
        means.clone(),
        &kek,
        Arc::new(|_| {}),
    )
    .await
    .unwrap();
    let began = std::time::Instant::now();
    let project = async || {
        ltr_project::run(
            &ProjectConfig::default(),
            &log,
            &store,
            Until::Head,
            std::future::pending(),
            |_| {},
        )
        .await?;
        Ok(())
    };
    let (mut rows, mut requests, mut failures) = (0, 0, 0);
    while let Some(day) = year.walk_a_day(project).await.unwrap() {
        for outcome in &day.outcomes {
            rows += outcome.counts.rows;
            requests += outcome.requests;
            failures += outcome.failures.len();
            for failed in outcome.failures.iter().take(3) {
                if failures < 12 {
                    println!("{} {}: {}", day.on, failed.part, failed.reason);
                }
            }
        }
        if day.on.day() == 1 {
            println!(
                "{} {} answered, {rows} rows by {requests} requests, {failures} failures, {} stopped, {:?}",
                day.on,
                day.answered,
                day.stopped.len(),
                began.elapsed()
            );
            for stopped in &day.stopped {
                println!("  {stopped}");
            }
        }
    }
    for (month, tally) in &year.score.months {
        let share = |outcome| 100.0 * tally.with_outcome(outcome) as f64 / tally.person_days() as f64;
        println!(
            "{month}: right {:.2} uncertain {:.2} wrong {:.3}; confirmed of delivered {}/{}",
            share(Outcome::Right),
            share(Outcome::Uncertain),
            share(Outcome::Wrong),
            tally.confirmed_of_delivered(),
            tally.delivered(),
        );
    }
    let mut by = std::collections::BTreeMap::new();
    for wrong in &year.score.wrong_confirmed {
        *by.entry(format!(
            "{:?} {:?} while {:?}",
            wrong.excuse, wrong.answered, wrong.truth
        ))
        .or_insert(0_u32) += 1;
    }
    println!("wrong though confirmed: {by:#?}");
    let unexcused = year
        .score
        .wrong_confirmed
        .iter()
        .filter(|wrong| wrong.excuse.is_none());
    for wrong in unexcused.take(10) {
        println!("{wrong:?}");
    }
    let _ = Excuse::SourceWrong;
    let total = year.score.total();
    println!(
        "{:?}",
        Bounds::ASKED
            .check(&year.score)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    );
    println!("{} person-days in {:?}", total.person_days(), began.elapsed());
    year.calm_down(9).await.unwrap();
    let (compared, differing) = read_afresh(&year.sources, year.served(), &log, &means, kek())
        .await
        .unwrap();
    println!("{compared} records compared, {} differ", differing.len());
    for one in differing.iter().take(10) {
        println!("{one:?}");
    }
    assert_eq!(Bounds::ASKED.check(&year.score), []);
}
