//! What the log tells the connectors: where each feed got to, and whom to read again. Read from the log in one pass at
//! the start and onwards from there, and kept nowhere else, so that a connector that is killed resumes from the log.
//!
//! The pass is not filtered by subject: what is left out would be little (vacancies, judgements), and only an
//! unfiltered reader knows when it has come to the end.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, DeliveryStep, FeedMessage, PageRecorded, Scope};
use ltr_domain::ids::{DeliveryId, Feed, RecordKind};
use ltr_domain::observation::Observation;
use ltr_domain::record::{Body, State};
use ltr_ports::log::{Log, LogError, LogReader, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};

pub mod applicants;
pub mod teachers;

use applicants::Applicants;
use teachers::Teachers;

/// So many messages are read at a time.
const READ_MAX: usize = 500;

/// Long enough for messages that are there to arrive, in milliseconds.
const READ_WAIT_MS: u64 = 10_000;

/// What is remembered of the deliveries of one feed and scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// When the latest closed delivery's snapshot was taken, complete or partial: everything up to then is known.
    pub read_at: Option<Timestamp>,
    /// The same of complete ones.
    pub swept_at: Option<Timestamp>,
    /// Whether any of them had rows.
    pub had_rows: bool,
}

/// What the log told so far.
#[derive(Debug, Default)]
pub struct Book {
    pasts: BTreeMap<(Feed, Scope), Past>,
    open: HashMap<DeliveryId, Opened>,
    manifests: BTreeMap<Feed, Vec<String>>,
    /// Apply's candidates.
    pub applicants: Applicants,
    /// TRNs.
    pub teachers: Teachers,
}

/// A delivery that was opened and not closed yet.
#[derive(Debug)]
struct Opened {
    feed: Feed,
    scope: Scope,
    completeness: Completeness,
    taken_at: Timestamp,
    manifest: Vec<String>,
}

/// At most so many deliveries that were never closed are remembered: those are the ones that were broken off.
const OPEN_MAX: usize = 256;

impl Book {
    /// What is known of a feed's deliveries of one scope.
    #[must_use]
    pub fn past(&self, feed: Feed, scope: &Scope) -> Past {
        self.pasts
            .get(&(feed, scope.clone()))
            .copied()
            .unwrap_or_default()
    }

    /// What closed deliveries of a feed were handed, of feeds whose manifests name files.
    #[must_use]
    pub fn manifests(&self, feed: Feed) -> &[String] {
        self.manifests.get(&feed).map_or(&[], Vec::as_slice)
    }

    /// Takes up one message. What cannot be read is stepped over: it is the projector that reports it.
    pub fn take(&mut self, message: &StoredMessage) {
        let is_ours = [
            "ltr.delivery.",
            "ltr.record.register.",
            "ltr.record.trs.",
            "ltr.record.apply.",
        ]
        .iter()
        .any(|family| message.subject.starts_with(family));
        if !is_ours {
            return;
        }
        match codec::decode(&message.payload) {
            Ok(LogEntry::Feed(message)) => self.take_step(message),
            Ok(LogEntry::Observation { observation, .. }) => self.take_observation(&observation),
            Ok(
                LogEntry::Quarantined(_)
                | LogEntry::Heartbeat { .. }
                | LogEntry::CalendarMilestone(_)
                | LogEntry::PolicyAdopted(_)
                | LogEntry::Erased(_)
                | LogEntry::Judgement(_)
                | LogEntry::Unrecognised { .. },
            )
            | Err(_) => {}
        }
    }

