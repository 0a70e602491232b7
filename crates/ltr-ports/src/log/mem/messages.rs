//! One stream's messages, with an index by subject. Knows nothing of time, waiting or other streams.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_proto::digest::message_digest;

use crate::log::{NewMessage, Published, StoredMessage, Stream, subject};

/// How many messages of a subject are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    All,
    Last,
}

#[derive(Clone)]
pub(super) struct Messages {
    kept: Kept,
    /// Sequence `n` is at index `n - 1`; `None` where a message was removed.
    by_sequence: Vec<Option<StoredMessage>>,
    /// The sequences still there, ascending.
    by_subject: BTreeMap<String, Vec<u64>>,
    /// Messages still there, and their bytes: asked for with every fact about the stream.
    count: u64,
    bytes: u64,
}

impl Messages {
    pub(super) fn of(stream: Stream) -> Self {
        let kept = match stream {
            Stream::Events | Stream::Evidence => Kept::All,
            Stream::Keys => Kept::Last,
        };
        Self {
            kept,
            by_sequence: Vec::new(),
            by_subject: BTreeMap::new(),
            count: 0,
            bytes: 0,
        }
    }

    pub(super) fn last_sequence(&self) -> u64 {
        self.by_sequence.len() as u64
    }

    /// As on the server: where everything was removed, the sequence that comes next.
    pub(super) fn first_sequence(&self) -> u64 {
        if self.by_sequence.is_empty() {
            return 0;
        }
        let removed = self
            .by_sequence
            .iter()
            .take_while(|message| message.is_none())
            .count();
        removed as u64 + 1
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn at(&self, sequence: u64) -> Option<&StoredMessage> {
        let index = usize::try_from(sequence.checked_sub(1)?).ok()?;
        self.by_sequence.get(index)?.as_ref()
    }

    pub(super) fn at_mut(&mut self, sequence: u64) -> Option<&mut StoredMessage> {
        let index = usize::try_from(sequence.checked_sub(1)?).ok()?;
        self.by_sequence.get_mut(index)?.as_mut()
    }

    pub(super) fn last_of(&self, subject: &str) -> Option<&StoredMessage> {
        self.at(*self.by_subject.get(subject)?.last()?)
    }

    pub(super) fn is_last(&self, message: &StoredMessage) -> bool {
        self.last_of(&message.subject)
            .is_some_and(|last| last.sequence == message.sequence)
    }

    pub(super) fn count_subjects(&self, filter: &str) -> u64 {
        self.by_subject
            .keys()
            .filter(|subject| subject::matches(filter, subject))
            .count() as u64
    }

    /// The messages of a subject that are still there, from a sequence on.
    pub(super) fn of_subject(&self, subject: &str, from: u64) -> impl Iterator<Item = &StoredMessage> {
        let sequences = self.by_subject.get(subject).map_or(&[][..], Vec::as_slice);
        let earlier = sequences.partition_point(|sequence| *sequence < from);
        sequences[earlier..]
            .iter()
            .filter_map(|sequence| self.at(*sequence))
    }

    /// All or none: every expectation is checked before the first message is stored.
    pub(super) fn append(&mut self, messages: Vec<NewMessage>, stored_at: Timestamp) -> Published {
        let holds = |message: &NewMessage| {
            let last = self.last_of(&message.subject).map_or(0, |last| last.sequence);
            message.expected_last.is_none_or(|expected| expected == last)
        };
        if !messages.iter().all(holds) {
            return Published::Refused;
        }
        let first_sequence = self.last_sequence() + 1;
        for message in messages {
            self.store(message, stored_at);
        }
        Published::Stored {
            first_sequence,
            last_sequence: self.last_sequence(),
        }
    }

    fn store(&mut self, message: NewMessage, stored_at: Timestamp) {
        if self.kept == Kept::Last {
            self.purge(&message.subject);
        }
        let sequence = self.last_sequence() + 1;
        let NewMessage {
            subject,
            payload,
            expected_last: _,
        } = message;
        self.by_subject.entry(subject.clone()).or_default().push(sequence);
        let digest = Some(message_digest(&subject, &payload));
        self.count += 1;
        self.bytes += size(&subject, &payload);
        self.by_sequence.push(Some(StoredMessage {
            sequence,
            subject,
            payload,
            digest,
            stored_at,
        }));
    }

    pub(super) fn purge(&mut self, subject: &str) -> u64 {
        let removed = self.by_subject.remove(subject).unwrap_or_default();
        for sequence in &removed {
            let gone = self.by_sequence[index_of(*sequence)].take();
            self.discount(gone.iter());
        }
        removed.len() as u64
    }

    fn discount<'a>(&mut self, gone: impl Iterator<Item = &'a StoredMessage>) {
        for message in gone {
            self.count -= 1;
            self.bytes -= size(&message.subject, &message.payload);
        }
    }

    /// Forgets everything after `last_sequence`, as if the stream had never got further.
    pub(super) fn truncate(&mut self, last_sequence: u64) {
        let kept = usize::try_from(last_sequence).unwrap_or(usize::MAX);
        let gone = self.by_sequence.split_off(kept.min(self.by_sequence.len()));
        self.discount(gone.iter().flatten());
        self.by_subject.retain(|_, sequences| {
            sequences.retain(|sequence| *sequence <= last_sequence);
            !sequences.is_empty()
        });
    }
}

fn size(subject: &str, payload: &[u8]) -> u64 {
    (subject.len() + payload.len()) as u64
}

fn index_of(sequence: u64) -> usize {
    usize::try_from(sequence - 1).expect("an index made here fits a usize")
}
