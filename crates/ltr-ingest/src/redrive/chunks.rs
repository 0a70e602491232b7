//! Cuts rows into chunks that one delivery can hold: of one feed, one earlier delivery and so one snapshot.

use std::collections::BTreeMap;

use ltr_domain::delivery::Quarantined;
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;

/// Rows that are driven again together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) feed: Feed,
    /// The delivery in which they were last seen.
    pub(super) delivery: DeliveryId,
    /// When its snapshot was taken.
    pub(super) taken_at: TakenAt,
    /// The rows, each id once.
    pub(super) rows: Vec<Quarantined>,
}

/// The chunks, the oldest snapshot first, so that what is newer comes on top of what is older. Of messages about one row
/// the last counts. A row of no known snapshot was never kept, and comes first, as if its snapshot were the oldest.
pub(super) fn of(rows: Vec<Quarantined>, max: usize) -> Vec<Chunk> {
    let mut last: BTreeMap<(Feed, String), Quarantined> = BTreeMap::new();
    for row in rows {
        last.insert((row.feed, row.id.clone()), row);
    }
    let mut groups: BTreeMap<(TakenAt, Feed, DeliveryId), Vec<Quarantined>> = BTreeMap::new();
    for (_, row) in last {
        let taken_at = row.taken_at.unwrap_or(TakenAt(jiff::Timestamp::MIN));
        groups
            .entry((taken_at, row.feed, row.delivery))
            .or_default()
            .push(row);
    }
    let mut chunks = Vec::new();
    for ((taken_at, feed, delivery), mut rows) in groups {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(max.max(1)));
            chunks.push(Chunk {
                feed,
                delivery,
                taken_at,
                rows: std::mem::replace(&mut rows, rest),
            });
        }
    }
    chunks
}
