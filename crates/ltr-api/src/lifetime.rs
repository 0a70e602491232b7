//! Everything that was ever said of a person, loaded for explaining: the stored history of whoever shared a record with
//! them, and their memberships over known time.

use std::collections::BTreeSet;

use ltr_domain::explain::{Belonging, Lifetime, Told};
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Position;
use ltr_ports::log::Log;
use ltr_ports::store::{HistoryEntry, Membership, Store};
use ltr_proto::codec::{self, LogEntry};

use crate::service::Api;
use crate::status::Refusal;

impl<S: Store, L: Log> Api<S, L> {
    /// The lifetime of the person to whom a record belongs. At times when nobody had heard of the record it is found by
    /// the record that its present person is named after, as answers are.
    pub(crate) async fn lifetime(&self, record: RecordId) -> Result<Lifetime, Refusal> {
        let mut memberships = self.store.memberships_ever(vec![record.clone()]).await?;
        let named_after = named_after(&record, &memberships);
        let mut found_by = vec![record];
        if let Some(other) = named_after.filter(|other| found_by.iter().all(|own| own != other)) {
            found_by.push(other);
            memberships = self.store.memberships_ever(found_by.clone()).await?;
        }
        if memberships.is_empty() {
            return Err(Refusal::NotFound);
        }
        let records: BTreeSet<RecordId> = memberships.iter().map(|one| one.record.clone()).collect();
        let entries = self.store.history(records.into_iter().collect()).await?;
        let mut told = Vec::with_capacity(entries.len());
        for entry in &entries {
            told.extend(told_by(entry)?);
        }
        let belonging = memberships.into_iter().map(belonging).collect();
        Ok(Lifetime::new(found_by, told, belonging))
    }
}

fn named_after(record: &RecordId, memberships: &[Membership]) -> Option<RecordId> {
    let mut present = memberships.iter().filter(|one| one.known_to.is_none());
    let person = present.clone().find(|one| one.record == *record)?.person;
    let named_after = present.find(|one| one.person == person && one.strength.is_none());
    named_after.map(|one| one.record.clone())
}

fn belonging(membership: Membership) -> Belonging {
    let Membership {
        record,
        person,
        known_from,
        known_to,
        strength,
    } = membership;
    Belonging {
        record,
        person,
        known_from,
        known_to,
        strength,
    }
}

fn told_by(entry: &HistoryEntry) -> Result<Option<Told>, Refusal> {
    let decoded = codec::decode(&entry.payload).map_err(|error| Refusal::Unreadable {
        what: "record_history.payload",
        of: entry.sequence.to_string(),
        source: Box::new(error),
    })?;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only observations say anything of a record's state"
    )]
    let observation = match decoded {
        LogEntry::Observation { observation, .. } => *observation,
        _ => return Ok(None),
    };
    Ok(Some(Told {
        observation,
        position: Position {
            sequence: entry.sequence,
            known_at: entry.known_at,
        },
    }))
}
