//! What was heard of the feeds by any known time, and who is due for review because of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, Turnout};
use ltr_domain::ids::{Feed, PersonId, Ukprn};
use ltr_domain::time::{KnownAt, TakenAt};

use super::given::{belongs, change, just_before, known, person, trs};
use super::{Place, Projector};
use crate::store::{
    Due, Effects, FeedHeard, PersonRow, ProviderRow, Providers, ShareRow, Store, SweepRow, TurnoutRow,
    WordRow,
};

fn ukprn(number: u8) -> Ukprn {
    Ukprn::parse(&format!("1000000{number}")).expect("eight digits")
}

fn name(text: &str) -> ProviderName {
    ProviderName::Name(text.to_owned())
}

fn code(text: &str) -> ProviderName {
    ProviderName::Code(text.to_owned())
}

fn word(feed: Feed, provider: &str, sequence: u64, taken: u64) -> WordRow {
    WordRow {
        feed,
        provider: provider.to_owned(),
        known_at: known(sequence),
        taken_at: TakenAt(known(taken).0),
    }
}

/// For each feed and provider the latest row known by then, whatever came later.
pub async fn a_feed_is_heard_as_of_any_known_time(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    assert_eq!(projector.store.heard(None).await.expect("it can be read"), []);
    let rows = [
        word(Feed::TrsPersons, "", 2, 1),
        word(Feed::RegisterTrainees, "10000001", 3, 2),
        word(Feed::RegisterTrainees, "odd\0provider", 3, 1),
        word(Feed::RegisterTrainees, "10000001", 7, 5),
    ];
    projector
        .commit(4, |effects| effects.heard.words.extend_from_slice(&rows[..3]))
        .await;
    projector
        .commit(9, |effects| effects.heard.words.extend_from_slice(&rows[3..]))
        .await;
    let check = async |at: Option<KnownAt>, expected: &[&WordRow]| {
        let mut heard = projector.store.heard(at).await.expect("it can be read");
        heard.sort();
        let mut expected: Vec<FeedHeard> = expected
            .iter()
            .map(|row| FeedHeard {
                feed: row.feed,
                provider: row.provider.clone(),
                taken_at: row.taken_at,
            })
            .collect();
        expected.sort();
        assert_eq!(heard, expected, "{at:?}");
    };
    check(Some(known(1)), &[]).await;
    check(Some(known(2)), &[&rows[0]]).await;
    check(Some(just_before(7)), &[&rows[0], &rows[1], &rows[2]]).await;
    check(Some(known(7)), &[&rows[0], &rows[2], &rows[3]]).await;
    check(None, &[&rows[0], &rows[2], &rows[3]]).await;
}

fn sweep(provider: Option<&str>, year: Option<i16>, sequence: u64, spoke: u64) -> SweepRow {
    SweepRow {
        coverage: Coverage {
            provider: provider.map(str::to_owned),
            year,
        },
        known_at: known(sequence),
        spoke_at: known(spoke).0,
    }
}

fn share(number: u8, year: i16, sequence: u64, trainees: u32, recognised: u32) -> ShareRow {
    ShareRow {
        ukprn: ukprn(number),
        year,
        known_at: known(sequence),
        share: Share { trainees, recognised },
    }
}

fn turnout(name: &ProviderName, year: i16, sequence: u64, recruits: u32, turned_up: u32) -> TurnoutRow {
    TurnoutRow {
        name: name.clone(),
        year,
        known_at: known(sequence),
        turnout: Turnout { recruits, turned_up },
    }
}

fn turned_up(name: &ProviderName, number: u8, sequence: u64) -> ProviderRow {
    ProviderRow {
        name: name.clone(),
        ukprn: ukprn(number),
        known_from: known(sequence),
    }
}

