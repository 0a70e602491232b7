//! Batches read from the log and planned, one after the other, each resting on the one before it. Runs ahead of the
//! store by one batch: what the batch before touched is in memory, and what it did not touch the store holds already.

use jiff::Timestamp;
use ltr_ports::log::{Log, LogReader, Stream};
use ltr_ports::store::{Checkpoint, Effects, Store};

use crate::{Config, Memory, Progress, ProjectError, incoming, plan, sequence_of};

/// A batch that is ready to be committed.
pub(crate) struct Planned {
    pub(crate) effects: Effects,
    /// How far the run has come with it; the counts are the batch's own.
    pub(crate) done: Progress,
}

/// Where batches come from.
pub(crate) struct Source<'a, L: Log, S> {
    config: &'a Config,
    store: &'a S,
    reader: L::Reader,
    created_at: Timestamp,
    /// The cursor after the last batch planned.
    cursor: Option<Checkpoint>,
    pub(crate) memory: Memory,
}

impl<'a, L: Log, S: Store> Source<'a, L, S> {
    /// Begins behind a cursor that is in the store, with an empty memory.
    pub(crate) async fn open(
        config: &'a Config,
        log: &L,
        store: &'a S,
        created_at: Timestamp,
        cursor: Option<Checkpoint>,
    ) -> Result<Self, ProjectError> {
        let first = sequence_of(cursor.as_ref()) + 1;
        Ok(Self {
            config,
            store,
            reader: log.reader(Stream::Events, first, None).await?,
            created_at,
            cursor,
            memory: Memory::new(config.records_kept_max),
        })
    }

    /// The batch that is ready, or else the next one.
    pub(crate) async fn unless_ready(
        &mut self,
        ready: Option<Planned>,
        wait_ms_max: u64,
    ) -> Result<Option<Planned>, ProjectError> {
        match ready {
            Some(planned) => Ok(Some(planned)),
            None => self.next(wait_ms_max).await,
        }
    }

    /// The next batch, or `None` if no message comes in that time.
    pub(crate) async fn next(&mut self, wait_ms_max: u64) -> Result<Option<Planned>, ProjectError> {
        let messages = self
            .reader
            .next(self.config.batch_messages_max, wait_ms_max)
            .await?;
        if messages.is_empty() {
            return Ok(None);
        }
        let batch = incoming::read(self.cursor.as_ref(), self.created_at, messages)?;
        self.memory.load(self.store, &batch).await?;
        let effects = plan(&mut self.memory, &self.config.policy, self.cursor, &batch);
        self.cursor = Some(effects.to);
        let done = Progress {
            sequence: effects.to.sequence,
            messages: batch.messages.len() as u64,
            undecodable: batch.undecodable,
            answers: effects.people.len() as u64,
        };
        Ok(Some(Planned { effects, done }))
    }
}
