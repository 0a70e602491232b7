//! The academic year as the sources live it (U§3.8, U§10): census day, sign-off, and until when a start is in doubt.

use jiff::civil::{Date, Weekday, date};

mod milestone;

pub use milestone::{Milestone, Reached, reached_between};

/// The academic year a day belongs to, named after the year it starts in: 1 August to 31 July (U§3.8).
#[must_use]
pub fn academic_year(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// Census day of an autumn: the second Wednesday of October.
#[must_use]
pub fn census_day(year: i16) -> Date {
    let october = date(year, 10, 1);
    october
        .nth_weekday_of_month(2, Weekday::Wednesday)
        .unwrap_or(october)
}

/// The first day on which Register speaks with authority of a start on `start`: 1 November for autumn starters, after
/// providers' sign-off; 1 March for those of the second, winter wave, which has no census; two months later otherwise.
#[must_use]
pub fn signed_off_from(start: Date) -> Date {
    match start.month() {
        8..=10 => date(start.year(), 11, 1),
        11 | 12 => date(start.year() + 1, 3, 1),
        1 | 2 => date(start.year(), 3, 1),
        _ => months_after(start, 2),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn census_and_sign_off_follow_the_sources_calendar() {
        assert_eq!(census_day(2026), date(2026, 10, 14));
        assert_eq!(signed_off_from(date(2026, 9, 3)), date(2026, 11, 1));
        assert_eq!(signed_off_from(date(2027, 1, 5)), date(2027, 3, 1));
        assert_eq!(signed_off_from(date(2026, 12, 1)), date(2027, 3, 1));
        assert_eq!(signed_off_from(date(2027, 4, 30)), date(2027, 6, 30));
        assert_eq!(academic_year(date(2027, 7, 31)), 2026);
        assert_eq!(academic_year(date(2027, 8, 1)), 2027);
    }
}
