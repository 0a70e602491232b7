//! Messages as they come off the log, decoded, each with its known time; and the cursor after them.

use jiff::Timestamp;
use ltr_domain::observation::Position;
use ltr_domain::record::State;
use ltr_domain::time::KnownAt;
use ltr_ports::log::StoredMessage;
use ltr_ports::store::Checkpoint;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::digest::{message_digest, running_digest};

use crate::ProjectError;

/// A batch of messages, ready to be planned.
#[derive(Debug)]
pub struct Incoming {
    /// The messages that could be decoded, in order.
    pub messages: Vec<Message>,
    /// How many could not.
    pub undecodable: u64,
    /// The cursor after the batch.
    pub to: Checkpoint,
}

/// One decoded message.
#[derive(Debug)]
pub struct Message {
    /// Where it stands.
    pub position: Position,
    /// What it says.
    pub entry: LogEntry<Option<State>>,
    /// Its payload as on the log.
    pub payload: bytes::Bytes,
}

/// Decodes messages that follow the cursor. One that cannot be decoded is stepped over, and counted (invariant 8).
pub(crate) fn read(
    from: Option<&Checkpoint>,
    stream_created_at: Timestamp,
    stored: Vec<StoredMessage>,
) -> Result<Incoming, ProjectError> {
    let mut sequence = from.map_or(0, |cursor| cursor.sequence);
    let mut digest = from.map_or([0; 32], |cursor| cursor.running_digest);
    let mut known = from.map(|cursor| cursor.known_at);
    let mut messages = Vec::with_capacity(stored.len());
    let mut undecodable = 0;
    for message in stored {
        if message.sequence != sequence + 1 {
            return Err(ProjectError::Gap {
                expected: sequence + 1,
                found: message.sequence,
            });
        }
        sequence = message.sequence;
        digest = running_digest(
            digest,
            sequence,
            &message_digest(&message.subject, &message.payload),
        );
        match codec::decode_changes(&message.payload) {
            Ok(entry) => {
                let known_at = KnownAt::after(known, entry.recorded_at());
                known = Some(known_at);
                messages.push(Message {
                    position: Position { sequence, known_at },
                    entry,
                    payload: message.payload,
                });
            }
            Err(error) => {
                tracing::error!(sequence, subject = message.subject, %error, "a message cannot be decoded");
                undecodable += 1;
            }
        }
    }
    let known_at = known.unwrap_or(KnownAt(stream_created_at));
    let to = Checkpoint {
        stream_created_at,
        sequence,
        running_digest: digest,
        known_at,
        policy: from.map(|cursor| cursor.policy).unwrap_or_default(),
    };
    Ok(Incoming {
        messages,
        undecodable,
        to,
    })
}
