//! The envelope: one message of LTR_EVENTS, whatever it says.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::delivery::{FeedMessage, Quarantined};
use ltr_domain::observation::Observation;
use ltr_domain::time::RecordedAt;
use prost::Message;

use super::delivery::{
    feed_message_from_form, feed_message_to_form, quarantined_from_form, quarantined_to_form,
};
use super::entry::{CalendarMilestone, Erased, LogEntry, PolicyAdopted};
use super::fault::{DecodeError, Fault};
use super::observation::{observation_from_form, observation_to_form};
use super::scalar::array;
use super::stated::{Wired, items, list, optional, required};
use super::unknown;
use crate::event as wire;
use crate::event::log_message::Body;
use crate::seal::Sealed;

/// Writes an observation and the sealed values of its state.
#[must_use]
pub fn encode_observation(observation: &Observation, sealed: &[Sealed]) -> Bytes {
    message(
        observation.recorded_at,
        Body::Observation(observation_to_form(observation, sealed)),
    )
}

/// Writes a step of a delivery.
#[must_use]
pub fn encode_feed_message(step: &FeedMessage) -> Bytes {
    message(step.recorded_at, Body::FeedMessage(feed_message_to_form(step)))
}

/// Writes a quarantined row.
#[must_use]
pub fn encode_quarantined(row: &Quarantined) -> Bytes {
    message(row.recorded_at, Body::Quarantined(quarantined_to_form(row)))
}

/// Writes a heartbeat.
#[must_use]
pub fn encode_heartbeat(at: Timestamp, recorded_at: RecordedAt) -> Bytes {
    message(
        recorded_at,
        Body::Heartbeat(wire::Heartbeat {
            at: Some(at.to_form()),
        }),
    )
}

/// Writes a milestone of the calendar.
#[must_use]
pub fn encode_calendar_milestone(milestone: &CalendarMilestone) -> Bytes {
    let form = wire::CalendarMilestone {
        milestone: milestone.milestone.clone(),
        year: i32::from(milestone.year),
        on: milestone.on.to_form(),
    };
    message(milestone.recorded_at, Body::CalendarMilestone(form))
}

/// Writes the adoption of a policy.
#[must_use]
pub fn encode_policy_adopted(policy: &PolicyAdopted) -> Bytes {
    let form = wire::PolicyAdopted {
        version: policy.version.clone(),
        text: policy.text.clone(),
        digest: Bytes::copy_from_slice(&policy.digest),
        previous: policy.previous.as_ref().map(Wired::to_form),
    };
    message(policy.recorded_at, Body::PolicyAdopted(form))
}

/// Writes that personal values were erased.
#[must_use]
pub fn encode_erased(erased: &Erased) -> Bytes {
    let form = wire::Erased {
        record: Some(erased.record.to_form()),
        key_groups: list(&erased.key_groups),
        reason: erased.reason.clone(),
        actor: erased.actor.clone(),
        previous: erased.previous.as_ref().map(Wired::to_form),
    };
    message(erased.recorded_at, Body::Erased(form))
}

/// Writes any message. `None` for one that this version could not read: it is never written again.
#[must_use]
pub fn encode(entry: &LogEntry) -> Option<Bytes> {
    match entry {
        LogEntry::Observation { observation, sealed } => Some(encode_observation(observation, sealed)),
        LogEntry::Feed(message) => Some(encode_feed_message(message)),
        LogEntry::Quarantined(row) => Some(encode_quarantined(row)),
        LogEntry::Heartbeat { at, recorded_at } => Some(encode_heartbeat(*at, *recorded_at)),
        LogEntry::CalendarMilestone(milestone) => Some(encode_calendar_milestone(milestone)),
        LogEntry::PolicyAdopted(policy) => Some(encode_policy_adopted(policy)),
        LogEntry::Erased(erased) => Some(encode_erased(erased)),
        LogEntry::Unrecognised { .. } => None,
    }
}

/// Reads a message of LTR_EVENTS.
///
/// # Errors
///
/// Bytes that no version of the schema writes. What only a newer version can read is no error:
/// [`LogEntry::Unrecognised`], or an unrecognised fact inside an observation.
pub fn decode(payload: &[u8]) -> Result<LogEntry, DecodeError> {
    let form = wire::LogMessage::decode(payload).map_err(|source| DecodeError::Malformed {
        message: "LogMessage",
        source,
    })?;
    let recorded_at: RecordedAt =
        required(form.recorded_at, "LogMessage.recorded_at").map_err(Fault::into_error)?;
    let entry = match form.body {
        Some(body) => read(body, recorded_at, payload),
        None => Err(unknown_body(payload)),
    };
    match entry {
        Ok(entry) => Ok(entry),
        Err(Fault::Unknown { field, number }) => Ok(LogEntry::Unrecognised {
            recorded_at,
            field,
            number,
        }),
        Err(Fault::Refused(error)) => Err(error),
    }
}

fn message(recorded_at: RecordedAt, body: Body) -> Bytes {
    wire::LogMessage {
        recorded_at: Some(recorded_at.to_form()),
        body: Some(body),
    }
    .encode_to_vec()
    .into()
}

fn unknown_body(payload: &[u8]) -> Fault {
    let number = i32::try_from(unknown::body_number(payload)).unwrap_or(0);
    Fault::enum_value("LogMessage.body", number)
}

fn read(body: Body, recorded_at: RecordedAt, payload: &[u8]) -> Result<LogEntry, Fault> {
    match body {
        Body::Observation(form) => {
            let (observation, sealed) = observation_from_form(form, recorded_at, payload)?;
            Ok(LogEntry::Observation { observation, sealed })
        }
        Body::FeedMessage(form) => feed_message_from_form(form, recorded_at).map(LogEntry::Feed),
        Body::Quarantined(form) => quarantined_from_form(form, recorded_at).map(LogEntry::Quarantined),
        Body::Heartbeat(form) => Ok(LogEntry::Heartbeat {
            at: required(form.at, "Heartbeat.at")?,
            recorded_at,
        }),
        Body::CalendarMilestone(form) => milestone(form, recorded_at).map(LogEntry::CalendarMilestone),
        Body::PolicyAdopted(form) => policy_adopted(form, recorded_at).map(LogEntry::PolicyAdopted),
        Body::Erased(form) => erased(form, recorded_at).map(LogEntry::Erased),
    }
}

fn milestone(form: wire::CalendarMilestone, recorded_at: RecordedAt) -> Result<CalendarMilestone, Fault> {
    Ok(CalendarMilestone {
        milestone: form.milestone,
        year: i16::try_from(form.year).map_err(|_| Fault::invalid("CalendarMilestone.year"))?,
        on: Date::from_form(form.on, "CalendarMilestone.on")?,
        recorded_at,
    })
}

fn policy_adopted(form: wire::PolicyAdopted, recorded_at: RecordedAt) -> Result<PolicyAdopted, Fault> {
    Ok(PolicyAdopted {
        version: form.version,
        text: form.text,
        digest: array(&form.digest, "PolicyAdopted.digest")?,
        previous: optional(form.previous, "PolicyAdopted.previous")?,
        recorded_at,
    })
}

fn erased(form: wire::Erased, recorded_at: RecordedAt) -> Result<Erased, Fault> {
    Ok(Erased {
        record: required(form.record, "Erased.record")?,
        key_groups: items(form.key_groups, "Erased.key_groups")?,
        reason: form.reason,
        actor: form.actor,
        previous: optional(form.previous, "Erased.previous")?,
        recorded_at,
    })
}
