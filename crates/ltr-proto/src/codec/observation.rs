//! Forms of observations.

use ltr_domain::event::Event;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::observation::Observation;
use ltr_domain::record::State;
use ltr_domain::time::{RecordedAt, TakenAt};

use super::fact::{event_to_form, read_event};
use super::fault::Fault;
use super::fields::Raw;
use super::sealed::read_blob;
use super::stated::{Wired, list, required};
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

/// The state of an observation as it was written. Encoding is deterministic, so where these are the bytes of a state, it
/// is that state; other bytes may still be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread<'a> {
    /// The version of the mapping that made it.
    pub mapping_version: u32,
    /// Its bytes.
    pub state: &'a [u8],
}

/// Finds the state; `None` if it is not there, or twice: then protobuf puts both together.
pub(super) fn read_unread(raw: Raw<'_>) -> Result<Option<Unread<'_>>, Fault> {
    let (mut mapping_version, mut state) = (0, None);
    let mut fields = raw.fields("Observation")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            6 => mapping_version = Wired::read(raw, "Observation.mapping_version")?,
            8 if state.is_some() => return Ok(None),
            8 => state = Some(raw.bytes("Observation.state")?),
            _ => {}
        }
    }
    Ok(state.map(|state| Unread {
        mapping_version,
        state,
    }))
}

/// What is read of an observation's state.
pub(super) trait ReadState: Sized {
    /// Reads it, `None` if the message has none, for a record of that kind.
    fn read_state(raw: Option<Raw<'_>>, kind: RecordKind) -> Result<Self, Fault>;
}

impl ReadState for State {
    fn read_state(raw: Option<Raw<'_>>, kind: RecordKind) -> Result<Self, Fault> {
        const FIELD: &str = "Observation.state";
        let state = raw.map(|raw| Wired::read(raw, FIELD)).transpose()?;
        let state: Self = required(state, FIELD)?;
        if state.body.kind() == kind {
            Ok(state)
        } else {
            Err(Fault::invalid("State.body"))
        }
    }
}

impl ReadState for Option<State> {
    fn read_state(raw: Option<Raw<'_>>, kind: RecordKind) -> Result<Self, Fault> {
        if kind.is_folded_with_state() {
            State::read_state(raw, kind).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// Reads an observation and the sealed values of its state.
pub(super) fn read_observation<S: ReadState>(
    raw: Raw<'_>,
    recorded_at: RecordedAt,
) -> Result<(Box<Observation<S>>, Vec<Sealed>), Fault> {
    let (mut record, mut delivery, mut taken_at, mut observed_at) = (None, None, None, None);
    let (mut source_updated_at, mut mapping_version, mut previous) = (None, None, None);
    let (mut state, mut raw_events, mut evidence, mut sealed) = (None, Vec::new(), None, Vec::new());
    let mut fields = raw.fields("Observation")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => record = Some(Wired::read(raw, "Observation.record")?),
            2 => delivery = Some(Wired::read(raw, "Observation.delivery_id")?),
            3 => taken_at = Some(Wired::read(raw, "Observation.taken_at")?),
            4 => observed_at = Some(Wired::read(raw, "Observation.observed_at")?),
            5 => source_updated_at = Some(Wired::read(raw, "Observation.source_updated_at")?),
            6 => mapping_version = Some(Wired::read(raw, "Observation.mapping_version")?),
            7 => previous = Some(Wired::read(raw, "Observation.previous")?),
            8 => state = Some(raw),
            9 => raw_events.push(raw),
            10 => evidence = Some(Wired::read(raw, "Observation.evidence")?),
            11 => read_blob(&mut sealed, raw)?,
            _ => {}
        }
    }
    let taken_at: TakenAt = required(taken_at, "Observation.taken_at")?;
    let record: RecordId = required(record, "Observation.record")?;
    let state = S::read_state(state, record.kind)?;
    let observation = Box::new(Observation {
        record,
        delivery: required(delivery, "Observation.delivery_id")?,
        taken_at,
        observed_at: required(observed_at, "Observation.observed_at")?,
        recorded_at,
        source_updated_at,
        mapping_version: required(mapping_version, "Observation.mapping_version")?,
        previous,
        state,
        events: read_events(&raw_events, taken_at)?,
        evidence,
    });
    Ok((observation, sealed))
}

fn read_events(raw_events: &[Raw<'_>], taken_at: TakenAt) -> Result<Vec<Event>, Fault> {
    let seen_on = taken_at.london_date();
    let mut events = Vec::with_capacity(raw_events.len());
    for raw in raw_events {
        events.push(read_event(*raw, seen_on)?);
    }
    Ok(events)
}
