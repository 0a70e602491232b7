//! A policy as a page for people, in Markdown. The page of the version in the repository is `docs/source-of-truth.md`.

use ltr_domain::calendar::{CycleEnd, MonthDay, Wave};
use ltr_domain::ids::Source;
use ltr_domain::policy::{Rule, RuleName};

use crate::document::{Document, Remark};

/// The page.
#[must_use]
pub fn page(document: &Document) -> String {
    let policy = &document.policy;
    let mut page = format!(
        "# Whom to believe, version {}\n\n{}.\n\n",
        policy.version, document.title
    );
    page.push_str(INTRODUCTION);
    page.push_str("\n## By fact\n\n");
    page.push_str(&by_fact(document));
    if !document.periods.is_empty() {
        page.push_str("\n## By period\n\n");
        page.push_str(&by_period(document));
    }
    page.push_str("\n## The calendar\n\n");
    page.push_str(&the_calendar(document));
    page.push_str("\n## Thresholds\n\n");
    page.push_str(&thresholds(document));
    page.push_str("\n## Silence\n\n");
    page.push_str(&silence(document));
    page.push_str("\n## Alerts that prohibit from teaching\n\n");
    page.push_str(&prohibitions(document));
    if !document.unresolved.is_empty() {
        page.push_str(
            "\n## Not resolved yet\n\nFacts that no answer tells yet, and who would be believed.\n\n",
        );
        page.push_str(&unresolved(document));
    }
    page
}

const INTRODUCTION: &str = "\
Sources are named in the order in which they are believed.
The word of the one that settles a fact is *confirmed*, any other's *provisional*; what nobody said is *presumed*.
The name of a rule is the same in every version.
";

fn by_fact(document: &Document) -> String {
    let rules = document.policy.rules.iter().zip(&document.on_rules);
    let rows = rules.map(|(rule, remark)| {
        [
            format!("`{}`", rule.name()),
            believed(rule),
            settled(rule).to_owned(),
            remarked(remark),
        ]
    });
    table(["rule", "believed", "settled by", "why"], rows)
}

fn by_period(document: &Document) -> String {
    let rows = document.periods.iter().map(|period| {
        let rules: Vec<String> = period
            .rules
            .iter()
            .map(|name| in_words(document, *name))
            .collect();
        [
            period.name.clone(),
            rules.join("; "),
            period.confidence.clone(),
            period.note.clone(),
        ]
    });
    table(["period", "believed", "confidence", "note"], rows)
}

fn in_words(document: &Document, name: RuleName) -> String {
    let fact = name.fact.token();
    match document.policy.rule(name.fact, name.window) {
        Some(rule) => format!("{fact}: {}, settled by {}", believed(rule), settled(rule)),
        None => fact.to_owned(),
    }
}

fn the_calendar(document: &Document) -> String {
    let calendar = &document.policy.calendar;
    let waves = calendar.waves.iter().zip(&document.on_waves);
    let rows = waves.map(|(wave, remark)| {
        [
            wave.name.clone(),
            format!("{} to {}", day(wave.first), day(wave.last)),
            census(wave),
            format!("from {}", day(wave.signed_off_from)),
            remark.note.clone(),
        ]
    });
    let mut text = table(["wave", "starts", "census", "signed off", "note"], rows);
    text.push_str(&format!(
        "\nA start outside every wave is signed off {} months later.\n\
         From {} on, silence about a start may tell that there was none.\n",
        calendar.signed_off_after_months,
        day(calendar.no_show_on)
    ));
    text.push_str(
        "\nHow a recruitment cycle ends at Apply, each day to its end in London: what still waits then is ended by it, presumed.\n\n",
    );
    let of_year = |year: String, end: &CycleEnd| {
        [
            year,
            day(end.reject_by_default),
            day(end.decline_by_default),
            day(end.closes),
        ]
    };
    let others = calendar.cycle_ends.iter();
    let rows = others
        .map(|(year, end)| of_year(year.to_string(), end))
        .chain([of_year("every other".to_owned(), &calendar.cycle_end)]);
    text.push_str(&table(
        ["cycle", "rejected by default", "declined by default", "closes"],
        rows,
    ));
    text.push('\n');
    for milestone in &calendar.milestones {
        text.push_str(&format!("`{}` is on {}.\n", milestone.name, day(milestone.on)));
    }
    text
}

fn census(wave: &Wave) -> String {
    let Some(census) = wave.census else {
        return "none".to_owned();
    };
    let nth = match census.nth() {
        1 => "first",
        2 => "second",
        3 => "third",
        _ => "fourth",
    };
    format!("{nth} {}", census.in_year(ANY_YEAR).strftime("%A of %B"))
}

/// Weekdays and months have the same names in all of them; a leap year has every day.
const ANY_YEAR: i16 = 2_000;

fn day(day: MonthDay) -> String {
    day.in_year(ANY_YEAR).strftime("%-d %B").to_string()
}

fn thresholds(document: &Document) -> String {
    let thresholds = &document.policy.thresholds;
    let rows = [
        (
            "award_contested_days",
            thresholds.award_contested_days,
            "days after which an award that TRS does not hold is contested",
        ),
        (
            "between_posts_months",
            thresholds.between_posts_months,
            "months after a post's end until which a person is between posts",
        ),
        (
            "induction_recent_years",
            thresholds.induction_recent_years,
            "years after its start until which an induction in progress makes an early career teacher",
        ),
        (
            "route_live_months",
            thresholds.route_live_months,
            "months after its planned end until which an unfinished TRS route counts",
        ),
        (
            "no_show_coverage_percent",
            thresholds.no_show_coverage_percent.cast_signed(),
            "percent of a provider's trainees that must carry their application's number, and of its recruits that must have turned up, before silence tells",
        ),
    ];
    let rows =
        rows.map(|(name, value, meaning)| [format!("`{name}`"), value.to_string(), meaning.to_owned()]);
    table(["threshold", "value", "meaning"], rows)
}

fn silence(document: &Document) -> String {
    let rows = Source::ALL.map(|source| {
        let days = document.policy.staleness.days_of(source);
        [source.token().to_owned(), format!("{days} days")]
    });
    table(["source", "stale after"], rows)
}

fn prohibitions(document: &Document) -> String {
    let categories = document.policy.prohibition_categories.iter();
    let rows = categories
        .zip(&document.category_names)
        .map(|(category, name)| [format!("`{category}`"), name.clone()]);
    table(["category", "name"], rows)
}

fn unresolved(document: &Document) -> String {
    let rows = document.unresolved.iter().map(|row| {
        [
            row.fact.clone(),
            or_dash(row.order.join(", then ")),
            row.note.clone(),
        ]
    });
    table(["fact", "would be believed", "note"], rows)
}

fn believed(rule: &Rule) -> String {
    let sources: Vec<&str> = rule.sources.iter().map(|source| source.token()).collect();
    or_dash(sources.join(", then "))
}

fn settled(rule: &Rule) -> &'static str {
    rule.settles.map_or("nobody", Source::token)
}

fn remarked(remark: &Remark) -> String {
    match (remark.note.as_str(), remark.authority.as_str()) {
        (note, "") => note.to_owned(),
        ("", authority) => format!("({authority})"),
        (note, authority) => format!("{note} ({authority})"),
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(&head.map(ToOwned::to_owned));
    text.push_str(&line(&[(); N].map(|()| "---".to_owned())));
    for row in rows {
        text.push_str(&line(&row));
    }
    text
}

/// A cell must stay one: neither a bar nor a new line may end it.
fn cell_text(cell: &str) -> String {
    cell.replace('|', "\\|")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
