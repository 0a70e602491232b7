//! Forms of deliveries and pages.

use std::collections::BTreeMap;

use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, FeedMessage, PageRecorded, Scope};
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::time::RecordedAt;

use super::fault::Fault;
use super::fields::{Fields, Raw};
use super::gate;
use super::quarantine;
use super::stated::{Wired, read_fields, required};
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
            completeness: completeness.to_form(),
            taken_at: Some(taken_at.to_form()),
            manifest: manifest.clone(),
        }),
        DeliveryStep::PageRecorded(page) => Step::PageRecorded(page_to_form(page)),
        DeliveryStep::Closed {
            counts,
            absent,
            permit,
        } => Step::Closed(wire::DeliveryClosed {
            counts: Some(counts.to_form()),
            absent: runs(absent),
            permit: permit.as_ref().map(Wired::to_form),
        }),
        DeliveryStep::Held(held) => Step::Held(gate::held_to_form(held)),
        DeliveryStep::Decided(decided) => Step::Decided(gate::decided_to_form(decided)),
        DeliveryStep::Released(released) => Step::Released(quarantine::released_to_form(released)),
    };
    wire::FeedMessage {
        feed: message.feed.to_form(),
        delivery_id: message.delivery.to_form(),
        previous: message.previous.as_ref().map(Wired::to_form),
        gate: message.gate.as_ref().map(Wired::to_form),
        step: Some(step),
    }
}

pub(super) fn read_feed_message(raw: Raw<'_>, recorded_at: RecordedAt) -> Result<FeedMessage, Fault> {
    const STEP: &str = "FeedMessage.step";
    let (mut feed, mut delivery, mut previous, mut gate) = (None, None, None, None);
    let (mut step, mut unknown) = (None, None);
    let mut fields = raw.fields("FeedMessage")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => feed = Some(Wired::read(raw, "FeedMessage.feed")?),
            2 => delivery = Some(Wired::read(raw, "FeedMessage.delivery_id")?),
            3 => previous = Some(Wired::read(raw, "FeedMessage.previous")?),
            4 => step = Some(read_opened(raw.fields(STEP)?)?),
            5 => step = Some(DeliveryStep::PageRecorded(read_page(raw.fields(STEP)?)?)),
            6 => step = Some(read_closed(raw.fields(STEP)?)?),
            7 => gate = Some(Wired::read(raw, "FeedMessage.gate")?),
            8 => step = Some(gate::read_held(raw.fields(STEP)?)?),
            9 => step = Some(gate::read_decided(raw.fields(STEP)?)?),
            10 => step = Some(quarantine::read_released(raw.fields(STEP)?)?),
            number => unknown = Some(number),
        }
    }
    Ok(FeedMessage {
        feed: required(feed, "FeedMessage.feed")?,
        delivery: required(delivery, "FeedMessage.delivery_id")?,
        recorded_at,
        previous,
        gate,
        step: step.ok_or_else(|| Fault::unknown_arm(STEP, unknown))?,
    })
}

fn read_opened(mut fields: Fields<'_>) -> Result<DeliveryStep, Fault> {
    let (mut scope, mut completeness, mut taken_at, mut manifest) = (Scope::new(), None, None, Vec::new());
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => {
                let (name, value) = read_entry(raw)?;
                if scope.insert(name, value).is_some() {
                    return Err(Fault::invalid("DeliveryOpened.scope"));
                }
            }
            2 => completeness = Some(Wired::read(raw, "DeliveryOpened.completeness")?),
            3 => taken_at = Some(Wired::read(raw, "DeliveryOpened.taken_at")?),
            4 => manifest.push(Wired::read(raw, "DeliveryOpened.manifest")?),
            _ => {}
        }
    }
    Ok(DeliveryStep::Opened {
        scope,
        completeness: required(completeness, "DeliveryOpened.completeness")?,
        taken_at: required(taken_at, "DeliveryOpened.taken_at")?,
        manifest,
    })
}

