//! The first version is the core's own; every mistake is told where it is; the page follows the text.

use expect_test::{Expect, expect, expect_file};
use ltr_domain::policy::Policy;

use super::*;

fn first() -> Document {
    parse(FIRST).expect("the first version has no mistake")
}

/// The first version with `old` replaced; it must be there.
fn with(old: &str, new: &str) -> String {
    assert!(FIRST.contains(old), "{old:?} is in the first version");
    FIRST.replacen(old, new, 1)
}

fn check(text: &str, expected: Expect) {
    let told = match parse(text) {
        Ok(_) => "no mistake".to_owned(),
        Err(mistakes) => mistakes.to_string(),
    };
    expected.assert_eq(&told);
}

#[test]
fn the_first_version_is_the_one_built_into_the_core() {
    assert_eq!(first().policy, Policy::first());
}

#[test]
fn the_page_in_the_docs_is_made_from_the_text() {
    let head = "<!-- Made from crates/ltr-policy/policies/v1.toml by a test of ltr-policy; UPDATE_EXPECT=1 writes it anew. -->\n\n";
    expect_file!["../../../docs/source-of-truth.md"].assert_eq(&format!("{head}{}", page(&first())));
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let text = FIRST
        .replace(
            "fact = \"training\"\nwindows = [\"census_to_sign_off\"]",
            "fact = \"trainings\"\nwindows = [\"census_to_sign_off\"]",
        )
        .replace(
            "windows = [\"start_to_census\", \"census_to_sign_off\", \"after_sign_off\"]",
            "windows = [\"start_to_census\", \"before_start\"]",
        )
        .replace(
            "fact = \"induction\"\nwindows = [\"always\"]\nsources = [\"trs\"]",
            "fact = \"induction\"\nwindows = [\"always\"]\nsources = []",
        )
        .replace("signed_off_from = \"11-01\"", "signed_off_from = \"11-31\"")
        .replace("trs = 8\n", "")
        .replace("nth = 2", "nth = \"second\"");
    check(
        &text,
        expect![[r#"
            26:31: place.before_start overlaps place.before_start of line 18; give every window of a fact to one rule
            50:8: there is no fact "trainings"; write one of place, training, qualified_status, induction, employment, restriction
            78:11: the rule for induction has no source; write one or more of trs
            107:1: [staleness_days] lacks `trs`; add trs = 1
            123:41: `nth` cannot be of kind string; write nth = 1
            124:19: "11-31" is a day that no year has; write a day that the calendar has, month first"#]],
    );
}

#[test]
fn a_text_that_is_no_toml_is_refused_where_it_ends_to_be_one() {
    check(
        &with("version = 1\n", "version = = 1\n"),
        expect![[r#"
            10:11: extra `=`, expected nothing
            10:13: unexpected key or value, expected newline, `#`"#]],
    );
    check(
        "",
        expect![[r#"
        1:1: [calendar] is missing; add the table [calendar]
        1:1: [staleness_days] is missing; add the table [staleness_days]
        1:1: [thresholds] is missing; add the table [thresholds]
        1:1: no category of alert prohibits; add a [[prohibition]] with the category's id
        1:1: no rule tells of employment; add a [[rule]] with fact = "employment"
        1:1: no rule tells of induction; add a [[rule]] with fact = "induction"
        1:1: no rule tells of place; add a [[rule]] with fact = "place"
        1:1: no rule tells of qualified_status; add a [[rule]] with fact = "qualified_status"
        1:1: no rule tells of restriction; add a [[rule]] with fact = "restriction"
        1:1: no rule tells of training; add a [[rule]] with fact = "training"
        1:1: the policy lacks `title`; add title = "what this version is for"
        1:1: the policy lacks `version`; add version = 1"#]],
    );
    check(
        "version = 2\nversion = 3\n",
        expect![[r#"
        1:1: [calendar] is missing; add the table [calendar]
        1:1: [staleness_days] is missing; add the table [staleness_days]
        1:1: [thresholds] is missing; add the table [thresholds]
        1:1: no category of alert prohibits; add a [[prohibition]] with the category's id
        1:1: no rule tells of employment; add a [[rule]] with fact = "employment"
        1:1: no rule tells of induction; add a [[rule]] with fact = "induction"
        1:1: no rule tells of place; add a [[rule]] with fact = "place"
        1:1: no rule tells of qualified_status; add a [[rule]] with fact = "qualified_status"
        1:1: no rule tells of restriction; add a [[rule]] with fact = "restriction"
        1:1: no rule tells of training; add a [[rule]] with fact = "training"
        1:1: the policy lacks `title`; add title = "what this version is for"
        2:1: duplicate key"#]],
    );
}

#[test]
fn windows_of_a_fact_neither_overlap_nor_leave_a_gap() {
    let training = "fact = \"training\"\nwindows = [\"after_sign_off\"]";
    check(
        &with(training, "fact = \"training\"\nwindows = [\"always\"]"),
        expect![
            "58:12: training.always overlaps training.before_start of line 36; give every window of a fact to one rule"
        ],
    );
    check(
        &with(training, "fact = \"training\"\nwindows = []"),
        expect![[
            r#"58:11: the rule holds in no window; write windows = ["always"], or the windows in which the rule holds"#
        ]],
    );
    check(
        &with(
            "windows = [\"start_to_census\", \"census_to_sign_off\", \"after_sign_off\"]",
            "windows = [\"after_sign_off\"]",
        ),
        expect![[r#"
            17:8: no rule tells of place.census_to_sign_off; add "census_to_sign_off" to the windows of one of its rules
            17:8: no rule tells of place.start_to_census; add "start_to_census" to the windows of one of its rules"#]],
    );
    check(
        &with("fact = \"employment\"", "fact = \"restriction\""),
        expect!["85:11: the rule for restriction has no source; write one or more of trs"],
    );
    check(
        &with(
            "windows = [\"always\"]\nsources = [\"trs\", \"register\"]",
            "windows = [\"after_sign_off\"]\nsources = [\"trs\", \"register\"]",
        ),
        expect![[
            r#"69:12: qualified_status is resolved for a whole life at once; write windows = ["always"]"#
        ]],
    );
}

#[test]
fn sources_are_those_that_speak_of_the_fact() {
    let status = "sources = [\"trs\", \"register\"]\nsettles = \"trs\"";
    check(
        &with(status, "sources = [\"register\", \"trs\"]\nsettles = \"trs\""),
        expect!["70:11: without trs nothing can be told of qualified_status; name trs first"],
    );
    check(
        &with(status, "sources = [\"trs\", \"apply\"]\nsettles = \"trs\""),
        expect!["70:19: apply says nothing of qualified_status; write one or more of trs, register"],
    );
    check(
        &with(status, "sources = [\"trs\", \"trs\"]\nsettles = \"trs\""),
        expect!["70:19: trs is named twice; name each source once, in the order of belief"],
    );
    check(
        &with(status, "sources = [\"trs\"]\nsettles = \"register\""),
        expect![[
            r#"71:11: "register" is not among the rule's sources, so it settles nothing; name one of the sources, or leave `settles` out"#
        ]],
    );
    check(
        &with(status, "sources = \"trs\"\nsettles = \"trs\""),
        expect![[r#"70:11: `sources` cannot be of kind string; write sources = ["register", "trs"]"#]],
    );
    check(
        &with(status, "settles = \"dqt\""),
        expect![[r#"
        67:1: [[rule]] lacks `sources`; add sources = ["register", "trs"]
        70:11: "dqt" is not among the rule's sources, so it settles nothing; name one of the sources, or leave `settles` out"#]],
    );
}

#[test]
fn days_and_waves_are_those_a_year_can_have() {
    check(
        &with("no_show_on = \"12-15\"", "no_show_on = \"15 December\""),
        expect![[
            r#"118:14: "15 December" is not a day of the year; write month and day as no_show_on = "11-01""#
        ]],
    );
    check(
        &with("last_start = \"02-29\"", "last_start = \"02-30\""),
        expect![[
            r#"131:14: "02-30" is a day that no year has; write a day that the calendar has, month first"#
        ]],
    );
    check(
        &with("first_start = \"11-01\"", "first_start = \"10-15\""),
        expect![
            "128:1: the winter wave overlaps the autumn wave on 10-15; let every start fall into one wave at most"
        ],
    );
    check(
        &with("signed_off_from = \"11-01\"", "signed_off_from = \"10-20\""),
        expect![
            "125:19: the autumn wave would be signed off before its last start; write a day after last_start"
        ],
    );
    check(
        &with("month = 10 }", "month = 11 }"),
        expect![
            "124:10: the autumn wave's census would not be before its sign-off; write an earlier census, or a later signed_off_from"
        ],
    );
    check(
        &with("name = \"winter\"", "name = \"autumn\""),
        expect![[r#"128:1: there are two waves "autumn"; give each wave a name of its own"#]],
    );
    check(
        &with("name = \"apply_opens\"", "name = \"Apply opens\""),
        expect![[
            r#"136:8: "Apply opens" cannot be a name in the calendar; write small letters, digits and _ only"#
        ]],
    );
    check(
        &with("name = \"apply_opens\"", "name = \"no_show\""),
        expect![[r#"136:8: the calendar has a milestone "no_show" already; give it a name of its own"#]],
    );
    check(
        &with("weekday = \"wednesday\"", "weekday = \"Weds\""),
        expect![[
            r#"124:22: there is no weekday "Weds"; write one of monday, tuesday, wednesday, thursday, friday, saturday, sunday"#
        ]],
    );
}

#[test]
fn numbers_are_whole_and_within_bounds() {
    check(
        &with("award_contested_days = 14", "award_contested_days = 0"),
        expect!["100:24: `award_contested_days` cannot be 0; write a whole number from 1 to 3650"],
    );
    check(
        &with("award_contested_days = 14", "award_contested_days = 14.5"),
        expect!["100:24: `award_contested_days` cannot be of kind float; write award_contested_days = 1"],
    );
    check(
        &with("no_show_coverage_percent = 80", "no_show_coverage_percent = 180"),
        expect!["104:28: `no_show_coverage_percent` cannot be 180; write a whole number from 1 to 100"],
    );
    check(
        &with("between_posts_months", "between_post_months"),
        expect![[r#"
            99:1: [thresholds] lacks `between_posts_months`; add between_posts_months = 1
            101:1: [thresholds] has no key `between_post_months`; write one of award_contested_days, between_posts_months, induction_recent_years, route_live_months, no_show_coverage_percent"#]],
    );
    check(
        &with("version = 1", "version = \"1\""),
        expect!["10:11: `version` cannot be of kind string; write version = 1"],
    );
    check(
        &with("b2b19019", "B2B19019"),
        expect![[
            r#"142:12: "B2B19019-b165-47a3-8745-3297ff152581" is not the id of a category; write it as TRS does: category = "b2b19019-b165-47a3-8745-3297ff152581""#
        ]],
    );
}

/// A slip of the hand anywhere in the file is a mistake or another policy; it is never a panic, and never refused
/// without saying where.
#[test]
fn a_cut_text_is_refused_with_a_place_or_is_a_policy() {
    for (at, _) in FIRST.char_indices() {
        let cut = &FIRST[..at];
        if let Err(mistakes) = parse(cut) {
            assert!(!mistakes.0.is_empty(), "cut at {at}");
            let lines = cut.lines().count().max(1);
            assert!(
                mistakes.0.iter().all(|one| one.line <= lines + 1),
                "cut at {at}: {mistakes}"
            );
        }
    }
    let lines: Vec<&str> = FIRST.lines().collect();
    for left_out in 0..lines.len() {
        let kept = lines.iter().enumerate().filter(|(line, _)| *line != left_out);
        let text: Vec<&str> = kept.map(|(_, line)| *line).collect();
        if let Err(mistakes) = parse(&text.join("\n")) {
            assert!(!mistakes.0.is_empty(), "without line {}", left_out + 1);
        }
    }
}

#[test]
fn columns_count_characters() {
    check(
        &with(
            "authority = \"U§14c: accepted place; accepted to planned start\"\nnote",
            "authority = \"U§14c\", x = 1\nnote",
        ),
        expect!["21:20: unexpected key or value, expected newline, `#`"],
    );
}

#[test]
fn the_table_by_period_names_rules_that_there_are() {
    check(
        &with(
            "rules = [\"induction.always\"]",
            "rules = [\"induction.after_sign_off\"]",
        ),
        expect![[
            r#"192:10: there is no rule "induction.after_sign_off"; write fact.window of one of the rules, such as training.after_sign_off"#
        ]],
    );
}
