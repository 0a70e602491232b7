//! Adopted policies, and how far the answers follow the last.

use ltr_domain::ids::PersonId;
use ltr_domain::observation::Position;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{PolicyCursor, PolicyRow, Resolved, StoreError};
use tokio_postgres::Row;

use super::Reading;

pub(crate) fn row(row: &Row) -> Result<PolicyRow, StoreError> {
    let reading = Reading::of(row, "policy", "version");
    Ok(PolicyRow {
        position: Position {
            sequence: reading.unsigned("sequence")?,
            known_at: KnownAt(reading.get("known_at")?),
        },
        version: reading.parsed("version", |version: i64| u32::try_from(version).ok())?,
        digest: reading.digest("digest")?,
        text: reading.text("text")?,
    })
}

/// The part of a checkpoint that is about the policy.
pub(super) fn cursor(reading: &Reading<'_>) -> Result<PolicyCursor, StoreError> {
    let resolved: &str = reading.get("resolved")?;
    let resolved = match resolved {
        "everybody" => Resolved::Everybody,
        "nobody" => Resolved::Nobody,
        "up_to" => Resolved::UpTo {
            person: PersonId(reading.get("resolved_person")?),
            changes: reading.parsed("resolved_changes", |changes: i64| u32::try_from(changes).ok())?,
        },
        _ => return Err(reading.unreadable("resolved")),
    };
    Ok(PolicyCursor {
        adoption: reading.unsigned("policy_sequence")?,
        resolved,
    })
}
