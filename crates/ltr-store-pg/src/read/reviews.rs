//! What an operator is to look at.

use bytes::Bytes;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ReviewRow, StoreError};
use tokio_postgres::Row;

use super::Reading;
use crate::text;

pub(crate) fn row(row: &Row) -> Result<ReviewRow, StoreError> {
    let reading = Reading::of(row, "review", "id");
    let records = |names: Vec<&str>| names.into_iter().map(text::record).collect();
    Ok(ReviewRow {
        id: reading.text("id")?,
        kind: reading.get("kind")?,
        records: reading.parsed("records", records)?,
        known_at: KnownAt(reading.get("known_at")?),
        sequence: reading.unsigned("sequence")?,
        view: Bytes::copy_from_slice(reading.get("view")?),
    })
}
