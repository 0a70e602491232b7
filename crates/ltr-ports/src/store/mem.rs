//! The store in memory: the twin that tests and dry runs use. Nothing survives the last clone.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::civil::Date;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{DeliveryId, PersonId, RecordId};
use ltr_domain::time::KnownAt;

mod contents;
mod listened;

pub use self::contents::Contents;
pub use self::listened::Listened;
use super::{
    ChangeRow, ChangedOver, Checkpoint, Committed, DeliveryRow, Due, Effects, FeedHeard, HistoryEntry,
    Membership, PeopleOf, PersonHistory, PersonRow, PolicyRow, Providers, QuarantineRow, ReviewRow, Store,
    StoreError,
};

/// The store in memory. Clones share it.
#[derive(Clone, Default)]
pub struct MemStore(Arc<Mutex<Contents>>);

impl MemStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For tests: everything in it now, to be looked at or compared with another store's.
    #[must_use]
    pub fn contents(&self) -> Contents {
        self.lock().clone()
    }

    /// For tests: another store with the same contents, as a restored backup is.
    #[must_use]
    pub fn restored(&self) -> Self {
        Self(Arc::new(Mutex::new(self.contents())))
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

impl Store for MemStore {
    async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        Ok(self.lock().checkpoint)
    }

    async fn memberships(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        let kept = self.lock();
        let people: BTreeSet<PersonId> = records.iter().filter_map(|record| kept.owner(record)).collect();
        Ok(people
            .into_iter()
            .flat_map(|person| kept.present_of(person))
            .cloned()
            .collect())
    }

    async fn history(&self, records: Vec<RecordId>) -> Result<Vec<HistoryEntry>, StoreError> {
        Ok(self.lock().entries_of(records.into_iter().collect()))
    }

    async fn digests(&self, people: Vec<PersonId>) -> Result<Vec<(PersonId, [u8; 32])>, StoreError> {
        let kept = self.lock();
        let people: BTreeSet<PersonId> = people.into_iter().collect();
        Ok(people
            .iter()
            .filter_map(|person| kept.people.get(person))
            .map(|row| (row.person, row.digest))
            .collect())
    }

    async fn policies(&self) -> Result<Vec<PolicyRow>, StoreError> {
        Ok(self.lock().policies.values().cloned().collect())
    }

    async fn people_after(&self, after: Option<PersonId>, max: u32) -> Result<Vec<Membership>, StoreError> {
        let kept = self.lock();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let next = kept.people.range((from, Bound::Unbounded));
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        Ok(next
            .take(max)
            .flat_map(|(person, _)| kept.present_of(*person))
            .cloned()
            .collect())
    }

    async fn deliveries_by_id(&self, ids: Vec<DeliveryId>) -> Result<Vec<DeliveryRow>, StoreError> {
        let kept = self.lock();
        let ids: BTreeSet<DeliveryId> = ids.into_iter().collect();
        Ok(ids
            .iter()
            .filter_map(|id| kept.deliveries.get(id))
            .cloned()
            .collect())
    }

    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        self.lock().commit(effects)
    }

    async fn people_of(&self, records: Vec<RecordId>) -> Result<PeopleOf, StoreError> {
        let kept = self.lock();
        let records: BTreeSet<RecordId> = records.into_iter().collect();
        let row = |record: RecordId| {
            let row = kept.people.get(&kept.owner(&record)?)?.clone();
            Some((record, row))
        };
        Ok((kept.checkpoint, records.into_iter().filter_map(row).collect()))
    }

    async fn records_of_person(&self, person: PersonId) -> Result<Vec<RecordId>, StoreError> {
        let kept = self.lock();
        let ever = kept.records_of.get(&person).into_iter().flatten();
        let (present, past): (Vec<_>, Vec<_>) = ever
            .cloned()
            .partition(|record| kept.owner(record) == Some(person));
        Ok(present.into_iter().chain(past).collect())
    }

    async fn history_of(
        &self,
        record: RecordId,
        known: KnownAt,
    ) -> Result<Option<PersonHistory>, StoreError> {
        let kept = self.lock();
        let belonged = |record: &RecordId| {
            kept.memberships
                .get(record)?
                .iter()
                .find(|one| one.holds_at(known))
        };
        let Some(person) = belonged(&record).map(|membership| membership.person) else {
            return Ok(None);
        };
        let ever = kept.records_of.get(&person).into_iter().flatten();
        let records: Vec<Membership> = ever
            .filter_map(belonged)
            .filter(|membership| membership.person == person)
            .cloned()
            .collect();
        let mut entries = kept.entries_of(
            records
                .iter()
                .map(|membership| membership.record.clone())
                .collect(),
        );
        entries.retain(|entry| entry.known_at <= known);
        Ok(Some(PersonHistory {
            person,
            records,
            entries,
        }))
    }

    async fn memberships_ever(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        let kept = self.lock();
        let of = |record| kept.memberships.get(record).into_iter().flatten();
        let people: BTreeSet<PersonId> = records.iter().flat_map(of).map(|one| one.person).collect();
        let all = kept.memberships.values().flatten();
        Ok(all
            .filter(|membership| people.contains(&membership.person))
            .cloned()
            .collect())
    }

    async fn changed_people(&self, over: ChangedOver) -> Result<Vec<ChangeRow>, StoreError> {
        let mut changes = self.lock().changes.clone();
        changes.sort_by_key(|change| (change.sequence, change.ordinal));
        let beyond = changes.iter().find(|change| change.known_at > over.to);
        let end = beyond.map_or(u64::MAX, |change| change.sequence.saturating_add(over.beyond));
        let mut seen = BTreeSet::new();
        changes.retain(|change| {
            change.known_at >= over.from && change.sequence < end && seen.insert(change.person)
        });
        changes.retain(|change| Some((change.sequence, change.ordinal)) > over.after);
        changes.truncate(over.max as usize);
        Ok(changes)
    }

    async fn quarantine(&self, max: u32) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut rows: Vec<QuarantineRow> = self.lock().quarantine.values().cloned().collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.last_seen_at, row.sequence)));
        rows.truncate(max as usize);
        Ok(rows)
    }

    async fn quarantine_waiting(&self) -> Result<Vec<QuarantineRow>, StoreError> {
        let kept = self.lock();
        let waiting = kept.quarantine.values().filter(|row| row.released_at.is_none());
        Ok(waiting.cloned().collect())
    }

    async fn quarantine_by_id(&self, ids: Vec<String>) -> Result<Vec<QuarantineRow>, StoreError> {
        let kept = self.lock();
        let ids: BTreeSet<String> = ids.into_iter().collect();
        Ok(ids
            .iter()
            .filter_map(|id| kept.quarantine.get(id))
            .cloned()
            .collect())
    }

    async fn deliveries(&self, max: u32) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut rows: Vec<DeliveryRow> = self.lock().deliveries.values().cloned().collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.opened_at, row.delivery)));
        rows.truncate(max as usize);
        Ok(rows)
    }

    async fn reviews(&self, max: u32) -> Result<Vec<ReviewRow>, StoreError> {
        let mut rows: Vec<ReviewRow> = self.lock().reviews.values().cloned().collect();
        rows.sort_by(|a, b| (a.known_at, &a.id).cmp(&(b.known_at, &b.id)));
        rows.truncate(max as usize);
        Ok(rows)
    }

    async fn heard(&self, known: Option<KnownAt>) -> Result<Vec<FeedHeard>, StoreError> {
        Ok(self.lock().listened.heard(known))
    }

    async fn hearing(&self, providers: Providers, known: KnownAt) -> Result<Hearing, StoreError> {
        Ok(self.lock().listened.hearing(&providers, known))
    }

    async fn due(&self, on: Date, max: u32, sequence: u64) -> Result<Due, StoreError> {
        let kept = self.lock();
        let is_due = |row: &&PersonRow| row.review_on.is_some_and(|review_on| review_on <= on);
        let mut rows: Vec<&PersonRow> = kept.people.values().filter(is_due).collect();
        rows.sort_by_key(|row| (row.review_on, row.person));
        let people = rows.into_iter().filter_map(|row| {
            let membership = kept.present_of(row.person).next()?;
            Some((row.person, membership.record.clone()))
        });
        let ordinals = kept.changes.iter().filter(|change| change.sequence == sequence);
        Ok(Due {
            people: people.take(max as usize).collect(),
            next_ordinal: ordinals.map(|change| change.ordinal + 1).max().unwrap_or(0),
        })
    }
}

/// Says how much is there, never what.
impl fmt::Debug for MemStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.lock();
        f.debug_struct("MemStore")
            .field("sequence", &kept.checkpoint.map(|checkpoint| checkpoint.sequence))
            .field("records", &kept.history.len())
            .field("people", &kept.people.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
