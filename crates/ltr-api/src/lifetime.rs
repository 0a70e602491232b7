//! Everything that was ever said of a person, loaded for explaining: the stored history of whoever shared a record with
//! them, and their memberships over known time.

use std::collections::BTreeSet;
use std::sync::Arc;

use ltr_domain::explain::{Belonging, HeardBy, InForce, Lifetime, Moment, listening_times};
use ltr_domain::hearing::ProviderName;
use ltr_domain::ids::RecordId;
use ltr_domain::policy::Policies;
use ltr_domain::time::KnownAt;
use ltr_ports::log::Log;
use ltr_ports::store::{Checkpoint, Membership, Store};

use crate::history::{Said, said_by};
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
        let mut judged = Vec::new();
        for entry in &entries {
            match said_by(entry)? {
                Said::Told(one, _) => told.push(*one),
                Said::Judged(position, one) => judged.push((position, one)),
                Said::Nothing => {}
            }
        }
        let belonging = memberships.into_iter().map(belonging).collect();
        Ok(Lifetime::new(found_by, told, belonging).with_judgements(judged))
    }
}

/// What the moments of a lifetime are seen under.
pub(crate) struct Circumstances {
    policies: Arc<Policies>,
    heard: HeardBy,
}

impl Circumstances {
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
    pub(crate) async fn circumstances_at(
        &self,
        lifetime: &Lifetime,
        checkpoint: &Checkpoint,
        times: impl IntoIterator<Item = KnownAt> + Send,
    ) -> Result<Circumstances, Refusal> {
        let mut circumstances = self.circumstances(checkpoint).await?;
        let (names, _) = listening_times(lifetime, &circumstances.policies(), checkpoint.known_at);
        circumstances.heard = self.heard_at(&names, times).await?;
        Ok(circumstances)
    }

    /// The same, at every known time up to one at which it may matter.
    pub(crate) async fn circumstances_up_to(
        &self,
        lifetime: &Lifetime,
        checkpoint: &Checkpoint,
        until: KnownAt,
    ) -> Result<Circumstances, Refusal> {
        let mut circumstances = self.circumstances(checkpoint).await?;
        let (names, times) = listening_times(lifetime, &circumstances.policies(), until);
        circumstances.heard = self.heard_at(&names, times).await?;
        Ok(circumstances)
    }

    async fn circumstances(&self, checkpoint: &Checkpoint) -> Result<Circumstances, Refusal> {
        Ok(Circumstances {
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
