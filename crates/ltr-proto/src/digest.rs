//! Digests that make tampering evident: of one message, of a batch, and of a stream up to a sequence.
//!
//! All are SHA-256. What they cover is fixed for ever, because digests stand in messages and headers.

use ltr_domain::observation::MessageDigest;
use sha2::{Digest, Sha256};

use crate::hex;

/// The header that carries [`message_digest`], in lower-case hexadecimal, on every message of every stream.
pub const DIGEST_HEADER: &str = "Ltr-Digest";

/// Before the first message of a stream.
pub const RUNNING_DIGEST_START: [u8; 32] = [0; 32];

/// The digest of a message: over its subject, a line feed and its payload. A subject holds no line feed, so no two
/// different messages are digested as the same bytes.
#[must_use]
pub fn message_digest(subject: &str, payload: &[u8]) -> MessageDigest {
    let mut hasher = Sha256::new();
    hasher.update(subject.as_bytes());
    hasher.update(b"\n");
    hasher.update(payload);
    MessageDigest(hasher.finalize().into())
}

/// The digest of a stream up to and including the message at `sequence`: over the digest up to the message before it,
/// the sequence (eight bytes, big-endian) and the message's own digest. Begins at [`RUNNING_DIGEST_START`].
///
/// The sequence is covered so that a message moved to another place changes the digest even where its neighbours are
/// equal.
#[must_use]
pub fn running_digest(previous: [u8; 32], sequence: u64, message: &MessageDigest) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(sequence.to_be_bytes());
    hasher.update(message.0);
    hasher.finalize().into()
}

/// The digest of a batch: over the digests of its messages in order. An empty batch has the digest of no bytes.
///
/// `PageRecorded.batch_digest` is this over the messages before it in its batch.
#[must_use]
pub fn batch_digest<'a>(messages: impl IntoIterator<Item = &'a MessageDigest>) -> MessageDigest {
    let mut hasher = Sha256::new();
    for message in messages {
        hasher.update(message.0);
    }
    MessageDigest(hasher.finalize().into())
}

/// SHA-256 of plain bytes, such as the text of a policy.
#[must_use]
pub fn content_digest(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

/// Writes a digest as the header carries it.
#[must_use]
pub fn header_value(digest: &MessageDigest) -> String {
    hex::encode(&digest.0)
}

/// Reads a digest from its header; `None` if it is not 64 hexadecimal digits.
#[must_use]
pub fn from_header_value(text: &str) -> Option<MessageDigest> {
    hex::decode_array(text).map(MessageDigest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `printf 'ltr.policy\nabc' | sha256sum`: what is covered is a promise to other implementations.
    const POLICY_ABC: &str = "32018cab4db80141f7aae92a76355295641b8945ac70af15f5139c9ab489bf73";

    #[test]
    fn a_message_digest_covers_subject_line_feed_payload() {
        assert_eq!(header_value(&message_digest("ltr.policy", b"abc")), POLICY_ABC);
        assert_eq!(
            from_header_value(POLICY_ABC),
            Some(message_digest("ltr.policy", b"abc"))
        );
    }

    #[test]
    fn subject_and_payload_are_not_interchangeable() {
        let whole = message_digest("ltr.policy", b"abc");
        assert_ne!(whole, message_digest("ltr.policya", b"bc"));
        assert_ne!(whole, message_digest("ltr.policy", b"abd"));
    }

    #[test]
    fn a_running_digest_tells_order_and_place() {
        let (first, second) = (message_digest("a", b"1"), message_digest("a", b"2"));
        let run = |steps: &[(u64, &MessageDigest)]| {
            steps
                .iter()
                .fold(RUNNING_DIGEST_START, |so_far, (sequence, message)| {
                    running_digest(so_far, *sequence, message)
                })
        };
        let straight = run(&[(1, &first), (2, &second)]);
        assert_ne!(straight, run(&[(1, &second), (2, &first)]), "order");
        assert_ne!(straight, run(&[(1, &first), (3, &second)]), "place");
        assert_ne!(run(&[(1, &first)]), run(&[(2, &first)]), "place of the first");
    }

    #[test]
    fn a_batch_digest_tells_order() {
        let (first, second) = (message_digest("a", b"1"), message_digest("a", b"2"));
        assert_ne!(batch_digest([&first, &second]), batch_digest([&second, &first]));
        assert_eq!(batch_digest([]).0, content_digest(b""));
    }
}
