//! How late each source is, in one table. A source never tells of a thing before it has happened, unless it is wrong.

/// How late one kind of entry is made: what share is made by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// The entry.
    pub name: &'static str,
    /// Counted from what.
    pub after: &'static str,
    /// `days` or `hours`.
    pub unit: &'static str,
    /// Of a thousand entries, so many are made within so many units, rising in both; straight lines between.
    pub within: &'static [(i32, i32)],
    /// Where the numbers are from; `assumed` where nobody says.
    pub from: &'static str,
}

impl Lateness {
    /// The lateness of the entry at that place among a thousand.
    #[must_use]
    pub fn at(&self, per_mille: i32) -> i32 {
        let mut before = self.within[0];
        for &(share, units) in self.within {
            if per_mille <= share {
                let width = (share - before.0).max(1);
                return before.1 + (units - before.1) * (per_mille - before.0) / width;
            }
            before = (share, units);
        }
        before.1
    }
}

macro_rules! table {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $after:literal, $unit:literal, $within:expr, $from:literal;)*) => {
        $(
            $(#[$doc])*
            pub const $name: Lateness =
                Lateness { name: $text, after: $after, unit: $unit, within: &$within, from: $from };
        )*

        /// The whole table.
        pub const ALL: &[&Lateness] = &[$(&$name),*];
    };
}

table! {
    /// A trainee of the autumn is registered.
    REGISTERED = "Register: trainee submitted (autumn)", "start of training", "days",
        [(0, -6), (80, 0), (300, 9), (600, 20), (850, 34), (960, 44), (994, 58), (997, 75), (1_000, 120)],
        "U§10 flood in September and October, U§12 about 0.3 % after census";
    /// A trainee of the winter is registered.
    REGISTERED_WINTER = "Register: trainee submitted (winter)", "start of training", "days",
        [(0, 0), (400, 7), (800, 21), (970, 40), (1_000, 60)],
        "U§10 second smaller wave, U§14c to the end of February";
    /// The actual start is entered after the registration.
    START_ENTERED = "Register: trainee_start_date, where not entered at once", "registration", "days",
        [(0, 1), (500, 8), (900, 21), (1_000, 35)],
        "U§10 entered late; assumed";
    /// TRS answers a TRN request.
    TRN_RECEIVED = "Register: TRN received", "submission", "hours",
        [(0, 1), (600, 20), (900, 72), (975, 168), (1_000, 700)],
        "U§3.5 hours to days, U§4.5 pending for days";
    /// The name in Register follows the person's.
    RENAMED = "Register: new name", "change of name", "days",
        [(0, 2), (500, 14), (1_000, 60)],
        "assumed";
    /// A deferral is entered.
    DEFERRED = "Register: deferral", "deferral", "days",
        [(0, 0), (500, 3), (900, 12), (1_000, 28)],
        "assumed; updates the trainee, so `since` sees it (U§3.1)";
    /// A return is entered.
    RETURNED = "Register: return", "return", "days",
        [(0, 0), (500, 3), (900, 10), (1_000, 21)],
        "assumed";
    /// A withdrawal is entered.
    WITHDRAWN = "Register: withdrawal", "withdrawal", "days",
        [(0, 0), (400, 2), (700, 5), (900, 12), (980, 24), (1_000, 42)],
        "days to a few weeks; blind to `since` (U§0.9)";
    /// A provider's new record of a trainee who moved.
    MOVED = "Register: under the new provider", "move", "days",
        [(0, 0), (700, 7), (1_000, 21)],
        "assumed (U§3.1)";
    /// The provider recommends for award.
    RECOMMENDED = "Register: recommended for award", "standards met", "days",
        [(0, 0), (600, 2), (950, 7), (1_000, 10)],
        "U§14 S-A two days";
    /// TRS holds the status.
    QTS_HELD = "TRS: QTS held", "recommendation", "days",
        [(0, 0), (550, 0), (750, 1), (900, 4), (1_000, 14)],
        "U§14c 0–14 days";
    /// The nightly push of a route's change.
    ROUTE_PUSHED = "TRS: route after a change in Register", "entry in Register", "hours",
        [(0, 2), (900, 26), (1_000, 50)],
        "U§3.5 on every relevant change, by nightly job";
    /// TRS hears of an induction.
    INDUCTION = "TRS: induction started, passed or failed", "start or outcome", "days",
        [(0, 1), (700, 7), (950, 28), (1_000, 90)],
        "U§14c EC leads by hours to days; S-N";
    /// TRS lets a lapsed QTLS go.
    QTLS_LAPSED = "TRS: QTLS expired", "lapse of membership", "days",
        [(0, 1), (800, 14), (1_000, 40)],
        "assumed";
    /// A merge is done once somebody has looked at it.
    DEATH = "TRS: record deactivated", "death", "days",
        [(0, 3), (500, 21), (1_000, 90)],
        "assumed (U§0.15)";
    /// A withdrawal in error is noticed.
    ERROR_UNDONE = "Register: withdrawal in error undone", "the error", "days",
        [(0, 2), (500, 8), (900, 16), (1_000, 24)],
        "U§14 S-G ten days";
    /// A wrong date is noticed.
    DATE_CORRECTED = "Register: wrong start date corrected", "the error", "days",
        [(0, 1), (500, 9), (1_000, 30)],
        "assumed (T25, T29)";
    /// Swapped TRNs are put right.
    TRNS_PUT_RIGHT = "Register: swapped TRNs put right", "the swap", "days",
        [(0, 10), (500, 21), (1_000, 40)],
        "U§14 S-K three weeks";
    /// TRS removes a status awarded in error after Register has taken the award back.
    STATUS_REMOVED = "TRS: status removed", "Register took the award back", "days",
        [(0, 5), (500, 21), (1_000, 30)],
        "U§14 S-H three weeks";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_rises_from_none_to_all() {
        for lateness in ALL {
            let first = lateness.within[0];
            let last = lateness.within[lateness.within.len() - 1];
            assert_eq!((first.0, last.0), (0, 1_000), "{}", lateness.name);
            for pair in lateness.within.windows(2) {
                assert!(
                    pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1,
                    "{}",
                    lateness.name
                );
            }
        }
    }

    #[test]
    fn lines_lie_between_the_points() {
        assert_eq!(REGISTERED.at(0), -6);
        assert_eq!(REGISTERED.at(600), 20);
        assert_eq!(REGISTERED.at(450), 14);
        assert_eq!(REGISTERED.at(999), 105);
    }
}
