use super::MemStore;
use crate::store::conformance::{checkpoint, numbered_batch};
use crate::store::{Committed, Store, whole_microseconds};

async fn fresh() -> MemStore {
    MemStore::new()
}

crate::store_conformance!(fresh);

#[tokio::test]
async fn a_restored_store_is_another_one() {
    let store = MemStore::new();
    store.commit(numbered_batch(None, 1)).await.unwrap();
    let restored = store.restored();
    assert_eq!(
        restored
            .commit(numbered_batch(Some(checkpoint(1)), 2))
            .await
            .unwrap(),
        Committed::Done
    );
    assert_eq!(store.checkpoint().await.unwrap(), Some(checkpoint(1)));
    store
        .commit(numbered_batch(Some(checkpoint(1)), 2))
        .await
        .unwrap();
    assert_eq!(store.contents(), restored.contents());
}

#[test]
fn instants_are_rounded_down_on_both_sides_of_the_epoch() {
    let check = |at: &str, rounded: &str| {
        assert_eq!(
            whole_microseconds(at.parse().unwrap()),
            rounded.parse().unwrap(),
            "{at}"
        );
    };
    check("2026-09-01T00:00:00.123456999Z", "2026-09-01T00:00:00.123456Z");
    check("2026-09-01T00:00:00.123456Z", "2026-09-01T00:00:00.123456Z");
    check("1969-12-31T23:59:59.999999001Z", "1969-12-31T23:59:59.999999Z");
}
