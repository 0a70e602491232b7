//! What waits for an operator and what was decided, in sentences and as JSON.

use ltr_proto::record::review::Evidence;
use ltr_proto::record::{DecidedBy, IdentityDecision, Recorded, Review};
use serde_json::{Value, json};

use crate::render::instant;
use crate::words;

/// Letters of a line at most.
const WIDTH: usize = 100;

/// Letters of what stands before a line's text.
const HEAD: usize = 10;

/// What waits, for a terminal: one paragraph each, with what can be done about it.
pub(crate) fn reviews(reviews: &[Review]) -> String {
    if reviews.is_empty() {
        return "nothing waits for an operator".to_owned();
    }
    let told: Vec<String> = reviews.iter().map(review).collect();
    told.join("\n\n")
}

fn review(review: &Review) -> String {
    let since = review.since.as_ref().map(words::by).unwrap_or_default();
    let (title, lines) = told(review);
    let both = [
        ("records", review.records.join(", ")),
        ("waits", format!("since {since}")),
    ];
    let lines = both.into_iter().chain(lines);
    let lines = lines.flat_map(|(head, text)| wrapped(head, &text));
    [title].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// What it is, and what is to be known and done about it.
fn told(review: &Review) -> (String, Vec<(&'static str, String)>) {
    match &review.evidence {
        Some(Evidence::Match(found)) => (
            "PROPOSAL  rules take two records for one person's".to_owned(),
            vec![
                (
                    "score",
                    format!("{} of 1000, rules version {}", found.score, found.rule_version),
                ),
                ("because", found.rules.join(", ")),
                (
                    "to do",
                    "ltr identity confirm | reject with these records".to_owned(),
                ),
            ],
        ),
        Some(Evidence::Request(asked)) => {
            let mut lines = vec![("asked by", said(asked.by.as_ref()))];
            if asked.what == "split" {
                lines.push(("cut off", asked.cut_off.join(", ")));
                lines.push(("staying", asked.staying.join(", ")));
            }
            let number = review.sequence;
            let to_do = format!("ltr identity approve {number} | refuse {number}, by somebody else");
            lines.push(("to do", to_do));
            (
                format!("REQUEST {number}  a {} waits for a second person", asked.what),
                lines,
            )
        }
        Some(Evidence::Refused(refused)) => {
            let split = refused.split_by.as_ref();
            let by = split.map_or_else(
                || "a rejected match".to_owned(),
                |by| format!("a split by {}", said(Some(by))),
            );
            (
                format!("REFUSED  a link ({}) leads to somebody else", refused.strength),
                vec![
                    ("link", format!("{} to {}", refused.from, refused.to)),
                    ("apart", format!("{}: {by}", refused.apart.join(" and "))),
                    (
                        "to do",
                        "put the source right, or ltr identity join with the two held apart".to_owned(),
                    ),
                ],
            )
        }
        Some(Evidence::Suspect(suspect)) => (
            "SUSPECT  a TRN may be somebody else's".to_owned(),
            vec![
                (
                    "because",
                    format!(
                        "TRS holds a status there since {}; training begins {}",
                        words::day_text(&suspect.qualified_on),
                        words::day_text(&suspect.begins_on)
                    ),
                ),
                (
                    "to do",
                    "ltr identity confirm with these records, or split".to_owned(),
                ),
            ],
        ),
        None => (
            "a kind of review that this version does not know".to_owned(),
            Vec::new(),
        ),
    }
}

/// A line with its head, broken at spaces; what follows stands under what came first.
fn wrapped(head: &str, text: &str) -> Vec<String> {
    let mut lines = vec![format!("  {head:<HEAD$}")];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one from the beginning");
        let is_begun = last.chars().count() > HEAD + 2;
        if is_begun && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("  {:<HEAD$}{word}", ""));
            continue;
        }
        if is_begun {
            last.push(' ');
        }
        last.push_str(word);
    }
    lines
}

