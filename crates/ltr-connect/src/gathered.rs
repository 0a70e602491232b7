//! The rows of one delivery as they are read, page by page. Pages drift while rows change (T17), so that a row may be
//! read twice: the later reading stands.

use std::collections::HashMap;
use std::sync::Arc;

use ltr_domain::ids::Feed;
use ltr_sources::{Row, RowsError};
use serde_json::Value;

/// The rows of one delivery.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    manifest: Vec<String>,
    rows: Vec<Option<(Arc<str>, Row)>>,
    at: HashMap<String, usize>,
}

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Brought {
    /// Rows on it.
    pub(crate) rows: usize,
    /// Rows that had not been read in this delivery, or read otherwise.
    pub(crate) new: usize,
}

impl Gathered {
    /// Takes the rows of an answer. `key` is the field that names a row.
    pub(crate) fn page(
        &mut self,
        feed: Feed,
        address: &str,
        body: &[u8],
        key: &str,
    ) -> Result<Brought, RowsError> {
        let address: Arc<str> = address.into();
        self.manifest.push(address.to_string());
        let mut brought = Brought::default();
        for row in ltr_sources::rows(feed, body)? {
            brought.rows += 1;
            brought.new += usize::from(self.add(Arc::clone(&address), row, key));
        }
        Ok(brought)
    }

    /// Takes one row that is an answer of its own.
    pub(crate) fn answer(&mut self, address: &str, row: Value) {
        let row = Row {
            value: Ok(row),
            place: "answer".to_owned(),
        };
        self.rows.push(Some((address.into(), row)));
    }

    /// Takes over what another reading brought, which is later.
    pub(crate) fn append(&mut self, later: Self) {
        self.manifest.extend(later.manifest);
        let mut names: HashMap<usize, String> = later.at.into_iter().map(|(name, at)| (at, name)).collect();
        for (at, row) in later.rows.into_iter().enumerate() {
            let Some((address, row)) = row else { continue };
            self.insert(address, row, names.remove(&at));
        }
    }

    /// Notes an address that no row came from.
    pub(crate) fn note(&mut self, address: &str) {
        self.manifest.push(address.to_owned());
    }

    /// Whether the row is new, or other than read before.
    fn add(&mut self, address: Arc<str>, row: Row, key: &str) -> bool {
        let name = row.value.as_ref().ok().and_then(|value| name_of(value, key));
        self.insert(address, row, name)
    }

    fn insert(&mut self, address: Arc<str>, row: Row, name: Option<String>) -> bool {
        let mut is_new = true;
        if let Some(name) = name
            && let Some(earlier) = self.at.insert(name, self.rows.len())
            && let Some((_, earlier)) = self.rows[earlier].take()
        {
            is_new = earlier.value != row.value;
        }
        self.rows.push(Some((address, row)));
        is_new
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.iter().flatten().count()
    }

    /// The names of the rows.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.at.keys().map(String::as_str)
    }

    /// How many different rows with a name there are.
    pub(crate) fn named(&self) -> usize {
        self.at.len()
    }

    /// Manifest and rows.
    pub(crate) fn into_parts(self) -> (Vec<String>, Vec<(Arc<str>, Row)>) {
        (self.manifest, self.rows.into_iter().flatten().collect())
    }
}

fn name_of(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
