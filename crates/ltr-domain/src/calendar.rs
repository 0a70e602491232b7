//! The academic year as the sources live it (U§3.8, U§10): waves of starts, census day, sign-off, and the other days on
//! which time alone means something. What is here is arithmetic; which days they are is the policy's [`Calendar`].

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

mod reached;

pub use reached::{Reached, reached_between};

/// The academic year a day belongs to, named after the year it starts in: 1 August to 31 July (U§3.8).
#[must_use]
pub fn academic_year(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}

const YEAR_MIN: i16 = -9_999;
const YEAR_MAX: i16 = 9_999;

/// A day of a year. A year beyond those that a date can have is the nearest that one can: nothing here ever fails.
#[must_use]
pub(crate) fn day_of(year: i16, month: i8, day: i8) -> Date {
    Date::new(year.clamp(YEAR_MIN, YEAR_MAX), month, day).unwrap_or(Date::MAX)
}

/// The day `months` months later, at the month's end where there is no such day.
#[must_use]
pub fn months_after(day: Date, months: i32) -> Date {
    day.checked_add(jiff::Span::new().months(months))
        .unwrap_or(Date::MAX)
}

/// The day `days` days later.
#[must_use]
pub fn days_after(day: Date, days: i32) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(Date::MAX)
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// That day of that month, if a year can have it: 29 February is one, 31 November is none.
    #[must_use]
    pub fn new(month: i8, day: i8) -> Option<Self> {
        // 2000 is a leap year.
        Date::new(2000, month, day).ok().map(|_| Self { month, day })
    }

    /// The day in a year; 28 February for 29 February in a common year.
    #[must_use]
    pub fn in_year(self, year: i16) -> Date {
        Date::new(year.clamp(YEAR_MIN, YEAR_MAX), self.month, self.day)
            .unwrap_or_else(|_| day_of(year, 2, 28))
    }

    /// The first such day that is not before another.
    #[must_use]
    pub fn on_or_after(self, day: Date) -> Date {
        let same_year = self.in_year(day.year());
        if same_year < day {
            self.in_year(day.year() + 1)
        } else {
            same_year
        }
    }

    /// The last such day that is not after another.
    #[must_use]
    pub fn on_or_before(self, day: Date) -> Date {
        let same_year = self.in_year(day.year());
        if same_year > day {
            self.in_year(day.year() - 1)
        } else {
            same_year
        }
    }
}

impl std::fmt::Display for MonthDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// A weekday counted within a month, such as the second Wednesday of October.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NthWeekday {
    month: i8,
    nth: i8,
    weekday: Weekday,
}

impl NthWeekday {
    /// The `nth` such weekday of the month, 1 to 4, so that every year has it.
    #[must_use]
    pub fn new(month: i8, nth: i8, weekday: Weekday) -> Option<Self> {
        ((1..=12).contains(&month) && (1..=4).contains(&nth)).then_some(Self { month, nth, weekday })
    }

    /// Which of the month's: 1 to 4.
    #[must_use]
    pub fn nth(self) -> i8 {
        self.nth
    }

    /// The day in a year.
    #[must_use]
    pub fn in_year(self, year: i16) -> Date {
        let first = day_of(year, self.month, 1);
        first
            .nth_weekday_of_month(self.nth, self.weekday)
            .unwrap_or(first)
    }

    /// The first such day that is not before another.
    #[must_use]
    pub fn on_or_after(self, day: Date) -> Date {
        let same_year = self.in_year(day.year());
        if same_year < day {
            self.in_year(day.year() + 1)
        } else {
            same_year
        }
    }
}

/// A wave of starts: those who begin in one stretch of the year are counted and signed off together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Its name, such as `autumn`; part of the names of its milestones.
    pub name: String,
    /// The first day of the year on which its starts fall.
    pub first: MonthDay,
    /// The last; in the next calendar year if it is before `first`.
    pub last: MonthDay,
    /// Its census day; `None`: nobody counts this wave.
    pub census: Option<NthWeekday>,
    /// From when on Register speaks with authority of its starts.
    pub signed_off_from: MonthDay,
}

impl Wave {
    /// Whether a start falls into it; if so, the day on which the wave of that year begins.
    #[must_use]
    pub fn season_of(&self, start: Date) -> Option<Date> {
        let begins = self.first.on_or_before(start);
        (start <= self.last.on_or_after(begins)).then_some(begins)
    }
}

/// A day of every year that has a name and no other meaning here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its name: a token of the subject `ltr.calendar.<milestone>.<year>`.
    pub name: String,
    /// Its day.
    pub on: MonthDay,
}

/// The last days of a recruitment cycle at Apply, in its own year (U§2.6). Each runs to the end of the day in London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleEnd {
    /// Applications without a decision are rejected.
    pub reject_by_default: MonthDay,
    /// Offers without an answer are declined.
    pub decline_by_default: MonthDay,
    /// The cycle closes; what was not sent is not sent.
    pub closes: MonthDay,
}

/// The days of the academic year that a policy fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Waves of starts. No day belongs to two of them.
    pub waves: Vec<Wave>,
    /// Months after which Register speaks with authority of a start outside every wave.
    pub signed_off_after_months: i32,
    /// From when on silence about a start of the autumn before tells of no start (U§14c: late entries until then).
    pub no_show_on: MonthDay,
    /// How a recruitment cycle ends.
    pub cycle_end: CycleEnd,
    /// The cycles that ended otherwise, by their year.
    pub cycle_ends: BTreeMap<i16, CycleEnd>,
    /// Other days worth a message.
    pub milestones: Vec<Milestone>,
}

