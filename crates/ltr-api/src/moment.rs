//! Which moment a request asks about, on both axes of time.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::time::{CivilDate, KnownAt};
use ltr_proto::record::AsOf;

use crate::status::Refusal;

/// The moment asked about; what is `None` was left to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment {
    /// The day on which it was true.
    pub(crate) effective_on: Option<Date>,
    /// What was known by then.
    pub(crate) known_at: Option<KnownAt>,
}

impl Moment {
    /// Reads the moment of a request.
    pub(crate) fn parse(as_of: Option<AsOf>) -> Result<Self, Refusal> {
        let Some(AsOf {
            effective_on,
            known_at,
        }) = as_of
        else {
            return Ok(Self::default());
        };
        let effective_on = match effective_on.as_str() {
            "" => None,
            text => Some(day("as_of.effective_on", text)?),
        };
        let known_at = known_at.map(|at| instant("as_of.known_at", at)).transpose()?;
        Ok(Self {
            effective_on,
            known_at,
        })
    }
}

/// Reads `YYYY-MM-DD`. The text is not told back: it may be a date of birth.
pub(crate) fn day(field: &'static str, text: &str) -> Result<Date, Refusal> {
    CivilDate::read(text)
        .day()
        .ok_or_else(|| Refusal::field(field, "must be a day, as YYYY-MM-DD"))
}

/// Reads an instant.
pub(crate) fn instant(field: &'static str, at: prost_types::Timestamp) -> Result<KnownAt, Refusal> {
    match Timestamp::new(at.seconds, at.nanos) {
        Ok(at_instant) if at.nanos >= 0 => Ok(KnownAt(at_instant)),
        Ok(_) | Err(_) => Err(Refusal::field(field, "must be an instant that exists")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn parse(effective_on: &str, known_at: Option<(i64, i32)>) -> Option<Moment> {
        let known_at = known_at.map(|(seconds, nanos)| prost_types::Timestamp { seconds, nanos });
        Moment::parse(Some(AsOf {
            effective_on: effective_on.to_owned(),
            known_at,
        }))
        .ok()
    }

    #[test]
    fn both_axes_are_read_strictly() {
        assert_eq!(parse("", None), Some(Moment::default()));
        assert_eq!(
            parse("2026-09-10", None).and_then(|moment| moment.effective_on),
            Some(date(2026, 9, 10))
        );
        let known_at = Timestamp::new(1, 2).ok().map(KnownAt);
        assert_eq!(
            parse("", Some((1, 2))),
            Some(Moment {
                effective_on: None,
                known_at
            })
        );
        for effective_on in ["2026-9-10", "2026-02-30", "10/09/2026", "today", " 2026-09-10"] {
            assert_eq!(parse(effective_on, None), None, "{effective_on}");
        }
        for known_at in [(i64::MAX, 0), (0, -1), (0, 1_000_000_000)] {
            assert_eq!(parse("", Some(known_at)), None, "{known_at:?}");
        }
    }
}
