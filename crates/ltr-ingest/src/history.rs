//! What earlier deliveries of the same scope saw and lacked, read back from the feed's own messages.
//!
//! Only complete, closed deliveries without quarantined rows count: a row that could not be understood may be the very
//! record that seems to be absent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ltr_domain::delivery::{Completeness, DeliveryStep, FeedMessage};
use ltr_domain::ids::{DeliveryId, RecordId};
use ltr_domain::time::TakenAt;
use ltr_ports::log::{Log, LogReader, Stream};
use ltr_proto::subject::Subject;

use crate::context::Context;
use crate::error::IngestError;
use crate::feed;

/// How far back the first look goes, in sequences of the whole log; each further look goes four times as far.
const FIRST_LOOK: u64 = 100_000;

const READ_MAX: usize = 500;

/// Long enough for a message that is there to arrive.
const READ_WAIT_MS: u64 = 10_000;

/// What is known of this delivery and of those before it.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// What this delivery has seen so far, by its pages on the log.
    pub(crate) own: Option<Run>,
    /// Earlier snapshots of the same scope, the newest first, one delivery each.
    pub(crate) earlier: Vec<Run>,
    /// Whether the log holds a complete delivery of a later snapshot of the same scope.
    pub(crate) newest: Newest,
    /// What the gate compares with: the newest complete delivery before ours, with or without quarantined rows.
    pub(crate) baseline: Option<Run>,
    /// The newest snapshot of which the log holds a complete delivery, with or without quarantined rows.
    pub(crate) latest: Option<TakenAt>,
}

/// What is looked for, the latest first: no more is read than it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// What the gate compares with.
    Baseline,
    /// What was absent before, of a delivery that is not on the log.
    Absences,
    /// The same, and the pages of this delivery, which is on the log.
    AbsencesAndOwn,
}

impl Wanted {
    fn is_found_in(self, history: &History, runs: usize) -> bool {
        match self {
            Self::Baseline => history.baseline.is_some(),
            Self::Absences => history.earlier.len() >= runs,
            Self::AbsencesAndOwn => history.own.is_some() && history.earlier.len() >= runs,
        }
    }
}

/// Whether this delivery's snapshot is the newest of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Newest {
    /// It is.
    #[default]
    This,
    /// A later one is on the log.
    Another,
}

/// One complete delivery.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) taken_at: TakenAt,
    /// The sequence at which it was opened.
    pub(crate) opened: u64,
    pub(crate) seen: Arc<BTreeSet<RecordId>>,
    pub(crate) absent: BTreeSet<RecordId>,
    pub(crate) quarantined: u64,
}

/// Reads the history of this delivery's scope, up to the feed's last message.
pub(crate) async fn read<L: Log>(context: &Context<'_, L>, wanted: Wanted) -> Result<History, IngestError> {
    let Some(last) = feed::last(context.log, context.plan.feed).await? else {
        return Ok(History::default());
    };
    let runs = context.config.vanish_after.max(1) as usize;
    let mut reach = FIRST_LOOK;
    loop {
        let from = last.sequence.saturating_sub(reach).max(1);
        let history = look(context, from, last.sequence).await?;
        if from == 1 || wanted.is_found_in(&history, runs) {
            return Ok(history);
        }
        reach = reach.saturating_mul(4);
    }
}

async fn look<L: Log>(context: &Context<'_, L>, from: u64, to: u64) -> Result<History, IngestError> {
    let mut scan = Scan {
        context,
        open: BTreeMap::new(),
        closed: BTreeMap::new(),
        baseline: None,
        latest: None,
    };
    walk(context, from, to, |sequence, message| {
        scan.take(sequence, message)
    })
    .await?;
    Ok(scan.into_history())
}

