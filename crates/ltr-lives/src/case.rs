//! A case: a few people's lives in the order in which they became known, as messages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ltr_domain::calendar::days_after;
use ltr_domain::event::{ChangeKind, Event, Fact, Link};
use ltr_domain::explain::Told;
use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, Turnout};
use ltr_domain::ids::{DeliveryId, RecordId, Ukprn};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::record::State;
use ltr_domain::time::{Effective, KnownAt, ObservedAt, RecordedAt, TakenAt, start_of_london_day};
use ltr_sources::diff::{Seen, derive};

use crate::life::Life;
use crate::{Dice, Snapshot, Telling, incident};

/// A few people whose records meet. Leaving out any of its readings makes another case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it was made of.
    pub seed: u64,
    /// What was read, in the order of the log.
    pub snapshots: Vec<Snapshot>,
}

impl Case {
    /// The case of that seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let people = *dice.of(&[2, 2, 2, 3]);
        let mut snapshots: Vec<Snapshot> = (0..people)
            .flat_map(|number| Life::of(&mut dice, number))
            .collect();
        incident::happen(&mut dice, &mut snapshots);
        // Some services are read every night, some once a week: what is read at one time becomes known at one time.
        let grid = *dice.of(&[1, 7, 7, 14]);
        for one in &mut snapshots {
            one.read_on = on_grid(one.read_on, grid);
        }
        let mut records: Vec<RecordId> = snapshots.iter().map(|one| one.record.clone()).collect();
        records.sort();
        records.dedup();
        dice.shuffle(&mut records);
        let rank: BTreeMap<RecordId, usize> = records.into_iter().zip(0..).collect();
        snapshots.sort_by_key(|one| (one.read_on, rank[&one.record]));
        Self { seed, snapshots }
    }

    /// Dice of the case's own, for what a law does with it; `purpose` keeps laws apart.
    #[must_use]
    pub fn dice(&self, purpose: &str) -> Dice {
        let mixed = purpose.bytes().fold(self.seed, |mixed, byte| {
            mixed.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Dice::new(mixed)
    }

    /// The same case without one of its readings.
    #[must_use]
    pub fn without(&self, index: usize) -> Self {
        let mut case = self.clone();
        case.snapshots.remove(index);
        case
    }

    /// What was published, in the order of the log. A reading that says nothing new is no message.
    #[must_use]
    pub fn observations(&self) -> Vec<Observation> {
        let mut publisher = Publisher::default();
        let mut published: Vec<Observation> = Vec::with_capacity(self.snapshots.len());
        for snapshot in &self.snapshots {
            published.extend(publisher.publish(snapshot));
        }
        // Twice on one day is at two times; within each, the order of reading stays.
        published.sort_by_key(|one| one.recorded_at);
        published
    }

    /// What was told, at its place on the log.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        placed(&self.observations())
    }

    /// What may have been heard of Register by a day: providers that turn up, deliveries that cover them, how many of their
    /// people could be recognised, and how many of their recruits have turned up.
    #[must_use]
    pub fn hearing(&self, known_on: Date) -> Hearing {
        let mut dice = self.dice("hearing");
        let mut hearing = Hearing::nothing(known_on);
        let names = [
            (ProviderName::Name("Example Partnership".to_owned()), "10000571"),
            (ProviderName::Code("2AW".to_owned()), "10000571"),
            (ProviderName::Name("Example University".to_owned()), "10007140"),
            (ProviderName::Code("B20".to_owned()), "10007140"),
        ];
        for (name, ukprn) in names {
            let ukprn = Ukprn::parse(ukprn).expect("eight digits");
            if dice.chance(80) {
                hearing.providers.insert(name.clone(), BTreeSet::from([ukprn]));
            }
            for year in 2024..=2026 {
                let share = Share {
                    trainees: 4,
                    recognised: u32::try_from(dice.below(5)).expect("below five"),
                };
                if dice.chance(80) {
                    hearing.shares.insert((ukprn, year), share);
                }
                let turnout = Turnout {
                    recruits: 4,
                    turned_up: u32::try_from(dice.below(5)).expect("below five"),
                };
                if dice.chance(80) {
                    hearing.turnouts.insert((name.clone(), year), turnout);
                }
                let on = dice.day_after(date(year, 11, 1), 0, 90);
                if dice.chance(70) && on <= known_on {
                    let coverage = Coverage {
                        provider: dice.chance(80).then(|| ukprn.to_string()),
                        year: dice.chance(50).then_some(year),
                    };
                    hearing.sweep(coverage, start_of_london_day(on));
                }
            }
        }
        hearing
    }
}

/// Messages at their places: sequences from 1, known times that never decrease.
#[must_use]
pub fn placed(observations: &[Observation]) -> Vec<Told> {
    let mut known = None;
    let mut told = Vec::with_capacity(observations.len());
    for (observation, sequence) in observations.iter().zip(1..) {
        let known_at = KnownAt::after(known, observation.recorded_at);
        known = Some(known_at);
        told.push(Told {
            observation: folded(observation),
            position: Position { sequence, known_at },
        });
    }
    told
}

