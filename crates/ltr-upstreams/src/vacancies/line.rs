//! The lines of the extract, in the shape of `docs/teaching-vacancies-extract.md`.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::render::{Object, add_extra, in_london, in_utc, object};
use crate::world::vacancies::{Applications, JobApplication, Jobseeker, Organisation, Vacancy};
use crate::world::{Seen, Text};

/// A vacancy. When it expires is written without a zone, as the service keeps it (T23).
pub(super) fn vacancy(id: Uuid, seen: &Seen<'_, Vacancy>) -> Value {
    let vacancy = seen.value;
    let organisations: Vec<Object> = vacancy.organisations.iter().map(organisation).collect();
    let mut line = object! {
        "id": id.to_string(),
        "job_title": &*vacancy.job_title,
        "organisations": organisations,
        "job_roles": texts(&vacancy.job_roles),
        "phases": texts(&vacancy.phases),
        "subjects": texts(&vacancy.subjects),
        "working_patterns": texts(&vacancy.working_patterns),
        "contract_type": vacancy.contract_type.as_str(),
        "ect_status": vacancy.ect_status.as_str(),
        "publish_on": vacancy.publish_on.to_string(),
        "expires_at": vacancy.expires_at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "enable_job_applications": vacancy.applications == Applications::Here,
        "hired_status": vacancy.hired_status.as_ref().map(|status| status.as_str().to_owned()),
        "updated_at": in_utc(seen.updated_at),
    };
    add_extra(&mut line, &vacancy.extra);
    line.into()
}

fn organisation(organisation: &Organisation) -> Object {
    let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
    object! {
        "urn": text(&organisation.urn),
        "uid": text(&organisation.uid),
        "ukprn": text(&organisation.ukprn),
    }
}

/// A job application. What hiring staff type in has an offset, what the service stamps is in UTC.
pub(super) fn job_application(id: Uuid, seen: &Seen<'_, JobApplication>) -> Value {
    let application = seen.value;
    let stamped = |at: Option<Timestamp>| at.map(in_utc);
    let typed_in = |at: Option<Timestamp>| at.map(in_london);
    let declared = application.qualified_teacher_status.as_ref();
    let mut line = object! {
        "id": id.to_string(),
        "vacancy_id": application.vacancy.to_string(),
        "type": application.kind.as_str(),
        "status": application.status.as_str(),
        "submitted_at": stamped(application.submitted_at),
        "interviewing_at": typed_in(application.interviewing_at),
        "offered_at": typed_in(application.offered_at),
        "declined_at": typed_in(application.declined_at),
        "updated_at": in_utc(seen.updated_at),
        "qualified_teacher_status": declared.map_or("", |declared| declared.as_str()),
        "is_statutory_induction_complete": application.induction_complete,
        "jobseeker": application.jobseeker.as_ref().map(jobseeker),
    };
    add_extra(&mut line, &application.extra);
    line.into()
}

fn jobseeker(jobseeker: &Jobseeker) -> Object {
    object! {
        "first_name": &*jobseeker.first_name,
        "last_name": &*jobseeker.last_name,
        "email": &*jobseeker.email,
        "teacher_reference_number": jobseeker.teacher_reference_number.as_ref().map(ToString::to_string),
    }
}

fn texts(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}
