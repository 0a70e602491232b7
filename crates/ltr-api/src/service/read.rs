//! Reading one answer: the present one from its stored view, any other from history.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use ltr_domain::hearing::{Hearing, ProviderName};
use ltr_domain::ids::{PersonId, RecordId, Trn};
use ltr_domain::policy::Policy;
use ltr_domain::teacher::TeacherRecord;
use ltr_domain::time::KnownAt;
use ltr_ports::log::Log;
use ltr_ports::store::{Checkpoint, FeedHeard, PersonRow, Providers, Store};
use ltr_proto::record::Teacher;
use ltr_proto::view;
use prost::Message;

use super::Api;
use crate::history::Believed;
use crate::moment::Moment;
use crate::name::Name;
use crate::personal::{SealedOf, sealed_of};
use crate::presentation::{Basis, Listened};
use crate::status::Refusal;
use crate::token::ConsistencyToken;
use crate::watermark::{Demand, unmet_token};

/// An answer before anything is laid over it.
pub(crate) struct Answer {
    pub(crate) person: PersonId,
    pub(crate) trn: Option<Trn>,
    pub(crate) teacher: Teacher,
    pub(crate) basis: Basis,
    /// The policy in force at the known time.
    pub(crate) policy: Arc<Policy>,
    sealed: Kept,
}

/// Where the sealed personal values of an answer are.
enum Kept {
    /// Beside its view, not looked at yet.
    Row(Box<PersonRow>),
    /// In the observations it was resolved from.
    History(Vec<SealedOf>),
}

impl Answer {
    /// The sealed personal values.
    pub(crate) fn sealed(&self) -> Result<Vec<SealedOf>, Refusal> {
        match &self.sealed {
            Kept::Row(row) => sealed_of(row),
            Kept::History(sealed) => Ok(sealed.clone()),
        }
    }
}

/// Which moment is read, once what the caller left to us is settled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reading {
    /// Now, all that is known: from stored views.
    Present,
    /// From history.
    Past(Basis),
}

impl<S: Store, L: Log> Api<S, L> {
    /// What had been heard of the feeds up to then.
    pub(crate) async fn heard(&self, reading: &Reading) -> Result<Arc<[FeedHeard]>, Refusal> {
        let Reading::Past(basis) = reading else {
            return Ok(Arc::clone(&self.recent.get(&self.store).await?.heard));
        };
        match basis.listened {
            Listened::UntilNow => Ok(Arc::clone(&self.recent.get(&self.store).await?.heard)),
            // Of the watermark's own instant more may become known.
            Listened::Until(known_at) if known_at < basis.checkpoint.known_at => {
                Ok(self.heard_by.get(&self.store, known_at).await?)
            }
            Listened::Until(known_at) => {
                let mut heard = self.store.heard(Some(known_at)).await?;
                heard.sort();
                Ok(heard.into())
            }
        }
    }

    /// Settles which moment is read; waits for what is not projected yet.
    pub(crate) async fn reading(
        &self,
        moment: Moment,
        token: Option<ConsistencyToken>,
    ) -> Result<Reading, Refusal> {
        if moment == Moment::default() {
            return Ok(Reading::Present);
        }
        let demand = Demand {
            known_at: moment.known_at,
            token,
        };
        let checkpoint = self.checkpoint_for(demand).await?;
        let today = self.today(&checkpoint);
        let effective_on = moment.effective_on.unwrap_or(today);
        if moment.known_at.is_none() && effective_on == today {
            return Ok(Reading::Present);
        }
        let known_at = moment.known_at.unwrap_or(checkpoint.known_at);
        Ok(Reading::Past(Basis {
            effective_on,
            known_at,
            known_on: moment.known_at.map_or(today, KnownAt::london_date),
            checkpoint,
            listened: moment.known_at.map_or(Listened::UntilNow, Listened::Until),
        }))
    }

    /// The moment that is read, on both axes: what explanations and lists are told of, be it the present or not.
    pub(crate) async fn basis(
        &self,
        moment: Moment,
        token: Option<ConsistencyToken>,
    ) -> Result<Basis, Refusal> {
        if let Reading::Past(basis) = self.reading(moment, token).await? {
            return Ok(basis);
        }
        let checkpoint = self
            .checkpoint_for(Demand {
                known_at: None,
                token,
            })
            .await?;
        let effective_on = self.today(&checkpoint);
        Ok(Basis {
            effective_on,
            known_at: checkpoint.known_at,
            known_on: effective_on,
            checkpoint,
            listened: Listened::UntilNow,
        })
    }

    /// The source record by which to find whom a name names; `None`: nobody ever.
    pub(crate) async fn record_of(&self, name: &Name) -> Result<Option<RecordId>, Refusal> {
        match name {
            Name::Trn(trn) => Ok(Some(RecordId::trs_person(*trn))),
            Name::Record(record) => Ok(Some(record.clone())),
            Name::Person(person) => {
                let records = self.store.records_of_person(*person).await?;
                // The record that the id was made of, wherever it now belongs; any other may have gone elsewhere.
                let named_after = records.iter().find(|record| PersonId::of(record) == *person);
                Ok(named_after.or(records.first()).cloned())
            }
        }
    }

