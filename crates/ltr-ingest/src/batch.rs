//! The messages of one atomic batch: observations in the rows' order, quarantined rows, and the page that ends it.

use bytes::Bytes;
use ltr_domain::delivery::{Counts, DeliveryStep, FeedMessage, PageRecorded, Quarantined};
use ltr_domain::observation::MessageDigest;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::NewMessage;
use ltr_proto::codec;
use ltr_proto::digest::{batch_digest, message_digest};
use ltr_proto::subject::Subject;

use crate::config::DeliveryPlan;
use crate::course::End;
use crate::decide::Decided;
use crate::page::{Page, PageRow};

/// A batch that ends with a step of the delivery.
pub(crate) struct Batch {
    pub(crate) messages: Vec<NewMessage>,
    /// The digest of its last message, which no other batch has.
    pub(crate) mark: MessageDigest,
    /// What it counts.
    pub(crate) counts: Counts,
    /// Whether its last message is the gate's.
    pub(crate) is_of_the_gate: bool,
}

/// The quarantine message of a row, if it is a bad one.
pub(crate) fn quarantined(
    plan: &DeliveryPlan,
    row: &PageRow,
    recorded_at: RecordedAt,
) -> Option<Quarantined> {
    let bad = row.bad()?;
    Some(Quarantined {
        id: bad.id.clone(),
        feed: plan.feed,
        delivery: plan.delivery,
        recorded_at,
        code: bad.defect.code.to_owned(),
        reason: bad.defect.reason.clone(),
        place: row.whereabouts(),
        evidence: row.evidence,
        record: bad.records.first().cloned(),
        row_bytes: bad.bytes,
        taken_at: Some(plan.taken_at),
    })
}

/// What is said of a page, but for the digest of its batch.
pub(crate) fn page_recorded(plan: &DeliveryPlan, number: u32, page: &Page, counts: Counts) -> PageRecorded {
    PageRecorded {
        page: number,
        cursor: page.cursor.clone(),
        taken_at: plan.taken_at,
        observed_at: page.observed_at,
        seen: page.seen(),
        counts,
        batch_digest: batch_digest([]),
        unknown_fields: page.unknown_fields(),
    }
}

/// The batch of a page that follows `end` on the feed's subject.
pub(crate) fn of_page(
    plan: &DeliveryPlan,
    number: u32,
    end: End,
    page: &Page,
    decided: &mut Decided,
    recorded_at: RecordedAt,
) -> Batch {
    let mut messages = Vec::with_capacity(decided.changes.len() + 1);
    let mut digests = Vec::with_capacity(decided.changes.len());
    let mut add = |subject: String, payload: Bytes, expected_last| {
        digests.push(message_digest(&subject, &payload));
        messages.push(NewMessage {
            subject,
            payload,
            expected_last,
        });
    };
    for change in &mut decided.changes {
        change.observation.recorded_at = recorded_at;
        change.observation.evidence = change.row.and_then(|row| page.rows[row].evidence);
        let payload = codec::encode_observation(&change.observation, &change.sealed);
        add(change.subject.clone(), payload, Some(change.expected_last));
    }
    for bad in page
        .rows
        .iter()
        .filter_map(|row| quarantined(plan, row, recorded_at))
    {
        add(
            Subject::Quarantine(plan.feed).to_string(),
            codec::encode_quarantined(&bad),
            None,
        );
    }
    let mut recorded = page_recorded(plan, number, page, decided.counts);
    recorded.batch_digest = batch_digest(&digests);
    ended_by(
        plan,
        end,
        messages,
        DeliveryStep::PageRecorded(recorded),
        decided.counts,
        recorded_at,
    )
}

/// The batch of one step alone.
pub(crate) fn of_step(plan: &DeliveryPlan, end: End, step: DeliveryStep, recorded_at: RecordedAt) -> Batch {
    ended_by(plan, end, Vec::new(), step, Counts::default(), recorded_at)
}

fn ended_by(
    plan: &DeliveryPlan,
    end: End,
    mut messages: Vec<NewMessage>,
    step: DeliveryStep,
    counts: Counts,
    recorded_at: RecordedAt,
) -> Batch {
    let is_of_the_gate = step.is_of_the_gate();
    let message = FeedMessage {
        feed: plan.feed,
        delivery: plan.delivery,
        recorded_at,
        previous: end.last,
        gate: end.gate,
        step,
    };
    let subject = Subject::Delivery(plan.feed).to_string();
    let payload = codec::encode_feed_message(&message);
    let mark = message_digest(&subject, &payload);
    messages.push(NewMessage {
        subject,
        payload,
        expected_last: Some(end.last.map_or(0, |last| last.sequence)),
    });
    Batch {
        messages,
        mark,
        counts,
        is_of_the_gate,
    }
}
