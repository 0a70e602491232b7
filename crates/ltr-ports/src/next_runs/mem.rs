//! The twin in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ltr_domain::ids::Feed;

use super::{Answer, NextRuns};

/// Next runs, for as long as the process lives.
#[derive(Debug, Default)]
pub struct MemNextRuns(Mutex<BTreeMap<Feed, Timestamp>>);

impl NextRuns for MemNextRuns {
    fn tell(&self, feed: Feed, at: Timestamp) -> Answer<'_, ()> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(feed, at);
        Box::pin(std::future::ready(Ok(())))
    }

    fn told(&self) -> Answer<'_, BTreeMap<Feed, Timestamp>> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(std::future::ready(Ok(told)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> (MemNextRuns, ()) {
        (MemNextRuns::default(), ())
    }

    crate::next_runs_conformance!(fresh);
}
