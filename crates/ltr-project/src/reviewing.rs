//! What an operator is to look at, of the people that a step parted anew: what came up is written, what is settled goes.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::identity::Review;
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Position;
use ltr_ports::store::ReviewRow;
use ltr_proto::review;

/// The reviews that wait, as the store has them, by id; and where each record occurs.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    rows: BTreeMap<String, ReviewRow>,
    of_record: BTreeMap<RecordId, BTreeSet<String>>,
}

/// What the batch in hand changes: rows to write, and ids that are settled (`None`).
pub(crate) type Noted = BTreeMap<String, Option<ReviewRow>>;

impl Waiting {
    pub(crate) fn of(rows: Vec<ReviewRow>) -> Self {
        let mut waiting = Self::default();
        for row in rows {
            waiting.insert(row);
        }
        waiting
    }

    /// Replaces whatever waits about these records by what is to be looked at now.
    pub(crate) fn replace<'a>(
        &mut self,
        records: impl Iterator<Item = &'a RecordId>,
        now: &[Review],
        step: Position,
        noted: &mut Noted,
    ) {
        if self.rows.is_empty() && now.is_empty() {
            return;
        }
        let held: BTreeSet<String> = records
            .filter_map(|record| self.of_record.get(record))
            .flatten()
            .cloned()
            .collect();
        let mut settled = held;
        for review in now {
            let id = review.id();
            settled.remove(&id);
            let kept = self.rows.get(&id);
            // What waits already keeps since when.
            let since = kept.map_or(step, |kept| Position {
                sequence: kept.sequence,
                known_at: kept.known_at,
            });
            let view = review::encoded(review, since);
            if kept.is_some_and(|kept| kept.view == view) {
                continue;
            }
            let row = ReviewRow {
                id: id.clone(),
                kind: review.kind().to_owned(),
                records: review.records().into_iter().cloned().collect(),
                known_at: since.known_at,
                sequence: since.sequence,
                view,
            };
            self.insert(row.clone());
            noted.insert(id, Some(row));
        }
        for id in settled {
            if let Some(row) = self.rows.remove(&id) {
                for record in &row.records {
                    if let Some(ids) = self.of_record.get_mut(record) {
                        ids.remove(&id);
                    }
                }
                noted.insert(id, None);
            }
        }
    }

    fn insert(&mut self, row: ReviewRow) {
        for record in &row.records {
            self.of_record
                .entry(record.clone())
                .or_default()
                .insert(row.id.clone());
        }
        self.rows.insert(row.id.clone(), row);
    }
}
