//! Policies as the log adopts them: read from their messages, kept by the store, in force from their known time on.

use ltr_domain::observation::Position;
use ltr_domain::policy::{NotNewer, Policies, Policy};
use ltr_policy::Mistakes;
use ltr_ports::log::{Log, LogError, LogReader, StoredMessage, Stream};
use ltr_ports::store::{Effects, PolicyCursor, PolicyRow, Resolved, Store};
use ltr_proto::codec::{self, LogEntry, PolicyAdopted};
use ltr_proto::digest::content_digest;
use ltr_proto::subject::Subject;

use crate::incoming;
use crate::{Incoming, ProjectError};

/// Why an adoption on the log changes nothing. It is stepped over, and the policy before stays in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAdopted {
    /// Its text is not a policy.
    #[error("the text has mistakes:\n{0}")]
    Mistakes(#[from] Mistakes),
    /// Its text is not the one its digest was made of.
    #[error("the text is not the one that the digest was made of")]
    Digest,
    /// The message names another version than its text.
    #[error("the message says version {stated:?}, its text {read}")]
    Version {
        /// What the message says.
        stated: String,
        /// What the text says.
        read: u32,
    },
    /// It does not follow the policy in force.
    #[error(transparent)]
    NotNewer(#[from] NotNewer),
}

/// The policy that an adoption would put in force after those before it.
///
/// # Errors
///
/// See [`NotAdopted`].
pub fn read(policies: &Policies, adopted: &PolicyAdopted) -> Result<Policy, NotAdopted> {
    if content_digest(adopted.text.as_bytes()) != adopted.digest {
        return Err(NotAdopted::Digest);
    }
    let policy = ltr_policy::parse(&adopted.text)?.policy;
    if policy.version.to_string() != adopted.version {
        return Err(NotAdopted::Version {
            stated: adopted.version.clone(),
            read: policy.version,
        });
    }
    policies.accepts(&policy)?;
    Ok(policy)
}

/// Every policy that a store has adopted.
///
/// # Errors
///
/// A store that cannot be read, or holds a policy that a later version of this program wrote.
pub async fn stored<S: Store>(store: &S) -> Result<Policies, ProjectError> {
    let mut policies = Policies::default();
    for row in store.policies().await? {
        let unreadable = |reason: NotAdopted| ProjectError::Policy {
            sequence: row.position.sequence,
            reason,
        };
        let read = ltr_policy::parse(&row.text).map_err(|mistakes| unreadable(mistakes.into()))?;
        policies
            .adopt(row.position, read.policy)
            .map_err(|not_newer| unreadable(not_newer.into()))?;
    }
    Ok(policies)
}

/// What the log says of policies: those in force, and the last message about one, whatever became of it.
#[derive(Debug)]
pub struct OnLog {
    /// Every policy adopted.
    pub policies: Policies,
    /// The texts of those, in the same order.
    pub texts: Vec<String>,
    /// The last message on the subject of policies, with its digest.
    pub last: Option<StoredMessage>,
}

/// Reads every adoption on the log, without a store. Known times are those of the messages alone.
///
/// # Errors
///
/// A log that cannot be read.
pub async fn on_log<L: Log>(log: &L) -> Result<OnLog, LogError> {
    let subject = Subject::Policy.to_string();
    let mut found = OnLog {
        policies: Policies::default(),
        texts: Vec::new(),
        last: None,
    };
    let lasts = log.last_of(Stream::Events, vec![subject.clone()]).await?;
    let Some(last) = lasts.get(&subject) else {
        return Ok(found);
    };
    let mut reader = log.reader(Stream::Events, 1, Some(subject)).await?;
    while found
        .last
        .as_ref()
        .is_none_or(|seen| seen.sequence < last.sequence)
    {
        for message in reader.next(READ_MAX, WAIT_MS_MAX).await? {
            found.take(message);
        }
    }
    Ok(found)
}

/// Messages read at once; a log has few about policies.
const READ_MAX: usize = 100;

/// How long to wait for messages that are known to be there, before asking again.
const WAIT_MS_MAX: u64 = 500;

impl OnLog {
    fn take(&mut self, message: StoredMessage) {
        if let Ok(LogEntry::PolicyAdopted(adopted)) = codec::decode(&message.payload)
            && let Ok(policy) = read(&self.policies, &adopted)
        {
            let known = self
                .policies
                .adoptions()
                .last()
                .map(|last| last.position.known_at);
            let position = Position {
                sequence: message.sequence,
                known_at: ltr_domain::time::KnownAt::after(known, adopted.recorded_at),
            };
            if self.policies.adopt(position, policy).is_ok() {
                self.texts.push(adopted.text);
            }
        }
        self.last = Some(message);
    }
}

/// Cuts a stretch of messages so that an adoption is a batch of its own; gives back what comes after.
pub(crate) fn cut(messages: &mut Vec<StoredMessage>) -> Vec<StoredMessage> {
    let adoption = messages.iter().position(is_adoption);
    match adoption {
        None => Vec::new(),
        Some(0) => messages.split_off(1),
        Some(at) => messages.split_off(at),
    }
}

fn is_adoption(message: &StoredMessage) -> bool {
    message.subject == SUBJECT
}

/// The subject of adoptions, as a text to compare every message's with.
const SUBJECT: &str = "ltr.policy";

/// Adds to a batch's effects the policy that it adopts, if it does, and says from which messages it came.
pub(crate) fn adopt(
    effects: &mut Effects,
    policies: &Policies,
    batch: &Incoming,
    subject: &str,
) -> Option<(Position, Policy)> {
    if subject != SUBJECT {
        return None;
    }
    let [
        incoming::Message {
            position,
            entry: LogEntry::PolicyAdopted(adopted),
            ..
        },
    ] = batch.messages.as_slice()
    else {
        return None;
    };
    match read(policies, adopted) {
        Ok(policy) => {
            effects.policies.push(PolicyRow {
                position: *position,
                version: policy.version,
                digest: adopted.digest,
                text: adopted.text.clone(),
            });
            effects.to.policy = PolicyCursor {
                adoption: position.sequence,
                resolved: Resolved::Nobody,
            };
            Some((*position, policy))
        }
        Err(reason) => {
            tracing::error!(
                sequence = position.sequence,
                %reason,
                "a policy on the log is not adopted; the one before stays in force"
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_compared_with_is_that_of_adoptions() {
        assert_eq!(Subject::Policy.to_string(), SUBJECT);
    }

    #[test]
    fn an_adoption_is_cut_from_what_is_before_and_after_it() {
        let message = |sequence, subject: &str| StoredMessage {
            sequence,
            subject: subject.to_owned(),
            payload: bytes::Bytes::new(),
            digest: None,
            stored_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let mut left = vec![
            message(1, "ltr.record.trs.person.1"),
            message(2, SUBJECT),
            message(3, SUBJECT),
            message(4, "ltr.record.trs.person.2"),
            message(5, "ltr.record.trs.person.1"),
        ];
        let mut batches = Vec::new();
        while !left.is_empty() {
            let rest = cut(&mut left);
            batches.push(left.iter().map(|message| message.sequence).collect::<Vec<_>>());
            left = rest;
        }
        assert_eq!(batches, [vec![1], vec![2], vec![3], vec![4, 5]]);
    }
}
