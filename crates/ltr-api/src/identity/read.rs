//! What a request about identity says, read strictly: what goes on the log stays there.

use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{Assurance, DecidedBy, Pair};
use ltr_proto::record;

use crate::status::Refusal;

/// Letters of an actor at most.
const ACTOR_LETTERS_MAX: usize = 64;

/// Letters of a reason at most.
const REASON_LETTERS_MAX: usize = 500;

/// Reads who decided.
pub(super) fn decided_by(by: Option<record::DecidedBy>) -> Result<DecidedBy, Refusal> {
    let record::DecidedBy {
        actor,
        assurance,
        reason,
    } = by.unwrap_or_default();
    let known = Assurance::from_token(&assurance).ok_or_else(|| {
        let known: Vec<_> = Assurance::ALL.iter().map(|assurance| assurance.token()).collect();
        Refusal::field("by.assurance", format!("must be one of {}", known.join(", ")))
    });
    let (actor, reason) = who_and_why(("by.actor", actor), ("by.reason", &reason))?;
    Ok(DecidedBy {
        actor,
        assurance: known?,
        reason,
    })
}

/// Reads who says something and why, each with the name of its field. An actor is a role or account, so it has no room for a
/// person's name; a reason holds no address.
pub(crate) fn who_and_why(
    (actor_field, actor): (&'static str, String),
    (reason_field, reason): (&'static str, &str),
) -> Result<(String, String), Refusal> {
    let is_account = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    if actor.is_empty() || actor.len() > ACTOR_LETTERS_MAX || !actor.chars().all(is_account) {
        let what = "must be a role or account: 1 to 64 letters, digits, '.', '_' or '-'";
        return Err(Refusal::field(actor_field, what));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_LETTERS_MAX {
        return Err(Refusal::field(
            reason_field,
            "must say why, in at most 500 characters",
        ));
    }
    if reason.contains('@') {
        return Err(Refusal::field(
            reason_field,
            "must name no person, so no e-mail address either",
        ));
    }
    Ok((actor, reason.to_owned()))
}

/// Reads two records.
pub(super) fn pair(records: &[String]) -> Result<Pair, Refusal> {
    let [one, other] = records else {
        return Err(Refusal::field("records", "must be two records"));
    };
    Pair::of(record("records", one)?, record("records", other)?)
        .ok_or_else(|| Refusal::field("records", "must be two different records"))
}

/// Reads a record's name.
pub(super) fn record(field: &'static str, name: &str) -> Result<RecordId, Refusal> {
    RecordId::parse(name)
        .ok()
        .filter(|record| record.kind.is_about_a_person())
        .ok_or_else(|| Refusal::field(field, "must be source/kind/key, of a record about a person"))
}
