//! A row of the recruits API (Apply's "Register API"): an accepted application with who the candidate is. Of all it
//! says of a person, only names, date of birth and e-mail are read; see the field list for the rest.

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::record::{ApplyRecruit, Body, ChoiceStatus, PersonalField, Stated};
use serde_json::Value;

use super::{NAMES, candidate_id, choice_id, cycle_year, email, resource};
use crate::read::{blank_is_none, personal_values, try_map};
use crate::{Defect, Mapped};

/// Maps a recruit. Its key is the choice's id, here a text; the choice of the same id is the same application.
pub(crate) fn map_recruit(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let (resource, attributes) = resource(row)?;
    let id = choice_id(resource)?;
    let candidate = attributes.object("candidate")?.value().copied();
    let contact = attributes.object("contact_details")?.value().copied();
    let course = attributes.object("course")?.value().copied();

    let owner = match candidate {
        None => Stated::Unstated,
        Some(candidate) => try_map(candidate.text("id")?, |text| candidate_id(candidate, &text))?,
    };
    let course_text = |name: &str| course.map_or(Ok(Stated::Unstated), |course| course.text(name));

    let body = ApplyRecruit {
        status: ChoiceStatus::read(&attributes.required("status", attributes.text("status")?)?),
        candidate: owner,
        submitted_at: attributes.instant("submitted_at")?,
        recruited_at: attributes.instant("recruited_at")?,
        cycle_year: course.map_or(Ok(Stated::Unstated), cycle_year)?,
        course_uuid: course_text("course_uuid")?,
        course_code: course_text("course_code")?,
        training_provider_code: course_text("training_provider_code")?,
        training_provider_type: course_text("training_provider_type")?,
        accredited_provider_code: course_text("accredited_provider_code")?,
        study_mode: course_text("study_mode")?,
    };
    let names = candidate.map_or(Ok(Stated::Unstated), |candidate| candidate.names(NAMES))?;
    let born = candidate.map_or(Ok(Stated::Unstated), |candidate| {
        candidate.personal("date_of_birth")
    })?;
    let email = contact.map_or(Ok(Stated::Unstated), |contact| email(contact, "email"))?;
    let personal = personal_values(vec![
        (PersonalField::Names, blank_is_none(names)),
        (PersonalField::DateOfBirth, blank_is_none(born)),
        (PersonalField::Email, email),
    ]);
    Ok(vec![Mapped {
        record: RecordId::new(RecordKind::ApplyRecruit, id.to_string()),
        body: Body::ApplyRecruit(body),
        personal,
        source_updated_at: attributes.instant("updated_at")?.value().copied(),
    }])
}

/// The recruit that a row is of.
pub(crate) fn named_recruit(row: &Value) -> Option<RecordId> {
    let (resource, _) = resource(row).ok()?;
    let id = choice_id(resource).ok()?;
    Some(RecordId::new(RecordKind::ApplyRecruit, id.to_string()))
}
