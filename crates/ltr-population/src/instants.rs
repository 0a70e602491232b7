//! Instants within a London day: offices work from eight to six, and nightly jobs run before anybody is up.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::time::start_of_london_day;

use crate::dice::Dice;

/// Some instant of the working day.
pub(crate) fn of(day: Date, dice: &mut Dice) -> Timestamp {
    start_of_london_day(day) + SignedDuration::from_mins(i64::from(dice.between(8 * 60, 18 * 60 - 1)))
}

/// Instants of one timeline, each later than the one before.
#[derive(Debug)]
pub(crate) struct Rising(Option<Timestamp>);

impl Rising {
    /// From the beginning.
    pub(crate) fn new() -> Self {
        Self(None)
    }

    /// That instant, or the minute after the one before if that is not earlier.
    pub(crate) fn next(&mut self, at: Timestamp) -> Timestamp {
        let at = match self.0 {
            Some(before) if at <= before => before + SignedDuration::from_mins(1),
            Some(_) | None => at,
        };
        self.0 = Some(at);
        at
    }
}
