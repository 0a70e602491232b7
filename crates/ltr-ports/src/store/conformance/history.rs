//! The log in another order: append-only, whole, and however the store cuts it up.

use bytes::Bytes;
use ltr_domain::ids::{RecordId, RecordKind};

use super::given::{entry, trainee, trs};
use super::{Place, Projector};
use crate::store::{HistoryEntry, Store};

async fn read(store: &impl Store, records: &[&RecordId]) -> Vec<HistoryEntry> {
    store
        .history(records.iter().map(|record| (*record).clone()).collect())
        .await
        .expect("it can be read")
}

/// Of several records, in one order of sequences; of none that was not asked for.
pub async fn observations_come_back_whole_and_in_order(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert, carl) = (trs(1), trainee("bert"), trs(3));
    let told = [
        (&anna, 1),
        (&bert, 2),
        (&anna, 3),
        (&carl, 5),
        (&bert, 8),
        (&anna, 9),
    ];
    projector
        .commit(5, |effects| {
            effects.history.extend(
                told[..4]
                    .iter()
                    .map(|(record, sequence)| entry(record, *sequence, 50)),
            );
        })
        .await;
    projector
        .commit(9, |effects| {
            effects.history.extend(
                told[4..]
                    .iter()
                    .map(|(record, sequence)| entry(record, *sequence, 0)),
            );
        })
        .await;

    let store = &projector.store;
    let of = |wanted: &[&RecordId]| -> Vec<HistoryEntry> {
        let wanted = told.iter().filter(|(record, _)| wanted.contains(record));
        wanted
            .map(|(record, sequence)| entry(record, *sequence, if *sequence <= 5 { 50 } else { 0 }))
            .collect()
    };
    assert_eq!(read(store, &[&anna]).await, of(&[&anna]));
    assert_eq!(read(store, &[&bert, &anna]).await, of(&[&anna, &bert]));
    assert_eq!(
        read(store, &[&carl, &bert, &anna, &trs(4)]).await,
        of(&[&anna, &bert, &carl])
    );
    assert_eq!(
        read(store, &[&anna, &anna]).await,
        of(&[&anna]),
        "asked twice, told once"
    );
    assert_eq!(read(store, &[&trs(4)]).await, []);
}

/// More entries than one chunk takes and more bytes than one chunk takes, in batches of every size.
pub async fn chunks_cannot_be_seen(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (many_small, few_large) = (trs(1), trs(2));
    let mut told: Vec<HistoryEntry> = Vec::new();
    let mut sequence = 0;
    for batch in [1, 62, 1, 1, 130, 3, 64, 65, 7] {
        let first = told.len();
        for _ in 0..batch {
            told.push(entry(&many_small, sequence + 1, 20));
            told.push(entry(&few_large, sequence + 2, 1_700));
            sequence += 2;
        }
        projector
            .commit(sequence, |effects| {
                effects.history.extend_from_slice(&told[first..])
            })
            .await;
        for record in [&many_small, &few_large] {
            let of_record: Vec<_> = told
                .iter()
                .filter(|entry| entry.record == *record)
                .cloned()
                .collect();
            assert_eq!(
                read(&projector.store, &[record]).await,
                of_record,
                "after {sequence}"
            );
        }
    }
    assert_eq!(read(&projector.store, &[&few_large, &many_small]).await, told);
}

/// A row with many children, a payload far beyond a chunk, before and after small ones.
pub async fn huge_payloads_come_back_whole(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let record = trs(1);
    let sizes = [10, 200_000, 10, 16_384, 16_383, 200_000, 200_000, 1];
    let told: Vec<_> = (1..)
        .zip(sizes)
        .map(|(sequence, bytes)| entry(&record, sequence, bytes))
        .collect();
    projector
        .commit(2, |effects| effects.history.extend_from_slice(&told[..2]))
        .await;
    projector
        .commit(3, |effects| effects.history.extend_from_slice(&told[2..3]))
        .await;
    projector
        .commit(8, |effects| effects.history.extend_from_slice(&told[3..]))
        .await;
    assert_eq!(read(&projector.store, &[&record]).await, told);
}

/// As many as a rebuild asks for.
pub async fn many_records_at_once(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let records: Vec<RecordId> = (1..=1_000).map(trs).collect();
    let told: Vec<_> = (1..)
        .zip(&records)
        .map(|(sequence, record)| entry(record, sequence, 30))
        .collect();
    projector
        .commit(1_000, |effects| effects.history.extend_from_slice(&told))
        .await;
    let all: Vec<&RecordId> = records.iter().rev().collect();
    assert_eq!(read(&projector.store, &all).await, told);
}

/// A rebuild that reads the log again appends to history that was kept: what is there stays, what is new is added, also
/// where the batches are cut elsewhere.
pub async fn what_is_there_is_not_appended_again(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let record = trs(1);
    let told: Vec<_> = (1..=6).map(|sequence| entry(&record, sequence, 40)).collect();
    projector
        .commit(4, |effects| effects.history.extend_from_slice(&told[..4]))
        .await;
    projector
        .commit(5, |effects| effects.history.extend_from_slice(&told[1..5]))
        .await;
    assert_eq!(read(&projector.store, &[&record]).await, told[..5]);
    projector
        .commit(6, |effects| effects.history.extend_from_slice(&told))
        .await;
    assert_eq!(read(&projector.store, &[&record]).await, told);
}

/// A key is the source's; two that differ in anything are two.
pub async fn keys_may_hold_any_letter(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let keys = [
        "abc",
        "ABC",
        "a/b",
        "a",
        "a b",
        "a'b\"c\\d",
        "%_",
        "é",
        "e\u{301}",
        "日本",
        "{a,b}",
        " abc",
        "NULL",
        "\n",
        "a\0b",
        "a\u{1}b",
        "a\u{1}0b",
    ];
    let mut records: Vec<RecordId> = keys.map(trainee).into();
    records.push(RecordId::new(RecordKind::TvJobApplication, "abc"));
    let told: Vec<_> = (1..)
        .zip(&records)
        .map(|(sequence, record)| entry(record, sequence, 5))
        .collect();
    projector
        .commit(100, |effects| effects.history.extend_from_slice(&told))
        .await;
    for told in &told {
        assert_eq!(
            read(&projector.store, &[&told.record]).await,
            std::slice::from_ref(told)
        );
    }
    let nothing = HistoryEntry {
        payload: Bytes::new(),
        ..entry(&records[0], 101, 0)
    };
    projector
        .commit(101, |effects| effects.history.push(nothing.clone()))
        .await;
    assert_eq!(
        read(&projector.store, &[&records[0]]).await,
        [told[0].clone(), nothing]
    );
}

/// A judgement stands with every record that it names, under one sequence.
pub async fn one_message_may_stand_with_several_records(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (one, other) = (trs(1), trs(2));
    let both = [entry(&one, 4, 90), entry(&other, 4, 90)];
    projector
        .commit(4, |effects| {
            effects.history.extend([entry(&one, 2, 50), entry(&other, 3, 50)]);
            effects.history.extend(both.clone());
        })
        .await;
    let reopened = place.open().await;
    let mut read = reopened.history(vec![one, other]).await.expect("it can be read");
    read.sort_by(|a, b| (a.sequence, &a.record).cmp(&(b.sequence, &b.record)));
    assert_eq!(read[2..], both);
    assert_eq!(read.len(), 4);
}
