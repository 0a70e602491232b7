//! Stores whose commits go wrong on purpose: for tests of everything that commits.
//!
//! A fault is two coins, *did it happen* and *what was reported*. Reading is never disturbed, so that the truth can be
//! found out as it would be in production.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use super::{Committed, Effects, Store, StoreError};

/// What goes wrong with a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It happened; reported [`StoreError::Indeterminate`].
    LostAcknowledgement,
    /// It did not happen; reported [`StoreError::Indeterminate`].
    LostRequest,
    /// It did not happen; reported [`StoreError::Determinate`].
    Failed,
}

/// The cause of an error made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Injected {
    /// By [`FaultyStore`].
    #[error("a fault injected by a test: {0:?}")]
    Fault(Fault),
    /// By [`SplitCommitStore`].
    #[error("a crash injected by a test, between cursor and effects")]
    Crash,
}

/// A store with faults. Clones share what is still to go wrong.
#[derive(Debug, Clone)]
pub struct FaultyStore<S> {
    store: S,
    faults: Arc<Mutex<VecDeque<Option<Fault>>>>,
}

impl<S: Store> FaultyStore<S> {
    /// The first commit meets the first of `faults` (`None`: all goes well), and so on; after the last all goes well.
    pub fn scripted(store: S, faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self {
            store,
            faults: Arc::new(Mutex::new(faults.into_iter().collect())),
        }
    }

    /// The store without faults.
    pub fn inner(&self) -> &S {
        &self.store
    }

    async fn commit_to_inner(&self, effects: Effects) -> Result<Committed, StoreError> {
        let fault = self
            .faults
            .lock()
            .expect("no holder of this lock panics")
            .pop_front()
            .flatten();
        let attempted = "commit";
        match fault {
            None => self.store.commit(effects).await,
            Some(fault @ Fault::LostAcknowledgement) => {
                // What would have been reported is lost with the acknowledgement.
                let _ = self.store.commit(effects).await;
                Err(StoreError::Indeterminate {
                    attempted,
                    source: Box::new(Injected::Fault(fault)),
                })
            }
            Some(fault @ Fault::LostRequest) => Err(StoreError::Indeterminate {
                attempted,
                source: Box::new(Injected::Fault(fault)),
            }),
            Some(fault @ Fault::Failed) => Err(StoreError::Determinate {
                attempted,
                source: Box::new(Injected::Fault(fault)),
            }),
        }
    }
}

/// A store that does it wrong: the cursor first, the effects in a second commit. A test of exactly-once that passes on
/// this one proves nothing.
#[derive(Debug, Clone)]
pub struct SplitCommitStore<S> {
    store: S,
    commits_before_crash: Arc<AtomicU32>,
}

impl<S: Store> SplitCommitStore<S> {
    /// Crashes once, in the commit after `commits_before_crash` whole ones, between the cursor and the effects;
    /// reported [`StoreError::Indeterminate`].
    pub fn crashing_after(store: S, commits_before_crash: u32) -> Self {
        Self {
            store,
            commits_before_crash: Arc::new(AtomicU32::new(commits_before_crash)),
        }
    }

    /// The store beneath.
    pub fn inner(&self) -> &S {
        &self.store
    }

    async fn commit_to_inner(&self, effects: Effects) -> Result<Committed, StoreError> {
        let Effects { from, to, .. } = effects;
        if self.store.commit(Effects::nothing(from, to)).await? == Committed::Fenced {
            return Ok(Committed::Fenced);
        }
        // It wraps below zero after the crash, and does not come back to it in the life of a test.
        if self.commits_before_crash.fetch_sub(1, Ordering::Relaxed) == 0 {
            return Err(StoreError::Indeterminate {
                attempted: "commit",
                source: Box::new(Injected::Crash),
            });
        }
        self.store
            .commit(Effects {
                from: Some(to),
                ..effects
            })
            .await
    }
}

impl<S: Store> Store for FaultyStore<S> {
    crate::forward_reads!(store);

    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        self.commit_to_inner(effects).await
    }
}

impl<S: Store> Store for SplitCommitStore<S> {
    crate::forward_reads!(store);

    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        self.commit_to_inner(effects).await
    }
}

#[cfg(test)]
mod tests;
