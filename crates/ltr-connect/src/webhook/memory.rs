//! Which messages were taken, for a while: bounded, and lost at a restart. Nothing worse follows from forgetting than a
//! TRN that is read once more.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use super::signature::Signed;

/// At 50 messages a second this reaches back twenty minutes, four times as far as a signature is good for.
const MESSAGES_MAX: usize = 65_536;

/// Whether a message was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Never,
    /// The message, signed anew: its sender did not hear that it was taken.
    Message,
    /// The very request.
    Signature,
}

/// The messages taken last, by `ce-id`, each with the digest of the signature it last came with.
#[derive(Debug, Default)]
pub(super) struct Memory {
    signatures: HashMap<String, [u8; 32]>,
    order: VecDeque<String>,
}

impl Memory {
    /// Looks for a message. One that comes signed anew is known by that signature from then on.
    pub(super) fn look(&mut self, signed: &Signed) -> Seen {
        let Some(known) = self.signatures.get_mut(&signed.message_id) else {
            return Seen::Never;
        };
        let digest = digest(signed);
        if *known == digest {
            return Seen::Signature;
        }
        *known = digest;
        Seen::Message
    }

    /// Notes that a message was taken.
    pub(super) fn note(&mut self, signed: &Signed) {
        let id = signed.message_id.clone();
        if self.signatures.insert(id.clone(), digest(signed)).is_some() {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MESSAGES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.signatures.remove(&oldest);
        }
    }
}

fn digest(signed: &Signed) -> [u8; 32] {
    Sha256::digest(&signed.signature).into()
}
