//! `ltr ingest file`: rows from files onto the log.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ingest::{
    Backfill, Config as IngestConfig, DeliveryPlan, Edge, Held, InputError, Progress, Report, Standing,
};
use ltr_ports::clock::{Clock, SystemClock};
use ltr_proto::json as log_json;
use ltr_sources::Row;
use serde_json::json;

use crate::cli::IngestFile;
use crate::config::Config;
use crate::failure::Failure;
use crate::{kek, output, wiring};

/// Ingests the files named.
pub(crate) async fn run(args: &IngestFile, config: &Config) -> anyhow::Result<()> {
    let feed = feed_of(&args.source, &args.feed)?;
    let scope = scope_of(&args.scope)?;
    let documents = args.paths.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    let log = wiring::log(config, None).await?;
    let kek = kek::load(config)?;
    let clock = SystemClock;
    let plan = DeliveryPlan {
        delivery: delivery_id(clock.now()),
        feed,
        scope,
        completeness: if args.complete {
            Completeness::Complete
        } else {
            Completeness::Partial
        },
        taken_at: TakenAt(args.taken_at.unwrap_or_else(|| clock.now())),
        manifest: documents.iter().map(|(name, _)| name.to_string()).collect(),
        api_version: ltr_sources::api_version(feed).to_owned(),
        late: if args.backfill {
            Backfill::Yes
        } else {
            Backfill::No
        },
    };
    let edge = Edge {
        clock: &clock,
        random: &kek::random,
        kek: &kek,
    };
    let bounds = IngestConfig {
        bounds: config.bounds.clone(),
        ..IngestConfig::default()
    };
    let report = if args.dry_run {
        let show = |entry: &ltr_proto::codec::LogEntry| output::json(&log_json::to_json(entry));
        ltr_ingest::dry_run(&log, &edge, &bounds, &plan, || rows(feed, &documents), show).await?
    } else {
        let bar = output::bar(lines(&documents), "ingesting");
        let on_page = |progress: &Progress| bar.set_position(progress.counts.rows);
        let report =
            ltr_ingest::deliver(&log, &edge, &bounds, &plan, || rows(feed, &documents), on_page).await;
        bar.finish_and_clear();
        report?
    };
    if let Some(held) = &report.held {
        return Err(tell_held(held, args));
    }
    print(&report, args);
    Ok(())
}

/// Says why nothing was published, and what to do.
fn tell_held(held: &Held, args: &IngestFile) -> anyhow::Error {
    let Held {
        delivery,
        comparison,
        reasons,
        standing,
    } = held;
    if args.json {
        output::json(&json!({
            "held": match standing {
                Standing::Waiting => "waiting",
                Standing::Rejected => "rejected",
            },
            "delivery": delivery.to_string(),
            "reasons": reasons.iter().map(|reason| reason.cause.token()).collect::<Vec<_>>(),
            "rows": comparison.rows,
            "expected": comparison.expected,
            "added": comparison.added,
            "changed": comparison.changed,
            "absent": comparison.absent,
            "quarantined": comparison.quarantined,
            "dry_run": args.dry_run,
        }));
    }
    let why = reasons
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ");
    let text = match standing {
        Standing::Rejected => {
            format!("these rows were rejected as delivery {delivery} and are refused: {why}")
        }
        Standing::Waiting if args.dry_run => format!("the delivery would be held: {why}"),
        Standing::Waiting => format!(
            "the delivery is held as {delivery} and nothing of it is published: {why}\n\
             have a good one sent; or, if it is right: ltr delivery approve {delivery} --actor … --reason …, \
             and ingest it again"
        ),
    };
    Failure::Held(text).into()
}

/// A new delivery's id: a UUIDv7 of the given instant.
pub(crate) fn delivery_id(now: Timestamp) -> DeliveryId {
    let mut random = [0u8; 10];
    kek::random(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    DeliveryId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

fn feed_of(source: &str, feed: &str) -> anyhow::Result<Feed> {
    Feed::from_tokens(source, feed).ok_or_else(|| {
        let right: Vec<_> = Feed::ALL
            .iter()
            .map(|feed| format!("--source {} --feed {}", feed.source().token(), feed.token()))
            .collect();
        Failure::Usage(format!(
            "there is no feed {source}/{feed}; the feeds are:\n  {}",
            right.join("\n  ")
        ))
        .into()
    })
}

pub(crate) fn scope_of(pairs: &[String]) -> anyhow::Result<Scope> {
    pairs
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                Ok((name.to_owned(), value.to_owned()))
            }
            _ => Err(Failure::Usage(format!("--scope takes NAME=VALUE,…, not {pair:?}")).into()),
        })
        .collect()
}

type Document = (Arc<str>, Vec<u8>);

fn read(path: &PathBuf) -> anyhow::Result<Document> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("reading standard input")?;
        return Ok(("standard input".into(), bytes));
    }
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((name.into(), bytes))
}

fn rows(
    feed: Feed,
    documents: &[Document],
) -> impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send {
    documents
        .iter()
        .flat_map(move |(name, bytes)| -> Box<dyn Iterator<Item = _> + Send + '_> {
            match ltr_sources::rows(feed, bytes) {
                Ok(rows) => Box::new(rows.map(move |row| Ok((Arc::clone(name), row)))),
                Err(error) => Box::new(std::iter::once(Err(InputError {
                    file: name.to_string(),
                    source: Box::new(error),
                }))),
            }
        })
}

fn lines(documents: &[Document]) -> u64 {
    documents
        .iter()
        .map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
        .sum()
}

fn print(report: &Report, args: &IngestFile) {
    let counts = &report.counts;
    if args.json {
        output::json(&json!({
            "rows": counts.rows,
            "unchanged": counts.unchanged,
            "observations": counts.observations,
            "events": counts.events,
            "superseded": counts.superseded,
            "quarantined": counts.quarantined,
            "absent": report.absent,
            "delivery": report.delivery.to_string(),
            "dry_run": args.dry_run,
        }));
        return;
    }
    let verb = if args.dry_run {
        "would publish"
    } else {
        "published"
    };
    output::note(&format!(
        "{} rows: {verb} {} observations with {} events; {} unchanged, {} superseded, {} in quarantine{}",
        counts.rows,
        counts.observations,
        counts.events,
        counts.unchanged,
        counts.superseded,
        counts.quarantined,
        if counts.quarantined > 0 && !args.dry_run {
            " (see: ltr quarantine list)"
        } else {
            ""
        },
    ));
}
