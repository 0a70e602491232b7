//! Drives rows of the quarantine again: opens those that are kept, maps them with today's mapping, and delivers those that
//! are good now, as of the snapshot that they were in. What is still bad stays where it is, without another message.
//!
//! Every chunk is an ordinary partial delivery, and after it says which rows wait no more. So a run may be broken off
//! anywhere, and doing it again changes nothing.

mod chunks;
mod opening;

use std::collections::BTreeMap;
use std::sync::Arc;

use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, Quarantined, REDRIVEN, RowsReleased, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ports::log::Log;
use ltr_proto::codec::LogEntry;
use ltr_sources::Row;
use serde_json::Value;

use crate::config::{Backfill, Config, DeliveryPlan, Edge, InputError};
use crate::context::Context;
use crate::course::Course;
use crate::deliver::deliver;
use crate::dry_run::dry_run;
use crate::error::IngestError;
use crate::history::Memo;
use crate::settle::step;

use chunks::Chunk;
use opening::{Opened, open};

/// What stands in place of a file where rows come from the quarantine.
const PLACE: &str = "quarantine";

/// How rows are driven again.
pub struct Redrive<'a> {
    /// At most so many rows in one delivery; from 1.
    pub chunk_max: usize,
    /// What is done with rows that are older than what is known of their record.
    pub late: Backfill,
    /// Whether anything is published.
    pub rehearsal: Rehearsal,
    /// Makes the id of a delivery; another each time.
    pub delivery_id: &'a (dyn Fn() -> DeliveryId + Sync),
}

impl std::fmt::Debug for Redrive<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redrive")
            .field("chunk_max", &self.chunk_max)
            .field("late", &self.late)
            .field("rehearsal", &self.rehearsal)
            .finish_non_exhaustive()
    }
}

/// Whether a run only tells what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehearsal {
    /// It tells, and publishes nothing.
    Yes,
    /// It publishes.
    No,
}

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redriven {
    /// The last message about it in quarantine.
    pub row: Quarantined,
    /// What came of it.
    pub ending: Ending,
}

/// What can come of a row that is driven again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It is good now, and released.
    Good,
    /// It is still bad, and stays.
    Bad {
        /// The code, which may be another than it was.
        code: String,
        /// What is wrong, without any value of the row.
        reason: String,
    },
    /// It is not kept: it could not be parsed, was too long, or came before rows were kept.
    NotKept,
    /// Its key is destroyed.
    Erased,
    /// What is kept does not verify: treat it as tampering.
    Altered,
    /// Others got in between. It stays, and is to be driven again.
    Unsettled,
}

impl Ending {
    /// Its name in JSON.
    #[must_use]
    pub fn token(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad { .. } => "bad",
            Self::NotKept => "not_kept",
            Self::Erased => "erased",
            Self::Altered => "altered",
            Self::Unsettled => "unsettled",
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedriveReport {
    /// How many rows came to which end, by the name of the end.
    pub endings: BTreeMap<&'static str, u64>,
    /// The deliveries that it made, in order; none in a rehearsal.
    pub deliveries: Vec<DeliveryId>,
    /// The sum over them, or, in a rehearsal, what it would be.
    pub counts: Counts,
}

/// Drives these rows of the quarantine again, the oldest snapshot first. `on_row` is told of each row once it is settled.
///
/// The future may be dropped anywhere: what is published stays, and the same rows again settle the rest, and nothing
/// twice.
///
/// # Errors
///
/// As for [`deliver`].
pub async fn redrive<L: Log>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    how: &Redrive<'_>,
    rows: Vec<Quarantined>,
    mut on_row: impl FnMut(&Redriven) + Send,
) -> Result<RedriveReport, IngestError> {
    let mut report = RedriveReport::default();
    for chunk in chunks::of(rows, how.chunk_max) {
        let driving = Driving {
            log,
            edge,
            config,
            how,
            chunk: &chunk,
        };
        for redriven in driving.run(&mut report).await? {
            *report.endings.entry(redriven.ending.token()).or_default() += 1;
            on_row(&redriven);
        }
    }
    Ok(report)
}

/// Says by hand that rows of a feed wait no more, until they are seen again. `rows` are their ids; `actor` a role or
/// account, never a person. No rows, no message.
///
/// # Errors
///
/// A log that cannot be written.
pub async fn release<L: Log>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    feed: Feed,
    delivery: DeliveryId,
    mut released: RowsReleased,
) -> Result<(), IngestError> {
    released.rows.sort();
    released.rows.dedup();
    if released.rows.is_empty() {
        return Ok(());
    }
    let plan = DeliveryPlan {
        delivery,
        feed,
        scope: Scope::new(),
        completeness: Completeness::Partial,
        // Of no snapshot: on a simulated log, where time goes by snapshots, it moves none.
        taken_at: TakenAt(jiff::Timestamp::MIN),
        manifest: Vec::new(),
        api_version: String::new(),
        late: Backfill::No,
    };
    say(log, edge, config, &plan, released).await
}

