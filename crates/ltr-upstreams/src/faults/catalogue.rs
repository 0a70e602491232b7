//! The faults there are, each with its name. `docs/upstream-doubles.md` tells of them as a table, which a test compares.

use std::time::Duration;

/// Declares the faults.
macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $what:literal;)*) => {
        /// Something that a service does wrong, or that a careless reader gets wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(
                #[doc = $what]
                $variant,
            )*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name it is switched on by.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it does, in one sentence.
            #[must_use]
            pub fn what(self) -> &'static str {
                match self {
                    $(Self::$variant => $what,)*
                }
            }
        }
    };
}

faults!(
    SlowQuery = "slow-query",
        "One list of Apply in 20 takes too long and is answered with 500 (U§2.2).";
    ServerErrors = "server-errors",
        "One request in 40 to any service is answered with 500, 502 or 503.";
    TooManyRequests = "too-many-requests",
        "For ten minutes in five days Register and TRS answer 429 to everything, as if others had used up the limit.";
    Outage = "outage",
        "For three hours in 30 days a service answers 503 to everything.";
    NotFound = "not-found",
        "For six hours in 30 days a service answers 404 to everything, as if nobody were there (T05).";
    TruncatedBody = "truncated-body",
        "One answer in 50 ends in the middle.";
    EmptyBody = "empty-body",
        "One answer in 50 is 200 without a body.";
    ByteOrderMark = "byte-order-mark",
        "One answer of Apply in three begins with a byte order mark (T42).";
    StaleReplica = "stale-replica",
        "For six hours in ten days a service answers as of twelve hours ago.";
    DriftingPages = "drifting-pages",
        "Between two pages of a list rows move: one page in eight begins a row early or a row late (T17).";
    DuplicatedRows = "duplicated-rows",
        "One page in ten has a row twice.";
    ReorderedRows = "reordered-rows",
        "The rows of a page, and what is listed inside a row, come in another order each time.";
    ShortList = "short-list",
        "For a day in 20 a list ends in the middle, and its page count agrees.";
    EmptyList = "empty-list",
        "For a day in 20 a list has no rows at all.";
    UnknownWord = "unknown-word",
        "One row in 40 has, for a week, a status that no specification knows (T19).";
    UnknownField = "unknown-field",
        "Every row has a field that no specification knows (T20).";
    AbsentFields = "absent-fields",
        "A form of Apply that was never submitted leaves `submitted_at` out instead of saying null (T21).";
    MixedInstants = "mixed-instants",
        "Apply writes an instant now with an offset, now in UTC, with or without fractions (T23).";
    BulkTouch = "bulk-touch",
        "Every 30 days all rows of Apply and Register get a new `updated_at` though nothing has changed (T40).";
    MovedTwice = "moved-twice",
        "For two days after a move a trainee is served under the old provider's token too (T44).";
    LostWebhooks = "lost-webhooks",
        "One webhook message in ten is never sent (U§4.6).";
    DoubledWebhooks = "doubled-webhooks",
        "One webhook message in five is sent twice.";
    ReorderedWebhooks = "reordered-webhooks",
        "Webhook messages that are due together are sent in any order.";
    TornExtract = "torn-extract",
        "One extract file in five ends in the middle of a line.";
);

impl Fault {
    /// How often a spell of the fault comes, and how long it lasts; none for a fault that does not come in spells.
    #[must_use]
    pub fn spells(self) -> Option<(Duration, Duration)> {
        const HOUR: u64 = 60 * 60;
        const DAY: u64 = 24 * HOUR;
        let (period, length) = match self {
            Self::TooManyRequests => (5 * DAY, HOUR / 6),
            Self::Outage => (30 * DAY, 3 * HOUR),
            Self::NotFound => (30 * DAY, 6 * HOUR),
            Self::StaleReplica => (10 * DAY, 6 * HOUR),
            Self::ShortList | Self::EmptyList => (20 * DAY, DAY),
            Self::BulkTouch => (30 * DAY, 1),
            Self::SlowQuery
            | Self::ServerErrors
            | Self::TruncatedBody
            | Self::EmptyBody
            | Self::ByteOrderMark
            | Self::DriftingPages
            | Self::DuplicatedRows
            | Self::ReorderedRows
            | Self::UnknownWord
            | Self::UnknownField
            | Self::AbsentFields
            | Self::MixedInstants
            | Self::MovedTwice
            | Self::LostWebhooks
            | Self::DoubledWebhooks
            | Self::ReorderedWebhooks
            | Self::TornExtract => return None,
        };
        Some((Duration::from_secs(period), Duration::from_secs(length)))
    }
}
