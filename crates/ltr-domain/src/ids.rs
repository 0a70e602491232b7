//! Identifiers of the upstream services and of our own, each with its own type. They parse strictly: what does not
//! have the form of the identifier is refused, with the reason, and never repaired by guessing (T02).

use std::fmt;

use uuid::Uuid;

mod numeric;
mod record_id;

pub use numeric::{CandidateId, ChoiceId, FormId, Ukprn, Urn};
pub use record_id::{Feed, RecordId, RecordKind, Source, decode_key_token, encode_key_token};

/// Why a text is not the identifier it was taken for. Never carries the text itself: it may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum IdError {
    /// Nothing was left once permitted punctuation was stripped.
    #[error("{id} is empty")]
    Empty {
        /// Which identifier was expected.
        id: &'static str,
    },
    /// The number of digits is wrong; a TRN of six digits has probably lost a leading zero (T02).
    #[error("{id} must have exactly {expected} digits, found {found}")]
    WrongLength {
        /// Which identifier was expected.
        id: &'static str,
        /// Digits required.
        expected: usize,
        /// Digits found.
        found: usize,
    },
    /// A value that stands for "none" in some upstream system (T03).
    #[error("{id} is a sentinel that names nobody")]
    Sentinel {
        /// Which identifier was expected.
        id: &'static str,
    },
    /// A character that the identifier cannot hold.
    #[error("{id} holds a character it cannot hold")]
    Malformed {
        /// Which identifier was expected.
        id: &'static str,
    },
}

/// A teacher reference number: exactly seven digits, leading zeros kept (U§1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trn([u8; 7]);

impl Trn {
    /// Parses a TRN after stripping the punctuation of legacy forms (`RP99/12345` is `9912345`, T01).
    ///
    /// # Errors
    ///
    /// A text that does not leave exactly seven digits, or the sentinels `999999999` and `999999998` (T03).
    pub fn parse(text: &str) -> Result<Self, IdError> {
        const ID: &str = "TRN";
        let mut digits = [0u8; 7];
        let mut found = 0;
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(IdError::Empty { id: ID });
        }
        let body = trimmed
            .strip_prefix("RP")
            .or_else(|| trimmed.strip_prefix("rp"))
            .unwrap_or(trimmed);
        for byte in body.bytes() {
            match byte {
                b'0'..=b'9' => {
                    if let Some(slot) = digits.get_mut(found) {
                        *slot = byte;
                    }
                    found += 1;
                }
                b'/' | b' ' | b'-' | b'.' => {}
                _ => return Err(IdError::Malformed { id: ID }),
            }
        }
        if body == "999999999" || body == "999999998" {
            return Err(IdError::Sentinel { id: ID });
        }
        if found != 7 {
            return Err(IdError::WrongLength {
                id: ID,
                expected: 7,
                found,
            });
        }
        Ok(Self(digits))
    }

    /// The seven digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a TRN holds ASCII digits only")
    }
}

impl fmt::Display for Trn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Our own id of a person: UUIDv5 of the person's earliest source record on the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub Uuid);

/// Namespace of [`PersonId`]; fixed for ever, because ids derived from it are on the log and in clients.
const PERSON_NAMESPACE: Uuid = Uuid::from_u128(0x6c74_7200_7065_5273_8f6e_0000_0000_0001);

impl PersonId {
    /// The id of the person whose earliest record is `record`.
    #[must_use]
    pub fn of(record: &RecordId) -> Self {
        Self(Uuid::new_v5(&PERSON_NAMESPACE, record.to_string().as_bytes()))
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One run of a feed. Made at the edge, where clock and randomness live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub Uuid);

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests;
