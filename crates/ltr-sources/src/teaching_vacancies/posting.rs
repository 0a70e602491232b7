//! An item of the public list of live vacancies (U§6.1). It carries no id; the end of its address, which the service gives
//! to one vacancy alone, names it.

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::record::{Body, PersonalValues, Stated, TvPosting};
use serde_json::Value;

use super::{london_instant, set};
use crate::read::Object;
use crate::{Defect, Mapped};

/// What stands before the name in an address.
const BEFORE_SLUG: &str = "/jobs/";

/// Maps an item of the list. Its employment types are a set: sorted here, so that order never matters.
pub(crate) fn map_posting(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let row = Object::of(row, "")?;
    let slug = slug(row)?;
    let organisation = match row.object("hiringOrganization")? {
        Stated::Unstated => Stated::Unstated,
        Stated::Null => Stated::Null,
        Stated::Value(organisation) => organisation.text("identifier")?,
    };
    let body = TvPosting {
        job_title: row.text("title")?,
        organisation,
        job_role: row.text("occupationalCategory")?,
        employment_types: row.texts("employmentType")?.map(set),
        posted_on: row.date("datePosted")?,
        valid_through: london_instant(row, "validThrough")?,
        direct_apply: row.boolean("directApply")?,
    };
    Ok(vec![Mapped {
        record: RecordId::new(RecordKind::TvPosting, slug),
        body: Body::TvPosting(body),
        personal: PersonalValues::default(),
        // The list says when a vacancy was published, never when it was changed.
        source_updated_at: None,
    }])
}

/// The posting that a row is.
pub(crate) fn named_posting(row: &Value) -> Option<RecordId> {
    let slug = slug(Object::of(row, "").ok()?).ok()?;
    Some(RecordId::new(RecordKind::TvPosting, slug))
}

/// The end of the address: letters, digits and hyphens.
fn slug(row: Object<'_>) -> Result<String, Defect> {
    if row.fields.contains_key("errors") {
        return Err(Defect::new("error_body", "an error answer, not a row"));
    }
    let Stated::Value(url) = row.text("url")? else {
        return Err(Defect::new(
            "missing_posting_url",
            "url is missing: nothing names this row",
        ));
    };
    let slug = url.rsplit_once(BEFORE_SLUG).map(|(_, slug)| slug);
    let is_slug = |slug: &&str| {
        !slug.is_empty()
            && slug
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    slug.filter(is_slug).map(str::to_owned).ok_or_else(|| {
        Defect::new(
            "posting_url_malformed",
            "url does not end with /jobs/ and the name of a vacancy",
        )
    })
}
