//! What was heard by a known time: the messages about feeds rather than about people, as far as a rule from silence
//! needs them. An argument of the record beside the policy, shared by everyone who is resolved at that time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::delivery::Scope;
use crate::ids::Ukprn;
use crate::record::Body;
use crate::time::start_of_london_day;

/// What was heard by a known time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// The London day of the known time: of no later day anything can have been heard.
    pub known_on: Date,
    /// Complete deliveries of Register's trainees recorded by then: for each coverage, the latest instant of which one
    /// speaks ([`spoke_at`]).
    pub sweeps: BTreeMap<Coverage, Timestamp>,
    /// How many of a provider's trainees could be recognised, by the academic year they start in.
    pub shares: BTreeMap<(Ukprn, i16), Share>,
    /// Under which UKPRNs the people of a provider, as Apply names it, have turned up in Register.
    pub providers: BTreeMap<ProviderName, BTreeSet<Ukprn>>,
    /// How many of a provider's recruits have turned up in Register, by the academic year they were to start in.
    pub turnouts: BTreeMap<(ProviderName, i16), Turnout>,
}

/// What part of Register a delivery covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coverage {
    /// The provider, by UKPRN or by the code that Apply gives it; `None`: all of them.
    pub provider: Option<String>,
    /// The academic year in which training starts; `None`: every year.
    pub year: Option<i16>,
}

impl Coverage {
    /// What a delivery with that scope covers. `None` if it is narrowed by anything but `provider` and `cycle`: who is
    /// absent from it may be there all the same.
    #[must_use]
    pub fn of(scope: &Scope) -> Option<Self> {
        let mut coverage = Self {
            provider: None,
            year: None,
        };
        for (name, value) in scope {
            match name.as_str() {
                "provider" => coverage.provider = Some(value.clone()),
                "cycle" => coverage.year = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(coverage)
    }

    /// Whether it covers a provider, by its number or by the code that Apply names it by.
    #[must_use]
    pub fn is_of(&self, ukprn: Ukprn, name: &ProviderName) -> bool {
        self.provider.as_deref().is_none_or(|provider| {
            provider == ukprn.as_str() || matches!(name, ProviderName::Code(code) if code == provider)
        })
    }

    fn is_for(&self, year: i16) -> bool {
        self.year.is_none_or(|covered| covered == year)
    }
}

/// The instant of which a delivery speaks: the snapshot cannot tell of later, and nor can what was opened before.
#[must_use]
pub fn spoke_at(taken_at: Timestamp, opened_at: Timestamp) -> Timestamp {
    taken_at.min(opened_at)
}

/// How many of a provider's trainees in Register hang by a key on an application, and could so be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Trainees.
    pub trainees: u32,
    /// Those of them that carry `application_id`, or a matched link to an application.
    pub recognised: u32,
}

impl Share {
    /// Whether at least that many of a hundred are recognised. Of nobody nothing can be said.
    #[must_use]
    pub fn reaches(self, percent_min: u32) -> bool {
        is_percent(self.recognised, self.trainees, percent_min)
    }
}

/// How many of a provider's recruits Register tells of, whoever holds them there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turnout {
    /// Applications to it that stand as recruited.
    pub recruits: u32,
    /// Those of them whose people have a traineeship of that year or a later one.
    pub turned_up: u32,
}

impl Turnout {
    /// Whether at least that many of a hundred have turned up. Of nobody nothing can be said.
    #[must_use]
    pub fn reaches(self, percent_min: u32) -> bool {
        is_percent(self.turned_up, self.recruits, percent_min)
    }
}

fn is_percent(part: u32, whole: u32, percent_min: u32) -> bool {
    whole > 0 && u64::from(part) * 100 >= u64::from(whole) * u64::from(percent_min)
}

/// A provider as Apply names it. Displays as `code:2AW` or `name:Example Partnership`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderName {
    /// The code of the accredited provider, else of the training provider (recruits API).
    Code(String),
    /// The name of the provider applied to (Candidate API; U§0.7: not necessarily the one that offered).
    Name(String),
}

