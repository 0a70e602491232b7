//! Apply for teacher training: the Candidate API's candidates with forms and choices, and the recruits API (U§2).

use ltr_domain::ids::{CandidateId, ChoiceId};
use ltr_domain::record::{PersonalValue, Stated};
use serde_json::Value;

use crate::Defect;
use crate::read::{Object, blank_is_none};

mod candidate;
mod fields;
mod recruit;

pub(crate) use candidate::{map_candidate, named_candidate};
pub(crate) use fields::{CANDIDATE_FIELDS, RECRUIT_FIELDS};
pub(crate) use recruit::{map_recruit, named_recruit};

/// The resource that a row is, and its `attributes`.
fn resource(row: &Value) -> Result<(Object<'_>, Object<'_>), Defect> {
    let resource = Object::of(row, "")?;
    if resource.fields.contains_key("errors") {
        return Err(Defect::new("error_body", "an error answer, not a resource"));
    }
    let attributes = resource.object("attributes")?;
    Ok((resource, resource.required("attributes", attributes)?))
}

/// The fields that make a person's name in Apply: it asks for no middle name.
const NAMES: [&str; 3] = ["first_name", "", "last_name"];

fn candidate_id(owner: Object<'_>, text: &str) -> Result<CandidateId, Defect> {
    CandidateId::parse(text).map_err(|why| {
        Defect::new(
            "candidate_id_malformed",
            format!("{}: {why}; it is C and digits", owner.path_of("id")),
        )
    })
}

fn choice_id(owner: Object<'_>) -> Result<ChoiceId, Defect> {
    let text = owner.required("id", owner.text("id")?)?;
    ChoiceId::parse(&text).map_err(|why| {
        Defect::new(
            "choice_id_malformed",
            format!("{}: {why}; it is digits only", owner.path_of("id")),
        )
    })
}

/// A recruitment cycle, named by the year in which its courses start.
fn cycle_year(owner: Object<'_>) -> Result<Stated<u16>, Defect> {
    const NAME: &str = "recruitment_cycle_year";
    match owner.integer(NAME)? {
        Stated::Unstated => Ok(Stated::Unstated),
        Stated::Null => Ok(Stated::Null),
        Stated::Value(year) => match u16::try_from(year) {
            Ok(year) if (1900..=2999).contains(&year) => Ok(Stated::Value(year)),
            _ => Err(Defect::new(
                "cycle_year_out_of_range",
                format!("{} is no year", owner.path_of(NAME)),
            )),
        },
    }
}

/// An e-mail address; Apply's stand-in for a redacted one says that there is none (T37).
fn email(owner: Object<'_>, name: &str) -> Result<Stated<PersonalValue>, Defect> {
    let address = blank_is_none(owner.personal(name)?);
    let is_redacted = address
        .value()
        .is_some_and(|address| address.0.iter().any(|part| is_redacted(part)));
    Ok(if is_redacted { Stated::Null } else { address })
}

fn is_redacted(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    address.starts_with("redacted-email-address-") && address.ends_with("@example.com")
}

#[cfg(test)]
mod tests;
