//! Forms of observations.

use ltr_domain::ids::DeliveryId;
use ltr_domain::observation::Observation;
use ltr_domain::record::State;
use ltr_domain::time::{ObservedAt, RecordedAt, TakenAt};

use super::fact::{event_from_form, event_to_form};
use super::fault::Fault;
use super::sealed::sealed_from_forms;
use super::stated::{Wired, list, optional, required};
use super::unknown;
use crate::event as wire;
use crate::seal::Sealed;

pub(super) fn observation_to_form(observation: &Observation, sealed: &[Sealed]) -> wire::Observation {
    wire::Observation {
        record: Some(observation.record.to_form()),
        delivery_id: observation.delivery.to_form(),
        taken_at: Some(observation.taken_at.to_form()),
        observed_at: Some(observation.observed_at.to_form()),
        source_updated_at: observation.source_updated_at.as_ref().map(Wired::to_form),
        mapping_version: observation.mapping_version,
        previous: observation.previous.as_ref().map(Wired::to_form),
        state: Some(observation.state.to_form()),
        events: observation.events.iter().map(event_to_form).collect(),
        evidence: observation.evidence.as_ref().map(Wired::to_form),
        sealed: list(sealed),
    }
}

/// Reads an observation out of `payload`, the whole message, which is only looked at again for what the generated code
/// does not know.
pub(super) fn observation_from_form(
    form: wire::Observation,
    recorded_at: RecordedAt,
    payload: &[u8],
) -> Result<(Box<Observation>, Vec<Sealed>), Fault> {
    let taken_at: TakenAt = required(form.taken_at, "Observation.taken_at")?;
    let seen_on = taken_at.london_date();
    let mut events = Vec::with_capacity(form.events.len());
    for (index, event) in form.events.into_iter().enumerate() {
        events.push(event_from_form(event, seen_on, || {
            unknown::fact_number(payload, index)
        })?);
    }
    let observation = Box::new(Observation {
        record: required(form.record, "Observation.record")?,
        delivery: DeliveryId::from_form(form.delivery_id, "Observation.delivery_id")?,
        taken_at,
        observed_at: required::<ObservedAt>(form.observed_at, "Observation.observed_at")?,
        recorded_at,
        source_updated_at: optional(form.source_updated_at, "Observation.source_updated_at")?,
        mapping_version: form.mapping_version,
        previous: optional(form.previous, "Observation.previous")?,
        state: required::<State>(form.state, "Observation.state")?,
        events,
        evidence: optional(form.evidence, "Observation.evidence")?,
    });
    if observation.state.body.kind() != observation.record.kind {
        return Err(Fault::invalid("State.body"));
    }
    Ok((observation, sealed_from_forms(form.sealed)?))
}
