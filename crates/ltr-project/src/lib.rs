//! The log folded into the store, exactly once: reads the event stream forward, folds records, parts them into people,
//! resolves each person anew and writes effects and cursor in one transaction. Decides nothing that the pure core does
//! not; keeps no state that a restart would miss.

use std::future::Future;

use ltr_ports::log::{Log, LogError, Stream};
use ltr_ports::store::{Checkpoint, Committed, Resolved, Store, StoreError};

pub mod adoption;
mod committing;
pub mod everybody;
mod incoming;
mod judgements;
mod listening;
mod lots;
mod memory;
mod people;
mod plan;
mod quarantine;
mod refresh;
mod reviewing;
mod source;

pub use incoming::Incoming;
pub use memory::Memory;
pub use plan::plan;

use committing::Committing;
use refresh::Refreshed;
use source::{Planned, Source};

pub mod calendar;
pub mod verify;

/// How the projector works.
#[derive(Debug, Clone)]
pub struct Config {
    /// At most so many messages in one transaction.
    pub batch_messages_max: usize,
    /// At most so many records kept folded in memory between transactions.
    pub records_kept_max: usize,
    /// How long to wait for messages before looking at the shutdown signal again, in milliseconds.
    pub wait_ms_max: u64,
    /// At most so many people resolved anew in one transaction after a policy was adopted.
    pub people_max: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            batch_messages_max: 2_000,
            records_kept_max: 200_000,
            wait_ms_max: 500,
            people_max: 1_000,
        }
    }
}

/// When the projector ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Never: it waits for more.
    Stopped,
    /// Once everything up to what was the last sequence at its start is in.
    Head,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The last sequence whose effects are in.
    pub sequence: u64,
    /// Messages projected by this run.
    pub messages: u64,
    /// Messages that could not be decoded and were stepped over.
    pub undecodable: u64,
    /// Answers written by this run.
    pub answers: u64,
    /// Policies on the log that were adopted by this run.
    pub adopted: u64,
}

impl Progress {
    fn add(&mut self, batch: &Self) {
        self.sequence = batch.sequence;
        self.messages += batch.messages;
        self.undecodable += batch.undecodable;
        self.answers += batch.answers;
    }
}

