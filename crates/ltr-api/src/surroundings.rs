//! What hardly changes from one request to the next: when each feed was last heard, and a recent checkpoint. Read once a
//! second however many requests there are, so that a present read costs one query.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use ltr_domain::ids::Source;
use ltr_domain::policy::Staleness;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ANYONE, Checkpoint, EVERYONE, FeedHeard, Store, StoreError};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How old what was read may be.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// How old it may be for requests that come while it is being read anew.
const USABLE_FOR: Duration = Duration::from_secs(5);

/// Of at most so many known times it is kept what had been heard.
const HEARD_BY_MAX: usize = 64;

/// One reading of the surroundings.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// A checkpoint not newer than the present one.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// When each feed, and each provider at it, was last heard.
    pub(crate) heard: Arc<[FeedHeard]>,
    read_at: Instant,
}

impl Surroundings {
    async fn read<S: Store>(store: &S) -> Result<Arc<Self>, StoreError> {
        let read_at = Instant::now();
        let (mut heard, checkpoint) = tokio::try_join!(store.heard(None), store.checkpoint())?;
        heard.sort();
        Ok(Arc::new(Self {
            checkpoint,
            heard: heard.into(),
            read_at,
        }))
    }
}

/// Who has been silent for too long at an instant.
#[derive(Debug)]
pub(crate) struct Silences<'a> {
    /// What had been heard by then.
    pub(crate) heard: &'a [FeedHeard],
    /// The instant.
    pub(crate) at: Timestamp,
    /// How long each source may be silent.
    pub(crate) bounds: &'a Staleness,
}

impl Silences<'_> {
    /// Whether a source has not been heard of people within its bound, or never. Where a provider is named and has been heard,
    /// what others say does not count.
    pub(crate) fn is_silent(&self, source: Source, provider: &str) -> bool {
        let bound = self.bounds.bound(source);
        let is_of_source = |one: &&FeedHeard| one.feed.source() == source && one.feed.is_about_people();
        let of_source = || self.heard.iter().filter(is_of_source);
        let is_heard = provider != ANYONE && of_source().any(|one| one.provider == provider);
        let speakers: &[&str] = if is_heard {
            &[provider, EVERYONE]
        } else {
            &[ANYONE]
        };
        let latest = of_source()
            .filter(|one| speakers.contains(&one.provider.as_str()))
            .map(|one| one.taken_at.0)
            .max();
        latest.is_none_or(|latest| self.at.duration_since(latest) > bound)
    }
}

/// What had been heard by known times that were asked about. It never changes, so a few are kept.
#[derive(Debug, Default)]
pub(crate) struct HeardBy(RwLock<BTreeMap<KnownAt, Arc<[FeedHeard]>>>);

impl HeardBy {
    /// What had been heard by a known time.
    pub(crate) async fn get<S: Store>(
        &self,
        store: &S,
        known: KnownAt,
    ) -> Result<Arc<[FeedHeard]>, StoreError> {
        if let Some(heard) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&known) {
            return Ok(Arc::clone(heard));
        }
        let mut heard = store.heard(Some(known)).await?;
        heard.sort();
        let heard: Arc<[FeedHeard]> = heard.into();
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= HEARD_BY_MAX {
            kept.clear();
        }
        kept.insert(known, Arc::clone(&heard));
        Ok(heard)
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
    use ltr_domain::ids::Feed;
    use ltr_domain::policy::Policy;
    use ltr_domain::time::TakenAt;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn heard(feed: Feed, provider: &str, text: &str) -> FeedHeard {
        FeedHeard {
            feed,
            provider: provider.to_owned(),
            taken_at: TakenAt(at(text)),
        }
    }

    #[test]
    fn a_source_is_silent_once_none_of_its_feeds_was_heard_within_the_bound() {
        let heard = [
            heard(Feed::ApplyCandidates, ANYONE, "2026-09-01T00:00:00Z"),
            heard(Feed::ApplyRecruits, ANYONE, "2026-09-10T00:00:00Z"),
            heard(Feed::RegisterTrainees, ANYONE, "2026-09-02T00:00:00Z"),
            heard(Feed::TvJobApplications, ANYONE, "2026-08-09T00:00:00Z"),
            // Which posts are open says nothing of anybody.
            heard(Feed::TvVacancies, ANYONE, "2026-09-18T00:00:00Z"),
            heard(Feed::TvPostings, ANYONE, "2026-09-18T00:00:00Z"),
        ];
        let bounds = Policy::first().staleness;
        let check = |now: &str, expected: &[Source]| {
            let silences = Silences {
                heard: &heard,
                at: at(now),
                bounds: &bounds,
            };
            let silent = Source::ALL
                .into_iter()
                .filter(|source| silences.is_silent(*source, ANYONE));
            assert_eq!(silent.collect::<Vec<_>>(), expected, "{now}");
        };
        check("2026-09-10T00:00:00Z", &[Source::Trs]);
        check(
            "2026-09-10T00:00:01Z",
            &[Source::Register, Source::Trs, Source::TeachingVacancies],
        );
        check("2026-09-18T00:00:01Z", &Source::ALL);
    }

    #[test]
    fn a_provider_is_silent_whatever_the_others_say() {
        let feed = Feed::RegisterTrainees;
        let mut heard = vec![
            heard(feed, ANYONE, "2026-09-20T00:00:00Z"),
            heard(feed, "10000571", "2026-09-01T00:00:00Z"),
            heard(feed, "10000572", "2026-09-20T00:00:00Z"),
        ];
        let bounds = Policy::first().staleness;
        let silent = |heard: &[FeedHeard], provider: &str| {
            let at = at("2026-09-21T00:00:00Z");
            let bounds = &bounds;
            Silences { heard, at, bounds }.is_silent(Source::Register, provider)
        };
        assert!(silent(&heard, "10000571"));
        assert!(!silent(&heard, "10000572"));
        assert!(
            !silent(&heard, "10000573"),
            "told of by a delivery that names no such provider"
        );
        heard.push(super::tests::heard(feed, EVERYONE, "2026-09-20T00:00:00Z"));
        assert!(!silent(&heard, "10000571"), "a delivery for all speaks of it too");
    }
}
