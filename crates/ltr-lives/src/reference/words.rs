//! Every word in which a source has said where something stands, and whether it is one that anybody knows.

use jiff::civil::Date;
use ltr_domain::record::{ChoiceStatus, TraineeState};

/// What a word may be about: the vocabularies in which the sources that settle say where something stands.
pub(super) trait Status: PartialEq {
    fn is_known(&self) -> bool;
}

impl Status for ChoiceStatus {
    fn is_known(&self) -> bool {
        self.is_recognised()
    }
}

impl Status for TraineeState {
    fn is_known(&self) -> bool {
        self.is_recognised()
    }
}

/// One word: about which day on, and whether it is known.
#[derive(Debug, Clone, Copy)]
struct Word {
    on: Date,
    is_known: bool,
}

/// The words of one record as the present, in the order in which they were said.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(Vec<Word>);

impl Words {
    pub(super) fn say(&mut self, on: Date, word: &impl Status) {
        self.0.push(Word {
            on,
            is_known: word.is_known(),
        });
    }

    /// The unknown words that no known one has followed.
    fn unanswered(&self) -> impl Iterator<Item = &Word> {
        self.0.iter().rev().take_while(|word| !word.is_known)
    }

    /// Whether the last word is unknown.
    pub(super) fn end_unknown(&self) -> bool {
        self.unanswered().next().is_some()
    }

    /// Whether of that day nobody can tell what was said last.
    pub(super) fn are_unclear_on(&self, day: Date) -> bool {
        self.unanswered().any(|word| word.on <= day)
    }
}
