//! Finding the rows in what was handed over: NDJSON lines, JSON arrays, saved API pages and saved single answers.
//!
//! Every line of an NDJSON file is parsed once, on demand, so that a file of a hundred thousand rows need not be held
//! as values all at once.

use ltr_domain::ids::Feed;
use serde_json::Value;

use crate::Defect;

/// One row and where it was. Debug output shows the place, never the row.
#[derive(Clone)]
pub struct Row {
    /// The row, or why there is none.
    pub value: Result<Value, Defect>,
    /// Where it was in its document: `line 3`, or `item 2`.
    pub place: String,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.value.as_ref().map(|_| "..");
        f.debug_struct("Row")
            .field("value", &value)
            .field("place", &self.place)
            .finish()
    }
}

/// Why a document holds no rows at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// The bytes are not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
}

/// Finds the rows of a document of a feed, all at once. See [`rows`].
///
/// # Errors
///
/// Bytes that are not text.
pub fn split_rows(feed: Feed, bytes: &[u8]) -> Result<Vec<Row>, RowsError> {
    Ok(rows(feed, bytes)?.collect())
}

/// Finds the rows of a document of a feed, one by one.
///
/// A byte order mark is skipped (T42). A saved page (`{"data": […]}`) gives its items; a saved answer in the envelope
/// `{"_http": …, "body": …}` gives its body, or, for TRS, itself, because 308, 404 and 410 are answers. A saved 404 of
/// an empty list is a page without rows (T15). A document whose first line is a whole JSON value, with others after
/// it, is NDJSON: a line that is no JSON is a defect of its own and stops no other.
///
/// # Errors
///
/// A document that is not NDJSON and not UTF-8 either.
pub fn rows(feed: Feed, bytes: &[u8]) -> Result<Box<dyn Iterator<Item = Row> + Send + '_>, RowsError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut filled = filled_lines(bytes);
    let Some((_, first)) = filled.next() else {
        return Ok(Box::new(std::iter::empty()));
    };
    let has_more = filled.next().is_some();
    match (serde_json::from_slice(first), has_more) {
        (Ok(document), false) => return Ok(Box::new(rows_of(feed, document, None).into_iter())),
        (Ok(_), true) => return Ok(lines(feed, bytes)),
        (Err(_), _) => {}
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(RowsError::NotUtf8);
    }
    match serde_json::from_slice(bytes) {
        Ok(document) => Ok(Box::new(rows_of(feed, document, None).into_iter())),
        Err(_) if is_broken_document(bytes, first) => {
            let row = Row {
                value: Err(not_json()),
                place: "document".to_owned(),
            };
            Ok(Box::new(std::iter::once(row)))
        }
        Err(_) => Ok(lines(feed, bytes)),
    }
}

/// The rows of one line of an NDJSON stream: one, or as many as the page on it holds. A blank line has none.
#[must_use]
pub fn rows_of_line(feed: Feed, line: &[u8], number: usize) -> Vec<Row> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Vec::new();
    }
    let place = format!("line {number}");
    match serde_json::from_slice(line) {
        Ok(value) => rows_of(feed, value, Some(&place)),
        Err(_) if std::str::from_utf8(line).is_err() => {
            vec![Row {
                value: Err(Defect::new("not_utf8", "the line is not UTF-8")),
                place,
            }]
        }
        Err(_) => vec![Row {
            value: Err(not_json()),
            place,
        }],
    }
}

/// The row itself, without the page or envelope that a single one may still be in. Rows from [`rows`] are bare, but
/// for TRS answers, whose envelope says what was asked.
pub(crate) fn bare(feed: Feed, row: &Value) -> &Value {
    let row = match (row.get("_http"), row.get("body")) {
        (Some(http), Some(body))
            if feed != Feed::TrsPersons || (status(http) == Some(200) && body.is_object()) =>
        {
            body
        }
        _ => row,
    };
    match row.get(wrapper(feed, |name| row.get(name).is_some())) {
        Some(data) if data.is_object() && feed != Feed::TrsPersons => data,
        _ => row,
    }
}

