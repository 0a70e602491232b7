//! What the log knows of records: the last observation of each, and its keys. Two reads, however many the records.

use std::collections::{BTreeMap, HashMap};

use ltr_domain::event::ChangeKind;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::observation::{MessageRef, Observation};
use ltr_domain::record::{KeyGroup, State};
use ltr_domain::time::TakenAt;
use ltr_ports::log::{Log, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::{RecordKeys, SealError, Sealed};
use ltr_proto::subject::Subject;
use ltr_sources::{Defect, MAPPING_VERSION};

use crate::context::Context;
use crate::error::IngestError;
use crate::late::Past;

/// What is known of each record asked for.
pub(crate) type Knowledge = HashMap<RecordId, Known>;

/// What is known of one record.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) subject: String,
    /// The last message on its subject.
    pub(crate) last: Option<MessageRef>,
    /// What it looked like; `None` if it was never observed.
    pub(crate) before: Option<Before>,
    pub(crate) keys: RecordKeys,
    /// The sequence of the message that holds its keys, 0 if there is none.
    pub(crate) keys_sequence: u64,
    /// For a row older than the record: what came before it.
    pub(crate) past: Option<Past>,
    /// Why nothing can be compared with what is known.
    pub(crate) defect: Option<Defect>,
}

/// What a record looked like.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub(crate) state: State,
    /// When the snapshot was taken that the state is of.
    pub(crate) taken_at: TakenAt,
    pub(crate) sealed: Vec<Sealed>,
}

impl Known {
    pub(crate) fn expected_last(&self) -> u64 {
        self.last.map_or(0, |last| last.sequence)
    }
}

/// The groups that records of a kind have keys of. A choice is told in its candidate's row, whose key seals it.
pub(crate) fn key_groups(kind: RecordKind) -> &'static [KeyGroup] {
    match kind {
        RecordKind::ApplyCandidate
        | RecordKind::ApplyRecruit
        | RecordKind::RegisterTrainee
        | RecordKind::TrsPerson
        | RecordKind::TvJobApplication => &[KeyGroup::Identity, KeyGroup::Contact, KeyGroup::Evidence],
        RecordKind::ApplyChoice => &[],
        RecordKind::TvVacancy | RecordKind::TvPosting => &[KeyGroup::Evidence],
    }
}

pub(crate) fn key_subject(record: &RecordId) -> String {
    Subject::Key(record.clone()).to_string()
}

/// Whether an observation is history only: its state is of a later snapshot than its row.
pub(crate) fn is_late(observation: &Observation) -> bool {
    observation
        .events
        .iter()
        .any(|event| event.kind == ChangeKind::Late)
}

/// What the log holds last of each record asked for, not yet understood.
pub(crate) type Found = HashMap<RecordId, Last>;

/// What the log holds last of one record.
#[derive(Debug)]
pub(crate) struct Last {
    subject: String,
    /// The last message on its subject.
    pub(crate) message: Option<StoredMessage>,
    /// The message that holds its keys.
    pub(crate) keys: Option<StoredMessage>,
}

/// Reads what is known of records; one may be named several times.
pub(crate) async fn read<'r, L: Log>(
    context: &Context<'_, L>,
    records: impl Iterator<Item = &'r RecordId>,
) -> Result<Knowledge, IngestError> {
    let found = find(context, records).await?;
    understand(context, found).await
}

/// Looks for the last messages of records; one may be named several times.
pub(crate) async fn find<'r, L: Log>(
    context: &Context<'_, L>,
    records: impl Iterator<Item = &'r RecordId>,
) -> Result<Found, IngestError> {
    let mut found = Found::new();
    let (mut subjects, mut key_subjects) = (Vec::new(), Vec::new());
    for record in records {
        if found.contains_key(record) {
            continue;
        }
        let subject = Subject::Record(record.clone()).to_string();
        subjects.push(subject.clone());
        if !key_groups(record.kind).is_empty() {
            key_subjects.push(key_subject(record));
        }
        let last = Last {
            subject,
            message: None,
            keys: None,
        };
        found.insert(record.clone(), last);
    }
    let (messages, keys) = tokio::join!(
        last_of(context, Stream::Events, subjects),
        last_of(context, Stream::Keys, key_subjects)
    );
    let (mut messages, mut keys) = (messages?, keys?);
    for (record, last) in &mut found {
        last.message = messages.remove(&last.subject);
        if !keys.is_empty() && !key_groups(record.kind).is_empty() {
            last.keys = keys.remove(&key_subject(record));
        }
    }
    Ok(found)
}

/// Understands what was found.
pub(crate) async fn understand<L: Log>(
    context: &Context<'_, L>,
    found: Found,
) -> Result<Knowledge, IngestError> {
    let mut knowledge = Knowledge::with_capacity(found.len());
    for (record, last) in found {
        let mut known = blank(&record, last.subject);
        if let Some(message) = last.message {
            look_back(context, &mut known, message).await?;
        }
        take_keys(context, &record, &mut known, last.keys.as_ref())?;
        knowledge.insert(record, known);
    }
    Ok(knowledge)
}

