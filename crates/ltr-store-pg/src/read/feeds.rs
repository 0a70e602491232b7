//! Quarantine and deliveries.

use std::collections::BTreeMap;

use ltr_domain::delivery::{Completeness, Counts, DeliveryDecision, Quarantined, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_domain::time::{KnownAt, RecordedAt, TakenAt};
use ltr_ports::store::{DeliveryRow, HeldRow, QuarantineRow, RulingRow, StoreError};
use tokio_postgres::Row;

use super::Reading;
use crate::{held as stored_held, text};

pub(crate) fn quarantine(row: &Row) -> Result<QuarantineRow, StoreError> {
    let reading = Reading::of(row, "quarantine", "id");
    let message = Quarantined {
        id: reading.text("id")?,
        feed: reading.parsed("feed", feed)?,
        delivery: DeliveryId(reading.get("delivery")?),
        recorded_at: RecordedAt(reading.get("recorded_at")?),
        code: reading.text("code")?,
        reason: reading.text("reason")?,
        place: reading.text("place")?,
        evidence: evidence(&reading)?,
        record: match reading.get::<Option<String>>("record")? {
            Some(_) => Some(reading.parsed("record", text::record)?),
            None => None,
        },
        row_bytes: match reading.get::<Option<i64>>("row_bytes")? {
            Some(_) => Some(reading.unsigned("row_bytes")?),
            None => None,
        },
        taken_at: reading.get::<Option<_>>("taken_at")?.map(TakenAt),
    };
    Ok(QuarantineRow {
        message,
        scope: reading.parsed("scope", scope)?,
        sequence: reading.unsigned("sequence")?,
        times_seen: reading.unsigned("times_seen")?,
        first_seen_at: KnownAt(reading.get("first_seen_at")?),
        last_seen_at: KnownAt(reading.get("last_seen_at")?),
        released_at: reading.get::<Option<_>>("released_at")?.map(KnownAt),
    })
}

fn evidence(reading: &Reading<'_>) -> Result<Option<MessageRef>, StoreError> {
    if reading.get::<Option<i64>>("evidence_sequence")?.is_none() {
        return Ok(None);
    }
    Ok(Some(MessageRef {
        sequence: reading.unsigned("evidence_sequence")?,
        digest: MessageDigest(reading.digest("evidence_digest")?),
    }))
}

pub(crate) fn delivery(row: &Row) -> Result<DeliveryRow, StoreError> {
    let reading = Reading::of(row, "delivery", "id");
    let closed_at: Option<_> = reading.get("closed_at")?;
    let is_complete: bool = reading.get("complete")?;
    Ok(DeliveryRow {
        delivery: DeliveryId(reading.get("id")?),
        feed: reading.parsed("feed", feed)?,
        scope: reading.parsed("scope", scope)?,
        completeness: if is_complete {
            Completeness::Complete
        } else {
            Completeness::Partial
        },
        taken_at: TakenAt(reading.get("taken_at")?),
        opened_at: KnownAt(reading.get("opened_at")?),
        closed_at: closed_at.map(KnownAt),
        pages: reading.parsed("pages", |pages: i32| u32::try_from(pages).ok())?,
        counts: Counts {
            rows: reading.unsigned("row_count")?,
            unchanged: reading.unsigned("unchanged")?,
            observations: reading.unsigned("observations")?,
            events: reading.unsigned("events")?,
            superseded: reading.unsigned("superseded")?,
            quarantined: reading.unsigned("quarantined")?,
        },
        held: held(&reading)?,
    })
}

fn held(reading: &Reading<'_>) -> Result<Option<HeldRow>, StoreError> {
    if reading.get::<Option<i64>>("held_sequence")?.is_none() {
        return Ok(None);
    }
    let ruling = match reading.get::<Option<String>>("decision")? {
        None => None,
        Some(_) => Some(RulingRow {
            decision: reading.parsed("decision", DeliveryDecision::from_token)?,
            actor: reading.text("decided_by")?,
            reason: reading.text("decided_because")?,
            decided_at: KnownAt(reading.get("decided_at")?),
        }),
    };
    Ok(Some(HeldRow {
        sequence: reading.unsigned("held_sequence")?,
        comparison: reading.parsed("comparison", stored_held::read_comparison)?,
        reasons: reading.parsed("reasons", stored_held::read_reasons)?,
        ruling,
    }))
}

fn scope(json: &str) -> Option<Scope> {
    let stored: BTreeMap<String, String> = serde_json::from_str(json).ok()?;
    let pairs = stored
        .iter()
        .map(|(name, value)| Some((text::read(name)?, text::read(value)?)));
    pairs.collect()
}

/// Reads back what the feed's `Display` writes.
pub(super) fn feed(text: &str) -> Option<Feed> {
    let (source, token) = text.split_once('/')?;
    Feed::from_tokens(source, token)
}