impl ProviderName {
    /// The provider that an Apply record states.
    #[must_use]
    pub fn of(body: &Body) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "only applications are made to a provider"
        )]
        match body {
            Body::ApplyChoice(choice) => {
                let name = choice.provider_name.value()?.trim();
                (!name.is_empty()).then(|| Self::Name(name.to_owned()))
            }
            Body::ApplyRecruit(recruit) => {
                let accredited = recruit.accredited_provider_code.value();
                let code = accredited.or(recruit.training_provider_code.value())?.trim();
                (!code.is_empty()).then(|| Self::Code(code.to_owned()))
            }
            _ => None,
        }
    }

    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("code", code) => Some(Self::Code(code.to_owned())),
            ("name", name) => Some(Self::Name(name.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "code:{code}"),
            Self::Name(name) => write!(f, "name:{name}"),
        }
    }
}

/// What Register has said of a provider's starters since a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// It would not say, or we would not recognise whom it speaks of: not connected for this provider, the provider's
    /// trainees carry no key of Apply, or too few of its recruits have turned up where it is taken to be.
    NotCovered,
    /// It would say, and has not been heard since.
    NotHeard,
    /// It has listed them all.
    Spoken,
}

impl Hearing {
    /// Nothing was heard of any feed by that day.
    #[must_use]
    pub fn nothing(known_on: Date) -> Self {
        Self {
            known_on,
            sweeps: BTreeMap::new(),
            shares: BTreeMap::new(),
            providers: BTreeMap::new(),
            turnouts: BTreeMap::new(),
        }
    }

    /// Notes a complete delivery. An older one says nothing more.
    pub fn sweep(&mut self, coverage: Coverage, spoke_at: Timestamp) {
        let latest = self.sweeps.entry(coverage).or_insert(spoke_at);
        *latest = spoke_at.max(*latest);
    }

    /// What Register has said, since the beginning of the day `since`, of the starters of `year` at a provider. Where
    /// its people have turned up under several UKPRNs, each of them must have spoken; and so many of a hundred of its own
    /// recruits must have turned up. One who moved makes another provider's UKPRN look like its own, and is one of many.
    #[must_use]
    pub fn word(&self, name: &ProviderName, year: i16, since: Date, percent_min: u32) -> Word {
        let Some(ukprns) = self.providers.get(name).filter(|ukprns| !ukprns.is_empty()) else {
            return Word::NotCovered;
        };
        let of_each = ukprns
            .iter()
            .map(|ukprn| self.word_of(*ukprn, name, year, since, percent_min));
        let word = of_each.min().unwrap_or(Word::NotCovered);
        // Until then those who are still to be told of may turn up.
        if word == Word::Spoken && !self.turnout(name, year).reaches(percent_min) {
            return Word::NotCovered;
        }
        word
    }

    /// How many of a provider's recruits of a year have turned up.
    #[must_use]
    pub fn turnout(&self, name: &ProviderName, year: i16) -> Turnout {
        let whose = (name.clone(), year);
        self.turnouts.get(&whose).copied().unwrap_or_default()
    }

    fn word_of(&self, ukprn: Ukprn, name: &ProviderName, year: i16, since: Date, percent_min: u32) -> Word {
        let from = start_of_london_day(since);
        let mut is_connected = false;
        let mut has_spoken = false;
        for (coverage, spoke_at) in self
            .sweeps
            .iter()
            .filter(|(coverage, _)| coverage.is_of(ukprn, name))
        {
            is_connected = true;
            has_spoken |= coverage.is_for(year) && *spoke_at >= from;
        }
        let share = self.shares.get(&(ukprn, year)).copied().unwrap_or_default();
        let is_recognised = share.reaches(percent_min);
        // A provider of whose starters none has been told yet may still turn out to be recognisable.
        if !is_connected || (!is_recognised && (has_spoken || share.trainees > 0)) {
            return Word::NotCovered;
        }
        if has_spoken { Word::Spoken } else { Word::NotHeard }
    }
}

#[cfg(test)]
mod tests;
