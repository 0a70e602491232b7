//! Keys for child rows that have none: made from what the row is, never from where it stood in its list, so that the
//! order of a list means nothing.

use std::collections::BTreeMap;
use std::fmt::Debug;

/// A child row on its way to a key.
pub(crate) struct Child<T> {
    /// The source's id, where it gives one.
    pub(crate) id: Option<String>,
    /// What kind of child it is: rows without an id are counted within their kind.
    pub(crate) group: String,
    /// What orders the children of one kind, such as a start date.
    pub(crate) order: String,
    /// The row.
    pub(crate) value: T,
}

/// Gives every child a key of its own and sorts by it: its id, or `<group>#<n>` by order within its group where the
/// source gives no id or gives one id to several.
pub(crate) fn with_keys<T: Debug>(children: Vec<Child<T>>, set: impl Fn(&mut T, String)) -> Vec<T> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for id in children.iter().filter_map(|child| child.id.as_ref()) {
        *uses.entry(id.clone()).or_default() += 1;
    }
    let mut keyed = BTreeMap::new();
    let mut nameless = Vec::new();
    for child in children {
        match child.id {
            Some(ref id) if uses.get(id) == Some(&1) => {
                keyed.insert(id.clone(), child.value);
            }
            _ => nameless.push(child),
        }
    }
    nameless.sort_by_cached_key(|child| {
        (
            child.group.clone(),
            child.order.clone(),
            format!("{:?}", child.value),
        )
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for child in nameless {
        let count = counts.entry(child.group.clone()).or_default();
        *count += 1;
        keyed.insert(format!("{}#{count}", child.group), child.value);
    }
    let finish = |(key, mut value)| {
        set(&mut value, key);
        value
    };
    keyed.into_iter().map(finish).collect()
}

#[cfg(test)]
mod tests;
