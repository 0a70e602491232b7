//! Forms of rows in quarantine: what is told of them, the row that is kept, its key, and that they wait no more.

use bytes::Bytes;
use ltr_domain::delivery::{DeliveryStep, Quarantined, RowsReleased};
use ltr_domain::time::RecordedAt;
use prost::Message;

use super::fault::{DecodeError, Fault};
use super::fields::{Fields, Raw};
use super::stated::{Wired, read_fields, required};
use crate::event as wire;
use crate::seal::{KeptRow, RowName, WrappedRowKey};

pub(super) fn quarantined_to_form(row: &Quarantined) -> wire::Quarantined {
    wire::Quarantined {
        id: row.id.clone(),
        feed: row.feed.to_form(),
        delivery_id: row.delivery.to_form(),
        code: row.code.clone(),
        reason: row.reason.clone(),
        place: row.place.clone(),
        evidence: row.evidence.as_ref().map(Wired::to_form),
        record: row.record.as_ref().map(Wired::to_form),
        row_bytes: row.row_bytes,
        taken_at: row.taken_at.as_ref().map(Wired::to_form),
    }
}

pub(super) fn read_quarantined(raw: Raw<'_>, recorded_at: RecordedAt) -> Result<Quarantined, Fault> {
    read_fields!(raw.fields("Quarantined")?, "Quarantined" {
        1 => id,
        2 => feed,
        3 => delivery_id,
        4 => code,
        5 => reason,
        6 => place,
        7 => evidence,
        8 => record,
        9 => row_bytes,
        10 => taken_at,
    });
    Ok(Quarantined {
        id: required(id, "Quarantined.id")?,
        feed: required(feed, "Quarantined.feed")?,
        delivery: required(delivery_id, "Quarantined.delivery_id")?,
        recorded_at,
        code: required(code, "Quarantined.code")?,
        reason: required(reason, "Quarantined.reason")?,
        place: required(place, "Quarantined.place")?,
        evidence,
        record,
        row_bytes,
        taken_at,
    })
}

pub(super) fn released_to_form(released: &RowsReleased) -> wire::RowsReleased {
    wire::RowsReleased {
        rows: released.rows.clone(),
        actor: released.actor.clone(),
        reason: released.reason.clone(),
    }
}

pub(super) fn read_released(fields: Fields<'_>) -> Result<DeliveryStep, Fault> {
    read_fields!(fields, "RowsReleased" {
        2 => actor,
        3 => reason,
        repeated {
            1 => rows,
        }
    });
    let rows: Vec<String> = rows;
    if rows.is_empty() || !rows.is_sorted_by(|one, next| one < next) {
        return Err(Fault::invalid("RowsReleased.rows"));
    }
    Ok(DeliveryStep::Released(RowsReleased {
        rows,
        actor: required(actor, "RowsReleased.actor")?,
        reason: required(reason, "RowsReleased.reason")?,
    }))
}

/// Writes the body of a message on LTR_EVIDENCE about a row in quarantine.
#[must_use]
pub fn encode_kept_row(kept: &KeptRow) -> Bytes {
    let form = wire::KeptRow {
        recorded_at: Some(kept.recorded_at.to_form()),
        feed: kept.name.feed.to_form(),
        row: kept.name.row.clone(),
        api_version: kept.api_version.clone(),
        content: Some(kept.content.to_form()),
    };
    form.encode_to_vec().into()
}

/// Reads back [`encode_kept_row`].
///
/// # Errors
///
/// Bytes that are not such a message, or one of a feed that this version does not know.
pub fn decode_kept_row(payload: &[u8]) -> Result<KeptRow, DecodeError> {
    read_kept_row(payload).map_err(Fault::into_error)
}

fn read_kept_row(payload: &[u8]) -> Result<KeptRow, Fault> {
    read_fields!(Fields::of(payload, "KeptRow"), "KeptRow" {
        1 => recorded_at,
        2 => feed,
        3 => row,
        4 => api_version,
        5 => content,
    });
    Ok(KeptRow {
        recorded_at: required(recorded_at, "KeptRow.recorded_at")?,
        name: RowName {
            feed: required(feed, "KeptRow.feed")?,
            row: required(row, "KeptRow.row")?,
        },
        api_version: required(api_version, "KeptRow.api_version")?,
        content: required(content, "KeptRow.content")?,
    })
}

/// Writes the body of a message on LTR_KEYS about a row in quarantine.
#[must_use]
pub fn encode_row_key(key: &WrappedRowKey) -> Bytes {
    let form = wire::RowKey {
        recorded_at: Some(key.recorded_at.to_form()),
        feed: key.name.feed.to_form(),
        row: key.name.row.clone(),
        key: key.key.as_ref().map(Wired::to_form),
    };
    form.encode_to_vec().into()
}

/// Reads back [`encode_row_key`].
///
/// # Errors
///
/// Bytes that are not such a message, or one of a feed or group that this version does not know.
pub fn decode_row_key(payload: &[u8]) -> Result<WrappedRowKey, DecodeError> {
    read_row_key(payload).map_err(Fault::into_error)
}

fn read_row_key(payload: &[u8]) -> Result<WrappedRowKey, Fault> {
    read_fields!(Fields::of(payload, "RowKey"), "RowKey" {
        1 => recorded_at,
        2 => feed,
        3 => row,
        4 => key,
    });
    Ok(WrappedRowKey {
        recorded_at: required(recorded_at, "RowKey.recorded_at")?,
        name: RowName {
            feed: required(feed, "RowKey.feed")?,
            row: required(row, "RowKey.row")?,
        },
        key,
    })
}
