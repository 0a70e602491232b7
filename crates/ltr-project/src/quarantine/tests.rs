use jiff::Timestamp;
use ltr_domain::delivery::Counts;
use ltr_domain::ids::{Feed, RecordKind};
use ltr_domain::observation::MessageDigest;
use ltr_domain::time::{ObservedAt, RecordedAt, TakenAt};

use super::*;

fn second(n: i64) -> Timestamp {
    Timestamp::new(n, 0).unwrap()
}

fn at(n: i64) -> Position {
    Position {
        sequence: u64::try_from(n).unwrap(),
        known_at: KnownAt(second(n)),
    }
}

fn delivery(n: u128) -> DeliveryId {
    DeliveryId(uuid::Uuid::from_u128(n))
}

fn scope() -> Scope {
    [("provider".to_owned(), "10000571".to_owned())].into()
}

fn trainee() -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, "slug")
}

/// A bad row of the trainee, in a snapshot of that second.
fn bad(id: &str, in_delivery: u128, taken_at: i64) -> Quarantined {
    Quarantined {
        id: id.to_owned(),
        feed: Feed::RegisterTrainees,
        delivery: delivery(in_delivery),
        recorded_at: RecordedAt(second(taken_at)),
        code: "trn_wrong_length".to_owned(),
        reason: String::new(),
        place: String::new(),
        evidence: None,
        record: Some(trainee()),
        row_bytes: Some(9),
        taken_at: Some(TakenAt(second(taken_at))),
    }
}

fn page(taken_at: i64, seen: Vec<RecordId>) -> PageRecorded {
    PageRecorded {
        page: 1,
        cursor: String::new(),
        taken_at: TakenAt(second(taken_at)),
        observed_at: ObservedAt(second(taken_at)),
        seen,
        counts: Counts::default(),
        batch_digest: MessageDigest([0; 32]),
        unknown_fields: Default::default(),
    }
}

fn closed(n: u128, opened: i64, completeness: Completeness, scope: Scope) -> DeliveryRow {
    DeliveryRow {
        delivery: delivery(n),
        feed: Feed::RegisterTrainees,
        scope,
        completeness,
        taken_at: TakenAt(second(opened)),
        opened_at: KnownAt(second(opened)),
        closed_at: None,
        pages: 1,
        counts: Counts::default(),
        held: None,
    }
}

/// One bad row, seen by delivery 1 in the snapshot of second 1.
fn one_bad() -> Quarantine {
    let mut quarantine = Quarantine::default();
    quarantine.see(&bad("a", 1, 1), &scope(), at(2));
    quarantine.take_changed();
    quarantine
}

fn released(quarantine: &mut Quarantine) -> Vec<(String, Option<KnownAt>)> {
    let rows = quarantine.take_changed();
    rows.into_iter()
        .map(|row| (row.message.id, row.released_at))
        .collect()
}

#[test]
fn a_row_seen_again_waits_again_and_keeps_when_it_was_first_seen() {
    let mut quarantine = one_bad();
    quarantine.hear_released(&by_hand("a"), at(3).known_at);
    assert_eq!(
        released(&mut quarantine),
        [("a".to_owned(), Some(at(3).known_at))]
    );
    quarantine.see(&bad("a", 2, 4), &scope(), at(5));
    let [row] = &quarantine.take_changed()[..] else {
        panic!("one row")
    };
    assert_eq!((row.times_seen, row.sequence, row.released_at), (2, 5, None));
    assert_eq!(
        (row.first_seen_at, row.last_seen_at),
        (at(2).known_at, at(5).known_at)
    );
}

#[test]
fn a_later_good_row_of_the_record_releases_it() {
    let mut quarantine = one_bad();
    let others = page(9, vec![RecordId::new(RecordKind::RegisterTrainee, "other")]);
    quarantine.hear_page(delivery(2), &others, at(9).known_at);
    assert_eq!(released(&mut quarantine), [], "another record says nothing");
    quarantine.hear_page(delivery(1), &page(1, vec![trainee()]), at(3).known_at);
    assert_eq!(released(&mut quarantine), [], "its own delivery saw it bad");
    quarantine.hear_page(delivery(2), &page(0, vec![trainee()]), at(4).known_at);
    assert_eq!(released(&mut quarantine), [], "an older snapshot says nothing");
    quarantine.hear_page(delivery(3), &page(5, vec![trainee()]), at(6).known_at);
    assert_eq!(
        released(&mut quarantine),
        [("a".to_owned(), Some(at(6).known_at))]
    );
    quarantine.hear_page(delivery(4), &page(7, vec![trainee()]), at(8).known_at);
    assert_eq!(released(&mut quarantine), [], "once");
}

#[test]
fn a_later_row_that_is_bad_in_another_way_releases_nothing_until_one_is_good() {
    let mut quarantine = one_bad();
    quarantine.see(&bad("b", 2, 4), &scope(), at(5));
    quarantine.hear_page(delivery(2), &page(4, vec![trainee()]), at(6).known_at);
    let waiting = released(&mut quarantine);
    assert_eq!(waiting, [("b".to_owned(), None)]);
    quarantine.hear_page(delivery(3), &page(7, vec![trainee()]), at(8).known_at);
    let ids: Vec<String> = released(&mut quarantine).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[test]
fn a_later_complete_delivery_of_its_scope_releases_it() {
    let mut quarantine = one_bad();
    for says_nothing in [
        closed(2, 5, Completeness::Partial, scope()),
        closed(2, 5, Completeness::Complete, Scope::new()),
        closed(1, 1, Completeness::Complete, scope()),
    ] {
        quarantine.hear_closing(&says_nothing, at(6).known_at);
        assert_eq!(released(&mut quarantine), [], "{says_nothing:?}");
    }
    quarantine.hear_closing(&closed(3, 5, Completeness::Complete, scope()), at(6).known_at);
    assert_eq!(
        released(&mut quarantine),
        [("a".to_owned(), Some(at(6).known_at))]
    );
}

#[test]
fn what_the_store_says_waits_is_taken_up_where_it_was() {
    let mut stored = Quarantine::default();
    stored.see(&bad("a", 1, 1), &scope(), at(2));
    let mut quarantine = Quarantine::of(stored.take_changed());
    assert!(quarantine.knows("a"));
    quarantine.hear_page(delivery(3), &page(5, vec![trainee()]), at(6).known_at);
    assert_eq!(
        released(&mut quarantine),
        [("a".to_owned(), Some(at(6).known_at))]
    );
    quarantine.forget_released();
    assert!(!quarantine.knows("a"));
    quarantine.hear_released(&by_hand("a"), at(7).known_at);
    assert_eq!(
        released(&mut quarantine),
        [],
        "what nobody waits for needs no release"
    );
}

fn by_hand(id: &str) -> RowsReleased {
    RowsReleased {
        rows: vec![id.to_owned()],
        actor: "records-desk".to_owned(),
        reason: "case 7".to_owned(),
    }
}
