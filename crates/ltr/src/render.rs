//! A teacher as text for people and as JSON for programs.

use ltr_proto::record::{Certainty, Resolution, Stage, StageInterval, Standing, Teacher};
use ltr_proto::view;
use serde_json::{Value, json};

use crate::output::table;

/// The answer as one JSON object.
pub(crate) fn teacher_json(teacher: &Teacher) -> Value {
    let headline = teacher.headline.clone().unwrap_or_default();
    let mut object = resolution_json(&headline);
    let facts: serde_json::Map<String, Value> = facts(teacher)
        .into_iter()
        .map(|(name, fact)| (name.to_owned(), resolution_json(fact)))
        .collect();
    let stage = view::stage_token(teacher.stage());
    let merge = json!({
        "name": teacher.name,
        "trn": nullable(&teacher.trn),
        "trns": teacher.trns,
        "merged_trns": teacher.merged_trns.iter().map(|m| json!({"trn": m.trn, "into_trn": m.into_trn})).collect::<Vec<_>>(),
        "person_id": teacher.person_id,
        "standing": view::standing_token(teacher.standing()),
        "stage": stage,
        "phase": view::phase_token(teacher.phase()),
        "review_on": nullable(&teacher.review_on),
        "facts": facts,
        "withheld": teacher.withheld,
        "findings": teacher.findings,
        "records": teacher.records,
        "policy_version": teacher.policy_version,
        "record_digest": teacher.record_digest,
        "redirected_from": nullable(&teacher.redirected_from),
        "clock_simulated": teacher.clock_simulated,
        "as_of": teacher.as_of.as_ref().map(|as_of| json!({
            "effective_on": nullable(&as_of.effective_on),
            "known_at": as_of.known_at.as_ref().map(instant),
        })),
        "freshness": teacher.freshness.iter().map(|f| json!({
            "feed": f.feed, "taken_at": f.taken_at.as_ref().map(instant),
        })).collect::<Vec<_>>(),
        "personal": teacher.personal.as_ref().map(|personal| json!({
            "state": personal.state().as_str_name().trim_start_matches("PERSONAL_STATE_").to_lowercase(),
            "names": personal.names,
            "date_of_birth": nullable(&personal.date_of_birth),
            "record": nullable(&personal.record),
        })),
    });
    if let (Value::Object(object), Value::Object(merge)) = (&mut object, merge) {
        object.remove("value");
        object.extend(merge);
    }
    object
}

pub(crate) fn resolution_json(resolution: &Resolution) -> Value {
    let claim = resolution.claim.as_ref();
    json!({
        "value": resolution.value,
        "certainty": view::certainty_token(resolution.certainty()),
        "caveats": caveats(resolution),
        "source": claim.map(|claim| claim.source.clone()),
        "reason": resolution.reason,
        "since": nullable(&resolution.since),
        "record": claim.map(|claim| claim.record.clone()),
        "sequence": claim.map(|claim| claim.sequence),
        "known_at": claim.and_then(|claim| claim.known_at.as_ref()).map(instant),
        "lost": resolution.lost.iter().map(|claim| json!({
            "value": claim.value, "source": claim.source, "record": claim.record, "since": nullable(&claim.since),
        })).collect::<Vec<_>>(),
    })
}

