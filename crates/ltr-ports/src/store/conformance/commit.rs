//! Effects and cursor are one transaction, and the cursor is the fence.

use ltr_domain::ids::{Feed, PersonId};

use super::given::{
    belongs, checkpoint, delivery, effects_and_cursor_agree, entry, known, numbered_batch, person,
    quarantined, trs,
};
use super::{Place, Projector};
use crate::store::{Checkpoint, Committed, Effects, Store, StoreError};

/// Every read answers, and with nothing.
pub async fn a_new_store_holds_nothing(place: &impl Place) {
    let store = place.open().await;
    assert_eq!(store.checkpoint().await.expect("it can be read"), None);
    assert_eq!(
        store.memberships(vec![trs(1)]).await.expect("they can be read"),
        []
    );
    assert_eq!(store.history(vec![trs(1)]).await.expect("it can be read"), []);
    assert_eq!(
        store
            .digests(vec![PersonId::of(&trs(1))])
            .await
            .expect("they can be read"),
        []
    );
    assert_eq!(
        store.people_of(vec![trs(1)]).await.expect("they can be read"),
        (None, vec![])
    );
    assert_eq!(
        store
            .records_of_person(PersonId::of(&trs(1)))
            .await
            .expect("they can be read"),
        []
    );
    assert_eq!(
        store.history_of(trs(1), known(9)).await.expect("it can be read"),
        None
    );
    assert_eq!(store.quarantine(10).await.expect("it can be read"), []);
    assert_eq!(store.deliveries(10).await.expect("they can be read"), []);
    assert_eq!(
        store.deliveries_by_id(vec![]).await.expect("they can be read"),
        []
    );
    assert_eq!(store.heard(None).await.expect("it can be read"), []);
}

/// Batch by batch, both are there or neither.
pub async fn the_cursor_moves_with_the_effects(place: &impl Place) {
    let store = place.open().await;
    let mut at = None;
    for sequence in 1..=5 {
        let committed = store
            .commit(numbered_batch(at, sequence))
            .await
            .expect("the batch can be committed");
        assert_eq!(committed, Committed::Done);
        at = Some(checkpoint(sequence));
        assert_eq!(store.checkpoint().await.expect("it can be read"), at);
        assert!(effects_and_cursor_agree(&store, 3).await, "after {sequence}");
    }
}

/// The server tells a stream's birth to the nanosecond; losing one would look like another stream.
pub async fn the_place_on_the_log_is_kept_exactly(place: &impl Place) {
    let store = place.open().await;
    let to = checkpoint(7);
    assert_ne!(
        to.stream_created_at.subsec_nanosecond() % 1_000,
        0,
        "the case tries what it says"
    );
    store
        .commit(Effects::nothing(None, to))
        .await
        .expect("the batch can be committed");
    let read = store
        .checkpoint()
        .await
        .expect("it can be read")
        .expect("there is one");
    assert_eq!(read, to);
    assert_eq!(
        store
            .commit(Effects::nothing(Some(read), checkpoint(8)))
            .await
            .expect("it can be committed"),
        Committed::Done
    );
}

/// A second projector was here: what the first one meant to write is not there, in no table.
pub async fn a_stale_projector_is_fenced_and_writes_nothing(place: &impl Place) {
    let (stale, other) = (place.open().await, place.open().await);
    stale
        .commit(numbered_batch(None, 1))
        .await
        .expect("the batch can be committed");
    other
        .commit(numbered_batch(Some(checkpoint(1)), 2))
        .await
        .expect("the batch can be committed");

    let mut late = numbered_batch(Some(checkpoint(1)), 3);
    late.ended.push(PersonId::of(&trs(2)));
    late.closed.push((trs(2), PersonId::of(&trs(2)), known(3)));
    late.quarantine.push(quarantined("late", 3));
    late.deliveries.push(delivery(3, Feed::TrsPersons, 3));
    assert_eq!(
        stale.commit(late).await.expect("a lost race is no error"),
        Committed::Fenced
    );

    assert_eq!(
        stale.checkpoint().await.expect("it can be read"),
        Some(checkpoint(2))
    );
    assert!(effects_and_cursor_agree(&stale, 3).await);
    assert_eq!(stale.quarantine(10).await.expect("it can be read"), []);
    assert_eq!(stale.deliveries(10).await.expect("they can be read"), []);
    // It is none the worse for it, and may go on from where the other got to.
    let next = stale.commit(numbered_batch(Some(checkpoint(2)), 3)).await;
    assert_eq!(next.expect("the batch can be committed"), Committed::Done);
}

/// The same number on another stream, or after other messages, is another place.
pub async fn another_stream_or_another_past_is_fenced(place: &impl Place) {
    let store = place.open().await;
    store
        .commit(numbered_batch(None, 1))
        .await
        .expect("the batch can be committed");
    let other_stream = Checkpoint {
        stream_created_at: "2026-08-31T12:00:00.123456788Z".parse().expect("an instant"),
        ..checkpoint(1)
    };
    let other_past = Checkpoint {
        running_digest: [0; 32],
        ..checkpoint(1)
    };
    let other_number = Checkpoint {
        sequence: 0,
        ..checkpoint(1)
    };
    for from in [other_stream, other_past, other_number] {
        let committed = store
            .commit(numbered_batch(Some(from), 2))
            .await
            .expect("a lost race is no error");
        assert_eq!(committed, Committed::Fenced);
    }
    assert!(effects_and_cursor_agree(&store, 2).await);
}

