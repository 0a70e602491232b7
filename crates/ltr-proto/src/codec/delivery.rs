//! Forms of deliveries, pages and quarantined rows.

use ltr_domain::delivery::{
    Completeness, Counts, DeliveryStep, FeedMessage, PageRecorded, Quarantined, Scope,
};
use ltr_domain::ids::{DeliveryId, Feed, RecordId, RecordKind};
use ltr_domain::time::RecordedAt;

use super::fault::Fault;
use super::stated::{Wired, optional, required};
use crate::event as wire;
use crate::event::feed_message::Step;

pub(super) fn feed_message_to_form(message: &FeedMessage) -> wire::FeedMessage {
    let step = match &message.step {
        DeliveryStep::Opened {
            scope,
            completeness,
            taken_at,
            manifest,
        } => Step::Opened(wire::DeliveryOpened {
            scope: scope_to_forms(scope),
            completeness: completeness_to_wire(*completeness).into(),
            taken_at: Some(taken_at.to_form()),
            manifest: manifest.clone(),
        }),
        DeliveryStep::PageRecorded(page) => Step::PageRecorded(page_to_form(page)),
        DeliveryStep::Closed { counts, absent } => Step::Closed(wire::DeliveryClosed {
            counts: Some(counts.to_form()),
            absent: runs(absent),
        }),
    };
    wire::FeedMessage {
        feed: message.feed.to_form(),
        delivery_id: message.delivery.to_form(),
        previous: message.previous.as_ref().map(Wired::to_form),
        step: Some(step),
    }
}

pub(super) fn feed_message_from_form(
    form: wire::FeedMessage,
    recorded_at: RecordedAt,
) -> Result<FeedMessage, Fault> {
    // A step that came later is not told apart here from none: neither can be read.
    let step = match form.step.ok_or(Fault::Unknown {
        field: "FeedMessage.step",
        number: 0,
    })? {
        Step::Opened(opened) => DeliveryStep::Opened {
            scope: scope_from_forms(opened.scope)?,
            completeness: completeness_from_wire(opened.completeness)?,
            taken_at: required(opened.taken_at, "DeliveryOpened.taken_at")?,
            manifest: opened.manifest,
        },
        Step::PageRecorded(page) => DeliveryStep::PageRecorded(page_from_form(page)?),
        Step::Closed(closed) => DeliveryStep::Closed {
            counts: required(closed.counts, "DeliveryClosed.counts")?,
            absent: from_runs(closed.absent)?,
        },
    };
    Ok(FeedMessage {
        feed: Feed::from_form(form.feed, "FeedMessage.feed")?,
        delivery: DeliveryId::from_form(form.delivery_id, "FeedMessage.delivery_id")?,
        recorded_at,
        previous: optional(form.previous, "FeedMessage.previous")?,
        step,
    })
}

fn page_to_form(page: &PageRecorded) -> wire::PageRecorded {
    let unknown_fields = page
        .unknown_fields
        .iter()
        .map(|(name, occurrences)| wire::UnknownField {
            name: name.clone(),
            occurrences: *occurrences,
        });
    wire::PageRecorded {
        page: page.page,
        cursor: page.cursor.clone(),
        taken_at: Some(page.taken_at.to_form()),
        observed_at: Some(page.observed_at.to_form()),
        seen: runs(&page.seen),
        counts: Some(page.counts.to_form()),
        batch_digest: page.batch_digest.to_form(),
        unknown_fields: unknown_fields.collect(),
    }
}

fn page_from_form(form: wire::PageRecorded) -> Result<PageRecorded, Fault> {
    let unknown_fields = form
        .unknown_fields
        .into_iter()
        .map(|field| (field.name, field.occurrences));
    Ok(PageRecorded {
        page: form.page,
        cursor: form.cursor,
        taken_at: required(form.taken_at, "PageRecorded.taken_at")?,
        observed_at: required(form.observed_at, "PageRecorded.observed_at")?,
        seen: from_runs(form.seen)?,
        counts: required(form.counts, "PageRecorded.counts")?,
        batch_digest: Wired::from_form(form.batch_digest, "PageRecorded.batch_digest")?,
        unknown_fields: unknown_fields.collect(),
    })
}

