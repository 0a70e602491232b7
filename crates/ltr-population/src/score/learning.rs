//! How many days it took to learn each change.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Answered, Outcome};
use crate::person::PersonNo;
use crate::stage::TrueStage;
use crate::truth::Truth;

/// How long the changes to one true stage took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learnt {
    /// How many were learnt after so many days.
    pub after_days: BTreeMap<i32, u32>,
    /// How many were overtaken by the next change before they were learnt.
    pub overtaken: u32,
    /// How many were not learnt by the last answer.
    pub not_yet: u32,
}

impl Learnt {
    /// How many were learnt.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.after_days.values().sum()
    }

    /// By how many days so many of a hundred of those learnt were; none if none was.
    #[must_use]
    pub fn percentile(&self, percent: u32) -> Option<i32> {
        let wanted = (u64::from(self.count()) * u64::from(percent))
            .div_ceil(100)
            .max(1);
        let mut seen = 0;
        for (days, count) in &self.after_days {
            seen += u64::from(*count);
            if seen >= wanted {
                return Some(*days);
            }
        }
        None
    }
}

/// A change of which no right answer has told yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    /// Since the day it happened.
    Since(Date, TrueStage),
    /// It was learnt, or lay before the first answer.
    Settled(Date),
}

/// How long all changes took that happened after a person's first answer.
#[derive(Debug, Clone, Default)]
pub struct Learning {
    learnt: BTreeMap<TrueStage, Learnt>,
    pending: BTreeMap<PersonNo, Pending>,
}

impl Learning {
    /// Takes the next answer about a person.
    pub(super) fn take(&mut self, truth: &Truth, answer: &Answered, outcome: Outcome) {
        let standing = truth.standing(answer.person, answer.on);
        let (since, stage) = standing.unwrap_or((Date::MIN, TrueStage::NothingYet));
        let pending = match self.pending.get(&answer.person) {
            // What was so before anybody asked is not learnt but found.
            None if since < answer.on => Pending::Settled(since),
            Some(Pending::Settled(of)) if *of == since => Pending::Settled(since),
            Some(Pending::Since(of, _)) if *of == since => Pending::Since(since, stage),
            Some(Pending::Since(_, before)) => {
                self.learnt.entry(*before).or_default().overtaken += 1;
                Pending::new(since, stage)
            }
            None | Some(Pending::Settled(_)) => Pending::new(since, stage),
        };
        // On the day of a change an answer is right that has not heard of it: only the stage itself counts.
        let says_it = outcome == Outcome::Right
            && (stage == TrueStage::Closed
                || crate::stage::agreement(stage, answer.stage) == crate::stage::Agreement::Right);
        if let (Pending::Since(of, stage), true) = (pending, says_it) {
            let days = answer.on.since(of).map_or(0, |span| span.get_days());
            let learnt = self.learnt.entry(stage).or_default();
            *learnt.after_days.entry(days).or_default() += 1;
            self.pending.insert(answer.person, Pending::Settled(of));
            return;
        }
        self.pending.insert(answer.person, pending);
    }

    /// By true stage, what was learnt and what was not by the last answer.
    #[must_use]
    pub fn by_stage(&self) -> BTreeMap<TrueStage, Learnt> {
        let mut learnt = self.learnt.clone();
        for pending in self.pending.values() {
            if let Pending::Since(_, stage) = pending {
                learnt.entry(*stage).or_default().not_yet += 1;
            }
        }
        learnt
    }
}

impl Pending {
    fn new(since: Date, stage: TrueStage) -> Self {
        if stage.is_news() {
            Self::Since(since, stage)
        } else {
            Self::Settled(since)
        }
    }
}
