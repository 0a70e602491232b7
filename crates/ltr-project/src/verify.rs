//! Checking the log against itself: every digest, every chain, every page's binding, and, where the store's cursor is
//! given, the running digest. An altered byte of a subject, a payload or a digest is found wherever it is; so is a
//! message that is missing from the event stream.

use std::collections::{BTreeMap, HashMap};

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_ports::log::{Log, LogError, LogReader, StoredMessage, Stream};
use ltr_ports::store::Checkpoint;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::digest::{batch_digest, message_digest, running_digest};
use ltr_proto::subject::Subject;

/// What a check of the log found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogReport {
    /// Messages checked, by stream.
    pub messages: BTreeMap<&'static str, u64>,
    /// Observations whose evidence is no longer there: erased or past its retention. No fault.
    pub evidence_gone: u64,
    /// Whether the store's cursor was compared with the running digest.
    pub cursor_checked: bool,
    /// What is wrong, by stream and sequence, first found first.
    pub faults: Vec<Fault>,
}

/// Something wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which stream.
    pub stream: Stream,
    /// At which sequence.
    pub sequence: u64,
    /// What.
    pub kind: FaultKind,
}

/// What can be wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// Its digest is not that of its subject and payload.
    Digest,
    /// It carries no digest.
    NoDigest,
    /// It cannot be decoded.
    Undecodable,
    /// It is not on the subject that its content names.
    Subject,
    /// It does not name the message before it on its subject.
    Chain,
    /// A page does not bind the messages of its batch.
    Batch,
    /// The evidence it names is another message.
    Evidence,
    /// Messages before it are missing.
    Gap,
    /// The running digest up to the store's cursor is another one.
    Cursor,
}

impl FaultKind {
    /// The name used in JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::NoDigest => "no_digest",
            Self::Undecodable => "undecodable",
            Self::Subject => "subject",
            Self::Chain => "chain",
            Self::Batch => "batch",
            Self::Evidence => "evidence",
            Self::Gap => "gap",
            Self::Cursor => "cursor",
        }
    }
}

/// Messages read at once.
const READ_MAX: usize = 5_000;

/// Checks all three streams. Memory: about 150 bytes for each subject and each evidence message.
///
/// # Errors
///
/// A log that cannot be read.
pub async fn verify<L: Log>(
    log: &L,
    cursor: Option<Checkpoint>,
    mut on_message: impl FnMut(u64) + Send,
) -> Result<LogReport, LogError> {
    let mut report = LogReport::default();
    let mut evidence: HashMap<u64, MessageDigest> = HashMap::new();
    for stream in [Stream::Keys, Stream::Evidence] {
        each(log, stream, &mut on_message, |message| {
            let digest = report.check_message(stream, message);
            let decodes = match stream {
                Stream::Keys | Stream::Evidence => is_beside_the_events(message),
                Stream::Events => true,
            };
            if !decodes {
                report.fault(stream, message.sequence, FaultKind::Undecodable);
            }
            if stream == Stream::Evidence {
                evidence.insert(message.sequence, digest);
            }
        })
        .await?;
    }
    let mut events = Events {
        last: HashMap::new(),
        batch: Vec::new(),
        running: [0; 32],
        previous: 0,
        evidence,
        cursor,
    };
    each(log, Stream::Events, &mut on_message, |message| {
        events.check(message, &mut report)
    })
    .await?;
    if cursor.is_some_and(|cursor| cursor.sequence > events.previous) {
        report.fault(Stream::Events, events.previous, FaultKind::Cursor);
    }
    Ok(report)
}

async fn each<L: Log>(
    log: &L,
    stream: Stream,
    on_message: &mut (impl FnMut(u64) + Send),
    mut check: impl FnMut(&StoredMessage),
) -> Result<(), LogError> {
    let facts = log.facts(stream).await?;
    if facts.messages == 0 {
        return Ok(());
    }
    let mut reader = log.reader(stream, 1, None).await?;
    let mut sequence = 0;
    while sequence < facts.last_sequence {
        let messages = reader.next(READ_MAX, 2_000).await?;
        let Some(last) = messages.last() else { break };
        sequence = last.sequence;
        messages.iter().for_each(&mut check);
        on_message(messages.len() as u64);
    }
    Ok(())
}

