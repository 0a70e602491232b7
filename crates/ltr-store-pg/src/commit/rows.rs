//! The rows of a batch as columns, in the order of the statements' parameters.

use std::collections::BTreeMap;

use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::event::LinkStrength;
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ChangeRow, DeliveryRow, Membership, PersonRow, PolicyRow, QuarantineRow, RulingRow};

use tokio_postgres::types::Type;

use super::columns::{Columns, instant, signed, small};
use super::copied::Copied;
use crate::chunk::Piece;
use crate::error::Cause;
use crate::held;
use crate::text;

pub(super) fn appended<'a>(rows: &'a [Piece<'a>]) -> Columns<'a> {
    Columns::default()
        .with(rows, |row| text::key(row.record))
        .with(rows, |row| row.chunk)
        .with(rows, |row| row.entries)
        .with(rows, |row| signed(row.from_sequence))
        .with(rows, |row| signed(row.to_sequence))
        .with(rows, |row| &row.data[..])
}

pub(super) fn closed(rows: &[(RecordId, PersonId, KnownAt)]) -> Columns<'_> {
    Columns::default()
        .with(rows, |(record, _, _)| text::key(record))
        .with(rows, |(_, person, _)| person.0)
        .with(rows, |(_, _, at)| instant(*at))
}

/// The columns' bytes, beside the text or data of each row.
const FIXED_BYTES: usize = 96;

pub(super) fn new_chunks(rows: &[Piece<'_>]) -> Result<Copied, Cause> {
    let bytes = |row: &Piece<'_>| row.data.len() + row.record.key.len() + FIXED_BYTES;
    let mut copied = Copied::with_capacity(rows.iter().map(bytes).sum());
    for row in rows {
        copied.row([
            (&text::key(row.record), Type::TEXT),
            (&row.chunk, Type::INT4),
            (&row.entries, Type::INT4),
            (&signed(row.from_sequence), Type::INT8),
            (&signed(row.to_sequence), Type::INT8),
            (&&row.data[..], Type::BYTEA),
        ])?;
    }
    Ok(copied)
}

pub(super) fn opened(rows: &[Membership]) -> Result<Copied, Cause> {
    let bytes = |row: &Membership| row.record.key.len() + FIXED_BYTES;
    let mut copied = Copied::with_capacity(rows.iter().map(bytes).sum());
    for row in rows {
        copied.row([
            (&text::key(&row.record), Type::TEXT),
            (&row.person.0, Type::UUID),
            (&instant(row.known_from), Type::TIMESTAMPTZ),
            (&row.known_to.map(instant), Type::TIMESTAMPTZ),
            (&row.strength.map(LinkStrength::token), Type::TEXT),
        ])?;
    }
    Ok(copied)
}

pub(super) fn people(rows: &[PersonRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| row.person.0)
        .with(rows, |row| signed(row.sequence))
        .with(rows, |row| row.review_on)
        .with(rows, |row| row.trn.as_ref().map(|trn| trn.as_str()))
        .with(rows, |row| &row.stage[..])
        .with(rows, |row| &row.phase[..])
        .with(rows, |row| &row.certainty[..])
        .with(rows, |row| &row.digest[..])
        .with(rows, |row| &row.view[..])
        .with(rows, |row| &row.sealed[..])
        .with(rows, |row| row.awaits.as_ref().map(text::provider))
}

pub(super) fn ended(people: &[PersonId]) -> Columns<'_> {
    Columns::default().with(people, |person| person.0)
}

pub(super) fn changes(rows: &[ChangeRow], generation: i16) -> Result<Copied, Cause> {
    let mut copied = Copied::with_capacity(rows.len() * FIXED_BYTES);
    for row in rows {
        copied.row([
            (&generation, Type::INT2),
            (&signed(row.sequence), Type::INT8),
            (&small(row.ordinal), Type::INT4),
            (&row.person.0, Type::UUID),
            (&&row.digest[..], Type::BYTEA),
            (&instant(row.known_at), Type::TIMESTAMPTZ),
        ])?;
    }
    Ok(copied)
}

