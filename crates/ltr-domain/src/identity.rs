//! Which source records are about one person: the connected parts of the graph of links. Pure and order-free; a person
//! is named after the earliest of its observed records, so in a merge the earlier name survives and in a split the part
//! that holds that record keeps it.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{Link, LinkStrength};
use crate::ids::{PersonId, RecordId};

/// One record in the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The sequence of its first observation; `None` if it is only named by others so far.
    pub first_sequence: Option<u64>,
    /// The links it carries.
    pub links: BTreeSet<Link>,
}

/// One person: its records, each with the weakest link it hangs by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Who.
    pub person: PersonId,
    /// The record the person is named after.
    pub named_after: RecordId,
    /// Every record, with the strength it hangs by; `None` for the one the person is named after.
    pub records: BTreeMap<RecordId, Option<LinkStrength>>,
}

/// Parts the records into people. A record that nobody has observed yet belongs to whom names it; alone it is nobody.
/// Links that do not join (declared) are no links here (T36).
#[must_use]
pub fn groups(nodes: &BTreeMap<RecordId, Node>) -> Vec<Group> {
    let mut neighbours: BTreeMap<&RecordId, Vec<(&RecordId, LinkStrength)>> = BTreeMap::new();
    for (id, node) in nodes {
        neighbours.entry(id).or_default();
        for link in node
            .links
            .iter()
            .filter(|link| link.strength.joins() && link.to != *id)
        {
            neighbours.entry(id).or_default().push((&link.to, link.strength));
            neighbours.entry(&link.to).or_default().push((id, link.strength));
        }
    }
    let mut seen: BTreeSet<&RecordId> = BTreeSet::new();
    let mut groups = Vec::new();
    let starts: Vec<&RecordId> = neighbours.keys().copied().collect();
    for start in starts {
        if seen.contains(start) {
            continue;
        }
        let part = part_of(start, &neighbours);
        seen.extend(part.keys());
        let earliest = part
            .keys()
            .filter_map(|id| Some((nodes.get(*id)?.first_sequence?, *id)))
            .min()
            .map(|(_, id)| id);
        let Some(named_after) = earliest else { continue };
        let mut records: BTreeMap<RecordId, Option<LinkStrength>> = part
            .into_iter()
            .map(|(id, strength)| (id.clone(), strength))
            .collect();
        for (id, strength) in &mut records {
            *strength = if id == named_after {
                None
            } else {
                // The record the walk began at hangs by its own weakest link.
                (*strength).or_else(|| neighbours.get(id)?.iter().map(|(_, strength)| *strength).max())
            };
        }
        groups.push(Group {
            person: PersonId::of(named_after),
            named_after: named_after.clone(),
            records,
        });
    }
    groups
}

fn part_of<'a>(
    start: &'a RecordId,
    neighbours: &BTreeMap<&'a RecordId, Vec<(&'a RecordId, LinkStrength)>>,
) -> BTreeMap<&'a RecordId, Option<LinkStrength>> {
    let mut part = BTreeMap::from([(start, None)]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        for (next, strength) in neighbours.get(id).into_iter().flatten() {
            if !part.contains_key(next) {
                part.insert(*next, Some(*strength));
                open.push(next);
            }
        }
    }
    part
}

#[cfg(test)]
mod tests;
