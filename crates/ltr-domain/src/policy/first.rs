//! The first version, in force until another is adopted. `crates/ltr-policy/policies/v1.toml` says the same in words, and
//! a test there holds them together: the core needs a policy although it can read no text.

use std::collections::BTreeMap;

use jiff::civil::Weekday;

use super::{FactKind, Policy, Rule, Staleness, Thresholds, Window};
use crate::calendar::{Calendar, CycleEnd, Milestone, MonthDay, NthWeekday, Wave};
use crate::ids::Source;

impl Policy {
    /// The first version (U§14c and S001).
    #[must_use]
    pub fn first() -> Self {
        Self {
            version: 1,
            rules: rules(),
            thresholds: Thresholds {
                award_contested_days: 14,
                between_posts_months: 6,
                induction_recent_years: 6,
                route_live_months: 12,
                no_show_coverage_percent: 50,
            },
            calendar: calendar(),
            prohibition_categories: vec!["b2b19019-b165-47a3-8745-3297ff152581".to_owned()],
            staleness: Staleness {
                apply_days: 8,
                register_days: 8,
                trs_days: 8,
                teaching_vacancies_days: 32,
            },
        }
    }
}

fn rules() -> Vec<Rule> {
    use FactKind as F;
    use Source::{Apply, Register, Trs};
    use Window as W;
    let rule = |fact, window, sources: &[Source], settles| Rule {
        fact,
        window,
        sources: sources.to_vec(),
        settles,
    };
    vec![
        rule(F::Place, W::BeforeStart, &[Apply], Some(Apply)),
        rule(F::Place, W::StartToCensus, &[Apply], None),
        rule(F::Place, W::CensusToSignOff, &[Apply], None),
        rule(F::Place, W::AfterSignOff, &[Apply], None),
        rule(F::Training, W::BeforeStart, &[Register, Trs], Some(Register)),
        rule(F::Training, W::StartToCensus, &[Register, Trs], None),
        rule(F::Training, W::CensusToSignOff, &[Register, Trs], None),
        rule(F::Training, W::AfterSignOff, &[Register, Trs], Some(Register)),
        rule(F::QualifiedStatus, W::Always, &[Trs, Register], Some(Trs)),
        rule(F::Induction, W::Always, &[Trs], Some(Trs)),
        rule(F::Employment, W::Always, &[], None),
        rule(F::Restriction, W::Always, &[Trs], Some(Trs)),
    ]
}

fn calendar() -> Calendar {
    let day = |month, day| MonthDay::new(month, day).expect("every year has this day");
    let cycle_end = |reject_by_default, decline_by_default, closes| CycleEnd {
        reject_by_default,
        decline_by_default,
        closes,
    };
    let census = NthWeekday::new(10, 2, Weekday::Wednesday).expect("every October has it");
    Calendar {
        waves: vec![
            Wave {
                name: "autumn".to_owned(),
                first: day(8, 1),
                last: day(10, 31),
                census: Some(census),
                signed_off_from: day(11, 1),
            },
            Wave {
                name: "winter".to_owned(),
                first: day(11, 1),
                last: day(2, 29),
                census: None,
                signed_off_from: day(3, 1),
            },
        ],
        signed_off_after_months: 2,
        no_show_on: day(12, 15),
        cycle_end: cycle_end(day(9, 24), day(9, 29), day(9, 30)),
        cycle_ends: BTreeMap::from([
            (2019, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
            (2020, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
            (2021, cycle_end(day(9, 29), day(10, 2), day(10, 3))),
            (2022, cycle_end(day(9, 28), day(10, 2), day(10, 3))),
            (2023, cycle_end(day(9, 27), day(10, 1), day(10, 2))),
            (2024, cycle_end(day(9, 25), day(9, 29), day(9, 30))),
        ]),
        milestones: vec![Milestone {
            name: "apply_opens".to_owned(),
            on: day(10, 8),
        }],
    }
}
