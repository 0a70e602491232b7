//! When a full sweep is due. Register is swept weekly, and nightly in the seasons when cohorts are counted (U§3.8, 13.3).

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use ltr_domain::time::{london_date, start_of_london_day};

/// At that hour of the London night: Register's own nightly jobs are mostly done (U§3.6).
const HOUR: i8 = 5;

/// When the sweep after one taken at `swept_at` is due: the next night that has one.
#[must_use]
pub(crate) fn sweep_after(swept_at: Timestamp) -> Timestamp {
    let mut day = london_date(swept_at);
    loop {
        let at = night_of(day);
        if at > swept_at && has_sweep(day) {
            return at;
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => return Timestamp::MAX,
        }
    }
}

/// Whether there is a sweep in the early morning of that day.
fn has_sweep(day: Date) -> bool {
    is_season(day) || day.weekday() == Weekday::Sunday
}

/// Census and sign-off in autumn, sign-off of performance profiles in winter.
fn is_season(day: Date) -> bool {
    let year = day.year();
    let autumn = date(year, 9, 1)..=date(year, 11, 15);
    autumn.contains(&day) || matches!(day.month(), 1 | 2)
}

fn night_of(day: Date) -> Timestamp {
    let start = start_of_london_day(day);
    start + jiff::SignedDuration::from_hours(i64::from(HOUR))
}

/// The academic years that are read at a time, by the year they begin in: the one that runs, those before it whose
/// trainees may still change, and from May the one that comes (August is its first month, U§3.8).
#[must_use]
pub(crate) fn academic_years(now: Timestamp, years_back: u8) -> std::ops::RangeInclusive<i16> {
    let today = london_date(now);
    let running = if today.month() >= 8 {
        today.year()
    } else {
        today.year() - 1
    };
    let ahead = i16::from(matches!(today.month(), 5..=7));
    running - i16::from(years_back)..=running + ahead
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(at: &str) -> String {
        sweep_after(at.parse().unwrap()).to_string()
    }

    #[test]
    fn sweeps_are_weekly_and_nightly_in_season() {
        // A Thursday in June; the next Sunday.
        assert_eq!(after("2026-06-11T10:00:00Z"), "2026-06-14T04:00:00Z");
        // The last days of August, into September.
        assert_eq!(after("2026-08-31T10:00:00Z"), "2026-09-01T04:00:00Z");
        assert_eq!(after("2026-10-14T04:00:00Z"), "2026-10-15T04:00:00Z");
        assert_eq!(after("2026-11-15T05:00:00Z"), "2026-11-22T05:00:00Z");
        assert_eq!(after("2027-01-14T05:00:00Z"), "2027-01-15T05:00:00Z");
    }

    #[test]
    fn the_academic_year_begins_in_august() {
        let years = |at: &str| academic_years(at.parse().unwrap(), 2);
        assert_eq!(years("2027-07-31T12:00:00Z"), 2024..=2027);
        assert_eq!(years("2027-08-01T12:00:00Z"), 2025..=2027);
        assert_eq!(years("2027-04-30T12:00:00Z"), 2024..=2026);
    }
}
