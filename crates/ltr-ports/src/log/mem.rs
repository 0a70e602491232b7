//! The log in memory: the twin that tests and dry runs use. Nothing survives the last clone.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

mod hooks;
mod messages;

use self::messages::Messages;
use super::{
    ClockKind, Each, Log, LogError, LogReader, NewMessage, Published, StoredMessage, Stream, StreamFacts,
    check, subject,
};
use crate::clock::{Clock, ManualClock};

/// The three streams in memory. Clones share them.
#[derive(Clone)]
pub struct MemLog(Arc<Shared>);

struct Shared {
    kind: ClockKind,
    created_at: Timestamp,
    clock: Arc<dyn Clock>,
    streams: Mutex<[Messages; 3]>,
    changed: Notify,
}

impl MemLog {
    /// An empty log made at `created_at`; the time at which it says that messages were stored stands still there.
    #[must_use]
    pub fn new(kind: ClockKind, created_at: Timestamp) -> Self {
        Self::with_clock(kind, created_at, Arc::new(ManualClock::at(created_at)))
    }

    /// An empty log made at `created_at`, whose messages are stored when `clock` says.
    #[must_use]
    pub fn with_clock(kind: ClockKind, created_at: Timestamp, clock: Arc<dyn Clock>) -> Self {
        let streams = Mutex::new(Stream::ALL.map(Messages::of));
        Self(Arc::new(Shared {
            kind,
            created_at,
            clock,
            streams,
            changed: Notify::new(),
        }))
    }

    fn streams(&self) -> MutexGuard<'_, [Messages; 3]> {
        self.0.streams.lock().expect("no holder of this lock panics")
    }

    fn on<T>(&self, stream: Stream, work: impl FnOnce(&mut Messages) -> T) -> T {
        work(&mut self.streams()[stream as usize])
    }
}

impl Log for MemLog {
    type Reader = MemReader;

    async fn publish(&self, stream: Stream, messages: Vec<NewMessage>) -> Result<Published, LogError> {
        check::publish(stream, &messages).map_err(|mistake| mistake.of("publishing", stream))?;
        let stored_at = self.0.clock.now();
        let published = self.on(stream, |kept| kept.append(messages, stored_at));
        self.0.changed.notify_waiters();
        Ok(published)
    }

    async fn last_of(
        &self,
        stream: Stream,
        subjects: Vec<String>,
    ) -> Result<BTreeMap<String, StoredMessage>, LogError> {
        Ok(self.on(stream, |kept| {
            let last = |subject: String| Some((subject.clone(), kept.last_of(&subject)?.clone()));
            subjects.into_iter().filter_map(last).collect()
        }))
    }

    async fn last_of_each(
        &self,
        stream: Stream,
        filter: String,
    ) -> Result<Option<Each<MemReader>>, LogError> {
        let (subjects, last_of_each_to) = self.on(stream, |kept| {
            (kept.count_subjects(&filter), kept.last_sequence())
        });
        let reader = MemReader {
            log: self.clone(),
            stream,
            filter: Some(filter),
            next_sequence: 1,
            last_of_each_to,
            returned: 0,
        };
        Ok(Some(Each { subjects, reader }))
    }

    async fn get(&self, stream: Stream, sequence: u64) -> Result<Option<StoredMessage>, LogError> {
        Ok(self.on(stream, |kept| kept.at(sequence).cloned()))
    }

    async fn facts(&self, stream: Stream) -> Result<StreamFacts, LogError> {
        Ok(self.on(stream, |kept| StreamFacts {
            created_at: self.0.created_at,
            first_sequence: kept.first_sequence(),
            last_sequence: kept.last_sequence(),
            messages: kept.count(),
            bytes: kept.bytes(),
            clock: self.0.kind,
            allows_atomic: true,
        }))
    }

    async fn reader(
        &self,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> Result<MemReader, LogError> {
        Ok(MemReader {
            log: self.clone(),
            stream,
            filter,
            next_sequence: from_sequence.max(1),
            last_of_each_to: 0,
            returned: 0,
        })
    }

    async fn purge(&self, stream: Stream, subject: String) -> Result<u64, LogError> {
        check::purge(stream, &subject).map_err(|mistake| mistake.of("purging", stream))?;
        Ok(self.on(stream, |kept| kept.purge(&subject)))
    }
}

/// Says how much is there, never what.
impl fmt::Debug for MemLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let streams = self.streams();
        let counts = Stream::ALL.map(|stream| (stream.name(), streams[stream as usize].count()));
        f.debug_tuple("MemLog").field(&counts).finish()
    }
}

/// Reads a [`MemLog`]'s stream.
#[derive(Debug)]
pub struct MemReader {
    log: MemLog,
    stream: Stream,
    filter: Option<String>,
    next_sequence: u64,
    /// Up to this sequence only what is the last of its subject is returned.
    last_of_each_to: u64,
    /// The last sequence returned.
    returned: u64,
}

impl MemReader {
    /// What is there now, at most `max`.
    fn take(&mut self, max: usize) -> Result<Vec<StoredMessage>, LogError> {
        let streams = self.log.streams();
        let kept = &streams[self.stream as usize];
        if self.returned > kept.last_sequence() {
            return Err(LogError::Unsuitable(format!(
                "{} ends at {}, before {}, which was read from it: it was cut or replaced",
                self.stream,
                kept.last_sequence(),
                self.returned
            )));
        }
        let is_told =
            |message: &&StoredMessage| message.sequence > self.last_of_each_to || kept.is_last(message);
        let taken = match &self.filter {
            // As on the server, what is on other subjects costs nothing.
            Some(filter) if subject::is_literal(filter) => {
                let later = kept.of_subject(filter, self.next_sequence);
                let taken: Vec<_> = later.filter(is_told).take(max).cloned().collect();
                self.next_sequence = match taken.last() {
                    Some(last) if taken.len() == max => last.sequence + 1,
                    _ => self.next_sequence.max(kept.last_sequence() + 1),
                };
                taken
            }
            filter => {
                let mut taken = Vec::new();
                while taken.len() < max && self.next_sequence <= kept.last_sequence() {
                    let wanted = |message: &&StoredMessage| {
                        filter
                            .as_ref()
                            .is_none_or(|filter| subject::matches(filter, &message.subject))
                            && is_told(message)
                    };
                    taken.extend(kept.at(self.next_sequence).filter(wanted).cloned());
                    self.next_sequence += 1;
                }
                taken
            }
        };
        if let Some(last) = taken.last() {
            self.returned = last.sequence;
        }
        Ok(taken)
    }
}

impl LogReader for MemReader {
    async fn next(&mut self, max: usize, wait_ms_max: u64) -> Result<Vec<StoredMessage>, LogError> {
        let deadline = Instant::now() + Duration::from_millis(wait_ms_max);
        let shared = Arc::clone(&self.log.0);
        loop {
            // Listening begins before looking, so that what is published in between wakes us.
            let changed = shared.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            let taken = self.take(max)?;
            if !taken.is_empty() || timeout_at(deadline, changed).await.is_err() {
                return Ok(taken);
            }
        }
    }
}

#[cfg(test)]
mod tests;
