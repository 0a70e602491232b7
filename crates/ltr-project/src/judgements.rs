//! Judgements as they are kept folded in memory: with each record that they name, as the store has them. Most records
//! have none, and then nothing here costs anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ltr_domain::identity::Rulings;
use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{Judged, RequestAnswered};
use ltr_domain::observation::Position;

/// Judgements by record and sequence.
#[derive(Debug, Default)]
pub(crate) struct Judgements {
    of_record: BTreeMap<RecordId, BTreeMap<u64, (Position, Arc<Judged>)>>,
    /// Records named since they were last asked for: their people are to be loaded too.
    unseen: BTreeSet<RecordId>,
}

impl Judgements {
    pub(crate) fn is_empty(&self) -> bool {
        self.of_record.is_empty()
    }

    /// Keeps a judgement with one of the records that it is about. More than once makes no difference.
    pub(crate) fn take(&mut self, record: &RecordId, position: Position, judged: Arc<Judged>) {
        self.unseen.extend(judged.records().into_iter().cloned());
        let kept = self.of_record.entry(record.clone()).or_default();
        kept.insert(position.sequence, (position, judged));
    }

    /// Records named since this was last asked.
    pub(crate) fn take_unseen(&mut self) -> BTreeSet<RecordId> {
        std::mem::take(&mut self.unseen)
    }

    /// Every record that a judgement is about: of an answer those of its request, if there is one.
    pub(crate) fn concerned(&self, judged: &Judged) -> BTreeSet<RecordId> {
        let own = judged.records();
        let asked = match judged {
            Judged::Answered(answered) => self.request_of(answered),
            Judged::Matched(_) | Judged::Decided(_) | Judged::Requested(_) => None,
        };
        let asked = asked.into_iter().flat_map(|asked| asked.records());
        own.into_iter().chain(asked).cloned().collect()
    }

    fn request_of(&self, answered: &RequestAnswered) -> Option<&Judged> {
        let kept = self.of_record.get(&answered.subject)?;
        let (_, asked) = kept.get(&answered.request.sequence)?;
        Some(asked)
    }

    /// Records that are judged together with one.
    pub(crate) fn related_to(&self, record: &RecordId) -> impl Iterator<Item = &RecordId> {
        let kept = self.of_record.get(record).into_iter().flat_map(BTreeMap::values);
        kept.flat_map(|(_, judged)| judged.records())
    }

    /// What is judged of these records.
    pub(crate) fn rulings<'a>(&self, records: impl Iterator<Item = &'a RecordId>) -> Rulings {
        if self.is_empty() {
            return Rulings::default();
        }
        let kept = records.filter_map(|record| self.of_record.get(record));
        let all: BTreeMap<u64, &(Position, Arc<Judged>)> = kept
            .flatten()
            .map(|(sequence, judged)| (*sequence, judged))
            .collect();
        Rulings::of(all.values().map(|(position, judged)| (*position, &**judged)))
    }
}
