//! Quarantine and deliveries.

use ltr_domain::delivery::{
    Comparison, Completeness, Counts, DeliveryDecision, HoldCause, HoldReason, Scope,
};
use ltr_domain::ids::Feed;
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_domain::time::TakenAt;

use super::given::{delivery, delivery_id, known, quarantined, trs};
use super::{Place, Projector};
use crate::store::{DeliveryRow, HeldRow, QuarantineRow, RulingRow, Store};

/// The same bad row again is one row, with the latest message and the earliest time.
pub async fn a_quarantined_row_keeps_when_it_was_first_seen(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let first = quarantined("same", 1);
    projector
        .commit(1, |effects| effects.quarantine.push(first.clone()))
        .await;
    let mut again = quarantined("same", 5);
    again.message.code = "trn_sentinel".to_owned();
    again.message.feed = Feed::TvJobApplications;
    again.message.place = "odd\0name.csv:3".to_owned();
    again.message.evidence = Some(MessageRef {
        sequence: 77,
        digest: MessageDigest([9; 32]),
    });
    again.message.record = Some(trs(3_100_001));
    again.message.row_bytes = Some(u64::from(u32::MAX) + 1);
    again.message.taken_at = Some(TakenAt(known(4).0));
    again.scope = Scope::from([("provider".to_owned(), "odd\0name".to_owned())]);
    again.times_seen = 2;
    again.released_at = Some(known(5));
    projector
        .commit(5, |effects| effects.quarantine.push(again.clone()))
        .await;
    assert_ne!(
        first.first_seen_at, again.first_seen_at,
        "the case tries what it says"
    );
    let expected = QuarantineRow {
        first_seen_at: first.first_seen_at,
        ..again
    };
    assert_eq!(
        projector.store.quarantine(10).await.expect("it can be read"),
        [expected]
    );
}

/// What waits is told apart from what was released, and from what was released and seen again.
pub async fn quarantine_that_waits_is_told_apart(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let mut rows: Vec<QuarantineRow> = (1..=3)
        .map(|sequence| quarantined(&format!("row {sequence}"), sequence))
        .collect();
    rows[1].released_at = Some(known(4));
    projector
        .commit(4, |effects| effects.quarantine.extend_from_slice(&rows))
        .await;
    let waiting = projector.store.quarantine_waiting().await;
    assert_eq!(
        waiting.expect("it can be read"),
        [rows[0].clone(), rows[2].clone()]
    );
    let asked = ["row 2", "nobody", "row 1", "row 2"].map(str::to_owned);
    let by_id = projector.store.quarantine_by_id(asked.to_vec()).await;
    assert_eq!(by_id.expect("it can be read"), [rows[0].clone(), rows[1].clone()]);

    rows[0].released_at = Some(known(5));
    rows[1].released_at = None;
    projector
        .commit(5, |effects| effects.quarantine.extend_from_slice(&rows[..2]))
        .await;
    let waiting = projector.store.quarantine_waiting().await;
    assert_eq!(
        waiting.expect("it can be read"),
        [rows[1].clone(), rows[2].clone()]
    );
}

/// By when it was last seen, and no more than asked for.
pub async fn quarantine_is_listed_newest_first(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let rows: Vec<QuarantineRow> = (1..=4)
        .map(|sequence| quarantined(&format!("row {sequence}"), sequence))
        .collect();
    projector
        .commit(4, |effects| effects.quarantine.extend_from_slice(&rows))
        .await;
    let mut seen_again = rows[1].clone();
    seen_again.sequence = 5;
    seen_again.last_seen_at = known(5);
    projector
        .commit(5, |effects| effects.quarantine.push(seen_again.clone()))
        .await;

    let newest = [seen_again, rows[3].clone(), rows[2].clone(), rows[0].clone()];
    assert_eq!(
        projector.store.quarantine(10).await.expect("it can be read"),
        newest
    );
    assert_eq!(
        projector.store.quarantine(2).await.expect("it can be read"),
        newest[..2]
    );
    assert_eq!(projector.store.quarantine(0).await.expect("it can be read"), []);
}

