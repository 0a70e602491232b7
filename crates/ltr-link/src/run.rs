//! The role: reads the log forward, judges once everything is read, publishes what is due, and reads on. Decides nothing
//! that `decide` does not; keeps no state that a restart would miss, so that it may be killed anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use ltr_domain::judgement::{Judged, Judgement, LinkMatched};
use ltr_domain::time::RecordedAt;
use ltr_ports::clock::Clock;
use ltr_ports::log::{
    BATCH_MESSAGES_MAX, ClockKind, Log, LogError, LogReader, NewMessage, Published, Stream,
};
use ltr_proto::codec;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_proto::subject::Subject;

use crate::decide::due;
use crate::error::LinkError;
use crate::known::{Known, News};
use crate::opening::open;

/// How the role works.
#[derive(Debug, Clone)]
pub struct Config {
    /// At most so many messages are read at once.
    pub read_messages_max: usize,
    /// At most so many messages are published in one atomic batch.
    pub batch_messages_max: usize,
    /// How long to wait for messages before looking at the shutdown signal again, in milliseconds.
    pub wait_ms_max: u64,
    /// So many batches in a row may be refused or fail before the role gives up.
    pub attempts_max: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            read_messages_max: 2_000,
            batch_messages_max: BATCH_MESSAGES_MAX,
            wait_ms_max: 500,
            attempts_max: 20,
        }
    }
}

/// When the role ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Never: it waits for more.
    Stopped,
    /// Once everything that was on the log at its start is read, and all that is due is published.
    Head,
}

/// What is done with what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// It is published.
    Publish,
    /// It is told, and nothing is published.
    DryRun,
}

/// What is handed over from the edge.
#[derive(Clone, Copy)]
pub struct Edge<'a> {
    /// Asked for the time of what is published, on a log with a real clock.
    pub clock: &'a dyn Clock,
    /// Opens what is compared.
    pub kek: &'a KeyEncryptionKey,
}

/// Something that happened, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The log was read up to a sequence, of so many.
    Read {
        /// Up to here.
        sequence: u64,
        /// The last sequence known.
        head: u64,
    },
    /// A match was published, or would be.
    Told(&'a LinkMatched),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// The last sequence read.
    pub sequence: u64,
    /// Matches published; of a dry run those that would be.
    pub matches: u64,
    /// Messages that could not be read and were stepped over.
    pub undecodable: u64,
}

/// Links until told to stop, or until the head.
///
/// Run twice, killed anywhere, or run by two at once, the outcome is the same: a match that stands on the log already is
/// not published again, and every message expects the sequence that its pair was judged at.
///
/// # Errors
///
/// A log that cannot be read or written, or a key-encryption key that opens nothing.
pub async fn run<L: Log>(
    config: &Config,
    log: &L,
    edge: &Edge<'_>,
    until: Until,
    writing: Writing,
    shutdown: impl Future<Output = ()> + Send,
    on_step: impl FnMut(Step<'_>) + Send,
) -> Result<Report, LinkError> {
    let facts = log
        .facts(Stream::Events)
        .await
        .map_err(LinkError::log("asking for its head"))?;
    let reader = log
        .reader(Stream::Events, 1, None)
        .await
        .map_err(LinkError::log("opening a reader"))?;
    let mut role = Role {
        config,
        log,
        edge,
        clock: facts.clock,
        reader,
        known: Known::default(),
        matches: 0,
        told: BTreeMap::new(),
        on_step,
    };
    tokio::select! {
        biased;
        () = shutdown => {}
        done = role.go(until, writing, facts.last_sequence) => done?,
    }
    Ok(Report {
        sequence: role.known.sequence,
        matches: role.matches,
        undecodable: role.known.undecodable,
    })
}

struct Role<'a, L: Log, F> {
    config: &'a Config,
    log: &'a L,
    edge: &'a Edge<'a>,
    clock: ClockKind,
    reader: L::Reader,
    known: Known,
    matches: u64,
    /// What a dry run has told, so that it is told once.
    told: BTreeMap<ltr_domain::judgement::Pair, LinkMatched>,
    on_step: F,
}

