//! The person that is folded: one of the made-up lives, as its messages and keys would be kept.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::civil::{Date, date};
use ltr_domain::explain::Told;
use ltr_domain::fold::{self, RecordFold};
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{RecordId, Source};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::policy::Policy;
use ltr_domain::record::{
    Body, KeyGroup, PersonalField, PersonalValue, PersonalValues, Stated, TraineeState,
};
use ltr_domain::teacher::{TeacherRecord, teacher_at};
use ltr_domain::time::{CivilDate, RecordedAt};
use ltr_lives::{Case, Snapshot, placed, reference};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::{KeyEncryptionKey, OpenedValues, RecordKeys, open_values, seal_values};

/// The day on which everybody is asked about.
pub(super) const KNOWN_ON: Date = date(2028, 1, 1);

const EVENTS: usize = 50;
const KEK: [u8; 32] = [7; 32];

/// What there is to be read of a person.
pub(super) struct Kept {
    /// The messages, decoded.
    pub(super) told: Vec<Told>,
    /// The messages as they are on the log.
    payloads: Vec<(Position, Bytes)>,
    /// The wrapped keys of each record.
    keys: BTreeMap<RecordId, Bytes>,
}

impl Kept {
    /// A person's messages with a name and a date of birth sealed in each, and the keys that open them.
    pub(super) fn of(observations: Vec<Observation>) -> anyhow::Result<Self> {
        let mut counter = 0_u8;
        let mut fill = |bytes: &mut [u8]| {
            counter = counter.wrapping_add(1);
            bytes.fill(counter);
        };
        let kek = KeyEncryptionKey::new(KEK);
        let (mut payloads, mut keys, mut wrapped) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let told = placed(&observations);
        for (observation, told) in observations.iter().zip(&told) {
            let record = &observation.record;
            let own = keys
                .entry(record.clone())
                .or_insert_with(|| RecordKeys::generate(record.clone(), &[KeyGroup::Identity], &mut fill));
            let sealed = seal_values(own, &values(), &mut fill);
            payloads.push((told.position, codec::encode_observation(observation, &sealed)));
        }
        for (record, own) in &keys {
            let message = own.wrap(&kek, RecordedAt(jiff::Timestamp::UNIX_EPOCH), &mut fill);
            wrapped.insert(record.clone(), codec::encode_record_keys(&message));
        }
        let kept = Self {
            told,
            payloads,
            keys: wrapped,
        };
        let (policy, hearing) = (Policy::first(), Hearing::nothing(KNOWN_ON));
        let (answer, opened) = kept.read(&policy, &hearing);
        anyhow::ensure!(
            answer == fold_and_resolve(&kept.told, &policy, &hearing) && opened.len() == kept.keys.len(),
            "what was written reads back"
        );
        Ok(kept)
    }

    pub(super) fn records(&self) -> usize {
        self.keys.len()
    }

    /// Decodes everything, folds and resolves it, and opens the values last sealed of each record.
    pub(super) fn read(&self, policy: &Policy, hearing: &Hearing) -> (TeacherRecord, Vec<OpenedValues>) {
        let mut folds: BTreeMap<RecordId, RecordFold> = BTreeMap::new();
        let mut last = BTreeMap::new();
        for (position, payload) in &self.payloads {
            let Ok(LogEntry::Observation { observation, sealed }) = codec::decode_changes(payload) else {
                continue;
            };
            fold::take(&mut folds, &observation, *position);
            last.insert(observation.record, sealed);
        }
        let folds: Vec<&RecordFold> = folds.values().collect();
        let answer = teacher_at(&folds, policy, hearing, KNOWN_ON);
        let kek = [KeyEncryptionKey::new(KEK)];
        let opened = last.iter().filter_map(|(record, sealed)| {
            let keys = codec::decode_record_keys(self.keys.get(record)?).ok()?;
            open_values(&keys.unwrap(&kek).ok()?, sealed).ok()
        });
        let opened = opened.collect();
        (answer, opened)
    }
}

/// Folds decoded messages and resolves them.
pub(super) fn fold_and_resolve(told: &[Told], policy: &Policy, hearing: &Hearing) -> TeacherRecord {
    let mut folds: BTreeMap<RecordId, RecordFold> = BTreeMap::new();
    for one in told {
        fold::take(&mut folds, &one.observation, one.position);
    }
    let folds: Vec<&RecordFold> = folds.values().collect();
    teacher_at(&folds, policy, hearing, KNOWN_ON)
}

