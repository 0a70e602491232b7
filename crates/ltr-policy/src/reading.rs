//! Reading a parsed text key by key: what is missing, unknown or of another kind is noted and reading goes on, so that
//! all mistakes are told at once. A value is `None` only where a mistake was noted.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::mistake::{Mistake, place};

/// The mistakes found so far in a text.
pub(crate) struct Reading<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

impl<'t> Reading<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            text,
            mistakes: Vec::new(),
        }
    }

    /// Notes what is wrong at a byte of the text.
    pub(crate) fn mistake(&mut self, at: usize, what: impl Into<String>, instead: impl Into<String>) {
        let (line, column) = place(self.text, at);
        self.mistakes.push(Mistake {
            line,
            column,
            what: what.into(),
            instead: instead.into(),
        });
    }

    /// Whether no mistake has been found so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// The line on which a byte of the text is.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        place(self.text, at).0
    }

    /// Every mistake, by line and column, each once.
    pub(crate) fn into_mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort();
        self.mistakes.dedup();
        self.mistakes
    }
}

/// A value with the byte at which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At<T> {
    pub(crate) at: usize,
    pub(crate) value: T,
}

/// A table of the text.
#[derive(Clone, Copy)]
pub(crate) struct Section<'a> {
    /// How to name it, such as `[[rule]]`.
    pub(crate) name: &'a str,
    /// The byte at which it begins.
    pub(crate) at: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The table, after noting every key that it should not have.
    pub(crate) fn open(
        name: &'a str,
        at: usize,
        table: &'a DeTable<'a>,
        keys: &[&str],
        reading: &mut Reading<'_>,
    ) -> Self {
        for (key, _) in table.iter() {
            if !keys.contains(&key.get_ref().as_ref()) {
                let what = format!("{name} has no key `{}`", key.get_ref());
                reading.mistake(key.span().start, what, format!("write one of {}", listed(keys)));
            }
        }
        Self { name, at, table }
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut entries = self.table.iter();
        entries.find_map(|(name, value)| (name.get_ref() == key).then_some(value))
    }

    fn needed(
        &self,
        key: &str,
        example: &str,
        reading: &mut Reading<'_>,
    ) -> Option<&'a Spanned<DeValue<'a>>> {
        let found = self.find(key);
        if found.is_none() {
            let what = format!("{} lacks `{key}`", self.name);
            reading.mistake(self.at, what, format!("add {key} = {example}"));
        }
        // A value that takes no room is one that could not be parsed, which has been noted.
        found.filter(|value| !value.span().is_empty())
    }

    fn other_kind(&self, key: &str, example: &str, value: &Spanned<DeValue<'_>>, reading: &mut Reading<'_>) {
        let what = format!("`{key}` cannot be of kind {}", value.get_ref().type_str());
        reading.mistake(value.span().start, what, format!("write {key} = {example}"));
    }

    /// A text that must be there.
    pub(crate) fn text(&self, key: &str, example: &str, reading: &mut Reading<'_>) -> Option<At<&'a str>> {
        let value = self.needed(key, example, reading)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(At {
                at: value.span().start,
                value: text,
            }),
            Some(_) => {
                let what = format!("`{key}` is empty");
                reading.mistake(value.span().start, what, format!("write {key} = {example}"));
                None
            }
            None => {
                self.other_kind(key, example, value, reading);
                None
            }
        }
    }

    /// A text that may be left out; empty then.
    pub(crate) fn remark(&self, key: &str, reading: &mut Reading<'_>) -> String {
        if !self.has(key) {
            return String::new();
        }
        let text = self.text(key, "\"a sentence\"", reading);
        text.map(|text| text.value.to_owned()).unwrap_or_default()
    }

    /// A whole number within bounds.
    pub(crate) fn number(
        &self,
        key: &str,
        bounds: RangeInclusive<i32>,
        reading: &mut Reading<'_>,
    ) -> Option<i32> {
        let example = bounds.start().to_string();
        let value = self.needed(key, &example, reading)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.other_kind(key, &example, value, reading);
            return None;
        };
        let number = i32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let within = number.filter(|number| bounds.contains(number));
        if within.is_none() {
            let what = format!("`{key}` cannot be {}", integer.as_str());
            let instead = format!("write a whole number from {} to {}", bounds.start(), bounds.end());
            reading.mistake(value.span().start, what, instead);
        }
        within
    }

    /// A list of texts, with where the list begins.
    pub(crate) fn texts(
        &self,
        key: &str,
        example: &str,
        reading: &mut Reading<'_>,
    ) -> Option<At<Vec<At<&'a str>>>> {
        let value = self.needed(key, example, reading)?;
        let Some(array) = value.get_ref().as_array() else {
            self.other_kind(key, example, value, reading);
            return None;
        };
        let texts = array.iter().map(|item| {
            let Some(text) = item.get_ref().as_str() else {
                self.other_kind(key, example, item, reading);
                return None;
            };
            Some(At {
                at: item.span().start,
                value: text,
            })
        });
        // All are looked at before the first that is not a text ends it.
        let texts: Vec<Option<At<&str>>> = texts.collect();
        Some(At {
            at: value.span().start,
            value: texts.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A table that must be there.
    pub(crate) fn section(
        &self,
        key: &str,
        name: &'a str,
        keys: &[&str],
        reading: &mut Reading<'_>,
    ) -> Option<Section<'a>> {
        let Some(value) = self.find(key) else {
            reading.mistake(
                self.at,
                format!("{name} is missing"),
                format!("add the table {name}"),
            );
            return None;
        };
        let Some(table) = value.get_ref().as_table() else {
            let what = format!("`{key}` cannot be of kind {}", value.get_ref().type_str());
            reading.mistake(value.span().start, what, format!("write a table {name}"));
            return None;
        };
        Some(Section::open(name, value.span().start, table, keys, reading))
    }

    /// Tables of which there may be any number.
    pub(crate) fn sections(
        &self,
        key: &str,
        name: &'a str,
        keys: &[&str],
        reading: &mut Reading<'_>,
    ) -> Vec<Section<'a>> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        let items: Option<&DeArray<'a>> = value.get_ref().as_array();
        let Some(items) = items else {
            let what = format!("`{key}` cannot be of kind {}", value.get_ref().type_str());
            reading.mistake(value.span().start, what, format!("write tables {name}"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::open(name, item.span().start, table, keys, reading)),
                None => {
                    let what = format!("`{key}` cannot hold {}", item.get_ref().type_str());
                    reading.mistake(item.span().start, what, format!("write tables {name}"));
                }
            }
        }
        sections
    }
}

/// Names in a sentence.
pub(crate) fn listed(names: &[&str]) -> String {
    names.join(", ")
}
