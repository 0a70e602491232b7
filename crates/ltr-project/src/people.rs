//! The answers about the people a batch touched: resolved anew from all their records, written where they differ.

use std::collections::BTreeMap;

use bytes::Bytes;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::PersonId;
use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_domain::teacher::teacher_at;
use ltr_ports::store::{ChangeRow, Checkpoint, PersonRow};
use ltr_proto::{hex, record, view};
use prost::Message;

use crate::Memory;
use crate::memory::Kept;

/// What became of the answers about the people a batch touched.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) people: Vec<PersonRow>,
    /// Those of them who had none before.
    pub(crate) first_answers: Vec<PersonId>,
    pub(crate) ended: Vec<PersonId>,
    pub(crate) changes: Vec<ChangeRow>,
}

/// Resolves the affected people as of the day the batch's last message became known. Their changes are counted from
/// `ordinal` in each sequence.
pub(crate) fn resolve(
    memory: &mut Memory,
    policy: &Policy,
    hearing: &Hearing,
    affected: &BTreeMap<PersonId, Position>,
    to: &Checkpoint,
    ordinal: u32,
) -> Answers {
    let mut people = Vec::with_capacity(affected.len());
    let mut first_answers = Vec::new();
    let mut ended = Vec::new();
    let mut changed: Vec<(Position, PersonId, [u8; 32])> = Vec::new();
    for (person, step) in affected {
        let Some(row) = row_of(memory, policy, hearing, *person, to) else {
            if memory.digests.remove(person).is_some() {
                changed.push((*step, *person, [0; 32]));
            }
            ended.push(*person);
            continue;
        };
        let before = memory.digests.insert(*person, row.digest);
        if before.is_none() {
            first_answers.push(*person);
        }
        if before != Some(row.digest) {
            changed.push((*step, *person, row.digest));
        }
        people.push(row);
    }
    Answers {
        people,
        first_answers,
        ended,
        changes: number(changed, ordinal),
    }
}

/// Counts the changes of one sequence, in an order that depends on nothing but their content.
fn number(mut changed: Vec<(Position, PersonId, [u8; 32])>, from: u32) -> Vec<ChangeRow> {
    changed.sort();
    let mut rows: Vec<ChangeRow> = Vec::with_capacity(changed.len());
    for (position, person, digest) in changed {
        let ordinal = match rows.last() {
            Some(last) if last.sequence == position.sequence => last.ordinal + 1,
            Some(_) | None => from,
        };
        rows.push(ChangeRow {
            sequence: position.sequence,
            ordinal,
            person,
            digest,
            known_at: position.known_at,
        });
    }
    rows
}

pub(crate) fn row_of(
    memory: &Memory,
    policy: &Policy,
    hearing: &Hearing,
    person: PersonId,
    to: &Checkpoint,
) -> Option<PersonRow> {
    let records = memory.people.get(&person)?;
    let kept: Vec<&Kept> = records
        .iter()
        .filter_map(|record| memory.records.get(record).map(|kept| &**kept))
        .collect();
    let folds: Vec<&RecordFold> = kept.iter().filter_map(|kept| kept.fold.as_ref()).collect();
    let latest = folds.iter().map(|fold| fold.latest).max()?;
    let answer = teacher_at(&folds, policy, hearing, to.known_at.london_date());
    let teacher = view::teacher(person, &answer);
    let digest = hex::decode_array(&teacher.record_digest).expect("the view writes its own digest in hex");
    Some(PersonRow {
        person,
        trn: answer.trn,
        stage: answer.headline.stage.token().to_owned(),
        phase: answer.phase().token().to_owned(),
        certainty: answer.headline.resolution.certainty.token().to_owned(),
        review_on: answer.review_on,
        digest,
        sequence: latest.sequence,
        view: teacher.encode_to_vec().into(),
        sealed: sealed_of(&kept),
        awaits: answer.awaits,
    })
}

/// The sealed personal values of the person's records, the source to believe first in front (U§14c, legal name).
fn sealed_of(kept: &[&Kept]) -> Bytes {
    let mut stating: Vec<(&RecordFold, &Kept)> = kept
        .iter()
        .filter(|kept| !kept.sealed.is_empty())
        .filter_map(|kept| Some((kept.fold.as_ref()?, *kept)))
        .collect();
    stating.sort_by_key(|(fold, _)| (fold.id.kind.rank_for_names(), std::cmp::Reverse(fold.spoke)));
    let records = stating
        .into_iter()
        .map(|(fold, kept)| record::SealedRecord {
            record: fold.id.to_string(),
            sealed: kept.sealed.clone(),
        })
        .collect();
    record::SealedPersonal { records }.encode_to_vec().into()
}
