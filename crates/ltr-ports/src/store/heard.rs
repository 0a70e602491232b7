//! What was heard of the feeds, by known time: rows beside those about people, written in the same transaction.

use std::collections::BTreeSet;

use jiff::Timestamp;
use ltr_domain::hearing::{Coverage, ProviderName, Share, Turnout};
use ltr_domain::ids::{Feed, PersonId, RecordId, Ukprn};
use ltr_domain::time::{KnownAt, TakenAt};

use super::values::whole_microseconds;

/// That a complete delivery covered a part of Register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRow {
    /// What it covered.
    pub coverage: Coverage,
    /// When this became known: when the delivery was closed.
    pub known_at: KnownAt,
    /// The latest instant of which a delivery of that coverage spoke; never decreases with known time.
    pub spoke_at: Timestamp,
}

/// How many of a provider's trainees could be recognised from a known time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareRow {
    /// Which provider.
    pub ukprn: Ukprn,
    /// The academic year in which they start.
    pub year: i16,
    /// From when this was known.
    pub known_at: KnownAt,
    /// How many.
    pub share: Share,
}

/// How many of a provider's recruits had turned up in Register from a known time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnoutRow {
    /// The provider.
    pub name: ProviderName,
    /// The academic year in which they were to start.
    pub year: i16,
    /// From when this was known.
    pub known_at: KnownAt,
    /// How many.
    pub turnout: Turnout,
}

/// That somebody of a provider, as Apply names it, turned up in Register under a UKPRN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRow {
    /// The provider.
    pub name: ProviderName,
    /// Under which number.
    pub ukprn: Ukprn,
    /// From when this was known.
    pub known_from: KnownAt,
}

/// In place of a provider: whoever was spoken for. The feed was heard.
pub const ANYONE: &str = "";

/// In place of a provider: the delivery spoke for no provider in particular, so for all of them.
pub const EVERYONE: &str = "*";

/// That a feed was heard: the first page of a delivery with a newer snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WordRow {
    /// Which feed.
    pub feed: Feed,
    /// The provider its scope names, [`ANYONE`] or [`EVERYONE`].
    pub provider: String,
    /// When this became known.
    pub known_at: KnownAt,
    /// When the latest snapshot was taken; never decreases with known time.
    pub taken_at: TakenAt,
}

/// What one batch adds to what was heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Complete deliveries of Register's trainees; at most one row a coverage and known time.
    pub sweeps: Vec<SweepRow>,
    /// Shares that changed; at most one row a provider, year and known time.
    pub shares: Vec<ShareRow>,
    /// Turnouts that changed; at most one row a provider, year and known time.
    pub turnouts: Vec<TurnoutRow>,
    /// Providers that turned up under a number for the first time.
    pub providers: Vec<ProviderRow>,
    /// Feeds that were heard; at most one row a feed, provider and known time.
    pub words: Vec<WordRow>,
    /// Providers of which something was heard that may change the answers about people who wait for it: these are due
    /// for review from the day of the batch on.
    pub due: BTreeSet<ProviderName>,
}

impl Heard {
    /// The same with every time rounded down to the microsecond, as it will be read back.
    pub(super) fn round_down(&mut self) {
        let known = |at: &mut KnownAt| *at = KnownAt(whole_microseconds(at.0));
        for row in &mut self.sweeps {
            known(&mut row.known_at);
            row.spoke_at = whole_microseconds(row.spoke_at);
        }
        self.shares.iter_mut().for_each(|row| known(&mut row.known_at));
        self.turnouts.iter_mut().for_each(|row| known(&mut row.known_at));
        self.providers
            .iter_mut()
            .for_each(|row| known(&mut row.known_from));
        for row in &mut self.words {
            known(&mut row.known_at);
            row.taken_at = TakenAt(whole_microseconds(row.taken_at.0));
        }
    }
}

/// Whose silence is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Providers {
    /// Everyone's.
    All,
    /// That of these, and nothing else.
    These(BTreeSet<ProviderName>),
}

impl Providers {
    /// Whether it is asked about this one.
    #[must_use]
    pub fn contains(&self, name: &ProviderName) -> bool {
        match self {
            Self::All => true,
            Self::These(names) => names.contains(name),
        }
    }
}

/// When a feed was heard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedHeard {
    /// Which feed.
    pub feed: Feed,
    /// The provider that was spoken for, [`ANYONE`] or [`EVERYONE`].
    pub provider: String,
    /// When the latest snapshot was taken at the source.
    pub taken_at: TakenAt,
}

/// People whose answers time or something heard may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// Who, with one record that belongs to each now.
    pub people: Vec<(PersonId, RecordId)>,
    /// The first ordinal that is free among the changes of the sequence asked about.
    pub next_ordinal: u32,
}
