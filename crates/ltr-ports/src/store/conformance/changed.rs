//! Who changed over a stretch of known time, and to whom records ever belonged.

use ltr_domain::ids::PersonId;
use ltr_domain::time::KnownAt;

use super::given::{belonged, belongs, change, just_before, known, person, trainee, trs};
use super::{Place, Projector};
use crate::store::{ChangeRow, ChangedOver, Membership, PersonRow, Store};

/// The whole stretch between two messages, both included.
fn between(from: u64, to: u64) -> ChangedOver {
    ChangedOver {
        from: known(from),
        to: known(to),
        beyond: 0,
        after: None,
        max: 100,
    }
}

async fn changed(store: &impl Store, over: ChangedOver) -> Vec<(u64, u32, PersonId)> {
    let rows = store.changed_people(over).await.expect("they can be read");
    rows.iter()
        .map(|row: &ChangeRow| (row.sequence, row.ordinal, row.person))
        .collect()
}

fn row(number: u32, sequence: u64) -> PersonRow {
    person(PersonId::of(&trs(number)), sequence)
}

/// Anna changes at 2, 5 and 9, Bert at 5 and 7, Carla at 9; of each other number there is nothing.
async fn three_people<S: Store>(store: S) -> Projector<S> {
    let mut projector = Projector::on(store);
    let batches: [(u64, &[u32]); 4] = [(2, &[1]), (5, &[1, 2]), (7, &[2]), (9, &[1, 3])];
    for (sequence, who) in batches {
        projector
            .commit(sequence, |effects| {
                for (ordinal, number) in who.iter().enumerate() {
                    let ordinal = u32::try_from(ordinal).expect("a few");
                    effects.changes.push(change(&row(*number, sequence), ordinal));
                }
            })
            .await;
    }
    projector
}

fn who(number: u32) -> PersonId {
    PersonId::of(&trs(number))
}

/// Both ends belong to the stretch; what lies outside of it does not.
pub async fn a_person_is_told_once_by_the_first_change_in_the_stretch(place: &impl Place) {
    let projector = three_people(place.open().await).await;
    let store = &projector.store;
    assert_eq!(
        changed(store, between(1, 9)).await,
        [(2, 0, who(1)), (5, 1, who(2)), (9, 1, who(3))]
    );
    assert_eq!(
        changed(store, between(3, 8)).await,
        [(5, 0, who(1)), (5, 1, who(2))]
    );
    assert_eq!(
        changed(store, between(5, 5)).await,
        [(5, 0, who(1)), (5, 1, who(2))]
    );
    assert_eq!(changed(store, between(7, 7)).await, [(7, 0, who(2))]);
    let before_seven = ChangedOver {
        to: just_before(7),
        ..between(6, 9)
    };
    assert_eq!(changed(store, before_seven).await, []);
    let from_seven = ChangedOver {
        from: KnownAt(known(7).0),
        ..between(1, 8)
    };
    assert_eq!(changed(store, from_seven).await, [(7, 0, who(2))]);
    assert_eq!(changed(store, between(10, 20)).await, []);
    // A stretch that ends before it begins holds nothing.
    assert_eq!(changed(store, between(8, 3)).await, []);
    let rows = store
        .changed_people(between(2, 2))
        .await
        .expect("they can be read");
    assert_eq!(rows, [change(&row(1, 2), 0)], "every column comes back");
}

/// Whatever the size of the pages.
pub async fn pages_follow_each_other_without_gap_or_repeat(place: &impl Place) {
    let projector = three_people(place.open().await).await;
    let whole = changed(&projector.store, between(1, 9)).await;
    for max in 1..=4 {
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let page = changed(
                &projector.store,
                ChangedOver {
                    after,
                    max,
                    ..between(1, 9)
                },
            )
            .await;
            let Some((sequence, ordinal, _)) = page.last() else {
                break;
            };
            after = Some((*sequence, *ordinal));
            read.extend(page);
        }
        assert_eq!(read, whole, "pages of {max}");
    }
}

/// One change stands for every message of its batch.
pub async fn changes_of_the_batch_after_the_stretch_are_looked_at_as_well(place: &impl Place) {
    let projector = three_people(place.open().await).await;
    let over = |beyond| ChangedOver {
        beyond,
        ..between(3, 6)
    };
    let both = [(5, 0, who(1)), (5, 1, who(2))];
    assert_eq!(changed(&projector.store, over(0)).await, both);
    // Message 7 is the first that is known later: with 2 beyond it, 7 and 8 are looked at, with 3 message 9 too.
    assert_eq!(changed(&projector.store, over(2)).await, both);
    let three = [both[0], both[1], (9, 1, who(3))];
    assert_eq!(changed(&projector.store, over(3)).await, three);
    assert_eq!(
        changed(
            &projector.store,
            ChangedOver {
                beyond: u64::MAX,
                ..over(0)
            }
        )
        .await,
        three
    );
}

/// Of those who ever had one of the records, past and present.
pub async fn every_membership_there_ever_was(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert, carla) = (who(1), who(2), who(3));
    let moves = trainee("moves");
    projector
        .commit(1, |effects| {
            effects.opened.push(belongs(&trs(1), anna, 1));
            effects.opened.push(belongs(&moves, anna, 1));
            effects.opened.push(belongs(&trs(2), bert, 1));
            effects.opened.push(belongs(&trs(3), carla, 1));
        })
        .await;
    projector
        .commit(2, |effects| {
            effects.closed.push((moves.clone(), anna, known(2)));
            effects.opened.push(belongs(&moves, bert, 2));
        })
        .await;
    let sorted = |mut all: Vec<Membership>| {
        all.sort_by_key(|one| (one.record.clone(), one.known_from));
        all
    };
    let ever = async |records: &[&ltr_domain::ids::RecordId]| {
        let records = records.iter().map(|record| (*record).clone()).collect();
        sorted(
            projector
                .store
                .memberships_ever(records)
                .await
                .expect("they can be read"),
        )
    };
    let of_anna = [belongs(&trs(1), anna, 1), belonged(&moves, anna, 1, 2)];
    let of_bert = [belongs(&trs(2), bert, 1), belongs(&moves, bert, 2)];
    let all = |of: &[&[Membership]]| sorted(of.concat());
    assert_eq!(ever(&[&trs(1)]).await, all(&[&of_anna]));
    assert_eq!(ever(&[&trs(2)]).await, all(&[&of_bert]));
    assert_eq!(ever(&[&moves]).await, all(&[&of_anna, &of_bert]));
    assert_eq!(ever(&[&trs(1), &trs(2)]).await, all(&[&of_anna, &of_bert]));
    assert_eq!(ever(&[&trs(9)]).await, []);
    assert_eq!(ever(&[]).await, []);
}
