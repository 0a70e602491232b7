//! What is known of the records that a delivery will most likely tell of, read beforehand: those that the complete delivery
//! before it had. Asked for record by record, each costs the server and us more than everything else that is done with its
//! row; read one after the other, a fraction. Kept of each is a digest of its state, and its wrapped keys.
//!
//! It only spares questions. A record that it lacks is asked for, and so is one that it holds otherwise than a row says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_ports::log::{Each, Log, LogError, LogReader, StoredMessage, Stream};
use ltr_proto::digest::content_digest;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_proto::subject::{Subject, every_key, every_record};
use ltr_sources::Mapped;

use super::glance;
use crate::context::Context;
use crate::history::Run;
use crate::known::key_groups;

/// Of fewer records each is asked for.
const RECORDS_MIN: u64 = 2_000;

/// Where the log holds more than so many records for each one that is wanted, each is asked for.
const OTHERS_MAX: u64 = 4;

const READ_MAX: usize = 1_000;

/// What does not come within this time is asked for.
const READ_WAIT_MS: u64 = 2_000;

/// What is known beforehand.
#[derive(Default)]
pub(super) struct Beforehand {
    /// Digests of the last state of each record, as it is on the log.
    states: HashMap<RecordId, [u8; 32]>,
    /// Its keys, as they are on the log.
    keys: HashMap<RecordId, Box<[u8]>>,
}

impl Beforehand {
    /// Reads what it can of the records of the delivery before. What cannot be read is left out.
    pub(super) async fn read<L: Log>(context: &Context<'_, L>, baseline: Option<&Run>) -> Self {
        let mut known = Self::default();
        let Some(baseline) = baseline else { return known };
        let mut counts: BTreeMap<RecordKind, u64> = BTreeMap::new();
        for record in &*baseline.seen {
            *counts.entry(record.kind).or_default() += 1;
        }
        for (kind, count) in counts.into_iter().filter(|(_, count)| *count >= RECORDS_MIN) {
            let wanted = Wanted {
                kind,
                count,
                records: &baseline.seen,
            };
            if let Err(error) = known.add(context.log, &wanted).await {
                tracing::debug!(kind = kind.token(), %error, "what is known is not read beforehand");
            }
        }
        known
    }

    async fn add<L: Log>(&mut self, log: &L, wanted: &Wanted<'_>) -> Result<(), LogError> {
        let (states, keys) = (&mut self.states, &mut self.keys);
        let take_state = |record, message: &StoredMessage| {
            match glance::state_of(&message.payload) {
                Some(state) => _ = states.insert(record, content_digest(state)),
                // A message that tells no state is the last one all the same.
                None => _ = states.remove(&record),
            }
        };
        let take_keys = |record, message: &StoredMessage| _ = keys.insert(record, message.payload[..].into());
        let states = wanted.read(log, Stream::Events, every_record(wanted.kind), take_state);
        if key_groups(wanted.kind).is_empty() {
            return states.await;
        }
        let keys = wanted.read(log, Stream::Keys, every_key(wanted.kind), take_keys);
        tokio::try_join!(states, keys).map(|_| ())
    }

    /// Whether a row says what is known of its record.
    pub(super) fn is_known(&self, mapped: &Mapped, kek: &KeyEncryptionKey) -> bool {
        let Some(state) = self.states.get(&mapped.record) else {
            return false;
        };
        let keys = self.keys.get(&mapped.record).map(|keys| &keys[..]);
        glance::state_told(mapped, keys, kek).is_some_and(|told| content_digest(&told) == *state)
    }
}

/// Records of one kind.
struct Wanted<'a> {
    kind: RecordKind,
    count: u64,
    records: &'a BTreeSet<RecordId>,
}

impl Wanted<'_> {
    /// Reads the last message of each, unless too many others would come with them.
    async fn read<L: Log>(
        &self,
        log: &L,
        stream: Stream,
        filter: String,
        mut take: impl FnMut(RecordId, &StoredMessage),
    ) -> Result<(), LogError> {
        let Some(Each { subjects, mut reader }) = log.last_of_each(stream, filter).await? else {
            return Ok(());
        };
        if subjects > self.count.saturating_mul(OTHERS_MAX) {
            return Ok(());
        }
        let mut left = subjects;
        while left > 0 {
            let messages = reader.next(READ_MAX, READ_WAIT_MS).await?;
            if messages.is_empty() {
                return Ok(());
            }
            left = left.saturating_sub(messages.len() as u64);
            for message in messages {
                let record = record_of(&message.subject).filter(|record| self.records.contains(record));
                if let Some(record) = record {
                    take(record, &message);
                }
            }
        }
        Ok(())
    }
}

fn record_of(subject: &str) -> Option<RecordId> {
    match Subject::parse(subject).ok()? {
        Subject::Record(record) | Subject::Key(record) => Some(record),
        Subject::Delivery(_)
        | Subject::Identity(_)
        | Subject::Quarantine(_)
        | Subject::Policy
        | Subject::Calendar { .. }
        | Subject::Evidence(_)
        | Subject::KeptRow(_)
        | Subject::RowKey(_) => None,
    }
}
