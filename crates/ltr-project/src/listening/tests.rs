use ltr_domain::delivery::{Counts, REDRIVEN, Scope};
use ltr_domain::ids::DeliveryId;
use ltr_domain::policy::Policy;

use super::*;

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn ukprn() -> Ukprn {
    Ukprn::parse("10000571").unwrap()
}

fn name(text: &str) -> ProviderName {
    ProviderName::Name(text.to_owned())
}

/// An ear that knows of two providers, one of them under the number that deliveries here speak for.
fn ear() -> Ear {
    let mut hearing = Hearing::nothing(jiff::civil::date(2026, 12, 15));
    hearing.providers = BTreeMap::from([
        (name("Valley"), BTreeSet::from([ukprn()])),
        (name("Hill"), BTreeSet::from([Ukprn::parse("10000572").unwrap()])),
    ]);
    Ear::new(hearing, Vec::new())
}

/// A complete delivery of the provider's trainees of 2026, taken and opened at that instant.
fn complete(opened: &str) -> DeliveryRow {
    let scope = [("provider", "10000571"), ("cycle", "2026")];
    DeliveryRow {
        delivery: DeliveryId(uuid::Uuid::nil()),
        feed: Feed::RegisterTrainees,
        scope: scope
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        completeness: Completeness::Complete,
        taken_at: TakenAt(at(opened)),
        opened_at: KnownAt(at(opened)),
        closed_at: None,
        pages: 1,
        counts: Counts::default(),
        held: None,
    }
}

fn close(ear: &mut Ear, row: &DeliveryRow) -> Heard {
    let mut notes = Notes::default();
    let known_at = KnownAt(row.opened_at.0 + jiff::SignedDuration::from_mins(1));
    ear.hear_closing(row, known_at, &Policy::first(), &mut notes);
    notes.into_heard()
}

const AFTER: &str = "2026-12-15T06:00:00Z";

#[test]
fn a_complete_delivery_speaks_for_its_scope_and_makes_those_due_who_wait_for_it() {
    let heard = close(&mut ear(), &complete(AFTER));
    assert_eq!(heard.sweeps.len(), 1);
    assert_eq!(heard.sweeps[0].spoke_at, at(AFTER));
    assert_eq!(heard.sweeps[0].known_at.0, at("2026-12-15T06:01:00Z"));
    assert_eq!(heard.due, BTreeSet::from([name("Valley")]));
}

#[test]
fn what_is_partial_held_back_narrowed_or_of_another_feed_speaks_for_nobody() {
    let narrowed = Scope::from([("status".to_owned(), "trn_received".to_owned())]);
    let held_back = Counts {
        quarantined: 1,
        ..Counts::default()
    };
    for row in [
        DeliveryRow {
            completeness: Completeness::Partial,
            ..complete(AFTER)
        },
        DeliveryRow {
            counts: held_back,
            ..complete(AFTER)
        },
        DeliveryRow {
            scope: narrowed,
            ..complete(AFTER)
        },
        DeliveryRow {
            feed: Feed::ApplyCandidates,
            ..complete(AFTER)
        },
    ] {
        assert_eq!(close(&mut ear(), &row), Heard::default(), "{row:?}");
    }
}

#[test]
fn rows_that_are_driven_again_are_no_word_of_anybody() {
    let redrive = DeliveryRow {
        scope: Scope::from([(REDRIVEN.to_owned(), "earlier".to_owned())]),
        completeness: Completeness::Partial,
        ..complete(AFTER)
    };
    for (row, words) in [(redrive, 0), (complete(AFTER), 2)] {
        let mut notes = Notes::default();
        ear().hear_page(&row, row.opened_at, &mut notes);
        assert_eq!(notes.into_heard().words.len(), words, "{row:?}");
    }
}

#[test]
fn an_old_snapshot_is_no_word_after_the_no_show_date() {
    let mut ear = ear();
    let old = DeliveryRow {
        taken_at: TakenAt(at("2026-10-01T02:00:00Z")),
        ..complete(AFTER)
    };
    assert_eq!(
        close(&mut ear, &old).sweeps[0].spoke_at,
        at("2026-10-01T02:00:00Z")
    );
}

#[test]
fn only_the_first_word_and_the_first_since_the_no_show_date_make_anyone_due() {
    let mut ear = ear();
    let mut due = |opened: &str| close(&mut ear, &complete(opened)).due.len();
    assert_eq!(due("2026-09-21T06:00:00Z"), 1, "connected");
    assert_eq!(due("2026-12-14T06:00:00Z"), 0);
    assert_eq!(due("2026-12-15T06:00:00Z"), 1);
    assert_eq!(due("2026-12-16T06:00:00Z"), 0);
    assert_eq!(due("2026-12-15T12:00:00Z"), 0, "older than what was heard");
}

