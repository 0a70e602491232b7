//! What a step touched, parted into lots that have nothing to do with each other: no person, and no link. Each is parted
//! into people by itself, which takes the same few comparisons however many records the step touched.

use std::collections::BTreeSet;

use ltr_domain::ids::{PersonId, RecordId};

use crate::Memory;
use crate::memory::Table;

/// The records touched, each once, in lots; in the order in which they were touched first.
///
/// Records are in one lot if they belong to one person, if one carries a link to the other, or if both carry one to a
/// third. Only without judgements: those hold together what has neither.
pub(crate) fn lots(memory: &Memory, touched: Vec<RecordId>) -> Vec<BTreeSet<RecordId>> {
    let lot_of = lot_of(memory, &touched);
    let count = lot_of.iter().max().map_or(0, |last| last + 1);
    let mut lots = vec![BTreeSet::new(); count];
    for (record, lot) in touched.into_iter().zip(lot_of) {
        lots[lot].insert(record);
    }
    lots
}

/// Of every record touched, in which lot it is.
fn lot_of(memory: &Memory, touched: &[RecordId]) -> Vec<usize> {
    let mut places = Places::with_capacity(touched.len());
    let mut first_of: Table<PersonId, usize> = table(touched.len());
    let mut at = Vec::with_capacity(touched.len());
    let mut join_person = |places: &mut Places<'_>, place: usize, record: &RecordId| {
        let kept = memory.records.get(record)?;
        if let Some(membership) = &kept.membership {
            let first = *first_of.entry(membership.person).or_insert(place);
            places.join(place, first);
        }
        kept.fold.as_ref()
    };
    for record in touched {
        let place = places.of(record);
        at.push(place);
        let fold = join_person(&mut places, place, record);
        for link in fold.into_iter().flat_map(|fold| &fold.links) {
            let to = places.of(&link.to);
            places.join(place, to);
            join_person(&mut places, to, &link.to);
        }
    }
    // Numbered as they come.
    let mut numbers: Table<usize, usize> = table(at.len());
    at.into_iter()
        .map(|place| {
            let next = numbers.len();
            *numbers.entry(places.end_of(place)).or_insert(next)
        })
        .collect()
}

fn table<K, V>(room: usize) -> Table<K, V> {
    Table::with_capacity_and_hasher(room, foldhash::fast::RandomState::default())
}

/// Records by number, each leading to another of the same lot, the last of them to itself.
struct Places<'a> {
    of: Table<&'a RecordId, usize>,
    leads_to: Vec<usize>,
}

impl<'a> Places<'a> {
    fn with_capacity(records: usize) -> Self {
        Self {
            of: table(records),
            leads_to: Vec::with_capacity(records),
        }
    }

    fn of(&mut self, record: &'a RecordId) -> usize {
        let next = self.leads_to.len();
        let place = *self.of.entry(record).or_insert(next);
        if place == next {
            self.leads_to.push(place);
        }
        place
    }

    fn end_of(&mut self, mut place: usize) -> usize {
        while self.leads_to[place] != place {
            // Every second step is skipped from now on, so that no way grows long.
            self.leads_to[place] = self.leads_to[self.leads_to[place]];
            place = self.leads_to[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.end_of(one), self.end_of(other));
        self.leads_to[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests;
