//! Opaque tokens: how far the log was projected, and where a list goes on. Opaque to callers, never secret: they hold
//! nothing that the answer beside them does not.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::time::KnownAt;
use ltr_ports::store::Checkpoint;
use ltr_proto::hex;

use crate::status::Refusal;

/// A place on one very log, from a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConsistencyToken {
    /// When the stream was created.
    pub(crate) stream_created_at: Timestamp,
    /// The last sequence projected.
    pub(crate) sequence: u64,
}

impl ConsistencyToken {
    pub(crate) fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            stream_created_at: checkpoint.stream_created_at,
            sequence: checkpoint.sequence,
        }
    }

    /// Reads a token; an empty text is none.
    pub(crate) fn parse(field: &'static str, text: &str) -> Result<Option<Self>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        Self::read(text)
            .map(Some)
            .ok_or_else(|| Refusal::field(field, "is not a consistency token of this service"))
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = hex::decode_array::<24>(text)?;
        let (created, sequence) = bytes.split_first_chunk::<16>()?;
        let sequence = u64::from_be_bytes(sequence.try_into().ok()?);
        let stream_created_at = Timestamp::from_nanosecond(i128::from_be_bytes(*created)).ok()?;
        Some(Self {
            stream_created_at,
            sequence,
        })
    }
}

impl std::fmt::Display for ConsistencyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(
            &self.stream_created_at.as_nanosecond().to_be_bytes(),
        ))?;
        f.write_str(&hex::encode(&self.sequence.to_be_bytes()))
    }
}

/// Where a list of intervals goes on. Holds the moment that the first page fixed, so that all pages are of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageToken {
    /// Up to which day.
    pub(crate) effective_on: Date,
    /// Knowing what.
    pub(crate) known_at: KnownAt,
    /// The day up to which that is all.
    pub(crate) known_on: Date,
    /// How many intervals were sent.
    pub(crate) sent: usize,
    /// Whose intervals.
    pub(crate) name: String,
}

impl PageToken {
    /// Reads a token; an empty text is none. One of another teacher is refused.
    pub(crate) fn parse(field: &'static str, text: &str, name: &str) -> Result<Option<Self>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let token = Self::read(text).filter(|token| token.name == name);
        token
            .map(Some)
            .ok_or_else(|| Refusal::field(field, "is not a page token of this list"))
    }

    fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(hex::decode(text)?).ok()?;
        let mut parts = text.splitn(5, ' ');
        Some(Self {
            effective_on: parts.next()?.parse().ok()?,
            known_at: KnownAt(parts.next()?.parse().ok()?),
            known_on: parts.next()?.parse().ok()?,
            sent: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
        })
    }
}

impl std::fmt::Display for PageToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            effective_on,
            known_at,
            known_on,
            sent,
            name,
        } = self;
        f.write_str(&hex::encode(
            format!("{effective_on} {known_at} {known_on} {sent} {name}").as_bytes(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_consistency_token_is_read_back_exactly() {
        let created = "2026-01-02T03:04:05.123456789Z".parse().expect("an instant");
        let token = ConsistencyToken {
            stream_created_at: created,
            sequence: u64::MAX,
        };
        assert_eq!(
            ConsistencyToken::parse("t", &token.to_string()).ok(),
            Some(Some(token))
        );
        assert_eq!(ConsistencyToken::parse("t", "").ok(), Some(None));
        for text in [
            "0",
            "zz",
            &token.to_string()[2..],
            &"ff".repeat(24)[..46],
            &"7f".repeat(24),
        ] {
            assert!(ConsistencyToken::parse("t", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_token_is_read_back_exactly_and_only_for_its_list() {
        let known_at = KnownAt("2026-01-02T03:04:05.123456789Z".parse().expect("an instant"));
        let name = "register/trainee/a b".to_owned();
        let token = PageToken {
            effective_on: date(2026, 9, 10),
            known_at,
            known_on: date(2026, 9, 11),
            sent: 7,
            name,
        };
        let text = token.to_string();
        assert_eq!(PageToken::parse("t", &text, &token.name).ok(), Some(Some(token)));
        assert!(PageToken::parse("t", &text, "3100001").is_err());
        assert!(PageToken::parse("t", "00", "3100001").is_err());
        assert_eq!(PageToken::parse("t", "", "3100001").ok(), Some(None));
    }
}
