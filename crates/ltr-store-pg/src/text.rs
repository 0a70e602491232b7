//! Texts as PostgreSQL can hold them: it has no NUL, and a key that a source sent with one must not stop the projector.
//!
//! NUL is kept as U+0001 and `0`, U+0001 as U+0001 and `1`; every other text is kept as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::RecordId;

const ESCAPE: char = '\u{1}';

/// Room for the name of a record: most are shorter.
const NAME_BYTES: usize = 64;

/// Stands between texts that are handed over as one: in what is stored U+0001 comes only before 0 or 1.
pub(crate) const BETWEEN: &str = "\u{1}2";

/// The text as it is stored.
pub(crate) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut stored = String::with_capacity(text.len() + 2);
    for letter in text.chars() {
        match letter {
            '\0' => stored.extend([ESCAPE, '0']),
            ESCAPE => stored.extend([ESCAPE, '1']),
            other => stored.push(other),
        }
    }
    Cow::Owned(stored)
}

/// The text that is stored so; `None`: nothing is.
pub(crate) fn read(stored: &str) -> Option<String> {
    let mut text = String::with_capacity(stored.len());
    let mut letters = stored.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ESCAPE => text.push(match letters.next()? {
                '0' => '\0',
                '1' => ESCAPE,
                _ => return None,
            }),
            other => text.push(other),
        }
    }
    Some(text)
}

/// The name of a record as it is stored.
pub(crate) fn key(record: &RecordId) -> String {
    let mut name = String::with_capacity(NAME_BYTES);
    write!(name, "{record}").expect("a string takes every text");
    match stored(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(escaped) => escaped,
    }
}

/// The record of that name.
pub(crate) fn record(stored: &str) -> Option<RecordId> {
    RecordId::parse(&read(stored)?).ok()
}

/// A provider as it is stored.
pub(crate) fn provider(name: &ProviderName) -> String {
    stored(&name.to_string()).into_owned()
}

/// The provider's code as it is stored, where it is named by one.
pub(crate) fn code(name: &ProviderName) -> Option<String> {
    match name {
        ProviderName::Code(code) => Some(stored(code).into_owned()),
        ProviderName::Name(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{read, stored};

    #[test]
    fn every_text_comes_back_and_none_is_stored_with_nul() {
        for text in [
            "",
            "abc",
            "é",
            "\0",
            "\u{1}",
            "\u{1}0",
            "a\0b\u{1}1\0\0",
            "0\u{1}",
        ] {
            assert!(!stored(text).contains('\0'));
            assert_eq!(read(&stored(text)).as_deref(), Some(text));
        }
        assert_eq!(stored("\0"), "\u{1}0");
        assert_eq!([read("\u{1}"), read("\u{1}2")], [None, None]);
    }
}
