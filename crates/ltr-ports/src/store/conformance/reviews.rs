//! What an operator is to look at.

use bytes::Bytes;

use super::given::{known, trainee, trs};
use super::{Place, Projector};
use crate::store::{ReviewRow, Store};

fn review(id: &str, sequence: u64) -> ReviewRow {
    ReviewRow {
        id: format!("proposal {id}"),
        kind: "proposal".to_owned(),
        records: vec![trainee(id), trs(1)],
        known_at: known(sequence),
        sequence,
        view: Bytes::from(format!("view of {id} at {sequence}")),
    }
}

/// The longest waiting first, no more than asked for, until they are done.
pub async fn reviews_wait_until_they_are_done(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let none = projector.store.reviews(10).await.expect("they can be read");
    assert_eq!(none, []);
    let (first, second, third) = (review("b\0\n", 3), review("c", 3), review("a", 5));
    let both = [second.clone(), first.clone()];
    projector.commit(3, |effects| effects.reviews.extend(both)).await;
    projector
        .commit(5, |effects| effects.reviews.push(third.clone()))
        .await;
    let waiting = projector.store.reviews(10).await.expect("they can be read");
    assert_eq!(waiting, [first.clone(), second.clone(), third.clone()]);
    let longest = projector.store.reviews(1).await.expect("they can be read");
    assert_eq!(longest, std::slice::from_ref(&first));

    let newer = ReviewRow {
        view: Bytes::from_static(b"more evidence"),
        ..second
    };
    projector
        .commit(6, |effects| {
            effects.reviewed.push(first.id.clone());
            effects.reviewed.push("one that is not there".to_owned());
            effects.reviews.push(newer.clone());
        })
        .await;
    let reopened = Projector::resumed(place.open().await).await;
    let waiting = reopened.store.reviews(10).await.expect("they can be read");
    assert_eq!(waiting, [newer, third]);
}
