//! What was believed of a person at a known time: the stored history folded anew and resolved by the domain.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ltr_domain::explain::Told;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::{Hearing, ProviderName};
use ltr_domain::identity::Rulings;
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::judgement::Judged;
use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_domain::teacher::{StageInterval, TeacherRecord, intervals, providers, teacher_at};
use ltr_ports::store::{HistoryEntry, PersonHistory};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::Sealed;

use crate::personal::SealedOf;
use crate::status::Refusal;

/// A person's records as folded up to a known time.
pub(crate) struct Believed {
    /// Who it was then.
    pub(crate) person: PersonId,
    records: BTreeMap<RecordId, One>,
}

struct One {
    fold: RecordFold,
    /// The sealed personal values of its last observation.
    sealed: Vec<Sealed>,
}

impl Believed {
    /// Folds a history.
    pub(crate) fn of(history: &PersonHistory) -> Result<Self, Refusal> {
        let mut records = BTreeMap::new();
        let mut judged = Vec::new();
        for entry in &history.entries {
            match said_by(entry)? {
                Said::Told(told, sealed) => fold(&mut records, *told, sealed),
                Said::Judged(position, one) => judged.push((position, one)),
                Said::Nothing => {}
            }
        }
        if !judged.is_empty() {
            let rulings = Rulings::of(judged.iter().map(|(position, one)| (*position, one)));
            let members: BTreeSet<&RecordId> = history.records.iter().map(|one| &one.record).collect();
            for one in records.values_mut() {
                one.fold
                    .lay_judgements(&rulings, |record| members.contains(record));
            }
        }
        Ok(Self {
            person: history.person,
            records,
        })
    }

    fn folds(&self) -> Vec<&RecordFold> {
        self.records.values().map(|one| &one.fold).collect()
    }

    /// The answer on a day.
    pub(crate) fn on(&self, day: Date, policy: &Policy, hearing: &Hearing) -> TeacherRecord {
        teacher_at(&self.folds(), policy, hearing, day)
    }

    /// The providers whose silence may matter on some day.
    pub(crate) fn providers(&self) -> BTreeSet<ProviderName> {
        providers(&self.folds())
    }

    /// The headline over effective time up to a day.
    pub(crate) fn intervals(&self, until: Date, policy: &Policy, hearing: &Hearing) -> Vec<StageInterval> {
        intervals(&self.folds(), policy, hearing, until)
    }

    /// The sealed personal values, the record to believe first in front, as the projector keeps them beside a view.
    pub(crate) fn sealed(self) -> Vec<SealedOf> {
        let mut stating: Vec<One> = self
            .records
            .into_values()
            .filter(|one| !one.sealed.is_empty())
            .collect();
        stating.sort_by_key(|one| (one.fold.id.kind.rank_for_names(), Reverse(one.fold.spoke)));
        stating
            .into_iter()
            .map(|one| SealedOf {
                record: one.fold.id,
                sealed: one.sealed,
            })
            .collect()
    }
}

fn fold(records: &mut BTreeMap<RecordId, One>, told: Told, sealed: Vec<Sealed>) {
    let record = &told.observation.record;
    match records.get_mut(record) {
        Some(one) => {
            one.fold.apply(&told.observation, told.position);
            one.sealed = sealed;
        }
        None => {
            let fold = RecordFold::begin(&told.observation, told.position);
            records.insert(record.clone(), One { fold, sealed });
        }
    }
}

/// What an entry of the stored history says.
pub(crate) enum Said {
    /// What a source says of the record, and the personal values beside it.
    Told(Box<Told>, Vec<Sealed>),
    /// What was judged of it.
    Judged(Position, Judged),
    /// Nothing of any state.
    Nothing,
}

/// Reads an entry of the stored history.
pub(crate) fn said_by(entry: &HistoryEntry) -> Result<Said, Refusal> {
    let decoded = codec::decode_changes(&entry.payload).map_err(|error| Refusal::Unreadable {
        what: "record_history.payload",
        of: entry.sequence.to_string(),
        source: Box::new(error),
    })?;
    let position = Position {
        sequence: entry.sequence,
        known_at: entry.known_at,
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only observations and judgements say anything of a record"
    )]
    let (observation, sealed) = match decoded {
        LogEntry::Observation { observation, sealed } => (*observation, sealed),
        LogEntry::Judgement(judgement) => return Ok(Said::Judged(position, judgement.judged)),
        _ => return Ok(Said::Nothing),
    };
    let told = Told {
        observation,
        position,
    };
    Ok(Said::Told(Box::new(told), sealed))
}