/// The answer as text, good at 100 columns.
pub(crate) fn teacher_text(teacher: &Teacher) -> String {
    let headline = teacher.headline.clone().unwrap_or_default();
    let mut lines = vec![teacher.name.clone()];
    let mut say = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("  {name:<10} {text}"));
        }
    };
    if !teacher.redirected_from.is_empty() {
        say(
            "merged",
            format!("{} now answers as {}", teacher.redirected_from, teacher.name),
        );
    }
    if teacher.standing() != Standing::Open {
        say("standing", view::standing_token(teacher.standing()));
    }
    let since = dated(" since ", &headline.since);
    say(
        "stage",
        format!(
            "{}{since} ({})",
            view::stage_token(teacher.stage()),
            view::phase_token(teacher.phase())
        ),
    );
    say(
        "certainty",
        format!(
            "{}{}",
            view::certainty_token(headline.certainty()),
            because(&headline)
        ),
    );
    if let Some(claim) = &headline.claim {
        let known = claim
            .known_at
            .as_ref()
            .map(|at| dated(", known since ", &day_of(at)))
            .unwrap_or_default();
        say("says", format!("{} ({}){known}", claim.source, claim.record));
    }
    if !teacher.review_on.is_empty() {
        say(
            "review on",
            format!(
                "{}: from then on time alone may change this answer",
                teacher.review_on
            ),
        );
    }
    if !teacher.findings.is_empty() {
        say("findings", teacher.findings.join(", "));
    }
    if let Some(personal) = &teacher.personal {
        let told: Vec<&str> = personal
            .names
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let state = personal
            .state()
            .as_str_name()
            .trim_start_matches("PERSONAL_STATE_")
            .to_lowercase();
        let text = if told.is_empty() {
            state
        } else {
            format!("{}, born {}", told.join(" "), personal.date_of_birth)
        };
        say("person", text);
    }
    let rows: Vec<_> = facts(teacher)
        .into_iter()
        .map(|(name, fact)| {
            vec![
                format!("  {name}"),
                fact.value.clone(),
                view::certainty_token(fact.certainty()),
                fact.claim
                    .as_ref()
                    .map(|claim| claim.source.clone())
                    .unwrap_or_else(|| "-".into()),
                or_dash(&fact.since),
                or_dash(&caveats(fact).join(", ")),
                fact.reason.clone(),
            ]
        })
        .collect();
    lines.push(table(
        &[
            "  fact",
            "value",
            "certainty",
            "source",
            "since",
            "caveats",
            "reason",
        ],
        &rows,
    ));
    if !teacher.withheld.is_empty() {
        lines.push(format!(
            "  withheld: {} (--allow-restricted shows it)",
            teacher.withheld.join(", ")
        ));
    }
    lines.join("\n")
}

/// The headline over time as a table.
pub(crate) fn history_text(intervals: &[StageInterval]) -> String {
    let rows: Vec<_> = intervals
        .iter()
        .map(|interval| {
            let headline = interval.headline.clone().unwrap_or_default();
            vec![
                interval.from_on.clone(),
                or_dash(&interval.to_on),
                view::stage_token(interval.stage()),
                view::certainty_token(headline.certainty()),
                headline
                    .claim
                    .as_ref()
                    .map(|claim| claim.source.clone())
                    .unwrap_or_else(|| "-".into()),
                headline.reason.clone(),
            ]
        })
        .collect();
    table(&["from", "to", "stage", "certainty", "source", "reason"], &rows)
}

/// The headline over time as JSON.
pub(crate) fn history_json(interval: &StageInterval) -> Value {
    let mut object = resolution_json(&interval.headline.clone().unwrap_or_default());
    if let Value::Object(object) = &mut object {
        object.remove("value");
        object.insert("from".into(), json!(interval.from_on));
        object.insert("to".into(), nullable(&interval.to_on));
        object.insert("stage".into(), json!(view::stage_token(interval.stage())));
    }
    object
}

/// The stage with a mark for how sure it is: nothing for confirmed, `~` provisional, `?` presumed or unknown.
pub(crate) fn stage_mark(teacher: &Teacher) -> String {
    let stage = view::stage_token(Stage::try_from(teacher.stage).unwrap_or_default());
    match teacher.headline.clone().unwrap_or_default().certainty() {
        Certainty::Confirmed | Certainty::Unspecified => stage,
        Certainty::Provisional => format!("{stage} ~"),
        Certainty::Presumed | Certainty::Unknown => format!("{stage} ?"),
    }
}

fn facts(teacher: &Teacher) -> Vec<(&'static str, &Resolution)> {
    let Some(facts) = &teacher.facts else {
        return Vec::new();
    };
    [
        ("qualified_status", &facts.qualified_status),
        ("training", &facts.training),
        ("induction", &facts.induction),
        ("employment", &facts.employment),
        ("restriction", &facts.restriction),
    ]
    .into_iter()
    .filter_map(|(name, fact)| Some((name, fact.as_ref()?)))
    .collect()
}

fn caveats(resolution: &Resolution) -> Vec<String> {
    resolution.caveats().map(view::caveat_token).collect()
}

fn because(headline: &Resolution) -> String {
    let caveats = caveats(headline);
    let with = if caveats.is_empty() {
        String::new()
    } else {
        format!(", {}", caveats.join(", "))
    };
    format!("{with}: {}", headline.reason)
}

fn dated(before: &str, date: &str) -> String {
    if date.is_empty() {
        String::new()
    } else {
        format!("{before}{date}")
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text.to_owned()
    }
}

pub(crate) fn nullable(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn timestamp(at: &prost_types::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::new(at.seconds, at.nanos).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

pub(crate) fn instant(at: &prost_types::Timestamp) -> Value {
    json!(timestamp(at).to_string())
}

fn day_of(at: &prost_types::Timestamp) -> String {
    ltr_domain::time::london_date(timestamp(at)).to_string()
}