/// Why projecting stopped.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The log is not the one the store was projected from, or it lost its tail.
    #[error(
        "LTR0001 diverged: the store was projected up to sequence {cursor} of another or longer log \
         (this one ends at {last}); readers keep the last good answers; see docs/runbooks/diverged.md"
    )]
    Diverged {
        /// Where the store stands.
        cursor: u64,
        /// Where the log ends.
        last: u64,
    },
    /// A message of the log is missing between the cursor and the one that was read.
    #[error("LTR0002 the log has a gap: sequence {found} was read where {expected} was due")]
    Gap {
        /// What was due.
        expected: u64,
        /// What was read.
        found: u64,
    },
    /// The store follows a policy that this program cannot read.
    #[error(
        "LTR0003 the policy adopted at sequence {sequence} cannot be read; is this program older than the one before?"
    )]
    Policy {
        /// Where on the log.
        sequence: u64,
        /// Why.
        #[source]
        reason: adoption::NotAdopted,
    },
    /// The log could not be read.
    #[error("reading the event stream")]
    Log(#[from] LogError),
    /// The store could not be read or written.
    #[error("writing answers to the store")]
    Store(#[from] StoreError),
}

/// Projects until told to stop, or until the head. While a batch is being committed the next one is read and planned.
///
/// Killed at any point, the next run goes on from the cursor: nothing is lost, nothing counts twice.
///
/// # Errors
///
/// A log that is not the store's, or a port that fails. What was committed stays.
pub async fn run<L: Log, S: Store>(
    config: &Config,
    log: &L,
    store: &S,
    until: Until,
    shutdown: impl Future<Output = ()> + Send,
    mut on_progress: impl FnMut(&Progress) + Send,
) -> Result<Progress, ProjectError> {
    let facts = log.facts(Stream::Events).await?;
    let cursor = store.checkpoint().await?;
    check_same_log(cursor.as_ref(), facts.created_at, facts.last_sequence)?;
    let mut progress = Progress {
        sequence: sequence_of(cursor.as_ref()),
        ..Progress::default()
    };
    let goal = match until {
        Until::Stopped => u64::MAX,
        Until::Head => facts.last_sequence,
    };
    let mut source = Source::open(config, log, store, facts.created_at, cursor).await?;
    let mut shutdown = std::pin::pin!(shutdown);
    let mut ready: Option<Planned> = None;
    // Whether time or something heard may have made somebody due; at the start nobody knows.
    let mut may_be_due = true;
    while progress.sequence < goal
        || is_resolving(source.cursor.as_ref())
        || (until == Until::Head && may_be_due)
    {
        // Everybody follows the policy adopted last before the next message is looked at.
        let resolving = source
            .cursor
            .filter(|at| ready.is_none() && is_resolving(Some(at)));
        let wait_ms_max = if ready.is_some() || may_be_due {
            0
        } else {
            config.wait_ms_max
        };
        // Between two steps, however many are waiting: a stop must not wait for the head, nor for everybody.
        let planned = tokio::select! {
            biased;
            () = &mut shutdown => return Ok(progress),
            planned = async {
                match &resolving {
                    Some(at) => source.everybody(at).await,
                    None if ready.is_some() || progress.sequence < goal => {
                        source.unless_ready(ready.take(), wait_ms_max).await
                    }
                    None => Ok(None),
                }
            } => planned?,
        };
        let Some(Planned {
            effects,
            done,
            adopts,
            may_make_due,
        }) = planned
        else {
            if !may_be_due {
                continue;
            }
            match source.refresh().await? {
                Refreshed::Nobody => may_be_due = false,
                Refreshed::Some { answers } => {
                    progress.answers += answers;
                    on_progress(&progress);
                }
                Refreshed::Fenced => {
                    let cursor = store.checkpoint().await?;
                    progress.sequence = sequence_of(cursor.as_ref());
                    source = Source::open(config, log, store, facts.created_at, cursor).await?;
                }
            }
            continue;
        };
        let to = effects.to;
        may_be_due |= may_make_due;
        let committing = Committing::begin(store, effects);
        // What is planned next rests on what is being committed, unless all of it must be read from the store again,
        // everybody is to be resolved first, or this is the end.
        let next = if source.memory.is_full() || is_resolving(Some(&to)) || to.sequence >= goal {
            Ok(None)
        } else {
            source.next(0).await
        };
        let committed = committing.end().await;
        if settle(store, committed, &to).await? == Committed::Fenced {
            tracing::warn!(
                sequence = to.sequence,
                "another projector moved the cursor; reading it again"
            );
            let cursor = store.checkpoint().await?;
            progress.sequence = sequence_of(cursor.as_ref());
            source = Source::open(config, log, store, facts.created_at, cursor).await?;
            continue;
        }
        progress.add(&done);
        if let Some((position, policy)) = adopts
            && source.policies.adopt(position, policy).is_ok()
        {
            progress.adopted += 1;
        }
        on_progress(&progress);
        ready = next?;
        // What is planned ahead is in memory and not in the store yet.
        if ready.is_none() {
            source.memory.trim();
        }
    }
    Ok(progress)
}

/// What became of a commit, also when its answer was lost: the cursor tells.
async fn settle<S: Store>(
    store: &S,
    committed: Result<Committed, StoreError>,
    to: &Checkpoint,
) -> Result<Committed, StoreError> {
    match committed {
        Err(StoreError::Indeterminate { .. }) => {
            let cursor = store.checkpoint().await?;
            Ok(if cursor.as_ref() == Some(to) {
                Committed::Done
            } else {
                Committed::Fenced
            })
        }
        other => other,
    }
}

fn check_same_log(
    cursor: Option<&Checkpoint>,
    created_at: jiff::Timestamp,
    last: u64,
) -> Result<(), ProjectError> {
    match cursor {
        Some(cursor) if cursor.stream_created_at != created_at || cursor.sequence > last => {
            Err(ProjectError::Diverged {
                cursor: cursor.sequence,
                last,
            })
        }
        Some(_) | None => Ok(()),
    }
}

fn is_resolving(cursor: Option<&Checkpoint>) -> bool {
    cursor.is_some_and(|cursor| cursor.policy.resolved != Resolved::Everybody)
}

fn sequence_of(cursor: Option<&Checkpoint>) -> u64 {
    cursor.map_or(0, |cursor| cursor.sequence)
}
