//! The policies that answers are resolved under, read from the store once for each adoption.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use ltr_domain::policy::Policies;
use ltr_ports::store::{Checkpoint, PolicyRow, Store};

use crate::status::Refusal;

/// Keeps the policies last read.
#[derive(Debug, Default)]
pub(crate) struct Adopted {
    latest: RwLock<Option<Reading>>,
}

/// The policies of one very log, up to an adoption.
#[derive(Debug, Clone)]
struct Reading {
    stream_created_at: Timestamp,
    adoption: u64,
    policies: Arc<Policies>,
}

impl Adopted {
    /// Every policy adopted up to the checkpoint, perhaps more: which one was in force is asked by known time.
    pub(crate) async fn by<S: Store>(
        &self,
        store: &S,
        checkpoint: &Checkpoint,
    ) -> Result<Arc<Policies>, Refusal> {
        if let Some(policies) = self.kept(checkpoint) {
            return Ok(policies);
        }
        // Nothing was ever adopted: there is nothing to read.
        let rows = if checkpoint.policy.adoption == 0 {
            Vec::new()
        } else {
            store.policies().await?
        };
        let adoption = rows.last().map_or(0, |row| row.position.sequence);
        if adoption < checkpoint.policy.adoption {
            return Err(unreadable(checkpoint.policy.adoption, "it is not in the store"));
        }
        let reading = Reading {
            stream_created_at: checkpoint.stream_created_at,
            adoption,
            policies: Arc::new(read(rows)?),
        };
        let policies = Arc::clone(&reading.policies);
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        Ok(policies)
    }

    fn kept(&self, checkpoint: &Checkpoint) -> Option<Arc<Policies>> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner);
        let reading = latest.as_ref()?;
        let covers = reading.stream_created_at == checkpoint.stream_created_at
            && reading.adoption >= checkpoint.policy.adoption;
        covers.then(|| Arc::clone(&reading.policies))
    }
}

fn read(rows: Vec<PolicyRow>) -> Result<Policies, Refusal> {
    let mut policies = Policies::default();
    for row in rows {
        let sequence = row.position.sequence;
        let document = ltr_policy::parse(&row.text).map_err(|mistakes| unreadable(sequence, mistakes))?;
        policies
            .adopt(row.position, document.policy)
            .map_err(|not_newer| unreadable(sequence, not_newer))?;
    }
    Ok(policies)
}

/// A policy that was adopted cannot be read: this program is older than the one that adopted it.
fn unreadable(sequence: u64, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Refusal {
    Refusal::Unreadable {
        what: "policy.text",
        of: sequence.to_string(),
        source: why.into(),
    }
}
