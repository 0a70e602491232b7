//! Apply for teacher training: the Candidate API and the recruits API, by what changed since the last run (U§2.2, 2.3).
//! Neither has a full list: the first drops people at roll-over, so that who has not been seen for a while is asked for
//! one by one.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ltr_domain::time::london_date;

use crate::limit::Limit;

mod candidates;
mod recruits;
mod walk;

pub use candidates::Candidates;
pub use recruits::Recruits;

/// Apply states no limit (U§2.2); this is ours, so as not to be a burden.
#[must_use]
pub fn limit() -> Arc<Limit> {
    Arc::new(Limit::new(300, Duration::from_secs(60)))
}

/// How Apply is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Candidates on a page; 500 at most.
    pub per_page: u32,
    /// How often changes are asked for.
    pub changes_every: SignedDuration,
    /// How far behind the start of the last run changes are asked for.
    pub overlap: SignedDuration,
    /// A long reading is split into deliveries of about so many rows.
    pub rows_per_delivery: usize,
    /// How often everything that Apply shows is read: an answer may have come from a copy that lags, and then a change
    /// would never be told.
    pub everything_every: SignedDuration,
    /// Candidates with an application under way who have not been seen for so long are asked for one by one.
    pub unseen_after: SignedDuration,
    /// At most so many of them a day.
    pub unseen_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            per_page: 500,
            changes_every: SignedDuration::from_mins(30),
            overlap: SignedDuration::from_mins(15),
            rows_per_delivery: 5_000,
            everything_every: SignedDuration::from_hours(7 * 24),
            unseen_after: SignedDuration::from_hours(10 * 24),
            unseen_max: 1_000,
        }
    }
}

/// Before everything that Apply ever held.
fn beginning() -> Timestamp {
    Timestamp::from_second(946_684_800).expect("the first second of the year 2000")
}

/// The recruitment cycles that are read at a time, by the year they are named after: the one that runs (from October,
/// U§2.6), and the one before it, whose accepted offers may still be deferred or withdrawn.
fn cycles(now: Timestamp) -> std::ops::RangeInclusive<i16> {
    let today = london_date(now);
    let running = today.year() + i16::from(today.month() >= 10);
    running - 1..=running
}
