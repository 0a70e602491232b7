//! The rules of a policy: who is believed about which fact in which window.

use ltr_domain::ids::Source;
use ltr_domain::policy::{FactKind, Rule, RuleName, Window};

use crate::document::Remark;
use crate::reading::{At, Reading, Section, listed};

const KEYS: [&str; 6] = ["fact", "windows", "sources", "settles", "authority", "note"];

/// One `[[rule]]`: a rule for each of its windows.
struct Stated {
    fact: At<FactKind>,
    windows: Vec<At<Window>>,
    sources: Vec<Source>,
    settles: Option<Source>,
    remark: Remark,
}

/// Reads every rule. The rules come in the order of [`FactKind::ALL`] and of the windows, whatever the order in the text.
pub(crate) fn read(root: &Section<'_>, reading: &mut Reading<'_>) -> Vec<(Rule, Remark)> {
    let sections = root.sections("rule", "[[rule]]", &KEYS, reading);
    let stated: Vec<Stated> = sections
        .iter()
        .filter_map(|section| rule(section, reading))
        .collect();
    check_overlaps(&stated, reading);
    // A fact that no rule could be read for is missing only where none tried to tell of it.
    if stated.len() == sections.len() {
        check_gaps(root, &stated, reading);
    }
    let mut rules: Vec<(Rule, Remark)> = stated.iter().flat_map(expanded).collect();
    let place = |fact: FactKind| FactKind::ALL.iter().position(|known| *known == fact);
    rules.sort_by_key(|(rule, _)| (place(rule.fact), rule.window));
    rules
}

fn expanded(stated: &Stated) -> impl Iterator<Item = (Rule, Remark)> {
    stated.windows.iter().map(|window| {
        let rule = Rule {
            fact: stated.fact.value,
            window: window.value,
            sources: stated.sources.clone(),
            settles: stated.settles,
        };
        (rule, stated.remark.clone())
    })
}

