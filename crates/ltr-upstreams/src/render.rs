//! How instants, days and fillers are written.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::faults::draw;
use crate::world::{Extra, Text};

pub(crate) static LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// An instant in London with its offset, to the second or, if it has any, to the millisecond (T23).
pub(crate) fn in_london(instant: Timestamp) -> String {
    let zoned = instant.to_zoned(LONDON.clone());
    if zoned.millisecond() == 0 {
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    } else {
        zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// An instant in UTC to the millisecond, as Register writes it.
pub(crate) fn in_utc(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The day in London.
pub(crate) fn london_day(instant: Timestamp) -> Date {
    instant.to_zoned(LONDON.clone()).date()
}

/// A day, or null.
pub(crate) fn day(date: Option<Date>) -> Value {
    date.map_or(Value::Null, |date| date.to_string().into())
}

/// A text, or null.
pub(crate) fn text(text: Option<&Text>) -> Value {
    text.map_or(Value::Null, |text| text.as_ref().into())
}

/// Adds the fields that no specification knows.
pub(crate) fn add_extra(row: &mut Object, extra: &Extra) {
    for (name, value) in extra {
        row.insert(name.to_string(), value.as_ref().into());
    }
}

/// An object on its way into a body.
pub(crate) type Object = Map<String, Value>;

/// An object, by its members. Values are moved into it: `json!` would write each of them out once more, and with it all
/// that is below, at every level.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => {{
        let mut members = serde_json::Map::new();
        $(members.insert(String::from($name), serde_json::Value::from($value));)*
        members
    }};
}

pub(crate) use object;

/// No value.
pub(crate) const NULL: Value = Value::Null;

/// A list without items.
pub(crate) const NO_ITEMS: Value = Value::Array(Vec::new());

/// A number that the key decides, for what a specification requires and no life varies.
pub(crate) fn filler(key: &str, field: &str, below: u64) -> u64 {
    draw(0, &["filler", key, field], 0) % below
}

#[cfg(test)]
mod tests {
    use super::{in_london, in_utc};

    #[test]
    fn instants_are_written_as_the_services_write_them() {
        let summer = "2026-06-17T08:05:53.165Z".parse().unwrap();
        assert_eq!(in_london(summer), "2026-06-17T09:05:53.165+01:00");
        assert_eq!(in_utc(summer), "2026-06-17T08:05:53.165Z");
        let winter = "2026-12-17T08:05:53Z".parse().unwrap();
        assert_eq!(in_london(winter), "2026-12-17T08:05:53+00:00");
        assert_eq!(in_utc(winter), "2026-12-17T08:05:53.000Z");
    }
}
