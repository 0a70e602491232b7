//! Codes as sentences: what a reason means, why a claim lost, what made the difference.

use jiff::civil::Date;
use ltr_domain::time::{end_of_london_day, london_date};
use ltr_proto::explanation::cause_token;
use ltr_proto::record::{Cause, CauseKind, Certainty, ExplainedClaim, Resolution};
use ltr_proto::view;

mod reasons;

/// Where clocks are read.
static LONDON: jiff::tz::TimeZone = jiff::tz::get!("Europe/London");

/// At most so many events of a message are told in a sentence; `ltr log show` has them all.
const NAMES_TOLD: usize = 4;

pub(crate) use reasons::{act, had, has};

/// A source as people call it.
pub(crate) fn source(token: &str) -> &str {
    match token {
        "apply" => "Apply",
        "register" => "Register",
        "trs" => "TRS",
        "teaching-vacancies" => "Teaching Vacancies",
        "" => "nobody",
        other => other,
    }
}

/// The source of a record named `source/kind/key`.
pub(crate) fn source_of(record: &str) -> &str {
    source(record.split('/').next().unwrap_or_default())
}

/// A day as people write it: `21 Sep 2026`.
pub(crate) fn day(on: Date) -> String {
    on.strftime("%-d %b %Y").to_string()
}

/// The same of a served day; as it came where it is none.
pub(crate) fn day_text(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), day)
}

/// The London day of a served instant.
pub(crate) fn london(at: &prost_types::Timestamp) -> Date {
    london_date(instant(at))
}

