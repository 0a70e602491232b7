//! Personal values: sealed one blob per group, opened again, and digested under the record's key so that changes are
//! seen without opening.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use ltr_domain::delivery::{Fingerprint, Scope};
use ltr_domain::ids::Feed;
use ltr_domain::record::{
    KeyGroup, KeyedDigest, PersonalDigests, PersonalField, PersonalValue, PersonalValues, Stated,
};
use prost::Message;
use sha2::Sha256;

use super::{DataKey, KeyEncryptionKey, Opened, RecordKeys, SealError, Sealed, bind, open, seal};
use crate::event as wire;

/// The personal values that could be opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenedValues {
    /// The values, in clear.
    pub values: PersonalValues,
    /// Groups that were sealed but whose key is gone.
    pub erased: BTreeSet<KeyGroup>,
}

/// Seals the values that are stated, one blob per group, ascending by group. A group without a key is left out: it was
/// erased, and stays so.
#[must_use]
pub fn seal_values(
    keys: &RecordKeys,
    values: &PersonalValues,
    fill: &mut dyn FnMut(&mut [u8]),
) -> Vec<Sealed> {
    let mut blobs = Vec::new();
    for group in KeyGroup::ALL {
        let content = content_of(values, group);
        if content.values.is_empty() || keys.newest(group).is_none() {
            continue;
        }
        let mut nonce = [0; 12];
        fill(&mut nonce);
        blobs.extend(seal(keys, group, &content.encode_to_vec(), nonce));
    }
    blobs
}

/// Opens the blobs of one message.
///
/// # Errors
///
/// A blob that was altered or whose content cannot be read.
pub fn open_values(keys: &RecordKeys, sealed: &[Sealed]) -> Result<OpenedValues, SealError> {
    let mut opened = OpenedValues::default();
    for blob in sealed {
        match open(keys, blob)? {
            Opened::Content(content) => read_content(&mut opened.values, &content, blob.key_group)?,
            Opened::Erased => {
                opened.erased.insert(blob.key_group);
            }
        }
    }
    Ok(opened)
}

/// Digests every stated value under the oldest key of its group. A value of a group without a key has no digest.
///
/// The key of a digest is HMAC-SHA-256 of `ltr.digest.v1` under the data key. What is digested is, each part preceded
/// by its length as four big-endian bytes: the field's name, `null` or `value`, and the parts of the value.
#[must_use]
pub fn digest_values(keys: &RecordKeys, values: &PersonalValues) -> PersonalDigests {
    let mut digests = PersonalDigests::new();
    for group in KeyGroup::ALL {
        let mut stated = stated_of(values, group).peekable();
        if stated.peek().is_none() {
            continue;
        }
        let Some(keyed) = keys.oldest(group).map(digest_key) else {
            continue;
        };
        digests.extend(stated.map(|(field, value)| (field, digest(keyed.clone(), field, value))));
    }
    digests
}

fn digest_key(key: &DataKey) -> Hmac<Sha256> {
    let derived = with_key(key.bytes())
        .chain_update(b"ltr.digest.v1")
        .finalize()
        .into_bytes();
    with_key(&derived.into())
}

/// Names the rows of a delivery of one scope, whatever their order: HMAC-SHA-256 over the feed, the scope and the digests
/// of the rows, ascending, under a key derived from the key-encryption key. Without that key nobody can try which rows
/// they might have been.
#[must_use]
pub fn fingerprint(
    kek: &KeyEncryptionKey,
    feed: Feed,
    scope: &Scope,
    mut rows: Vec<[u8; 32]>,
) -> Fingerprint {
    rows.sort_unstable();
    let derived = with_key(kek.bytes())
        .chain_update(b"ltr.fingerprint.v1")
        .finalize()
        .into_bytes();
    let mut canonical = bind::join(&[feed.to_string().as_bytes()]);
    for (name, value) in scope {
        bind::push(&mut canonical, name.as_bytes());
        bind::push(&mut canonical, value.as_bytes());
    }
    let mut keyed = with_key(&derived.into());
    keyed.update(&(canonical.len() as u64).to_be_bytes());
    keyed.update(&canonical);
    rows.iter().for_each(|row| keyed.update(row));
    Fingerprint(keyed.finalize().into_bytes().into())
}

fn with_key(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn digest(keyed: Hmac<Sha256>, field: PersonalField, value: Option<&PersonalValue>) -> KeyedDigest {
    let mut canonical = bind::join(&[
        field.token().as_bytes(),
        if value.is_some() { b"value" } else { b"null" },
    ]);
    for part in value.map(|value| value.0.as_slice()).unwrap_or_default() {
        bind::push(&mut canonical, part.as_bytes());
    }
    KeyedDigest(keyed.chain_update(&canonical).finalize().into_bytes().into())
}

/// The stated values of a group, ascending by field; `None` for null.
fn stated_of(
    values: &PersonalValues,
    group: KeyGroup,
) -> impl Iterator<Item = (PersonalField, Option<&PersonalValue>)> {
    values
        .0
        .iter()
        .filter(move |(field, _)| field.key_group() == group)
        .filter_map(|(field, stated)| match stated {
            Stated::Unstated => None,
            Stated::Null => Some((*field, None)),
            Stated::Value(value) => Some((*field, Some(value))),
        })
}

fn content_of(values: &PersonalValues, group: KeyGroup) -> wire::PersonalContent {
    let values = stated_of(values, group)
        .map(|(field, value)| wire::PersonalValue {
            field: crate::codec::personal_field_to_wire(field).into(),
            parts: value.map(|value| value.0.clone()).unwrap_or_default(),
            is_null: value.is_none(),
        })
        .collect();
    wire::PersonalContent { values }
}

fn read_content(values: &mut PersonalValues, content: &[u8], key_group: KeyGroup) -> Result<(), SealError> {
    let content = wire::PersonalContent::decode(content).map_err(|_| SealError::Unreadable { key_group })?;
    for value in content.values {
        // A field that this version does not know was sealed by a newer one; it stays sealed.
        let Some(field) = crate::codec::personal_field_from_wire(value.field) else {
            continue;
        };
        let stated = if value.is_null {
            Stated::Null
        } else {
            Stated::Value(PersonalValue(value.parts))
        };
        values.0.insert(field, stated);
    }
    Ok(())
}
