//! What twin and adapter must both do.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Feed;

use super::NextRuns;

/// Makes a test of every case. `$fresh` is the path of an async function that gives new, empty next runs and whatever must
/// outlive them.
#[macro_export]
macro_rules! next_runs_conformance {
    ($fresh:path) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn nothing_is_told_at_first() {
            let (runs, _outlives_it) = $fresh().await;
            $crate::next_runs::conformance::nothing_is_told_at_first(&runs).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn of_each_feed_the_last_word_stands() {
            let (runs, _outlives_it) = $fresh().await;
            $crate::next_runs::conformance::of_each_feed_the_last_word_stands(&runs).await;
        }
    };
}

/// Looking for what nobody told is no error.
pub async fn nothing_is_told_at_first(runs: &impl NextRuns) {
    assert_eq!(runs.told().await.expect("told"), BTreeMap::new());
}

/// Every feed has a place of its own.
pub async fn of_each_feed_the_last_word_stands(runs: &impl NextRuns) {
    let at = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
    for (number, feed) in (0..).zip(Feed::ALL) {
        runs.tell(feed, at(number)).await.expect("told");
    }
    runs.tell(Feed::TrsPersons, at(100)).await.expect("told");
    let mut expected: BTreeMap<Feed, Timestamp> = (0..)
        .zip(Feed::ALL)
        .map(|(number, feed)| (feed, at(number)))
        .collect();
    expected.insert(Feed::TrsPersons, at(100));
    assert_eq!(runs.told().await.expect("told"), expected);
}