    /// One answer.
    pub(crate) async fn read(
        &self,
        record: RecordId,
        reading: Reading,
        token: Option<ConsistencyToken>,
    ) -> Result<Answer, Refusal> {
        match reading {
            Reading::Past(basis) => self.past(record, basis).await,
            Reading::Present => {
                let (checkpoint, mut rows) = self.rows(vec![record.clone()], token).await?;
                let (Some(checkpoint), Some(row)) = (checkpoint, rows.remove(&record)) else {
                    return Err(Refusal::NotFound);
                };
                self.present(record, row, checkpoint).await
            }
        }
    }

    /// The stored rows of the people to whom records belong, at least as fresh as a token.
    pub(crate) async fn rows(
        &self,
        records: Vec<RecordId>,
        token: Option<ConsistencyToken>,
    ) -> Result<(Option<Checkpoint>, BTreeMap<RecordId, PersonRow>), Refusal> {
        let (mut checkpoint, mut rows) = self.store.people_of(records.clone()).await?;
        if unmet_token(checkpoint.as_ref(), token)?.is_some() {
            self.checkpoint_for(Demand {
                known_at: None,
                token,
            })
            .await?;
            (checkpoint, rows) = self.store.people_of(records).await?;
        }
        Ok((checkpoint, rows.into_iter().collect()))
    }

    /// The policy that was in force at a known time; the checkpoint is not before it.
    pub(crate) async fn policy_at(
        &self,
        known_at: KnownAt,
        checkpoint: &Checkpoint,
    ) -> Result<Arc<Policy>, Refusal> {
        let policies = self.adopted.by(&self.store, checkpoint).await?;
        Ok(Arc::clone(policies.at(known_at)))
    }

    /// The present answer of a stored row: its view, unless time alone may have changed the answer since, or a policy
    /// was adopted under which it has not been resolved yet.
    pub(crate) async fn present(
        &self,
        record: RecordId,
        row: PersonRow,
        checkpoint: Checkpoint,
    ) -> Result<Answer, Refusal> {
        let effective_on = self.today(&checkpoint);
        let basis = Basis {
            effective_on,
            known_at: checkpoint.known_at,
            known_on: effective_on,
            checkpoint,
            listened: Listened::UntilNow,
        };
        let is_due = row.review_on.is_some_and(|review_on| effective_on >= review_on);
        if is_due || !checkpoint.policy.resolved.includes(row.person) {
            return self.past(record, basis).await;
        }
        // By place, not by known time: a later adoption may have become known at the same instant.
        let policies = self.adopted.by(&self.store, &checkpoint).await?;
        let policy = Arc::clone(policies.after(checkpoint.policy.adoption));
        let mut teacher = Teacher::decode(row.view.clone()).map_err(|error| Refusal::Unreadable {
            what: "person.view",
            of: row.person.to_string(),
            source: Box::new(error),
        })?;
        // An answer that an adoption did not change was not written again.
        teacher.policy_version = policy.version;
        Ok(Answer {
            person: row.person,
            trn: row.trn,
            teacher,
            basis,
            policy,
            sealed: Kept::Row(Box::new(row)),
        })
    }

    /// An answer resolved from history.
    async fn past(&self, record: RecordId, basis: Basis) -> Result<Answer, Refusal> {
        let policy = self.policy_at(basis.known_at, &basis.checkpoint).await?;
        let believed = self.believed(record, basis.known_at).await?;
        // Hardly anyone waits for something heard; who does is resolved again with it.
        let nothing = Hearing::nothing(basis.known_on);
        let answer = believed.on(basis.effective_on, &policy, &nothing);
        let answer = match &answer.awaits {
            None => answer,
            Some(name) => {
                let names = BTreeSet::from([name.clone()]);
                let hearing = self.hearing(names, basis.known_at, basis.known_on).await?;
                believed.on(basis.effective_on, &policy, &hearing)
            }
        };
        Ok(resolved(believed, basis, policy, &answer))
    }

    /// What had been heard of these providers by a known time, with nothing more up to a day.
    pub(crate) async fn hearing(
        &self,
        names: BTreeSet<ProviderName>,
        known_at: KnownAt,
        known_on: Date,
    ) -> Result<Hearing, Refusal> {
        if names.is_empty() {
            return Ok(Hearing::nothing(known_on));
        }
        let hearing = self.store.hearing(Providers::These(names), known_at).await?;
        Ok(Hearing { known_on, ..hearing })
    }

    /// What was believed at a known time of the person to whom the record belonged then. A record that nobody had heard
    /// of by then (a TRN before it was issued) names the person it belongs to now, told under what was known then.
    pub(crate) async fn believed(&self, record: RecordId, known_at: KnownAt) -> Result<Believed, Refusal> {
        if let Some(history) = self.store.history_of(record.clone(), known_at).await? {
            return Believed::of(&history);
        }
        let present = self.store.memberships(vec![record]).await?;
        let named_after = present
            .into_iter()
            .find(|membership| membership.strength.is_none());
        let named_after = named_after.ok_or(Refusal::NotFoundByThen)?.record;
        let history = self.store.history_of(named_after, known_at).await?;
        Believed::of(&history.ok_or(Refusal::NotFoundByThen)?)
    }
}

fn resolved(believed: Believed, basis: Basis, policy: Arc<Policy>, answer: &TeacherRecord) -> Answer {
    let person = believed.person;
    Answer {
        person,
        trn: answer.trn,
        teacher: view::teacher(person, answer),
        basis,
        policy,
        sealed: Kept::History(believed.sealed()),
    }
}