/// As it stands after each batch.
pub async fn a_delivery_is_written_over_as_it_proceeds(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let opened = delivery(1, Feed::RegisterTrainees, 1);
    let counts = Counts {
        rows: 100,
        unchanged: 60,
        observations: 25,
        events: 40,
        superseded: 10,
        quarantined: 5,
    };
    let running = DeliveryRow {
        pages: 1,
        counts,
        ..opened.clone()
    };
    let closed = DeliveryRow {
        closed_at: Some(known(3)),
        ..running.clone()
    };
    let bare = DeliveryRow {
        scope: Scope::new(),
        completeness: Completeness::Partial,
        ..delivery(2, Feed::TvVacancies, 1)
    };
    let odd = DeliveryRow {
        scope: [
            ("a\"b, c=d".to_owned(), "{é\\'}\n\0".to_owned()),
            (String::new(), String::new()),
        ]
        .into(),
        ..delivery(3, Feed::ApplyRecruits, 1)
    };
    projector
        .commit(1, |effects| {
            effects.deliveries.extend([bare.clone(), odd.clone()])
        })
        .await;
    for (sequence, row) in (2..).zip([opened, running, closed.clone()]) {
        projector
            .commit(sequence, |effects| effects.deliveries.push(row.clone()))
            .await;
        let read = projector
            .store
            .deliveries_by_id(vec![row.delivery])
            .await
            .expect("they can be read");
        assert_eq!(read, [row]);
    }
    let asked = [3, 9, 1, 2].map(delivery_id).into();
    let mut read = projector
        .store
        .deliveries_by_id(asked)
        .await
        .expect("they can be read");
    read.sort_by_key(|row| row.delivery);
    assert_eq!(read, [closed, bare, odd]);
}

/// And no more than asked for.
pub async fn deliveries_are_listed_newest_first(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let rows: Vec<DeliveryRow> = [(1, 5), (2, 9), (3, 1)]
        .map(|(number, opened)| delivery(number, Feed::TrsPersons, opened))
        .into();
    projector
        .commit(9, |effects| effects.deliveries.extend_from_slice(&rows))
        .await;
    let newest = [rows[1].clone(), rows[0].clone(), rows[2].clone()];
    assert_eq!(
        projector.store.deliveries(10).await.expect("they can be read"),
        newest
    );
    assert_eq!(
        projector.store.deliveries(1).await.expect("they can be read"),
        newest[..1]
    );
}

/// Why it is held, and what an operator decided, is kept as it was said.
pub async fn a_held_delivery_is_kept_with_its_reasons_and_decisions(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let reasons = [(HoldCause::Empty, 0, 0), (HoldCause::Absent, 41, 10)];
    let held = HeldRow {
        sequence: 1,
        comparison: Comparison {
            rows: 0,
            expected: Some(41),
            added: 1,
            changed: 2,
            unchanged: 3,
            superseded: 4,
            absent: 41,
            quarantined: u64::from(u32::MAX) + 1,
        },
        reasons: reasons
            .map(|(cause, found, most)| HoldReason { cause, found, most })
            .into(),
        ruling: None,
    };
    let waiting = DeliveryRow {
        held: Some(held.clone()),
        ..delivery(1, Feed::RegisterTrainees, 1)
    };
    let first = DeliveryRow {
        held: Some(HeldRow {
            comparison: Comparison {
                expected: None,
                ..held.comparison
            },
            ruling: Some(RulingRow {
                decision: DeliveryDecision::Reject,
                actor: "records-desk-1".to_owned(),
                reason: "odd\0: \"it's\" cut\n".to_owned(),
                decided_at: known(1),
            }),
            ..held.clone()
        }),
        ..delivery(2, Feed::TrsPersons, 1)
    };
    projector
        .commit(1, |effects| {
            effects.deliveries.extend([waiting.clone(), first.clone()]);
        })
        .await;
    let listed = projector.store.deliveries(10).await;
    assert_eq!(
        listed.expect("they can be read"),
        [first.clone(), waiting.clone()]
    );
    let approved = DeliveryRow {
        held: Some(HeldRow {
            ruling: Some(RulingRow {
                decision: DeliveryDecision::Approve,
                actor: "records-desk-2".to_owned(),
                reason: "case 7".to_owned(),
                decided_at: known(2),
            }),
            ..held
        }),
        ..waiting
    };
    projector
        .commit(2, |effects| effects.deliveries.push(approved.clone()))
        .await;
    let listed = projector.store.deliveries(10).await;
    assert_eq!(listed.expect("they can be read"), [first, approved]);
}
