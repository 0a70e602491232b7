//! Opaque tokens: how far the log was projected, and where a list goes on. Opaque to callers, never secret: they hold
//! nothing that the answer beside them does not.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::time::KnownAt;
use ltr_ports::store::Checkpoint;
use ltr_proto::hex;

use crate::moment::Moment;
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

/// Where a list of changes of the source of truth goes on, with what its first page fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourcesToken {
    /// About which day; `None`: each moment's own.
    pub(crate) effective_on: Option<Date>,
    /// Up to which known time.
    pub(crate) known_at: KnownAt,
    /// From which known time on.
    pub(crate) known_from: KnownAt,
    /// Of all teachers: the place of the last one who was told whole.
    pub(crate) after: Option<(u64, u32)>,
    /// How many changes were sent, of the one teacher or of the one after that.
    pub(crate) sent: usize,
    /// Which list.
    pub(crate) list: String,
}

impl SourcesToken {
    /// Reads a token; an empty text is none. One of another list is refused.
    pub(crate) fn parse(field: &'static str, text: &str, list: &str) -> Result<Option<Self>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let token = Self::read(text).filter(|token| token.list == list);
        token
            .map(Some)
            .ok_or_else(|| Refusal::field(field, "is not a page token of this list"))
    }

    /// Whether a request names another moment than its token.
    pub(crate) fn is_other(&self, moment: Moment, from: Option<KnownAt>) -> bool {
        moment
            .effective_on
            .is_some_and(|on| self.effective_on != Some(on))
            || moment.known_at.is_some_and(|at| at != self.known_at)
            || from.is_some_and(|from| from != self.known_from)
    }

    fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(hex::decode(text)?).ok()?;
        let mut parts = text.splitn(6, ' ');
        Some(Self {
            effective_on: match parts.next()? {
                "-" => None,
                day => Some(day.parse().ok()?),
            },
            known_at: KnownAt(parts.next()?.parse().ok()?),
            known_from: KnownAt(parts.next()?.parse().ok()?),
            after: match parts.next()? {
                "-" => None,
                place => {
                    let (sequence, ordinal) = place.split_once('.')?;
                    Some((sequence.parse().ok()?, ordinal.parse().ok()?))
                }
            },
            sent: parts.next()?.parse().ok()?,
            list: parts.next()?.to_owned(),
        })
    }
}

impl std::fmt::Display for SourcesToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            effective_on,
            known_at,
            known_from,
            after,
            sent,
            list,
        } = self;
        let day = effective_on.map_or("-".to_owned(), |on| on.to_string());
        let after = after.map_or("-".to_owned(), |(sequence, ordinal)| {
            format!("{sequence}.{ordinal}")
        });
        let text = format!("{day} {known_at} {known_from} {after} {sent} {list}");
        f.write_str(&hex::encode(text.as_bytes()))
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
    fn a_token_of_a_list_of_sources_is_read_back_exactly_and_only_for_its_list() {
        let at = |text: &str| KnownAt(text.parse().expect("an instant"));
        for (effective_on, after) in [(None, None), (Some(date(2026, 9, 10)), Some((7, 2)))] {
            let token = SourcesToken {
                effective_on,
                known_at: at("2026-01-02T03:04:05.123456789Z"),
                known_from: at("1970-01-01T00:00:00Z"),
                after,
                sent: 3,
                list: "register/trainee/a b/headline/0".to_owned(),
            };
            let text = token.to_string();
            assert_eq!(
                SourcesToken::parse("t", &text, &token.list).ok(),
                Some(Some(token))
            );
            assert!(SourcesToken::parse("t", &text, "/training/0").is_err());
        }
        assert!(SourcesToken::parse("t", "00", "").is_err());
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