fn values() -> PersonalValues {
    let value = |parts: &[&str]| {
        Stated::Value(PersonalValue(
            parts.iter().map(|part| (*part).to_owned()).collect(),
        ))
    };
    PersonalValues(BTreeMap::from([
        (PersonalField::Names, value(&["Amara", "Jocasta", "Okonjo"])),
        (PersonalField::DateOfBirth, value(&["1998-02-03"])),
    ]))
}

/// The messages of the first made-up person of whom three sources tell exactly that many events.
pub(super) fn of_fifty_events() -> Vec<Observation> {
    (1..)
        .find_map(|seed| {
            let observations = Case::of(seed).observations();
            reference::people(&placed(&observations))
                .into_iter()
                .find_map(|person| {
                    let own = observations.iter().filter(|one| person.contains(&one.record));
                    let own: Vec<Observation> = own.cloned().collect();
                    let is_from = |source: &Source| own.iter().any(|one| one.record.source() == *source);
                    let sources = Source::ALL.iter().filter(|source| is_from(source)).count();
                    let trained = is_from(&Source::Register) && is_from(&Source::Trs);
                    (events(&own) == EVENTS && sources >= 3 && trained).then_some(own)
                })
        })
        .expect("somebody among so many")
}

fn events(observations: &[Observation]) -> usize {
    observations.iter().map(|one| one.events.len()).sum()
}

/// The same person, whose traineeship is deferred and reinstated and whose induction is dated anew every other night,
/// until so many events are told.
pub(super) fn long(count: usize) -> Vec<Told> {
    let first = of_fifty_events();
    let seen = |of: fn(&Body) -> bool| first.iter().rev().find(|one| of(&one.state.body));
    let trainee = seen(|body| matches!(body, Body::RegisterTrainee(_)));
    let person = seen(|body| matches!(body, Body::TrsPerson(_)));
    let (trainee, person) = (
        trainee.expect("Register tells of the person"),
        person.expect("TRS tells of the person"),
    );
    let mut snapshots: Vec<Snapshot> = first
        .iter()
        .map(|one| {
            Snapshot::ordinary(
                one.record.clone(),
                one.observed_at.london_date(),
                one.state.body.clone(),
            )
        })
        .collect();
    let begins_on = first
        .iter()
        .map(|one| one.observed_at.london_date())
        .max()
        .unwrap_or(KNOWN_ON);
    let mut on = begins_on;
    for number in 0..count {
        on = on.tomorrow().unwrap_or(on);
        let mut again = if number % 2 == 0 { trainee } else { person }.state.body.clone();
        match &mut again {
            Body::RegisterTrainee(trainee) => {
                let dated = Stated::Value(CivilDate::Day(on));
                if number % 4 == 0 {
                    (trainee.state, trainee.defer_date) = (TraineeState::Deferred, dated);
                } else {
                    (trainee.state, trainee.reinstate_date) = (TraineeState::TrnReceived, dated);
                }
            }
            Body::TrsPerson(person) => {
                person.induction = Stated::Value(ltr_domain::record::trs::Induction {
                    status: if number % 4 == 1 {
                        ltr_domain::record::InductionStatus::InProgress
                    } else {
                        ltr_domain::record::InductionStatus::RequiredToComplete
                    },
                    start_date: Stated::Value(CivilDate::Day(on)),
                    completed_date: Stated::Null,
                    exemption_reasons: Vec::new(),
                });
            }
            Body::ApplyCandidate(_)
            | Body::ApplyChoice(_)
            | Body::ApplyRecruit(_)
            | Body::TvJobApplication(_)
            | Body::TvVacancy(_)
            | Body::TvPosting(_) => {}
        }
        let record = if number % 2 == 0 { trainee } else { person }.record.clone();
        snapshots.push(Snapshot::ordinary(record, on, again));
    }
    let mut observations = Case { seed: 0, snapshots }.observations();
    let mut told = 0;
    observations.retain(|one| {
        told += one.events.len();
        told <= count
    });
    placed(&observations)
}
