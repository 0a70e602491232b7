//! Teaching Vacancies: vacancies, and job applications from a governed extract whose shape is ours, because the service
//! offers none (U§6; `docs/teaching-vacancies-extract.md`); and the public list of live vacancies. All it says of a person is self-declared.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ltr_domain::record::Stated;

use crate::Defect;
use crate::read::{Object, read_instant};

mod fields;
mod job_application;
mod posting;
mod vacancy;

pub(crate) use fields::{JOB_APPLICATION_FIELDS, POSTING_FIELDS, VACANCY_FIELDS};
pub(crate) use job_application::{map_job_application, named_job_application};
pub(crate) use posting::{map_posting, named_posting};
pub(crate) use vacancy::{map_vacancy, named_vacancy};

static LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// The row's own id, a uuid in lower case.
fn uuid_id(row: Object<'_>, missing: &'static str, malformed: &'static str) -> Result<String, Defect> {
    if row.fields.contains_key("errors") {
        return Err(Defect::new("error_body", "an error answer, not a row"));
    }
    let Stated::Value(id) = row.text("id")? else {
        return Err(Defect::new(missing, "id is missing: nothing names this row"));
    };
    let id = id.to_ascii_lowercase();
    if is_uuid(&id) {
        Ok(id)
    } else {
        Err(Defect::new(malformed, "id is not a uuid"))
    }
}

/// The id of another row, as it came but for the case of a uuid.
fn reference(row: Object<'_>, name: &str) -> Result<Stated<String>, Defect> {
    let lower = |id: String| {
        if is_uuid(&id.to_ascii_lowercase()) {
            id.to_ascii_lowercase()
        } else {
            id
        }
    };
    Ok(row.text(name)?.map(lower))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// An instant with an offset or `Z`; without either it is local time in London (T23). One that cannot be read counts
/// as not stated.
fn london_instant(row: Object<'_>, name: &str) -> Result<Stated<Timestamp>, Defect> {
    Ok(match row.text(name)? {
        Stated::Unstated => Stated::Unstated,
        Stated::Null => Stated::Null,
        Stated::Value(text) => read_instant(&text)
            .or_else(|| in_london(&text))
            .map_or(Stated::Unstated, Stated::Value),
    })
}

/// Local time in London. In the hour that autumn repeats the first is meant, as in the service itself; the hour that
/// spring skips is read as if it had not been skipped.
fn in_london(text: &str) -> Option<Timestamp> {
    // A date alone names no instant, though it would parse as one.
    let local = text
        .parse::<DateTime>()
        .ok()
        .filter(|_| text.len() > "2026-04-13".len())?;
    local.to_zoned(LONDON.clone()).ok().map(|zoned| zoned.timestamp())
}

/// A list whose order says nothing.
fn set(mut items: Vec<String>) -> Vec<String> {
    items.sort();
    items.dedup();
    items
}

#[cfg(test)]
mod tests;
