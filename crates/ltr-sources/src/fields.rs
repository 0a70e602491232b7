//! Which upstream fields may be held, and why: the allow-list that the edge applies before anything is stored, and the
//! source of `docs/fields-held.md`. What is on no list is dropped too, and its name is counted.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ltr_domain::ids::Feed;
use serde_json::Value;

mod document;
pub(crate) mod short;
mod tree;

pub use document::document;

use tree::Node;

/// What is done with one upstream field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Path in a row: `.` between names, `[]` for "each item of".
    pub path: &'static str,
    /// What becomes of it.
    pub fate: Fate,
}

impl Field {
    /// A field that is held with everything below it.
    pub(crate) const fn held(
        path: &'static str,
        category: Category,
        purpose: &'static str,
        seen_by: &'static str,
    ) -> Self {
        Self {
            path,
            fate: Fate::Held {
                purpose,
                category,
                seen_by,
            },
        }
    }

    /// A field that is dropped at the edge.
    pub(crate) const fn dropped(path: &'static str, why: &'static str) -> Self {
        Self {
            path,
            fate: Fate::Dropped { why },
        }
    }
}

/// What becomes of an upstream field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Held, with everything below it.
    Held {
        /// What it is for.
        purpose: &'static str,
        /// What kind of data it is.
        category: Category,
        /// Who may see it.
        seen_by: &'static str,
    },
    /// A list of codes that is held, but for those that contain a text: they become [`NOT_HELD`].
    HeldInPart {
        /// What it is for.
        purpose: &'static str,
        /// What kind of data it is.
        category: Category,
        /// Who may see it.
        seen_by: &'static str,
        /// The text that marks a code that may not be held.
        withheld: &'static str,
        /// Why it may not be held.
        why: &'static str,
    },
    /// Dropped at the edge; never stored anywhere.
    Dropped {
        /// Why it may not or need not be held.
        why: &'static str,
    },
}

/// What stands in a list in place of a code that may not be held.
pub const NOT_HELD: &str = "not_held";

/// What kind of data a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// A key of the source, in clear on the log.
    Key,
    /// A fact about training, status or employment, in clear on the log.
    Fact,
    /// Sealed under the identity key.
    Identity,
    /// Sealed under the contact key.
    Contact,
    /// Times and versions of the source's own bookkeeping.
    Bookkeeping,
}

/// A row less what may not be held. What remains is in clear, so it has no debug output.
#[derive(Clone)]
pub struct Redacted {
    /// What remains, as JSON text.
    pub held: String,
    /// Paths on neither list, sorted and without repeats.
    pub unknown: Vec<String>,
}

/// The list of a feed.
#[must_use]
pub fn of(feed: Feed) -> &'static [Field] {
    match feed {
        Feed::ApplyCandidates => crate::apply::CANDIDATE_FIELDS,
        Feed::ApplyRecruits => crate::apply::RECRUIT_FIELDS,
        Feed::RegisterTrainees => crate::register::TRAINEE_FIELDS,
        Feed::TrsPersons => crate::trs::PERSON_FIELDS,
        Feed::TvVacancies => crate::teaching_vacancies::VACANCY_FIELDS,
        Feed::TvJobApplications => crate::teaching_vacancies::JOB_APPLICATION_FIELDS,
        Feed::TvPostings => crate::teaching_vacancies::POSTING_FIELDS,
    }
}

/// Keeps of a row what its feed's list allows.
#[must_use]
pub fn redact(feed: Feed, row: &Value) -> Redacted {
    let mut unknown = BTreeSet::new();
    let held = tree_of(feed).keep(row, &mut Vec::new(), &mut unknown);
    Redacted {
        held: serde_json::to_string(&held).expect("a JSON value can always be written"),
        unknown: unknown.into_iter().collect(),
    }
}

fn tree_of(feed: Feed) -> &'static Node {
    static TREES: LazyLock<[Node; Feed::ALL.len()]> =
        LazyLock::new(|| Feed::ALL.map(|feed| Node::of(of(feed))));
    let tree = Feed::ALL
        .iter()
        .position(|candidate| *candidate == feed)
        .map(|index| &TREES[index]);
    tree.expect("every feed is among all feeds")
}

/// A row less what its feed's list says is never held. What no list knows stays: it may be the very thing that is wrong with
/// the row. So what remains is fit for the quarantine alone, sealed.
#[must_use]
pub fn without_dropped(feed: Feed, row: &Value) -> Value {
    let mut row = row.clone();
    tree_of(feed).drop_from(&mut row);
    row
}

#[cfg(test)]
mod tests;
