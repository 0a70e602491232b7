//! `ltr quarantine`: rows that could not be mapped, and what is done about them.

mod filter;

use std::collections::BTreeMap;

use ltr_domain::delivery::RowsReleased;
use ltr_domain::ids::Feed;
use ltr_ingest::{
    Backfill, Config as IngestConfig, Edge, Ending, Redrive, RedriveReport, Redriven, Rehearsal,
};
use ltr_ports::clock::{Clock, SystemClock};
use ltr_ports::store::{QuarantineRow, Store};
use ltr_sources::codes::owner;
use serde_json::{Value, json};

use super::ingest::delivery_id;
use crate::cli::{Quarantine, QuarantineList, QuarantineRedrive, QuarantineRelease};
use crate::config::Config;
use crate::failure::Failure;
use crate::{kek, output, wiring};

use filter::Wanted;

/// So many of the rows seen last are looked through.
const LOOKED_THROUGH_MAX: u32 = 100_000;

/// The longest name of an account.
const ACTOR_MAX: usize = 64;

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// Asks or does what the arguments tell.
pub(crate) async fn run(args: &Quarantine, config: &Config) -> anyhow::Result<()> {
    match args {
        Quarantine::List(args) => list(args, config).await,
        Quarantine::Redrive(args) => redrive(args, config).await,
        Quarantine::Release(args) => release(args, config).await,
    }
}

async fn list(args: &QuarantineList, config: &Config) -> anyhow::Result<()> {
    let wanted = Wanted::of(&args.filter)?;
    let store = wiring::store(config).await?;
    let rows = store.quarantine(LOOKED_THROUGH_MAX).await?;
    let asked_for = rows.iter().filter(|row| wanted.takes(row));
    let asked_for = asked_for.filter(|row| !args.waiting || row.released_at.is_none());
    let rows: Vec<&QuarantineRow> = asked_for.take(args.count as usize).collect();
    if args.json {
        rows.into_iter().map(shown).for_each(|row| output::json(&row));
    } else if rows.is_empty() {
        output::note("nothing of that kind is in quarantine");
    } else {
        output::data(&table(&rows));
    }
    Ok(())
}

fn shown(row: &QuarantineRow) -> Value {
    json!({
        "id": row.message.id,
        "feed": row.message.feed.to_string(),
        "scope": row.scope,
        "code": row.message.code,
        "owner": owner(&row.message.code).token(),
        "reason": row.message.reason,
        "place": row.message.place,
        "record": row.message.record.as_ref().map(ToString::to_string),
        "kept": row.message.evidence.is_some(),
        "row_bytes": row.message.row_bytes,
        "delivery": row.message.delivery.to_string(),
        "taken_at": row.message.taken_at.map(|taken_at| taken_at.to_string()),
        "sequence": row.sequence,
        "times_seen": row.times_seen,
        "first_seen_at": row.first_seen_at.to_string(),
        "last_seen_at": row.last_seen_at.to_string(),
        "released_at": row.released_at.map(|released_at| released_at.to_string()),
    })
}

fn table(rows: &[&QuarantineRow]) -> String {
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let record = row.message.record.as_ref().map(ToString::to_string);
            vec![
                row.message.feed.to_string(),
                row.message.code.clone(),
                owner(&row.message.code).token().to_owned(),
                if row.released_at.is_some() {
                    "released"
                } else {
                    "waiting"
                }
                .to_owned(),
                record.unwrap_or_default(),
                row.message.place.clone(),
                row.times_seen.to_string(),
                row.first_seen_at.to_string(),
                row.last_seen_at.to_string(),
                row.message.reason.clone(),
            ]
        })
        .collect();
    let head = [
        "feed",
        "code",
        "owner",
        "state",
        "record",
        "place",
        "times",
        "first seen",
        "last seen",
        "reason",
    ];
    output::table(&head, &cells)
}

async fn redrive(args: &QuarantineRedrive, config: &Config) -> anyhow::Result<()> {
    let wanted = Wanted::of(&args.filter)?;
    let store = wiring::store(config).await?;
    let mut rows = store.quarantine_waiting().await?;
    rows.retain(|row| wanted.takes(row));
    if rows.is_empty() && !args.json {
        output::note("nothing of that kind waits in quarantine");
        return Ok(());
    }
    let log = wiring::log(config, None).await?;
    let (kek, clock) = (kek::load(config)?, SystemClock);
    let edge = Edge {
        clock: &clock,
        random: &kek::random,
        kek: &kek,
    };
    let how = Redrive {
        chunk_max: args.chunk as usize,
        late: if args.backfill {
            Backfill::Yes
        } else {
            Backfill::No
        },
        rehearsal: if args.dry_run {
            Rehearsal::Yes
        } else {
            Rehearsal::No
        },
        delivery_id: &|| delivery_id(SystemClock.now()),
    };
    let bar = output::bar(rows.len() as u64, "driving again");
    let on_row = |redriven: &Redriven| {
        bar.inc(1);
        bar.suspend(|| tell(redriven, args));
    };
    let messages = rows.into_iter().map(|row| row.message).collect();
    let report = ltr_ingest::redrive(&log, &edge, &IngestConfig::default(), &how, messages, on_row).await;
    bar.finish_and_clear();
    summarise(&report?, args);
    Ok(())
}

