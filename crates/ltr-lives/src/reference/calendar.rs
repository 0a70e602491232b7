//! The days of policy version 1, as `docs/source-of-truth.md` tells them.

use jiff::civil::{Date, date};
use ltr_domain::ids::Source;

/// The day so many months later, at the month's end where there is no such day.
pub(super) fn months_after(day: Date, months: i32) -> Date {
    day.saturating_add(jiff::Span::new().months(months))
}

/// The day so many days later.
pub(super) fn days_after(day: Date, days: i32) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

/// The academic year of a day: from August on it is the calendar's.
pub(super) fn academic_year(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// From when Register is signed off for those who start on a day: 1 November for the autumn, 1 March for the winter, two
/// months later for everybody else.
fn signed_off_on(start: Date) -> Date {
    match start.month() {
        8..=10 => date(start.year(), 11, 1),
        11..=12 => date(start.year() + 1, 3, 1),
        1..=2 => date(start.year(), 3, 1),
        _ => months_after(start, 2),
    }
}

/// Whether a source's word on training is final on a day: Register's before the start and after sign-off.
pub(super) fn training_is_settled(source: Source, day: Date, start: Option<Date>) -> bool {
    let Some(start) = start else { return false };
    source == Source::Register && (day < start || day >= signed_off_on(start))
}

/// Whether Apply's word on a place is final on a day: before the start.
pub(super) fn place_is_settled(day: Date, start: Option<Date>) -> bool {
    start.is_some_and(|start| day < start)
}

/// From when silence about the starters of an academic year tells of no start: 15 December.
pub(super) fn no_show_on(year: i16) -> Date {
    date(year, 12, 15)
}

/// The first days after the last ones of a cycle: rejected by default, declined by default, closed.
pub(super) fn after_cycle(year: u16) -> [Date; 3] {
    let year = year.cast_signed();
    match year {
        2019..=2021 => [date(year, 9, 30), date(year, 10, 3), date(year, 10, 4)],
        2022 => [date(year, 9, 29), date(year, 10, 3), date(year, 10, 4)],
        2023 => [date(year, 9, 28), date(year, 10, 2), date(year, 10, 3)],
        2024 => [date(year, 9, 26), date(year, 9, 30), date(year, 10, 1)],
        _ => [date(year, 9, 25), date(year, 9, 30), date(year, 10, 1)],
    }
}
