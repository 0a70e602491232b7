//! A policy's whole text: the policy itself, and what the text says beside it for the people who read it.

use ltr_domain::policy::{Policy, RuleName};
use toml::de::DeTable;

use crate::mistake::Mistakes;
use crate::reading::{Reading, Section};
use crate::{calendar, numbers, periods, rules};

const KEYS: [&str; 9] = [
    "version",
    "title",
    "rule",
    "thresholds",
    "staleness_days",
    "calendar",
    "prohibition",
    "period",
    "unresolved",
];

/// Why something is so, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// Where it comes from, such as `U§14c`.
    pub authority: String,
    /// What else to know.
    pub note: String,
}

/// A stretch of a life as people speak of it, and the rules that hold in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// What it is called.
    pub name: String,
    /// The rules that hold in it, the most telling first.
    pub rules: Vec<RuleName>,
    /// How sure answers can be in it, in words.
    pub confidence: String,
    /// What else to know.
    pub note: String,
}

/// A fact that no answer resolves yet, and whom it would be believed of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// What it is called.
    pub fact: String,
    /// Who would be believed, first to last.
    pub order: Vec<String>,
    /// What else to know.
    pub note: String,
}

/// A policy with what its text says for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The policy.
    pub policy: Policy,
    /// What it is called.
    pub title: String,
    /// A remark on each rule, in the order of the policy's rules.
    pub on_rules: Vec<Remark>,
    /// A remark on each wave, in the order of the calendar's waves.
    pub on_waves: Vec<Remark>,
    /// What each prohibiting category is called, in the policy's order.
    pub category_names: Vec<String>,
    /// Stretches of a life, with the rules that hold in them.
    pub periods: Vec<Period>,
    /// Facts that no answer resolves yet.
    pub unresolved: Vec<Unresolved>,
}

/// Reads a policy.
///
/// # Errors
///
/// A text with mistakes: all of them at once, by line and column.
pub fn parse(text: &str) -> Result<Document, Mistakes> {
    let mut reading = Reading::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        reading.mistake(at, error.message(), "");
    }
    let document = document(table.get_ref(), &mut reading);
    let mistakes = reading.into_mistakes();
    match document {
        Some(document) if mistakes.is_empty() => Ok(document),
        Some(_) | None => Err(Mistakes(mistakes)),
    }
}

fn document(table: &DeTable<'_>, reading: &mut Reading<'_>) -> Option<Document> {
    let root = Section::open("the policy", 0, table, &KEYS, reading);
    let version = root.number("version", 1..=1_000_000, reading);
    let title = root.text("title", "\"what this version is for\"", reading);
    let rules = rules::read(&root, reading);
    let thresholds = numbers::thresholds(&root, reading);
    let staleness = numbers::staleness(&root, reading);
    let calendar = calendar::read(&root, reading);
    let prohibitions = numbers::prohibitions(&root, reading);
    let periods = periods::read(&root, &rules, reading);
    let unresolved = unresolved(&root, reading);
    let (rules, on_rules) = rules.into_iter().unzip();
    let (prohibition_categories, category_names) = prohibitions.into_iter().unzip();
    let (calendar, on_waves) = calendar?;
    Some(Document {
        policy: Policy {
            version: version?.unsigned_abs(),
            rules,
            thresholds: thresholds?,
            calendar,
            prohibition_categories,
            staleness: staleness?,
        },
        title: title?.value.to_owned(),
        on_rules,
        on_waves,
        category_names,
        periods,
        unresolved,
    })
}

fn unresolved(root: &Section<'_>, reading: &mut Reading<'_>) -> Vec<Unresolved> {
    let sections = root.sections(
        "unresolved",
        "[[unresolved]]",
        &["fact", "order", "note"],
        reading,
    );
    let mut found = Vec::new();
    for section in sections {
        let fact = section.text("fact", "\"legal name\"", reading);
        let order = section.texts("order", "[\"TRS\", \"Register\"]", reading);
        let note = section.remark("note", reading);
        if let (Some(fact), Some(order)) = (fact, order) {
            let order = order.value.iter().map(|source| source.value.to_owned());
            found.push(Unresolved {
                fact: fact.value.to_owned(),
                order: order.collect(),
                note,
            });
        }
    }
    found
}
