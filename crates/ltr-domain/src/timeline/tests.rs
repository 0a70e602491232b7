use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::time::KnownAt;

fn position(sequence: u64) -> Position {
    Position {
        sequence,
        known_at: KnownAt(Timestamp::from_second(sequence.cast_signed()).unwrap()),
    }
}

#[test]
fn a_later_statement_takes_back_what_was_believed_of_later_days() {
    let mut line = Timeline::default();
    line.assert_from(Effective::stated(date(2026, 9, 1)), "in training", position(1));
    line.assert_from(Effective::stated(date(2027, 3, 10)), "withdrawn", position(2));
    line.assert_from(Effective::stated(date(2027, 3, 1)), "withdrawn", position(3));
    assert_eq!(line.at(date(2027, 3, 5)).map(|p| p.value), Some("withdrawn"));
    assert_eq!(line.at(date(2027, 2, 28)).map(|p| p.value), Some("in training"));
    assert_eq!(line.at(date(2026, 8, 31)), None);
    line.retract_from(date(2027, 3, 1));
    assert_eq!(line.last().map(|p| p.value), Some("in training"));
}

#[test]
fn t43_late_history_does_not_touch_the_present() {
    let mut line = Timeline::default();
    line.assert_from(Effective::stated(date(2027, 1, 1)), 2, position(1));
    line.insert_past(Effective::stated(date(2026, 1, 1)), 1, position(2));
    assert_eq!(line.at(date(2026, 6, 1)).map(|p| p.value), Some(1));
    assert_eq!(line.last().map(|p| p.value), Some(2));
}
