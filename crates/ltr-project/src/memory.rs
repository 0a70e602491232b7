//! What the projector keeps folded between transactions. A cache of the store and nothing else: it may be dropped at any
//! time, and is whenever another projector moved the cursor.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use ltr_domain::event::Fact;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{DeliveryId, PersonId, RecordId};
use ltr_domain::observation::{Observation, Position};
use ltr_domain::record::State;
use ltr_domain::teacher::{Recruit, recruits};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{DeliveryRow, HistoryEntry, Membership, Providers, Store, StoreError};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::Sealed;

use crate::Incoming;
use crate::judgements::Judgements;
use crate::listening::{Ear, Place};
use crate::quarantine::Quarantine;
use crate::reviewing::Waiting;

/// A table in memory. Whoever chooses keys so that they collide must guess a seed that is drawn at each start.
pub(crate) type Table<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// One record kept in memory.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// What is believed of it; `None` while it is only named by others.
    pub(crate) fold: Option<RecordFold>,
    /// Its sealed personal values as last observed, encoded.
    pub(crate) sealed: Vec<Bytes>,
    /// To whom it belongs now.
    pub(crate) membership: Option<Membership>,
    /// As whose recruit it is counted.
    pub(crate) recruit: Option<Recruit>,
}

/// Records, people and deliveries that the projector knows at the moment.
#[derive(Debug)]
pub struct Memory {
    /// Boxed, so that the table stays small while it grows.
    pub(crate) records: Table<RecordId, Box<Kept>>,
    pub(crate) people: Table<PersonId, BTreeSet<RecordId>>,
    pub(crate) digests: Table<PersonId, [u8; 32]>,
    pub(crate) deliveries: Table<DeliveryId, DeliveryRow>,
    /// What was heard of the feeds; `None` until it is needed.
    pub(crate) ear: Option<Ear>,
    /// What was judged of the records.
    pub(crate) judgements: Judgements,
    /// What an operator is to look at; `None` until it is needed.
    pub(crate) waiting: Option<Waiting>,
    /// Rows in quarantine; loaded together with what was heard.
    pub(crate) quarantine: Quarantine,
    records_max: usize,
}

impl Memory {
    /// An empty memory that keeps at most so many records between batches.
    #[must_use]
    pub fn new(records_max: usize) -> Self {
        Self {
            records: Table::default(),
            people: Table::default(),
            digests: Table::default(),
            deliveries: Table::default(),
            ear: None,
            judgements: Judgements::default(),
            waiting: None,
            quarantine: Quarantine::default(),
            records_max,
        }
    }

    /// Forgets everything.
    pub fn forget(&mut self) {
        *self = Self::new(self.records_max);
    }

