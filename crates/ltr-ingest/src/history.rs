//! What earlier deliveries of the same scope saw and lacked, read back from the feed's own messages. A process reads each
//! of them once: see [`Memo`].
//!
//! Only complete, closed deliveries without quarantined rows count: a row that could not be understood may be the very
//! record that seems to be absent.

use std::collections::BTreeSet;
use std::sync::Arc;

use ltr_domain::delivery::FeedMessage;
use ltr_domain::ids::RecordId;
use ltr_domain::observation::MessageRef;
use ltr_domain::time::TakenAt;
use ltr_ports::log::{Log, LogReader, Stream};
use ltr_proto::subject::Subject;

mod memo;
mod scan;

pub use self::memo::Memo;

use self::scan::Scan;
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
    /// The newest snapshot of which a complete delivery was closed, with or without quarantined rows, as far as was looked
    /// back: where a backfill closed so many messages later than the newest, it is the newest of those after it.
    pub(crate) latest: Option<TakenAt>,
    /// The sequence at which a complete delivery was closed last, likewise; 0: never.
    pub(crate) passed: u64,
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
    let last = last.reference();
    match context.memo.read(context, wanted, last).await? {
        Some(history) => Ok(history),
        None => read_afresh(context, wanted, last).await,
    }
}

/// Reads everything again, for a snapshot that others of its scope came after: what is kept does not tell of the time
/// before it.
async fn read_afresh<L: Log>(
    context: &Context<'_, L>,
    wanted: Wanted,
    last: MessageRef,
) -> Result<History, IngestError> {
    let plan = context.plan;
    let runs = runs(context);
    let mut reach = FIRST_LOOK;
    loop {
        let from = last.sequence.saturating_sub(reach).max(1);
        let mut scan = Scan::for_one(plan.scope.clone(), plan.taken_at);
        walk(context, from, last.sequence, |place, message| {
            scan.take(place.sequence, message);
        })
        .await?;
        let history = scan.history(plan);
        if from == 1 || wanted.is_found_in(&history, runs) {
            return Ok(history);
        }
        reach = reach.saturating_mul(4);
    }
}

/// So many complete deliveries tell whether a record has vanished.
fn runs<L>(context: &Context<'_, L>) -> usize {
    context.config.vanish_after.max(1) as usize
}

/// Shows every message of the feed from one sequence to another.
pub(crate) async fn walk<L: Log>(
    context: &Context<'_, L>,
    from: u64,
    to: u64,
    mut show: impl FnMut(MessageRef, FeedMessage),
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
                show(message.reference(), feed::read(&message)?);
            }
            if message.sequence >= to {
                return Ok(());
            }
        }
    }
}
