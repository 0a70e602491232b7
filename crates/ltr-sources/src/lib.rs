//! What the four upstream services say, freed from its shape: one module per source with shape and mapping, the diff
//! that turns two canonical states into events, and the redaction at the edge. Does no I/O and knows no clock.

use jiff::Timestamp;
use ltr_domain::ids::{Feed, RecordId};
use ltr_domain::record::{Body, PersonalValues};

pub mod codes;
pub mod fields;
mod keys;
mod read;
mod rows;

mod apply;
mod register;
mod teaching_vacancies;
mod trs;

pub mod diff;

pub use rows::{Row, RowsError, rows, rows_of_line, split_rows};

/// The version of the mapping in this crate. A row is compared only with a state that the same version made.
pub const MAPPING_VERSION: u32 = 1;

/// What one row says, in canonical form: one record or several (an Apply candidate and its choices).
///
/// Debug output shows the records, never the evidence: that is in clear until it is sealed.
#[derive(Clone)]
pub struct MappedRow {
    /// The records, the one the row is named after first. Never empty.
    pub records: Vec<Mapped>,
    /// The row less the fields that may not be held, as JSON text; goes to evidence, sealed.
    pub evidence: String,
    /// Paths of upstream fields that neither list knows; their values are dropped, their names counted (T20).
    pub unknown_fields: Vec<String>,
}

impl std::fmt::Debug for MappedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            records,
            evidence: _,
            unknown_fields,
        } = self;
        f.debug_struct("MappedRow")
            .field("records", records)
            .field("unknown_fields", unknown_fields)
            .finish_non_exhaustive()
    }
}

/// One canonical record of a row.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// Which record.
    pub record: RecordId,
    /// What the row says of it. Laid over the previous state by [`Body::over`] before it is compared.
    pub body: Body,
    /// Personal values it states, in clear; never logged.
    pub personal: PersonalValues,
    /// The source's own `updated_at`; bookkeeping, never compared, but a basis for effective dates.
    pub source_updated_at: Option<Timestamp>,
}

/// Why a row cannot be mapped. It goes to quarantine and stops nothing else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Defect {
    /// A stable code, listed in `docs/quarantine-codes.md`.
    pub code: &'static str,
    /// What is wrong, naming fields, never a value of the row.
    pub reason: String,
}

impl Defect {
    /// A defect of that code.
    #[must_use]
    pub fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }
}

/// Maps one row of a feed.
///
/// # Errors
///
/// A row that names no record, or whose key or shape is not what the feed sends. Odd values inside a good row are no
/// error: they are kept as unreadable or unrecognised.
pub fn map_row(feed: Feed, row: &serde_json::Value) -> Result<MappedRow, Defect> {
    let bare = rows::bare(feed, row);
    let records = match feed {
        Feed::ApplyCandidates => apply::map_candidate(bare)?,
        Feed::ApplyRecruits => apply::map_recruit(bare)?,
        Feed::RegisterTrainees => register::map_trainee(bare)?,
        Feed::TrsPersons => trs::map_person(row)?,
        Feed::TvVacancies => teaching_vacancies::map_vacancy(bare)?,
        Feed::TvJobApplications => teaching_vacancies::map_job_application(bare)?,
        Feed::TvPostings => teaching_vacancies::map_posting(bare)?,
    };
    let redacted = fields::redact(feed, bare);
    Ok(MappedRow {
        records,
        evidence: redacted.held,
        unknown_fields: redacted.unknown,
    })
}

/// The record that a row is named after, where its key is just like the source's own, whatever else is wrong with the row.
/// For a row that can be mapped it is the first of [`MappedRow::records`], or none.
#[must_use]
pub fn record_of(feed: Feed, row: &serde_json::Value) -> Option<RecordId> {
    let bare = rows::bare(feed, row);
    match feed {
        Feed::ApplyCandidates => apply::named_candidate(bare),
        Feed::ApplyRecruits => apply::named_recruit(bare),
        Feed::RegisterTrainees => register::named_trainee(bare),
        Feed::TrsPersons => trs::named_person(row),
        Feed::TvVacancies => teaching_vacancies::named_vacancy(bare),
        Feed::TvJobApplications => teaching_vacancies::named_job_application(bare),
        Feed::TvPostings => teaching_vacancies::named_posting(bare),
    }
}

#[cfg(test)]
mod testing;

/// The version of the source's API that rows of a feed are read as; noted beside their evidence.
#[must_use]
pub fn api_version(feed: Feed) -> &'static str {
    match feed {
        Feed::ApplyCandidates => "candidate-api/v1.4",
        Feed::ApplyRecruits => "register-api",
        Feed::RegisterTrainees => "v2026.1",
        Feed::TrsPersons => "20260120",
        Feed::TvVacancies | Feed::TvJobApplications => "extract-1",
        Feed::TvPostings => "jobs/v1",
    }
}
