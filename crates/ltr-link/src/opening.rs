//! Personal values opened, in memory: of accounts, applications and of trainees who name no application. What was erased
//! or has no key is left out.

use std::collections::BTreeMap;

use ltr_domain::ids::RecordId;
use ltr_domain::record::{KeyGroup, PersonalField, PersonalValues, Stated};
use ltr_ports::log::{Log, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::{KeyEncryptionKey, SealError, Sealed, open_values};
use ltr_proto::subject::Subject;

use crate::error::LinkError;
use crate::known::{Known, Values, has_values};

/// At most so many records' keys are read at once.
const RECORDS_MAX: usize = 1_000;

/// Opens the values of every record that has unopened ones. Errors name subjects, never values.
pub(crate) async fn open<L: Log>(
    log: &L,
    kek: &KeyEncryptionKey,
    known: &mut Known,
) -> Result<(), LinkError> {
    let wanted: Vec<RecordId> = std::mem::take(&mut known.unopened)
        .into_iter()
        .filter(|record| {
            known
                .records
                .get(record)
                .is_some_and(|kept| has_values(record, &kept.said))
        })
        .collect();
    for some in wanted.chunks(RECORDS_MAX) {
        open_some(log, kek, known, some).await?;
    }
    Ok(())
}

async fn open_some<L: Log>(
    log: &L,
    kek: &KeyEncryptionKey,
    known: &mut Known,
    records: &[RecordId],
) -> Result<(), LinkError> {
    let trns: Vec<RecordId> = records
        .iter()
        .filter_map(|record| known.records.get(record)?.said.trn().cloned())
        .collect();
    let keys = last_of(log, Stream::Keys, records.iter().chain(&trns), Subject::Key).await?;
    let people = last_of(log, Stream::Events, trns.iter(), Subject::Record).await?;
    for record in records {
        let Some(kept) = known.records.get_mut(record) else {
            continue;
        };
        if kept.values == Values::Unopened {
            let key = keys.get(&Subject::Key(record.clone()).to_string());
            kept.values = opened(record, &kept.sealed, key, kek)?;
            kept.sealed.clear();
        }
        let Some(trn) = kept.said.trn() else { continue };
        let person = people.get(&Subject::Record(trn.clone()).to_string());
        let key = keys.get(&Subject::Key(trn.clone()).to_string());
        let told = opened(trn, &sealed_of(person), key, kek)?;
        let Values::Open(own) = &mut kept.values else {
            continue;
        };
        own.0.remove(&PersonalField::PreviousNames);
        if let Values::Open(told) = told {
            lay_previous_names(own, &told);
        }
    }
    Ok(())
}

/// Takes previous names from TRS, if it knows the person by the same date of birth: a TRN may be somebody else's (T31).
fn lay_previous_names(own: &mut PersonalValues, told: &PersonalValues) {
    let born = |values: &PersonalValues| {
        values
            .0
            .get(&PersonalField::DateOfBirth)
            .and_then(Stated::value)
            .cloned()
    };
    let is_same = born(own).is_some_and(|day| born(told) == Some(day));
    if let Some(previous) = told.0.get(&PersonalField::PreviousNames)
        && is_same
    {
        own.0.insert(PersonalField::PreviousNames, previous.clone());
    }
}

fn sealed_of(message: Option<&StoredMessage>) -> Vec<Sealed> {
    let Some(Ok(LogEntry::Observation { sealed, .. })) =
        message.map(|message| codec::decode(&message.payload))
    else {
        return Vec::new();
    };
    sealed
}

async fn last_of<'r, L: Log>(
    log: &L,
    stream: Stream,
    records: impl Iterator<Item = &'r RecordId>,
    subject: impl Fn(RecordId) -> Subject,
) -> Result<BTreeMap<String, StoredMessage>, LinkError> {
    let subjects: Vec<String> = records
        .map(|record| subject(record.clone()).to_string())
        .collect();
    if subjects.is_empty() {
        return Ok(BTreeMap::new());
    }
    log.last_of(stream, subjects)
        .await
        .map_err(LinkError::log("reading keys and what was sealed before"))
}

fn opened(
    record: &RecordId,
    sealed: &[Sealed],
    key: Option<&StoredMessage>,
    kek: &KeyEncryptionKey,
) -> Result<Values, LinkError> {
    let Some(key) = key else {
        return Ok(Values::Gone);
    };
    let Ok(wrapped) = codec::decode_record_keys(&key.payload) else {
        tracing::warn!(%record, "its keys cannot be read");
        return Ok(Values::Gone);
    };
    let opened = wrapped
        .unwrap(std::slice::from_ref(kek))
        .and_then(|keys| open_values(&keys, sealed));
    match opened {
        Ok(opened) if opened.erased.contains(&KeyGroup::Identity) => Ok(Values::Gone),
        Ok(opened) => Ok(Values::Open(opened.values)),
        // Every record's keys will be wrapped so: a mistake of ours, not the record's.
        Err(source @ (SealError::MalformedKey | SealError::UnknownKeyEncryptionKey { .. })) => {
            Err(LinkError::Keys {
                subject: key.subject.clone(),
                source,
            })
        }
        Err(error @ (SealError::Altered { .. } | SealError::Unreadable { .. })) => {
            tracing::warn!(%record, %error, "it is left out");
            Ok(Values::Gone)
        }
    }
}
