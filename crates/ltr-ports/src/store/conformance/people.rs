//! To whom records belong, and the present answers about people.

use bytes::Bytes;
use ltr_domain::event::LinkStrength;
use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::{PersonId, RecordId};

use super::given::{belonged, belongs, change, entry, known, person, trainee, trs};
use super::{Place, Projector};
use crate::store::{Membership, PersonRow, Store};

async fn present(store: &impl Store, records: &[&RecordId]) -> Vec<Membership> {
    let records = records.iter().map(|record| (*record).clone()).collect();
    let mut read = store.memberships(records).await.expect("they can be read");
    read.sort_by_key(|membership| membership.record.clone());
    read
}

async fn people_of(store: &impl Store, records: &[RecordId]) -> Vec<(RecordId, PersonRow)> {
    let (at, mut people) = store.people_of(records.to_vec()).await.expect("they can be read");
    assert_eq!(
        at,
        store.checkpoint().await.expect("it can be read"),
        "the answer names what it rests on"
    );
    people.sort_by_key(|(record, _)| record.clone());
    people
}

/// Closed and opened anew in one batch, it moves.
pub async fn a_membership_is_present_until_it_is_closed(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert) = (PersonId::of(&trs(1)), PersonId::of(&trs(2)));
    let record = trainee("moves");
    projector
        .commit(1, |effects| effects.opened.push(belongs(&record, anna, 1)))
        .await;
    assert_eq!(
        present(&projector.store, &[&record]).await,
        [belongs(&record, anna, 1)]
    );

    projector
        .commit(2, |effects| {
            effects.closed.push((record.clone(), anna, known(2)));
            effects.opened.push(belongs(&record, bert, 2));
        })
        .await;
    assert_eq!(
        present(&projector.store, &[&record]).await,
        [belongs(&record, bert, 2)]
    );

    projector
        .commit(3, |effects| effects.closed.push((record.clone(), bert, known(3))))
        .await;
    assert_eq!(present(&projector.store, &[&record]).await, []);

    // Back again, and in the same instant away and back, as two messages of one instant can tell.
    projector
        .commit(4, |effects| effects.opened.push(belongs(&record, anna, 4)))
        .await;
    projector
        .commit(5, |effects| {
            effects.closed.push((record.clone(), anna, known(4)));
            effects.opened.push(belonged(&record, bert, 4, 4));
            effects.opened.push(belongs(&record, anna, 4));
        })
        .await;
    assert_eq!(
        present(&projector.store, &[&record]).await,
        [belongs(&record, anna, 4)]
    );
    // Closing what somebody else has changes nothing.
    projector
        .commit(6, |effects| effects.closed.push((record.clone(), bert, known(6))))
        .await;
    assert_eq!(
        present(&projector.store, &[&record]).await,
        [belongs(&record, anna, 4)]
    );
}

/// Asked for one record, the store tells every other record of the same person, and nobody else's.
pub async fn memberships_bring_the_whole_person(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert, carl) = (
        PersonId::of(&trs(1)),
        PersonId::of(&trs(2)),
        PersonId::of(&trs(3)),
    );
    let (a1, a2, b1) = (trainee("a1"), trainee("a2"), trainee("b1"));
    let all = [
        belongs(&a1, anna, 1),
        Membership {
            strength: Some(LinkStrength::Operator),
            ..belongs(&a2, anna, 1)
        },
        Membership {
            strength: Some(LinkStrength::Matched),
            ..belongs(&b1, bert, 1)
        },
        belongs(&trs(1), anna, 1),
        belongs(&trs(2), bert, 1),
        belongs(&trs(3), carl, 1),
    ];
    assert_eq!(all[5].strength, None, "the record the person is named after");
    projector
        .commit(1, |effects| effects.opened.extend_from_slice(&all))
        .await;

    let store = &projector.store;
    let of = |people: &[PersonId]| -> Vec<Membership> {
        all.iter()
            .filter(|membership| people.contains(&membership.person))
            .cloned()
            .collect()
    };
    assert_eq!(present(store, &[&a2]).await, of(&[anna]));
    assert_eq!(present(store, &[&a2, &trs(1)]).await, of(&[anna]), "each once");
    assert_eq!(present(store, &[&b1, &trs(3)]).await, of(&[bert, carl]));
    assert_eq!(
        present(store, &[&trainee("nobody's"), &trs(3)]).await,
        of(&[carl])
    );
    assert_eq!(present(store, &[]).await, []);
}

