//! Forms of evidence.

use bytes::Bytes;
use ltr_domain::ids::{DeliveryId, Feed};
use prost::Message;

use super::entry::Evidence;
use super::fault::{DecodeError, Fault};
use super::stated::{Wired, items, list, required};
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
    let form = wire::Evidence::decode(payload).map_err(|source| DecodeError::Malformed {
        message: "Evidence",
        source,
    })?;
    read(form).map_err(Fault::into_error)
}

fn read(form: wire::Evidence) -> Result<Evidence, Fault> {
    Ok(Evidence {
        recorded_at: required(form.recorded_at, "Evidence.recorded_at")?,
        record: required(form.record, "Evidence.record")?,
        also: items(form.also, "Evidence.also")?,
        feed: Feed::from_form(form.feed, "Evidence.feed")?,
        delivery: DeliveryId::from_form(form.delivery_id, "Evidence.delivery_id")?,
        taken_at: required(form.taken_at, "Evidence.taken_at")?,
        api_version: form.api_version,
        mapping_version: form.mapping_version,
        row: required(form.row, "Evidence.row")?,
    })
}
