//! An academic year as a policy sees it: in which windows the starters of each wave are, and what each named day changes.

use jiff::civil::Date;

use super::{Policy, Rule, Window};
use crate::calendar::{Calendar, Wave, day_of};

/// A stretch of a year in which starters of a wave are in one window. On one day they may be in several: who starts late
/// is before the start while others are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveWindow {
    /// The wave's name.
    pub wave: String,
    /// The first day on which its starts fall in that year.
    pub first_start: Date,
    /// The last.
    pub last_start: Date,
    /// The window.
    pub window: Window,
    /// From when anybody is in it; `None`: before any start.
    pub from: Option<Date>,
    /// Until when, exclusive; `None`: for ever.
    pub to: Option<Date>,
}

impl WaveWindow {
    /// Whether a starter of the wave is in the window on that day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }
}

/// What a named day of the year means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// Courses of the cycle start: who was recruited for it is in the next window.
    PlannedStart,
    /// The starters of a wave are counted.
    Census(&'a Wave),
    /// The starters of a wave are signed off.
    SignOff(&'a Wave),
    /// Applications that wait for a decision have been rejected.
    RejectedByDefault,
    /// Offers that wait for an answer have been declined.
    DeclinedByDefault,
    /// The recruitment cycle has closed: what was not sent is not sent.
    CycleClosed,
    /// Silence about the starters of autumn tells of no start.
    NoShow,
    /// A day that the policy names, with no meaning here.
    Named,
}

impl Calendar {
    /// What a milestone of [`Calendar::milestones_of`] means.
    #[must_use]
    pub fn meaning_of(&self, milestone: &str) -> Meaning<'_> {
        for wave in &self.waves {
            match milestone.strip_prefix(&wave.name) {
                Some("_census") => return Meaning::Census(wave),
                Some("_sign_off") => return Meaning::SignOff(wave),
                Some(_) | None => {}
            }
        }
        match milestone {
            "planned_start" => Meaning::PlannedStart,
            "rejected_by_default" => Meaning::RejectedByDefault,
            "declined_by_default" => Meaning::DeclinedByDefault,
            "cycle_closed" => Meaning::CycleClosed,
            "no_show" => Meaning::NoShow,
            _ => Meaning::Named,
        }
    }
}

impl Meaning<'_> {
    /// From which window into which it leads; `None`: it is about no window.
    #[must_use]
    pub fn turn(self) -> Option<(Window, Window)> {
        match self {
            Self::PlannedStart => Some((Window::BeforeStart, Window::StartToCensus)),
            Self::Census(_) => Some((Window::StartToCensus, Window::CensusToSignOff)),
            Self::SignOff(wave) if wave.census.is_some() => {
                Some((Window::CensusToSignOff, Window::AfterSignOff))
            }
            Self::SignOff(_) => Some((Window::StartToCensus, Window::AfterSignOff)),
            Self::RejectedByDefault
            | Self::DeclinedByDefault
            | Self::CycleClosed
            | Self::NoShow
            | Self::Named => None,
        }
    }
}

impl Policy {
    /// The windows of the waves that begin in the academic year which begins in `year`: wave by wave, in order.
    #[must_use]
    pub fn windows_of(&self, year: i16) -> Vec<WaveWindow> {
        let begins = day_of(year, 8, 1);
        let mut windows = Vec::new();
        for wave in &self.calendar.waves {
            let first = wave.first.on_or_after(begins);
            let last = wave.last.on_or_after(first);
            let signed_off = self.calendar.signed_off_from(first);
            let census = self.calendar.census_of(first);
            let ambiguous_to = census.unwrap_or(signed_off);
            let parts = [
                (Window::BeforeStart, None, Some(last)),
                (Window::StartToCensus, Some(first), Some(ambiguous_to)),
                (Window::CensusToSignOff, census, Some(signed_off)),
                (Window::AfterSignOff, Some(signed_off), None),
            ];
            let is_there = |window, from: Option<Date>, to: Option<Date>| match (from, to) {
                (Some(from), Some(to)) => from < to,
                (None, _) => window == Window::BeforeStart,
                (Some(_), None) => true,
            };
            let parts = parts.into_iter().filter(|part| is_there(part.0, part.1, part.2));
            windows.extend(parts.map(|(window, from, to)| WaveWindow {
                wave: wave.name.clone(),
                first_start: first,
                last_start: last,
                window,
                from,
                to,
            }));
        }
        windows
    }

    /// The rules that another window puts in the place of others: those that believe otherwise, or let another settle.
    #[must_use]
    pub fn rules_changed(&self, turn: (Window, Window)) -> Vec<(&Rule, &Rule)> {
        let (from, into) = turn;
        let after = self.rules.iter().filter(|rule| rule.window == into);
        let pairs = after.filter_map(|after| Some((self.rule(after.fact, from)?, after)));
        pairs
            .filter(|(before, after)| before.sources != after.sources || before.settles != after.settles)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::days_after;

    #[test]
    fn the_windows_of_a_year_are_those_its_starters_are_in() {
        let policy = Policy::first();
        let windows = policy.windows_of(2026);
        let told: Vec<String> = windows
            .iter()
            .map(|one| {
                let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
                let (wave, window) = (&one.wave, one.window.token());
                format!("{wave} {window} {} {}", day(one.from), day(one.to))
            })
            .collect();
        assert_eq!(
            told,
            [
                "autumn before_start - 2026-10-31",
                "autumn start_to_census 2026-08-01 2026-10-14",
                "autumn census_to_sign_off 2026-10-14 2026-11-01",
                "autumn after_sign_off 2026-11-01 -",
                "winter before_start - 2027-02-28",
                "winter start_to_census 2026-11-01 2027-03-01",
                "winter after_sign_off 2027-03-01 -",
            ]
        );
        let mut day = date(2026, 7, 1);
        while day < date(2027, 7, 1) {
            for one in &windows {
                let mut starts = Vec::new();
                let mut start = one.first_start;
                while start <= one.last_start {
                    starts.push(start);
                    start = days_after(start, 1);
                }
                let is_in = |start: &Date| policy.window(day, Some(*start)) == one.window;
                assert_eq!(one.holds_on(day), starts.iter().any(is_in), "{day} {one:?}");
            }
            day = days_after(day, 9);
        }
    }

    #[test]
    fn a_named_day_changes_the_rules_that_differ_between_its_windows() {
        let policy = Policy::first();
        let changed = |milestone: &str| -> Vec<String> {
            let turn = policy.calendar.meaning_of(milestone).turn();
            let rules = turn.map(|turn| policy.rules_changed(turn)).unwrap_or_default();
            let told = rules.iter().map(|(before, after)| {
                let settles = |rule: &Rule| rule.settles.map_or("nobody", |source| source.token());
                format!("{}: {} > {}", after.name(), settles(before), settles(after))
            });
            told.collect()
        };
        assert_eq!(
            changed("planned_start"),
            [
                "place.start_to_census: apply > nobody",
                "training.start_to_census: register > nobody",
            ]
        );
        assert_eq!(changed("autumn_census"), [""; 0]);
        for sign_off in ["autumn_sign_off", "winter_sign_off"] {
            assert_eq!(changed(sign_off), ["training.after_sign_off: nobody > register"]);
        }
        assert_eq!(changed("no_show"), [""; 0]);
        assert_eq!(policy.calendar.meaning_of("apply_opens"), Meaning::Named);
    }
}
