//! Rows in quarantine, as JSON. What older messages do not have is left out, so that they read as ever.

use ltr_domain::delivery::{Quarantined, RowsReleased};
use serde_json::{Map, Value, json};

use super::{Shown, object, put};
use crate::seal::{KeptRow, WrappedRowKey};

pub(super) fn shown_quarantined(row: &Quarantined) -> Map<String, Value> {
    let mut object = object([
        ("id", row.id.shown()),
        ("feed", row.feed.shown()),
        ("delivery", row.delivery.shown()),
        ("code", row.code.shown()),
        ("reason", row.reason.shown()),
        ("place", row.place.shown()),
        ("evidence", row.evidence.shown()),
    ]);
    if row.record.is_some() {
        put(&mut object, "record", &row.record);
    }
    if row.row_bytes.is_some() {
        put(&mut object, "row_bytes", &row.row_bytes);
    }
    if row.taken_at.is_some() {
        put(&mut object, "taken_at", &row.taken_at);
    }
    object
}

pub(super) fn shown_released(released: &RowsReleased) -> Map<String, Value> {
    object([
        ("rows", released.rows.shown()),
        ("actor", released.actor.shown()),
        ("reason", released.reason.shown()),
    ])
}

/// A row that is kept, as a message of LTR_EVIDENCE, as JSON.
#[must_use]
pub fn kept_row_to_json(kept: &KeptRow) -> Value {
    json!({
        "message": "kept_row",
        "recorded_at": kept.recorded_at.shown(),
        "feed": kept.name.feed.shown(),
        "row": kept.name.row,
        "api_version": kept.api_version,
        "content": kept.content.shown(),
    })
}

/// The key of a row that is kept, as a message of LTR_KEYS, as JSON: which key it is, never the key.
#[must_use]
pub fn row_key_to_json(key: &WrappedRowKey) -> Value {
    json!({
        "message": "row_key",
        "recorded_at": key.recorded_at.shown(),
        "feed": key.name.feed.shown(),
        "row": key.name.row,
        "key": key.key.shown(),
    })
}