/// Another record carries its key: it belongs, and has no history yet.
pub async fn a_record_may_be_known_before_it_is_observed(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (seen, unseen) = (trainee("seen"), trs(1));
    let owner = PersonId::of(&seen);
    projector
        .commit(1, |effects| {
            effects.history.push(entry(&seen, 1, 10));
            effects
                .opened
                .extend([belongs(&seen, owner, 1), belongs(&unseen, owner, 1)]);
            effects.people.push(person(owner, 1));
        })
        .await;
    let store = &projector.store;
    assert_eq!(
        people_of(store, std::slice::from_ref(&unseen)).await,
        [(unseen.clone(), person(owner, 1))]
    );
    assert_eq!(
        store.history(vec![unseen.clone()]).await.expect("it can be read"),
        []
    );
    let as_of = store
        .history_of(unseen, known(1))
        .await
        .expect("it can be read")
        .expect("somebody's");
    assert_eq!((as_of.person, as_of.records.len()), (owner, 2));
    assert_eq!(as_of.entries, [entry(&seen, 1, 10)]);
}

/// The latest row is the answer; one who ended has none, and may come back.
pub async fn a_person_is_written_over_and_removed(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let record = trs(1);
    let owner = PersonId::of(&record);
    projector
        .commit(1, |effects| {
            effects.opened.push(belongs(&record, owner, 1));
            effects.people.push(person(owner, 1));
        })
        .await;
    let records = [record];
    for sequence in [2, 3] {
        let row = person(owner, sequence);
        projector
            .commit(sequence, |effects| {
                effects.changes.push(change(&row, 0));
                effects.people.push(row);
            })
            .await;
        assert_eq!(
            people_of(&projector.store, &records).await,
            [(records[0].clone(), person(owner, sequence))]
        );
    }
    projector.commit(4, |effects| effects.ended.push(owner)).await;
    assert_eq!(people_of(&projector.store, &records).await, []);
    projector
        .commit(5, |effects| effects.people.push(person(owner, 5)))
        .await;
    assert_eq!(
        people_of(&projector.store, &records).await,
        [(records[0].clone(), person(owner, 5))]
    );
}

/// And of nobody else.
pub async fn the_digests_of_those_who_have_a_row(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let rows: Vec<PersonRow> = (1..=3)
        .map(|number| person(PersonId::of(&trs(number)), 1))
        .collect();
    projector
        .commit(1, |effects| effects.people.extend_from_slice(&rows[..2]))
        .await;
    let asked = rows.iter().map(|row| row.person).collect();
    let mut read = projector.store.digests(asked).await.expect("they can be read");
    let mut expected = [(rows[0].person, rows[0].digest), (rows[1].person, rows[1].digest)];
    read.sort_unstable();
    expected.sort_unstable();
    assert_eq!(read, expected);
}

/// With every optional column empty, and with the largest values.
pub async fn every_column_comes_back(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (bare, full) = (PersonId::of(&trs(1)), PersonId::of(&trs(2)));
    let bare = PersonRow {
        trn: None,
        review_on: None,
        view: Bytes::new(),
        sealed: Bytes::new(),
        digest: [0; 32],
        sequence: 1,
        ..person(bare, 1)
    };
    let full = PersonRow {
        stage: "some_stage_to_come".to_owned(),
        phase: "none".to_owned(),
        certainty: "presumed".to_owned(),
        view: Bytes::from(vec![7; 300_000]),
        sealed: Bytes::from((0..=255).cycle().take(70_000).collect::<Vec<u8>>()),
        digest: [0xFF; 32],
        sequence: i64::MAX.unsigned_abs(),
        awaits: Some(ProviderName::Name("odd\0: provider".to_owned())),
        ..person(full, 2)
    };
    projector
        .commit(1, |effects| {
            effects
                .opened
                .extend([belongs(&trs(1), bare.person, 1), belongs(&trs(2), full.person, 1)]);
            effects.people.extend([bare.clone(), full.clone()]);
        })
        .await;
    assert_eq!(
        people_of(&projector.store, &[trs(1), trs(2)]).await,
        [(trs(1), bare), (trs(2), full)]
    );
}

/// A batch of the API, with records of the same person, of nobody, and asked for twice.
pub async fn many_people_at_once(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let records: Vec<RecordId> = (1..=600).map(trs).collect();
    let second = trainee("second record of the first");
    projector
        .commit(600, |effects| {
            for (sequence, record) in (1..).zip(&records) {
                let owner = PersonId::of(record);
                effects.opened.push(belongs(record, owner, sequence));
                effects.people.push(person(owner, sequence));
            }
            effects
                .opened
                .push(belongs(&second, PersonId::of(&records[0]), 1));
        })
        .await;
    let mut expected: Vec<(RecordId, PersonRow)> = (1..)
        .zip(&records)
        .map(|(sequence, record)| (record.clone(), person(PersonId::of(record), sequence)))
        .collect();
    expected.push((second.clone(), person(PersonId::of(&records[0]), 1)));
    expected.sort_by_key(|(record, _)| record.clone());

    let mut asked = records.clone();
    asked.extend([second, trs(601), trs(1)]);
    assert_eq!(people_of(&projector.store, &asked).await, expected);
}