/// Whether a message of the other streams can be read as what its subject says it is.
fn is_beside_the_events(message: &StoredMessage) -> bool {
    let payload = &message.payload;
    match Subject::parse(&message.subject) {
        Ok(Subject::Key(_)) => codec::decode_record_keys(payload).is_ok(),
        Ok(Subject::Evidence(_)) => codec::decode_evidence(payload).is_ok(),
        Ok(Subject::RowKey(name)) => codec::decode_row_key(payload).is_ok_and(|key| key.name == name),
        Ok(Subject::KeptRow(name)) => codec::decode_kept_row(payload).is_ok_and(|kept| kept.name == name),
        Ok(
            Subject::Record(_)
            | Subject::Delivery(_)
            | Subject::Identity(_)
            | Subject::Quarantine(_)
            | Subject::Policy
            | Subject::Calendar { .. },
        )
        | Err(_) => false,
    }
}

struct Events {
    /// The last message of each subject.
    last: HashMap<String, MessageRef>,
    /// Digests of the messages since the last one that ends a batch.
    batch: Vec<MessageDigest>,
    running: [u8; 32],
    previous: u64,
    evidence: HashMap<u64, MessageDigest>,
    cursor: Option<Checkpoint>,
}

impl Events {
    fn check(&mut self, message: &StoredMessage, report: &mut LogReport) {
        const STREAM: Stream = Stream::Events;
        let sequence = message.sequence;
        let digest = report.check_message(STREAM, message);
        if sequence != self.previous + 1 {
            report.fault(STREAM, sequence, FaultKind::Gap);
        }
        self.previous = sequence;
        self.running = running_digest(self.running, sequence, &digest);
        if let Some(cursor) = self.cursor.filter(|cursor| cursor.sequence == sequence) {
            report.cursor_checked = true;
            if cursor.running_digest != self.running {
                report.fault(STREAM, sequence, FaultKind::Cursor);
            }
        }
        match codec::decode(&message.payload) {
            Ok(entry) => self.check_entry(message, &entry, digest, report),
            Err(_) => report.fault(STREAM, sequence, FaultKind::Undecodable),
        }
        self.last
            .insert(message.subject.clone(), MessageRef { sequence, digest });
    }

    fn check_entry(
        &mut self,
        message: &StoredMessage,
        entry: &LogEntry,
        digest: MessageDigest,
        report: &mut LogReport,
    ) {
        const STREAM: Stream = Stream::Events;
        let sequence = message.sequence;
        if entry
            .subject()
            .is_some_and(|subject| subject.to_string() != message.subject)
        {
            report.fault(STREAM, sequence, FaultKind::Subject);
        }
        match entry {
            LogEntry::Observation { observation, .. } => {
                self.check_chain(message, entry, report);
                self.check_evidence(observation.evidence, sequence, report);
                self.batch.push(digest);
            }
            LogEntry::Quarantined(row) => {
                self.check_evidence(row.evidence, sequence, report);
                self.batch.push(digest);
            }
            LogEntry::Feed(feed) => {
                self.check_chain(message, entry, report);
                if let DeliveryStep::PageRecorded(page) = &feed.step
                    && page.batch_digest != batch_digest(&self.batch)
                {
                    report.fault(STREAM, sequence, FaultKind::Batch);
                }
                self.batch.clear();
            }
            LogEntry::PolicyAdopted(_) | LogEntry::Erased(_) | LogEntry::Judgement(_) => {
                self.check_chain(message, entry, report);
                self.batch.clear();
            }
            LogEntry::Heartbeat { .. } | LogEntry::CalendarMilestone(_) | LogEntry::Unrecognised { .. } => {
                self.batch.clear();
            }
        }
    }

    fn check_evidence(&self, evidence: Option<MessageRef>, sequence: u64, report: &mut LogReport) {
        let Some(evidence) = evidence else { return };
        match self.evidence.get(&evidence.sequence) {
            Some(held) if *held == evidence.digest => {}
            Some(_) => report.fault(Stream::Events, sequence, FaultKind::Evidence),
            None => report.evidence_gone += 1,
        }
    }

    fn check_chain(&self, message: &StoredMessage, entry: &LogEntry, report: &mut LogReport) {
        if entry.previous() != self.last.get(&message.subject).copied() {
            report.fault(Stream::Events, message.sequence, FaultKind::Chain);
        }
    }
}

impl LogReport {
    fn check_message(&mut self, stream: Stream, message: &StoredMessage) -> MessageDigest {
        *self.messages.entry(stream.name()).or_default() += 1;
        let digest = message_digest(&message.subject, &message.payload);
        match message.digest {
            Some(told) if told == digest => {}
            Some(_) => self.fault(stream, message.sequence, FaultKind::Digest),
            None => self.fault(stream, message.sequence, FaultKind::NoDigest),
        }
        digest
    }

    fn fault(&mut self, stream: Stream, sequence: u64, kind: FaultKind) {
        self.faults.push(Fault {
            stream,
            sequence,
            kind,
        });
    }
}
