//! A store that notes which people each committed batch wrote, so that the limit writes the same rows in the same
//! batches. Noting them costs a few microseconds a batch and is part of what is measured.

use std::sync::{Arc, Mutex};

use ltr_ports::store::{Committed, Effects, PersonRow, Store, StoreError};

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
    ltr_ports::forward_reads!(store);

    async fn commit(&self, effects: Effects) -> Result<Committed, StoreError> {
        let people = effects.people.clone();
        self.batches
            .lock()
            .expect("no holder of this lock panics")
            .push(people);
        self.store.commit(effects).await
    }
}