fn lines(feed: Feed, bytes: &[u8]) -> Box<dyn Iterator<Item = Row> + Send + '_> {
    Box::new(filled_lines(bytes).flat_map(move |(number, line)| rows_of_line(feed, line, number)))
}

/// The lines that are not blank, with their numbers from 1.
fn filled_lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace))
}

/// Whether text that cannot be parsed as a whole is one broken document rather than lines of which some are broken: it
/// begins like a document, and no line of it is an object.
fn is_broken_document(bytes: &[u8], first: &[u8]) -> bool {
    let begins_like_one = matches!(first.trim_ascii_start().first(), Some(b'{' | b'['));
    let is_row = |line: &[u8]| serde_json::from_slice::<Value>(line).is_ok_and(|value| value.is_object());
    begins_like_one && !filled_lines(bytes).any(|(_, line)| is_row(line))
}

/// The rows in a value: the items of a list or page, the body of an envelope, or the value itself.
fn rows_of(feed: Feed, value: Value, line: Option<&str>) -> Vec<Row> {
    match open(feed, value) {
        Opened::Items(items) => {
            let items = items.into_iter().flat_map(|item| match open(feed, item) {
                Opened::Items(inner) => inner,
                Opened::One(row) => vec![row],
            });
            items
                .enumerate()
                .map(|(index, row)| Row {
                    value: Ok(row),
                    place: place(line, index + 1),
                })
                .collect()
        }
        Opened::One(row) => {
            let place = line.map_or_else(|| place(None, 1), str::to_owned);
            vec![Row {
                value: Ok(row),
                place,
            }]
        }
    }
}

fn place(line: Option<&str>, item: usize) -> String {
    line.map_or_else(|| format!("item {item}"), |line| format!("{line}, item {item}"))
}

enum Opened {
    Items(Vec<Value>),
    One(Value),
}

fn open(feed: Feed, value: Value) -> Opened {
    let mut object = match value {
        Value::Array(items) => return Opened::Items(items),
        Value::Object(object) => object,
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            return Opened::One(plain);
        }
    };
    if object.contains_key("_http") {
        if feed == Feed::TrsPersons {
            return Opened::One(Value::Object(object));
        }
        if let Some(body) = object.remove("body") {
            return open(feed, body);
        }
    }
    if feed == Feed::RegisterTrainees && is_no_trainees(&object) {
        return Opened::Items(Vec::new());
    }
    let wrapper = wrapper(feed, |name| object.contains_key(name));
    match object.remove(wrapper) {
        Some(Value::Array(items)) => Opened::Items(items),
        Some(inner @ Value::Object(_)) => Opened::One(inner),
        Some(other) => {
            object.insert(wrapper.to_owned(), other);
            Opened::One(Value::Object(object))
        }
        None => Opened::One(Value::Object(object)),
    }
}

/// The name under which a page holds its rows, or an answer its one row. Teaching Vacancies' ATS API has its own two.
fn wrapper(feed: Feed, has: impl Fn(&str) -> bool) -> &'static str {
    let own = ["vacancies", "vacancy"]
        .into_iter()
        .filter(|_| feed == Feed::TvVacancies)
        .find(|name| has(name));
    own.unwrap_or("data")
}

/// Register's answer to a page without trainees, sent as a 404 (T15). A single trainee that is not there reads otherwise.
fn is_no_trainees(body: &serde_json::Map<String, Value>) -> bool {
    let Some(Value::Array(errors)) = body.get("errors") else {
        return false;
    };
    let says_so = |error: &Value| error.get("message").and_then(Value::as_str) == Some("No trainees found");
    !errors.is_empty() && errors.iter().all(says_so)
}

fn status(http: &Value) -> Option<u64> {
    http.get("status").and_then(Value::as_u64)
}

fn not_json() -> Defect {
    Defect::new("not_json", "cannot be parsed as JSON")
}

#[cfg(test)]
mod tests;
