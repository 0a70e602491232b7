//! The same for programs.

use ltr_proto::explanation::{basis_token, cause_token, verdict_token};
use ltr_proto::record::{
    Cause, DiffTeacherResponse, ExplainTeacherResponse, ExplainedClaim, FactExplanation, FieldDifference,
    PolicyRule, SourceOfTruthChange,
};
use serde_json::{Value, json};

use crate::render::{instant, nullable, resolution_json, teacher_json};

/// An answer with every claim about it.
pub(crate) fn explanation_json(told: &ExplainTeacherResponse) -> Value {
    json!({
        "teacher": told.teacher.as_ref().map(teacher_json),
        "facts": told.facts.iter().map(fact).collect::<Vec<_>>(),
        "decisions": told.decisions.iter().map(crate::judged::decision_json).collect::<Vec<_>>(),
        "policy_rules": told.policy_rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

/// One change of the source of truth.
pub(crate) fn source_change_json(change: &SourceOfTruthChange) -> Value {
    json!({
        "teacher": change.teacher,
        "person_id": change.person_id,
        "fact": change.fact,
        "since_known_at": change.since_known_at.as_ref().map(instant),
        "since_on": nullable(&change.since_on),
        "before": change.before.as_ref().map(resolution_json),
        "after": change.after.as_ref().map(resolution_json),
        "causes": causes(&change.causes),
    })
}

/// What lies between two answers.
pub(crate) fn difference_json(told: &DiffTeacherResponse) -> Value {
    let field = |field: &FieldDifference| {
        json!({
            "field": field.field,
            "before": nullable(&field.before),
            "after": nullable(&field.after),
            "causes": causes(&field.causes),
        })
    };
    json!({
        "before": told.before.as_ref().map(teacher_json),
        "after": told.after.as_ref().map(teacher_json),
        "fields": told.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn fact(fact: &FactExplanation) -> Value {
    json!({
        "fact": fact.fact,
        "resolution": fact.resolution.as_ref().map(resolution_json),
        "rule": nullable(&fact.rule),
        "claims": fact.claims.iter().map(claim).collect::<Vec<_>>(),
    })
}

fn claim(explained: &ExplainedClaim) -> Value {
    let claim = explained.claim.clone().unwrap_or_default();
    json!({
        "value": claim.value,
        "source": claim.source,
        "record": claim.record,
        "sequence": claim.sequence,
        "known_at": claim.known_at.as_ref().map(instant),
        "since": nullable(&claim.since),
        "until": nullable(&explained.until),
        "basis": nullable(&basis_token(explained.basis())),
        "verdict": verdict_token(explained.verdict()),
        "why": explained.why,
        "rule": explained.rule,
        "superseded_by": (explained.superseded_by > 0).then_some(explained.superseded_by),
        "superseded_at": explained.superseded_at.as_ref().map(instant),
    })
}

fn rule(rule: &PolicyRule) -> Value {
    json!({ "name": rule.name, "sources": rule.sources, "settles": nullable(&rule.settles) })
}

fn causes(all: &[Cause]) -> Vec<Value> {
    let one = |cause: &Cause| {
        json!({
            "kind": cause_token(cause.kind()),
            "record": nullable(&cause.record),
            "sequence": (cause.sequence > 0).then_some(cause.sequence),
            "known_at": cause.known_at.as_ref().map(instant),
            "events": cause.events,
            "joined": cause.joined,
            "left": cause.left,
            "decisions": cause.decisions.iter().map(crate::judged::decision_json).collect::<Vec<_>>(),
            "from_policy_version": (cause.from_policy_version > 0).then_some(cause.from_policy_version),
            "to_policy_version": (cause.to_policy_version > 0).then_some(cause.to_policy_version),
            "from_on": nullable(&cause.from_on),
            "to_on": nullable(&cause.to_on),
        })
    };
    all.iter().map(one).collect()
}
