//! Adopted policies, and resolving everybody anew under them.

use ltr_domain::ids::PersonId;
use ltr_domain::observation::Position;

use super::given::{belonged, belongs, change, checkpoint, known, person, trainee, trs};
use super::{Place, Projector};
use crate::store::{Checkpoint, Committed, Effects, PolicyCursor, PolicyRow, Resolved, Store};

fn policy(sequence: u64, version: u32) -> PolicyRow {
    PolicyRow {
        position: Position {
            sequence,
            known_at: known(sequence),
        },
        version,
        digest: [u8::try_from(version).unwrap_or(u8::MAX); 32],
        text: format!("version = {version}\n# who \"says\" what\u{1}\0 – § \\\n"),
    }
}

/// Also when the message is projected again over what was kept.
pub async fn a_version_comes_back_whole_and_is_written_once(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let none = projector.store.policies().await.expect("they can be read");
    assert_eq!(none, []);
    let (second, large) = (policy(2, 7), policy(5, u32::MAX));
    projector
        .commit(2, |effects| effects.policies.push(second.clone()))
        .await;
    projector
        .commit(5, |effects| {
            effects.policies.push(large.clone());
            effects.policies.push(PolicyRow {
                version: 9,
                ..second.clone()
            });
        })
        .await;
    let reopened = Projector::resumed(place.open().await).await;
    assert_eq!(
        reopened.store.policies().await.expect("they can be read"),
        [second, large]
    );
}

fn at(adoption: u64, resolved: Resolved) -> Checkpoint {
    Checkpoint {
        policy: PolicyCursor { adoption, resolved },
        ..checkpoint(3)
    }
}

/// At one place on the log the cursor goes from nobody to everybody, and every read says where it is.
pub async fn the_cursor_tells_whose_answers_follow_the_policy(place: &impl Place) {
    let store = place.open().await;
    let up_to = |number, changes| Resolved::UpTo {
        person: PersonId::of(&trs(number)),
        changes,
    };
    let steps = [
        at(3, Resolved::Nobody),
        at(3, up_to(1, 0)),
        at(3, up_to(1, 4)),
        at(3, up_to(2, 4)),
        at(3, Resolved::Everybody),
        at(0, Resolved::Everybody),
    ];
    let mut from = None;
    for to in steps {
        let committed = store
            .commit(Effects::nothing(from, to))
            .await
            .expect("it can be committed");
        assert_eq!(committed, Committed::Done);
        assert_eq!(store.checkpoint().await.expect("it can be read"), Some(to));
        let (read, _) = store.people_of(vec![trs(1)]).await.expect("people can be read");
        assert_eq!(read, Some(to));
        from = Some(to);
    }
}

/// Two that stand at the same place on the log differ in whom they have resolved: one of them is late.
pub async fn a_projector_that_lost_the_race_to_resolve_is_fenced(place: &impl Place) {
    let store = place.open().await;
    let nobody = at(3, Resolved::Nobody);
    let row = person(PersonId::of(&trs(1)), 3);
    let some = at(
        3,
        Resolved::UpTo {
            person: row.person,
            changes: 1,
        },
    );
    store
        .commit(Effects::nothing(None, nobody))
        .await
        .expect("it can be committed");
    let step = || {
        let mut effects = Effects::nothing(Some(nobody), some);
        effects.people.push(row.clone());
        effects.changes.push(change(&row, 0));
        effects
    };
    let committed = store.commit(step()).await.expect("it can be committed");
    assert_eq!(committed, Committed::Done);
    for stale in [step(), Effects::nothing(Some(at(3, Resolved::Everybody)), nobody)] {
        let committed = store.commit(stale).await.expect("a lost race is no error");
        assert_eq!(committed, Committed::Fenced);
    }
    assert_eq!(store.checkpoint().await.expect("it can be read"), Some(some));
}

/// Past memberships and people without an answer are left out.
pub async fn people_come_in_the_order_of_their_ids_with_all_their_records(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let mut people: Vec<PersonId> = (1..=5).map(|number| PersonId::of(&trs(number))).collect();
    let trainees = ["one", "two"].map(trainee);
    projector
        .commit(5, |effects| {
            for number in 1..=5 {
                let record = trs(number);
                let owner = PersonId::of(&record);
                effects.people.push(person(owner, 5));
                effects.opened.push(belongs(&record, owner, 1));
            }
            // A second record, one that has moved on, and somebody whom nobody has observed.
            effects.opened.push(belongs(&trainees[0], people[1], 2));
            effects.opened.push(belonged(&trainees[1], people[2], 2, 3));
            effects.opened.push(belongs(&trs(9), PersonId::of(&trs(9)), 4));
        })
        .await;
    people.sort();
    let store = &projector.store;
    let mut seen = Vec::new();
    let mut records = 0;
    let mut after = None;
    loop {
        let next = store.people_after(after, 2).await.expect("they can be read");
        let Some(last) = next.last() else { break };
        after = Some(last.person);
        records += next.len();
        let mut of_page: Vec<PersonId> = next.iter().map(|membership| membership.person).collect();
        of_page.dedup();
        assert!(of_page.len() <= 2, "{of_page:?}");
        seen.extend(of_page);
    }
    assert_eq!(seen, people);
    assert_eq!(records, 6);
    let all = store.people_after(None, 100).await.expect("they can be read");
    assert_eq!(all.len(), 6);
    assert_eq!(store.people_after(None, 0).await.expect("they can be read"), []);
}
