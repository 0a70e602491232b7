//! Explanations, changes of the source of truth and differences, as documents for people and as JSON for programs.

use ltr_proto::record::{Caveat, Certainty, FactExplanation, Resolution, Teacher};
use ltr_proto::view;

use crate::words;

mod answer;
mod difference;
mod dossier;
mod json;
mod sources;

pub(crate) use answer::explanation;
pub(crate) use difference::difference;
pub(crate) use dossier::{ChainState, Dossier, MessageLine, PolicyText};
pub(crate) use json::{difference_json, explanation_json, source_change_json};
pub(crate) use sources::{sources, sources_of_all};

use crate::document::Shade;

/// Of whom and of which moment an answer is.
fn of_which_moment(teacher: &Teacher) -> String {
    let as_of = teacher.as_of.clone().unwrap_or_default();
    let known = as_of
        .known_at
        .as_ref()
        .map(|at| format!(", knowing what was known by {}", words::by(at)))
        .unwrap_or_default();
    format!(
        "{} on {}{known}",
        teacher.name,
        words::day_text(&as_of.effective_on)
    )
}

/// `in_training since 3 Sep 2026, confirmed`.
fn value_since(resolution: &Resolution) -> String {
    let since = if resolution.since.is_empty() {
        String::new()
    } else {
        format!(" since {}", words::day_text(&resolution.since))
    };
    let caveats: Vec<_> = resolution
        .caveats()
        .filter(|caveat| *caveat != Caveat::Unspecified)
        .map(|caveat| view::caveat_token(caveat).replace('_', " "))
        .collect();
    let with = if caveats.is_empty() {
        String::new()
    } else {
        format!(" ({})", caveats.join(", "))
    };
    if resolution.certainty() == Certainty::Unknown {
        return format!("{}{since}{with}", resolution.value);
    }
    format!(
        "{}{since}, {}{with}",
        resolution.value,
        view::certainty_token(resolution.certainty())
    )
}

/// How a bar is drawn for that certainty.
fn shade(certainty: Certainty) -> Shade {
    match certainty {
        Certainty::Confirmed => Shade::Full,
        Certainty::Provisional => Shade::Half,
        Certainty::Presumed => Shade::Light,
        Certainty::Unknown | Certainty::Unspecified => Shade::Dashed,
    }
}

/// A fact's name as people read it.
fn fact_name(fact: &FactExplanation) -> String {
    fact.fact.replace('_', " ")
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text.to_owned()
    }
}
