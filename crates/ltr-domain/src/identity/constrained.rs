//! The graph where somebody was judged: links are let join one after the other, unless that would bring together two
//! records that a decision holds apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{Against, Neighbours, Node, RefusedLink, Rulings, joining};
use crate::event::LinkStrength;
use crate::ids::RecordId;
use crate::judgement::Pair;

/// Neighbours that own their records: links by judgement lead to records that no node carries.
pub(super) type Joined = BTreeMap<RecordId, Vec<(RecordId, LinkStrength)>>;

pub(super) fn borrow(joined: &Joined) -> Neighbours<'_> {
    let borrowed = joined.iter().map(|(id, links)| {
        let links = links.iter().map(|(to, strength)| (to, *strength)).collect();
        (id, links)
    });
    borrowed.collect()
}

/// The links that are let join, and those that are not.
pub(super) fn constrained(nodes: &BTreeMap<RecordId, Node>, rulings: &Rulings) -> (Joined, Vec<RefusedLink>) {
    let mut joined: Joined = nodes.keys().map(|id| (id.clone(), Vec::new())).collect();
    let mut parts = Partition::default();
    let mut refused = Vec::new();
    for (strength, from, to) in in_order(nodes, rulings) {
        if let Some(apart) = parts.apart(&from, &to, strength, rulings) {
            refused.push(RefusedLink {
                from,
                to,
                strength,
                apart,
            });
            continue;
        }
        parts.unite(&from, &to);
        joined
            .entry(from.clone())
            .or_default()
            .push((to.clone(), strength));
        joined.entry(to).or_default().push((from, strength));
    }
    (joined, refused)
}

/// Every link, in the order in which it is let join. [`LinkStrength`] is declared in that order.
fn in_order(
    nodes: &BTreeMap<RecordId, Node>,
    rulings: &Rulings,
) -> BTreeSet<(LinkStrength, RecordId, RecordId)> {
    let is_key = |pair: &Pair| {
        let names = |one: &RecordId, other: &RecordId| {
            let node = nodes.get(one);
            node.is_some_and(|node| joining(one, node).any(|link| link.to == *other))
        };
        names(pair.lesser(), pair.greater()) || names(pair.greater(), pair.lesser())
    };
    let mut links = BTreeSet::new();
    for (id, node) in nodes {
        links.extend(joining(id, node).map(|link| (link.strength, id.clone(), link.to.clone())));
        for (other, strength) in rulings.links(id, is_key) {
            let (lesser, greater) = if *id < other {
                (id.clone(), other)
            } else {
                (other, id.clone())
            };
            links.insert((strength, lesser, greater));
        }
    }
    links
}

/// Which records are together so far.
#[derive(Default)]
struct Partition {
    part_of: BTreeMap<RecordId, usize>,
    parts: Vec<BTreeSet<RecordId>>,
}

impl Partition {
    fn part(&mut self, record: &RecordId) -> usize {
        if let Some(part) = self.part_of.get(record) {
            return *part;
        }
        let part = self.parts.len();
        self.parts.push(BTreeSet::from([record.clone()]));
        self.part_of.insert(record.clone(), part);
        part
    }

    /// The first two records that a link would bring together although they are held apart against it.
    fn apart(
        &mut self,
        from: &RecordId,
        to: &RecordId,
        strength: LinkStrength,
        rulings: &Rulings,
    ) -> Option<Pair> {
        let (one, other) = (self.part(from), self.part(to));
        if one == other {
            return None;
        }
        let other = &self.parts[other];
        let held = |record: &RecordId| {
            let apart = rulings.apart_from(record).into_iter();
            apart
                .filter(|(_, against)| *against == Against::EveryLink || strength == LinkStrength::Matched)
                .filter(|(held, _)| other.contains(held))
                .find_map(|(held, _)| Pair::of(record.clone(), held))
        };
        self.parts[one].iter().find_map(held)
    }

    fn unite(&mut self, from: &RecordId, to: &RecordId) {
        let (one, other) = (self.part(from), self.part(to));
        if one == other {
            return;
        }
        let moved = std::mem::take(&mut self.parts[other]);
        for record in &moved {
            self.part_of.insert(record.clone(), one);
        }
        self.parts[one].extend(moved);
    }
}
