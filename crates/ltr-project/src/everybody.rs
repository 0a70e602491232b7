//! Everybody resolved anew under another policy, in bounded steps: for the projector after an adoption, and for whoever
//! asks what an adoption would change.

use std::collections::BTreeSet;

use ltr_domain::fold::RecordFold;
use ltr_domain::hearing::Hearing;
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::policy::{Policies, Policy};
use ltr_domain::teacher::providers;
use ltr_ports::store::{
    ChangeRow, Checkpoint, Effects, PersonRow, PolicyCursor, Providers, Resolved, Store, StoreError,
};

use crate::Memory;
use crate::people::row_of;

/// The answers of some people under two policies.
#[derive(Debug)]
pub struct Compared {
    /// The last of them; `None`: there is nobody left.
    pub last: Option<PersonId>,
    /// How many they are.
    pub people: usize,
    /// Those whose answers differ, in the order of ids.
    pub differing: Vec<Differing>,
}

/// One person's answers under two policies.
#[derive(Debug)]
pub struct Differing {
    /// Under the one.
    pub before: PersonRow,
    /// Under the other.
    pub after: PersonRow,
}

/// Compares the answers of the next people after one, on the day of the checkpoint. Answers are compared by their record
/// digests, which leave out the number of the policy.
///
/// # Errors
///
/// A store that cannot be read.
pub async fn compare<S: Store>(
    store: &S,
    at: &Checkpoint,
    policies: (&Policy, &Policy),
    after: Option<PersonId>,
    people_max: u32,
) -> Result<Compared, StoreError> {
    let memberships = store.people_after(after, people_max).await?;
    let mut people: Vec<PersonId> = memberships.iter().map(|membership| membership.person).collect();
    people.dedup();
    let records: BTreeSet<RecordId> = memberships
        .into_iter()
        .map(|membership| membership.record)
        .collect();
    let mut memory = Memory::new(records.len());
    memory.load_records(store, records).await?;
    let folds: Vec<&RecordFold> = memory
        .records
        .values()
        .filter_map(|kept| kept.fold.as_ref())
        .collect();
    let names = providers(&folds);
    let known_on = at.known_at.london_date();
    let hearing = if names.is_empty() {
        Hearing::nothing(known_on)
    } else {
        let heard = store.hearing(Providers::These(names), at.known_at).await?;
        Hearing { known_on, ..heard }
    };
    let mut differing = Vec::new();
    for person in &people {
        let row = |policy| row_of(&memory, policy, &hearing, *person, at);
        let (Some(before), Some(after)) = (row(policies.0), row(policies.1)) else {
            continue;
        };
        if before.digest != after.digest {
            differing.push(Differing { before, after });
        }
    }
    Ok(Compared {
        last: people.last().copied(),
        people: people.len(),
        differing,
    })
}

/// The next step of resolving everybody under the policy adopted last: the effects of one transaction, at the same
/// place on the log. `None`: there is nothing to do.
pub(crate) async fn step<S: Store>(
    store: &S,
    policies: &Policies,
    at: &Checkpoint,
    people_max: u32,
) -> Result<Option<Effects>, StoreError> {
    let (after, changes) = match at.policy.resolved {
        Resolved::Everybody => return Ok(None),
        Resolved::Nobody => (None, 0),
        Resolved::UpTo { person, changes } => (Some(person), changes),
    };
    let adoption = at.policy.adoption;
    let both = (
        &**policies.after(adoption.saturating_sub(1)),
        &**policies.after(adoption),
    );
    let compared = compare(store, at, both, after, people_max).await?;
    let ordinals = changes..;
    let rows = compared
        .differing
        .iter()
        .zip(ordinals)
        .map(|(one, ordinal)| ChangeRow {
            sequence: adoption,
            ordinal,
            person: one.after.person,
            digest: one.after.digest,
            known_at: at.known_at,
        });
    let changes_now: Vec<ChangeRow> = rows.collect();
    let resolved = match compared.last {
        Some(person) => Resolved::UpTo {
            person,
            changes: changes_now.last().map_or(changes, |last| last.ordinal + 1),
        },
        None => Resolved::Everybody,
    };
    let to = Checkpoint {
        policy: PolicyCursor { adoption, resolved },
        ..*at
    };
    let mut effects = Effects::nothing(Some(*at), to);
    effects.people = compared.differing.into_iter().map(|one| one.after).collect();
    effects.changes = changes_now;
    Ok(Some(effects))
}
