//! The year of `ltr demo`: the connectors read doubles of the services, the log is projected every evening, everybody's
//! answer is held against the truth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use ltr_api::client::{Client, connect};
use ltr_connect::Means;
use ltr_connect::retry::Patience;
use ltr_domain::ids::Source;
use ltr_log_nats::{NatsLog, NatsRereads};
use ltr_population::Plan;
use ltr_population::score::Bounds;
use ltr_ports::log::ClockKind;
use ltr_ports::rereads::LEASE;
use ltr_ports::store::Store;
use ltr_project::{Config as ProjectConfig, Until};
use ltr_proto::record::Teacher;
use ltr_store_pg::PgStore;
use ltr_upstreams::{Faults, Service};
use ltr_year::{Setting, Year};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::chosen::{Chosen, choose};
use super::progress::Progress;
use crate::cli::Demo;
use crate::cmd::up::House;
use crate::failure::Failure;
use crate::walked::{Asked, Line, Walked};
use crate::{kek, output, render, walked, wiring};

/// More deliveries than a year has.
const DELIVERIES_MAX: u32 = 10_000_000;

/// Somebody worth asking about, and the answer.
struct Shown {
    chosen: Chosen,
    name: String,
    teacher: Teacher,
}

/// Walks the year and prints what it came to; then keeps the address open, unless told to leave.
pub(super) async fn run(args: &Demo) -> anyhow::Result<()> {
    let faults = Faults::parse(args.seed, &args.faults).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut house = House::open_service(ClockKind::Simulated, super::api(), None).await?;
    let walking = async {
        let (walked, shown) = walk(&house, args, faults).await?;
        print(args, &walked, &shown);
        anyhow::Ok(shown)
    };
    let walked = tokio::select! {
        walked = walking => walked.map(Some),
        () = wiring::asked_to_stop() => {
            output::note("stopped before the end of the year; nothing is kept");
            Ok(None)
        }
    };
    let ended = match walked {
        Ok(Some(shown)) if !args.exit => {
            let questions: Vec<String> = shown.iter().map(question).collect();
            match house.start_roles() {
                Ok(()) => super::stay_open(&mut house, &questions).await,
                Err(error) => Err(error),
            }
        }
        other => other.map(drop),
    };
    house.close().await?;
    ended
}

async fn walk(house: &House, args: &Demo, faults: Faults) -> anyhow::Result<(Walked, Vec<Shown>)> {
    let extracts = tempfile::tempdir().context("making a folder for extract files")?;
    let (mut year, progress) = begin(house, args, faults, &extracts).await?;
    let began = Instant::now();
    let config = ProjectConfig::default();
    let project = async || {
        let never = std::future::pending();
        ltr_project::run(&config, &house.log, &house.store, Until::Head, never, |_| {}).await?;
        Ok(())
    };
    let mut failures = 0;
    while let Some(day) = year.walk_a_day(project).await? {
        failures += day.stopped.len();
        failures += day
            .outcomes
            .iter()
            .map(|outcome| outcome.failures.len())
            .sum::<usize>();
        progress.walked(&day);
    }
    progress.end();
    let took = began.elapsed();
    let walked = came_to(house, args, &year, &progress, failures, took).await?;
    let mut client = connect(&house.address).await?;
    let mut shown = Vec::new();
    for place in choose(&year.sources.population) {
        shown.extend(first_known(&mut client, place).await?);
    }
    Ok((walked, shown))
}

/// The morning of the first day.
async fn begin(
    house: &House,
    args: &Demo,
    faults: Faults,
    extracts: &TempDir,
) -> anyhow::Result<(Year<NatsLog, PgStore>, Arc<Progress>)> {
    let setting = Setting {
        plan: Plan::new(args.seed, args.people),
        faults,
        extracts: extracts.path().to_owned(),
    };
    let sources = setting.open();
    output::note(&format!(
        "{} made-up people of seed {}, with {} providers, from {} to {}",
        sources.population.truth.len(),
        args.seed,
        sources.population.providers.len(),
        sources.days().0,
        sources.days().1,
    ));
    let rereads = NatsRereads::open(&house.log, LEASE)
        .await
        .context("opening the queue of TRNs to read again")?;
    let means = Means {
        pace: Arc::clone(&sources.clock) as _,
        random: Arc::new(kek::random),
        patience: Patience::default(),
        rereads: Arc::new(rereads),
    };
    let from = sources.days().0;
    let days = sources.population.plan.window.days().count();
    let progress = Arc::new(Progress::new(from, days as u64));
    let told = Arc::clone(&progress);
    let loaded = kek::load(&house.config)?;
    let year = Year::begin(
        sources,
        house.log.clone(),
        house.store.clone(),
        means,
        &|| loaded.clone(),
        Arc::new(move |one| told.hear(one)),
    )
    .await?;
    Ok((year, progress))
}

