//! A commit on a task of its own, so that it goes on while the next batch is planned.

use ltr_ports::store::{Committed, Effects, Store, StoreError};
use tokio::task::JoinSet;

/// A commit under way. Dropping it gives up waiting for it; whether it happens then only the cursor tells.
pub(crate) struct Committing(JoinSet<Result<Committed, StoreError>>);

impl Committing {
    /// Begins to commit.
    pub(crate) fn begin<S: Store>(store: &S, effects: Effects) -> Self {
        let store = store.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { store.commit(effects).await });
        Self(tasks)
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> Result<Committed, StoreError> {
        let ended = self.0.join_next().await.expect("one task was spawned");
        match ended {
            Ok(committed) => committed,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(cancelled) => Err(StoreError::Indeterminate {
                    attempted: "commit a batch",
                    source: Box::new(cancelled),
                }),
            },
        }
    }
}