/// Two providers, one heard of by code, in two batches.
async fn listening(place: &impl Place) -> impl Store {
    let mut projector = Projector::on(place.open().await);
    let first = |effects: &mut Effects| {
        effects.heard.providers = vec![turned_up(&name("A: b\0"), 1, 1), turned_up(&code("2AW"), 2, 2)];
        effects.heard.shares = vec![
            share(1, 2026, 1, 1, 1),
            share(1, 2026, 2, 2, 1),
            share(2, 2026, 2, 9, 9),
        ];
        effects.heard.turnouts = vec![
            turnout(&name("A: b\0"), 2026, 1, 2, 0),
            turnout(&name("A: b\0"), 2026, 3, 2, 1),
            turnout(&code("2AW"), 2026, 3, 20, 1),
            turnout(&name("nobody there"), 2026, 3, 4, 0),
        ];
        effects.heard.sweeps = vec![
            sweep(Some("10000001"), Some(2026), 3, 1),
            sweep(Some("2AW"), None, 3, 2),
            sweep(Some("10000009"), None, 3, 2),
        ];
    };
    projector.commit(4, first).await;
    let second = |effects: &mut Effects| {
        effects.heard.providers = vec![turned_up(&name("A: b\0"), 3, 6), turned_up(&code("2AW"), 2, 6)];
        effects.heard.shares = vec![share(1, 2026, 5, 3, 1), share(1, 2025, 5, 7, 0)];
        effects.heard.turnouts = vec![
            turnout(&name("A: b\0"), 2025, 5, 9, 8),
            turnout(&code("2AW"), 2026, 6, 21, 1),
        ];
        effects.heard.sweeps = vec![
            sweep(Some("10000001"), Some(2026), 7, 6),
            sweep(None, Some(2026), 7, 5),
        ];
    };
    projector.commit(8, second).await;
    projector.store
}

fn hearing(
    sequence: u64,
    providers: &[(ProviderName, &[u8])],
    shares: &[ShareRow],
    turnouts: &[TurnoutRow],
    sweeps: &[SweepRow],
) -> Hearing {
    let mut hearing = Hearing::nothing(known(sequence).london_date());
    for (name, numbers) in providers {
        let numbers: BTreeSet<Ukprn> = numbers.iter().map(|number| ukprn(*number)).collect();
        hearing.providers.insert(name.clone(), numbers);
    }
    hearing.shares = shares
        .iter()
        .map(|row| ((row.ukprn, row.year), row.share))
        .collect();
    hearing.turnouts = turnouts
        .iter()
        .map(|row| ((row.name.clone(), row.year), row.turnout))
        .collect();
    hearing.sweeps = sweeps
        .iter()
        .map(|row| (row.coverage.clone(), row.spoke_at))
        .collect::<BTreeMap<_, _>>();
    hearing
}

/// What became known later is not in it, and of what was known the latest is.
pub async fn the_hearing_is_what_was_known_by_then(place: &impl Place) {
    let store = listening(place).await;
    let ask = async |sequence| {
        let read = store.hearing(Providers::All, known(sequence)).await;
        read.expect("it can be read")
    };
    assert_eq!(
        ask(1).await,
        hearing(
            1,
            &[(name("A: b\0"), &[1])],
            &[share(1, 2026, 1, 1, 1)],
            &[turnout(&name("A: b\0"), 2026, 1, 2, 0)],
            &[]
        )
    );
    let known_first = [(code("2AW"), &[2][..]), (name("A: b\0"), &[1])];
    assert_eq!(
        ask(4).await,
        hearing(
            4,
            &known_first,
            &[share(1, 2026, 2, 2, 1), share(2, 2026, 2, 9, 9)],
            &[
                turnout(&name("A: b\0"), 2026, 3, 2, 1),
                turnout(&code("2AW"), 2026, 3, 20, 1),
                turnout(&name("nobody there"), 2026, 3, 4, 0),
            ],
            &[
                sweep(Some("10000001"), Some(2026), 3, 1),
                sweep(Some("2AW"), None, 3, 2),
                sweep(Some("10000009"), None, 3, 2),
            ],
        )
    );
    assert_eq!(
        ask(8).await,
        hearing(
            8,
            &[(code("2AW"), &[2]), (name("A: b\0"), &[1, 3])],
            &[
                share(1, 2026, 5, 3, 1),
                share(1, 2025, 5, 7, 0),
                share(2, 2026, 2, 9, 9)
            ],
            &[
                turnout(&name("A: b\0"), 2026, 3, 2, 1),
                turnout(&name("A: b\0"), 2025, 5, 9, 8),
                turnout(&code("2AW"), 2026, 6, 21, 1),
                turnout(&name("nobody there"), 2026, 3, 4, 0),
            ],
            &[
                sweep(Some("10000001"), Some(2026), 7, 6),
                sweep(Some("2AW"), None, 3, 2),
                sweep(Some("10000009"), None, 3, 2),
                sweep(None, Some(2026), 7, 5),
            ],
        )
    );
}

