//! What was answered about everybody on an evening: the stored answer of the first of each person's records that has
//! one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ltr_domain::headline::Stage;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::resolution::{Caveat, Certainty};
use ltr_domain::teacher::Standing;
use ltr_population::score::Answered;
use ltr_population::truth::Person;
use ltr_population::{PersonNo, Truth};
use ltr_ports::store::{PersonRow, Store, StoreError};
use ltr_proto::record::{self, Teacher};
use ltr_proto::view;
use prost::Message;

/// By which of a person's records is asked, where there are several that no source links: by that of the service that
/// tells of where they stand. Once records are linked all of them give the same answer. A TRN from long ago that TRS
/// knows nothing of leads to nobody's application.
const ASKED_BY: [&[RecordKind]; 4] = [
    &[RecordKind::RegisterTrainee],
    &[
        RecordKind::ApplyCandidate,
        RecordKind::ApplyChoice,
        RecordKind::ApplyRecruit,
    ],
    &[RecordKind::TrsPerson],
    &[RecordKind::TvJobApplication],
];

/// So many records are asked about at a time.
const RECORDS_MAX: usize = 5_000;

/// Asks for everybody's answer, and reads only those that changed.
#[derive(Debug, Default)]
pub struct Answers {
    /// What an answer with that digest says.
    read: BTreeMap<PersonNo, ([u8; 32], Said)>,
}

#[derive(Debug, Clone)]
struct Said {
    stage: Stage,
    standing: Standing,
    certainty: Certainty,
    caveats: BTreeSet<Caveat>,
}

impl Answers {
    /// Everybody's answer on that day, where there is one.
    ///
    /// # Errors
    ///
    /// A store that cannot be read.
    pub async fn on<S: Store>(
        &mut self,
        store: &S,
        truth: &Truth,
        on: Date,
    ) -> Result<Vec<Answered>, StoreError> {
        let rows = first_known(store, truth).await?;
        let mut answered = Vec::with_capacity(truth.len());
        for (number, _) in truth.people() {
            let Some(row) = rows.get(&number) else {
                continue;
            };
            if self
                .read
                .get(&number)
                .is_none_or(|(digest, _)| *digest != row.digest)
            {
                self.read.insert(number, (row.digest, Said::by(row)?));
            }
            if let Some((_, said)) = self.read.get(&number) {
                answered.push(Answered {
                    person: number,
                    on,
                    stage: said.stage,
                    standing: said.standing,
                    certainty: said.certainty,
                    caveats: said.caveats.clone(),
                });
            }
        }
        Ok(answered)
    }
}

/// The row of each person by the first of their records that has one. One question for everybody, and another for those
/// alone who were not found.
async fn first_known<S: Store>(
    store: &S,
    truth: &Truth,
) -> Result<BTreeMap<PersonNo, PersonRow>, StoreError> {
    let mut rows = BTreeMap::new();
    let mut waiting: Vec<(PersonNo, _)> = truth
        .people()
        .map(|(number, person)| (number, asked_by(person)))
        .collect();
    while !waiting.is_empty() {
        let mut asked: Vec<(PersonNo, &RecordId)> = Vec::with_capacity(waiting.len());
        waiting.retain_mut(|(number, records)| match records.next() {
            Some(record) => {
                asked.push((*number, record));
                true
            }
            None => false,
        });
        for some in asked.chunks(RECORDS_MAX) {
            let records = some.iter().map(|(_, record)| (*record).clone()).collect();
            let found: BTreeMap<RecordId, PersonRow> =
                store.people_of(records).await?.1.into_iter().collect();
            for (number, record) in some {
                if let Some(row) = found.get(*record) {
                    rows.insert(*number, row.clone());
                }
            }
        }
        waiting.retain(|(number, _)| !rows.contains_key(number));
    }
    Ok(rows)
}

/// A person's records in the order in which they are asked by.
fn asked_by(person: &Person) -> impl Iterator<Item = &RecordId> {
    ASKED_BY.iter().flat_map(|kinds| {
        let known = person.records.iter();
        known.filter(|record| kinds.contains(&record.kind))
    })
}

impl Said {
    fn by(row: &PersonRow) -> Result<Self, StoreError> {
        Self::read(row).ok_or_else(|| StoreError::Unreadable {
            table: "person",
            column: "view",
            row: row.person.to_string(),
        })
    }

    fn read(row: &PersonRow) -> Option<Self> {
        let teacher = Teacher::decode(row.view.clone()).ok()?;
        let headline = teacher.headline.clone().unwrap_or_default();
        let certainties = [
            Certainty::Confirmed,
            Certainty::Provisional,
            Certainty::Presumed,
            Certainty::Unknown,
        ];
        let caveats = [
            Caveat::Contested,
            Caveat::Stale,
            Caveat::NotCovered,
            Caveat::Parked,
        ];
        let said: BTreeSet<String> = headline.caveats().map(view::caveat_token).collect();
        Some(Self {
            stage: Stage::ALL.into_iter().find(|stage| stage.token() == row.stage)?,
            standing: match teacher.standing() {
                record::Standing::RecordClosed => Standing::Closed,
                record::Standing::Unspecified | record::Standing::Open | record::Standing::RecordMerged => {
                    Standing::Open
                }
            },
            certainty: certainties
                .into_iter()
                .find(|certainty| certainty.token() == row.certainty)?,
            caveats: caveats
                .into_iter()
                .filter(|caveat| said.contains(caveat.token()))
                .collect(),
        })
    }
}
