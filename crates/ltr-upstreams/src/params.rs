//! The parameters of a request, read as leniently as the services read them.

use std::collections::BTreeMap;

use axum::extract::Query;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::render::LONDON;

/// What stands after the question mark.
pub(crate) type Params = Query<BTreeMap<String, String>>;

/// A parameter that is there and not blank.
pub(crate) fn given<'p>(params: &'p Params, name: &str) -> Option<&'p str> {
    params
        .get(name)
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
}

/// The whole number that a text begins with, 0 if with none: as Ruby's `to_i` has it.
pub(crate) fn leading_number(text: &str) -> i64 {
    let text = text.trim();
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count()
        .min(15);
    text[..sign + digits].parse().unwrap_or(0)
}

/// An instant in ISO 8601; without an offset, in London.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let local = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    local.to_zoned(LONDON.clone()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{instant, leading_number};

    #[test]
    fn a_number_is_read_as_far_as_it_goes() {
        assert_eq!(
            ["12", "2x", "x", "-1", "", "+3"].map(leading_number),
            [12, 2, 0, -1, 0, 3]
        );
    }

    #[test]
    fn an_instant_without_an_offset_is_in_london() {
        let read = |text| instant(text).unwrap().to_string();
        assert_eq!(read("2026-06-01T12:00:00+01:00"), "2026-06-01T11:00:00Z");
        assert_eq!(read("2026-06-01"), "2026-05-31T23:00:00Z");
        assert_eq!(instant("17/07/2026"), None);
    }
}
