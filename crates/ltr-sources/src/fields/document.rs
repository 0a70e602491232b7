//! The page `docs/fields-held.md`, written from the lists themselves, so that the page and the edge cannot differ.

use std::fmt::Write;

use ltr_domain::ids::Feed;

use super::{Category, Fate, NOT_HELD, of};

const HEAD: &str = "\
# Fields held

<!-- Generated from the field lists in crates/ltr-sources. Change a list, then run the tests with UPDATE_EXPECT=1. -->

What the edge keeps of each row that a source sends, and what it drops.
It is an allow-list: a field on neither list below is dropped as well, and its name, never its value, is counted in the page message of the delivery.
Dropping happens before anything is stored, logged or quarantined.
A row in quarantine keeps the fields on neither list, because one of them may be what is wrong with it: all of it is sealed, under a key of its own, and served to nobody (ADR 0014).

A path names a place in a row: `.` stands between names, `[]` means each item of a list.
Every field held is part of the sealed, erasable evidence of its row.
The category says where else it is:

- **key** and **fact**: in clear on the event log and in the store.
- **identity** and **contact**: sealed there under a key of the record, compared by keyed digest only.
- **bookkeeping**: in clear; dates and orders observations, or tells how a record came about.
";

/// The whole page.
#[must_use]
pub fn document() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n## Held\n\n| field | source | purpose | category | who sees it |\n| --- | --- | --- | --- | --- |\n");
    rows(&mut page, held);
    page.push_str("\n## Dropped at the edge\n\n| field | source | why |\n| --- | --- | --- |\n");
    rows(&mut page, dropped);
    page
}

/// One line for each field that `line` has something to say of, feed by feed in the order of the lists.
fn rows(page: &mut String, line: fn(Fate) -> Option<String>) {
    for feed in Feed::ALL {
        for field in of(feed) {
            if let Some(cells) = line(field.fate) {
                writeln!(page, "| `{}` | {feed} | {cells} |", field.path).expect("a text takes any writing");
            }
        }
    }
}

fn held(fate: Fate) -> Option<String> {
    let (Fate::Held {
        purpose,
        category,
        seen_by,
    }
    | Fate::HeldInPart {
        purpose,
        category,
        seen_by,
        ..
    }) = fate
    else {
        return None;
    };
    Some(format!("{purpose} | {} | {seen_by}", word(category)))
}

fn dropped(fate: Fate) -> Option<String> {
    match fate {
        Fate::Held { .. } => None,
        Fate::HeldInPart { withheld, why, .. } => Some(format!(
            "codes that contain `{withheld}` become `{NOT_HELD}`: {why}"
        )),
        Fate::Dropped { why } => Some(why.to_owned()),
    }
}

fn word(category: Category) -> &'static str {
    match category {
        Category::Key => "key",
        Category::Fact => "fact",
        Category::Identity => "identity",
        Category::Contact => "contact",
        Category::Bookkeeping => "bookkeeping",
    }
}

#[cfg(test)]
mod tests;
