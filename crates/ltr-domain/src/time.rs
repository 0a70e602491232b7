//! The three times, as types that cannot be swapped, and the calendar of the academic year in Europe/London.
//!
//! *Effective* is a civil date: when something was true. *Observed* is when we read the source. *Known* is when it
//! entered our log. Intervals are half-open everywhere.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// Where every civil date of this domain lives.
static LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// The civil date in London at an instant (T23: a summer midnight in UTC is already the same day there, 23:00 UTC the next).
#[must_use]
pub fn london_date(at: Timestamp) -> Date {
    at.to_zoned(LONDON.clone()).date()
}

/// The last instant that still belongs to that London day: the start of the next one, less a microsecond.
///
/// A date given where an instant is meant stands for the end of that day (`--known 2026-11-01`).
#[must_use]
pub fn end_of_london_day(date: Date) -> Timestamp {
    let next = date.tomorrow().unwrap_or(date);
    let start = start_of_london_day(next);
    start
        .checked_sub(jiff::SignedDuration::from_micros(1))
        .unwrap_or(start)
}

/// The first instant of that London day.
#[must_use]
pub fn start_of_london_day(date: Date) -> Timestamp {
    date.to_zoned(LONDON.clone())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

macro_rules! instant {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Timestamp);

        impl $name {
            /// The civil date in London at that instant.
            #[must_use]
            pub fn london_date(self) -> Date {
                london_date(self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

instant!(
    /// When the snapshot that holds a row was taken at the source. Orders observations of one record.
    TakenAt
);
instant!(
    /// When we read the row.
    ObservedAt
);
instant!(
    /// What the publisher's clock said when it wrote the message.
    RecordedAt
);
instant!(
    /// When something entered our log: `max(recorded_at, known time of the previous sequence)`; never decreases along the log.
    KnownAt
);

impl KnownAt {
    /// The known time of a message recorded at `recorded` that follows one known at `previous`. In whole microseconds,
    /// rounded down: what a store keeps, so that what was folded live and what is folded again have the same times.
    #[must_use]
    pub fn after(previous: Option<Self>, recorded: RecordedAt) -> Self {
        let whole = recorded.0.as_nanosecond().div_euclid(1_000) * 1_000;
        let own = Self(Timestamp::from_nanosecond(whole).unwrap_or(recorded.0));
        previous.map_or(own, |previous| previous.max(own))
    }
}

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// To the day.
    Day,
    /// To the month; the date is its first day.
    Month,
    /// To the year; the date is its first day.
    Year,
}

/// Where an effective date comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The source states it.
    Stated,
    /// We infer it from another stated date (`updated_at`, the start of a cycle).
    Inferred,
    /// Nothing better than the day on which we saw it.
    Observed,
}

/// From when a change was true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Effective {
    /// The civil date in London.
    pub on: Date,
    /// How exactly it is known.
    pub precision: Precision,
    /// Where it comes from.
    pub basis: Basis,
}

impl Effective {
    /// A day that the source states.
    #[must_use]
    pub fn stated(on: Date) -> Self {
        Self {
            on,
            precision: Precision::Day,
            basis: Basis::Stated,
        }
    }

    /// A day inferred from another date of the row.
    #[must_use]
    pub fn inferred(on: Date) -> Self {
        Self {
            on,
            precision: Precision::Day,
            basis: Basis::Inferred,
        }
    }

    /// The day on which the change was seen.
    #[must_use]
    pub fn observed(on: Date) -> Self {
        Self {
            on,
            precision: Precision::Day,
            basis: Basis::Observed,
        }
    }
}

/// A civil date as a source gives it: readable, or kept as it came (T22).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CivilDate {
    /// A strict `YYYY-MM-DD` of a real day.
    Day(Date),
    /// Anything else, as received; folds to a finding.
    Unreadable(String),
}

impl CivilDate {
    /// Reads `YYYY-MM-DD` strictly (four, two and two digits, a real day); keeps anything else as it came.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let strict = text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        match text.parse::<Date>() {
            Ok(date) if strict => Self::Day(date),
            _ => Self::Unreadable(text.to_owned()),
        }
    }

    /// The day, if it could be read.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(*date),
            Self::Unreadable(_) => None,
        }
    }

    /// The text: canonical for a day, as received otherwise.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Day(date) => date.to_string(),
            Self::Unreadable(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