/// A served instant.
pub(crate) fn instant(at: &prost_types::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::new(at.seconds, at.nanos).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// A known time as people say it: the end of a day, or an instant in London.
pub(crate) fn by(at: &prost_types::Timestamp) -> String {
    let on = london(at);
    if instant(at) >= end_of_london_day(on) {
        return format!("the end of {}", day(on));
    }
    let clock = instant(at)
        .to_zoned(LONDON.clone())
        .strftime("%H:%M:%S %Z")
        .to_string();
    format!("{} {clock}", day(on))
}

/// `Register (in_training, provisional)`; certainty is told where it is less than confirmed.
pub(crate) fn believed(resolution: &Resolution) -> String {
    let sure = match resolution.certainty() {
        Certainty::Confirmed | Certainty::Unspecified => String::new(),
        less @ (Certainty::Provisional | Certainty::Presumed | Certainty::Unknown) => {
            format!(", {}", view::certainty_token(less))
        }
    };
    match &resolution.claim {
        Some(claim) => format!("{} ({}{sure})", source(&claim.source), resolution.value),
        None => format!("nobody ({}{sure})", resolution.value),
    }
}

/// Why a claim was taken or lost, as the rest of a sentence.
pub(crate) fn why(explained: &ExplainedClaim) -> String {
    let claim = explained.claim.clone().unwrap_or_default();
    let who = source(&claim.source);
    let by = explained
        .superseded_at
        .as_ref()
        .map(|at| format!("message {}, known {}", explained.superseded_by, day(london(at))))
        .unwrap_or_default();
    match explained.why.as_str() {
        "settles" => format!("{who} settles this on that day"),
        "entitled_not_settling" => format!("{who} may speak of this on that day, and does not settle it"),
        "inferred" => "nobody said it: it is inferred from what was planned and from time".to_owned(),
        "completed" => "it led to a status that is held".to_owned(),
        "decides_stage" => "it is the first row of the table of stages that matches".to_owned(),
        "outranked" => "a source that the policy believes first has spoken".to_owned(),
        "not_entitled" => format!("the policy lets {who} say nothing of this"),
        "contests" => "it is held against the answer: an entitled source disagrees".to_owned(),
        "superseded" => format!("{who} later said something else ({by})"),
        "restated" => format!("{who} later said the same again ({by})"),
        "not_yet" => "it holds from a later day on".to_owned(),
        "no_longer" => format!("it held until {}", day_text(&explained.until)),
        "not_live" => "that traineeship has ended, and another is live".to_owned(),
        "older" => "a newer record, or one that weighs more, is believed".to_owned(),
        "draft_only" => "a draft is no evidence of a start".to_owned(),
        "status_held" => "that traineeship led to a status that is held".to_owned(),
        "followed" => "a traineeship or a status has taken the application's place".to_owned(),
        "not_sent" => "the application was never sent".to_owned(),
        "redirected" => "the record is merged into another, or closed".to_owned(),
        "less_grave" => "a graver alert is open, or a newer list is believed".to_owned(),
        "link_suspect" => "the TRN under which it was said may be somebody else's".to_owned(),
        "later_row" => "an earlier row of the table of stages matches".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What made the difference, as a sentence without its full stop.
pub(crate) fn cause(cause: &Cause) -> String {
    let known = cause
        .known_at
        .as_ref()
        .map(|at| format!(", known {}", day(london(at))))
        .unwrap_or_default();
    let message = || format!("message {}{known}: {}", cause.sequence, some(&cause.events));
    let who = source_of(&cause.record);
    match cause.kind() {
        CauseKind::NewEvidence => format!("new evidence from {who} ({})", message()),
        CauseKind::Correction => format!("a correction by {who} ({})", message()),
        CauseKind::LateArrival => format!("late news from {who} of what had been so before ({})", message()),
        CauseKind::Identity => identity(cause),
        CauseKind::Policy => format!(
            "policy {} gave way to policy {}",
            cause.from_policy_version, cause.to_policy_version
        ),
        CauseKind::Time => format!("time alone: it became {}", day_text(&cause.to_on)),
        CauseKind::Unspecified => "a cause that this version does not know".to_owned(),
    }
}

/// The first few of many names, and how many more there are.
fn some(names: &[String]) -> String {
    let (first, rest) = names.split_at(names.len().min(NAMES_TOLD));
    if rest.is_empty() {
        return first.join(", ");
    }
    format!("{} and {} more", first.join(", "), rest.len())
}

fn identity(cause: &Cause) -> String {
    let mut parts = Vec::new();
    if !cause.joined.is_empty() {
        parts.push(format!("{} joined to this person", cause.joined.join(", ")));
    }
    if !cause.left.is_empty() {
        parts.push(format!("{} taken from this person", cause.left.join(", ")));
    }
    parts.extend(cause.decisions.iter().map(crate::judged::decision));
    format!("identity: {}", parts.join("; "))
}

/// Causes as one clause; the names of their kinds for a table.
pub(crate) fn causes(all: &[Cause]) -> String {
    let told: Vec<_> = all.iter().map(cause).collect();
    told.join("; then ")
}

/// The kinds of causes, for a table.
pub(crate) fn cause_kinds(all: &[Cause]) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for one in all {
        let message = if one.sequence > 0 {
            format!(" {}", one.sequence)
        } else {
            String::new()
        };
        kinds.push(format!("{}{message}", cause_token(one.kind())));
    }
    kinds.join(", ")
}

#[cfg(test)]
mod tests {
    use ltr_domain::explain::Why;

    use super::*;

    #[test]
    fn every_verdict_has_its_words_and_its_row_in_the_documents() {
        let documents = include_str!("../../../docs/explain.md");
        for code in Why::ALL.map(Why::token) {
            let explained = ExplainedClaim {
                why: code.to_owned(),
                ..ExplainedClaim::default()
            };
            assert_ne!(why(&explained), code.replace('_', " "), "{code} has no words");
            assert!(
                documents.contains(&format!("| `{code}` |")),
                "{code} is not in docs/explain.md"
            );
        }
        for kind in 1..=6 {
            let kind = CauseKind::try_from(kind).expect("a kind of the schema");
            let code = cause_token(kind);
            assert!(
                documents.contains(&format!("| `{code}` |")),
                "{code} is not in docs/explain.md"
            );
        }
    }

    #[test]
    fn days_and_known_times_read_as_people_say_them() {
        let at = |text: &str| view::timestamp(text.parse().expect("an instant"));
        assert_eq!(day_text("2026-09-21"), "21 Sep 2026");
        assert_eq!(day_text("?"), "?");
        assert_eq!(by(&at("2026-09-10T22:59:59.999999Z")), "the end of 10 Sep 2026");
        assert_eq!(by(&at("2026-09-10T09:00:00Z")), "10 Sep 2026 10:00:00 BST");
    }
}
