use super::{Fault, FaultyStore, SplitCommitStore};
use crate::store::conformance::{checkpoint, effects_and_cursor_agree, numbered_batch};
use crate::store::mem::MemStore;
use crate::store::{Checkpoint, Committed, Store, StoreError};

/// Commits the batches 1 to `last` as a projector does: after anything but "done" it starts again from the checkpoint.
/// Gives the number of starts.
async fn project(store: &impl Store, last: u64) -> u32 {
    let mut starts = 0;
    loop {
        starts += 1;
        assert!(starts < 100, "it never gets there");
        let mut at: Option<Checkpoint> = store.checkpoint().await.unwrap();
        loop {
            let next = at.map_or(0, |at| at.sequence) + 1;
            if next > last {
                return starts;
            }
            match store.commit(numbered_batch(at, next)).await {
                Ok(Committed::Done) => at = Some(checkpoint(next)),
                Ok(Committed::Fenced)
                | Err(StoreError::Indeterminate { .. } | StoreError::Determinate { .. }) => break,
                Err(error @ StoreError::Unreadable { .. }) => panic!("{error}"),
            }
        }
    }
}

#[tokio::test]
async fn each_fault_happens_and_reports_as_it_says() {
    let faults = [Fault::LostAcknowledgement, Fault::LostRequest, Fault::Failed];
    let store = FaultyStore::scripted(MemStore::new(), faults.map(Some));
    let reached = async || store.checkpoint().await.unwrap().map(|at| at.sequence);

    let lost = store.commit(numbered_batch(None, 1)).await;
    assert!(matches!(lost, Err(StoreError::Indeterminate { .. })));
    assert_eq!(reached().await, Some(1), "it happened");

    let lost = store.commit(numbered_batch(Some(checkpoint(1)), 2)).await;
    assert!(matches!(lost, Err(StoreError::Indeterminate { .. })));
    assert_eq!(reached().await, Some(1), "it did not happen");

    let failed = store.commit(numbered_batch(Some(checkpoint(1)), 2)).await;
    assert!(matches!(failed, Err(StoreError::Determinate { .. })));
    assert_eq!(reached().await, Some(1), "it did not happen");

    assert_eq!(
        store
            .commit(numbered_batch(Some(checkpoint(1)), 2))
            .await
            .unwrap(),
        Committed::Done
    );
    assert!(effects_and_cursor_agree(&store, 3).await);
}

#[tokio::test]
async fn a_projector_over_faults_has_every_effect_once() {
    let faults = [Fault::LostAcknowledgement, Fault::LostRequest, Fault::Failed];
    let script = (0..30).map(|n| (n % 2 == 0).then_some(faults[n / 2 % 3]));
    let store = FaultyStore::scripted(MemStore::new(), script);
    assert_eq!(project(&store, 40).await, 16, "a start, and one for each fault");
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(40)));
    assert!(effects_and_cursor_agree(&store, 5).await);
}

/// The check above would be worth nothing if it passed on a store whose cursor runs ahead of its effects.
#[tokio::test]
async fn a_cursor_committed_apart_from_its_effects_loses_them() {
    let store = SplitCommitStore::crashing_after(MemStore::new(), 3);
    assert_eq!(project(&store, 10).await, 2, "one crash");
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(10)));
    assert!(
        !effects_and_cursor_agree(&store, 0).await,
        "the effects of the fourth batch are lost, and it is noticed"
    );
}

#[tokio::test]
async fn without_a_crash_the_split_goes_unnoticed() {
    let store = SplitCommitStore::crashing_after(MemStore::new(), 1_000);
    assert_eq!(project(&store, 10).await, 1);
    assert!(effects_and_cursor_agree(&store, 0).await);
}