impl Calendar {
    /// The first day on which Register speaks with authority of a start.
    #[must_use]
    pub fn signed_off_from(&self, start: Date) -> Date {
        let wave = self
            .waves
            .iter()
            .find_map(|wave| Some((wave, wave.season_of(start)?)));
        match wave {
            Some((wave, begins)) => wave.signed_off_from.on_or_after(begins),
            None => months_after(start, self.signed_off_after_months),
        }
    }

    /// The census day that a start is counted on, if its wave has one. It may be before the start.
    #[must_use]
    pub fn census_of(&self, start: Date) -> Option<Date> {
        let (wave, begins) = self
            .waves
            .iter()
            .find_map(|wave| Some((wave, wave.season_of(start)?)))?;
        Some(wave.census?.on_or_after(begins))
    }

    /// The day from which silence about a start tells of no start.
    #[must_use]
    pub fn no_show_of(&self, start: Date) -> Date {
        self.no_show_on.on_or_after(start)
    }

    /// The day from which silence about the starters of an academic year tells of no start.
    #[must_use]
    pub fn no_show_in(&self, year: i16) -> Date {
        self.no_show_of(day_of(year, 8, 1))
    }

    /// The first days after the last days of a cycle: applications rejected, offers declined, nothing more sent.
    #[must_use]
    pub fn after_cycle(&self, year: i16) -> [Date; 3] {
        let end = self.cycle_ends.get(&year).unwrap_or(&self.cycle_end);
        [end.reject_by_default, end.decline_by_default, end.closes]
            .map(|day| days_after(day.in_year(year), 1))
    }

    /// Every day of the academic year that begins in `year` which has a name, in the order of days: `<wave>_census`,
    /// `<wave>_sign_off`, `planned_start`, the ends of the cycle, `no_show` and the policy's own.
    #[must_use]
    pub fn milestones_of(&self, year: i16) -> Vec<(String, Date)> {
        let begins = day_of(year, 8, 1);
        let mut days: Vec<(String, Date)> = Vec::new();
        for wave in &self.waves {
            if let Some(census) = wave.census {
                days.push((format!("{}_census", wave.name), census.on_or_after(begins)));
            }
            days.push((
                format!("{}_sign_off", wave.name),
                wave.signed_off_from.on_or_after(begins),
            ));
        }
        let [rejected, declined, closed] = self.after_cycle(year);
        for (name, on) in [
            ("planned_start", day_of(year, 9, 1)),
            ("rejected_by_default", rejected),
            ("declined_by_default", declined),
            ("cycle_closed", closed),
        ] {
            days.push((name.to_owned(), on));
        }
        days.push(("no_show".to_owned(), self.no_show_on.on_or_after(begins)));
        let own = self.milestones.iter();
        days.extend(own.map(|milestone| (milestone.name.clone(), milestone.on.on_or_after(begins))));
        days.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        days
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::policy::Policy;

    #[test]
    fn census_and_sign_off_follow_the_sources_calendar() {
        let calendar = Policy::first().calendar;
        for (start, census, signed_off) in [
            (date(2026, 8, 1), Some(date(2026, 10, 14)), date(2026, 11, 1)),
            (date(2026, 9, 3), Some(date(2026, 10, 14)), date(2026, 11, 1)),
            (date(2026, 10, 31), Some(date(2026, 10, 14)), date(2026, 11, 1)),
            (date(2026, 11, 1), None, date(2027, 3, 1)),
            (date(2026, 12, 1), None, date(2027, 3, 1)),
            (date(2027, 1, 5), None, date(2027, 3, 1)),
            (date(2027, 2, 28), None, date(2027, 3, 1)),
            (date(2028, 2, 29), None, date(2028, 3, 1)),
            (date(2027, 3, 1), None, date(2027, 5, 1)),
            (date(2027, 4, 30), None, date(2027, 6, 30)),
            (date(2027, 7, 31), None, date(2027, 9, 30)),
        ] {
            assert_eq!(calendar.census_of(start), census, "{start}");
            assert_eq!(calendar.signed_off_from(start), signed_off, "{start}");
        }
        assert_eq!(calendar.no_show_of(date(2026, 9, 1)), date(2026, 12, 15));
        assert_eq!(academic_year(date(2027, 7, 31)), 2026);
        assert_eq!(academic_year(date(2027, 8, 1)), 2027);
    }

    #[test]
    fn a_year_has_each_milestone_once_in_order() {
        let days = Policy::first().calendar.milestones_of(2026);
        let told: Vec<String> = days.iter().map(|(name, on)| format!("{on} {name}")).collect();
        assert_eq!(
            told,
            [
                "2026-09-01 planned_start",
                "2026-09-25 rejected_by_default",
                "2026-09-30 declined_by_default",
                "2026-10-01 cycle_closed",
                "2026-10-08 apply_opens",
                "2026-10-14 autumn_census",
                "2026-11-01 autumn_sign_off",
                "2026-12-15 no_show",
                "2027-03-01 winter_sign_off",
            ]
        );
    }

    #[test]
    fn days_that_no_year_has_are_none() {
        assert!(MonthDay::new(2, 29).is_some());
        for (month, day) in [(2, 30), (11, 31), (13, 1), (0, 1), (1, 0)] {
            assert_eq!(MonthDay::new(month, day), None);
        }
        assert_eq!(
            MonthDay::new(2, 29).map(|day| day.in_year(2027)),
            Some(date(2027, 2, 28))
        );
        assert_eq!(NthWeekday::new(10, 5, Weekday::Wednesday), None);
    }
}
