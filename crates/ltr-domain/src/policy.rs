//! The source-of-truth policy: which source settles which fact, in which window of the year, and the thresholds that
//! time alone crosses. Data, not code; versioned, and every version stays executable.

use jiff::civil::Date;

use crate::calendar::{self, months_after};
use crate::ids::Source;

/// A fact that sources make claims about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// Whether qualified teacher status is held.
    QualifiedStatus,
    /// Where training stands.
    Training,
    /// An accepted place or an application for one.
    Place,
    /// Where induction stands.
    Induction,
    /// Whether the person is in a post.
    Employment,
    /// Whether anything restricts the person from teaching.
    Restriction,
}

impl FactKind {
    /// The name used in rule names, the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::QualifiedStatus => "qualified_status",
            Self::Training => "training",
            Self::Place => "place",
            Self::Induction => "induction",
            Self::Employment => "employment",
            Self::Restriction => "restriction",
        }
    }
}

/// A stretch of time around the start of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// Whatever the day.
    Always,
    /// Before training starts.
    BeforeStart,
    /// From the start until Register is signed off: the ambiguous weeks (S001).
    StartToSignOff,
    /// From sign-off on.
    AfterSignOff,
}

impl Window {
    /// The name used in rule names, the API and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::BeforeStart => "before_start",
            Self::StartToSignOff => "start_to_sign_off",
            Self::AfterSignOff => "after_sign_off",
        }
    }

    /// The window of a day, given the day training starts or should.
    #[must_use]
    pub fn of(day: Date, start: Option<Date>) -> Self {
        match start {
            Some(start) if day < start => Self::BeforeStart,
            Some(start) if day < calendar::signed_off_from(start) => Self::StartToSignOff,
            Some(_) => Self::AfterSignOff,
            None => Self::StartToSignOff,
        }
    }
}

/// Who is entitled to speak of a fact in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Of which fact.
    pub fact: FactKind,
    /// When.
    pub window: Window,
    /// Entitled sources, the one to believe first.
    pub sources: Vec<Source>,
    /// The one that settles it, if one does: its word is confirmed, any other's provisional.
    pub settles: Option<Source>,
}

impl Rule {
    /// Its name, stable between versions of the policy: fact and window, such as `training.after_sign_off`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.{}", self.fact.token(), self.window.token())
    }
}

/// Stretches of time that a policy fixes.
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
}

/// One version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its number; on every answer.
    pub version: u32,
    /// Who settles what, when.
    pub rules: Vec<Rule>,
    /// Stretches of time.
    pub thresholds: Thresholds,
    /// Categories of alert that prohibit from teaching (U§4.4).
    pub prohibition_categories: Vec<String>,
}

impl Policy {
    /// The first version (U§14c and S001).
    #[must_use]
    pub fn first() -> Self {
        use FactKind as F;
        use Source::{Apply, Register, Trs};
        use Window as W;
        let rule = |fact, window, sources: &[Source], settles| Rule {
            fact,
            window,
            sources: sources.to_vec(),
            settles,
        };
        Self {
            version: 1,
            rules: vec![
                rule(F::QualifiedStatus, W::Always, &[Trs, Register], Some(Trs)),
                rule(F::Training, W::BeforeStart, &[Register, Trs], Some(Register)),
                rule(F::Training, W::StartToSignOff, &[Register, Trs], None),
                rule(F::Training, W::AfterSignOff, &[Register, Trs], Some(Register)),
                rule(F::Place, W::BeforeStart, &[Apply], Some(Apply)),
                rule(F::Place, W::StartToSignOff, &[Apply], None),
                rule(F::Place, W::AfterSignOff, &[Apply], None),
                rule(F::Induction, W::Always, &[Trs], Some(Trs)),
                rule(F::Employment, W::Always, &[], None),
                rule(F::Restriction, W::Always, &[Trs], Some(Trs)),
            ],
            thresholds: Thresholds {
                award_contested_days: 14,
                between_posts_months: 6,
                induction_recent_years: 6,
                route_live_months: 12,
            },
            prohibition_categories: vec!["b2b19019-b165-47a3-8745-3297ff152581".to_owned()],
        }
    }

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
                policy.settles(FactKind::Training, Window::of(day, start), Source::Register),
                settled,
                "{day}"
            );
        }
        assert!(policy.settles(
            FactKind::Place,
            Window::of(date(2026, 8, 31), start),
            Source::Apply
        ));
        assert!(!policy.settles(
            FactKind::Place,
            Window::of(date(2026, 9, 4), start),
            Source::Apply
        ));
    }

    #[test]
    fn every_fact_has_a_rule_in_every_window() {
        let policy = Policy::first();
        for fact in [
            FactKind::QualifiedStatus,
            FactKind::Training,
            FactKind::Place,
            FactKind::Induction,
            FactKind::Employment,
            FactKind::Restriction,
        ] {
            for window in [Window::BeforeStart, Window::StartToSignOff, Window::AfterSignOff] {
                assert!(policy.rule(fact, window).is_some(), "{fact:?} {window:?}");
            }
        }
    }
}
