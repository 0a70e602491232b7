//! Recruitment cycles (U§2.6). Cycle N is for courses that start from September N.

use jiff::Timestamp;
use jiff::civil::date;

use crate::render::LONDON;

/// The days on which cycles before 2025 were otherwise than those since: cycle, day in October before it on which Find
/// opened, day in September of it until which people could apply.
const EARLIER: [(i16, i8, i8); 5] = [
    (2020, 6, 18),
    (2021, 6, 21),
    (2022, 5, 20),
    (2023, 4, 19),
    (2024, 3, 17),
];

/// When Find opens for a cycle, and with it the cycle begins.
fn opens_at(cycle: i16) -> Timestamp {
    let day = EARLIER
        .iter()
        .find(|(year, _, _)| *year == cycle)
        .map_or(1, |(_, opens, _)| *opens);
    london(cycle - 1, 10, day, 9)
}

/// Until when people may apply in a cycle.
pub(super) fn deadline_at(cycle: i16) -> Timestamp {
    let day = EARLIER
        .iter()
        .find(|(year, _, _)| *year == cycle)
        .map_or(16, |(_, _, deadline)| *deadline);
    london(cycle, 9, day, 18)
}

/// The cycle that is current at `now`.
pub(super) fn current(now: Timestamp) -> i16 {
    let year = now.to_zoned(LONDON.clone()).year();
    if now >= opens_at(year + 1) { year + 1 } else { year }
}

fn london(year: i16, month: i8, day: i8, hour: i8) -> Timestamp {
    date(year, month, day)
        .at(hour, 0, 0, 0)
        .to_zoned(LONDON.clone())
        .expect("London has had every morning and evening")
        .timestamp()
}

#[cfg(test)]
mod tests {
    use super::{current, deadline_at};

    #[test]
    fn a_cycle_begins_when_find_opens() {
        assert_eq!(current("2026-10-01T07:59:59Z".parse().unwrap()), 2026);
        assert_eq!(current("2026-10-01T08:00:00Z".parse().unwrap()), 2027);
        assert_eq!(current("2023-10-02T12:00:00Z".parse().unwrap()), 2023);
        assert_eq!(deadline_at(2026).to_string(), "2026-09-16T17:00:00Z");
    }
}
