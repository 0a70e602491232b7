//! What a run came to: what was observed, and what is answered, without what may differ from run to run.

use std::collections::BTreeMap;

use ltr_domain::event::{Event, Fact};
use ltr_domain::ids::{DeliveryId, PersonId, RecordId, Trn};
use ltr_domain::observation::Observation;
use ltr_domain::record::KeyedDigest;
use ltr_ports::log::{Log, Stream};
use ltr_ports::store::Store;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::digest::content_digest;

use crate::house::messages;

/// At most so many differences are told.
const TOLD_MAX: usize = 10;

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// For each record, what was observed, in order: digests of record, times, state and events.
    observations: BTreeMap<RecordId, Vec<[u8; 32]>>,
    /// For each record, who it belongs to, under which TRN, and the digest of the answer.
    answers: BTreeMap<RecordId, (PersonId, Option<Trn>, [u8; 32])>,
}

impl Outcome {
    /// Reads the whole log, and the answer about every record on it.
    pub(crate) async fn of<L: Log, S: Store>(log: &L, store: &S) -> Self {
        let mut observations: BTreeMap<RecordId, Vec<[u8; 32]>> = BTreeMap::new();
        for message in messages(log, Stream::Events).await {
            if let LogEntry::Observation { observation, .. } = codec::decode(&message.payload).unwrap() {
                let digest = meaning(&observation);
                observations.entry(observation.record).or_default().push(digest);
            }
        }
        let mut answers = BTreeMap::new();
        let records: Vec<RecordId> = observations.keys().cloned().collect();
        for some in records.chunks(5_000) {
            let (_, rows) = store.people_of(some.to_vec()).await.unwrap();
            answers.extend(
                rows.into_iter()
                    .map(|(record, row)| (record, (row.person, row.trn, row.digest))),
            );
        }
        Self {
            observations,
            answers,
        }
    }

    /// How many records were observed.
    pub(crate) fn records(&self) -> u64 {
        self.observations.len() as u64
    }

    /// The exactly-once check: what another run of the same rows has otherwise. Empty: nothing.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let observed = differing(&self.observations, &other.observations)
            .map(|record| format!("{record}: observed otherwise"));
        let answered =
            differing(&self.answers, &other.answers).map(|record| format!("{record}: answered otherwise"));
        observed.chain(answered).take(TOLD_MAX).collect()
    }
}

/// The keys under which two maps differ.
fn differing<'a, V: PartialEq>(
    a: &'a BTreeMap<RecordId, V>,
    b: &'a BTreeMap<RecordId, V>,
) -> impl Iterator<Item = &'a RecordId> {
    let missing = b.keys().filter(|key| !a.contains_key(key));
    a.iter()
        .filter(|(key, value)| b.get(key) != Some(value))
        .map(|(key, _)| key)
        .chain(missing)
}

/// A digest of what an observation says: without its delivery, its place on the log, and the digests of personal
/// values, which are under keys of the run's own.
fn meaning(observation: &Observation) -> [u8; 32] {
    let mut plain = observation.clone();
    plain.delivery = DeliveryId(uuid::Uuid::nil());
    plain.previous = None;
    plain.evidence = None;
    for digest in plain.state.digests.values_mut() {
        *digest = KeyedDigest([0; 32]);
    }
    plain.events.iter_mut().for_each(without_digests);
    content_digest(&codec::encode_observation(&plain, &[]))
}

fn without_digests(event: &mut Event) {
    if let Fact::NameObserved(change)
    | Fact::NameChanged(change)
    | Fact::PreviousNamesChanged(change)
    | Fact::DateOfBirthObserved(change)
    | Fact::DateOfBirthCorrected(change)
    | Fact::ContactEmailChanged(change)
    | Fact::TrnDeclared(change) = &mut event.fact
    {
        for digest in [&mut change.old, &mut change.new].into_iter().flatten() {
            *digest = KeyedDigest([0; 32]);
        }
    }
}
