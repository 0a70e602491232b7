//! Short words for the lists: one for each category, with who sees what is of it.

use super::{Category, Field};

/// A key of the source, in clear on the log.
pub(crate) const fn key(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Key, purpose, "every reader of the record")
}

/// A fact, in clear on the log.
pub(crate) const fn fact(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Fact, purpose, "every reader of the record")
}

/// Who somebody is; sealed.
pub(crate) const fn identity(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Identity, purpose, "readers entitled to identity")
}

/// How to reach somebody; sealed.
pub(crate) const fn contact(path: &'static str, purpose: &'static str) -> Field {
    Field::held(
        path,
        Category::Contact,
        purpose,
        "readers entitled to contact details",
    )
}

/// What dates and orders the observations of a record, and says nothing of anybody.
pub(crate) const fn bookkeeping(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Bookkeeping, purpose, "operators")
}

/// What does not enter.
pub(crate) const fn dropped(path: &'static str, why: &'static str) -> Field {
    Field::dropped(path, why)
}
