//! A row of the Candidate API: one account, and one record for each choice on its forms. Versions v1.1 to v1.4 differ
//! only in what they leave out, and what a version leaves out is no statement (T21).

use ltr_domain::ids::{CandidateId, FormId, RecordId};
use ltr_domain::record::apply::{ChosenCourse, Form, Interview};
use ltr_domain::record::{
    ApplyCandidate, ApplyChoice, Body, ChoiceStatus, PersonalField, PersonalValue, PersonalValues, Stated,
};
use serde_json::Value;

use super::{NAMES, candidate_id, choice_id, cycle_year, email, resource};
use crate::read::{Object, blank_is_none, personal_values};
use crate::{Defect, Mapped};

/// Maps a candidate: the account first, then its choices by ascending id. A choice that cannot be mapped takes the
/// whole row with it, because a candidate less one choice would be a false statement.
pub(crate) fn map_candidate(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let (resource, attributes) = resource(row)?;
    let id = candidate_id(resource, &resource.required("id", resource.text("id")?)?)?;

    let raw_forms = attributes.list("application_forms")?;
    let mut forms = Vec::new();
    let mut choices = Vec::new();
    for item in raw_forms.value().copied().unwrap_or_default() {
        let object = Object::of(item, "attributes.application_forms[]")?;
        let form = RowForm::read(object)?;
        choices.extend(form_choices(object, id, &form.form)?);
        forms.push(form);
    }
    forms.sort_by_key(|form| form.form.id);
    refuse_repeats(
        "attributes.application_forms[]",
        forms.iter().map(|form| form.form.id.0),
    )?;
    choices.sort_by_key(|(choice, _)| *choice);
    refuse_repeats(
        "application_choices.data[]",
        choices.iter().map(|(choice, _)| *choice),
    )?;

    let account = Mapped {
        record: RecordId::apply_candidate(id),
        personal: personal_values(vec![
            (PersonalField::Names, latest_names(&forms)),
            (PersonalField::Email, email(attributes, "email_address")?),
        ]),
        source_updated_at: attributes.instant("updated_at")?.value().copied(),
        body: Body::ApplyCandidate(ApplyCandidate {
            created_at: attributes.instant("created_at")?,
            forms: raw_forms.map(|_| forms.into_iter().map(|form| form.form).collect()),
        }),
    };
    Ok(std::iter::once(account)
        .chain(choices.into_iter().map(|(_, choice)| choice))
        .collect())
}

/// The account that a row is of.
pub(crate) fn named_candidate(row: &Value) -> Option<RecordId> {
    let (resource, _) = resource(row).ok()?;
    let text = resource.text("id").ok()?;
    let id = candidate_id(resource, text.value()?).ok()?;
    Some(RecordId::apply_candidate(id))
}

/// A form with the name it gives the candidate.
struct RowForm {
    form: Form,
    names: Stated<PersonalValue>,
}

impl RowForm {
    fn read(object: Object<'_>) -> Result<Self, Defect> {
        let form = Form {
            id: FormId(object.required("id", object.integer("id")?)?),
            cycle_year: cycle_year(object)?,
            submitted_at: object.instant("submitted_at")?,
            status: object.text("application_status")?,
        };
        Ok(Self {
            form,
            names: blank_is_none(object.names(NAMES)?),
        })
    }
}

/// The name on the latest form, by cycle and not by place in the list (T09). A form that names nobody yet, begun but
/// not filled in, takes no earlier name away.
fn latest_names(forms: &[RowForm]) -> Stated<PersonalValue> {
    let by_age = |form: &&RowForm| (form.form.cycle_year.value().copied(), form.form.id);
    let latest = forms
        .iter()
        .filter(|form| form.names.value().is_some())
        .max_by_key(by_age);
    let any = latest.or_else(|| forms.iter().find(|form| form.names.is_stated()));
    any.map_or(Stated::Unstated, |form| form.names.clone())
}

/// The choices of one form, each with its id to sort by. A form without the section states none.
fn form_choices(form: Object<'_>, candidate: CandidateId, of: &Form) -> Result<Vec<(u64, Mapped)>, Defect> {
    let Stated::Value(section) = form.object("application_choices")? else {
        return Ok(Vec::new());
    };
    let items = section.list("data")?;
    items
        .value()
        .copied()
        .unwrap_or_default()
        .iter()
        .map(|item| map_choice(item, candidate, of))
        .collect()
}

fn map_choice(item: &Value, candidate: CandidateId, form: &Form) -> Result<(u64, Mapped), Defect> {
    let choice = Object::of(item, "application_choices.data[]")?;
    let id = choice_id(choice)?;
    let provider_name = match choice.object("provider")? {
        Stated::Unstated => Stated::Unstated,
        Stated::Null => Stated::Null,
        Stated::Value(provider) => provider.text("name")?,
    };
    let body = ApplyChoice {
        candidate,
        form: form.id,
        status: ChoiceStatus::read(&choice.required("status", choice.text("status")?)?),
        cycle_year: form.cycle_year,
        created_at: choice.instant("created_at")?,
        sent_to_provider_at: choice.instant("sent_to_provider_at")?,
        accepted_at: choice.instant("accepted_at")?,
        provider_name,
        course: course(choice)?,
        interviews: interviews(choice)?,
    };
    let mapped = Mapped {
        record: RecordId::apply_choice(id),
        body: Body::ApplyChoice(body),
        personal: PersonalValues::default(),
        source_updated_at: choice.instant("updated_at")?.value().copied(),
    };
    Ok((id.0, mapped))
}

fn course(choice: Object<'_>) -> Result<Stated<ChosenCourse>, Defect> {
    let course = match choice.object("course")? {
        Stated::Unstated => return Ok(Stated::Unstated),
        Stated::Null => return Ok(Stated::Null),
        Stated::Value(course) => course,
    };
    Ok(Stated::Value(ChosenCourse {
        uuid: course.text("uuid")?,
        name: course.text("name")?,
        level: course.text("level")?,
        funding_type: course.text("funding_type")?,
        program_type: course.text("program_type")?,
    }))
}

fn interviews(choice: Object<'_>) -> Result<Stated<Vec<Interview>>, Defect> {
    const PATH: &str = "application_choices.data[].interviews[]";
    let items = choice.list("interviews")?;
    let mut interviews = Vec::new();
    for item in items.value().copied().unwrap_or_default() {
        let interview = Object::of(item, PATH)?;
        interviews.push(Interview {
            id: interview.required("id", interview.integer("id")?)?,
            at: interview.instant("date_and_time")?,
            cancelled_at: interview.instant("cancelled_at")?,
        });
    }
    interviews.sort_by_key(|interview| interview.id);
    refuse_repeats(PATH, interviews.iter().map(|interview| interview.id))?;
    Ok(items.map(|_| interviews))
}

/// Sorted ids must not repeat: two things under one id cannot be told apart.
fn refuse_repeats(path: &str, sorted: impl Iterator<Item = u64>) -> Result<(), Defect> {
    let mut last = None;
    for id in sorted {
        if last == Some(id) {
            return Err(Defect::new("repeated_id", format!("{path}.id is given twice")));
        }
        last = Some(id);
    }
    Ok(())
}
