//! A case projected: its messages on the log in memory, and what the projector makes of them in the store in memory.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::fold::{self, RecordFold};
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::teacher::{TeacherRecord, teacher_at};
use ltr_domain::time::{KnownAt, RecordedAt};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, NewMessage, Stream};
use ltr_ports::store::mem::MemStore;
use ltr_ports::store::{Providers, Store};
use ltr_project::{Config, Until};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::subject::Subject;

use crate::world::{POLICY, unplaced};

/// To whom a record belonged over known time: stretches that are not empty, adjacent ones of one person made one.
pub(crate) type Stretches = Vec<(PersonId, KnownAt, Option<KnownAt>)>;

/// A log and a store in memory.
pub(crate) struct Projected {
    log: MemLog,
    pub(crate) store: MemStore,
}

impl Projected {
    pub(crate) fn new() -> Self {
        Self {
            log: MemLog::new(ClockKind::Simulated, Timestamp::UNIX_EPOCH),
            store: MemStore::new(),
        }
    }

    /// Messages, projected in transactions of at most so many.
    pub(crate) fn of(observations: &[Observation], batch_messages_max: usize) -> Self {
        let projected = Self::new();
        projected.go_on(observations, batch_messages_max);
        projected
    }

    /// Publishes more and projects it, with a projector that begins anew.
    pub(crate) fn go_on(&self, observations: &[Observation], batch_messages_max: usize) {
        block_on(async {
            for one in observations {
                let message = NewMessage {
                    subject: Subject::Record(one.record.clone()).to_string(),
                    payload: codec::encode_observation(one, &[]),
                    expected_last: None,
                };
                self.log.publish(Stream::Events, vec![message]).await.unwrap();
            }
            let config = Config {
                batch_messages_max,
                ..Config::default()
            };
            let never = std::future::pending();
            let done = ltr_project::run(&config, &self.log, &self.store, Until::Head, never, |_| {}).await;
            assert_eq!(done.unwrap().undecodable, 0);
        });
    }

    /// Time passes, and nothing is heard.
    pub(crate) fn wait_until(&self, at: Timestamp) {
        let message = NewMessage {
            subject: Subject::heartbeat(at.to_zoned(jiff::tz::TimeZone::UTC).year()).to_string(),
            payload: codec::encode_heartbeat(at, RecordedAt(at)),
            expected_last: None,
        };
        block_on(async {
            self.log.publish(Stream::Events, vec![message]).await.unwrap();
        });
        self.go_on(&[], 1_000);
    }

    /// To whom every record belonged, over known time.
    pub(crate) fn memberships(&self) -> BTreeMap<RecordId, Stretches> {
        let contents = self.store.contents();
        let mut all = BTreeMap::new();
        for (record, memberships) in contents.memberships {
            let mut rows: Vec<_> = memberships
                .into_iter()
                .map(|one| (one.person, one.known_from, one.known_to))
                .filter(|(_, from, to)| to.is_none_or(|to| to > *from))
                .collect();
            rows.sort_by_key(|(_, from, _)| *from);
            let mut stretches: Stretches = Vec::new();
            for (person, from, to) in rows {
                match stretches.last_mut() {
                    Some((held, _, until)) if *held == person && *until == Some(from) => *until = to,
                    _ => stretches.push((person, from, to)),
                }
            }
            if !stretches.is_empty() {
                all.insert(record, stretches);
            }
        }
        all
    }

    /// The people now, each as its records.
    pub(crate) fn people(&self) -> BTreeSet<BTreeSet<RecordId>> {
        let mut people: BTreeMap<PersonId, BTreeSet<RecordId>> = BTreeMap::new();
        for (record, stretches) in self.memberships() {
            for (person, _, to) in stretches {
                if to.is_none() {
                    people.entry(person).or_default().insert(record.clone());
                }
            }
        }
        people.into_values().collect()
    }

    /// The answer of a day about the person to whom a record belonged at a known time, and who that was.
    pub(crate) fn as_of(
        &self,
        record: &RecordId,
        known: KnownAt,
        on: Date,
    ) -> Option<(PersonId, TeacherRecord)> {
        let (history, hearing) = block_on(async {
            let history = self.store.history_of(record.clone(), known).await.unwrap();
            (history, self.store.hearing(Providers::All, known).await.unwrap())
        });
        let history = history?;
        let mut folds: BTreeMap<RecordId, RecordFold> = BTreeMap::new();
        for entry in &history.entries {
            let LogEntry::Observation { observation, .. } = codec::decode_changes(&entry.payload).unwrap()
            else {
                panic!("history holds observations only");
            };
            let position = Position {
                sequence: entry.sequence,
                known_at: entry.known_at,
            };
            fold::take(&mut folds, &observation, position);
        }
        let folds: Vec<&RecordFold> = folds.values().collect();
        Some((
            history.person,
            unplaced(teacher_at(&folds, &POLICY, &hearing, on)),
        ))
    }
}

/// To whom a record belonged at a known time.
pub(crate) fn person_at(
    memberships: &BTreeMap<RecordId, Stretches>,
    record: &RecordId,
    known: KnownAt,
) -> Option<PersonId> {
    let stretches = memberships.get(record)?;
    let held = stretches
        .iter()
        .find(|(_, from, to)| *from <= known && to.is_none_or(|to| known < to));
    held.map(|(person, _, _)| *person)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}
