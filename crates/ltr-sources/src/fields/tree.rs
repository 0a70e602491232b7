//! A feed's list as a tree, so that a row is redacted in one walk. A list is short; a sweep has a hundred thousand rows.

use std::collections::BTreeSet;

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Fate, Field, NOT_HELD};

/// One place in a row: what becomes of it, or what is below it.
#[derive(Default)]
pub(super) struct Node {
    fate: Option<Fate>,
    /// What is below an object, ascending by name.
    names: Vec<(&'static str, Node)>,
    items: Option<Box<Node>>,
}

/// What may stay of a row, as it is in the row itself: it is written once and then forgotten, so nothing is copied.
pub(super) enum Held<'v> {
    /// A value with everything below it.
    Whole(&'v Value),
    /// An object, less some of its names.
    Names(Vec<(&'v str, Self)>),
    /// A list, less what is in its items.
    Items(Vec<Self>),
    /// What stands in the place of a value.
    Instead(Value),
}

impl Serialize for Held<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(value) => value.serialize(serializer),
            Self::Names(names) => serializer.collect_map(names.iter().map(|(name, held)| (name, held))),
            Self::Items(items) => serializer.collect_seq(items),
            Self::Instead(value) => value.serialize(serializer),
        }
    }
}

impl Node {
    /// The tree of a list.
    pub(super) fn of(list: &'static [Field]) -> Self {
        let mut root = Self::default();
        for field in list {
            root.at(field.path).fate = Some(field.fate);
        }
        root
    }

    /// The place that a path names, made if need be.
    fn at(&mut self, path: &'static str) -> &mut Self {
        path.split('.').fold(self, |node, segment| {
            let name = segment.trim_end_matches("[]");
            let lists = (segment.len() - name.len()) / "[]".len();
            let named = if name.is_empty() {
                node
            } else {
                node.named_or_new(name)
            };
            (0..lists).fold(named, |node, _| node.items.get_or_insert_default())
        })
    }

    fn named_or_new(&mut self, name: &'static str) -> &mut Self {
        let found = self.names.binary_search_by_key(&name, |(known, _)| known);
        let index = found.unwrap_or_else(|index| {
            self.names.insert(index, (name, Self::default()));
            index
        });
        &mut self.names[index].1
    }

    /// What is below an object under a name. The names of a row come ascending, as ours do, so the next one is mostly the
    /// one that is wanted: `from` is where to look first, and is moved on.
    fn named(&self, name: &str, from: &mut usize) -> Option<&Self> {
        let is_next = self.names.get(*from).is_some_and(|(known, _)| *known == name);
        if !is_next {
            *from = self.names.binary_search_by_key(&name, |(known, _)| known).ok()?;
        }
        let (_, node) = &self.names[*from];
        *from += 1;
        Some(node)
    }

    /// Keeps of `value` what the tree allows; `None` if nothing of it may stay.
    pub(super) fn keep<'v>(
        &self,
        value: &'v Value,
        path: &mut Vec<&'v str>,
        unknown: &mut BTreeSet<String>,
    ) -> Option<Held<'v>> {
        match &self.fate {
            Some(Fate::Held { .. }) => return Some(Held::Whole(value)),
            Some(Fate::HeldInPart { withheld, .. }) => return Some(Held::Instead(without(value, withheld))),
            Some(Fate::Dropped { .. }) => return None,
            None => {}
        }
        let is_root = path.is_empty();
        match (value, &self.items) {
            (Value::Object(object), _) if is_root || !self.names.is_empty() => {
                Some(Held::Names(self.keep_names(object, path, unknown)))
            }
            (Value::Array(items), Some(inner)) => {
                path.push("[]");
                let kept = items
                    .iter()
                    .filter_map(|item| inner.keep(item, path, unknown))
                    .collect();
                path.pop();
                Some(Held::Items(kept))
            }
            (Value::Null, _) => Some(Held::Whole(value)),
            _ => {
                unknown.insert(path_text(path));
                None
            }
        }
    }

    /// Takes out of a row what may never be held, in the row itself and in the page or answer that it may still be in.
    pub(super) fn drop_from(&self, row: &mut Value) {
        for envelope in ["body", "data"] {
            if let Some(inner @ (Value::Object(_) | Value::Array(_))) = row.get_mut(envelope) {
                self.drop_from(inner);
            }
        }
        if let Value::Array(rows) = row {
            rows.iter_mut().for_each(|row| self.drop_from(row));
        }
        self.drop_below(row);
    }

    fn drop_below(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                let mut from = 0;
                object.retain(|name, _| !self.named(name, &mut from).is_some_and(Self::is_dropped));
                let mut from = 0;
                for (name, value) in object {
                    if let Some(node) = self.named(name, &mut from) {
                        node.drop_in(value);
                    }
                }
            }
            Value::Array(items) => {
                let Some(inner) = &self.items else { return };
                if inner.is_dropped() {
                    items.clear();
                }
                items.iter_mut().for_each(|item| inner.drop_in(item));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn drop_in(&self, value: &mut Value) {
        if let Some(Fate::HeldInPart { withheld, .. }) = &self.fate {
            *value = without(value, withheld);
        } else {
            self.drop_below(value);
        }
    }

    fn is_dropped(&self) -> bool {
        matches!(self.fate, Some(Fate::Dropped { .. }))
    }

    fn keep_names<'v>(
        &self,
        object: &'v Map<String, Value>,
        path: &mut Vec<&'v str>,
        unknown: &mut BTreeSet<String>,
    ) -> Vec<(&'v str, Held<'v>)> {
        let mut kept = Vec::with_capacity(object.len());
        let mut next = 0;
        for (name, value) in object {
            path.push(name);
            match self.named(name, &mut next) {
                Some(node) => {
                    if let Some(value) = node.keep(value, path, unknown) {
                        kept.push((name.as_str(), value));
                    }
                }
                None => {
                    unknown.insert(path_text(path));
                }
            }
            path.pop();
        }
        kept
    }
}

/// A list of codes with those that contain `withheld` replaced; a plain text counts as a list of one.
fn without(value: &Value, withheld: &str) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, withheld)).collect()),
        Value::String(code) if code.contains(withheld) => Value::String(NOT_HELD.to_owned()),
        Value::Object(_) => Value::Null,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn path_text(path: &[&str]) -> String {
    path.join(".").replace(".[]", "[]")
}