    /// Whether it has grown beyond its bound.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.records.len() > self.records_max
    }

    /// Forgets everyone once it is full. Only when all that it was told of is in the store.
    pub fn trim(&mut self) {
        if self.is_full() {
            let (ear, waiting) = (self.ear.take(), self.waiting.take());
            let mut quarantine = std::mem::take(&mut self.quarantine);
            quarantine.forget_released();
            self.forget();
            (self.ear, self.waiting, self.quarantine) = (ear, waiting, quarantine);
        }
    }

    /// Loads all that a batch can touch: the records it observes or names, everyone they belong to, and all of those
    /// people's records.
    ///
    /// # Errors
    ///
    /// A store that cannot be read.
    pub async fn load<S: Store>(&mut self, store: &S, batch: &Incoming) -> Result<(), StoreError> {
        self.listen(store, batch.to.known_at).await?;
        let mut wanted = BTreeSet::new();
        let mut deliveries = BTreeSet::new();
        let mut bad = BTreeSet::new();
        for message in &batch.messages {
            match &message.entry {
                LogEntry::Observation { observation, .. } => {
                    if observation.record.kind.is_about_a_person() {
                        wanted.insert(observation.record.clone());
                        wanted.extend(named_by(observation));
                    }
                }
                LogEntry::Judgement(judgement) => {
                    wanted.extend(judgement.judged.records().into_iter().cloned());
                }
                LogEntry::Feed(feed) => {
                    deliveries.insert(feed.delivery);
                }
                LogEntry::Quarantined(row) => {
                    deliveries.insert(row.delivery);
                    bad.insert(row.id.clone());
                }
                LogEntry::Heartbeat { .. }
                | LogEntry::CalendarMilestone(_)
                | LogEntry::PolicyAdopted(_)
                | LogEntry::Erased(_)
                | LogEntry::Unrecognised { .. } => {}
            }
        }
        wanted.retain(|record| !self.records.contains_key(record));
        deliveries.retain(|delivery| !self.deliveries.contains_key(delivery));
        if !deliveries.is_empty() {
            let rows = store.deliveries_by_id(deliveries.into_iter().collect()).await?;
            self.deliveries
                .extend(rows.into_iter().map(|row| (row.delivery, row)));
        }
        bad.retain(|id| !self.quarantine.knows(id));
        if !bad.is_empty() {
            let rows = store.quarantine_by_id(bad.into_iter().collect()).await?;
            self.quarantine.extend(rows);
        }
        if wanted.is_empty() {
            return Ok(());
        }
        self.load_records(store, wanted).await
    }

    /// Loads what was heard of the feeds up to now, unless it is there.
    pub(crate) async fn listen<S: Store>(&mut self, store: &S, now: KnownAt) -> Result<(), StoreError> {
        if self.ear.is_none() {
            let (hearing, heard, waiting, bad) = tokio::join!(
                store.hearing(Providers::All, now),
                store.heard(None),
                store.reviews(u32::MAX),
                store.quarantine_waiting()
            );
            self.ear = Some(Ear::new(hearing?, heard?));
            self.waiting = Some(Waiting::of(waiting?));
            self.quarantine = Quarantine::of(bad?);
        }
        Ok(())
    }

    /// What was heard, to be put back after it has heard more; nothing, if it was never loaded.
    pub(crate) fn take_ear(&mut self, now: KnownAt) -> Ear {
        let ear = self.ear.take();
        ear.unwrap_or_else(|| Ear::new(Hearing::nothing(now.london_date()), Vec::new()))
    }

    /// Loads people by one record of each.
    pub(crate) async fn load_people<S: Store>(
        &mut self,
        store: &S,
        people: &[(PersonId, RecordId)],
    ) -> Result<(), StoreError> {
        let unknown = people
            .iter()
            .filter(|(person, _)| !self.people.contains_key(person));
        let records: BTreeSet<RecordId> = unknown.map(|(_, record)| record.clone()).collect();
        if records.is_empty() {
            return Ok(());
        }
        self.load_records(store, records).await
    }

    /// Loads these records, everyone they belong to, and all of those people's records; and everyone who was judged
    /// together with one of them.
    pub(crate) async fn load_records<S: Store>(
        &mut self,
        store: &S,
        wanted: BTreeSet<RecordId>,
    ) -> Result<(), StoreError> {
        let mut wanted = wanted;
        while !wanted.is_empty() {
            self.load_people_of(store, wanted).await?;
            wanted = self.judgements.take_unseen();
            wanted.retain(|record| !self.records.contains_key(record));
        }
        Ok(())
    }

    async fn load_people_of<S: Store>(
        &mut self,
        store: &S,
        wanted: BTreeSet<RecordId>,
    ) -> Result<(), StoreError> {
        let memberships = store.memberships(wanted.iter().cloned().collect()).await?;
        self.records.reserve(wanted.len());
        for record in wanted {
            self.records.entry(record).or_insert_with(Kept::unknown);
        }
        // A record that belongs to nobody was never observed: there is no history of it to read.
        let mut records = BTreeSet::new();
        let mut people = BTreeSet::new();
        for membership in memberships {
            records.insert(membership.record.clone());
            people.insert(membership.person);
            self.people
                .entry(membership.person)
                .or_default()
                .insert(membership.record.clone());
            let kept = self
                .records
                .entry(membership.record.clone())
                .or_insert_with(Kept::unknown);
            kept.membership = Some(membership);
        }
        if people.is_empty() {
            return Ok(());
        }
        let is_unfolded = |record: &RecordId| self.records.get(record).is_none_or(|kept| kept.fold.is_none());
        let unfolded: Vec<RecordId> = records.into_iter().filter(is_unfolded).collect();
        let (history, digests) = tokio::join!(
            store.history(unfolded),
            store.digests(people.iter().copied().collect())
        );
        for entry in history? {
            self.fold_stored(&entry);
        }
        let people_loaded = people;
        self.digests.extend(digests?);
        for person in people_loaded {
            self.lay_judgements(person);
            for (record, recruit) in self.recruits_of(person) {
                if let Some(kept) = self.records.get_mut(&record) {
                    kept.recruit = Some(recruit);
                }
            }
        }
        Ok(())
    }

    /// The records of a person that count as a provider's recruits.
    pub(crate) fn recruits_of(&self, person: PersonId) -> BTreeMap<RecordId, Recruit> {
        let members = self.people.get(&person).into_iter().flatten();
        let kept = members.filter_map(|record| self.records.get(record));
        let folds: Vec<&RecordFold> = kept.filter_map(|kept| kept.fold.as_ref()).collect();
        recruits(&folds)
    }

    fn fold_stored(&mut self, entry: &HistoryEntry) {
        let position = Position {
            sequence: entry.sequence,
            known_at: entry.known_at,
        };
        let (observation, sealed) = match codec::decode_changes(&entry.payload) {
            Ok(LogEntry::Observation { observation, sealed }) => (observation, sealed),
            Ok(LogEntry::Judgement(judgement)) => {
                let judged = std::sync::Arc::new(judgement.judged);
                return self.judgements.take(&entry.record, position, judged);
            }
            _ => {
                tracing::error!(sequence = entry.sequence, record = %entry.record, "stored history cannot be decoded");
                return;
            }
        };
        self.records
            .entry(entry.record.clone())
            .or_insert_with(Kept::unknown)
            .apply(&observation, &sealed, position);
    }

    /// Lays on what was judged of a person's records.
    pub(crate) fn lay_judgements(&mut self, person: PersonId) {
        if self.judgements.is_empty() {
            return;
        }
        let Some(members) = self.people.get(&person) else {
            return;
        };
        let rulings = self.judgements.rulings(members.iter());
        for record in members {
            if let Some(fold) = self.records.get_mut(record).and_then(|kept| kept.fold.as_mut()) {
                fold.lay_judgements(&rulings, |other| members.contains(other));
            }
        }
    }

    /// Whether anybody ever said anything of a record, or named it.
    pub(crate) fn is_heard_of(&self, record: &RecordId) -> bool {
        let kept = self.records.get(record);
        kept.is_some_and(|kept| kept.fold.is_some() || kept.membership.is_some())
    }

    /// The present membership of every record of these people.
    pub(crate) fn memberships_of(&self, people: &BTreeSet<PersonId>) -> BTreeMap<RecordId, Membership> {
        people
            .iter()
            .filter_map(|person| self.people.get(person))
            .flatten()
            .filter_map(|record| Some((record.clone(), self.records.get(record)?.membership.clone()?)))
            .collect()
    }
}

impl Kept {
    pub(crate) fn unknown() -> Box<Self> {
        Box::new(Self {
            fold: None,
            sealed: Vec::new(),
            membership: None,
            recruit: None,
        })
    }

    /// Where it counts among a provider's trainees.
    pub(crate) fn place(&self) -> Option<Place> {
        self.fold.as_ref().and_then(Place::of)
    }

    /// Folds one more observation of the record.
    pub(crate) fn apply(
        &mut self,
        observation: &Observation<Option<State>>,
        sealed: &[Sealed],
        position: Position,
    ) {
        match &mut self.fold {
            Some(fold) => fold.apply(observation, position),
            fold @ None => *fold = Some(RecordFold::begin(observation, position)),
        }
        self.sealed = sealed.iter().map(codec::encode_sealed).collect();
    }
}

/// The records that an observation newly names, its own other name included.
pub(crate) fn named_by(observation: &Observation<Option<State>>) -> impl Iterator<Item = RecordId> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only an asserted link names another record"
    )]
    let asserted = observation.events.iter().filter_map(|event| match &event.fact {
        Fact::IdentityLinkAsserted(link) => Some(link.to.clone()),
        _ => None,
    });
    asserted.chain(observation.record.also_named())
}