pub(super) fn policies(rows: &[PolicyRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| signed(row.position.sequence))
        .with(rows, |row| instant(row.position.known_at))
        .with(rows, |row| i64::from(row.version))
        .with(rows, |row| &row.digest[..])
        .with(rows, |row| text::stored(&row.text))
}

pub(super) fn quarantine<'a>(rows: &'a [QuarantineRow], scopes: &'a [String]) -> Columns<'a> {
    Columns::default()
        .with(rows, |row| text::stored(&row.message.id))
        .with(rows, |row| row.message.feed.to_string())
        .with(rows, |row| row.message.delivery.0)
        .with(rows, |row| row.message.recorded_at.0)
        .with(rows, |row| text::stored(&row.message.code))
        .with(rows, |row| text::stored(&row.message.reason))
        .with(rows, |row| text::stored(&row.message.place))
        .with(rows, |row| {
            row.message
                .evidence
                .as_ref()
                .map(|evidence| signed(evidence.sequence))
        })
        .with(rows, |row| {
            row.message
                .evidence
                .as_ref()
                .map(|evidence| &evidence.digest.0[..])
        })
        .with(rows, |row| signed(row.sequence))
        .with(rows, |row| instant(row.first_seen_at))
        .with(rows, |row| instant(row.last_seen_at))
        .with(rows, |row| row.message.record.as_ref().map(text::key))
        .with(rows, |row| row.message.row_bytes.map(signed))
        .with(rows, |row| row.message.taken_at.map(|taken_at| taken_at.0))
        .with(scopes, |scope| &scope[..])
        .with(rows, |row| signed(row.times_seen))
        .with(rows, |row| row.released_at.map(instant))
}

/// What each delivery, or each row in quarantine, speaks for, as JSON.
pub(super) fn scopes<'a>(scopes: impl Iterator<Item = &'a Scope>) -> Result<Vec<String>, Cause> {
    let written = |scope: &Scope| {
        let pairs = scope
            .iter()
            .map(|(name, value)| (text::stored(name), text::stored(value)));
        serde_json::to_string(&pairs.collect::<BTreeMap<_, _>>())
    };
    scopes
        .map(written)
        .collect::<Result<_, _>>()
        .map_err(|error| Cause::Client(error.to_string()))
}

pub(super) fn deliveries<'a>(rows: &'a [DeliveryRow], scopes: &'a [String]) -> Columns<'a> {
    Columns::default()
        .with(rows, |row| row.delivery.0)
        .with(rows, |row| row.feed.to_string())
        .with(scopes, |scope| &scope[..])
        .with(rows, |row| match row.completeness {
            Completeness::Complete => true,
            Completeness::Partial => false,
        })
        .with(rows, |row| row.taken_at.0)
        .with(rows, |row| instant(row.opened_at))
        .with(rows, |row| row.closed_at.map(instant))
        .with(rows, |row| small(row.pages))
        .with(rows, |row| signed(row.counts.rows))
        .with(rows, |row| signed(row.counts.unchanged))
        .with(rows, |row| signed(row.counts.observations))
        .with(rows, |row| signed(row.counts.events))
        .with(rows, |row| signed(row.counts.superseded))
        .with(rows, |row| signed(row.counts.quarantined))
        .with(rows, |row| Some(signed(row.held.as_ref()?.sequence)))
        .with(rows, |row| Some(held::comparison(&row.held.as_ref()?.comparison)))
        .with(rows, |row| Some(held::reasons(&row.held.as_ref()?.reasons)))
        .with(rows, |row| Some(ruling(row)?.decision.token()))
        .with(rows, |row| Some(text::stored(&ruling(row)?.actor)))
        .with(rows, |row| Some(text::stored(&ruling(row)?.reason)))
        .with(rows, |row| Some(instant(ruling(row)?.decided_at)))
}

fn ruling(row: &DeliveryRow) -> Option<&RulingRow> {
    row.held.as_ref()?.ruling.as_ref()
}
