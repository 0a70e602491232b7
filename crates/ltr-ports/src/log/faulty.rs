//! A log whose publishing goes wrong on purpose: for tests of everything that publishes.
//!
//! A fault is two coins, *did it happen* and *what was reported*. Reading is never disturbed, so that the truth can be
//! found out as it would be in production.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use super::{Each, Log, LogError, NewMessage, Published, StoredMessage, Stream, StreamFacts};

/// What goes wrong with a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It happened; reported [`LogError::Indeterminate`].
    LostAcknowledgement,
    /// It did not happen; reported [`LogError::Indeterminate`].
    LostRequest,
    /// It did not happen; reported [`Published::Refused`]. A batch without an expectation cannot be refused: it is
    /// published.
    Refused,
    /// It did not happen; reported [`LogError::Determinate`].
    Failed,
}

impl Fault {
    const ALL: [Self; 4] = [
        Self::LostAcknowledgement,
        Self::LostRequest,
        Self::Refused,
        Self::Failed,
    ];
}

/// The cause of an error made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fault injected by a test: {0:?}")]
pub struct Injected(pub Fault);

/// A log with faults. Clones share what is still to go wrong.
#[derive(Debug, Clone)]
pub struct FaultyLog<L> {
    log: L,
    only_on: Option<Stream>,
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug)]
enum Plan {
    Scripted(VecDeque<Option<Fault>>),
    Seeded { state: u64, faults_per_thousand: u64 },
}

impl<L: Log> FaultyLog<L> {
    /// The first publish meets the first of `faults` (`None`: all goes well), and so on; after the last all goes well.
    pub fn scripted(log: L, faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self::new(log, Plan::Scripted(faults.into_iter().collect()))
    }

    /// Of a thousand publishes about `faults_per_thousand` meet a fault, the same ones for the same seed.
    pub fn seeded(log: L, seed: u64, faults_per_thousand: u64) -> Self {
        Self::new(
            log,
            Plan::Seeded {
                state: seed,
                faults_per_thousand,
            },
        )
    }

    fn new(log: L, plan: Plan) -> Self {
        Self {
            log,
            only_on: None,
            plan: Arc::new(Mutex::new(plan)),
        }
    }

    /// Leaves publishing on other streams alone; it uses up no fault either.
    #[must_use]
    pub fn only_on(self, stream: Stream) -> Self {
        Self {
            only_on: Some(stream),
            ..self
        }
    }

    /// The log without faults.
    pub fn inner(&self) -> &L {
        &self.log
    }

    fn draw(&self, stream: Stream) -> Option<Fault> {
        if self.only_on.is_some_and(|only| only != stream) {
            return None;
        }
        match &mut *self.plan.lock().expect("no holder of this lock panics") {
            Plan::Scripted(faults) => faults.pop_front().flatten(),
            Plan::Seeded {
                state,
                faults_per_thousand,
            } => {
                let happens = next_random(state) % 1_000 < *faults_per_thousand;
                let which = next_random(state) % Fault::ALL.len() as u64;
                happens.then(|| Fault::ALL[usize::try_from(which).expect("less than four")])
            }
        }
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl<L: Log> Log for FaultyLog<L> {
    type Reader = L::Reader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        let conditional = messages.iter().any(|message| message.expected_last.is_some());
        let attempted = "publishing";
        match self.draw(stream) {
            None => self.log.publish(stream, messages).await,
            Some(Fault::Refused) if conditional => Ok(Published::Refused),
            Some(Fault::Refused) => self.log.publish(stream, messages).await,
            Some(fault @ Fault::Failed) => Err(LogError::Determinate {
                attempted,
                stream,
                source: Box::new(Injected(fault)),
            }),
            Some(fault @ Fault::LostRequest) => Err(LogError::Indeterminate {
                attempted,
                stream,
                source: Box::new(Injected(fault)),
            }),
            Some(fault @ Fault::LostAcknowledgement) => {
                // What would have been reported is lost with the acknowledgement.
                let _ = self.log.publish(stream, messages).await;
                Err(LogError::Indeterminate {
                    attempted,
                    stream,
                    source: Box::new(Injected(fault)),
                })
            }
        }
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<BTreeMap<String, StoredMessage>, LogError> {
        self.log.last_of(stream, subjects).await
    }

    async fn last_of_each(
        &self,
        stream: Stream,
        filter: String,
    ) -> Result<Option<Each<Self::Reader>>, LogError> {
        self.log.last_of_each(stream, filter).await
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        self.log.get(stream, sequence).await
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        self.log.facts(stream).await
    }

    async fn reader(
        &self,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> Result<Self::Reader, LogError> {
        self.log.reader(stream, from_sequence, filter).await
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        self.log.purge(stream, subject).await
    }
}

#[cfg(test)]
mod tests;
