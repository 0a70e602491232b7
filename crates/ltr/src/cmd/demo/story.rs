//! `ltr demo --story`: eight invented people, a few deliveries, answered questions.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_api::client::{Client, connect};
use ltr_domain::time::{TakenAt, end_of_london_day};
use ltr_ingest::{Backfill, Config as IngestConfig, DeliveryPlan, Edge};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_ports::store::Store;
use ltr_proto::record::{AsOf, ListTeacherHistoryRequest};
use ltr_proto::view;
use ltr_sources::Row;

use crate::cli::Demo;
use crate::cmd::up::House;
use crate::demo::{ASKED_ON, Arrival, PEOPLE, arrivals};
use crate::{kek, output, render};

/// Tells the story, asks, prints; then keeps the address open, unless told to leave.
pub(super) async fn run(args: &Demo) -> anyhow::Result<()> {
    let mut house = House::open(ClockKind::Simulated, super::api(), None).await?;
    let mut told = walk_and_ask(&house).await;
    if told.is_ok() && !args.exit {
        let questions = [
            "ltr teacher show 3100001 --on 2026-09-10 --known 2026-09-10",
            "ltr teacher explain 3100001",
            "ltr teacher diff 3100001 --from-known 2026-09-10 --to-known 2026-11-15",
        ];
        told = super::stay_open(&mut house, &questions.map(str::to_owned)).await;
    }
    house.close().await?;
    told
}

async fn walk_and_ask(house: &House) -> anyhow::Result<()> {
    let arrivals = arrivals();
    let bar = output::bar(arrivals.len() as u64, "walking the year");
    for arrival in &arrivals {
        deliver(house, arrival).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    crate::cmd::clock::publish(&house.log, "2027-09-20T09:00:00Z".parse()?).await?;
    until_projected(house).await?;
    let mut client = connect(&house.address).await?;
    year_at_a_glance(&mut client).await?;
    for id in ["3100001", "apply-choice:502", "3100006", "3013021"] {
        output::data("");
        output::data(&render::teacher_text(
            &crate::cmd::teacher::get(&mut client, id, None, false).await?,
        ));
    }
    output::data("\nThe ordinary life over time, as it is known now:");
    let request = ListTeacherHistoryRequest {
        parent: "teachers/3100001".into(),
        ..Default::default()
    };
    let history = client.list_teacher_history(request).await?.into_inner();
    output::data(&render::history_text(&history.intervals));
    output::data("\nWhere she stood on 10 September 2026, as we knew it that day:");
    let day: Date = "2026-09-10".parse()?;
    let then = as_of(day, end_of_london_day(day));
    let teacher = crate::cmd::teacher::get(&mut client, "apply-choice:501", Some(then), false).await?;
    output::data(&render::teacher_text(&teacher));
    Ok(())
}

async fn deliver(house: &House, arrival: &Arrival) -> anyhow::Result<()> {
    let kek = kek::load(&house.config)?;
    let clock = ManualClock::at(arrival.at);
    let plan = DeliveryPlan {
        delivery: crate::cmd::ingest::delivery_id(arrival.at),
        feed: arrival.feed,
        scope: arrival.scope.clone(),
        completeness: arrival.completeness,
        taken_at: TakenAt(arrival.at),
        manifest: vec!["the demonstration's story".to_owned()],
        api_version: ltr_sources::api_version(arrival.feed).to_owned(),
        late: Backfill::No,
    };
    let story: Arc<str> = "story".into();
    let rows = arrival.rows.iter().enumerate().map(|(index, row)| {
        Ok((
            Arc::clone(&story),
            Row {
                value: Ok(row.clone()),
                place: format!("item {}", index + 1),
            },
        ))
    });
    let edge = Edge {
        clock: &clock,
        random: &kek::random,
        kek: &kek,
    };
    let config = IngestConfig::default();
    let report = ltr_ingest::deliver(&house.log, &edge, &config, &plan, || rows.clone(), |_| {}).await?;
    anyhow::ensure!(report.held.is_none(), "a delivery of the story is held back");
    Ok(())
}

async fn until_projected(house: &House) -> anyhow::Result<()> {
    let last = house.log.facts(Stream::Events).await?.last_sequence;
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            tick.tick().await;
            if house
                .store
                .checkpoint()
                .await?
                .is_some_and(|cursor| cursor.sequence >= last)
            {
                return anyhow::Ok(());
            }
        }
    })
    .await
    .context("the projector did not catch up within a minute")?
}

/// The cohort's stages on some days of the year, each as it was known on that day.
async fn year_at_a_glance(client: &mut Client) -> anyhow::Result<()> {
    output::data("What we would have answered on these days, knowing what was known then");
    output::data("(~ provisional, ? presumed or unknown, unmarked confirmed; a dot: nobody had heard):\n");
    for (id, story) in PEOPLE {
        output::data(&format!("{id}  {story}"));
        let mut rows = Vec::new();
        for on in ASKED_ON {
            let day: Date = on.parse()?;
            let as_of = as_of(day, end_of_london_day(day));
            let cell = match crate::cmd::teacher::get(client, id, Some(as_of), false).await {
                Ok(teacher) => {
                    let headline = teacher.headline.clone().unwrap_or_default();
                    let source = headline
                        .claim
                        .map(|claim| claim.source)
                        .unwrap_or_else(|| "-".into());
                    vec![
                        format!("  {on}"),
                        render::stage_mark(&teacher),
                        source,
                        headline.reason,
                    ]
                }
                Err(error) if error.downcast_ref::<crate::failure::Failure>().is_some() => {
                    vec![format!("  {on}"), ".".into(), "-".into(), "-".into()]
                }
                Err(error) => return Err(error),
            };
            rows.push(cell);
        }
        output::data(&output::table(&["  day", "stage", "source", "reason"], &rows));
        output::data("");
    }
    Ok(())
}

fn as_of(on: Date, known: Timestamp) -> AsOf {
    AsOf {
        effective_on: on.to_string(),
        known_at: Some(view::timestamp(known)),
    }
}
