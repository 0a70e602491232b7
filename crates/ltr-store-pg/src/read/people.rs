//! Checkpoint, memberships, people.

use bytes::Bytes;
use jiff::SignedDuration;
use ltr_domain::event::LinkStrength;
use ltr_domain::ids::{PersonId, RecordId, Trn};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ChangeRow, Checkpoint, Membership, PeopleOf, PersonRow, StoreError};
use tokio_postgres::Row;

use super::{Reading, policies};

pub(crate) fn checkpoint(row: &Row) -> Result<Checkpoint, StoreError> {
    let reading = Reading::of(row, "checkpoint", "generation");
    let rest: i16 = reading.get("stream_created_nanoseconds")?;
    let rest = SignedDuration::from_nanos(i64::from(rest));
    Ok(Checkpoint {
        stream_created_at: reading.instant("stream_created_at")? + rest,
        sequence: reading.unsigned("sequence")?,
        running_digest: reading.digest("running_digest")?,
        known_at: KnownAt(reading.get("known_at")?),
        policy: policies::cursor(&reading)?,
    })
}

pub(crate) fn membership(row: &Row) -> Result<Membership, StoreError> {
    let reading = Reading::of(row, "membership", "record");
    let known_to: Option<_> = reading.get("known_to")?;
    Ok(Membership {
        record: reading.record()?,
        person: PersonId(reading.get("person")?),
        known_from: KnownAt(reading.get("known_from")?),
        known_to: known_to.map(KnownAt),
        strength: reading.parsed("strength", strength)?,
    })
}

/// `None`: not a strength; `Some(None)`: none.
fn strength(token: Option<&str>) -> Option<Option<LinkStrength>> {
    let Some(token) = token else {
        return Some(None);
    };
    let known = LinkStrength::ALL
        .into_iter()
        .find(|strength| strength.token() == token)?;
    Some(Some(known))
}

pub(crate) fn record(row: &Row) -> Result<RecordId, StoreError> {
    Reading::of(row, "membership", "record").record()
}

pub(crate) fn digest(row: &Row) -> Result<(PersonId, [u8; 32]), StoreError> {
    let reading = Reading::of(row, "person", "person");
    Ok((PersonId(reading.get("person")?), reading.digest("digest")?))
}

pub(crate) fn change(row: &Row) -> Result<ChangeRow, StoreError> {
    let reading = Reading::of(row, "change", "person");
    Ok(ChangeRow {
        sequence: reading.unsigned("sequence")?,
        ordinal: reading.parsed("ordinal", |ordinal: i32| u32::try_from(ordinal).ok())?,
        person: PersonId(reading.get("person")?),
        digest: reading.digest("digest")?,
        known_at: KnownAt(reading.get("known_at")?),
    })
}

pub(crate) fn people_of(rows: &[Row]) -> Result<PeopleOf, StoreError> {
    let Some(first) = rows.first() else {
        return Ok((None, Vec::new()));
    };
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        let reading = Reading::of(row, "person", "person");
        // The one row of an answer without people.
        if reading.get::<Option<&str>>("record")?.is_none() {
            continue;
        }
        people.push((reading.record()?, person(row)?));
    }
    Ok((Some(checkpoint(first)?), people))
}

fn person(row: &Row) -> Result<PersonRow, StoreError> {
    let reading = Reading::of(row, "person", "person");
    Ok(PersonRow {
        person: PersonId(reading.get("person")?),
        trn: reading.parsed("trn", trn)?,
        stage: reading.get("stage")?,
        phase: reading.get("phase")?,
        certainty: reading.get("certainty")?,
        review_on: reading.get("review_on")?,
        digest: reading.digest("digest")?,
        sequence: reading.unsigned("person_sequence")?,
        view: Bytes::copy_from_slice(reading.get("view")?),
        sealed: Bytes::copy_from_slice(reading.get("sealed")?),
        awaits: reading.parsed("awaits", super::heard::awaited)?,
    })
}

/// `None`: not a TRN; `Some(None)`: none.
fn trn(text: Option<&str>) -> Option<Option<Trn>> {
    let Some(text) = text else {
        return Some(None);
    };
    Trn::parse(text).ok().map(Some)
}
