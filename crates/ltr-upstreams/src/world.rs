//! What the four services hold, over simulated time. Each thing that a service serves has a timeline of versions, and
//! what is served at an instant is the version in force. Nothing here is JSON: rows are rendered when they are asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ltr_domain::ids::{CandidateId, Trn};
use uuid::Uuid;

pub mod apply;
pub mod register;
pub mod trs;
pub mod vacancies;
mod words;

pub(crate) use words::words;

/// A text that many versions share.
pub type Text = Arc<str>;

/// Fields that no specification of the service knows, with the text they hold: served as they are given (T20).
pub type Extra = Vec<(Text, Text)>;

/// Everything the four services hold.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Apply: one timeline per account, with its forms and choices.
    pub apply: Timelines<CandidateId, apply::Candidate>,
    /// Register: one timeline per traineeship, by its slug.
    pub register: Timelines<Text, register::Trainee>,
    /// The Teaching Record System: one timeline per TRN ever issued.
    pub trs: Timelines<Trn, trs::Answer>,
    /// Teaching Vacancies.
    pub vacancies: Vacancies,
}

/// What Teaching Vacancies holds.
#[derive(Debug, Clone, Default)]
pub struct Vacancies {
    /// Vacancies, by id.
    pub vacancies: Timelines<Uuid, vacancies::Vacancy>,
    /// Job applications, by id.
    pub job_applications: Timelines<Uuid, vacancies::JobApplication>,
}

/// Whether a change moves the service's own `updated_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// It does: a poll by time finds the change.
    Bumps,
    /// It does not: only a full sweep finds the change. So it is with Register's placements, withdrawals and corrected
    /// withdrawals (U§3.1), and with Apply's corrections by hand (U§2.4).
    Blind,
}

/// How a thing looks from an instant on.
#[derive(Debug, Clone)]
pub struct Version<V> {
    /// The instant from which it looks so.
    pub from: Timestamp,
    /// Whether the change moved `updated_at`. The first version always does.
    pub touch: Touch,
    /// How it looks; none: it is not served, because it was discarded or deleted.
    pub value: Option<V>,
}

/// The versions of one thing, oldest first.
#[derive(Debug, Clone)]
pub struct Timeline<V> {
    versions: Vec<Version<V>>,
}

/// A thing as it is at some instant.
#[derive(Debug)]
pub struct Seen<'w, V> {
    /// How it looks.
    pub value: &'w V,
    /// When it first was there.
    pub created_at: Timestamp,
    /// The service's own `updated_at`: the last change that moved it.
    pub updated_at: Timestamp,
    /// When it came to look so, whether or not `updated_at` says so.
    pub changed_at: Timestamp,
}

impl<V> Clone for Seen<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Seen<'_, V> {}

impl<V> Default for Timeline<V> {
    fn default() -> Self {
        Self { versions: Vec::new() }
    }
}

impl<V> Timeline<V> {
    /// Adds a version. Versions may come in any order; of two from one instant the later added is in force.
    pub fn add(&mut self, version: Version<V>) {
        let place = self
            .versions
            .partition_point(|earlier| earlier.from <= version.from);
        self.versions.insert(place, version);
    }

    /// The thing as it is at `now`: none before its first version and while it is not served.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Option<Seen<'_, V>> {
        let past = &self.versions[..self.versions.partition_point(|version| version.from <= now)];
        let (first, last) = (past.first()?, past.last()?);
        let bump = past.iter().rev().find(|version| version.touch == Touch::Bumps);
        Some(Seen {
            value: last.value.as_ref()?,
            created_at: first.from,
            updated_at: bump.unwrap_or(first).from,
            changed_at: last.from,
        })
    }

    /// Its versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[Version<V>] {
        &self.versions
    }
}

/// Timelines by key.
#[derive(Debug, Clone)]
pub struct Timelines<K, V>(BTreeMap<K, Timeline<V>>);

impl<K, V> Default for Timelines<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V> Timelines<K, V> {
    /// From `from` on the thing looks so, and its `updated_at` says when it changed.
    pub fn put(&mut self, key: K, from: Timestamp, value: V) {
        self.add(
            key,
            Version {
                from,
                touch: Touch::Bumps,
                value: Some(value),
            },
        );
    }

    /// From `from` on the thing looks so, and its `updated_at` does not tell.
    pub fn put_blind(&mut self, key: K, from: Timestamp, value: V) {
        self.add(
            key,
            Version {
                from,
                touch: Touch::Blind,
                value: Some(value),
            },
        );
    }

    /// From `from` on the thing is not served.
    pub fn take_away(&mut self, key: K, from: Timestamp) {
        self.add(
            key,
            Version {
                from,
                touch: Touch::Blind,
                value: None,
            },
        );
    }

    /// Adds a version of the thing.
    pub fn add(&mut self, key: K, version: Version<V>) {
        self.0.entry(key).or_default().add(version);
    }

    /// One thing's timeline.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> Option<&Timeline<V>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key)
    }

    /// Every thing's timeline, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Timeline<V>)> {
        self.0.iter()
    }

    /// Every thing that is served at `now`, by key.
    pub fn at(&self, now: Timestamp) -> impl Iterator<Item = (&K, Seen<'_, V>)> {
        self.0
            .iter()
            .filter_map(move |(key, timeline)| Some((key, timeline.at(now)?)))
    }

    /// How many things there ever are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there never is anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;
