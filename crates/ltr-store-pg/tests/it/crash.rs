//! The server is killed in the midst of commits: what is there afterwards is a checkpoint and exactly its effects.

use ltr_devservers::{Options, PostgresServer};
use ltr_ports::store::conformance::{Place, checkpoint, effects_and_cursor_agree, numbered_batch};
use ltr_ports::store::{Checkpoint, Committed, Store, StoreError};
use ltr_store_pg::{PgStore, migrate};
use tokio::sync::watch;

use crate::fixture::Database;

/// Commits batch after batch until the store fails, and tells each sequence it is sure of. Gives what the failure said.
async fn commit_until_it_fails(store: PgStore, sure: watch::Sender<u64>) -> StoreError {
    let mut at = store.checkpoint().await.expect("the store was just opened");
    loop {
        let next = at.map_or(0, |at| at.sequence) + 1;
        match store.commit(numbered_batch(at, next)).await {
            Ok(Committed::Done) => at = Some(checkpoint(next)),
            Ok(Committed::Fenced) => panic!("nobody else is here"),
            Err(error) => return error,
        }
        sure.send_replace(next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_keeps_cursor_and_effects_together() {
    // A server of our own, to be killed, whatever the environment names.
    let mut options = Options::in_workspace();
    options.search.database_url = None;
    let mut server = PostgresServer::start(&options).await.unwrap();
    let place = Database {
        url: server.fresh_database("crash").await.unwrap(),
    };
    migrate(&place.url).await.unwrap();
    let outlives = place.open().await;
    let mut reached = 0;
    for round in 1..=5 {
        let (tell, mut sure) = watch::channel(reached);
        let work = tokio::spawn(commit_until_it_fails(place.open().await, tell));
        let target = reached + 20 * round;
        sure.wait_for(|sure| *sure >= target).await.unwrap();
        server.kill().unwrap();
        let error = work.await.unwrap();
        server.restart().await.unwrap();

        let store = place.open().await;
        let after: Option<Checkpoint> = store.checkpoint().await.unwrap();
        let (sure, after) = (*sure.borrow(), after.map_or(0, |at| at.sequence));
        match error {
            StoreError::Determinate { .. } => {
                assert_eq!(after, sure, "what was said not to have happened did not")
            }
            StoreError::Indeterminate { .. } => {
                assert!((sure..=sure + 1).contains(&after), "{after} after {sure}")
            }
            StoreError::Unreadable { .. } => panic!("{error}"),
        }
        assert!(
            effects_and_cursor_agree(&store, 3).await,
            "in round {round}, at {after}"
        );
        assert!(
            effects_and_cursor_agree(&outlives, 3).await,
            "readers come back by themselves"
        );
        reached = after;
    }
    server.stop().await;
}

/// A projector that stops waiting for a commit leaves no half of it, and its store goes on working.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_nobody_waits_for_happens_whole_or_not_at_all() {
    let place = crate::fixture::fresh_place().await;
    let store = place.open().await;
    store.commit(numbered_batch(None, 1)).await.unwrap();
    let mut cut_short = 0;
    let mut sequence = 1;
    for polls in (0..40).cycle().take(400) {
        let mut commit = Box::pin(store.commit(numbered_batch(Some(checkpoint(sequence)), sequence + 1)));
        let mut finished = false;
        for _ in 0..polls {
            tokio::select! {
                biased;
                committed = &mut commit => {
                    assert_eq!(committed.unwrap(), Committed::Done);
                    finished = true;
                    break;
                }
                () = tokio::task::yield_now() => {}
            }
        }
        drop(commit);
        cut_short += u32::from(!finished);
        let reached = store.checkpoint().await.unwrap().unwrap().sequence;
        assert!(reached == sequence + 1 || (reached == sequence && !finished));
        sequence = reached;
    }
    assert!(cut_short > 100, "{cut_short}: the case tries what it says");
    // What was under way when it was dropped may still end; another commit waits for it and is fenced, or is done.
    let next = numbered_batch(Some(checkpoint(sequence)), sequence + 1);
    store.commit(next).await.unwrap();
    assert!(effects_and_cursor_agree(&store, 3).await);
}
