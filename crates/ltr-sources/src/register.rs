//! Register: one traineeship per row, from API v2026.1 (U§3). A draft is not evidence of a start, and "deferred now" is
//! the state, never the presence of a date (T24).

use ltr_domain::ids::{ChoiceId, RecordId, RecordKind, Ukprn};
use ltr_domain::record::register::{Course, Placement, Withdrawal};
use ltr_domain::record::{Body, PersonalField, RegisterTrainee, Stated, TraineeState};
use serde_json::Value;

use crate::fields::NOT_HELD;
use crate::keys::{Child, with_keys};
use crate::read::{Object, part, personal_values, try_map, unit};
use crate::{Defect, Mapped};

mod fields;

pub(crate) use fields::{SAFEGUARDING, TRAINEE_FIELDS};

/// The longest trainee id taken.
const TRAINEE_ID_LENGTH_MAX: usize = 64;

/// The length of Register's own ids, which are letters and digits.
const TRAINEE_ID_LENGTH: usize = 24;

/// Maps a trainee body, as a list item, a single answer or the answer to a change.
pub(crate) fn map_trainee(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let row = Object::of(row, "")?;
    let trainee_id = trainee_id(row)?;
    let trainee = RegisterTrainee {
        state: TraineeState::read(&row.required("state", row.text("state")?)?),
        application_id: application_id(row)?,
        trn: row.trn("trn")?,
        ukprn: ukprn(row)?,
        record_source: row.text("record_source")?,
        submitted_for_trn_at: row.instant("submitted_for_trn_at")?,
        itt_start_date: row.date("itt_start_date")?,
        itt_end_date: row.date("itt_end_date")?,
        trainee_start_date: row.date("trainee_start_date")?,
        defer_date: row.date("defer_date")?,
        reinstate_date: row.date("reinstate_date")?,
        recommended_for_award_at: row.instant("recommended_for_award_at")?,
        outcome_date: row.date("outcome_date")?,
        awarded_at: row.instant("awarded_at")?,
        withdrawal: withdrawal(row)?,
        course: course(row)?,
        placements: placements(row)?,
    };
    let personal = personal_values(vec![
        (
            PersonalField::Names,
            row.names(["first_names", "middle_names", "last_name"])?,
        ),
        (PersonalField::DateOfBirth, row.personal("date_of_birth")?),
        (PersonalField::Email, row.personal("email")?),
    ]);
    Ok(vec![Mapped {
        record: RecordId::new(RecordKind::RegisterTrainee, trainee_id),
        body: Body::RegisterTrainee(Box::new(trainee)),
        personal,
        source_updated_at: row.instant("updated_at")?.value().copied(),
    }])
}

/// The traineeship that a row is of, if its id is just like Register's own. In a row with a defect anything may stand in
/// the place of an id, and a name or number of a person must not come to name a record.
pub(crate) fn named_trainee(row: &Value) -> Option<RecordId> {
    let row = Object::of(row, "").ok()?;
    let id = trainee_id(row).ok()?;
    if id.len() != TRAINEE_ID_LENGTH || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    Some(RecordId::new(RecordKind::RegisterTrainee, id))
}

/// The slug, which names the record; without it, what else the row may be.
fn trainee_id(row: Object<'_>) -> Result<String, Defect> {
    match row.text("trainee_id")? {
        Stated::Value(id) if id.chars().count() > TRAINEE_ID_LENGTH_MAX => Err(Defect::new(
            "trainee_id_malformed",
            "trainee_id is longer than any of Register's",
        )),
        Stated::Value(id) if !id.trim().is_empty() => Ok(id),
        Stated::Value(_) | Stated::Null | Stated::Unstated => Err(not_a_trainee(row)),
    }
}

fn not_a_trainee(row: Object<'_>) -> Defect {
    let has = |names: &[&str]| names.iter().all(|name| row.fields.contains_key(*name));
    if has(&["errors"]) || has(&["error"]) {
        return Defect::new("error_body", "an error answer, not a trainee");
    }
    let other = [
        (["degree_id"].as_slice(), "a degree"),
        (["uk_degree", "subject"].as_slice(), "a degree"),
        (["placement_id"].as_slice(), "a placement"),
        (["metadata", "entries"].as_slice(), "reference data"),
        (["status", "version"].as_slice(), "service information"),
    ];
    match other.iter().find(|(names, _)| has(names)) {
        Some((_, what)) => Defect::new("not_a_trainee", format!("{what}, not a trainee")),
        None => Defect::new("missing_trainee_id", "trainee_id is missing"),
    }
}

