//! What hardly changes from one request to the next: when each feed was last heard, and a recent checkpoint. Read once a
//! second however many requests there are, so that a present read costs one query.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::{Feed, Source};
use ltr_domain::policy::Staleness;
use ltr_domain::time::TakenAt;
use ltr_ports::store::{Checkpoint, Store, StoreError};
use ltr_proto::record::Freshness;
use ltr_proto::view;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How old what was read may be.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// How old it may be for requests that come while it is being read anew.
const USABLE_FOR: Duration = Duration::from_secs(5);

/// One reading of the surroundings.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// A checkpoint not newer than the present one.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// When each feed was last heard, as it is served.
    pub(crate) freshness: Vec<Freshness>,
    heard: Vec<(Feed, TakenAt)>,
    read_at: Instant,
}

impl Surroundings {
    async fn read<S: Store>(store: &S) -> Result<Arc<Self>, StoreError> {
        let read_at = Instant::now();
        let (mut heard, checkpoint) = tokio::try_join!(store.heard(), store.checkpoint())?;
        heard.sort();
        let served = |(feed, taken_at): &(Feed, TakenAt)| Freshness {
            feed: feed.to_string(),
            taken_at: Some(view::timestamp(taken_at.0)),
        };
        let freshness = heard.iter().map(served).collect();
        Ok(Arc::new(Self {
            checkpoint,
            freshness,
            heard,
            read_at,
        }))
    }

    /// The sources that have not been heard within their bound, or never.
    pub(crate) fn silent(&self, now: Timestamp, bounds: &Staleness) -> Vec<Source> {
        let is_silent = |source: &Source| {
            let feeds = self.heard.iter().filter(|(feed, _)| feed.source() == *source);
            let latest = feeds.map(|(_, taken_at)| taken_at.0).max();
            let bound = SignedDuration::from_hours(24 * i64::from(bounds.days_of(*source)));
            latest.is_none_or(|latest| now.duration_since(latest) > bound)
        };
        Source::ALL.into_iter().filter(is_silent).collect()
    }
}

/// Keeps the latest reading.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    latest: RwLock<Option<Arc<Surroundings>>>,
    reading: Mutex<()>,
}

impl Recent {
    /// The surroundings, at most about a second old. One request reads them anew; those that come meanwhile take the
    /// last reading, unless it is too old.
    pub(crate) async fn get<S: Store>(&self, store: &S) -> Result<Arc<Surroundings>, StoreError> {
        if let Some(latest) = self.younger_than(FRESH_FOR) {
            return Ok(latest);
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            Err(_) => {
                if let Some(latest) = self.younger_than(USABLE_FOR) {
                    return Ok(latest);
                }
                self.reading.lock().await
            }
        };
        // Whoever held the lock before may have read them.
        if let Some(latest) = self.younger_than(FRESH_FOR) {
            return Ok(latest);
        }
        let read = Surroundings::read(store).await?;
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        Ok(read)
    }

    fn younger_than(&self, age: Duration) -> Option<Arc<Surroundings>> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner);
        latest
            .as_ref()
            .filter(|latest| latest.read_at.elapsed() < age)
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use ltr_domain::policy::Policy;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_source_is_silent_once_none_of_its_feeds_was_heard_within_the_bound() {
        let heard = |feed, text: &str| (feed, TakenAt(at(text)));
        let surroundings = Surroundings {
            checkpoint: None,
            freshness: Vec::new(),
            heard: vec![
                heard(Feed::ApplyCandidates, "2026-09-01T00:00:00Z"),
                heard(Feed::ApplyRecruits, "2026-09-10T00:00:00Z"),
                heard(Feed::RegisterTrainees, "2026-09-02T00:00:00Z"),
                heard(Feed::TvVacancies, "2026-08-09T00:00:00Z"),
            ],
            read_at: Instant::now(),
        };
        let check = |now: &str, expected: &[Source]| {
            assert_eq!(
                surroundings.silent(at(now), &Policy::first().staleness),
                expected,
                "{now}"
            );
        };
        check("2026-09-10T00:00:00Z", &[Source::Trs]);
        check(
            "2026-09-10T00:00:01Z",
            &[Source::Register, Source::Trs, Source::TeachingVacancies],
        );
        check("2026-09-18T00:00:01Z", &Source::ALL);
    }
}
