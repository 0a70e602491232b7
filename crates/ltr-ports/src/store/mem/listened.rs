//! What the store in memory has heard of the feeds, by known time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ltr_domain::hearing::{Coverage, Hearing, ProviderName, Share, Turnout};
use ltr_domain::ids::{Feed, Ukprn};
use ltr_domain::time::{KnownAt, TakenAt};

use crate::store::{FeedHeard, Heard, Providers};

/// What was heard, by known time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listened {
    /// Complete deliveries by coverage.
    pub sweeps: BTreeMap<(Coverage, KnownAt), Timestamp>,
    /// Shares by provider and year.
    pub shares: BTreeMap<(Ukprn, i16, KnownAt), Share>,
    /// Turnouts by provider and year.
    pub turnouts: BTreeMap<(ProviderName, i16, KnownAt), Turnout>,
    /// Under which numbers providers turned up.
    pub providers: BTreeMap<(ProviderName, Ukprn), KnownAt>,
    /// When feeds were heard.
    pub words: BTreeMap<(Feed, String, KnownAt), TakenAt>,
}

impl Listened {
    pub(super) fn take(&mut self, heard: Heard) {
        let Heard {
            sweeps,
            shares,
            turnouts,
            providers,
            words,
            due: _,
        } = heard;
        for row in sweeps {
            self.sweeps.insert((row.coverage, row.known_at), row.spoke_at);
        }
        for row in shares {
            self.shares.insert((row.ukprn, row.year, row.known_at), row.share);
        }
        for row in turnouts {
            self.turnouts
                .insert((row.name, row.year, row.known_at), row.turnout);
        }
        for row in providers {
            // Written once: who turned up has turned up.
            self.providers
                .entry((row.name, row.ukprn))
                .or_insert(row.known_from);
        }
        for row in words {
            self.words
                .insert((row.feed, row.provider, row.known_at), row.taken_at);
        }
    }

    pub(super) fn hearing(&self, providers: &Providers, known: KnownAt) -> Hearing {
        let mut hearing = Hearing::nothing(known.london_date());
        for ((name, ukprn), from) in &self.providers {
            if *from <= known && providers.contains(name) {
                hearing.providers.entry(name.clone()).or_default().insert(*ukprn);
            }
        }
        let numbers: BTreeSet<Ukprn> = hearing.providers.values().flatten().copied().collect();
        let is_all = *providers == Providers::All;
        // In the order of known time, so that the latest stays.
        for ((ukprn, year, at), share) in &self.shares {
            if *at <= known && (is_all || numbers.contains(ukprn)) {
                hearing.shares.insert((*ukprn, *year), *share);
            }
        }
        for ((name, year, at), turnout) in &self.turnouts {
            if *at <= known && providers.contains(name) {
                hearing.turnouts.insert((name.clone(), *year), *turnout);
            }
        }
        for ((coverage, at), spoke_at) in &self.sweeps {
            let concerns = coverage.provider.as_deref().is_none_or(|provider| {
                let by_number = numbers.iter().any(|ukprn| ukprn.as_str() == provider);
                by_number || providers.contains(&ProviderName::Code(provider.to_owned()))
            });
            if *at <= known && (is_all || concerns) {
                hearing.sweep(coverage.clone(), *spoke_at);
            }
        }
        hearing
    }

    pub(super) fn heard(&self, known: Option<KnownAt>) -> Vec<FeedHeard> {
        let mut latest = BTreeMap::new();
        for ((feed, provider, at), taken_at) in &self.words {
            if known.is_none_or(|known| *at <= known) {
                latest.insert((*feed, provider.clone()), *taken_at);
            }
        }
        latest
            .into_iter()
            .map(|((feed, provider), taken_at)| FeedHeard {
                feed,
                provider,
                taken_at,
            })
            .collect()
    }
}
