//! Chunks of history, read back into entries.

use std::collections::BTreeSet;

use ltr_domain::ids::PersonId;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{HistoryEntry, PersonHistory, StoreError};
use tokio_postgres::Row;

use super::{Reading, people};
use crate::chunk;

/// Every entry of the chunks, by ascending sequence.
pub(crate) fn entries(rows: &[Row]) -> Result<Vec<HistoryEntry>, StoreError> {
    let mut entries = Vec::new();
    for row in rows {
        read_chunk(row, None, &mut entries)?;
    }
    entries.sort_by_key(|entry| entry.sequence);
    Ok(entries)
}

/// One row a membership and chunk; a membership of a record without history has one row without a chunk.
pub(crate) fn as_of(rows: &[Row], known: KnownAt) -> Result<Option<PersonHistory>, StoreError> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut seen = BTreeSet::new();
    let mut answer = PersonHistory {
        person: PersonId(Reading::of(first, "membership", "record").get("person")?),
        records: Vec::new(),
        entries: Vec::new(),
    };
    for row in rows {
        let membership = people::membership(row)?;
        if seen.insert(membership.record.clone()) {
            answer.records.push(membership);
        }
        let reading = Reading::of(row, "record_history", "record");
        if reading.get::<Option<i32>>("chunk")?.is_some() {
            read_chunk(row, Some(known), &mut answer.entries)?;
        }
    }
    answer.entries.sort_by_key(|entry| entry.sequence);
    Ok(Some(answer))
}

fn read_chunk(row: &Row, known: Option<KnownAt>, into: &mut Vec<HistoryEntry>) -> Result<(), StoreError> {
    let reading = Reading::of(row, "record_history", "record");
    let record = reading.record()?;
    reading.parsed("data", |data: &[u8]| chunk::read(&record, data, known, into))
}
