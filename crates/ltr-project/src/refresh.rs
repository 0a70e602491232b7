//! Answers that time or something heard may have changed, resolved anew: only while no message waits, a few at a time.
//! Who is due is in the store, so nothing is forgotten when the projector stops in between.

use std::collections::BTreeMap;

use ltr_domain::observation::Position;
use ltr_domain::policy::Policy;
use ltr_ports::store::{Checkpoint, Committed, Effects, Store, StoreError};

use crate::{Memory, ProjectError, people};

/// At most so many people at a time: a message that comes meanwhile waits for no more.
const PEOPLE_MAX: u32 = 200;

/// What became of one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// Nobody is due.
    Nobody,
    /// So many answers were resolved anew; more may be due.
    Some {
        /// How many.
        answers: u64,
    },
    /// Another projector moved the cursor, or nobody knows what became of the commit.
    Fenced,
}

/// Resolves the people who have been due longest as of the cursor, under the cursor's fence. Their changes go on after
/// those of the cursor's message.
pub(crate) async fn refresh<S: Store>(
    store: &S,
    memory: &mut Memory,
    policy: &Policy,
    cursor: &Checkpoint,
) -> Result<Refreshed, ProjectError> {
    let today = cursor.known_at.london_date();
    let due = store.due(today, PEOPLE_MAX, cursor.sequence).await?;
    if due.people.is_empty() {
        return Ok(Refreshed::Nobody);
    }
    memory.load_people(store, &due.people).await?;
    memory.listen(store, cursor.known_at).await?;
    let at = Position {
        sequence: cursor.sequence,
        known_at: cursor.known_at,
    };
    let affected: BTreeMap<_, _> = due.people.iter().map(|(person, _)| (*person, at)).collect();
    let mut ear = memory.take_ear(cursor.known_at);
    ear.hearing.known_on = today;
    let resolved = people::resolve(memory, policy, &ear.hearing, &affected, cursor, due.next_ordinal);
    memory.ear = Some(ear);
    let answers = resolved.people.len() as u64;
    let effects = Effects {
        people: resolved.people,
        ended: resolved.ended,
        changes: resolved.changes,
        ..Effects::nothing(Some(*cursor), *cursor)
    };
    match store.commit(effects).await {
        Ok(Committed::Done) => Ok(Refreshed::Some { answers }),
        // Under the same cursor a lost answer cannot be told from a commit: all is read again, and who was not written
        // is due still.
        Ok(Committed::Fenced) | Err(StoreError::Indeterminate { .. }) => Ok(Refreshed::Fenced),
        Err(error) => Err(error.into()),
    }
}
