//! Forms of sealed blobs, keyed digests and wrapped keys.

use std::collections::BTreeSet;

use bytes::Bytes;
use ltr_domain::record::{KeyGroup, PersonalDigests, PersonalField};
use prost::Message;

use super::fault::{DecodeError, Fault};
use super::fields::{Fields, Raw};
use super::stated::{Wired, list, read_fields, required};
use crate::event as wire;
use crate::seal::{KeyId, Sealed, WrappedKey, WrappedKeys};

/// Writes the body of a message on LTR_KEYS.
#[must_use]
pub fn encode_record_keys(keys: &WrappedKeys) -> Bytes {
    let form = wire::RecordKeys {
        recorded_at: Some(keys.recorded_at.to_form()),
        record: Some(keys.record.to_form()),
        keys: list(&keys.keys),
        erased: keys.erased.iter().map(Wired::to_form).collect(),
    };
    form.encode_to_vec().into()
}

/// Reads the body of a message on LTR_KEYS.
///
/// # Errors
///
/// Bytes that are not such a message, or hold a group or record kind that this version does not know: to publish keys
/// that were read in part would destroy the others.
pub fn decode_record_keys(payload: &[u8]) -> Result<WrappedKeys, DecodeError> {
    read_record_keys(payload).map_err(Fault::into_error)
}

/// Writes one sealed blob by itself, as the store keeps it beside a view.
#[must_use]
pub fn encode_sealed(sealed: &Sealed) -> Bytes {
    sealed.to_form().encode_to_vec().into()
}

/// Reads back [`encode_sealed`].
///
/// # Errors
///
/// Bytes that are not a sealed blob.
pub fn decode_sealed(bytes: &[u8]) -> Result<Sealed, DecodeError> {
    Sealed::read(Raw::Bytes(bytes), "Sealed").map_err(Fault::into_error)
}

fn read_record_keys(payload: &[u8]) -> Result<WrappedKeys, Fault> {
    let mut erased = BTreeSet::new();
    let (mut recorded_at, mut record, mut keys) = (None, None, Vec::new());
    let mut fields = Fields::of(payload, "RecordKeys");
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => recorded_at = Some(Wired::read(raw, "RecordKeys.recorded_at")?),
            2 => record = Some(Wired::read(raw, "RecordKeys.record")?),
            3 => keys.push(Wired::read(raw, "RecordKeys.keys")?),
            4 => read_key_groups(raw, "RecordKeys.erased", |group| {
                erased.insert(group);
            })?,
            _ => {}
        }
    }
    Ok(WrappedKeys {
        recorded_at: required(recorded_at, "RecordKeys.recorded_at")?,
        record: required(record, "RecordKeys.record")?,
        keys,
        erased,
    })
}

impl Wired for WrappedKey {
    type Form = wire::WrappedKey;

    fn to_form(&self) -> wire::WrappedKey {
        wire::WrappedKey {
            key_group: self.key_group.to_form(),
            key_id: self.key_id.to_form(),
            kek_id: self.kek_id.to_form(),
            nonce: Bytes::copy_from_slice(&self.nonce),
            wrapped: self.wrapped.clone(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "WrappedKey" {
            1 => key_group,
            2 => key_id,
            3 => kek_id,
            4 => nonce,
            5 => wrapped,
        });
        Ok(Self {
            key_group: required(key_group, "WrappedKey.key_group")?,
            key_id: required(key_id, "WrappedKey.key_id")?,
            kek_id: required(kek_id, "WrappedKey.kek_id")?,
            nonce: required(nonce, "WrappedKey.nonce")?,
            wrapped: required(wrapped, "WrappedKey.wrapped")?,
        })
    }
}

impl Wired for Sealed {
    type Form = wire::Sealed;

