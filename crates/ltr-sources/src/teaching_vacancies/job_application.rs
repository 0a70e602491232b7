//! A job application: a line of the extract. What it says of the person was typed in by them and checked by nobody, so
//! a TRN in it is sealed like a name and asserts no link (T36).

use ltr_domain::ids::{RecordId, RecordKind, Trn};
use ltr_domain::record::{
    Body, JobApplicationStatus, PersonalField, PersonalValue, Stated, TvJobApplication,
};
use serde_json::Value;

use super::{london_instant, reference, uuid_id};
use crate::read::{Object, blank_is_none, personal_values};
use crate::{Defect, Mapped};

/// Maps a job application.
pub(crate) fn map_job_application(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let row = Object::of(row, "")?;
    let id = uuid_id(row, "missing_job_application_id", "job_application_id_malformed")?;
    let body = TvJobApplication {
        status: JobApplicationStatus::read(&row.required("status", row.text("status")?)?),
        vacancy_id: reference(row, "vacancy_id")?,
        application_type: row.text("type")?,
        submitted_at: london_instant(row, "submitted_at")?,
        interviewing_at: london_instant(row, "interviewing_at")?,
        offered_at: london_instant(row, "offered_at")?,
        declined_at: london_instant(row, "declined_at")?,
        qualified_teacher_status: row.text("qualified_teacher_status")?,
        induction_complete: row.boolean("is_statutory_induction_complete")?,
    };
    let [names, email, trn] = jobseeker(row)?;
    let personal = personal_values(vec![
        (PersonalField::Names, names),
        (PersonalField::Email, email),
        (PersonalField::DeclaredTrn, trn),
    ]);
    Ok(vec![Mapped {
        record: RecordId::new(RecordKind::TvJobApplication, id),
        body: Body::TvJobApplication(body),
        personal,
        source_updated_at: london_instant(row, "updated_at")?.value().copied(),
    }])
}

/// The job application that a row is of.
pub(crate) fn named_job_application(row: &Value) -> Option<RecordId> {
    let row = Object::of(row, "").ok()?;
    let id = uuid_id(row, "missing_job_application_id", "job_application_id_malformed").ok()?;
    Some(RecordId::new(RecordKind::TvJobApplication, id))
}

/// Names, e-mail and declared TRN. A row without a jobseeker says nothing of them; a null one says there is none.
fn jobseeker(row: Object<'_>) -> Result<[Stated<PersonalValue>; 3], Defect> {
    let jobseeker = match row.object("jobseeker")? {
        Stated::Unstated => return Ok([const { Stated::Unstated }; 3]),
        Stated::Null => return Ok([const { Stated::Null }; 3]),
        Stated::Value(jobseeker) => jobseeker,
    };
    Ok([
        blank_is_none(jobseeker.names(["first_name", "", "last_name"])?),
        blank_is_none(jobseeker.personal("email")?),
        blank_is_none(declared_trn(jobseeker)?),
    ])
}

/// Seven digits where what was typed in is a TRN in any of its written forms; else as typed in, for it is a
/// declaration all the same and no reason to park the row.
fn declared_trn(jobseeker: Object<'_>) -> Result<Stated<PersonalValue>, Defect> {
    let text = jobseeker.text("teacher_reference_number")?;
    Ok(text.map(|text| PersonalValue(vec![Trn::parse(&text).map_or(text, |trn| trn.to_string())])))
}