/// The last message of each subject. A page of bad rows asks for none.
async fn last_of<L: Log>(
    context: &Context<'_, L>,
    stream: Stream,
    subjects: Vec<String>,
) -> Result<BTreeMap<String, StoredMessage>, IngestError> {
    if subjects.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = context.log.last_of(stream, subjects).await;
    found.map_err(IngestError::log("reading what is known"))
}

fn blank(record: &RecordId, subject: String) -> Known {
    Known {
        subject,
        last: None,
        before: None,
        keys: RecordKeys::none(record.clone()),
        keys_sequence: 0,
        past: None,
        defect: None,
    }
}

/// Takes up a record's keys as they stand on the log. A record that was observed and whose keys are gone is erased, and
/// stays so.
pub(crate) fn take_keys<L>(
    context: &Context<'_, L>,
    record: &RecordId,
    known: &mut Known,
    message: Option<&StoredMessage>,
) -> Result<(), IngestError> {
    known.keys = RecordKeys::none(record.clone());
    known.keys_sequence = message.map_or(0, |message| message.sequence);
    let Some(message) = message else {
        if known.before.is_some() {
            KeyGroup::ALL
                .into_iter()
                .for_each(|group| known.keys.erase(group));
        }
        return Ok(());
    };
    let Ok(wrapped) = codec::decode_record_keys(&message.payload) else {
        known.defect = Some(Defect::new("keys_unreadable", "the record's keys cannot be read"));
        return Ok(());
    };
    if wrapped.record != *record {
        known.defect = Some(Defect::new("keys_unreadable", "the keys are another record's"));
        return Ok(());
    }
    match wrapped.unwrap(std::slice::from_ref(context.edge.kek)) {
        Ok(keys) => known.keys = keys,
        // Every record's keys will be wrapped so: a mistake of ours, not the record's.
        Err(source @ (SealError::UnknownKeyEncryptionKey { .. } | SealError::MalformedKey)) => {
            return Err(IngestError::Keys {
                subject: key_subject(record),
                source,
            });
        }
        Err(SealError::Altered { .. } | SealError::Unreadable { .. }) => {
            known.defect = Some(Defect::new("keys_altered", "the record's keys do not verify"));
        }
    }
    Ok(())
}

/// Follows a record's chain from its last message to what it looks like at present: past messages that carry no state,
/// and past late observations to the time of the snapshot that the state is of.
async fn look_back<L: Log>(
    context: &Context<'_, L>,
    known: &mut Known,
    message: StoredMessage,
) -> Result<(), IngestError> {
    known.last = Some(message.reference());
    let mut at = Some(message);
    while let Some(message) = at {
        let previous = match codec::decode(&message.payload) {
            Ok(LogEntry::Observation { observation, sealed }) => {
                check_mapping(known, &observation)?;
                let (late, previous) = (is_late(&observation), observation.previous);
                match &mut known.before {
                    Some(before) => before.taken_at = observation.taken_at,
                    None => {
                        let Observation { state, taken_at, .. } = *observation;
                        known.before = Some(Before {
                            state,
                            taken_at,
                            sealed,
                        });
                    }
                }
                if !late {
                    return Ok(());
                }
                previous
            }
            Ok(LogEntry::Erased(erased)) => erased.previous,
            Ok(
                LogEntry::Feed(_)
                | LogEntry::Quarantined(_)
                | LogEntry::Heartbeat { .. }
                | LogEntry::CalendarMilestone(_)
                | LogEntry::PolicyAdopted(_)
                | LogEntry::Judgement(_)
                | LogEntry::Unrecognised { .. },
            )
            | Err(_) => {
                known.before = None;
                known.defect = Some(Defect::new(
                    "previous_unreadable",
                    "the record's last message cannot be read",
                ));
                return Ok(());
            }
        };
        at = match previous {
            Some(previous) => Some(step_back(context, &known.subject, previous.sequence).await?),
            None => None,
        };
    }
    Ok(())
}

/// The message that another on the same subject refers to.
pub(crate) async fn step_back<L: Log>(
    context: &Context<'_, L>,
    subject: &str,
    sequence: u64,
) -> Result<StoredMessage, IngestError> {
    let found = context
        .log
        .get(Stream::Events, sequence)
        .await
        .map_err(IngestError::log("following a chain"))?;
    found
        .filter(|message| message.subject == subject)
        .ok_or_else(|| IngestError::Rewritten {
            subject: subject.to_owned(),
            sequence,
        })
}

fn check_mapping(known: &Known, observation: &Observation) -> Result<(), IngestError> {
    if known.before.is_some() || observation.mapping_version == MAPPING_VERSION {
        return Ok(());
    }
    let (found, own) = (observation.mapping_version, MAPPING_VERSION);
    Err(IngestError::OtherMapping {
        subject: known.subject.clone(),
        found,
        own,
    })
}