    fn to_form(&self) -> wire::Sealed {
        wire::Sealed {
            key_group: self.key_group.to_form(),
            key_id: self.key_id.to_form(),
            nonce: Bytes::copy_from_slice(&self.nonce),
            ciphertext: self.ciphertext.clone(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "Sealed" {
            1 => key_group,
            2 => key_id,
            3 => nonce,
            4 => ciphertext,
        });
        Ok(Self {
            key_group: required(key_group, "Sealed.key_group")?,
            key_id: required(key_id, "Sealed.key_id")?,
            nonce: required(nonce, "Sealed.nonce")?,
            ciphertext: required(ciphertext, "Sealed.ciphertext")?,
        })
    }
}

/// Reads a blob of an observation. One of a group that a newer version added stays sealed to this one, as any field that
/// it does not know.
pub(super) fn read_blob(blobs: &mut Vec<Sealed>, raw: Raw<'_>) -> Result<(), Fault> {
    match Sealed::read(raw, "Observation.sealed") {
        Ok(blob) => blobs.push(blob),
        Err(Fault::Unknown { .. }) => {}
        Err(refused @ Fault::Refused(_)) => return Err(refused),
    }
    Ok(())
}

pub(super) fn digests_to_forms(digests: &PersonalDigests) -> Vec<wire::PersonalDigest> {
    digests
        .iter()
        .map(|(field, digest)| wire::PersonalDigest {
            field: personal_field_to_wire(*field).into(),
            digest: digest.to_form(),
        })
        .collect()
}

/// Reads a digest of a state. One of a field that a newer version added is passed over, as any field unknown.
pub(super) fn read_digest(digests: &mut PersonalDigests, raw: Raw<'_>) -> Result<(), Fault> {
    let (mut personal, mut digest) = (0, None);
    let mut fields = raw.fields("PersonalDigest")?;
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => personal = raw.int32("PersonalDigest.field")?,
            2 => digest = Some(Wired::read(raw, "PersonalDigest.digest")?),
            _ => {}
        }
    }
    let digest = required(digest, "PersonalDigest.digest")?;
    let Some(personal) = personal_field_from_wire(personal) else {
        return Ok(());
    };
    if digests.insert(personal, digest).is_some() {
        return Err(Fault::invalid("State.digests"));
    }
    Ok(())
}

/// Reads a list of groups.
pub(super) fn read_key_groups(
    raw: Raw<'_>,
    field: &'static str,
    mut add: impl FnMut(KeyGroup),
) -> Result<(), Fault> {
    for number in raw.numbers(field) {
        add(KeyGroup::read(Raw::Number(number?), field)?);
    }
    Ok(())
}

impl Wired for KeyId {
    type Form = Bytes;

    fn to_form(&self) -> Bytes {
        Bytes::copy_from_slice(&self.0)
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.array(field).map(Self)
    }
}

pub(crate) fn personal_field_to_wire(field: PersonalField) -> wire::PersonalField {
    match field {
        PersonalField::Names => wire::PersonalField::Names,
        PersonalField::DateOfBirth => wire::PersonalField::DateOfBirth,
        PersonalField::PreviousNames => wire::PersonalField::PreviousNames,
        PersonalField::DeclaredTrn => wire::PersonalField::DeclaredTrn,
        PersonalField::Email => wire::PersonalField::Email,
    }
}

/// The field of that number; `None` for one that this version does not know.
pub(crate) fn personal_field_from_wire(number: i32) -> Option<PersonalField> {
    match wire::PersonalField::try_from(number) {
        Ok(wire::PersonalField::Names) => Some(PersonalField::Names),
        Ok(wire::PersonalField::DateOfBirth) => Some(PersonalField::DateOfBirth),
        Ok(wire::PersonalField::PreviousNames) => Some(PersonalField::PreviousNames),
        Ok(wire::PersonalField::DeclaredTrn) => Some(PersonalField::DeclaredTrn),
        Ok(wire::PersonalField::Email) => Some(PersonalField::Email),
        Ok(wire::PersonalField::Unspecified) | Err(_) => None,
    }
}

impl Wired for KeyGroup {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let group = match self {
            Self::Identity => wire::KeyGroup::Identity,
            Self::Contact => wire::KeyGroup::Contact,
            Self::Restricted => wire::KeyGroup::Restricted,
            Self::Evidence => wire::KeyGroup::Evidence,
        };
        group.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::KeyGroup::try_from(number) {
            Ok(wire::KeyGroup::Identity) => Ok(Self::Identity),
            Ok(wire::KeyGroup::Contact) => Ok(Self::Contact),
            Ok(wire::KeyGroup::Restricted) => Ok(Self::Restricted),
            Ok(wire::KeyGroup::Evidence) => Ok(Self::Evidence),
            Ok(wire::KeyGroup::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}
