//! A store that notes which people each committed batch wrote, so that the limit writes the same rows in the same
//! batches. Noting them costs a few microseconds a batch and is part of what is measured.

use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{DeliveryId, PersonId, RecordId};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{
    ChangeRow, ChangedOver, Checkpoint, Committed, DeliveryRow, Due, Effects, FeedHeard, HistoryEntry,
    Membership, PeopleOf, PersonHistory, PersonRow, PolicyRow, Providers, QuarantineRow, Store, StoreError,
};

/// A store, watched.
#[derive(Debug, Clone)]
pub(crate) struct Watched<S> {
    store: S,
    batches: Arc<Mutex<Vec<Vec<PersonRow>>>>,
}

impl<S> Watched<S> {
    pub(crate) fn new(store: S) -> Self {
        Self {
            store,
            batches: Arc::default(),
        }
    }

    /// The people of every batch so far.
    pub(crate) fn take(&self) -> Vec<Vec<PersonRow>> {
        let mut batches = self.batches.lock().expect("no holder of this lock panics");
        std::mem::take(&mut batches)
    }
}

impl<S: Store> Store for Watched<S> {
    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        let people = effects.people.clone();
        self.batches
            .lock()
            .expect("no holder of this lock panics")
            .push(people);
        self.store.commit(effects).await
    }

    async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.store.checkpoint().await
    }

    async fn memberships(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        self.store.memberships(records).await
    }

    async fn history(&self, records: Vec<RecordId>) -> Result<Vec<HistoryEntry>, StoreError> {
        self.store.history(records).await
    }

    async fn digests(&self, people: Vec<PersonId>) -> Result<Vec<(PersonId, [u8; 32])>, StoreError> {
        self.store.digests(people).await
    }

    async fn policies(&self) -> Result<Vec<PolicyRow>, StoreError> {
        self.store.policies().await
    }

    async fn people_after(&self, after: Option<PersonId>, max: u32) -> Result<Vec<Membership>, StoreError> {
        self.store.people_after(after, max).await
    }

    async fn deliveries_by_id(&self, ids: Vec<DeliveryId>) -> Result<Vec<DeliveryRow>, StoreError> {
        self.store.deliveries_by_id(ids).await
    }

    async fn people_of(&self, records: Vec<RecordId>) -> Result<PeopleOf, StoreError> {
        self.store.people_of(records).await
    }

    async fn records_of_person(&self, person: PersonId) -> Result<Vec<RecordId>, StoreError> {
        self.store.records_of_person(person).await
    }

    async fn history_of(
        &self,
        record: RecordId,
        known: KnownAt,
    ) -> Result<Option<PersonHistory>, StoreError> {
        self.store.history_of(record, known).await
    }

    async fn memberships_ever(&self, records: Vec<RecordId>) -> Result<Vec<Membership>, StoreError> {
        self.store.memberships_ever(records).await
    }

    async fn changed_people(&self, over: ChangedOver) -> Result<Vec<ChangeRow>, StoreError> {
        self.store.changed_people(over).await
    }

    async fn quarantine(&self, max: u32) -> Result<Vec<QuarantineRow>, StoreError> {
        self.store.quarantine(max).await
    }

    async fn deliveries(&self, max: u32) -> Result<Vec<DeliveryRow>, StoreError> {
        self.store.deliveries(max).await
    }

    async fn heard(&self, known: Option<KnownAt>) -> Result<Vec<FeedHeard>, StoreError> {
        self.store.heard(known).await
    }

    async fn hearing(&self, providers: Providers, known: KnownAt) -> Result<Hearing, StoreError> {
        self.store.hearing(providers, known).await
    }

    async fn due(&self, on: Date, max: u32, sequence: u64) -> Result<Due, StoreError> {
        self.store.due(on, max, sequence).await
    }
}