/// The message as the projector decodes it: with its state only where folding looks at it.
fn folded(observation: &Observation) -> Observation<Option<State>> {
    let keeps_state = observation.record.kind.is_folded_with_state();
    Observation {
        record: observation.record.clone(),
        delivery: observation.delivery,
        taken_at: observation.taken_at,
        observed_at: observation.observed_at,
        recorded_at: observation.recorded_at,
        source_updated_at: observation.source_updated_at,
        mapping_version: observation.mapping_version,
        previous: observation.previous,
        state: keeps_state.then(|| observation.state.clone()),
        events: observation.events.clone(),
        evidence: observation.evidence,
    }
}

fn on_grid(on: Date, days: i32) -> Date {
    let since = on.since(date(2020, 1, 5)).map_or(0, |span| span.get_days());
    let into = since.rem_euclid(days);
    days_after(on, (days - into).rem_euclid(days))
}

/// What was published of each record so far.
#[derive(Default)]
struct Publisher {
    records: BTreeMap<RecordId, Published>,
    /// When each was read last, be there news or none.
    read_at: BTreeMap<RecordId, Timestamp>,
}

struct Published {
    /// Every state as a present, with when it was taken.
    states: Vec<(Timestamp, State)>,
    links: BTreeSet<Link>,
}

impl Publisher {
    fn publish(&mut self, snapshot: &Snapshot) -> Option<Observation> {
        let before = self.records.get(&snapshot.record);
        // Read at two in the morning; of one record, an hour after it was read before at the earliest.
        let night = start_of_london_day(snapshot.read_on) + SignedDuration::from_hours(2);
        let read_at = self.read_at.get(&snapshot.record);
        let recorded_at = read_at.map_or(night, |before| night.max(*before + SignedDuration::from_hours(1)));
        self.read_at.insert(snapshot.record.clone(), recorded_at);
        let (taken_at, previous) = match (snapshot.telling, before) {
            (Telling::Late { taken_on }, Some(before)) => {
                let taken_at = start_of_london_day(taken_on);
                let past = before.states.iter().filter(|(at, _)| *at < taken_at);
                (taken_at, past.max_by_key(|(at, _)| *at).map(|(_, state)| state))
            }
            (Telling::Late { .. }, None) | (Telling::Ordinary | Telling::Corrected, _) => {
                let present = before.and_then(|before| before.states.last());
                (recorded_at, present.map(|(_, state)| state))
            }
        };
        let is_late = before.is_some() && matches!(snapshot.telling, Telling::Late { .. });
        if snapshot.vanished && previous.is_none() {
            return None;
        }
        let state = state_of(snapshot, previous);
        let seen = Seen {
            // What nobody dates was so when the snapshot was taken, however late that is told.
            observed_on: ltr_domain::time::london_date(taken_at),
            source_updated_on: None,
        };
        let mut events = derive(previous, &state, &seen);
        let links = match before {
            Some(before) if is_late || snapshot.vanished => before.links.clone(),
            Some(_) | None => snapshot.links.clone(),
        };
        events.extend(link_events(
            before.map(|before| &before.links),
            &links,
            snapshot.read_on,
        ));
        if events.is_empty() {
            return None;
        }
        let kind = match snapshot.telling {
            Telling::Corrected => Some(ChangeKind::Corrected),
            Telling::Late { .. } if is_late => Some(ChangeKind::Late),
            Telling::Late { .. } | Telling::Ordinary => None,
        };
        for event in &mut events {
            event.kind = kind.unwrap_or(event.kind);
        }
        let present = before.and_then(|before| before.states.last()).filter(|_| is_late);
        let carried = present.map_or_else(|| state.clone(), |(_, state)| state.clone());
        let kept = self
            .records
            .entry(snapshot.record.clone())
            .or_insert_with(|| Published {
                states: Vec::new(),
                links: BTreeSet::new(),
            });
        if !is_late {
            kept.states.push((taken_at, state));
        }
        kept.links = links;
        Some(Observation {
            record: snapshot.record.clone(),
            delivery: DeliveryId(uuid::Uuid::nil()),
            taken_at: TakenAt(taken_at),
            observed_at: ObservedAt(recorded_at),
            recorded_at: RecordedAt(recorded_at),
            source_updated_at: None,
            mapping_version: 1,
            previous: None,
            state: carried,
            events,
            evidence: None,
        })
    }
}

fn state_of(snapshot: &Snapshot, previous: Option<&State>) -> State {
    match previous {
        Some(previous) if snapshot.vanished => State {
            vanished: true,
            ..previous.clone()
        },
        Some(previous) => {
            let mut digests = previous.digests.clone();
            digests.extend(&snapshot.digests);
            State {
                body: snapshot.body.clone().over(&previous.body),
                digests,
                vanished: false,
            }
        }
        None => State {
            body: snapshot.body.clone(),
            digests: snapshot.digests.clone(),
            vanished: false,
        },
    }
}

/// Links that no key of the body carries, come and gone.
fn link_events(old: Option<&BTreeSet<Link>>, new: &BTreeSet<Link>, on: Date) -> Vec<Event> {
    let none = BTreeSet::new();
    let old = old.unwrap_or(&none);
    let event = |fact, kind| Event {
        fact,
        effective: Effective::observed(on),
        kind,
        supersedes: None,
    };
    let gone = old.difference(new).cloned().map(Fact::IdentityLinkRetracted);
    let come = new.difference(old).cloned().map(Fact::IdentityLinkAsserted);
    gone.map(|fact| event(fact, ChangeKind::Reversed))
        .chain(come.map(|fact| event(fact, ChangeKind::FirstSeen)))
        .collect()
}