impl<L: Log, F: FnMut(Step<'_>) + Send> Role<'_, L, F> {
    async fn go(&mut self, until: Until, writing: Writing, mut head: u64) -> Result<(), LinkError> {
        loop {
            self.read_to(head).await?;
            if self.known.news == News::Some {
                match writing {
                    Writing::Publish => self.settle().await?,
                    Writing::DryRun => self.tell().await?,
                }
                self.known.news = News::None;
            }
            match until {
                Until::Head => return Ok(()),
                Until::Stopped => head = self.more().await?,
            }
        }
    }

    /// Reads up to a sequence.
    async fn read_to(&mut self, head: u64) -> Result<(), LinkError> {
        while self.known.sequence < head {
            self.read().await?;
            let sequence = self.known.sequence;
            (self.on_step)(Step::Read { sequence, head });
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), LinkError> {
        let messages = self
            .reader
            .next(self.config.read_messages_max, self.config.wait_ms_max)
            .await
            .map_err(LinkError::log("reading it"))?;
        messages.iter().for_each(|message| self.known.take(message));
        Ok(())
    }

    /// Waits until there is more, and says up to where.
    async fn more(&mut self) -> Result<u64, LinkError> {
        let before = self.known.sequence;
        while self.known.sequence == before {
            self.read().await?;
        }
        self.head().await
    }

    async fn head(&self) -> Result<u64, LinkError> {
        let facts = self.log.facts(Stream::Events).await;
        Ok(facts
            .map_err(LinkError::log("asking for its head"))?
            .last_sequence)
    }

    async fn tell(&mut self) -> Result<(), LinkError> {
        open(self.log, self.edge.kek, &mut self.known).await?;
        for matched in due(&self.known) {
            if self.told.get(&matched.pair) != Some(&matched) {
                self.matches += 1;
                (self.on_step)(Step::Told(&matched));
                self.told.insert(matched.pair.clone(), matched);
            }
        }
        Ok(())
    }

    /// Publishes until nothing is due. After each batch what stands on the log is read, whoever wrote it: a lost race or
    /// acknowledgement is settled by that.
    async fn settle(&mut self) -> Result<(), LinkError> {
        let mut attempts = 0;
        loop {
            open(self.log, self.edge.kek, &mut self.known).await?;
            let batch = one_of_each_subject(due(&self.known), self.config.batch_messages_max);
            if batch.is_empty() {
                return Ok(());
            }
            let messages = self.messages(&batch).await?;
            match self.log.publish(Stream::Events, messages).await {
                Ok(Published::Stored { last_sequence, .. }) => {
                    attempts = 0;
                    self.matches += batch.len() as u64;
                    batch
                        .iter()
                        .for_each(|matched| (self.on_step)(Step::Told(matched)));
                    self.read_to(last_sequence).await?;
                    continue;
                }
                Ok(Published::Refused) => {
                    tracing::debug!("somebody else judged at the same time; judging again");
                }
                Err(source @ LogError::Unsuitable(_)) => {
                    return Err(LinkError::log("publishing matches")(source));
                }
                Err(source) if attempts >= self.config.attempts_max => {
                    return Err(LinkError::log("publishing matches")(source));
                }
                Err(error) => tracing::warn!(%error, "matches could not be published; reading what stands"),
            }
            attempts += 1;
            if attempts > self.config.attempts_max {
                return Err(LinkError::Contended { attempts });
            }
            let head = self.head().await?;
            self.read_to(head).await?;
        }
    }

    async fn messages(&self, batch: &[LinkMatched]) -> Result<Vec<NewMessage>, LinkError> {
        let recorded_at = self.recorded_at().await?;
        let message = |matched: &LinkMatched| {
            let subject = matched.pair.lesser();
            let previous = self.known.last_judged(subject);
            let judgement = Judgement {
                judged: Judged::Matched(matched.clone()),
                previous,
                recorded_at,
            };
            NewMessage {
                subject: Subject::Identity(subject.clone()).to_string(),
                payload: codec::encode_judgement(&judgement),
                expected_last: Some(previous.map_or(0, |previous| previous.sequence)),
            }
        };
        Ok(batch.iter().map(message).collect())
    }

    /// When a message is written. A simulated log's time is that of its last message.
    async fn recorded_at(&self) -> Result<RecordedAt, LinkError> {
        if self.clock == ClockKind::Real {
            return Ok(RecordedAt(self.edge.clock.now()));
        }
        let sequence = self.head().await?;
        let last = self.log.get(Stream::Events, sequence).await;
        let Some(last) = last.map_err(LinkError::log("reading its last message"))? else {
            return Ok(RecordedAt(self.edge.clock.now()));
        };
        codec::decode(&last.payload)
            .map(|entry| entry.recorded_at())
            .map_err(|source| LinkError::Unreadable { sequence, source })
    }
}

/// A message names the one before it on its subject, so a batch holds one of each; the others follow in the next.
fn one_of_each_subject(due: Vec<LinkMatched>, most: usize) -> Vec<LinkMatched> {
    let mut subjects = BTreeSet::new();
    due.into_iter()
        .filter(|matched| subjects.insert(matched.pair.lesser().clone()))
        .take(most.min(BATCH_MESSAGES_MAX))
        .collect()
}
