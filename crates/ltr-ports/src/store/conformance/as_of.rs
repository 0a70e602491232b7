//! What was known at a known time, of the person to whom a record belonged then.

use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::time::KnownAt;

use super::given::{belonged, belongs, entry, just_before, known, trainee, trs};
use super::{Place, Projector};
use crate::store::{Membership, PersonHistory, Store};

async fn as_of(store: &impl Store, record: &RecordId, known: KnownAt) -> Option<PersonHistory> {
    let mut read = store
        .history_of(record.clone(), known)
        .await
        .expect("it can be read")?;
    read.records.sort_by_key(|membership| membership.record.clone());
    Some(read)
}

/// Neither before the first message nor for a record nobody named.
pub async fn before_anything_there_is_nobody(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let owner = PersonId::of(&trs(1));
    projector
        .commit(5, |effects| {
            effects.history.push(entry(&trs(1), 5, 10));
            effects.opened.push(belongs(&trs(1), owner, 5));
        })
        .await;
    let store = &projector.store;
    assert_eq!(as_of(store, &trs(1), known(4)).await, None);
    assert_eq!(as_of(store, &trs(1), just_before(5)).await, None);
    assert_eq!(as_of(store, &trs(2), known(9)).await, None);
    let from_then_on = as_of(store, &trs(1), known(5)).await.expect("somebody's");
    assert_eq!(
        (from_then_on.person, &from_then_on.entries[..]),
        (owner, &[entry(&trs(1), 5, 10)][..])
    );
}

/// Whatever the record: the question names one, the answer has all of the person's.
pub async fn entries_are_exactly_those_known_by_then(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (first, second) = (trs(1), trainee("second"));
    let owner = PersonId::of(&first);
    let told = [
        entry(&first, 1, 30),
        entry(&second, 3, 40),
        entry(&first, 4, 50),
        entry(&second, 7, 60),
    ];
    projector
        .commit(3, |effects| {
            effects.history.extend_from_slice(&told[..2]);
            effects
                .opened
                .extend([belongs(&first, owner, 1), belongs(&second, owner, 3)]);
        })
        .await;
    projector
        .commit(7, |effects| effects.history.extend_from_slice(&told[2..]))
        .await;

    for sequence in 1..=9 {
        for at in [just_before(sequence), known(sequence)] {
            let known_by_then: Vec<_> = told
                .iter()
                .filter(|entry| entry.known_at <= at)
                .cloned()
                .collect();
            let of_first = as_of(&projector.store, &first, at).await;
            assert_eq!(
                of_first.clone().map_or(vec![], |read| read.entries),
                known_by_then,
                "at {at}"
            );
            let of_second = as_of(&projector.store, &second, at).await;
            assert_eq!(of_second, of_first.filter(|_| at >= known(3)), "at {at}");
        }
    }
}

/// At 1 two people, joined at 3, parted at 5: every known time keeps what was believed then.
pub async fn a_merge_and_a_split_are_seen_when_they_were_known(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (a, b) = (trs(1), trs(2));
    let (anna, bert) = (PersonId::of(&a), PersonId::of(&b));
    let told = [
        entry(&a, 1, 10),
        entry(&b, 2, 20),
        entry(&a, 4, 30),
        entry(&b, 6, 40),
    ];
    projector
        .commit(2, |effects| {
            effects.history.extend_from_slice(&told[..2]);
            effects
                .opened
                .extend([belongs(&a, anna, 1), belongs(&b, bert, 2)]);
        })
        .await;
    projector
        .commit(4, |effects| {
            effects.history.push(told[2].clone());
            effects.closed.push((b.clone(), bert, known(3)));
            effects.opened.push(belongs(&b, anna, 3));
        })
        .await;
    projector
        .commit(6, |effects| {
            effects.history.push(told[3].clone());
            effects.closed.push((b.clone(), anna, known(5)));
            effects.opened.push(belongs(&b, bert, 5));
        })
        .await;

    let store = &projector.store;
    let check =
        async |record: &RecordId, at: u64, person: PersonId, records: &[Membership], entries: &[usize]| {
            let entries = entries.iter().map(|index| told[*index].clone()).collect();
            let expected = PersonHistory {
                person,
                records: records.to_vec(),
                entries,
            };
            assert_eq!(
                as_of(store, record, known(at)).await,
                Some(expected),
                "{record} at {at}"
            );
        };
    let before_merge = belonged(&b, bert, 2, 3);
    let merged = [belongs(&a, anna, 1), belonged(&b, anna, 3, 5)];
    let after_split = belongs(&b, bert, 5);
    check(&b, 2, bert, std::slice::from_ref(&before_merge), &[1]).await;
    check(&a, 2, anna, &merged[..1], &[0]).await;
    check(&b, 3, anna, &merged, &[0, 1]).await;
    check(&a, 3, anna, &merged, &[0, 1]).await;
    check(&b, 4, anna, &merged, &[0, 1, 2]).await;
    check(&b, 5, bert, std::slice::from_ref(&after_split), &[1]).await;
    check(&a, 5, anna, &merged[..1], &[0, 2]).await;
    check(&b, 6, bert, std::slice::from_ref(&after_split), &[1, 3]).await;
    assert_eq!(
        as_of(store, &b, just_before(3)).await.map(|read| read.person),
        Some(bert)
    );
    assert_eq!(
        as_of(store, &b, just_before(5)).await.map(|read| read.person),
        Some(anna)
    );
}

/// More entries than a chunk holds, at every known time.
pub async fn a_long_history_is_cut_inside_its_chunks(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let record = trs(1);
    let told: Vec<_> = (1..=150).map(|sequence| entry(&record, sequence, 300)).collect();
    projector
        .commit(150, |effects| {
            effects.history.extend_from_slice(&told);
            effects.opened.push(belongs(&record, PersonId::of(&record), 1));
        })
        .await;
    for (count, last) in (1..).zip(&told) {
        let read = as_of(&projector.store, &record, last.known_at)
            .await
            .expect("somebody's");
        assert_eq!(read.entries, told[..count]);
    }
}

/// Of two memberships that meet, exactly one holds at the instant where they meet; one of no length never does.
pub async fn intervals_are_half_open(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let record = trainee("moves");
    let owners = [1, 2, 3].map(|number| PersonId::of(&trs(number)));
    projector
        .commit(9, |effects| {
            effects.opened.extend([
                belonged(&record, owners[0], 1, 4),
                belonged(&record, owners[1], 4, 4),
                belonged(&record, owners[2], 4, 6),
            ]);
        })
        .await;
    let store = &projector.store;
    let owner = async |at: KnownAt| as_of(store, &record, at).await.map(|read| read.person);
    assert_eq!(owner(just_before(1)).await, None);
    assert_eq!(owner(known(1)).await, Some(owners[0]));
    assert_eq!(owner(just_before(4)).await, Some(owners[0]));
    assert_eq!(owner(known(4)).await, Some(owners[2]));
    assert_eq!(owner(just_before(6)).await, Some(owners[2]));
    assert_eq!(owner(known(6)).await, None);
    assert_eq!(
        store
            .memberships(vec![record.clone()])
            .await
            .expect("they can be read"),
        [],
        "none is present"
    );
}