/// Of others nothing is read, but what was said of all providers.
pub async fn the_hearing_is_asked_for_some_providers(place: &impl Place) {
    let store = listening(place).await;
    let ask = async |names: &[ProviderName]| {
        let names = names.iter().cloned().collect();
        let read = store.hearing(Providers::These(names), known(8)).await;
        read.expect("it can be read")
    };
    assert_eq!(
        ask(&[code("2AW")]).await,
        hearing(
            8,
            &[(code("2AW"), &[2])],
            &[share(2, 2026, 2, 9, 9)],
            &[turnout(&code("2AW"), 2026, 6, 21, 1)],
            &[sweep(Some("2AW"), None, 3, 2), sweep(None, Some(2026), 7, 5)],
        )
    );
    assert_eq!(
        ask(&[name("A: b\0"), name("nobody's")]).await,
        hearing(
            8,
            &[(name("A: b\0"), &[1, 3])],
            &[share(1, 2026, 5, 3, 1), share(1, 2025, 5, 7, 0)],
            &[
                turnout(&name("A: b\0"), 2026, 3, 2, 1),
                turnout(&name("A: b\0"), 2025, 5, 9, 8),
            ],
            &[
                sweep(Some("10000001"), Some(2026), 7, 6),
                sweep(None, Some(2026), 7, 5)
            ],
        )
    );
}

/// A person whose answer awaits a provider, or nobody.
fn waiting(number: u32, awaits: Option<ProviderName>, review_on: Option<Date>) -> PersonRow {
    PersonRow {
        awaits,
        review_on,
        ..person(PersonId::of(&trs(number)), u64::from(number))
    }
}

/// Those due longest come first, and no more than asked for; who has no day is never due.
pub async fn those_due_are_listed_longest_first(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let rows = [
        waiting(1, None, Some(date(2026, 9, 2))),
        waiting(2, None, Some(date(2026, 8, 1))),
        waiting(3, None, None),
        waiting(4, None, Some(date(2026, 9, 3))),
    ];
    projector
        .commit(4, |effects| {
            for number in 1..=4 {
                let record = trs(number);
                let belonging = belongs(&record, PersonId::of(&record), u64::from(number));
                effects.opened.push(belonging);
            }
            effects.people.extend_from_slice(&rows);
            effects.changes.extend([change(&rows[3], 0), change(&rows[3], 1)]);
        })
        .await;
    let due = async |on, max, sequence| {
        let read = projector.store.due(on, max, sequence).await;
        read.expect("it can be read")
    };
    let who = |numbers: &[u32], next_ordinal| Due {
        people: numbers
            .iter()
            .map(|number| (PersonId::of(&trs(*number)), trs(*number)))
            .collect(),
        next_ordinal,
    };
    assert_eq!(due(date(2026, 7, 31), 9, 4).await, who(&[], 2));
    assert_eq!(due(date(2026, 9, 2), 9, 4).await, who(&[2, 1], 2));
    assert_eq!(due(date(2026, 9, 2), 1, 4).await, who(&[2], 2));
    assert_eq!(due(date(2027, 1, 1), 9, 5).await, who(&[2, 1, 4], 0));
}

/// And nobody else; an answer resolved in the same batch keeps its own day.
pub async fn what_is_heard_of_a_provider_makes_those_who_wait_for_it_due(place: &impl Place) {
    let mut projector = Projector::on(place.open().await);
    let later = Some(date(2027, 9, 1));
    let rows = [
        waiting(1, Some(name("A")), later),
        waiting(2, Some(code("A")), None),
        waiting(3, Some(name("B")), later),
        waiting(4, None, later),
        waiting(5, Some(name("A")), Some(date(2026, 8, 1))),
        waiting(6, Some(name("A")), later),
    ];
    projector
        .commit(6, |effects| {
            for number in 1..=6 {
                let record = trs(number);
                let belonging = belongs(&record, PersonId::of(&record), u64::from(number));
                effects.opened.push(belonging);
            }
            effects.people.extend_from_slice(&rows);
        })
        .await;
    projector
        .commit(7, |effects| {
            effects.heard.due = BTreeSet::from([name("A"), code("A")]);
            effects.people.push(rows[5].clone());
        })
        .await;
    let today = known(7).london_date();
    let expected = [
        Some(today),
        Some(today),
        later,
        later,
        Some(date(2026, 8, 1)),
        later,
    ];
    let asked = (1..=6).map(trs).collect();
    let (_, mut read) = projector.store.people_of(asked).await.expect("they can be read");
    read.sort_by(|a, b| a.0.cmp(&b.0));
    let days: Vec<_> = read.iter().map(|(_, row)| row.review_on).collect();
    assert_eq!(days, expected);
    assert_eq!(read[0].1.awaits, rows[0].awaits);
}
