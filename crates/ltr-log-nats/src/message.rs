//! What the server sends, as a stored message: from a consumer, or in answer to a direct get.

use async_nats::{HeaderMap, Message};
use jiff::Timestamp;
use ltr_domain::observation::MessageDigest;
use ltr_ports::log::StoredMessage;
use ltr_proto::digest;

use crate::Cause;

/// Where a consumer's message stands, as its reply subject tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) stream_sequence: u64,
    /// How many messages this consumer has delivered, with this one.
    pub(crate) consumer_sequence: u64,
    pub(crate) stored_at: Timestamp,
    /// How many more the stream has for this consumer.
    pub(crate) pending: u64,
}

impl Delivered {
    /// Reads `$JS.ACK.<stream>.<consumer>.<times>.<stream seq>.<consumer seq>.<nanoseconds>.<pending>`, which newer
    /// servers lengthen by a domain and an account after `ACK` and a token at the end.
    pub(crate) fn read(reply: &str) -> Option<Self> {
        let count = reply.split('.').count();
        let skipped = match count {
            9 => 3,
            11.. => 5,
            _ => return None,
        };
        let mut tokens = reply.strip_prefix("$JS.ACK.")?.split('.').skip(skipped);
        Some(Self {
            stream_sequence: tokens.next()?.parse().ok()?,
            consumer_sequence: tokens.next()?.parse().ok()?,
            stored_at: Timestamp::from_nanosecond(tokens.next()?.parse().ok()?).ok()?,
            pending: tokens.next()?.parse().ok()?,
        })
    }
}

/// A message that a consumer delivered.
pub(crate) fn of_consumer(message: Message, delivered: Delivered) -> StoredMessage {
    StoredMessage {
        sequence: delivered.stream_sequence,
        subject: message.subject.into_string(),
        payload: message.payload,
        digest: message.headers.as_ref().and_then(digest_in),
        stored_at: delivered.stored_at,
    }
}

/// A message in answer to a direct get, which tells its place in headers.
pub(crate) fn of_direct_get(message: Message) -> Result<StoredMessage, Cause> {
    let headers = message
        .headers
        .as_ref()
        .ok_or(Cause::Unreadable("a message without headers"))?;
    let header = |name: &str| headers.get(name).map(async_nats::HeaderValue::as_str);
    let sequence = header("Nats-Sequence").and_then(|text| text.parse().ok());
    let stored_at = header("Nats-Time-Stamp").and_then(|text| text.parse().ok());
    Ok(StoredMessage {
        sequence: sequence.ok_or(Cause::Unreadable("a message without its sequence"))?,
        subject: header("Nats-Subject")
            .ok_or(Cause::Unreadable("a message without its subject"))?
            .to_owned(),
        stored_at: stored_at.ok_or(Cause::Unreadable("a message without its time"))?,
        digest: digest_in(headers),
        payload: message.payload,
    })
}

fn digest_in(headers: &HeaderMap) -> Option<MessageDigest> {
    digest::from_header_value(headers.get(digest::DIGEST_HEADER)?.as_str())
}

/// A number in a header of a status message.
pub(crate) fn number_in(message: &Message, name: &str) -> Option<u64> {
    message.headers.as_ref()?.get(name)?.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Delivered;

    #[test]
    fn reply_subjects_of_old_and_new_servers_are_read() {
        let stored_at = "2026-09-01T00:00:00.000000001Z".parse().unwrap();
        let expected = Delivered {
            stream_sequence: 42,
            consumer_sequence: 7,
            stored_at,
            pending: 3,
        };
        let check = |reply| assert_eq!(Delivered::read(reply), Some(expected), "{reply}");
        check("$JS.ACK.LTR_EVENTS.c0nsumer.1.42.7.1788220800000000001.3");
        check("$JS.ACK._.hash.LTR_EVENTS.c0nsumer.1.42.7.1788220800000000001.3");
        check("$JS.ACK._.hash.LTR_EVENTS.c0nsumer.1.42.7.1788220800000000001.3.token");
    }

    #[test]
    fn other_subjects_are_not() {
        for reply in [
            "",
            "_INBOX.a.b",
            "$JS.ACK.LTR_EVENTS.c.1.x.7.1.3",
            "$JS.FC.LTR_EVENTS.c.1.42.7.1.3",
        ] {
            assert_eq!(Delivered::read(reply), None, "{reply}");
        }
    }
}
