//! Everything that was ever said of a person, loaded for explaining: the stored history of whoever shared a record with
//! them, and their memberships over known time.

use std::collections::BTreeSet;
use std::sync::Arc;

use ltr_domain::explain::{Belonging, HeardBy, InForce, Lifetime, Moment, Told, listening_times};
use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Position;
use ltr_domain::policy::Policies;
use ltr_domain::time::KnownAt;
use ltr_ports::log::Log;
use ltr_ports::store::{Checkpoint, HistoryEntry, Membership, Store};
use ltr_proto::codec::{self, LogEntry};

use crate::presentation::Basis;
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

/// What the moments of a lifetime are seen under.
pub(crate) struct Lights {
    policies: Arc<Policies>,
    heard: HeardBy,
}

impl Lights {
    pub(crate) fn heard(&self) -> &HeardBy {
        &self.heard
    }

    pub(crate) fn policies(&self) -> InForce<'_> {
        let adoptions = self.policies.adoptions().iter();
        adoptions.fold(InForce::always(self.policies.after(0)), |so_far, adoption| {
            so_far.then(adoption.position.known_at, &adoption.policy)
        })
    }

    /// The moment of a basis.
    pub(crate) fn moment(&self, basis: &Basis) -> Moment<'_> {
        Moment {
            effective_on: basis.effective_on,
            known_at: basis.known_at,
            known_on: basis.known_on,
            policy: self.policies.at(basis.known_at),
            hearing: self.heard.at(basis.known_at),
        }
    }
}

impl<S: Store, L: Log> Api<S, L> {
    /// The policies in force up to a checkpoint, and what had been heard of the feeds at these known times, where that
    /// matters to the person.
    pub(crate) async fn lights_at(
        &self,
        lifetime: &Lifetime,
        checkpoint: &Checkpoint,
        times: impl IntoIterator<Item = KnownAt> + Send,
    ) -> Result<Lights, Refusal> {
        let mut lights = self.lights(checkpoint).await?;
        let (names, _) = listening_times(lifetime, &lights.policies(), checkpoint.known_at);
        lights.heard = self.heard_at(&names, times).await?;
        Ok(lights)
    }

    /// The same, at every known time up to one at which it may matter.
    pub(crate) async fn lights_up_to(
        &self,
        lifetime: &Lifetime,
        checkpoint: &Checkpoint,
        until: KnownAt,
    ) -> Result<Lights, Refusal> {
        let mut lights = self.lights(checkpoint).await?;
        let (names, times) = listening_times(lifetime, &lights.policies(), until);
        lights.heard = self.heard_at(&names, times).await?;
        Ok(lights)
    }

    async fn lights(&self, checkpoint: &Checkpoint) -> Result<Lights, Refusal> {
        Ok(Lights {
            policies: self.adopted.by(&self.store, checkpoint).await?,
            heard: HeardBy::nothing(),
        })
    }

    async fn heard_at(
        &self,
        names: &BTreeSet<ProviderName>,
        times: impl IntoIterator<Item = KnownAt> + Send,
    ) -> Result<HeardBy, Refusal> {
        let mut heard = HeardBy::nothing();
        if names.is_empty() {
            return Ok(heard);
        }
        let times: Vec<KnownAt> = times.into_iter().collect();
        for at in times {
            let hearing = self.hearing(names.clone(), at, at.london_date()).await?;
            heard = heard.then(at, hearing);
        }
        Ok(heard)
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
