//! An answer and every claim about it.

use jiff::civil::Date;
use ltr_proto::record::{ExplainTeacherResponse, ExplainedClaim, FactExplanation, Teacher, Verdict};

use super::{fact_name, of_which_moment, or_dash, value_since};
use crate::document::{Bar, Block, Document, Shade};
use crate::words;

/// Why the answer is what it is.
pub(crate) fn explanation(told: &ExplainTeacherResponse) -> Document {
    let teacher = told.teacher.clone().unwrap_or_default();
    let mut document = Document::new(format!("Why {}", of_which_moment(&teacher)));
    answered(&mut document, &teacher);
    decided(&mut document, told);
    claims(&mut document, told);
    document
}

/// What was judged of whose records they are.
fn decided(document: &mut Document, told: &ExplainTeacherResponse) {
    if told.decisions.is_empty() {
        return;
    }
    document.heading("identity");
    for one in &told.decisions {
        document.say(format!("{}.", crate::judged::decision(one)));
    }
}

/// The answer in sentences.
pub(crate) fn answered(document: &mut Document, teacher: &Teacher) {
    let headline = teacher.headline.clone().unwrap_or_default();
    if !teacher.redirected_from.is_empty() {
        document.say(format!(
            "{} now answers as {}.",
            teacher.redirected_from, teacher.name
        ));
    }
    let who = match &headline.claim {
        Some(claim) => format!("we believe {}", words::source(&claim.source)),
        None => "nobody told it".to_owned(),
    };
    document.say(format!(
        "{}: {who}, because {}. Resolved under policy {}.",
        value_since(&headline),
        words::has(&headline.reason),
        teacher.policy_version
    ));
    if let Some(act) = words::act(&headline.reason) {
        document.say(format!("What can be done: {act}."));
    }
    if !teacher.review_on.is_empty() {
        document.say(format!(
            "From {} on, time alone may change this answer.",
            words::day_text(&teacher.review_on)
        ));
    }
    if !teacher.withheld.is_empty() {
        document.say(format!(
            "Withheld from this caller: {}.",
            teacher.withheld.join(", ")
        ));
    }
}

/// Every claim, fact by fact: sentences first, then a table.
pub(crate) fn claims(document: &mut Document, told: &ExplainTeacherResponse) {
    for fact in &told.facts {
        document.heading(fact_name(fact));
        let resolution = fact.resolution.clone().unwrap_or_default();
        if fact.claims.is_empty() {
            document.say(format!(
                "{}, because {}.",
                value_since(&resolution),
                words::has(&resolution.reason)
            ));
            continue;
        }
        let taken = fact.claims.iter().find(|one| one.verdict() == Verdict::Taken);
        match taken {
            Some(one) => {
                let who = words::source(&one.claim.clone().unwrap_or_default().source).to_owned();
                document.say(format!(
                    "{}: {who} is believed, because {}; {} (rule {}).",
                    value_since(&resolution),
                    words::has(&resolution.reason),
                    words::why(one),
                    one.rule
                ));
            }
            None => document.say(format!(
                "{}, because {}.",
                value_since(&resolution),
                words::has(&resolution.reason)
            )),
        }
        for one in fact.claims.iter().filter(|one| is_worth_a_sentence(one)) {
            document.say(lost(one));
        }
        let caption = format!(
            "Claims about {}, in the order in which they became known",
            fact_name(fact)
        );
        document.table(
            caption.clone(),
            &[
                "", "known", "message", "source", "value", "since", "until", "why", "rule",
            ],
            fact.claims.iter().map(|one| row(fact, one)).collect(),
        );
        let bars: Vec<Bar> = fact.claims.iter().filter_map(bar).collect();
        if bars.len() > 1 {
            document.blocks.push(Block::Timeline { caption, bars });
        }
    }
}

/// What holds on another day, or was said again, is told by the table.
fn is_worth_a_sentence(explained: &ExplainedClaim) -> bool {
    explained.verdict() == Verdict::Lost
        && !["restated", "no_longer", "not_yet", "later_row"].contains(&explained.why.as_str())
}

fn lost(explained: &ExplainedClaim) -> String {
    let claim = explained.claim.clone().unwrap_or_default();
    let known = claim
        .known_at
        .as_ref()
        .map(|at| format!(", known {}", words::day(words::london(at))))
        .unwrap_or_default();
    format!(
        "Not believed: {} ({}{known}): {} (rule {}).",
        words::source(&claim.source),
        claim.value,
        words::why(explained),
        explained.rule
    )
}

fn row(fact: &FactExplanation, explained: &ExplainedClaim) -> Vec<String> {
    let claim = explained.claim.clone().unwrap_or_default();
    let known = claim.known_at.as_ref().map(words::london);
    // The rule's name begins with the fact's, which stands above the table.
    let prefix = format!("{}.", fact.fact);
    let rule = explained.rule.strip_prefix(&prefix).unwrap_or(&explained.rule);
    vec![
        if explained.verdict() == Verdict::Taken {
            "*"
        } else {
            ""
        }
        .to_owned(),
        known.map(|on| on.to_string()).unwrap_or_default(),
        claim.sequence.to_string(),
        claim.source.clone(),
        claim.value.clone(),
        or_dash(&claim.since),
        or_dash(&explained.until),
        explained.why.clone(),
        rule.to_owned(),
    ]
}

fn bar(explained: &ExplainedClaim) -> Option<Bar> {
    let claim = explained.claim.as_ref()?;
    let from: Date = claim.since.parse().ok()?;
    let to: Option<Date> = explained.until.parse().ok();
    let is_taken = explained.verdict() == Verdict::Taken;
    Some(Bar {
        label: format!(
            "{}: {} ({})",
            words::source(&claim.source),
            claim.value,
            explained.why
        ),
        from,
        to: to.filter(|to| *to > from),
        shade: if is_taken { Shade::Full } else { Shade::Dashed },
    })
}
