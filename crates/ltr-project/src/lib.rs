//! The log folded into the store, exactly once: reads the event stream forward, folds records, parts them into people,
//! resolves each person anew and writes effects and cursor in one transaction. Decides nothing that the pure core does
//! not; keeps no state that a restart would miss.

use std::future::Future;

use ltr_domain::policy::Policy;
use ltr_ports::log::{Log, LogError, LogReader, StoredMessage, Stream};
use ltr_ports::store::{Checkpoint, Committed, Store, StoreError};

mod incoming;
mod listening;
mod memory;
mod people;
mod plan;
mod refresh;

pub use incoming::Incoming;
pub use memory::Memory;
pub use plan::plan;

use refresh::Refreshed;

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
    /// The policy that views are resolved under.
    pub policy: Policy,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            batch_messages_max: 2_000,
            records_kept_max: 200_000,
            wait_ms_max: 500,
            policy: Policy::first(),
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
    /// The log could not be read.
    #[error("reading the event stream")]
    Log(#[from] LogError),
    /// The store could not be read or written.
    #[error("writing answers to the store")]
    Store(#[from] StoreError),
}

/// Projects until told to stop, or until the head.
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
    let mut cursor = store.checkpoint().await?;
    check_same_log(cursor.as_ref(), facts.created_at, facts.last_sequence)?;
    let mut progress = Progress {
        sequence: sequence_of(cursor.as_ref()),
        ..Progress::default()
    };
    let goal = match until {
        Until::Stopped => u64::MAX,
        Until::Head => facts.last_sequence,
    };
    let mut memory = Memory::new(config.records_kept_max);
    let mut reader = log.reader(Stream::Events, progress.sequence + 1, None).await?;
    let mut shutdown = std::pin::pin!(shutdown);
    let mut messages = Vec::new();
    // Whether time or something heard may have made somebody due; at the start nobody knows.
    let mut may_be_due = true;
    while progress.sequence < goal || (until == Until::Head && may_be_due) {
        // Between two batches, however much is waiting: a stop must not wait for the head.
        tokio::select! {
            biased;
            () = &mut shutdown => return Ok(progress),
            () = std::future::ready(()) => {}
        }
        if messages.is_empty() && progress.sequence < goal {
            let wait_ms = if may_be_due { 0 } else { config.wait_ms_max };
            messages = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(progress),
                next = reader.next(config.batch_messages_max, wait_ms) => next?,
            };
        }
        if messages.is_empty() {
            if !may_be_due {
                continue;
            }
            let refreshed = match &cursor {
                Some(cursor) => refresh::refresh(store, &mut memory, &config.policy, cursor).await?,
                None => Refreshed::Nobody,
            };
            match refreshed {
                Refreshed::Nobody => may_be_due = false,
                Refreshed::Some { answers } => {
                    progress.answers += answers;
                    memory.trim();
                    on_progress(&progress);
                }
                Refreshed::Fenced => {
                    memory.forget();
                    cursor = store.checkpoint().await?;
                    progress.sequence = sequence_of(cursor.as_ref());
                    reader = log.reader(Stream::Events, progress.sequence + 1, None).await?;
                }
            }
            continue;
        }
        let batch = incoming::read(cursor.as_ref(), facts.created_at, std::mem::take(&mut messages))?;
        memory.load(store, &batch).await?;
        let effects = plan(&mut memory, &config.policy, cursor, &batch);
        let to = effects.to;
        let answers = effects.people.len() as u64;
        let day = |checkpoint: &Checkpoint| checkpoint.known_at.london_date();
        may_be_due |= cursor.as_ref().map(day) != Some(day(&to)) || !effects.heard.due.is_empty();
        // The next messages are fetched while this batch is being committed.
        let (committed, next) =
            tokio::join!(store.commit(effects), reader.next(config.batch_messages_max, 0));
        messages = next?;
        if settle(store, committed, &to).await? == Committed::Fenced {
            tracing::warn!(
                sequence = to.sequence,
                "another projector moved the cursor; reading it again"
            );
            memory.forget();
            cursor = store.checkpoint().await?;
            progress.sequence = sequence_of(cursor.as_ref());
            reader = log.reader(Stream::Events, progress.sequence + 1, None).await?;
            messages.clear();
            continue;
        }
        cursor = Some(to);
        progress.sequence = to.sequence;
        progress.messages += batch.messages.len() as u64;
        progress.undecodable += batch.undecodable;
        progress.answers += answers;
        memory.trim();
        on_progress(&progress);
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

fn sequence_of(cursor: Option<&Checkpoint>) -> u64 {
    cursor.map_or(0, |cursor| cursor.sequence)
}
