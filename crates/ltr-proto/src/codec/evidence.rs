//! Forms of evidence.

use bytes::Bytes;
use prost::Message;

use super::entry::Evidence;
use super::fault::{DecodeError, Fault};
use super::fields::Fields;
use super::stated::{Wired, list, read_fields, required};
use crate::event as wire;

/// Writes the body of a message on LTR_EVIDENCE.
#[must_use]
pub fn encode_evidence(evidence: &Evidence) -> Bytes {
    let form = wire::Evidence {
        recorded_at: Some(evidence.recorded_at.to_form()),
        record: Some(evidence.record.to_form()),
        also: list(&evidence.also),
        feed: evidence.feed.to_form(),
        delivery_id: evidence.delivery.to_form(),
        taken_at: Some(evidence.taken_at.to_form()),
        api_version: evidence.api_version.clone(),
        mapping_version: evidence.mapping_version,
        row: Some(evidence.row.to_form()),
    };
    form.encode_to_vec().into()
}

/// Reads the body of a message on LTR_EVIDENCE.
///
/// # Errors
///
/// Bytes that are not such a message, or one of a record kind or feed that this version does not know.
pub fn decode_evidence(payload: &[u8]) -> Result<Evidence, DecodeError> {
    read(payload).map_err(Fault::into_error)
}

fn read(payload: &[u8]) -> Result<Evidence, Fault> {
    read_fields!(Fields::of(payload, "Evidence"), "Evidence" {
        1 => recorded_at,
        2 => record,
        4 => feed,
        5 => delivery_id,
        6 => taken_at,
        7 => api_version,
        8 => mapping_version,
        9 => row,
        repeated {
            3 => also,
        }
    });
    Ok(Evidence {
        recorded_at: required(recorded_at, "Evidence.recorded_at")?,
        record: required(record, "Evidence.record")?,
        also,
        feed: required(feed, "Evidence.feed")?,
        delivery: required(delivery_id, "Evidence.delivery_id")?,
        taken_at: required(taken_at, "Evidence.taken_at")?,
        api_version: required(api_version, "Evidence.api_version")?,
        mapping_version: required(mapping_version, "Evidence.mapping_version")?,
        row: required(row, "Evidence.row")?,
    })
}
