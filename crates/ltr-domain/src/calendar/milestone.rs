//! Milestones of the academic year: days on which time alone may change what is believed of many people. Each is told
//! once a year on the log, so that an idle log is known to have passed it.

use jiff::civil::{Date, date};

use super::{census_day, signed_off_from};
use crate::policy::Silence;

/// A milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// Courses start, as far as Apply tells.
    PlannedStart,
    /// Applications without a decision have been rejected.
    RejectedByDefault,
    /// Offers without an answer have been declined.
    DeclinedByDefault,
    /// The recruitment cycle has closed.
    CycleClosed,
    /// Register's census day.
    RegisterCensus,
    /// Register's autumn sign-off is over.
    RegisterSignedOff,
    /// Recruits whom Register does not list are presumed not to have started.
    NoShow,
}

/// A milestone of one year, with its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reached {
    /// The first day on which it is so.
    pub on: Date,
    /// Which milestone.
    pub milestone: Milestone,
    /// The year in which the cohort starts.
    pub year: i16,
}

impl Milestone {
    /// Every milestone, in the order of the year.
    pub const ALL: [Self; 7] = [
        Self::PlannedStart,
        Self::RejectedByDefault,
        Self::DeclinedByDefault,
        Self::CycleClosed,
        Self::RegisterCensus,
        Self::RegisterSignedOff,
        Self::NoShow,
    ];

    /// The name used in subjects, SQL and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::PlannedStart => "planned_start",
            Self::RejectedByDefault => "rejected_by_default",
            Self::DeclinedByDefault => "declined_by_default",
            Self::CycleClosed => "cycle_closed",
            Self::RegisterCensus => "register_census",
            Self::RegisterSignedOff => "register_signed_off",
            Self::NoShow => "no_show",
        }
    }

    /// Its day in the year in which a cohort starts.
    #[must_use]
    pub fn of(self, year: i16, silence: &Silence) -> Reached {
        let start = date(year, 9, 1);
        let [rejected, declined, closed] = silence.after_cycle(year);
        let on = match self {
            Self::PlannedStart => start,
            Self::RejectedByDefault => rejected,
            Self::DeclinedByDefault => declined,
            Self::CycleClosed => closed,
            Self::RegisterCensus => census_day(year),
            Self::RegisterSignedOff => signed_off_from(start),
            Self::NoShow => silence.no_show_on(year),
        };
        Reached {
            on,
            milestone: self,
            year,
        }
    }
}

/// The milestones after one day, up to and including another, in order.
#[must_use]
pub fn reached_between(after: Date, until: Date, silence: &Silence) -> Vec<Reached> {
    let years = after.year()..=until.year();
    let mut reached: Vec<Reached> = years
        .flat_map(|year| Milestone::ALL.map(|milestone| milestone.of(year, silence)))
        .filter(|reached| after < reached.on && reached.on <= until)
        .collect();
    reached.sort();
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_runs_in_order_and_each_milestone_is_reached_once() {
        let silence = Silence::first();
        let year = reached_between(date(2026, 8, 31), date(2027, 8, 31), &silence);
        let told: Vec<_> = year
            .iter()
            .map(|reached| (reached.milestone.token(), reached.year, reached.on))
            .collect();
        assert_eq!(
            told,
            [
                ("planned_start", 2026, date(2026, 9, 1)),
                ("rejected_by_default", 2026, date(2026, 9, 25)),
                ("declined_by_default", 2026, date(2026, 9, 30)),
                ("cycle_closed", 2026, date(2026, 10, 1)),
                ("register_census", 2026, date(2026, 10, 14)),
                ("register_signed_off", 2026, date(2026, 11, 1)),
                ("no_show", 2026, date(2026, 12, 15)),
            ]
        );
        let mut day = date(2026, 8, 31);
        let mut one_by_one = Vec::new();
        while day < date(2027, 8, 31) {
            let next = day.tomorrow().unwrap();
            one_by_one.extend(reached_between(day, next, &silence));
            day = next;
        }
        assert_eq!(one_by_one, year);
        assert_eq!(
            reached_between(date(2026, 12, 15), date(2026, 12, 15), &silence),
            []
        );
    }

    #[test]
    fn a_cycle_that_ended_on_other_days_has_its_own() {
        let silence = Silence::first();
        assert_eq!(
            silence.after_cycle(2022),
            [date(2022, 9, 29), date(2022, 10, 3), date(2022, 10, 4)]
        );
        assert_eq!(
            silence.after_cycle(2027),
            [date(2027, 9, 25), date(2027, 9, 30), date(2027, 10, 1)]
        );
    }
}