/// Shows every message of the feed from one sequence to another.
pub(crate) async fn walk<L: Log>(
    context: &Context<'_, L>,
    from: u64,
    to: u64,
    mut show: impl FnMut(u64, FeedMessage),
) -> Result<(), IngestError> {
    let failed = IngestError::log("reading earlier deliveries");
    let subject = Subject::Delivery(context.plan.feed).to_string();
    let mut reader = context
        .log
        .reader(Stream::Events, from, Some(subject.clone()))
        .await
        .map_err(&failed)?;
    loop {
        let messages = reader.next(READ_MAX, READ_WAIT_MS).await.map_err(&failed)?;
        if messages.is_empty() {
            return Err(IngestError::Rewritten {
                subject,
                sequence: to,
            });
        }
        for message in messages {
            if message.sequence <= to {
                show(message.sequence, feed::read(&message)?);
            }
            if message.sequence >= to {
                return Ok(());
            }
        }
    }
}

/// The feed's messages, taken one after the other.
struct Scan<'a, L> {
    context: &'a Context<'a, L>,
    /// Complete deliveries of our scope that are open.
    open: BTreeMap<DeliveryId, Run>,
    /// By snapshot, so that one told twice counts once.
    closed: BTreeMap<TakenAt, Run>,
    baseline: Option<Run>,
    latest: Option<TakenAt>,
}

impl<L> Scan<'_, L> {
    fn take(&mut self, sequence: u64, message: FeedMessage) {
        let delivery = message.delivery;
        match message.step {
            DeliveryStep::Opened {
                scope,
                completeness: Completeness::Complete,
                taken_at,
                ..
            } if scope == self.context.plan.scope => {
                let (seen, absent) = (Arc::default(), BTreeSet::new());
                self.open.insert(
                    delivery,
                    Run {
                        taken_at,
                        opened: sequence,
                        seen,
                        absent,
                        quarantined: 0,
                    },
                );
            }
            DeliveryStep::Opened { .. } => _ = self.open.remove(&delivery),
            DeliveryStep::PageRecorded(page) => {
                let Some(run) = self.open.get_mut(&delivery) else {
                    return;
                };
                Arc::make_mut(&mut run.seen).extend(page.seen);
                run.quarantined += page.counts.quarantined;
            }
            DeliveryStep::Closed { absent, .. } => {
                let Some(mut run) = self.open.remove(&delivery) else {
                    return;
                };
                run.absent = absent.into_iter().collect();
                self.compare_with(&run);
                if run.quarantined == 0 {
                    self.close(run);
                }
            }
            // Of what is held nothing was published, so it is no snapshot of anything.
            DeliveryStep::Held(_) | DeliveryStep::Decided(_) | DeliveryStep::Released(_) => {}
        }
    }

    /// A delivery of the same snapshot as ours is what ours began with, not what came before it.
    fn compare_with(&mut self, run: &Run) {
        self.latest = self.latest.max(Some(run.taken_at));
        let is_before_ours = run.taken_at < self.context.plan.taken_at;
        let is_newer = self
            .baseline
            .as_ref()
            .is_none_or(|baseline| baseline.taken_at <= run.taken_at);
        if is_before_ours && is_newer {
            self.baseline = Some(run.clone());
        }
    }

    /// Of all but the newest snapshot before ours only what was absent is needed again.
    fn close(&mut self, run: Run) {
        let own = self.context.plan.taken_at;
        self.closed.insert(run.taken_at, run);
        let mut earlier = self.closed.range_mut(..own).rev().map(|(_, run)| run);
        let _newest = earlier.next();
        earlier.for_each(|run| run.seen = Arc::default());
    }

    fn into_history(mut self) -> History {
        let own = self.context.plan.taken_at;
        let is_newest = self
            .closed
            .last_key_value()
            .is_none_or(|(taken_at, _)| *taken_at <= own);
        let newest = if is_newest { Newest::This } else { Newest::Another };
        let earlier = self
            .closed
            .into_iter()
            .rev()
            .filter(|(taken_at, _)| *taken_at < own)
            .map(|(_, run)| run);
        History {
            own: self.open.remove(&self.context.plan.delivery),
            earlier: earlier.collect(),
            newest,
            baseline: self.baseline,
            latest: self.latest,
        }
    }
}
