//! When each feed is read next, as the connectors intend: they tell it, operators look at it. The record does not depend
//! on it: losing it loses nothing, and the next connector that begins tells it again.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use ltr_domain::ids::Feed;

pub mod conformance;
pub mod mem;

/// Why it could not be told or looked up.
#[derive(Debug, thiserror::Error)]
#[error("{attempted} did not succeed")]
pub struct NextRunsError {
    /// What was attempted.
    pub attempted: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// What a call comes to.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, NextRunsError>> + Send + 'a>>;

/// The next run of each feed.
pub trait NextRuns: Send + Sync {
    /// Tells when a feed is read next, instead of what was told of it before.
    fn tell(&self, feed: Feed, at: Timestamp) -> Answer<'_, ()>;

    /// What was told last of each feed. An instant that has passed: it is being read, or nobody reads it any more.
    fn told(&self) -> Answer<'_, BTreeMap<Feed, Timestamp>>;
}