fn place(is_recognised: bool) -> Option<Place> {
    Some(Place {
        ukprn: ukprn(),
        year: 2026,
        is_recognised,
    })
}

fn shift(ear: &mut Ear, before: Option<Place>, after: Option<Place>) -> (Vec<(u32, u32)>, usize) {
    let mut notes = Notes::default();
    ear.move_trainee(before, after, KnownAt(at(AFTER)), &Policy::first(), &mut notes);
    let heard = notes.into_heard();
    let shares = heard
        .shares
        .iter()
        .map(|row| (row.share.trainees, row.share.recognised));
    (shares.collect(), heard.due.len())
}

#[test]
fn a_share_follows_its_trainees_and_tells_when_it_crosses_the_threshold() {
    let mut ear = ear();
    assert_eq!(shift(&mut ear, None, place(true)), (vec![(1, 1)], 1), "the first");
    assert_eq!(
        shift(&mut ear, None, place(false)),
        (vec![(2, 1)], 0),
        "half is enough"
    );
    assert_eq!(shift(&mut ear, None, place(false)), (vec![(3, 1)], 1), "below");
    assert_eq!(shift(&mut ear, place(false), place(false)), (vec![], 0));
    assert_eq!(
        shift(&mut ear, place(false), place(true)),
        (vec![(3, 2)], 1),
        "known now"
    );
    assert_eq!(
        shift(&mut ear, place(true), None),
        (vec![(2, 1)], 0),
        "gone elsewhere"
    );
}

fn recruit(provider: &str, has_turned_up: bool) -> Option<Recruit> {
    Some(Recruit {
        provider: name(provider),
        year: 2026,
        has_turned_up,
    })
}

fn recount(ear: &mut Ear, before: Option<Recruit>, after: Option<Recruit>) -> (Vec<(u32, u32)>, usize) {
    let mut notes = Notes::default();
    let (before, after) = (before.as_ref(), after.as_ref());
    ear.move_recruit(before, after, KnownAt(at(AFTER)), &Policy::first(), &mut notes);
    let heard = notes.into_heard();
    let turnouts = heard
        .turnouts
        .iter()
        .map(|row| (row.turnout.recruits, row.turnout.turned_up));
    (turnouts.collect(), heard.due.len())
}

#[test]
fn a_turnout_follows_its_recruits_and_tells_when_it_crosses_the_threshold() {
    let mut ear = ear();
    let valley = |has_turned_up| recruit("Valley", has_turned_up);
    assert_eq!(recount(&mut ear, None, valley(false)), (vec![(1, 0)], 0));
    assert_eq!(recount(&mut ear, valley(false), valley(false)), (vec![], 0));
    assert_eq!(recount(&mut ear, valley(false), valley(true)), (vec![(1, 1)], 1));
    assert_eq!(
        recount(&mut ear, None, valley(false)),
        (vec![(2, 1)], 0),
        "half is enough"
    );
    assert_eq!(recount(&mut ear, None, valley(false)), (vec![(3, 1)], 1), "below");
    assert_eq!(
        recount(&mut ear, valley(false), recruit("Hill", true)),
        (vec![(1, 1), (2, 1)], 2),
        "another's now: both cross"
    );
    assert_eq!(
        recount(&mut ear, None, recruit("Nowhere", true)),
        (vec![(1, 1)], 0),
        "nobody can wait for whom nothing covers"
    );
    assert_eq!(recount(&mut ear, valley(true), None), (vec![(1, 0)], 1));
}

#[test]
fn who_was_not_counted_when_the_store_was_projected_makes_no_turnout() {
    let mut ear = ear();
    let turned_up = recount(&mut ear, recruit("Valley", false), recruit("Valley", true));
    assert_eq!(turned_up, (vec![(0, 1)], 0));
}

#[test]
fn a_feed_is_heard_from_whomever_and_from_whom_it_speaks_for() {
    let mut ear = ear();
    let mut hear = |row: &DeliveryRow| {
        let mut notes = Notes::default();
        ear.hear_page(row, KnownAt(at(AFTER)), &mut notes);
        let words = notes.into_heard().words;
        words.into_iter().map(|word| word.provider).collect::<Vec<_>>()
    };
    assert_eq!(hear(&complete("2026-09-21T06:00:00Z")), [ANYONE, "10000571"]);
    assert_eq!(hear(&complete("2026-09-21T06:00:00Z")), [""; 0], "nothing newer");
    let for_all = DeliveryRow {
        scope: Scope::new(),
        ..complete("2026-09-20T06:00:00Z")
    };
    assert_eq!(hear(&for_all), [EVERYONE], "of the feed it is no news");
}