fn read_closed(mut fields: Fields<'_>) -> Result<DeliveryStep, Fault> {
    let (mut counts, mut absent, mut permit) = (None, Vec::new(), None);
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => counts = Some(Wired::read(raw, "DeliveryClosed.counts")?),
            2 => read_run(&mut absent, raw)?,
            3 => permit = Some(Wired::read(raw, "DeliveryClosed.permit")?),
            _ => {}
        }
    }
    Ok(DeliveryStep::Closed {
        counts: required(counts, "DeliveryClosed.counts")?,
        absent,
        permit,
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

fn read_page(mut fields: Fields<'_>) -> Result<PageRecorded, Fault> {
    let (mut page, mut cursor, mut taken_at, mut observed_at) = (None, None, None, None);
    let (mut seen, mut counts, mut batch_digest) = (Vec::new(), None, None);
    let mut unknown_fields = BTreeMap::new();
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => page = Some(Wired::read(raw, "PageRecorded.page")?),
            2 => cursor = Some(Wired::read(raw, "PageRecorded.cursor")?),
            3 => taken_at = Some(Wired::read(raw, "PageRecorded.taken_at")?),
            4 => observed_at = Some(Wired::read(raw, "PageRecorded.observed_at")?),
            5 => read_run(&mut seen, raw)?,
            6 => counts = Some(Wired::read(raw, "PageRecorded.counts")?),
            7 => batch_digest = Some(Wired::read(raw, "PageRecorded.batch_digest")?),
            8 => {
                read_fields!(raw.fields("UnknownField")?, "UnknownField" {
                    1 => name,
                    2 => occurrences,
                });
                let name = required(name, "UnknownField.name")?;
                unknown_fields.insert(name, required(occurrences, "UnknownField.occurrences")?);
            }
            _ => {}
        }
    }
    Ok(PageRecorded {
        page: required(page, "PageRecorded.page")?,
        cursor: required(cursor, "PageRecorded.cursor")?,
        taken_at: required(taken_at, "PageRecorded.taken_at")?,
        observed_at: required(observed_at, "PageRecorded.observed_at")?,
        seen,
        counts: required(counts, "PageRecorded.counts")?,
        batch_digest: required(batch_digest, "PageRecorded.batch_digest")?,
        unknown_fields,
    })
}

/// Records as runs of one kind each, in the order given.
fn runs(records: &[RecordId]) -> Vec<wire::RecordRun> {
    records
        .chunk_by(|one, next| one.kind == next.kind)
        .map(|run| wire::RecordRun {
            kind: run.first().map_or(0, |record| record.kind.to_form()),
            keys: run.iter().map(|record| record.key.to_string()).collect(),
        })
        .collect()
}

fn read_run(records: &mut Vec<RecordId>, raw: Raw<'_>) -> Result<(), Fault> {
    // The kind is written before the keys, but protobuf lets a reader expect no order.
    let (mut kind, mut keys) = (None, Vec::new());
    let mut fields = raw.fields("RecordRun")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => kind = Some(RecordKind::read(raw, "RecordRun.kind")?),
            2 => keys.push(raw.text("RecordRun.keys")?),
            _ => {}
        }
    }
    let kind = required(kind, "RecordRun.kind")?;
    records.extend(keys.into_iter().map(|key| RecordId::new(kind, key)));
    Ok(())
}

pub(super) fn scope_to_forms(scope: &Scope) -> Vec<wire::ScopeEntry> {
    scope
        .iter()
        .map(|(name, value)| wire::ScopeEntry {
            name: name.clone(),
            value: value.clone(),
        })
        .collect()
}

pub(super) fn read_entry(raw: Raw<'_>) -> Result<(String, String), Fault> {
    read_fields!(raw.fields("ScopeEntry")?, "ScopeEntry" {
        1 => name,
        2 => value,
    });
    Ok((
        required(name, "ScopeEntry.name")?,
        required(value, "ScopeEntry.value")?,
    ))
}

impl Wired for Completeness {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let completeness = match self {
            Self::Complete => wire::Completeness::Complete,
            Self::Partial => wire::Completeness::Partial,
        };
        completeness.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::Completeness::try_from(number) {
            Ok(wire::Completeness::Complete) => Ok(Self::Complete),
            Ok(wire::Completeness::Partial) => Ok(Self::Partial),
            Ok(wire::Completeness::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
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

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "Counts" {
            1 => rows,
            2 => unchanged,
            3 => observations,
            4 => events,
            5 => superseded,
            6 => quarantined,
        });
        Ok(Self {
            rows: required(rows, "Counts.rows")?,
            unchanged: required(unchanged, "Counts.unchanged")?,
            observations: required(observations, "Counts.observations")?,
            events: required(events, "Counts.events")?,
            superseded: required(superseded, "Counts.superseded")?,
            quarantined: required(quarantined, "Counts.quarantined")?,
        })
    }
}
