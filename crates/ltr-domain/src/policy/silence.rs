//! What silence and the calendar settle, and when: the part of a policy that speaks of nobody's word.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use crate::calendar::days_after;
use crate::ids::Source;

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayOfYear {
    /// 1 to 12.
    pub month: i8,
    /// 1 to the month's last in every year.
    pub day: i8,
}

impl DayOfYear {
    /// The day in that year. A day that the year lacks is the first of its month.
    #[must_use]
    pub fn of(self, year: i16) -> Date {
        Date::new(year, self.month, self.day).unwrap_or_else(|_| date(year, self.month.clamp(1, 12), 1))
    }
}

/// The last days of a recruitment cycle at Apply, in its own year (U§2.6). Each runs to the end of the day in London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleEnd {
    /// Applications without a decision are rejected.
    pub reject_by_default: DayOfYear,
    /// Offers without an answer are declined.
    pub decline_by_default: DayOfYear,
    /// The cycle closes; what was not sent is not sent.
    pub closes: DayOfYear,
}

/// What is concluded from silence and from the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// From this day of the start year a recruit whom Register does not list is presumed not to have started (U§14a).
    pub no_show: DayOfYear,
    /// Of so many of a hundred trainees of a provider the application must be known for its silence to count.
    pub recognised_percent_min: u32,
    /// How a cycle ends.
    pub cycle_end: CycleEnd,
    /// The cycles that ended otherwise, by their year.
    pub cycle_ends: BTreeMap<i16, CycleEnd>,
    /// After so many days without a word of its source an answer is stale; a source that is not listed, never.
    pub stale_after_days: BTreeMap<Source, i32>,
}

impl Silence {
    /// The first version: U§2.6 for cycles since 2019, U§14a for no-shows, a weekly sweep and a day of grace.
    #[must_use]
    pub fn first() -> Self {
        let day = |month, day| DayOfYear { month, day };
        let cycle_end = |reject_by_default, decline_by_default, closes| CycleEnd {
            reject_by_default,
            decline_by_default,
            closes,
        };
        Self {
            no_show: day(12, 15),
            recognised_percent_min: 50,
            cycle_end: cycle_end(day(9, 24), day(9, 29), day(9, 30)),
            cycle_ends: BTreeMap::from([
                (2019, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
                (2020, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
                (2021, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
                (2022, cycle_end(day(9, 28), day(10, 2), day(10, 3))),
                (2023, cycle_end(day(9, 27), day(10, 1), day(10, 2))),
                (2024, cycle_end(day(9, 25), day(9, 29), day(9, 30))),
            ]),
            stale_after_days: BTreeMap::from([
                (Source::Apply, 8),
                (Source::Register, 8),
                (Source::Trs, 8),
                (Source::TeachingVacancies, 32),
            ]),
        }
    }

    /// The first day on which no-shows of the starters of `year` are presumed.
    #[must_use]
    pub fn no_show_on(&self, year: i16) -> Date {
        self.no_show.of(year)
    }

    /// The first days after the last days of a cycle: applications rejected, offers declined, nothing more sent.
    #[must_use]
    pub fn after_cycle(&self, year: i16) -> [Date; 3] {
        let end = self.cycle_ends.get(&year).unwrap_or(&self.cycle_end);
        [end.reject_by_default, end.decline_by_default, end.closes].map(|day| days_after(day.of(year), 1))
    }

    /// How long a source may be silent before what rests on it is stale.
    #[must_use]
    pub fn bound(&self, source: Source) -> Option<SignedDuration> {
        let days = self.stale_after_days.get(&source)?;
        Some(SignedDuration::from_hours(24 * i64::from(*days)))
    }
}
