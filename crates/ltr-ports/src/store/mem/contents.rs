//! What the store in memory holds, and the one way it changes.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::ids::{DeliveryId, PersonId, RecordId};

use super::Listened;
use crate::store::{
    ChangeRow, Checkpoint, Committed, DeliveryRow, Effects, HistoryEntry, Membership, PersonRow, PolicyRow,
    QuarantineRow, ReviewRow, StoreError,
};

/// Everything in a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// How far the log is projected.
    pub checkpoint: Option<Checkpoint>,
    /// The observations of each record, by ascending sequence.
    pub history: BTreeMap<RecordId, Vec<HistoryEntry>>,
    /// To whom each record belongs and belonged, in order of writing.
    pub memberships: BTreeMap<RecordId, Vec<Membership>>,
    /// The records that belong or ever belonged to each person.
    pub records_of: BTreeMap<PersonId, BTreeSet<RecordId>>,
    /// The present answers.
    pub people: BTreeMap<PersonId, PersonRow>,
    /// The watch's feed, in order of writing.
    pub changes: Vec<ChangeRow>,
    /// Rows in quarantine, by id.
    pub quarantine: BTreeMap<String, QuarantineRow>,
    /// Deliveries.
    pub deliveries: BTreeMap<DeliveryId, DeliveryRow>,
    /// What an operator is to look at, by id.
    pub reviews: BTreeMap<String, ReviewRow>,
    /// Versions of the policy, by the sequence of their adoption.
    pub policies: BTreeMap<u64, PolicyRow>,
    /// What was heard of the feeds.
    pub listened: Listened,
}

/// A record was given to somebody while it belonged to somebody already.
#[derive(Debug, thiserror::Error)]
#[error("{0} belongs to somebody already")]
struct BelongsAlready(RecordId);

impl Contents {
    /// To whom a record belongs now.
    pub(super) fn owner(&self, record: &RecordId) -> Option<PersonId> {
        let memberships = self.memberships.get(record)?;
        memberships
            .iter()
            .find(|membership| membership.known_to.is_none())
            .map(|membership| membership.person)
    }

    /// The present memberships of a person.
    pub(super) fn present_of(&self, person: PersonId) -> impl Iterator<Item = &Membership> {
        let ever = self.records_of.get(&person).into_iter().flatten();
        ever.filter_map(|record| self.memberships.get(record))
            .flatten()
            .filter(move |membership| membership.person == person && membership.known_to.is_none())
    }

    /// The observations of the records, by ascending sequence.
    pub(super) fn entries_of(&self, records: BTreeSet<RecordId>) -> Vec<HistoryEntry> {
        let kept = records.iter().filter_map(|record| self.history.get(record));
        let mut entries: Vec<HistoryEntry> = kept.flatten().cloned().collect();
        entries.sort_by_key(|entry| entry.sequence);
        entries
    }

    /// Writes all or nothing.
    pub(super) fn commit(&mut self, effects: Effects) -> Result<Committed, StoreError> {
        let expected = effects.from.as_ref().map(Checkpoint::place);
        if self.checkpoint.as_ref().map(Checkpoint::place) != expected {
            return Ok(Committed::Fenced);
        }
        let effects = effects.in_whole_microseconds();
        self.check_opened(&effects)
            .map_err(|error| StoreError::Determinate {
                attempted: "commit",
                source: Box::new(error),
            })?;
        self.checkpoint = Some(effects.to);
        for entry in effects.history {
            self.append(entry);
        }
        for (record, person, at) in effects.closed {
            let memberships = self.memberships.entry(record).or_default().iter_mut();
            for membership in memberships.filter(|one| one.person == person && one.known_to.is_none()) {
                membership.known_to = Some(at);
            }
        }
        for membership in effects.opened {
            self.records_of
                .entry(membership.person)
                .or_default()
                .insert(membership.record.clone());
            self.memberships
                .entry(membership.record.clone())
                .or_default()
                .push(membership);
        }
        let today = effects.to.known_at.london_date();
        for row in self.people.values_mut() {
            let is_due = row
                .awaits
                .as_ref()
                .is_some_and(|name| effects.heard.due.contains(name));
            if is_due && row.review_on.is_none_or(|on| on > today) {
                row.review_on = Some(today);
            }
        }
        self.listened.take(effects.heard);
        self.people
            .extend(effects.people.into_iter().map(|row| (row.person, row)));
        for person in effects.ended {
            self.people.remove(&person);
        }
        self.changes.extend(effects.changes);
        for mut row in effects.quarantine {
            if let Some(known) = self.quarantine.get(&row.message.id) {
                row.first_seen_at = known.first_seen_at;
            }
            self.quarantine.insert(row.message.id.clone(), row);
        }
        self.deliveries
            .extend(effects.deliveries.into_iter().map(|row| (row.delivery, row)));
        for id in effects.reviewed {
            self.reviews.remove(&id);
        }
        self.reviews
            .extend(effects.reviews.into_iter().map(|row| (row.id.clone(), row)));
        for row in effects.policies {
            self.policies.entry(row.position.sequence).or_insert(row);
        }
        Ok(Committed::Done)
    }

    /// Appends what is not there yet, so that a rebuild over kept history changes none of it.
    fn append(&mut self, entry: HistoryEntry) {
        let kept = self.history.entry(entry.record.clone()).or_default();
        if kept.last().is_none_or(|last| last.sequence < entry.sequence) {
            kept.push(entry);
        }
    }

    fn check_opened(&self, effects: &Effects) -> Result<(), BelongsAlready> {
        let closing: BTreeSet<(&RecordId, PersonId)> = effects
            .closed
            .iter()
            .map(|(record, person, _)| (record, *person))
            .collect();
        let mut opening = BTreeSet::new();
        for membership in effects
            .opened
            .iter()
            .filter(|membership| membership.known_to.is_none())
        {
            let record = &membership.record;
            let stays = self
                .owner(record)
                .is_some_and(|person| !closing.contains(&(record, person)));
            if stays || !opening.insert(record) {
                return Err(BelongsAlready(record.clone()));
            }
        }
        Ok(())
    }
}
