//! The source-of-truth policy: which source settles which fact, in which window of the year, and the thresholds that
//! time alone crosses. Data, not code; versioned, and every version stays executable. Reading one from its text is
//! `ltr-policy`'s.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::calendar::{Calendar, months_after};
use crate::ids::Source;

mod adopted;
mod first;
mod rule;
mod year;

pub use adopted::{Adoption, NotNewer, Policies};
pub use rule::{FactKind, Rule, RuleName, Window};
pub use year::{Meaning, WaveWindow};

/// Stretches of time and shares that a policy fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Days after which an award that TRS does not know is contested (U§14c: 14).
    pub award_contested_days: i32,
    /// Months after a post's end until which a person is between posts.
    pub between_posts_months: i32,
    /// Years since its start after which an induction in progress no longer makes an early career teacher.
    pub induction_recent_years: i32,
    /// Months after its planned end until which an unfinished TRS route counts as live.
    pub route_live_months: i32,
    /// The share of a provider's trainees, in percent, that must carry their application's number before its silence
    /// about one of them tells of no start (DESIGN §4, silence).
    pub no_show_coverage_percent: u32,
}

/// After how many days of silence an answer that rests on a source is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staleness {
    /// Of Apply.
    pub apply_days: i32,
    /// Of Register.
    pub register_days: i32,
    /// Of the Teaching Record System.
    pub trs_days: i32,
    /// Of Teaching Vacancies.
    pub teaching_vacancies_days: i32,
}

impl Staleness {
    /// The bound of a source, in days.
    #[must_use]
    pub fn days_of(&self, source: Source) -> i32 {
        match source {
            Source::Apply => self.apply_days,
            Source::Register => self.register_days,
            Source::Trs => self.trs_days,
            Source::TeachingVacancies => self.teaching_vacancies_days,
        }
    }

    /// How long a source may be silent before what rests on it is stale.
    #[must_use]
    pub fn bound(&self, source: Source) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.days_of(source)))
    }
}

/// One version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its number; on every answer.
    pub version: u32,
    /// Who settles what, when. Every fact has one rule in every window.
    pub rules: Vec<Rule>,
    /// Stretches of time and shares.
    pub thresholds: Thresholds,
    /// The days of the academic year.
    pub calendar: Calendar,
    /// Categories of alert that prohibit from teaching (U§4.4).
    pub prohibition_categories: Vec<String>,
    /// After which silence an answer is stale.
    pub staleness: Staleness,
}

/// At which edges between windows a source's say in a fact changes: on other days time does not change its word's worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edges {
    start: bool,
    census: bool,
    sign_off: bool,
}

