//! When the source of truth changed.

use jiff::civil::Date;
use ltr_proto::record::SourceOfTruthChange;
use ltr_proto::view;

use super::shade;
use crate::document::{Bar, Block, Document};
use crate::words;

/// Of one teacher: what was believed until when and why, then a table and a timeline.
pub(crate) fn sources(title: String, changes: &[SourceOfTruthChange]) -> Document {
    let mut document = Document::new(title);
    tell(&mut document, changes);
    document
}

/// The same as part of another document.
pub(super) fn tell(document: &mut Document, changes: &[SourceOfTruthChange]) {
    if changes.is_empty() {
        document.say("Nothing was believed, and nothing changed.");
        return;
    }
    for (index, change) in changes.iter().enumerate() {
        document.say(sentence(change, changes.get(index + 1)));
    }
    document.table(
        "Who was believed since when",
        &["since", "source", "value", "certainty", "reason", "causes"],
        changes.iter().map(row).collect(),
    );
    let caption = "Who was believed, and how surely: the darker the surer".to_owned();
    let bars = bars(changes);
    document.blocks.push(Block::Timeline { caption, bars });
}

/// Of all teachers over a period: a table, teacher by teacher.
pub(crate) fn sources_of_all(title: String, changes: &[SourceOfTruthChange]) -> Document {
    let mut document = Document::new(title);
    let teachers: std::collections::BTreeSet<_> = changes.iter().map(|change| &change.teacher).collect();
    document.say(format!(
        "{} of {}.",
        counted(changes.len(), "change", "changes"),
        counted(teachers.len(), "teacher", "teachers")
    ));
    let mut rows: Vec<_> = changes.iter().collect();
    rows.sort_by_key(|change| {
        let at = change.since_known_at.as_ref();
        (at.map(|at| (at.seconds, at.nanos)), change.teacher.clone())
    });
    let rows = rows
        .into_iter()
        .map(|change| {
            let before = change.before.as_ref();
            vec![
                since(change).to_string(),
                change.teacher.trim_start_matches("teachers/").to_owned(),
                before.map_or_else(|| "-".to_owned(), words::believed),
                change.after.as_ref().map(words::believed).unwrap_or_default(),
                words::cause_kinds(&change.causes),
            ]
        })
        .collect();
    document.table(
        "Who was believed until then, and from then on",
        &["since", "teacher", "until then", "from then on", "causes"],
        rows,
    );
    document
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn sentence(change: &SourceOfTruthChange, next: Option<&SourceOfTruthChange>) -> String {
    let after = change.after.clone().unwrap_or_default();
    let (who, has) = (words::believed(&after), words::has(&after.reason));
    // Along effective time everything is told as it is believed now, and the day is the only cause.
    if change.since_known_at.is_none() {
        return match next {
            Some(next) => format!("Until {}: {who}, because {has}.", words::day(since(next))),
            None => format!("From {} on: {who}, because {has}.", words::day(since(change))),
        };
    }
    let told = match next {
        Some(next) => format!(
            "Until {} we believed {who}, because {}.",
            words::day(since(next)),
            words::had(&after.reason)
        ),
        None => format!(
            "Since {} we believe {who}, because {has}.",
            words::day(since(change))
        ),
    };
    match next {
        Some(next) if !next.causes.is_empty() => {
            format!("{told} Then came {}.", words::causes(&next.causes))
        }
        Some(_) | None => told,
    }
}

fn row(change: &SourceOfTruthChange) -> Vec<String> {
    let after = change.after.clone().unwrap_or_default();
    let source = after.claim.as_ref().map(|claim| claim.source.clone());
    vec![
        since(change).to_string(),
        source.unwrap_or_else(|| "-".to_owned()),
        after.value.clone(),
        view::certainty_token(after.certainty()),
        after.reason,
        words::cause_kinds(&change.causes),
    ]
}

fn bars(changes: &[SourceOfTruthChange]) -> Vec<Bar> {
    let bar = |(index, change): (usize, &SourceOfTruthChange)| {
        let after = change.after.clone().unwrap_or_default();
        Bar {
            label: words::believed(&after),
            from: since(change),
            to: changes.get(index + 1).map(since),
            shade: shade(after.certainty()),
        }
    };
    changes.iter().enumerate().map(bar).collect()
}

/// The day since which it was so.
fn since(change: &SourceOfTruthChange) -> Date {
    match &change.since_known_at {
        Some(at) => words::london(at),
        None => change.since_on.parse().unwrap_or_default(),
    }
}
