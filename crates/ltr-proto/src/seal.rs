//! Sealing of personal values: AES-256-GCM under one data key per source record and key group. No randomness here:
//! whoever needs a nonce or a key hands over a function that fills bytes from a secure source.
//!
//! The formats are fixed for ever; `proto/ltr/event/v1/sealed.proto` states them.

mod bind;
mod keys;
mod personal;
mod row;

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use bytes::Bytes;
use ltr_domain::record::KeyGroup;

pub use keys::{DataKey, KeyEncryptionKey, KeyId, RecordKeys, WrappedKey, WrappedKeys};
pub use personal::{OpenedValues, digest_values, fingerprint, open_values, seal_values};
pub use row::{KeptRow, RowKey, RowName, WrappedRowKey};

/// Bytes sealed under one data key. Holds nothing in clear but which key it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Under which group's key.
    pub key_group: KeyGroup,
    /// Which data key of the group.
    pub key_id: KeyId,
    /// The nonce; never used twice under one key.
    pub nonce: [u8; 12],
    /// Ciphertext and tag.
    pub ciphertext: Bytes,
}

/// What opening gave.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened<T> {
    /// The content, in clear.
    Content(T),
    /// The key is gone: the content is erased, and nothing can bring it back.
    Erased,
}

impl<T> Opened<T> {
    /// The content, unless it is erased.
    #[must_use]
    pub fn content(self) -> Option<T> {
        match self {
            Self::Content(content) => Some(content),
            Self::Erased => None,
        }
    }
}

impl<T> fmt::Debug for Opened<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Content(_) => "Content(..)",
            Self::Erased => "Erased",
        })
    }
}

/// Why a sealed blob or a wrapped key could not be opened. Never carries content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A key-encryption key that is not 64 hexadecimal digits.
    #[error("key-encryption key must be 64 hexadecimal digits")]
    MalformedKey,
    /// The key-encryption key that wraps a data key is not among those given.
    #[error("data keys are wrapped by key-encryption key {kek_id}, which was not given")]
    UnknownKeyEncryptionKey {
        /// Which key would be needed.
        kek_id: KeyId,
    },
    /// The tag does not hold: altered bytes, another record's blob, or another key under the same id.
    #[error("sealed content of group {} does not verify", .key_group.token())]
    Altered {
        /// Of which group.
        key_group: KeyGroup,
    },
    /// The tag holds, but what is inside cannot be read.
    #[error("sealed content of group {} cannot be read", .key_group.token())]
    Unreadable {
        /// Of which group.
        key_group: KeyGroup,
    },
}

/// Seals any bytes, such as a row, under the group's newest key. `None` if the record has no key of that group.
///
/// The nonce must come from a secure random source: one used twice under a key gives the key's content away.
#[must_use]
pub fn seal(keys: &RecordKeys, key_group: KeyGroup, content: &[u8], nonce: [u8; 12]) -> Option<Sealed> {
    let key = keys.newest(key_group)?;
    Some(seal_under(key, &keys.record().to_string(), content, nonce))
}

/// Opens what [`seal`] sealed for the same record.
///
/// # Errors
///
/// [`SealError::Altered`] if a single bit differs, or the blob is another record's.
pub fn open(keys: &RecordKeys, sealed: &Sealed) -> Result<Opened<Vec<u8>>, SealError> {
    match keys.find(sealed.key_group, sealed.key_id) {
        Some(key) => open_under(key, &keys.record().to_string(), sealed).map(Opened::Content),
        None => Ok(Opened::Erased),
    }
}

fn seal_under(key: &DataKey, holder: &str, content: &[u8], nonce: [u8; 12]) -> Sealed {
    let bound_to = bind::sealed(holder, key.group(), key.id());
    let ciphertext = encrypt(&cipher(key.bytes()), &nonce, content, &bound_to);
    Sealed {
        key_group: key.group(),
        key_id: key.id(),
        nonce,
        ciphertext: ciphertext.into(),
    }
}

fn open_under(key: &DataKey, holder: &str, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
    let key_group = sealed.key_group;
    let bound_to = bind::sealed(holder, key_group, sealed.key_id);
    decrypt(&cipher(key.bytes()), &sealed.nonce, &sealed.ciphertext, &bound_to)
        .ok_or(SealError::Altered { key_group })
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

fn encrypt(cipher: &Aes256Gcm, nonce: &[u8; 12], content: &[u8], bound_to: &[u8]) -> Vec<u8> {
    let payload = Payload {
        msg: content,
        aad: bound_to,
    };
    cipher
        .encrypt(&Nonce::from(*nonce), payload)
        .expect("fails only beyond 64 GiB, and a message is under one mebibyte")
}

fn decrypt(cipher: &Aes256Gcm, nonce: &[u8; 12], ciphertext: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: ciphertext,
        aad: bound_to,
    };
    cipher.decrypt(&Nonce::from(*nonce), payload).ok()
}

#[cfg(test)]
mod tests;