/// Tells of one row: as JSON of each, otherwise of those that stay.
fn tell(redriven: &Redriven, args: &QuarantineRedrive) {
    let Redriven { row, ending } = redriven;
    let now = match ending {
        Ending::Bad { code, reason } => Some((code, reason)),
        Ending::Good | Ending::NotKept | Ending::Erased | Ending::Altered | Ending::Unsettled => None,
    };
    if args.json {
        output::json(&json!({
            "id": row.id,
            "feed": row.feed.to_string(),
            "record": row.record.as_ref().map(ToString::to_string),
            "was": row.code,
            "ending": ending.token(),
            "code": now.map(|(code, _)| code),
            "reason": now.map(|(_, reason)| reason),
        }));
        return;
    }
    let told = match ending {
        Ending::Good => return,
        Ending::Bad { code, reason } => format!("still bad: {code}: {reason}"),
        Ending::NotKept => "is not kept; have it delivered again".to_owned(),
        Ending::Erased => "is erased".to_owned(),
        Ending::Altered => "does not verify: treat it as tampering (ltr log verify)".to_owned(),
        Ending::Unsettled => "met others at work; drive it again".to_owned(),
    };
    output::data(&format!("{} {} {told}", row.feed, row.id));
}

fn summarise(report: &RedriveReport, args: &QuarantineRedrive) {
    let RedriveReport {
        endings,
        deliveries,
        counts,
    } = report;
    let rows: u64 = endings.values().sum();
    let of = |ending: &str| endings.get(ending).copied().unwrap_or_default();
    if args.json {
        let deliveries: Vec<String> = deliveries.iter().map(ToString::to_string).collect();
        output::json(&json!({
            "rows": rows,
            "good": of("good"),
            "bad": of("bad"),
            "not_kept": of("not_kept"),
            "erased": of("erased"),
            "altered": of("altered"),
            "unsettled": of("unsettled"),
            "observations": counts.observations,
            "events": counts.events,
            "unchanged": counts.unchanged,
            "superseded": counts.superseded,
            "deliveries": deliveries,
            "dry_run": args.dry_run,
        }));
        return;
    }
    let verb = if args.dry_run { "would come to" } else { "came to" };
    output::note(&format!(
        "{rows} rows: {} good, {} still bad, {} not kept, {} erased; they {verb} {} observations with {} events, {} \
         unchanged, {} superseded",
        of("good"),
        of("bad") + of("altered") + of("unsettled"),
        of("not_kept"),
        of("erased"),
        counts.observations,
        counts.events,
        counts.unchanged,
        counts.superseded,
    ));
}

async fn release(args: &QuarantineRelease, config: &Config) -> anyhow::Result<()> {
    check_said(args)?;
    let store = wiring::store(config).await?;
    let rows = store.quarantine_by_id(args.ids.clone()).await?;
    if let Some(unknown) = args
        .ids
        .iter()
        .find(|id| !rows.iter().any(|row| row.message.id == **id))
    {
        return Err(Failure::NotFound(format!("there is no row {unknown} in quarantine")).into());
    }
    let mut of_feed: BTreeMap<Feed, Vec<String>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.released_at.is_none()) {
        of_feed.entry(row.message.feed).or_default().push(row.message.id);
    }
    let log = wiring::log(config, None).await?;
    let (kek, clock) = (kek::load(config)?, SystemClock);
    let edge = Edge {
        clock: &clock,
        random: &kek::random,
        kek: &kek,
    };
    let mut count = 0;
    for (feed, rows) in of_feed {
        count += rows.len();
        let released = RowsReleased {
            rows,
            actor: args.actor.clone(),
            reason: args.reason.clone(),
        };
        let delivery = delivery_id(clock.now());
        ltr_ingest::release(&log, &edge, &IngestConfig::default(), feed, delivery, released).await?;
    }
    output::note(&format!("{count} rows are released, until they are seen again"));
    Ok(())
}

/// What goes on the log is bounded and names an account.
fn check_said(args: &QuarantineRelease) -> anyhow::Result<()> {
    let is_of_account = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let is_account =
        !args.actor.is_empty() && args.actor.len() <= ACTOR_MAX && args.actor.chars().all(is_of_account);
    if !is_account {
        let why = "--actor takes a role or account: letters, digits, '.', '_' and '-', at most 64";
        return Err(Failure::Usage(why.to_owned()).into());
    }
    if args.reason.trim().is_empty() || args.reason.chars().count() > REASON_MAX {
        return Err(Failure::Usage("--reason takes 1 to 500 characters".to_owned()).into());
    }
    Ok(())
}
