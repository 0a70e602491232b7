//! Which source records are about one person: the connected parts of the graph of links, as far as no decision holds them
//! apart. Pure and order-free; a person is named after the earliest of its observed records, so in a merge the earlier
//! name survives and in a split the part that holds that record keeps it.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{Link, LinkStrength};
use crate::ids::{PersonId, RecordId};
use crate::judgement::Pair;

mod constrained;
mod review;
mod rulings;

pub use review::{Review, reviews};
pub use rulings::{Against, Decision, JudgementFinding, PairRuling, Request, Rulings, decisions};

use constrained::{borrow, constrained};

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

/// The records parted into people, and the links that were not let join.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parting {
    /// The people.
    pub groups: Vec<Group>,
    /// Links that would have brought together what a decision holds apart.
    pub refused: Vec<RefusedLink>,
}

/// A link that was refused, because it would have brought together two records that a decision holds apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusedLink {
    /// The record that carries the link; of one by judgement the lesser.
    pub from: RecordId,
    /// The record it leads to.
    pub to: RecordId,
    /// How sure it is.
    pub strength: LinkStrength,
    /// The two that are held apart.
    pub apart: Pair,
}

/// Who hangs together with whom, and by what.
type Neighbours<'a> = BTreeMap<&'a RecordId, Vec<(&'a RecordId, LinkStrength)>>;

/// Parts the records into people. A record that nobody has observed yet belongs to whom names it; alone it is nobody.
/// Links that do not join (declared) are no links here (T36).
///
/// Links are walked in a fixed order: what operators joined or confirmed, then keys, then matches; among these by record
/// ids. One that would bring together two records that a decision in effect holds apart is refused: a rejection holds
/// apart against matches, a split against every link. So the answer depends on nothing but what is known, and every link
/// that could change it is among those of the records given and of those they are held apart from.
#[must_use]
pub fn groups(nodes: &BTreeMap<RecordId, Node>, rulings: &Rulings) -> Parting {
    if rulings.is_empty() {
        return Parting {
            groups: parts(nodes, &by_keys(nodes)),
            refused: Vec::new(),
        };
    }
    let (neighbours, refused) = constrained(nodes, rulings);
    let borrowed = borrow(&neighbours);
    Parting {
        groups: parts(nodes, &borrowed),
        refused,
    }
}

/// Every link that the records carry.
fn by_keys(nodes: &BTreeMap<RecordId, Node>) -> Neighbours<'_> {
    let mut neighbours = Neighbours::new();
    for (id, node) in nodes {
        neighbours.entry(id).or_default();
        for link in joining(id, node) {
            neighbours.entry(id).or_default().push((&link.to, link.strength));
            neighbours.entry(&link.to).or_default().push((id, link.strength));
        }
    }
    neighbours
}

fn joining<'a>(id: &'a RecordId, node: &'a Node) -> impl Iterator<Item = &'a Link> {
    node.links
        .iter()
        .filter(move |link| link.strength.joins() && link.to != *id)
}

/// The connected parts.
fn parts(nodes: &BTreeMap<RecordId, Node>, neighbours: &Neighbours<'_>) -> Vec<Group> {
    let mut seen: BTreeSet<&RecordId> = BTreeSet::new();
    let mut groups = Vec::new();
    for start in neighbours.keys().copied() {
        if seen.contains(start) {
            continue;
        }
        let part = part_of(start, neighbours);
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
    neighbours: &Neighbours<'a>,
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