/// `from: None` means an empty store, and a cursor means one that has it.
pub async fn a_store_that_holds_something_is_not_begun_again(place: &impl Place) {
    let store = place.open().await;
    let too_early = store.commit(numbered_batch(Some(checkpoint(1)), 2)).await;
    assert_eq!(too_early.expect("a lost race is no error"), Committed::Fenced);
    assert_eq!(store.checkpoint().await.expect("it can be read"), None);

    store
        .commit(numbered_batch(None, 1))
        .await
        .expect("the batch can be committed");
    let again = store
        .commit(numbered_batch(None, 1))
        .await
        .expect("a lost race is no error");
    assert_eq!(again, Committed::Fenced);
    assert!(effects_and_cursor_agree(&store, 1).await);
}

/// However many start from one cursor at one time.
pub async fn of_racing_projectors_exactly_one_wins(place: &impl Place) {
    let (one, two, three) = (place.open().await, place.open().await, place.open().await);
    let mut at = None;
    for sequence in 1..=20 {
        let batch = || numbered_batch(at, sequence);
        let (first, second, third) =
            tokio::join!(one.commit(batch()), two.commit(batch()), three.commit(batch()));
        let done = [first, second, third].map(|committed| committed.expect("a lost race is no error"));
        assert_eq!(
            done.iter()
                .filter(|committed| **committed == Committed::Done)
                .count(),
            1,
            "{done:?}"
        );
        at = Some(checkpoint(sequence));
        assert!(effects_and_cursor_agree(&two, 2).await);
    }
}

/// What a projector does when it was told "may or may not have happened": the checkpoint tells, and committing the
/// same batch again changes nothing.
pub async fn a_repeated_batch_is_noticed_by_the_checkpoint(place: &impl Place) {
    let store = place.open().await;
    store
        .commit(numbered_batch(None, 1))
        .await
        .expect("the batch can be committed");
    let unsure = numbered_batch(Some(checkpoint(1)), 2);
    store
        .commit(unsure.clone())
        .await
        .expect("the batch can be committed");

    let reopened = place.open().await;
    assert_eq!(
        reopened.checkpoint().await.expect("it can be read"),
        Some(unsure.to),
        "it had happened"
    );
    assert_eq!(
        reopened.commit(unsure).await.expect("a lost race is no error"),
        Committed::Fenced
    );
    assert!(effects_and_cursor_agree(&reopened, 2).await);
}

/// A record cannot belong to two people at a time; the batch that says so does not happen, nor any part of it.
pub async fn a_batch_that_cannot_be_written_leaves_no_trace(place: &impl Place) {
    let store = place.open().await;
    store
        .commit(numbered_batch(None, 1))
        .await
        .expect("the batch can be committed");
    let mut impossible = numbered_batch(Some(checkpoint(1)), 2);
    impossible.opened.push(belongs(&trs(1), PersonId::of(&trs(2)), 2));
    let error = store.commit(impossible).await.expect_err("that is a mistake");
    assert!(matches!(error, StoreError::Determinate { .. }), "{error:?}");

    assert_eq!(
        store.checkpoint().await.expect("it can be read"),
        Some(checkpoint(1))
    );
    assert!(effects_and_cursor_agree(&store, 2).await);
    let next = store.commit(numbered_batch(Some(checkpoint(1)), 2)).await;
    assert_eq!(next.expect("the store still works"), Committed::Done);
    assert!(effects_and_cursor_agree(&store, 2).await);
}

/// Closing is dropping: there is nothing to say goodbye with.
pub async fn everything_survives_closing_and_opening(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (record, owner) = (trs(1), PersonId::of(&trs(1)));
    projector
        .commit(1, |effects| {
            effects.history.push(entry(&record, 1, 100));
            effects.opened.push(belongs(&record, owner, 1));
            effects.people.push(person(owner, 1));
            effects.quarantine.push(quarantined("q", 1));
            effects.deliveries.push(delivery(1, Feed::TrsPersons, 1));
        })
        .await;
    drop(projector);

    let mut projector = Projector::resumed(place.open().await).await;
    assert_eq!(projector.at, Some(checkpoint(1)));
    let (at, people) = projector
        .store
        .people_of(vec![record.clone()])
        .await
        .expect("they can be read");
    assert_eq!(
        (at, people),
        (projector.at, vec![(record.clone(), person(owner, 1))])
    );
    assert_eq!(
        projector
            .store
            .history(vec![record.clone()])
            .await
            .expect("it can be read"),
        [entry(&record, 1, 100)]
    );
    assert_eq!(
        projector.store.quarantine(9).await.expect("it can be read"),
        [quarantined("q", 1)]
    );
    assert_eq!(
        projector.store.deliveries(9).await.expect("it can be read"),
        [delivery(1, Feed::TrsPersons, 1)]
    );

    projector
        .commit(2, |effects| effects.history.push(entry(&record, 2, 100)))
        .await;
    let history = place
        .open()
        .await
        .history(vec![record.clone()])
        .await
        .expect("it can be read");
    assert_eq!(history, [entry(&record, 1, 100), entry(&record, 2, 100)]);
}

/// Pages without changes and messages that no table shows.
pub async fn an_empty_batch_moves_the_cursor(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    projector.commit(10, |_| {}).await;
    projector.commit(1_000_000_007, |_| {}).await;
    assert_eq!(
        place.open().await.checkpoint().await.expect("it can be read"),
        Some(checkpoint(1_000_000_007))
    );
}
