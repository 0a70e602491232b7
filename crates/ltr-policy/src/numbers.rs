//! Thresholds, staleness and prohibiting categories.

use std::collections::BTreeSet;

use ltr_domain::ids::Source;
use ltr_domain::policy::{Staleness, Thresholds};

use crate::reading::{Reading, Section};

const THRESHOLDS: [&str; 5] = [
    "award_contested_days",
    "between_posts_months",
    "induction_recent_years",
    "route_live_months",
    "no_show_coverage_percent",
];

/// Reads `[thresholds]`.
pub(crate) fn thresholds(root: &Section<'_>, reading: &mut Reading<'_>) -> Option<Thresholds> {
    let section = root.section("thresholds", "[thresholds]", &THRESHOLDS, reading)?;
    let days = section.number("award_contested_days", 1..=3_650, reading);
    let posts = section.number("between_posts_months", 1..=600, reading);
    let years = section.number("induction_recent_years", 1..=50, reading);
    let route = section.number("route_live_months", 1..=600, reading);
    let percent = section.number("no_show_coverage_percent", 1..=100, reading);
    Some(Thresholds {
        award_contested_days: days?,
        between_posts_months: posts?,
        induction_recent_years: years?,
        route_live_months: route?,
        no_show_coverage_percent: percent?.unsigned_abs(),
    })
}

/// Reads `[staleness_days]`.
pub(crate) fn staleness(root: &Section<'_>, reading: &mut Reading<'_>) -> Option<Staleness> {
    let keys = Source::ALL.map(Source::token);
    let section = root.section("staleness_days", "[staleness_days]", &keys, reading)?;
    let mut of = |source: Source| section.number(source.token(), 1..=3_650, reading);
    let (apply, register, trs, teaching_vacancies) = (
        of(Source::Apply),
        of(Source::Register),
        of(Source::Trs),
        of(Source::TeachingVacancies),
    );
    Some(Staleness {
        apply_days: apply?,
        register_days: register?,
        trs_days: trs?,
        teaching_vacancies_days: teaching_vacancies?,
    })
}

/// Reads every `[[prohibition]]`: the category's id and its name. Without one nobody could be told to be prohibited.
pub(crate) fn prohibitions(root: &Section<'_>, reading: &mut Reading<'_>) -> Vec<(String, String)> {
    let sections = root.sections("prohibition", "[[prohibition]]", &["category", "name"], reading);
    if sections.is_empty() && !root.has("prohibition") {
        let instead = "add a [[prohibition]] with the category's id";
        reading.mistake(root.at, "no category of alert prohibits", instead);
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for section in sections {
        let name = section.text("name", "\"what it is called\"", reading);
        let example = "\"b2b19019-b165-47a3-8745-3297ff152581\"";
        let Some(category) = section.text("category", example, reading) else {
            continue;
        };
        if !is_uuid(category.value) {
            let what = format!("{:?} is not the id of a category", category.value);
            reading.mistake(
                category.at,
                what,
                format!("write it as TRS does: category = {example}"),
            );
        } else if !seen.insert(category.value) {
            reading.mistake(
                category.at,
                "this category is there already",
                "leave one of them out",
            );
        }
        let name = name.map(|name| name.value).unwrap_or_default();
        found.push((category.value.to_owned(), name.to_owned()));
    }
    found
}

/// Whether it is a UUID in lower case, the form in which TRS sends it and in which it is compared.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}
