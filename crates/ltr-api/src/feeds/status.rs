//! How the feeds stand: what was heard when, what is held, what is in quarantine.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_domain::delivery::{Scope, is_redrive};
use ltr_domain::ids::Feed;
use ltr_domain::policy::{Policy, Staleness};
use ltr_ports::log::{ClockKind, Log};
use ltr_ports::store::{DeliveryRow, Store};
use ltr_proto::record::{FeedStatus, ListFeedsRequest, ListFeedsResponse};
use ltr_proto::view::timestamp;

use super::DELIVERIES_MAX;
use super::list::{Passed, scope};
use crate::service::Api;
use crate::status::Refusal;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn list_feeds_of(
        &self,
        request: ListFeedsRequest,
    ) -> Result<ListFeedsResponse, Refusal> {
        let stored = async {
            tokio::try_join!(
                self.store.deliveries(DELIVERIES_MAX),
                self.store.quarantine_waiting(),
                self.store.checkpoint()
            )
        };
        let (stored, next_runs) = tokio::join!(stored, self.next_runs.told());
        let (rows, bad, checkpoint) = stored?;
        let next_runs = next_runs.unwrap_or_else(|error| {
            tracing::warn!(error = %error.source, "{error}: feeds are told of without their next runs");
            BTreeMap::new()
        });
        let now = match (self.clock_kind, checkpoint) {
            (ClockKind::Simulated, Some(checkpoint)) => checkpoint.known_at.0,
            (ClockKind::Simulated | ClockKind::Real, _) => self.clock.now(),
        };
        let bounds = match &checkpoint {
            Some(checkpoint) => {
                self.adopted
                    .by(&self.store, checkpoint)
                    .await?
                    .in_force()
                    .staleness
            }
            None => Policy::first().staleness,
        };
        let passed = Passed::of(&rows);
        let mut quarantined: BTreeMap<Feed, u64> = BTreeMap::new();
        for row in &bad {
            *quarantined.entry(row.message.feed).or_default() += 1;
        }
        let mut feeds = Vec::new();
        for feed in Feed::ALL {
            // Rows that are driven again are no news of their source.
            let of_feed: Vec<&DeliveryRow> = rows
                .iter()
                .filter(|row| row.feed == feed && !is_redrive(&row.scope))
                .collect();
            let telling = Telling {
                feed,
                now,
                bounds: &bounds,
                passed: &passed,
            };
            feeds.push(FeedStatus {
                quarantined: quarantined.get(&feed).copied().unwrap_or_default(),
                next_run_at: next_runs.get(&feed).copied().map(timestamp),
                ..telling.status(&Scope::new(), &of_feed)
            });
            if !request.scopes {
                continue;
            }
            let mut scopes: BTreeMap<&Scope, Vec<&DeliveryRow>> = BTreeMap::new();
            for row in of_feed {
                scopes.entry(&row.scope).or_default().push(row);
            }
            let named = scopes.iter().filter(|(scope, _)| !scope.is_empty());
            feeds.extend(named.map(|(scope, rows)| telling.status(scope, rows)));
        }
        Ok(ListFeedsResponse { feeds })
    }
}

struct Telling<'a> {
    feed: Feed,
    now: Timestamp,
    bounds: &'a Staleness,
    passed: &'a Passed<'a>,
}

impl Telling<'_> {
    /// How a feed stands by these deliveries of it.
    fn status(&self, of: &Scope, rows: &[&DeliveryRow]) -> FeedStatus {
        let closed = rows
            .iter()
            .filter(|row| row.closed_at.is_some())
            .max_by_key(|row| row.closed_at);
        let newest = rows
            .iter()
            .filter(|row| row.closed_at.is_some())
            .map(|row| row.taken_at.0)
            .max();
        let attempt = rows.iter().map(|row| row.opened_at.0).max();
        let seconds = |from: Timestamp| self.now.duration_since(from).as_secs();
        let bound = self.bounds.bound(self.feed.source()).as_secs();
        let held = rows.iter().filter(|row| self.passed.state(row) == "held").count();
        FeedStatus {
            feed: self.feed.to_string(),
            scope: scope(of),
            last_success_at: closed
                .and_then(|row| row.closed_at)
                .map(|closed_at| timestamp(closed_at.0)),
            last_attempt_at: attempt.map(timestamp),
            taken_at: newest.map(timestamp),
            lag_seconds: newest.map(|newest| u64::try_from(seconds(newest)).unwrap_or_default()),
            lag_seconds_max: u64::try_from(bound).unwrap_or_default(),
            held: held as u64,
            quarantined: 0,
            next_run_at: None,
            rows: closed.map(|row| row.counts.rows).unwrap_or_default(),
            observations: closed.map(|row| row.counts.observations).unwrap_or_default(),
        }
    }
}
