//! Since when the headline is what it is: found by asking about every day.

use jiff::civil::Date;

use super::calendar::days_after;
use super::{Asked, answer};

/// The day on which the headline's stage came to be what it is, if it was another on a day since `from`.
#[must_use]
pub fn since(asked: Asked<'_>, from: Date) -> Option<Date> {
    let stage_on = |day| answer(Asked { day, ..asked }).headline.value;
    let stage = stage_on(asked.day);
    let mut day = asked.day;
    while day > from {
        let before = days_after(day, -1);
        if stage_on(before) != stage {
            return Some(day);
        }
        day = before;
    }
    None
}
