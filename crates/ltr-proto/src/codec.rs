//! Domain to wire and back, for every message of the log. Encoding is deterministic: the same value gives the same
//! bytes, so digests of messages can be compared.
//!
//! Decoding never guesses. What a newer writer added is reported, not refused: an event becomes an unrecognised fact, a
//! message that cannot be named becomes [`LogEntry::Unrecognised`]. Bytes that no version writes are a [`DecodeError`],
//! which names message and field and never a value.

mod apply;
mod change;
mod delivery;
mod entry;
mod envelope;
mod evidence;
mod fact;
mod fault;
mod fields;
mod gate;
mod judgement;
mod observation;
mod quarantine;
mod record;
mod register;
mod scalar;
mod sealed;
mod stated;
mod trs;
mod tv;

pub use entry::{CalendarMilestone, Erased, Evidence, LogEntry, PolicyAdopted};
pub use envelope::{
    decode, decode_changes, encode, encode_calendar_milestone, encode_erased, encode_feed_message,
    encode_heartbeat, encode_judgement, encode_observation, encode_policy_adopted, encode_present_state,
    encode_quarantined, unread,
};
pub use evidence::{decode_evidence, encode_evidence};
pub(crate) use fact::fact_detail;
pub use fault::DecodeError;
pub use observation::Unread;
pub use quarantine::{decode_kept_row, decode_row_key, encode_kept_row, encode_row_key};
pub use sealed::{decode_record_keys, decode_sealed, encode_record_keys, encode_sealed};
pub(crate) use sealed::{personal_field_from_wire, personal_field_to_wire};

#[cfg(test)]
mod tests;
