//! The envelope: one message of LTR_EVENTS, whatever it says.

use bytes::Bytes;
use jiff::Timestamp;
use ltr_domain::delivery::{FeedMessage, Quarantined};
use ltr_domain::judgement::Judgement;
use ltr_domain::observation::Observation;
use ltr_domain::record::{self, PersonalDigests, State};
use ltr_domain::time::RecordedAt;
use prost::Message;

use super::delivery::{feed_message_to_form, read_feed_message};
use super::entry::{CalendarMilestone, Erased, LogEntry, PolicyAdopted};
use super::fault::{DecodeError, Fault};
use super::fields::{Fields, Raw};
use super::judgement::{judgement_to_form, read_judgement};
use super::observation::{ReadState, Unread, observation_to_form, read_observation, read_unread};
use super::quarantine::{quarantined_to_form, read_quarantined};
use super::record::present_to_form;
use super::sealed::read_key_groups;
use super::stated::{Wired, list, read_fields, required};
use crate::event as wire;
use crate::event::log_message::Body;
use crate::seal::Sealed;

/// The field that says what a message says.
const BODY: &str = "LogMessage.body";

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

/// Writes a judgement on identity.
#[must_use]
pub fn encode_judgement(judgement: &Judgement) -> Bytes {
    message(judgement.recorded_at, judgement_to_form(judgement))
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
        LogEntry::Judgement(judgement) => Some(encode_judgement(judgement)),
        LogEntry::Unrecognised { .. } => None,
    }
}

/// Writes a state, of a record that has not vanished, as it stands in an observation; to be held beside [`unread`].
#[must_use]
pub fn encode_present_state(body: &record::Body, digests: &PersonalDigests) -> Vec<u8> {
    present_to_form(body, digests).encode_to_vec()
}

/// Looks for the state in an observation without reading it. `None` for any other message, and for one that is not
/// understood: [`decode`] tells what it is.
#[must_use]
pub fn unread(payload: &[u8]) -> Option<Unread<'_>> {
    match envelope(payload).ok()? {
        (_, Some((2, raw))) => read_unread(raw).ok()?,
        _ => None,
    }
}

/// Reads a message of LTR_EVENTS.
///
/// # Errors
///
/// Bytes that no version of the schema writes. What only a newer version can read is no error:
/// [`LogEntry::Unrecognised`], or an unrecognised fact inside an observation.
pub fn decode(payload: &[u8]) -> Result<LogEntry, DecodeError> {
    decode_as(payload)
}

/// Reads a message of LTR_EVENTS, and of an observation's state only what folding looks at
/// ([`ltr_domain::ids::RecordKind::is_folded_with_state`]): most states are the larger part of their message.
///
/// # Errors
///
/// As [`decode`], but a state that is passed over may be anything.
pub fn decode_changes(payload: &[u8]) -> Result<LogEntry<Option<State>>, DecodeError> {
    decode_as(payload)
}

fn decode_as<S: ReadState>(payload: &[u8]) -> Result<LogEntry<S>, DecodeError> {
    let (recorded_at, body) = envelope(payload).map_err(Fault::into_error)?;
    let Some((number, raw)) = body else {
        return Err(DecodeError::Missing { field: BODY });
    };
    match read_body(number, raw, recorded_at) {
        Ok(entry) => Ok(entry),
        Err(Fault::Unknown { field, number }) => Ok(LogEntry::Unrecognised {
            recorded_at,
            field,
            number,
        }),
        Err(Fault::Refused(error)) => Err(error),
    }
}

/// The body of a message: its number and content.
type NumberedBody<'a> = Option<(u32, Raw<'a>)>;

/// Opens the envelope.
fn envelope(payload: &[u8]) -> Result<(RecordedAt, NumberedBody<'_>), Fault> {
    const RECORDED_AT: &str = "LogMessage.recorded_at";
    let (mut recorded_at, mut body) = (None, None);
    let mut fields = Fields::of(payload, "LogMessage");
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => recorded_at = Some(Wired::read(raw, RECORDED_AT)?),
            number => body = Some((number, raw)),
        }
    }
    Ok((required(recorded_at, RECORDED_AT)?, body))
}

