//! Personal values, opened at the last moment and for those who name them. Nothing opened here is logged or kept.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use ltr_domain::ids::RecordId;
use ltr_domain::record::{KeyGroup, PersonalField, PersonalValues, Stated};
use ltr_ports::log::{Log, StoredMessage, Stream};
use ltr_ports::store::{PersonRow, Store};
use ltr_proto::codec::decode_record_keys;
use ltr_proto::record::{Personal, PersonalState, SealedPersonal};
use ltr_proto::seal::{KeyEncryptionKey, KeyId, SealError, Sealed, open_values};
use ltr_proto::subject::Subject;
use prost::Message;

use crate::service::Api;
use crate::status::Refusal;

/// The sealed personal values of one source record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedOf {
    /// Which record.
    pub(crate) record: RecordId,
    /// Its blobs.
    pub(crate) sealed: Vec<Sealed>,
}

/// What was found of one person, the record to believe first in front.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// By record, what could be opened; at least one value in each.
    opened: Vec<(RecordId, PersonalValues)>,
    /// Whether values of any record were erased.
    erased: bool,
}

impl Found {
    /// As it is served: the names and date of birth of the first record that states either.
    pub(crate) fn served(&self) -> Personal {
        let Some((record, values)) = self.opened.first() else {
            let state = if self.erased {
                PersonalState::Erased
            } else {
                PersonalState::NotStated
            };
            return Personal {
                state: state.into(),
                ..Personal::default()
            };
        };
        Personal {
            state: PersonalState::Available.into(),
            names: parts(values, PersonalField::Names).unwrap_or_default().to_vec(),
            date_of_birth: date_of_birth(values).unwrap_or_default().to_owned(),
            record: record.to_string(),
        }
    }

    /// The date of birth of the first record that states one.
    pub(crate) fn date_of_birth(&self) -> Option<&str> {
        self.opened.iter().find_map(|(_, values)| date_of_birth(values))
    }
}

fn date_of_birth(values: &PersonalValues) -> Option<&str> {
    parts(values, PersonalField::DateOfBirth)?
        .first()
        .map(String::as_str)
}

fn parts(values: &PersonalValues, field: PersonalField) -> Option<&[String]> {
    values
        .0
        .get(&field)
        .and_then(Stated::value)
        .map(|value| value.0.as_slice())
}

impl<S: Store, L: Log> Api<S, L> {
    /// The key that opens personal values, or a refusal where this service has none: whatever the teacher, and before
    /// anything is read.
    pub(crate) fn key(&self) -> Result<&KeyEncryptionKey, Refusal> {
        self.key.as_ref().ok_or(Refusal::KeysNotConfigured)
    }

    /// Opens the personal values of several people, in the order given, reading all their keys at once.
    pub(crate) async fn open(&self, people: &[Vec<SealedOf>]) -> Result<Vec<Found>, Refusal> {
        let key = self.key()?;
        let subjects: BTreeSet<String> = people
            .iter()
            .flatten()
            .map(|one| key_subject(&one.record))
            .collect();
        let messages = if subjects.is_empty() {
            BTreeMap::new()
        } else {
            self.log
                .last_of(Stream::Keys, subjects.into_iter().collect())
                .await?
        };
        people
            .iter()
            .map(|person| open_one(person, &messages, key))
            .collect()
    }
}

fn key_subject(record: &RecordId) -> String {
    Subject::Key(record.clone()).to_string()
}

fn open_one(
    person: &[SealedOf],
    messages: &BTreeMap<String, StoredMessage>,
    key: &KeyEncryptionKey,
) -> Result<Found, Refusal> {
    let mut found = Found::default();
    for SealedOf { record, sealed } in person {
        let identity: Vec<Sealed> = sealed
            .iter()
            .filter(|blob| blob.key_group == KeyGroup::Identity)
            .cloned()
            .collect();
        if identity.is_empty() {
            continue;
        }
        let Some(message) = messages.get(&key_subject(record)) else {
            found.erased = true;
            continue;
        };
        let wrapped =
            decode_record_keys(&message.payload).map_err(|error| unreadable("key", record, error))?;
        let keys = wrapped
            .unwrap(std::slice::from_ref(key))
            .map_err(|error| refused(record, error))?;
        let opened = open_values(&keys, &identity).map_err(|error| refused(record, error))?;
        found.erased |= opened.erased.contains(&KeyGroup::Identity);
        let values = opened.values;
        if parts(&values, PersonalField::Names).is_some() || date_of_birth(&values).is_some() {
            found.opened.push((record.clone(), values));
        }
    }
    Ok(found)
}

fn refused(record: &RecordId, error: SealError) -> Refusal {
    match error {
        SealError::MalformedKey | SealError::UnknownKeyEncryptionKey { .. } => Refusal::KeysNotConfigured,
        SealError::Altered { .. } | SealError::Unreadable { .. } => {
            unreadable("sealed values", record, error)
        }
    }
}

fn unreadable(
    what: &'static str,
    of: &RecordId,
    source: impl std::error::Error + Send + Sync + 'static,
) -> Refusal {
    Refusal::Unreadable {
        what,
        of: of.to_string(),
        source: Box::new(source),
    }
}

/// Reads the sealed values that the store keeps beside a view.
pub(crate) fn sealed_of(row: &PersonRow) -> Result<Vec<SealedOf>, Refusal> {
    let malformed = |source: Malformed| Refusal::Unreadable {
        what: "person.sealed",
        of: row.person.to_string(),
        source: Box::new(source),
    };
    let kept = SealedPersonal::decode(row.sealed.clone()).map_err(|_| malformed(Malformed))?;
    let one = |kept: ltr_proto::record::SealedRecord| {
        let record = RecordId::parse(&kept.record).ok()?;
        let sealed = kept.sealed.into_iter().map(blob).collect::<Option<Vec<_>>>()?;
        Some(SealedOf {
            record,
            sealed: sealed.into_iter().flatten().collect(),
        })
    };
    kept.records
        .into_iter()
        .map(|kept| one(kept).ok_or_else(|| malformed(Malformed)))
        .collect()
}

/// What is kept beside a view is not what this version writes.
#[derive(Debug, thiserror::Error)]
#[error("not in the form that is written")]
struct Malformed;

/// Reads one blob: `None` if it is none, `Some(None)` if it is of a group that only a newer version knows.
fn blob(encoded: Bytes) -> Option<Option<Sealed>> {
    let blob = ltr_proto::event::Sealed::decode(encoded).ok()?;
    let key_group = match ltr_proto::event::KeyGroup::try_from(blob.key_group) {
        Ok(ltr_proto::event::KeyGroup::Identity) => KeyGroup::Identity,
        Ok(ltr_proto::event::KeyGroup::Contact) => KeyGroup::Contact,
        Ok(ltr_proto::event::KeyGroup::Restricted) => KeyGroup::Restricted,
        Ok(ltr_proto::event::KeyGroup::Evidence) => KeyGroup::Evidence,
        Ok(ltr_proto::event::KeyGroup::Unspecified) => return None,
        Err(_) => return Some(None),
    };
    Some(Some(Sealed {
        key_group,
        key_id: KeyId(blob.key_id.as_ref().try_into().ok()?),
        nonce: blob.nonce.as_ref().try_into().ok()?,
        ciphertext: blob.ciphertext,
    }))
}
