//! Who is one person already, by keys and by what operators confirmed or joined, as far as no split holds them apart: the
//! connected parts of those links.

use std::collections::BTreeMap;

use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{LinkDecision, Pair, Regrouping};

use crate::known::{Known, Said};

/// The parts, each named after its least record.
pub(crate) struct Parts<'a>(BTreeMap<&'a RecordId, &'a RecordId>);

impl<'a> Parts<'a> {
    pub(crate) fn of(known: &'a Known) -> Self {
        let mut neighbours: BTreeMap<&RecordId, Vec<&RecordId>> = BTreeMap::new();
        let mut join = |one: &'a RecordId, other: &'a RecordId| {
            if known.rulings.split_between(one, other).is_some() {
                return;
            }
            neighbours.entry(one).or_default().push(other);
            neighbours.entry(other).or_default().push(one);
        };
        for (record, kept) in &known.records {
            match &kept.said {
                Said::Account => {}
                Said::Application { account, .. } => {
                    account.iter().for_each(|account| join(record, account));
                    kept.also_named.iter().for_each(|choice| join(record, choice));
                }
                Said::Trainee { application, trn, .. } => {
                    application
                        .iter()
                        .chain(trn)
                        .for_each(|other| join(record, other));
                }
            }
        }
        for (merged, into) in &known.merged {
            join(merged, into);
        }
        for (pair, ruling) in known.rulings.pairs() {
            if ruling.is(LinkDecision::Confirm) {
                join(pair.lesser(), pair.greater());
            }
        }
        for request in known.rulings.requests().values() {
            if let (Regrouping::Join(pair), Some(_)) = (&request.asked.regrouping, request.approved_at()) {
                join(pair.lesser(), pair.greater());
            }
        }
        Self(walk(&neighbours))
    }

    /// The least record of the part that a record is in.
    pub(crate) fn part_of<'r>(&'r self, record: &'r RecordId) -> &'r RecordId {
        self.0.get(record).copied().unwrap_or(record)
    }

    /// Whether the two of a pair are one person already.
    pub(crate) fn are_one(&self, pair: &Pair) -> bool {
        self.part_of(pair.lesser()) == self.part_of(pair.greater())
    }
}

/// Walked from the least record on, so that a part is named after its least.
fn walk<'a>(neighbours: &BTreeMap<&'a RecordId, Vec<&'a RecordId>>) -> BTreeMap<&'a RecordId, &'a RecordId> {
    let mut parts: BTreeMap<&RecordId, &RecordId> = BTreeMap::new();
    for start in neighbours.keys().copied() {
        let mut open = vec![start];
        while let Some(record) = open.pop() {
            if parts.contains_key(record) {
                continue;
            }
            parts.insert(record, start);
            open.extend(neighbours.get(record).into_iter().flatten());
        }
    }
    parts
}
