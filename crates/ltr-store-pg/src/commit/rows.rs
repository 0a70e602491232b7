//! The rows of a batch as columns, in the order of the statements' parameters.

use std::collections::BTreeMap;
use std::error::Error;

use bytes::BytesMut;
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::event::LinkStrength;
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::time::KnownAt;
use ltr_ports::store::{ChangeRow, DeliveryRow, Membership, PersonRow, PolicyRow, QuarantineRow, RulingRow};

use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

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
        .with(rows, |row| count(row.entries.len()))
        .with(rows, |row| signed(row.from_sequence))
        .with(rows, |row| signed(row.to_sequence))
        .with(rows, Data)
}

pub(super) fn closed(rows: &[(RecordId, PersonId, KnownAt)]) -> Columns<'_> {
    Columns::default()
        .with(rows, |(record, _, _)| text::key(record))
        .with(rows, |(_, person, _)| person.0)
        .with(rows, |(_, _, at)| instant(*at))
}

/// The entries of a piece as the value of a column.
#[derive(Debug)]
struct Data<'a>(&'a Piece<'a>);

impl ToSql for Data<'_> {
    fn to_sql(&self, _of: &Type, into: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.write(into);
        Ok(IsNull::No)
    }

    fn accepts(of: &Type) -> bool {
        *of == Type::BYTEA
    }

    to_sql_checked!();
}

/// A number of rows or entries.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn new_chunk(row: &Piece<'_>, into: &mut Copied) -> Result<(), Cause> {
    into.row([
        (&text::key(row.record), Type::TEXT),
        (&row.chunk, Type::INT4),
        (&count(row.entries.len()), Type::INT4),
        (&signed(row.from_sequence), Type::INT8),
        (&signed(row.to_sequence), Type::INT8),
        (&Data(row), Type::BYTEA),
    ])
}

pub(super) fn opened(row: &Membership, into: &mut Copied) -> Result<(), Cause> {
    into.row([
        (&text::key(&row.record), Type::TEXT),
        (&row.person.0, Type::UUID),
        (&instant(row.known_from), Type::TIMESTAMPTZ),
        (&row.known_to.map(instant), Type::TIMESTAMPTZ),
        (&row.strength.map(LinkStrength::token), Type::TEXT),
    ])
}

/// The answer about somebody who had none.
pub(super) fn first_answer(row: &PersonRow, generation: i16, into: &mut Copied) -> Result<(), Cause> {
    into.row([
        (&generation, Type::INT2),
        (&row.person.0, Type::UUID),
        (&signed(row.sequence), Type::INT8),
        (&row.review_on, Type::DATE),
        (&row.trn.as_ref().map(|trn| trn.as_str()), Type::TEXT),
        (&&row.stage[..], Type::TEXT),
        (&&row.phase[..], Type::TEXT),
        (&&row.certainty[..], Type::TEXT),
        (&&row.digest[..], Type::BYTEA),
        (&&row.view[..], Type::BYTEA),
        (&&row.sealed[..], Type::BYTEA),
        (&row.awaits.as_ref().map(text::provider), Type::TEXT),
    ])
}

pub(super) fn people<'a>(rows: &'a [&'a PersonRow]) -> Columns<'a> {
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

/// The changes of the batch: one row, of columns that are arrays.
pub(super) fn changes(rows: &[ChangeRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| signed(row.sequence))
        .with(rows, |row| small(row.ordinal))
        .with(rows, |row| row.person.0)
        .with(rows, |row| &row.digest[..])
        .with(rows, |row| instant(row.known_at))
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