fn rule(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<Stated> {
    let fact = fact(section, reading);
    let windows = windows(section, fact, reading);
    let sources = sources(section, fact, reading);
    let settles = settles(section, sources.as_deref(), reading);
    let remark = Remark {
        authority: section.remark("authority", reading),
        note: section.remark("note", reading),
    };
    Some(Stated {
        fact: fact?,
        windows: windows?,
        sources: sources?,
        settles: settles?,
        remark,
    })
}

fn fact(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<At<FactKind>> {
    let text = section.text("fact", "\"training\"", reading)?;
    let fact = FactKind::from_token(text.value);
    if fact.is_none() {
        let known = FactKind::ALL.map(FactKind::token);
        let what = format!("there is no fact {:?}", text.value);
        reading.mistake(text.at, what, format!("write one of {}", listed(&known)));
    }
    Some(At {
        at: text.at,
        value: fact?,
    })
}

fn windows(
    section: &Section<'_>,
    fact: Option<At<FactKind>>,
    reading: &mut Reading<'_>,
) -> Option<Vec<At<Window>>> {
    let texts = section.texts("windows", "[\"always\"]", reading)?;
    if texts.value.is_empty() {
        let instead = "write windows = [\"always\"], or the windows in which the rule holds";
        reading.mistake(texts.at, "the rule holds in no window", instead);
        return None;
    }
    let mut windows = Vec::new();
    let mut all_known = true;
    for text in texts.value {
        let Some(window) = Window::from_token(text.value) else {
            let known = Window::ALL.map(Window::token);
            let what = format!("there is no window {:?}", text.value);
            reading.mistake(text.at, what, format!("write some of {}", listed(&known)));
            all_known = false;
            continue;
        };
        if let Some(fact) = fact
            && !fact.value.has_windows()
            && window != Window::Always
        {
            let what = format!("{} is resolved for a whole life at once", fact.value.token());
            reading.mistake(text.at, what, "write windows = [\"always\"]");
            all_known = false;
        }
        windows.push(At {
            at: text.at,
            value: window,
        });
    }
    all_known.then_some(windows)
}

fn sources(
    section: &Section<'_>,
    fact: Option<At<FactKind>>,
    reading: &mut Reading<'_>,
) -> Option<Vec<Source>> {
    let texts = section.texts("sources", "[\"register\", \"trs\"]", reading)?;
    let mut sources = Vec::new();
    let mut good = true;
    for text in &texts.value {
        let Some(source) = Source::from_token(text.value) else {
            let known = Source::ALL.map(Source::token);
            let what = format!("there is no source {:?}", text.value);
            reading.mistake(text.at, what, format!("write one of {}", listed(&known)));
            good = false;
            continue;
        };
        if sources.contains(&source) {
            let what = format!("{} is named twice", source.token());
            reading.mistake(text.at, what, "name each source once, in the order of belief");
            good = false;
            continue;
        }
        if let Some(fact) = fact
            && !fact.value.speakers().contains(&source)
        {
            let what = format!("{} says nothing of {}", source.token(), fact.value.token());
            reading.mistake(text.at, what, speakers(fact.value));
            good = false;
        }
        sources.push(source);
    }
    if let Some(fact) = fact
        && good
    {
        good = check_first(&texts.at, fact.value, &sources, reading);
    }
    good.then_some(sources)
}

fn check_first(at: &usize, fact: FactKind, sources: &[Source], reading: &mut Reading<'_>) -> bool {
    if sources.is_empty() && !fact.speakers().is_empty() {
        let what = format!("the rule for {} has no source", fact.token());
        reading.mistake(*at, what, speakers(fact));
        return false;
    }
    let Some(first) = fact.first_speaker() else {
        return true;
    };
    if sources.first() != Some(&first) {
        let what = format!(
            "without {} nothing can be told of {}",
            first.token(),
            fact.token()
        );
        reading.mistake(*at, what, format!("name {} first", first.token()));
        return false;
    }
    true
}

fn speakers(fact: FactKind) -> String {
    let known: Vec<&str> = fact.speakers().iter().map(|source| source.token()).collect();
    if known.is_empty() {
        return "write sources = []: no connected source speaks of it".to_owned();
    }
    format!("write one or more of {}", listed(&known))
}

/// `Some(None)`: nobody settles it.
fn settles(
    section: &Section<'_>,
    sources: Option<&[Source]>,
    reading: &mut Reading<'_>,
) -> Option<Option<Source>> {
    if !section.has("settles") {
        return Some(None);
    }
    let text = section.text("settles", "\"register\"", reading)?;
    let source = Source::from_token(text.value);
    let is_entitled = match (source, sources) {
        (Some(source), Some(sources)) => sources.contains(&source),
        // Whether it is among sources that could not be read is not known.
        (Some(_), None) => true,
        (None, _) => false,
    };
    if !is_entitled {
        let what = format!(
            "{:?} is not among the rule's sources, so it settles nothing",
            text.value
        );
        reading.mistake(text.at, what, "name one of the sources, or leave `settles` out");
        return None;
    }
    Some(source)
}

fn check_overlaps(stated: &[Stated], reading: &mut Reading<'_>) {
    let all: Vec<(FactKind, At<Window>)> = stated
        .iter()
        .flat_map(|rule| rule.windows.iter().map(|window| (rule.fact.value, *window)))
        .collect();
    for (index, (fact, window)) in all.iter().enumerate() {
        let overlaps = |other: Window| {
            other == window.value || other == Window::Always || window.value == Window::Always
        };
        let before = all[..index]
            .iter()
            .find(|(other, held)| other == fact && overlaps(held.value));
        if let Some((_, held)) = before {
            let name = |window| RuleName { fact: *fact, window };
            let line = reading.line_of(held.at);
            let (name, other) = (name(window.value), name(held.value));
            let what = format!("{name} overlaps {other} of line {line}");
            reading.mistake(window.at, what, "give every window of a fact to one rule");
        }
    }
}

fn check_gaps(root: &Section<'_>, stated: &[Stated], reading: &mut Reading<'_>) {
    for fact in FactKind::ALL {
        let of_fact: Vec<&Stated> = stated.iter().filter(|rule| rule.fact.value == fact).collect();
        let Some(first) = of_fact.first() else {
            let what = format!("no rule tells of {}", fact.token());
            reading.mistake(
                root.at,
                what,
                format!("add a [[rule]] with fact = {:?}", fact.token()),
            );
            continue;
        };
        let holds = |window: Window| {
            let mut windows = of_fact.iter().flat_map(|rule| &rule.windows);
            windows.any(|held| held.value == window || held.value == Window::Always)
        };
        for window in Window::PARTS.into_iter().filter(|window| !holds(*window)) {
            let what = format!("no rule tells of {}", RuleName { fact, window });
            let instead = format!("add {:?} to the windows of one of its rules", window.token());
            reading.mistake(first.fact.at, what, instead);
        }
    }
}