fn application_id(row: Object<'_>) -> Result<Stated<ChoiceId>, Defect> {
    let malformed = |_| Defect::new("application_id_malformed", "application_id is not a whole number");
    try_map(row.text("application_id")?, |text| {
        ChoiceId::parse(&text).map_err(malformed)
    })
}

fn ukprn(row: Object<'_>) -> Result<Stated<Ukprn>, Defect> {
    let malformed = |error| Defect::new("ukprn_malformed", format!("ukprn: {error}"));
    try_map(row.text("ukprn")?, |text| Ukprn::parse(&text).map_err(malformed))
}

/// The withdrawal in force: Register's fields are null together when there is none.
fn withdrawal(row: Object<'_>) -> Result<Stated<Withdrawal>, Defect> {
    let withdrawal = Withdrawal {
        date: row.date("withdrawal_date")?,
        trigger: row.text("withdrawal_trigger")?,
        reasons: row.texts("withdrawal_reasons")?.map(held_reasons),
        future_interest: row.text("withdrawal_future_interest")?,
    };
    let parts = [
        part(&withdrawal.date),
        part(&withdrawal.trigger),
        part(&withdrawal.reasons),
        part(&withdrawal.future_interest),
    ];
    Ok(unit(withdrawal, &parts))
}

/// The reasons as a set, less what they say about safeguarding.
fn held_reasons(mut reasons: Vec<String>) -> Vec<String> {
    for reason in &mut reasons {
        if reason.contains(SAFEGUARDING) {
            NOT_HELD.clone_into(reason);
        }
    }
    reasons.sort();
    reasons.dedup();
    reasons
}

fn course(row: Object<'_>) -> Result<Stated<Course>, Defect> {
    let course = Course {
        training_route: row.text("training_route")?,
        qualification: row.text("course_qualification")?,
        level: row.text("course_level")?,
        education_phase: row.text("course_education_phase")?,
        study_mode: row.text("study_mode")?,
        age_range: row.text("course_age_range")?,
        subjects: subjects(row)?,
        course_start_date: row.date("course_itt_start_date")?,
        training_partner_urn: row.text("training_partner_urn")?,
        training_partner_ukprn: row.text("training_partner_ukprn")?,
        employing_school_urn: row.text("employing_school_urn")?,
    };
    let parts = [
        part(&course.training_route),
        part(&course.qualification),
        part(&course.level),
        part(&course.education_phase),
        part(&course.study_mode),
        part(&course.age_range),
        part(&course.subjects),
        part(&course.course_start_date),
        part(&course.training_partner_urn),
        part(&course.training_partner_ukprn),
        part(&course.employing_school_urn),
    ];
    Ok(unit(course, &parts))
}

/// The subject codes in order of weight, from fields of their own.
fn subjects(row: Object<'_>) -> Result<Stated<Vec<String>>, Defect> {
    let subjects = [
        row.text("course_subject_1")?,
        row.text("course_subject_2")?,
        row.text("course_subject_3")?,
    ];
    let parts = [part(&subjects[0]), part(&subjects[1]), part(&subjects[2])];
    Ok(unit(
        subjects.iter().filter_map(Stated::value).cloned().collect(),
        &parts,
    ))
}

fn placements(row: Object<'_>) -> Result<Stated<Vec<Placement>>, Defect> {
    try_map(row.list("placements")?, |items| {
        let children = items.iter().map(placement).collect::<Result<Vec<_>, _>>()?;
        Ok(with_keys(children, |placement, key| placement.id = key))
    })
}

fn placement(item: &Value) -> Result<Child<Placement>, Defect> {
    let item = Object::of(item, "placements[]")?;
    let placement = Placement {
        id: String::new(),
        urn: item.text("urn")?,
        name: item.text("name")?,
    };
    Ok(Child {
        id: item.text("placement_id")?.value().cloned(),
        group: placement
            .urn
            .value()
            .or(placement.name.value())
            .cloned()
            .unwrap_or_default(),
        order: placement.name.value().cloned().unwrap_or_default(),
        value: placement,
    })
}

#[cfg(test)]
mod tests;
