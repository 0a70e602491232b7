//! What a year has to reach, and what it failed to.

use std::fmt;

use ltr_domain::resolution::Certainty;

use super::{Excuse, Outcome, Score};

/// What a score must keep within. Shares are of a hundred thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Wrong person-days at most, whatever excuses them.
    pub wrong_max: u64,
    /// Wrong and confirmed person-days at most that nothing excuses; a count, no share.
    pub unexcused_max: u64,
    /// Wrong and confirmed person-days at most because a source was not read again in time.
    pub not_yet_served_max: u64,
    /// Of the delivered person-days, those confirmed at least.
    pub confirmed_of_delivered_min: u64,
    /// Provisional person-days at most.
    pub provisional_max: u64,
    /// Presumed person-days at most.
    pub presumed_max: u64,
    /// Unknown person-days at most.
    pub unknown_max: u64,
}

impl Bounds {
    /// What was asked for: never confirmed where the truth contradicts unless a source was wrong, wrong at all on 0.5 %,
    /// and 95 % confirmed where the settling source has delivered. The other shares are left open.
    pub const ASKED: Self = Self {
        wrong_max: 500,
        unexcused_max: 0,
        not_yet_served_max: 100,
        confirmed_of_delivered_min: 95_000,
        provisional_max: 100_000,
        presumed_max: 100_000,
        unknown_max: 100_000,
    };

    /// Everything that the score fails to keep; nothing: it keeps all.
    #[must_use]
    pub fn check(&self, score: &Score) -> Vec<Breach> {
        let total = score.total();
        let all = total.person_days();
        if all == 0 {
            return vec![Breach::NoAnswers];
        }
        let excused = |excuse| {
            let is = |wrong: &&super::WrongConfirmed| wrong.excuse == excuse;
            let count = score.wrong_confirmed.iter().filter(is).count();
            u64::try_from(count).unwrap_or(u64::MAX)
        };
        let most = |what, count, max| {
            (count * 100_000 > max * all).then_some(Breach::TooMany {
                what,
                count,
                of: all,
                max,
            })
        };
        let mut breaches = Vec::new();
        breaches.extend(most("wrong", total.with_outcome(Outcome::Wrong), self.wrong_max));
        let unexcused = excused(None);
        if unexcused > self.unexcused_max {
            breaches.push(Breach::Unexcused { count: unexcused });
        }
        let late = excused(Some(Excuse::NotYetServed));
        breaches.extend(most(
            "confirmed and not read again in time",
            late,
            self.not_yet_served_max,
        ));
        let (confirmed, delivered) = (total.confirmed_of_delivered(), total.delivered());
        if confirmed * 100_000 < self.confirmed_of_delivered_min * delivered {
            breaches.push(Breach::TooFewConfirmed {
                confirmed,
                delivered,
                min: self.confirmed_of_delivered_min,
            });
        }
        for (what, certainty, max) in [
            ("provisional", Certainty::Provisional, self.provisional_max),
            ("presumed", Certainty::Presumed, self.presumed_max),
            ("unknown", Certainty::Unknown, self.unknown_max),
        ] {
            breaches.extend(most(what, total.with_certainty(certainty), max));
        }
        breaches
    }
}

/// A bound that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// Nothing was answered, so nothing is shown.
    NoAnswers,
    /// More person-days than allowed.
    TooMany {
        /// Of which kind.
        what: &'static str,
        /// How many.
        count: u64,
        /// Of how many.
        of: u64,
        /// How many of a hundred thousand are allowed.
        max: u64,
    },
    /// Confirmed although the truth contradicts it, and no source said so.
    Unexcused {
        /// Person-days.
        count: u64,
    },
    /// Too few confirmed where the settling source had delivered.
    TooFewConfirmed {
        /// Person-days confirmed.
        confirmed: u64,
        /// Of so many delivered.
        delivered: u64,
        /// How many of a hundred thousand are asked for.
        min: u64,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswers => write!(f, "no answers were scored"),
            Self::TooMany { what, count, of, max } => {
                write!(
                    f,
                    "{count} of {of} person-days {what}; {max} of 100000 are allowed"
                )
            }
            Self::Unexcused { count } => {
                write!(
                    f,
                    "{count} person-days confirmed against the truth, as no source had said it"
                )
            }
            Self::TooFewConfirmed {
                confirmed,
                delivered,
                min,
            } => write!(
                f,
                "{confirmed} of {delivered} delivered person-days confirmed; {min} of 100000 are asked for"
            ),
        }
    }
}
