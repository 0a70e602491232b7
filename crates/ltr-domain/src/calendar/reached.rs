//! Which named days of the year lie between two days. Each is told once a year on the log, so that an idle log is known to
//! have passed it.

use jiff::civil::Date;

use super::{Calendar, academic_year};

/// A milestone of one academic year, with its day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reached {
    /// The first day on which it is so.
    pub on: Date,
    /// Its name in the policy's calendar.
    pub milestone: String,
    /// The academic year that it belongs to, by the calendar year in which that begins.
    pub year: i16,
}

/// The milestones after one day, up to and including another, in order.
#[must_use]
pub fn reached_between(after: Date, until: Date, calendar: &Calendar) -> Vec<Reached> {
    let years = academic_year(after)..=academic_year(until);
    let all = years.flat_map(|year| {
        let named = calendar.milestones_of(year).into_iter();
        named.map(move |(milestone, on)| Reached { on, milestone, year })
    });
    let mut reached: Vec<Reached> = all
        .filter(|reached| after < reached.on && reached.on <= until)
        .collect();
    reached.sort();
    reached
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::policy::Policy;

    #[test]
    fn the_year_runs_in_order_and_each_milestone_is_reached_once() {
        let calendar = Policy::first().calendar;
        let year = reached_between(date(2026, 8, 31), date(2027, 8, 31), &calendar);
        let told: Vec<_> = year
            .iter()
            .map(|reached| (&reached.milestone[..], reached.year, reached.on))
            .collect();
        assert_eq!(
            told,
            [
                ("planned_start", 2026, date(2026, 9, 1)),
                ("rejected_by_default", 2026, date(2026, 9, 25)),
                ("declined_by_default", 2026, date(2026, 9, 30)),
                ("cycle_closed", 2026, date(2026, 10, 1)),
                ("apply_opens", 2026, date(2026, 10, 8)),
                ("autumn_census", 2026, date(2026, 10, 14)),
                ("autumn_sign_off", 2026, date(2026, 11, 1)),
                ("no_show", 2026, date(2026, 12, 15)),
                ("winter_sign_off", 2026, date(2027, 3, 1)),
            ]
        );
        let mut day = date(2026, 8, 31);
        let mut one_by_one = Vec::new();
        while day < date(2027, 8, 31) {
            let next = day.tomorrow().unwrap();
            one_by_one.extend(reached_between(day, next, &calendar));
            day = next;
        }
        assert_eq!(one_by_one, year);
        assert_eq!(
            reached_between(date(2026, 12, 15), date(2026, 12, 15), &calendar),
            []
        );
    }

    #[test]
    fn a_cycle_that_ended_on_other_days_has_its_own() {
        let calendar = Policy::first().calendar;
        assert_eq!(
            calendar.after_cycle(2022),
            [date(2022, 9, 29), date(2022, 10, 3), date(2022, 10, 4)]
        );
        assert_eq!(
            calendar.after_cycle(2027),
            [date(2027, 9, 25), date(2027, 9, 30), date(2027, 10, 1)]
        );
    }
}