/// Writes behind the feed's last message which rows wait no more.
async fn say<L: Log>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    plan: &DeliveryPlan,
    released: RowsReleased,
) -> Result<(), IngestError> {
    let memo = Memo::default();
    let context = Context::new(log, edge, config, plan, &memo).await?;
    let mut course = Course::take_up(&context).await?;
    step(&context, &mut course, DeliveryStep::Released(released)).await
}

/// One chunk on its way.
struct Driving<'a, L> {
    log: &'a L,
    edge: &'a Edge<'a>,
    config: &'a Config,
    how: &'a Redrive<'a>,
    chunk: &'a Chunk,
}

impl<L: Log> Driving<'_, L> {
    async fn run(&self, report: &mut RedriveReport) -> Result<Vec<Redriven>, IngestError> {
        let mut endings: BTreeMap<&str, Ending> = BTreeMap::new();
        // Rows of one delivery were read under one version of the API; another answer would be other people's.
        let mut by_version: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
        for (row, opened) in open(self.log, self.edge.kek, &self.chunk.rows).await? {
            match opened {
                Opened::Row { api_version, value } => {
                    let of_version = by_version.entry(api_version).or_default();
                    of_version.push((row.id.clone(), value));
                }
                Opened::Not(ending) => _ = endings.insert(&row.id, ending),
            }
        }
        for (api_version, rows) in by_version {
            let ids: Vec<String> = rows.iter().map(|(id, _)| id.clone()).collect();
            let mut settled = self.settle(api_version, rows, report).await?;
            for row in &self.chunk.rows {
                if ids.contains(&row.id) {
                    endings.insert(&row.id, settled.remove(&row.id).unwrap_or(Ending::Good));
                }
            }
        }
        let redriven = self.chunk.rows.iter().map(|row| Redriven {
            row: row.clone(),
            ending: endings.remove(row.id.as_str()).unwrap_or(Ending::Unsettled),
        });
        Ok(redriven.collect())
    }

    /// Delivers those of the rows that are good, and says so. Returns what came of the others, by id.
    async fn settle(
        &self,
        api_version: String,
        mut rows: Vec<(String, Value)>,
        report: &mut RedriveReport,
    ) -> Result<BTreeMap<String, Ending>, IngestError> {
        let plan = self.plan(api_version);
        let (bad, counts) = self.rehearse(&plan, &rows).await?;
        rows.retain(|(id, _)| !bad.contains_key(id));
        if rows.is_empty() || self.how.rehearsal == Rehearsal::Yes {
            report.counts.add(&Counts {
                rows: rows.len() as u64,
                quarantined: 0,
                ..counts
            });
            return Ok(bad);
        }
        let delivered = deliver(self.log, self.edge, self.config, &plan, || items(&rows), |_| ()).await?;
        report.deliveries.push(plan.delivery);
        report.counts.add(&delivered.counts);
        if delivered.counts.quarantined > 0 {
            let unsettled = rows.into_iter().map(|(id, _)| (id, Ending::Unsettled));
            return Ok(bad.into_iter().chain(unsettled).collect());
        }
        self.release(&plan, rows).await?;
        Ok(bad)
    }

    /// What would come of the rows: which are still bad, by id, and the counts.
    async fn rehearse(
        &self,
        plan: &DeliveryPlan,
        rows: &[(String, Value)],
    ) -> Result<(BTreeMap<String, Ending>, Counts), IngestError> {
        let mut bad = BTreeMap::new();
        let note = |entry: &LogEntry| {
            let LogEntry::Quarantined(row) = entry else { return };
            if let Some(id) = row.place.strip_prefix(PLACE) {
                let (code, reason) = (row.code.clone(), row.reason.clone());
                bad.insert(id.trim_start().to_owned(), Ending::Bad { code, reason });
            }
        };
        let report = dry_run(self.log, self.edge, self.config, plan, || items(rows), note).await?;
        Ok((bad, report.counts))
    }

    async fn release(&self, plan: &DeliveryPlan, rows: Vec<(String, Value)>) -> Result<(), IngestError> {
        let mut rows: Vec<String> = rows.into_iter().map(|(id, _)| id).collect();
        rows.sort();
        rows.dedup();
        let released = RowsReleased {
            rows,
            actor: String::new(),
            reason: String::new(),
        };
        say(self.log, self.edge, self.config, plan, released).await
    }

    fn plan(&self, api_version: String) -> DeliveryPlan {
        let Chunk {
            feed,
            delivery,
            taken_at,
            ..
        } = *self.chunk;
        DeliveryPlan {
            delivery: (self.how.delivery_id)(),
            feed,
            scope: Scope::from([(REDRIVEN.to_owned(), delivery.to_string())]),
            completeness: Completeness::Partial,
            taken_at,
            manifest: vec![PLACE.to_owned()],
            api_version,
            late: self.how.late,
        }
    }
}

/// The rows as a delivery takes them, each in a place that names it.
fn items(rows: &[(String, Value)]) -> impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send + '_ {
    let file: Arc<str> = PLACE.into();
    rows.iter().map(move |(id, value)| {
        let row = Row {
            value: Ok(value.clone()),
            place: id.clone(),
        };
        Ok((Arc::clone(&file), row))
    })
}