/// Present records come first; one who ended leads to records that belong to somebody else now.
pub async fn after_a_merge_the_old_id_leads_to_the_records(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert) = (PersonId::of(&trs(1)), PersonId::of(&trs(2)));
    let (kept, left) = (trainee("kept"), trainee("left"));
    projector
        .commit(1, |effects| {
            effects.opened.extend([
                belongs(&trs(1), anna, 1),
                belongs(&trs(2), bert, 1),
                belongs(&kept, bert, 1),
            ]);
            // A record that once was Anna's sorts before the one that still is.
            effects.opened.extend([belongs(&left, anna, 1)]);
            effects.people.extend([person(anna, 1), person(bert, 1)]);
        })
        .await;
    projector
        .commit(2, |effects| {
            effects.closed.extend([
                (trs(2), bert, known(2)),
                (kept.clone(), bert, known(2)),
                (left.clone(), anna, known(2)),
            ]);
            effects.opened.extend([
                belongs(&trs(2), anna, 2),
                belongs(&kept, anna, 2),
                belongs(&left, PersonId::of(&left), 2),
            ]);
            effects.people.push(person(anna, 2));
            effects.ended.push(bert);
        })
        .await;

    let store = &projector.store;
    let mut of_bert = store.records_of_person(bert).await.expect("they can be read");
    of_bert.sort();
    assert_eq!(of_bert, [kept.clone(), trs(2)], "what he had when he ended");
    let expected = of_bert
        .iter()
        .map(|record| (record.clone(), person(anna, 2)))
        .collect::<Vec<_>>();
    assert_eq!(
        people_of(store, &of_bert).await,
        expected,
        "leads to who he is now"
    );

    let mut of_anna = store.records_of_person(anna).await.expect("they can be read");
    assert_eq!(of_anna.pop(), Some(left), "what is no longer hers comes last");
    of_anna.sort();
    assert_eq!(of_anna, [kept, trs(1), trs(2)]);
    assert_eq!(
        store
            .records_of_person(PersonId::of(&trs(9)))
            .await
            .expect("they can be read"),
        []
    );
}

/// A batch may say of what the store has nothing yet, and be mistaken about it.
pub async fn what_is_told_to_be_new_and_is_not_is_written_all_the_same(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let (anna, bert) = (trs(1), trs(2));
    let row = |record: &RecordId, sequence| person(PersonId::of(record), sequence);
    projector
        .commit(1, |effects| {
            effects.history.push(entry(&anna, 1, 10));
            effects.first_messages.push(1);
            effects.opened.push(belongs(&anna, PersonId::of(&anna), 1));
            effects.people.push(row(&anna, 1));
            effects.first_answers.push(PersonId::of(&anna));
        })
        .await;
    let told = people_of(&projector.store, std::slice::from_ref(&anna)).await;
    assert_eq!(told, [(anna.clone(), row(&anna, 1))]);

    let both = [anna.clone(), bert.clone()];
    for sequence in [3, 5, 7] {
        projector
            .commit(sequence, |effects| {
                effects.history.push(entry(&anna, sequence - 1, 10));
                effects.history.push(entry(&bert, sequence, 10));
                // Of the first batch half is true, of the second the messages are not, of the third the answers.
                if sequence != 7 {
                    effects.first_messages.extend([sequence - 1, sequence]);
                }
                if sequence != 5 {
                    effects.first_answers.extend(both.iter().map(PersonId::of));
                    effects.first_answers.sort();
                }
                if sequence == 3 {
                    effects.opened.push(belongs(&bert, PersonId::of(&bert), 3));
                }
                effects
                    .people
                    .extend(both.iter().map(|record| row(record, sequence)));
            })
            .await;
        let told = people_of(&projector.store, &both).await;
        assert_eq!(
            told,
            [
                (anna.clone(), row(&anna, sequence)),
                (bert.clone(), row(&bert, sequence))
            ]
        );
    }
    let entries = projector.store.history(both.to_vec()).await;
    let expected = [
        (&anna, 1),
        (&anna, 2),
        (&bert, 3),
        (&anna, 4),
        (&bert, 5),
        (&anna, 6),
        (&bert, 7),
    ];
    assert_eq!(
        entries.expect("it can be read"),
        expected.map(|(record, sequence)| entry(record, sequence, 10))
    );
}