fn said(by: Option<&DecidedBy>) -> String {
    let by = by.cloned().unwrap_or_default();
    format!("{} ({}): {}", by.actor, by.assurance.replace('_', " "), by.reason)
}

/// What waits, as JSON.
pub(crate) fn review_json(review: &Review) -> Value {
    let by = |by: Option<&DecidedBy>| by.map(by_json);
    let evidence = match &review.evidence {
        Some(Evidence::Match(found)) => json!({
            "score": found.score, "rule_version": found.rule_version, "rules": found.rules,
        }),
        Some(Evidence::Request(asked)) => json!({
            "what": asked.what, "cut_off": asked.cut_off, "staying": asked.staying, "by": by(asked.by.as_ref()),
        }),
        Some(Evidence::Refused(refused)) => json!({
            "from": refused.from, "to": refused.to, "strength": refused.strength, "apart": refused.apart,
            "split_by": by(refused.split_by.as_ref()),
        }),
        Some(Evidence::Suspect(suspect)) => json!({
            "trainee": suspect.trainee, "trs_person": suspect.trs_person,
            "qualified_on": suspect.qualified_on, "begins_on": suspect.begins_on,
        }),
        None => Value::Null,
    };
    json!({
        "id": review.id,
        "kind": review.kind,
        "records": review.records,
        "since": review.since.as_ref().map(instant),
        "sequence": review.sequence,
        "evidence": evidence,
    })
}

fn by_json(by: &DecidedBy) -> Value {
    json!({ "actor": by.actor, "assurance": by.assurance, "reason": by.reason })
}

/// Where a judgement stands, as JSON.
pub(crate) fn recorded_json(recorded: &Recorded) -> Value {
    json!({
        "sequence": recorded.sequence,
        "recorded_at": recorded.recorded_at.as_ref().map(instant),
    })
}

/// A judgement that took effect, as a clause.
pub(crate) fn decision(decision: &IdentityDecision) -> String {
    let records = decision.records.join(", ");
    let known = decision.known_at.as_ref().map(words::by).unwrap_or_default();
    let what = match decision.what.as_str() {
        "confirm" => format!("{records} confirmed as one person's"),
        "reject" => format!("{records} not to be matched"),
        "retract" => format!("what was decided of {records} taken back"),
        "join" => format!("{records} joined"),
        "split" => format!("{records} split"),
        "asserted" => format!("{records} matched by rules"),
        "withdrawn" => format!("the match of {records} withdrawn by rules"),
        other => format!("{records}: {other}"),
    };
    if decision.actor.is_empty() {
        return format!("{what} (message {}, known {known})", decision.sequence);
    }
    let approved = if decision.approved_by.is_empty() {
        String::new()
    } else {
        format!(", approved by {}", decision.approved_by)
    };
    format!(
        "{what} by {} ({}){approved}: {} (message {}, known {known})",
        decision.actor,
        decision.assurance.replace('_', " "),
        decision.reason,
        decision.sequence
    )
}

/// A judgement that took effect, as JSON.
pub(crate) fn decision_json(decision: &IdentityDecision) -> Value {
    json!({
        "what": decision.what,
        "records": decision.records,
        "sequence": decision.sequence,
        "known_at": decision.known_at.as_ref().map(instant),
        "actor": decision.actor,
        "assurance": decision.assurance,
        "reason": decision.reason,
        "approved_by": decision.approved_by,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_under_their_beginning() {
        let records = ["register/trainee/slug"; 8].join(", ");
        let told = wrapped("records", &records);
        assert!(told.len() > 1);
        assert!(told.iter().all(|line| line.chars().count() <= WIDTH), "{told:?}");
        assert!(told[0].starts_with("  records   register"), "{told:?}");
        assert!(told[1].starts_with("            register"), "{told:?}");
        assert_eq!(wrapped("asked by", "desk-1"), ["  asked by  desk-1"]);
    }
}