async fn came_to(
    house: &House,
    args: &Demo,
    year: &Year<NatsLog, PgStore>,
    progress: &Progress,
    failures: usize,
    took: Duration,
) -> anyhow::Result<Walked> {
    let deliveries = house.store.deliveries(DELIVERIES_MAX).await?;
    let held: Vec<_> = deliveries.into_iter().filter_map(|one| one.held).collect();
    let waiting = held.iter().filter(|held| held.ruling.is_none()).count();
    let (months, whole) = Line::of(&year.score);
    let learnt = year.score.learning.by_stage().into_iter();
    let breaches = Bounds::ASKED.check(&year.score);
    let population = &year.sources.population;
    Ok(Walked {
        seed: args.seed,
        trainees: population.plan.size,
        people: population.truth.len(),
        faults: args.faults.clone(),
        days: year.sources.days(),
        months,
        year: whole,
        learnt: learnt.map(|(stage, learnt)| (stage.token(), learnt)).collect(),
        asked: asked(year, progress),
        held: (held.len(), waiting),
        failures,
        breaches: breaches.iter().map(ToString::to_string).collect(),
        took,
    })
}

/// What the doubles counted, beside what came.
fn asked(year: &Year<NatsLog, PgStore>, progress: &Progress) -> Vec<Asked> {
    let came = progress.came();
    let none = |source| {
        let came = came.get(&source).copied().unwrap_or_default();
        let asked = Asked {
            source,
            requests: 0,
            busiest: 0,
            limit: limit(source),
            refused: 0,
            deliveries: came.deliveries,
            rows: came.rows,
            observations: came.observations,
        };
        (source, asked)
    };
    let mut all: BTreeMap<Source, Asked> = Source::ALL.into_iter().map(none).collect();
    for minute in year.sources.upstreams.requests() {
        let source = match minute.service {
            Service::Candidates | Service::Recruits => Source::Apply,
            Service::Register => Source::Register,
            Service::Trs => Source::Trs,
            Service::Vacancies => Source::TeachingVacancies,
        };
        if let Some(one) = all.get_mut(&source) {
            one.requests += u64::from(minute.asked);
            one.refused += u64::from(minute.refused);
            one.busiest = one.busiest.max(minute.asked);
        }
    }
    all.into_values().collect()
}

/// How many requests a service takes in a minute (U§6.1, U§12).
fn limit(source: Source) -> Option<u32> {
    match source {
        Source::Register => Some(100),
        Source::Trs => Some(1_000),
        Source::TeachingVacancies => Some(105),
        Source::Apply => None,
    }
}

/// The first of them of whom the service has heard, by the first name that it knows.
async fn first_known(client: &mut Client, place: Vec<Chosen>) -> anyhow::Result<Option<Shown>> {
    for chosen in place {
        for name in &chosen.names {
            match crate::cmd::teacher::get(client, name, None, false).await {
                Ok(teacher) => {
                    let name = name.clone();
                    return Ok(Some(Shown {
                        chosen,
                        name,
                        teacher,
                    }));
                }
                Err(error) if is_not_found(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}

fn is_not_found(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<Failure>(), Some(Failure::NotFound(_)))
}

fn question(shown: &Shown) -> String {
    format!("ltr teacher explain {}", shown.name)
}

fn print(args: &Demo, walked: &Walked, shown: &[Shown]) {
    if args.json {
        let mut object = walked::json(walked);
        object["teachers"] = shown.iter().map(told).collect();
        output::json(&object);
        return;
    }
    output::data(&walked::text(walked));
    output::data("\nWorth asking about:");
    for one in shown {
        output::data(&format!("\n{}", render::teacher_text(&one.teacher)));
        output::data(&format!("  {:<10} {}", "in truth", one.chosen.why));
        output::data(&format!("  {:<10} {}", "ask", question(one)));
    }
}

fn told(shown: &Shown) -> Value {
    json!({
        "name": shown.name,
        "in_truth": shown.chosen.why,
        "ask": question(shown),
        "teacher": render::teacher_json(&shown.teacher),
    })
}
