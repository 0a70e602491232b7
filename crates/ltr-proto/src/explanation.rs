//! Explanations as they are served: from the domain to `ltr.record.v1`.

use ltr_domain::explain::{Cause, ExplainedClaim, FactExplanation, FieldDifference, MessageOf, Question};
use ltr_domain::explain::{Since, SourceChange};
use ltr_domain::identity::Decision;
use ltr_domain::ids::RecordId;
use ltr_domain::policy::Policy;
use ltr_domain::time::Basis;

use crate::record;
use crate::view::{claim, date, resolution, timestamp};

/// One answer with its claims.
#[must_use]
pub fn fact(explained: &FactExplanation) -> record::FactExplanation {
    record::FactExplanation {
        fact: explained.question.token().to_owned(),
        resolution: Some(resolution(&explained.resolution)),
        rule: explained.rule.clone(),
        claims: explained.claims.iter().map(explained_claim).collect(),
    }
}

/// The rules of a policy.
#[must_use]
pub fn policy_rules(policy: &Policy) -> Vec<record::PolicyRule> {
    let rules = policy.rules.iter().map(|rule| record::PolicyRule {
        name: rule.name().to_string(),
        sources: rule
            .sources
            .iter()
            .map(|source| source.token().to_owned())
            .collect(),
        settles: rule
            .settles
            .map(|source| source.token().to_owned())
            .unwrap_or_default(),
    });
    rules.collect()
}

/// One field that differs.
#[must_use]
pub fn field_difference(field: &FieldDifference) -> record::FieldDifference {
    record::FieldDifference {
        field: field.field.to_owned(),
        before: field.before.clone(),
        after: field.after.clone(),
        causes: field.causes.iter().map(cause).collect(),
    }
}

/// One change of the source of truth, of the teacher of that resource name.
#[must_use]
pub fn source_change(
    teacher: &str,
    question: Question,
    change: &SourceChange,
) -> record::SourceOfTruthChange {
    let (since_known_at, since_on) = match change.since {
        Since::Known(at) => (Some(timestamp(at.0)), String::new()),
        Since::Effective(day) => (None, day.to_string()),
    };
    record::SourceOfTruthChange {
        teacher: teacher.to_owned(),
        person_id: change.person.to_string(),
        fact: question.token().to_owned(),
        since_known_at,
        since_on,
        before: change.before.as_ref().map(resolution),
        after: Some(resolution(&change.after)),
        causes: change.causes.iter().map(cause).collect(),
    }
}

fn explained_claim(explained: &ExplainedClaim) -> record::ExplainedClaim {
    let verdict = if explained.is_taken() {
        record::Verdict::Taken
    } else {
        record::Verdict::Lost
    };
    let by = explained.superseded_by;
    record::ExplainedClaim {
        claim: Some(claim(&explained.claim)),
        until: date(explained.until),
        basis: basis(explained.basis).into(),
        verdict: verdict.into(),
        rule: explained.rule.clone(),
        why: explained.why.token().to_owned(),
        superseded_by: by.map(|by| by.sequence).unwrap_or_default(),
        superseded_at: by.map(|by| timestamp(by.known_at.0)),
    }
}

fn basis(basis: Option<Basis>) -> record::Basis {
    match basis {
        None => record::Basis::Unspecified,
        Some(Basis::Stated) => record::Basis::Stated,
        Some(Basis::Inferred) => record::Basis::Inferred,
        Some(Basis::Observed) => record::Basis::Observed,
    }
}

fn cause(cause: &Cause) -> record::Cause {
    let of = |kind: record::CauseKind, message: &MessageOf| record::Cause {
        kind: kind.into(),
        record: message.record.to_string(),
        sequence: message.position.sequence,
        known_at: Some(timestamp(message.position.known_at.0)),
        events: message.events.iter().map(|event| (*event).to_owned()).collect(),
        ..record::Cause::default()
    };
    match cause {
        Cause::NewEvidence(message) => of(record::CauseKind::NewEvidence, message),
        Cause::Correction(message) => of(record::CauseKind::Correction, message),
        Cause::LateArrival(message) => of(record::CauseKind::LateArrival, message),
        Cause::Identity {
            joined,
            left,
            decisions,
        } => record::Cause {
            decisions: decisions.iter().map(decision).collect(),
            kind: record::CauseKind::Identity.into(),
            joined: names(joined),
            left: names(left),
            ..record::Cause::default()
        },
        Cause::Policy { from, to } => record::Cause {
            kind: record::CauseKind::Policy.into(),
            from_policy_version: *from,
            to_policy_version: *to,
            ..record::Cause::default()
        },
        Cause::Time { from, to } => record::Cause {
            kind: record::CauseKind::Time.into(),
            from_on: from.to_string(),
            to_on: to.to_string(),
            ..record::Cause::default()
        },
    }
}

/// A judgement that took effect.
#[must_use]
pub fn decision(decision: &Decision) -> record::IdentityDecision {
    let by = decision.by.as_ref();
    let approved_by = decision.approved_by.as_ref();
    record::IdentityDecision {
        what: decision.what.to_owned(),
        records: names(&decision.records),
        sequence: decision.position.sequence,
        known_at: Some(timestamp(decision.position.known_at.0)),
        actor: by.map(|by| by.actor.clone()).unwrap_or_default(),
        assurance: by.map(|by| by.assurance.token().to_owned()).unwrap_or_default(),
        reason: by.map(|by| by.reason.clone()).unwrap_or_default(),
        approved_by: approved_by.map(|by| by.actor.clone()).unwrap_or_default(),
    }
}

fn names(records: &[RecordId]) -> Vec<String> {
    records.iter().map(ToString::to_string).collect()
}

/// The token of a served kind of cause: `late_arrival` for `CAUSE_KIND_LATE_ARRIVAL`.
#[must_use]
pub fn cause_token(kind: record::CauseKind) -> String {
    token(kind.as_str_name(), "CAUSE_KIND_")
}

/// The token of a served basis; empty where there is none.
#[must_use]
pub fn basis_token(basis: record::Basis) -> String {
    if basis == record::Basis::Unspecified {
        return String::new();
    }
    token(basis.as_str_name(), "BASIS_")
}

/// The token of a served verdict.
#[must_use]
pub fn verdict_token(verdict: record::Verdict) -> String {
    token(verdict.as_str_name(), "VERDICT_")
}

fn token(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}
