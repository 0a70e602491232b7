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
        RecordKind::TvVacancy => &[KeyGroup::Evidence],
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

/// Reads what is known of records; one may be named several times.
pub(crate) async fn read<'r, L: Log>(
    context: &Context<'_, L>,
    records: impl Iterator<Item = &'r RecordId>,
) -> Result<Knowledge, IngestError> {
    let mut subjects = BTreeMap::new();
    for record in records {
        if !subjects.contains_key(record) {
            subjects.insert(record, Subject::Record(record.clone()).to_string());
        }
    }
    let states = subjects.values().cloned().collect();
    let with_keys = subjects
        .keys()
        .filter(|record| !key_groups(record.kind).is_empty());
    let keys = with_keys.map(|record| key_subject(record)).collect();
    let (states, keys) = tokio::join!(
        last_of(context, Stream::Events, states),
        last_of(context, Stream::Keys, keys)
    );
    let (mut states, mut keys) = (states?, keys?);

    let mut knowledge = Knowledge::with_capacity(subjects.len());
    for (record, subject) in subjects {
        let mut known = blank(record, subject);
        if let Some(message) = states.remove(&known.subject) {
            look_back(context, &mut known, message).await?;
        }
        let key_message = if key_groups(record.kind).is_empty() {
            None
        } else {
            keys.remove(&key_subject(record))
        };
        take_keys(context, record, &mut known, key_message.as_ref())?;
        knowledge.insert(record.clone(), known);
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
