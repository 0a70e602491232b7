//! The breaker: whether a complete delivery stays within what a feed may change at once. It is asked before the first
//! observation, so that a truncated, empty or old delivery changes nothing.
//!
//! More of anything never lets pass what less of it would have held: see the laws in the tests.

use crate::delivery::{Comparison, HoldCause, HoldReason};
use crate::ids::Feed;

/// How many of something a delivery may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// So many percent of what the complete delivery before it had.
    pub percent: u64,
    /// So many are fine however small the scope is.
    pub floor: u64,
}

impl Bound {
    /// The most there may be beside so many.
    #[must_use]
    pub fn most(self, beside: u64) -> u64 {
        let share = u128::from(beside) * u128::from(self.percent) / 100;
        self.floor.max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// What becomes of a delivery without rows where rows were to be expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptiness {
    /// It is held.
    Held,
    /// It passes, as far as absences do.
    Passes,
}

/// The bounds of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Records never observed before, beside those of the delivery before.
    pub added: Bound,
    /// Records that look otherwise, likewise.
    pub changed: Bound,
    /// Records that are missing, likewise.
    pub absent: Bound,
    /// Rows that cannot be mapped, beside the rows of the delivery itself.
    pub quarantined: Bound,
    /// Whether a delivery without rows is held.
    pub empty: Emptiness,
}

impl Bounds {
    /// The bounds of a feed where nothing else is configured: see `docs/deliveries.md`.
    #[must_use]
    pub const fn of(feed: Feed) -> Self {
        // People and posts come and go by the hundred in September; they never go by the tenth of a scope overnight.
        let usual = Self {
            added: Bound {
                percent: 50,
                floor: 1_000,
            },
            changed: Bound {
                percent: 50,
                floor: 1_000,
            },
            absent: Bound {
                percent: 10,
                floor: 10,
            },
            quarantined: Bound {
                percent: 5,
                floor: 20,
            },
            empty: Emptiness::Held,
        };
        match feed {
            Feed::ApplyCandidates | Feed::ApplyRecruits | Feed::RegisterTrainees | Feed::TrsPersons => usual,
            // Vacancies close: a list of open ones loses a third in a quiet week. And posts are applied for in one season:
            // in a fortnight of March there are twice as many job applications as ever before.
            Feed::TvVacancies | Feed::TvJobApplications | Feed::TvPostings => Self {
                added: Bound {
                    percent: 200,
                    floor: 1_000,
                },
                absent: Bound {
                    percent: 40,
                    floor: 200,
                },
                ..usual
            },
        }
    }

    /// Bounds that nothing leaves but a delivery older than its scope.
    #[must_use]
    pub const fn none() -> Self {
        let any = Bound {
            percent: 100,
            floor: u64::MAX,
        };
        Self {
            added: any,
            changed: any,
            absent: any,
            quarantined: any,
            empty: Emptiness::Passes,
        }
    }
}

/// Whether a complete delivery of a later snapshot of the scope is on the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// There is none.
    Newest,
    /// There is one.
    Stale,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is published.
    Pass,
    /// It is held, for these reasons: not empty, each cause once, ascending.
    Hold(Vec<HoldReason>),
}

/// Judges a complete delivery by what it would change. `permitted`: what an approved one of the same scope would have
/// changed; up to that nothing is out of bounds. Staleness is never permitted for other rows.
///
/// The first delivery of a scope has nothing to be compared with: only its emptiness and its defects tell.
#[must_use]
pub fn judge(bounds: &Bounds, age: Age, delivery: &Comparison, permitted: Option<&Comparison>) -> Outcome {
    let mut reasons = Vec::new();
    let may_be_empty = permitted.is_some_and(|permitted| permitted.rows == 0)
        || bounds.empty == Emptiness::Passes
        || delivery.expected == Some(0);
    if delivery.rows == 0 && !may_be_empty {
        reasons.push(uncounted(HoldCause::Empty));
    }
    if age == Age::Stale {
        reasons.push(uncounted(HoldCause::Stale));
    }
    let of_permitted = |count: fn(&Comparison) -> u64| permitted.map_or(0, count);
    let mut check = |cause, bound: Bound, beside, count: fn(&Comparison) -> u64| {
        let (found, most) = (count(delivery), bound.most(beside).max(of_permitted(count)));
        if found > most {
            reasons.push(HoldReason { cause, found, most });
        }
    };
    if let Some(expected) = delivery.expected {
        check(HoldCause::Added, bounds.added, expected, |of| of.added);
        check(HoldCause::Changed, bounds.changed, expected, |of| of.changed);
        check(HoldCause::Absent, bounds.absent, expected, |of| of.absent);
    }
    check(HoldCause::Quarantined, bounds.quarantined, delivery.rows, |of| {
        of.quarantined
    });
    if reasons.is_empty() {
        Outcome::Pass
    } else {
        Outcome::Hold(reasons)
    }
}

fn uncounted(cause: HoldCause) -> HoldReason {
    HoldReason {
        cause,
        found: 0,
        most: 0,
    }
}

#[cfg(test)]
mod tests;