impl Policy {
    /// The rule for a fact in a window.
    #[must_use]
    pub fn rule(&self, fact: FactKind, window: Window) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.fact == fact && (rule.window == window || rule.window == Window::Always))
    }

    /// Whether `source` settles the fact in that window.
    #[must_use]
    pub fn settles(&self, fact: FactKind, window: Window, source: Source) -> bool {
        self.rule(fact, window)
            .is_some_and(|rule| rule.settles == Some(source))
    }

    /// How many sources are believed before this one; `None`: it is not entitled to speak of the fact in that window.
    #[must_use]
    pub fn rank(&self, fact: FactKind, window: Window, source: Source) -> Option<usize> {
        self.rule(fact, window)?.rank(source)
    }

    /// Whether the source is believed first in every window.
    #[must_use]
    pub fn is_always_first(&self, fact: FactKind, source: Source) -> bool {
        let mut rules = self.rules.iter().filter(|rule| rule.fact == fact);
        rules.all(|rule| rule.sources.first() == Some(&source))
    }

    /// The window of a day, given the day training starts or should.
    #[must_use]
    pub fn window(&self, day: Date, start: Option<Date>) -> Window {
        let Some(start) = start else {
            return Window::StartToCensus;
        };
        if day < start {
            return Window::BeforeStart;
        }
        if day >= self.calendar.signed_off_from(start) {
            return Window::AfterSignOff;
        }
        match self.calendar.census_of(start) {
            Some(census) if day >= census => Window::CensusToSignOff,
            Some(_) | None => Window::StartToCensus,
        }
    }

    /// The edges at which the source's say in the fact changes.
    #[must_use]
    pub fn edges(&self, fact: FactKind, source: Source) -> Edges {
        let say = |window| {
            (
                self.rank(fact, window, source),
                self.settles(fact, window, source),
            )
        };
        let [before, ambiguous, counted, after] = Window::PARTS.map(say);
        Edges {
            start: before != ambiguous || before != counted || before != after,
            census: ambiguous != counted,
            sign_off: counted != after || ambiguous != after,
        }
    }

    /// The days around a start on which an edge lies.
    pub fn edge_days(&self, edges: Edges, start: Date) -> impl Iterator<Item = Date> {
        let calendar = &self.calendar;
        let census = edges.census.then(|| calendar.census_of(start)).flatten();
        let sign_off = edges.sign_off.then(|| calendar.signed_off_from(start));
        let start = edges.start.then_some(start);
        [start, census, sign_off].into_iter().flatten()
    }

    /// Whether an induction begun on `start` still makes an early career teacher on `day`.
    #[must_use]
    pub fn induction_is_recent(&self, start: Date, day: Date) -> bool {
        day < months_after(start, 12 * self.thresholds.induction_recent_years)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn who_settles_training_depends_on_the_date() {
        let policy = Policy::first();
        let start = Some(date(2026, 9, 3));
        for (day, settled) in [
            (date(2026, 8, 1), true),
            (date(2026, 9, 3), false),
            (date(2026, 10, 31), false),
            (date(2026, 11, 1), true),
        ] {
            assert_eq!(
                policy.settles(FactKind::Training, policy.window(day, start), Source::Register),
                settled,
                "{day}"
            );
        }
        assert!(policy.settles(
            FactKind::Place,
            policy.window(date(2026, 8, 31), start),
            Source::Apply
        ));
        assert!(!policy.settles(
            FactKind::Place,
            policy.window(date(2026, 9, 4), start),
            Source::Apply
        ));
    }

    #[test]
    fn the_windows_part_a_life_around_its_start() {
        let policy = Policy::first();
        for (day, start, expected) in [
            (date(2026, 9, 2), date(2026, 9, 3), Window::BeforeStart),
            (date(2026, 9, 3), date(2026, 9, 3), Window::StartToCensus),
            (date(2026, 10, 13), date(2026, 9, 3), Window::StartToCensus),
            (date(2026, 10, 14), date(2026, 9, 3), Window::CensusToSignOff),
            (date(2026, 10, 31), date(2026, 9, 3), Window::CensusToSignOff),
            (date(2026, 11, 1), date(2026, 9, 3), Window::AfterSignOff),
            // Late starters are there when the census is over.
            (date(2026, 10, 20), date(2026, 10, 20), Window::CensusToSignOff),
            // The winter wave has no census.
            (date(2027, 2, 28), date(2027, 1, 5), Window::StartToCensus),
            (date(2027, 3, 1), date(2027, 1, 5), Window::AfterSignOff),
        ] {
            assert_eq!(policy.window(day, Some(start)), expected, "{day} after {start}");
        }
        assert_eq!(policy.window(date(2026, 9, 3), None), Window::StartToCensus);
    }

    #[test]
    fn every_fact_has_one_rule_in_every_window() {
        let policy = Policy::first();
        for fact in FactKind::ALL {
            for window in Window::PARTS {
                let rules = policy.rules.iter().filter(|rule| {
                    rule.fact == fact && (rule.window == window || rule.window == Window::Always)
                });
                assert_eq!(rules.count(), 1, "{fact:?} {window:?}");
            }
        }
        let name = policy
            .rule(FactKind::Training, Window::AfterSignOff)
            .map(Rule::name);
        assert_eq!(
            name.map(|name| name.to_string()),
            Some("training.after_sign_off".to_owned())
        );
    }

    #[test]
    fn only_edges_that_change_a_say_are_days_to_look_at() {
        let mut policy = Policy::first();
        let start = date(2026, 9, 3);
        let days = |policy: &Policy, fact, source| -> Vec<Date> {
            policy.edge_days(policy.edges(fact, source), start).collect()
        };
        let (census, sign_off) = (date(2026, 10, 14), date(2026, 11, 1));
        assert_eq!(
            days(&policy, FactKind::Training, Source::Register),
            [start, sign_off]
        );
        assert_eq!(days(&policy, FactKind::Training, Source::Trs), []);
        assert_eq!(days(&policy, FactKind::Place, Source::Apply), [start]);
        for rule in &mut policy.rules {
            if rule.name().to_string() == "training.census_to_sign_off" {
                rule.settles = Some(Source::Register);
            }
        }
        // A wave without a census goes from the ambiguous weeks to sign-off at once.
        assert_eq!(
            days(&policy, FactKind::Training, Source::Register),
            [start, census, sign_off]
        );
    }
}
