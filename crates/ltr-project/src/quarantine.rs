//! Rows in quarantine, as messages tell of them: seen, seen again, and released. By a later row of the same record that is
//! good; by a later complete delivery of their scope that came without them; by being driven again; or by hand.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::delivery::{Completeness, PageRecorded, Quarantined, RowsReleased, Scope};
use ltr_domain::ids::{DeliveryId, RecordId};
use ltr_domain::observation::Position;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{DeliveryRow, QuarantineRow};

/// What the projector knows of the quarantine: every row that waits, and those that a batch tells of. A gate holds
/// complete deliveries with too many bad rows, so that this stays small.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    rows: BTreeMap<String, QuarantineRow>,
    /// The rows that wait and name a record, by it.
    of_record: BTreeMap<RecordId, BTreeSet<String>>,
    /// Rows that the batch in hand changed.
    changed: BTreeSet<String>,
}

impl Quarantine {
    /// The rows that wait, as the store has them.
    pub(crate) fn of(rows: Vec<QuarantineRow>) -> Self {
        let mut quarantine = Self::default();
        quarantine.extend(rows);
        quarantine
    }

    /// Whether a row is known of.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.rows.contains_key(id)
    }

    /// Takes up rows as the store has them.
    pub(crate) fn extend(&mut self, rows: Vec<QuarantineRow>) {
        for row in rows {
            self.insert(row);
        }
    }

    /// Takes up that a row was seen, in a delivery of that scope.
    pub(crate) fn see(&mut self, message: &Quarantined, scope: &Scope, position: Position) {
        let known = self.rows.get(&message.id);
        let row = QuarantineRow {
            message: message.clone(),
            scope: scope.clone(),
            sequence: position.sequence,
            times_seen: known.map_or(0, |known| known.times_seen) + 1,
            first_seen_at: known.map_or(position.known_at, |known| known.first_seen_at),
            last_seen_at: position.known_at,
            released_at: None,
        };
        self.changed.insert(message.id.clone());
        self.insert(row);
    }

    /// Takes up a page: of the records in it that are good, earlier bad rows wait no more. A record is good in a page
    /// if its delivery has no bad row of it; an older snapshot tells nothing of a newer row.
    pub(crate) fn hear_page(&mut self, delivery: DeliveryId, page: &PageRecorded, at: KnownAt) {
        if self.of_record.is_empty() {
            return;
        }
        let mut released = Vec::new();
        for ids in page.seen.iter().filter_map(|record| self.of_record.get(record)) {
            let rows: Vec<&QuarantineRow> = ids.iter().filter_map(|id| self.rows.get(id)).collect();
            if rows.iter().any(|row| row.message.delivery == delivery) {
                continue;
            }
            let older = rows.into_iter().filter(|row| {
                row.message
                    .taken_at
                    .is_none_or(|taken_at| taken_at <= page.taken_at)
            });
            released.extend(older.map(|row| row.message.id.clone()));
        }
        for id in released {
            self.release(&id, at);
        }
    }

    /// Takes up that a delivery was closed: a complete one releases what its scope had before it was opened.
    pub(crate) fn hear_closing(&mut self, closed: &DeliveryRow, at: KnownAt) {
        if closed.completeness == Completeness::Partial {
            return;
        }
        let of_scope = self.rows.values().filter(|row| {
            row.released_at.is_none()
                && row.message.feed == closed.feed
                && row.scope == closed.scope
                && row.last_seen_at < closed.opened_at
        });
        let released: Vec<String> = of_scope.map(|row| row.message.id.clone()).collect();
        for id in released {
            self.release(&id, at);
        }
    }

    /// Takes up that rows were released by a message.
    pub(crate) fn hear_released(&mut self, released: &RowsReleased, at: KnownAt) {
        for id in &released.rows {
            self.release(id, at);
        }
    }

    /// The rows that the batch changed, as they now stand.
    pub(crate) fn take_changed(&mut self) -> Vec<QuarantineRow> {
        let changed = std::mem::take(&mut self.changed);
        changed
            .iter()
            .filter_map(|id| self.rows.get(id))
            .cloned()
            .collect()
    }

    /// Forgets what waits no more. Only when all that it was told of is in the store.
    pub(crate) fn forget_released(&mut self) {
        self.rows.retain(|_, row| row.released_at.is_none());
    }

    fn insert(&mut self, row: QuarantineRow) {
        let id = row.message.id.clone();
        self.forget_record(&id);
        if let Some(record) = row.message.record.clone().filter(|_| row.released_at.is_none()) {
            self.of_record.entry(record).or_default().insert(id.clone());
        }
        self.rows.insert(id, row);
    }

    fn release(&mut self, id: &str, at: KnownAt) {
        self.forget_record(id);
        let Some(row) = self.rows.get_mut(id) else { return };
        if row.released_at.is_none() {
            row.released_at = Some(at);
            self.changed.insert(id.to_owned());
        }
    }

    fn forget_record(&mut self, id: &str) {
        let record = self.rows.get(id).and_then(|row| row.message.record.as_ref());
        let Some((record, ids)) = record.and_then(|record| Some((record, self.of_record.get_mut(record)?)))
        else {
            return;
        };
        ids.remove(id);
        if ids.is_empty() {
            self.of_record.remove(record);
        }
    }
}

#[cfg(test)]
mod tests;