fn message(recorded_at: RecordedAt, body: Body) -> Bytes {
    wire::LogMessage {
        recorded_at: Some(recorded_at.to_form()),
        body: Some(body),
    }
    .encode_to_vec()
    .into()
}

fn read_body<S: ReadState>(number: u32, raw: Raw<'_>, recorded_at: RecordedAt) -> Result<LogEntry<S>, Fault> {
    match number {
        2 => {
            let (observation, sealed) = read_observation(raw, recorded_at)?;
            Ok(LogEntry::Observation { observation, sealed })
        }
        3 => read_feed_message(raw, recorded_at).map(LogEntry::Feed),
        4 => read_quarantined(raw, recorded_at).map(LogEntry::Quarantined),
        5 => {
            read_fields!(raw.fields("Heartbeat")?, "Heartbeat" {
                1 => at,
            });
            Ok(LogEntry::Heartbeat {
                at: required(at, "Heartbeat.at")?,
                recorded_at,
            })
        }
        6 => read_milestone(raw, recorded_at).map(LogEntry::CalendarMilestone),
        7 => read_policy_adopted(raw, recorded_at).map(LogEntry::PolicyAdopted),
        8 => read_erased(raw, recorded_at).map(LogEntry::Erased),
        9..=12 => read_judgement(number, raw, recorded_at).map(LogEntry::Judgement),
        number => Err(Fault::unknown_arm(BODY, Some(number))),
    }
}

fn read_milestone(raw: Raw<'_>, recorded_at: RecordedAt) -> Result<CalendarMilestone, Fault> {
    const YEAR: &str = "CalendarMilestone.year";
    let (mut milestone, mut year, mut on) = (None, 0, None);
    let mut fields = raw.fields("CalendarMilestone")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => milestone = Some(Wired::read(raw, "CalendarMilestone.milestone")?),
            2 => year = raw.int32(YEAR)?,
            3 => on = Some(Wired::read(raw, "CalendarMilestone.on")?),
            _ => {}
        }
    }
    Ok(CalendarMilestone {
        milestone: required(milestone, "CalendarMilestone.milestone")?,
        year: i16::try_from(year).map_err(|_| Fault::invalid(YEAR))?,
        on: required(on, "CalendarMilestone.on")?,
        recorded_at,
    })
}

fn read_policy_adopted(raw: Raw<'_>, recorded_at: RecordedAt) -> Result<PolicyAdopted, Fault> {
    read_fields!(raw.fields("PolicyAdopted")?, "PolicyAdopted" {
        1 => version,
        2 => text,
        3 => digest,
        4 => previous,
    });
    Ok(PolicyAdopted {
        version: required(version, "PolicyAdopted.version")?,
        text: required(text, "PolicyAdopted.text")?,
        digest: required(digest, "PolicyAdopted.digest")?,
        previous,
        recorded_at,
    })
}

fn read_erased(raw: Raw<'_>, recorded_at: RecordedAt) -> Result<Erased, Fault> {
    let (mut record, mut key_groups, mut reason) = (None, Vec::new(), None);
    let (mut actor, mut previous) = (None, None);
    let mut fields = raw.fields("Erased")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => record = Some(Wired::read(raw, "Erased.record")?),
            2 => read_key_groups(raw, "Erased.key_groups", |group| key_groups.push(group))?,
            3 => reason = Some(Wired::read(raw, "Erased.reason")?),
            4 => actor = Some(Wired::read(raw, "Erased.actor")?),
            5 => previous = Some(Wired::read(raw, "Erased.previous")?),
            _ => {}
        }
    }
    Ok(Erased {
        record: required(record, "Erased.record")?,
        key_groups,
        reason: required(reason, "Erased.reason")?,
        actor: required(actor, "Erased.actor")?,
        previous,
        recorded_at,
    })
}
