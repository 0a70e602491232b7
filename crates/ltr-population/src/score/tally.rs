//! Person-days counted.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use ltr_domain::resolution::{Caveat, Certainty};

use super::{Answered, Excuse, Judgement, Outcome};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

/// Person-days by what their answers were worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    answers: BTreeMap<(Outcome, Certainty), u64>,
    caveats: BTreeMap<Caveat, u64>,
    excuses: BTreeMap<Excuse, u64>,
    delivered: u64,
    confirmed_of_delivered: u64,
}

impl Tally {
    pub(super) fn take(&mut self, answer: &Answered, judgement: &Judgement) {
        *self
            .answers
            .entry((judgement.outcome, answer.certainty))
            .or_default() += 1;
        for caveat in &answer.caveats {
            *self.caveats.entry(*caveat).or_default() += 1;
        }
        if let Some(excuse) = judgement.excuse {
            *self.excuses.entry(excuse).or_default() += 1;
        }
        if judgement.delivered {
            self.delivered += 1;
            self.confirmed_of_delivered += u64::from(answer.certainty == Certainty::Confirmed);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        let Self {
            answers,
            caveats,
            excuses,
            delivered,
            confirmed_of_delivered,
        } = other;
        for (key, count) in answers {
            *self.answers.entry(*key).or_default() += count;
        }
        for (key, count) in caveats {
            *self.caveats.entry(*key).or_default() += count;
        }
        for (key, count) in excuses {
            *self.excuses.entry(*key).or_default() += count;
        }
        self.delivered += delivered;
        self.confirmed_of_delivered += confirmed_of_delivered;
    }

    /// Person-days in all.
    #[must_use]
    pub fn person_days(&self) -> u64 {
        self.answers.values().sum()
    }

    /// Person-days whose answer was worth that.
    #[must_use]
    pub fn with_outcome(&self, outcome: Outcome) -> u64 {
        self.count(|(one, _)| one == outcome)
    }

    /// Person-days answered with that certainty.
    #[must_use]
    pub fn with_certainty(&self, certainty: Certainty) -> u64 {
        self.count(|(_, one)| one == certainty)
    }

    /// Person-days whose answer was worth that and had that certainty.
    #[must_use]
    pub fn with(&self, outcome: Outcome, certainty: Certainty) -> u64 {
        self.count(|key| key == (outcome, certainty))
    }

    fn count(&self, is: impl Fn((Outcome, Certainty)) -> bool) -> u64 {
        let fitting = self.answers.iter().filter(|(key, _)| is(**key));
        fitting.map(|(_, count)| count).sum()
    }

    /// Person-days with that caveat.
    #[must_use]
    pub fn with_caveat(&self, caveat: Caveat) -> u64 {
        self.caveats.get(&caveat).copied().unwrap_or(0)
    }

    /// Wrong person-days, whatever the certainty, with that excuse.
    #[must_use]
    pub fn excused_by(&self, excuse: Excuse) -> u64 {
        self.excuses.get(&excuse).copied().unwrap_or(0)
    }

    /// Person-days on which the settling source had delivered what tells the truth.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Those of them that were answered as confirmed.
    #[must_use]
    pub fn confirmed_of_delivered(&self) -> u64 {
        self.confirmed_of_delivered
    }
}
