//! Names as they are compared: without case, accents and punctuation, in parts. Never shown.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::blocked;

/// One name of a person. Debug output tells nothing of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    first: Words,
    middle: Vec<String>,
    last: Words,
}

/// The words of a part of a name, and all of them in one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Words {
    words: Vec<String>,
    joined: String,
}

impl Words {
    fn of(text: &str) -> Self {
        let words = words(text);
        let joined = words.concat();
        if blocked::is_name(&joined) || words.iter().all(|word| blocked::is_name(word)) {
            return Self {
                words: Vec::new(),
                joined: String::new(),
            };
        }
        Self { words, joined }
    }
}

impl Name {
    /// A name of its three parts as a source states them; `None`: nothing is left of first and last name, or all that is
    /// left stands for no name ([`blocked`]).
    #[must_use]
    pub fn of(first: &str, middle: &str, last: &str) -> Option<Self> {
        let name = Self {
            first: Words::of(first),
            middle: Words::of(middle).words,
            last: Words::of(last),
        };
        (!name.first.words.is_empty() || !name.last.words.is_empty()).then_some(name)
    }

    /// The first name without anything between; empty if there is none.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first.joined
    }

    /// The first word of the first name.
    #[must_use]
    pub fn first_word(&self) -> Option<&str> {
        self.first.words.first().map(String::as_str)
    }

    /// The last name without anything between; empty if there is none.
    #[must_use]
    pub fn last(&self) -> &str {
        &self.last.joined
    }

    /// The words of the last name.
    #[must_use]
    pub fn last_words(&self) -> &[String] {
        &self.last.words
    }

    /// What the first field holds behind its first word, and the middle names.
    pub fn given_behind_first(&self) -> impl Iterator<Item = &str> {
        self.first
            .words
            .iter()
            .skip(1)
            .chain(&self.middle)
            .map(String::as_str)
    }

    /// The middle names alone.
    pub fn middle(&self) -> impl Iterator<Item = &str> {
        self.middle.iter().map(String::as_str)
    }

    /// The same name without its middle names.
    #[must_use]
    pub fn without_middle(mut self) -> Self {
        self.middle.clear();
        self
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}

/// The words of a text: letters only, in lower case, without marks; what is written with an apostrophe is one word.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        if is_apostrophe(letter) {
            continue;
        }
        if !letter.is_alphabetic() {
            words.push(String::new());
            continue;
        }
        let word = words.last_mut().expect("there is always a word being written");
        for small in letter.to_lowercase() {
            match undecomposed(small) {
                Some(plain) => word.push_str(plain),
                None if is_combining_mark(small) => {}
                None => word.push(small),
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{02bb}' | '\u{00b4}'
    )
}

/// Letters that are no letter with a mark, as they are commonly typed without them.
fn undecomposed(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: [&str; 3], other: [&str; 3]) {
        let name = |[first, middle, last]: [&str; 3]| Name::of(first, middle, last);
        assert!(name(one).is_some());
        assert!(name(one) == name(other), "{one:?} {other:?}");
    }

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        same(["ZOË", "", "O'Brien"], ["Zoe", "", "o\u{2019}brien"]);
        same(["José", "María", "Núñez"], ["JOSE\u{301}", "maria", "NUNEZ"]);
        same(["Łukasz", "", "Strauß"], ["lukasz", "", "STRAUSS"]);
        same(["Søren", "", "Æbelø"], ["soren", "", "aebelo"]);
        same(
            ["Anne-Marie", "", "Smith-Jones"],
            ["Anne Marie", "", "Smith Jones"],
        );
        same(["  Ada ", "", "D’Arcy."], ["Ada", "", "DArcy"]);
        same(["İpek", "", "Işık"], ["Ipek", "", "isik"]);
    }

    #[test]
    fn what_is_written_in_one_word_joins_to_the_same() {
        let one = Name::of("Maryjane", "", "Smithjones").unwrap();
        let two = Name::of("Mary-Jane", "", "Smith Jones").unwrap();
        assert_eq!((one.first(), one.last()), (two.first(), two.last()));
    }

    #[test]
    fn nothing_is_no_name() {
        assert!(Name::of("", "", "").is_none());
        assert!(
            Name::of(" - ", "Ada", "'").is_none(),
            "a middle name alone names nobody"
        );
        assert!(Name::of("Test", "", "Unknown").is_none());
        assert!(Name::of("Test", "", "Byron").unwrap().first().is_empty());
    }

    #[test]
    fn it_is_never_shown() {
        let name = Name::of("Ada", "", "Byron").unwrap();
        assert_eq!(format!("{name:?}"), "Name(..)");
    }
}