/// Records as runs of one kind each, in the order given.
fn runs(records: &[RecordId]) -> Vec<wire::RecordRun> {
    records
        .chunk_by(|one, next| one.kind == next.kind)
        .map(|run| wire::RecordRun {
            kind: run.first().map_or(0, |record| record.kind.to_form()),
            keys: run.iter().map(|record| record.key.clone()).collect(),
        })
        .collect()
}

fn from_runs(runs: Vec<wire::RecordRun>) -> Result<Vec<RecordId>, Fault> {
    let mut records = Vec::with_capacity(runs.iter().map(|run| run.keys.len()).sum());
    for run in runs {
        let kind = RecordKind::from_form(run.kind, "RecordRun.kind")?;
        records.extend(run.keys.into_iter().map(|key| RecordId { kind, key }));
    }
    Ok(records)
}

fn scope_to_forms(scope: &Scope) -> Vec<wire::ScopeEntry> {
    scope
        .iter()
        .map(|(name, value)| wire::ScopeEntry {
            name: name.clone(),
            value: value.clone(),
        })
        .collect()
}

fn scope_from_forms(forms: Vec<wire::ScopeEntry>) -> Result<Scope, Fault> {
    let entries = forms.len();
    let scope: Scope = forms.into_iter().map(|entry| (entry.name, entry.value)).collect();
    if scope.len() == entries {
        Ok(scope)
    } else {
        Err(Fault::invalid("DeliveryOpened.scope"))
    }
}

fn completeness_to_wire(completeness: Completeness) -> wire::Completeness {
    match completeness {
        Completeness::Complete => wire::Completeness::Complete,
        Completeness::Partial => wire::Completeness::Partial,
    }
}

fn completeness_from_wire(number: i32) -> Result<Completeness, Fault> {
    match wire::Completeness::try_from(number) {
        Ok(wire::Completeness::Complete) => Ok(Completeness::Complete),
        Ok(wire::Completeness::Partial) => Ok(Completeness::Partial),
        Ok(wire::Completeness::Unspecified) | Err(_) => {
            Err(Fault::enum_value("DeliveryOpened.completeness", number))
        }
    }
}

impl Wired for Counts {
    type Form = wire::Counts;

    fn to_form(&self) -> wire::Counts {
        let Self {
            rows,
            unchanged,
            observations,
            events,
            superseded,
            quarantined,
        } = *self;
        wire::Counts {
            rows,
            unchanged,
            observations,
            events,
            superseded,
            quarantined,
        }
    }

    fn from_form(form: wire::Counts, _: &'static str) -> Result<Self, Fault> {
        let wire::Counts {
            rows,
            unchanged,
            observations,
            events,
            superseded,
            quarantined,
        } = form;
        Ok(Self {
            rows,
            unchanged,
            observations,
            events,
            superseded,
            quarantined,
        })
    }
}

pub(super) fn quarantined_to_form(row: &Quarantined) -> wire::Quarantined {
    wire::Quarantined {
        id: row.id.clone(),
        feed: row.feed.to_form(),
        delivery_id: row.delivery.to_form(),
        code: row.code.clone(),
        reason: row.reason.clone(),
        place: row.place.clone(),
        evidence: row.evidence.as_ref().map(Wired::to_form),
    }
}

pub(super) fn quarantined_from_form(
    form: wire::Quarantined,
    recorded_at: RecordedAt,
) -> Result<Quarantined, Fault> {
    Ok(Quarantined {
        id: form.id,
        feed: Feed::from_form(form.feed, "Quarantined.feed")?,
        delivery: DeliveryId::from_form(form.delivery_id, "Quarantined.delivery_id")?,
        recorded_at,
        code: form.code,
        reason: form.reason,
        place: form.place,
        evidence: optional(form.evidence, "Quarantined.evidence")?,
    })
}
