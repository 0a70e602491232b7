//! A vacancy: a line of the extract, or an item of the ATS API. The public list gives no id: its items are postings.

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::record::{Body, PersonalValues, Stated, TvVacancy};
use serde_json::Value;

use super::{london_instant, set, uuid_id};
use crate::read::Object;
use crate::{Defect, Mapped};

/// Maps a vacancy. Its lists are sets: sorted here, so that order never matters.
pub(crate) fn map_vacancy(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let row = Object::of(row, "")?;
    let id = uuid_id(row, "missing_vacancy_id", "vacancy_id_malformed")?;
    let body = TvVacancy {
        job_title: row.text("job_title")?,
        school_urns: school_urns(row)?.map(set),
        job_roles: row.texts("job_roles")?.map(set),
        phases: row.texts("phases")?.map(set),
        subjects: row.texts("subjects")?.map(set),
        working_patterns: row.texts("working_patterns")?.map(set),
        contract_type: row.text("contract_type")?,
        ect_suitable: ect_suitable(row)?,
        publish_on: row.date("publish_on")?,
        expires_at: london_instant(row, "expires_at")?,
        enable_job_applications: row.boolean("enable_job_applications")?,
        hired_status: row.text("hired_status")?,
    };
    Ok(vec![Mapped {
        record: RecordId::new(RecordKind::TvVacancy, id),
        body: Body::TvVacancy(body),
        personal: PersonalValues::default(),
        source_updated_at: row.instant("updated_at")?.value().copied(),
    }])
}

/// The vacancy that a row is of.
pub(crate) fn named_vacancy(row: &Value) -> Option<RecordId> {
    let row = Object::of(row, "").ok()?;
    let id = uuid_id(row, "missing_vacancy_id", "vacancy_id_malformed").ok()?;
    Some(RecordId::new(RecordKind::TvVacancy, id))
}

/// The schools, as the extract lists them (`organisations`, of which a trust has no URN) or as the ATS API does
/// (`schools`). A vacancy of a trust alone has no school.
fn school_urns(row: Object<'_>) -> Result<Stated<Vec<String>>, Defect> {
    if let Stated::Value(schools) = row.object("schools")? {
        return schools.texts("school_urns");
    }
    let organisations = row.list("organisations")?;
    let mut urns = Vec::new();
    for organisation in organisations.value().copied().unwrap_or_default() {
        let organisation = Object::of(organisation, "organisations[]")?;
        urns.extend(organisation.text("urn")?.value().cloned());
    }
    Ok(organisations.map(|_| urns))
}

/// A truth value in the ATS API, one of two words in the service's own tables. A third word is no statement.
fn ect_suitable(row: Object<'_>) -> Result<Stated<bool>, Defect> {
    let suitable = row.boolean("ect_suitable")?;
    if suitable.is_stated() {
        return Ok(suitable);
    }
    Ok(match row.text("ect_status")? {
        Stated::Unstated => Stated::Unstated,
        Stated::Null => Stated::Null,
        Stated::Value(word) => match word.as_str() {
            "ect_suitable" => Stated::Value(true),
            "ect_unsuitable" => Stated::Value(false),
            _ => Stated::Unstated,
        },
    })
}
