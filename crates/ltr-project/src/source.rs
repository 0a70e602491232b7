//! Batches read from the log and planned, one after the other, each resting on the one before it. Runs ahead of the
//! store by one batch: what the batch before touched is in memory, and what it did not touch the store holds already.

use jiff::Timestamp;
use ltr_domain::observation::Position;
use ltr_domain::policy::{Policies, Policy};
use ltr_ports::log::{Log, LogReader, StoredMessage, Stream};
use ltr_ports::store::{Checkpoint, Effects, Store};

use crate::refresh::{self, Refreshed};
use crate::{Config, Memory, Progress, ProjectError, adoption, everybody, incoming, plan, sequence_of};

/// A batch that is ready to be committed.
pub(crate) struct Planned {
    pub(crate) effects: Effects,
    /// How far the run has come with it; the counts are the batch's own.
    pub(crate) done: Progress,
    /// The policy that it puts in force.
    pub(crate) adopts: Option<(Position, Policy)>,
    /// Whether time, or something heard, may make somebody due with it.
    pub(crate) may_make_due: bool,
}

/// Where batches come from.
pub(crate) struct Source<'a, L: Log, S> {
    config: &'a Config,
    store: &'a S,
    reader: L::Reader,
    created_at: Timestamp,
    /// Read, but to be planned only after the adoption of a policy before it.
    rest: Vec<StoredMessage>,
    /// The cursor after the last batch planned.
    pub(crate) cursor: Option<Checkpoint>,
    pub(crate) policies: Policies,
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
            rest: Vec::new(),
            cursor,
            policies: adoption::stored(store).await?,
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
        let mut messages = std::mem::take(&mut self.rest);
        if messages.is_empty() {
            let messages_max = self.config.batch_messages_max;
            messages = self.reader.next(messages_max, wait_ms_max).await?;
        }
        let Some(subject) = messages.first().map(|first| first.subject.clone()) else {
            return Ok(None);
        };
        self.rest = adoption::cut(&mut messages);
        let batch = incoming::read(self.cursor.as_ref(), self.created_at, messages)?;
        self.memory.load(self.store, &batch).await?;
        let mut effects = plan(&mut self.memory, self.policies.in_force(), self.cursor, &batch);
        let adopts = adoption::adopt(&mut effects, &self.policies, &batch, &subject);
        let day = |checkpoint: &Checkpoint| checkpoint.known_at.london_date();
        let is_another_day = self.cursor.as_ref().map(day) != Some(day(&effects.to));
        let may_make_due = is_another_day || !effects.heard.due.is_empty();
        self.cursor = Some(effects.to);
        let done = Progress {
            sequence: effects.to.sequence,
            messages: batch.messages.len() as u64,
            undecodable: batch.undecodable,
            answers: effects.people.len() as u64,
            adopted: 0,
        };
        Ok(Some(Planned {
            effects,
            done,
            adopts,
            may_make_due,
        }))
    }

    /// The next people to be resolved under the policy adopted last; nothing else may be planned or under way.
    pub(crate) async fn everybody(&mut self, at: &Checkpoint) -> Result<Option<Planned>, ProjectError> {
        let step = everybody::step(self.store, &self.policies, at, self.config.people_max).await?;
        let Some(effects) = step else { return Ok(None) };
        // What is kept was written under the policy before.
        self.memory.forget();
        self.cursor = Some(effects.to);
        let done = Progress {
            sequence: at.sequence,
            answers: effects.people.len() as u64,
            ..Progress::default()
        };
        Ok(Some(Planned {
            effects,
            done,
            adopts: None,
            may_make_due: false,
        }))
    }

    /// Resolves some of those who are due anew; nothing else may be planned or under way.
    pub(crate) async fn refresh(&mut self) -> Result<Refreshed, ProjectError> {
        let Some(cursor) = self.cursor else {
            return Ok(Refreshed::Nobody);
        };
        let policy = self.policies.in_force();
        let refreshed = refresh::refresh(self.store, &mut self.memory, policy, &cursor).await?;
        self.memory.trim();
        Ok(refreshed)
    }
}