    fn take_step(&mut self, message: FeedMessage) {
        let FeedMessage {
            feed, delivery, step, ..
        } = message;
        match step {
            DeliveryStep::Opened {
                scope,
                completeness,
                taken_at,
                manifest,
            } => {
                if self.open.len() >= OPEN_MAX {
                    // Forgetting one that is still going on means that its stretch is read once more.
                    self.open.clear();
                }
                let opened = Opened {
                    feed,
                    scope,
                    completeness,
                    taken_at: taken_at.0,
                    manifest,
                };
                self.open.insert(delivery, opened);
            }
            DeliveryStep::PageRecorded(page) => self.take_page(&page),
            // Nothing of it was published: it is read again as if it had never come.
            DeliveryStep::Held(_) | DeliveryStep::Decided(_) | DeliveryStep::Released(_) => {}
            DeliveryStep::Closed { counts, .. } => {
                if let Some(opened) = self.open.remove(&delivery) {
                    self.close(opened, counts.rows > 0);
                }
            }
        }
    }

    fn take_page(&mut self, page: &PageRecorded) {
        for record in &page.seen {
            match record.kind {
                RecordKind::TrsPerson => self.teachers.was_read(&record.key, page.taken_at.0),
                RecordKind::ApplyCandidate => self.applicants.was_seen(&record.key, page.taken_at.0),
                RecordKind::ApplyChoice
                | RecordKind::ApplyRecruit
                | RecordKind::RegisterTrainee
                | RecordKind::TvJobApplication
                | RecordKind::TvVacancy
                | RecordKind::TvPosting => {}
            }
        }
    }

    fn close(&mut self, opened: Opened, has_rows: bool) {
        let past = self.pasts.entry((opened.feed, opened.scope)).or_default();
        past.read_at = past.read_at.max(Some(opened.taken_at));
        past.had_rows |= has_rows;
        if opened.completeness == Completeness::Complete {
            past.swept_at = past.swept_at.max(Some(opened.taken_at));
        }
        if matches!(opened.feed, Feed::TvVacancies | Feed::TvJobApplications) {
            self.manifests
                .entry(opened.feed)
                .or_default()
                .extend(opened.manifest);
        }
    }

    fn take_observation(&mut self, observation: &Observation<State>) {
        let key = &observation.record.key;
        match &observation.state.body {
            Body::RegisterTrainee(trainee) => self.teachers.trains(trainee),
            Body::TrsPerson(person) => self.teachers.answered(key, person),
            Body::ApplyChoice(choice) => self.applicants.chose(key, choice),
            Body::ApplyCandidate(_)
            | Body::ApplyRecruit(_)
            | Body::TvJobApplication(_)
            | Body::TvVacancy(_)
            | Body::TvPosting(_) => {}
        }
    }
}

/// A book with its place in the log.
pub struct Reading<L: Log> {
    log: L,
    reader: Option<L::Reader>,
    read_to: u64,
    /// What was read so far.
    pub book: Book,
}

impl<L: Log> std::fmt::Debug for Reading<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("read_to", &self.read_to)
            .finish_non_exhaustive()
    }
}

impl<L: Log> Reading<L> {
    /// A book that has not been begun.
    #[must_use]
    pub fn new(log: L) -> Self {
        Self {
            log,
            reader: None,
            read_to: 0,
            book: Book::default(),
        }
    }

    /// Reads on to where the log ends now.
    ///
    /// # Errors
    ///
    /// A log that cannot be read. What was read stays read.
    pub async fn catch_up(&mut self) -> Result<(), LogError> {
        let end = self.log.facts(Stream::Events).await?.last_sequence;
        while self.read_to < end {
            let reader = match &mut self.reader {
                Some(reader) => reader,
                none => none.insert(self.log.reader(Stream::Events, self.read_to + 1, None).await?),
            };
            let messages = match reader.next(READ_MAX, READ_WAIT_MS).await {
                Ok(messages) if !messages.is_empty() => messages,
                Ok(_) => {
                    self.reader = None;
                    return Ok(());
                }
                Err(error) => {
                    self.reader = None;
                    return Err(error);
                }
            };
            for message in &messages {
                self.book.take(message);
                self.read_to = message.sequence;
            }
        }
        Ok(())
    }
}
