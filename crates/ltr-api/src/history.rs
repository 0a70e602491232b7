//! What was believed of a person at a known time: the stored history folded anew and resolved by the domain.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ltr_domain::explain::Told;
use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::{Hearing, ProviderName};
use ltr_domain::ids::{PersonId, RecordId};
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
        for entry in &history.entries {
            fold(&mut records, entry)?;
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

fn fold(records: &mut BTreeMap<RecordId, One>, entry: &HistoryEntry) -> Result<(), Refusal> {
    let Some((told, sealed)) = told_by(entry)? else {
        return Ok(());
    };
    match records.get_mut(&entry.record) {
        Some(one) => {
            one.fold.apply(&told.observation, told.position);
            one.sealed = sealed;
        }
        None => {
            let fold = RecordFold::begin(&told.observation, told.position);
            records.insert(entry.record.clone(), One { fold, sealed });
        }
    }
    Ok(())
}

/// What an entry of the stored history says, and the personal values beside it; `None`: nothing of any state.
pub(crate) fn told_by(entry: &HistoryEntry) -> Result<Option<(Told, Vec<Sealed>)>, Refusal> {
    let decoded = codec::decode_changes(&entry.payload).map_err(|error| Refusal::Unreadable {
        what: "record_history.payload",
        of: entry.sequence.to_string(),
        source: Box::new(error),
    })?;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only observations say anything of a record's state"
    )]
    let (observation, sealed) = match decoded {
        LogEntry::Observation { observation, sealed } => (*observation, sealed),
        _ => return Ok(None),
    };
    let position = Position {
        sequence: entry.sequence,
        known_at: entry.known_at,
    };
    Ok(Some((
        Told {
            observation,
            position,
        },
        sealed,
    )))
}
