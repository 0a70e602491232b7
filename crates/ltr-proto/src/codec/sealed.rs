//! Forms of sealed blobs, keyed digests and wrapped keys.

use bytes::Bytes;
use ltr_domain::record::{KeyGroup, PersonalDigests, PersonalField};
use prost::Message;

use super::fault::{DecodeError, Fault};
use super::scalar::array;
use super::stated::{Wired, items, list, required};
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
    let form = wire::RecordKeys::decode(payload).map_err(|source| DecodeError::Malformed {
        message: "RecordKeys",
        source,
    })?;
    record_keys(form).map_err(Fault::into_error)
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
    let form = wire::Sealed::decode(bytes).map_err(|source| DecodeError::Malformed {
        message: "Sealed",
        source,
    })?;
    Sealed::from_form(form, "Sealed").map_err(Fault::into_error)
}

fn record_keys(form: wire::RecordKeys) -> Result<WrappedKeys, Fault> {
    let erased: Vec<KeyGroup> = items(form.erased, "RecordKeys.erased")?;
    Ok(WrappedKeys {
        recorded_at: required(form.recorded_at, "RecordKeys.recorded_at")?,
        record: required(form.record, "RecordKeys.record")?,
        keys: items(form.keys, "RecordKeys.keys")?,
        erased: erased.into_iter().collect(),
    })
}

impl Wired for WrappedKey {
    type Form = wire::WrappedKey;

    fn to_form(&self) -> wire::WrappedKey {
        wire::WrappedKey {
            key_group: self.key_group.to_form(),
            key_id: Bytes::copy_from_slice(&self.key_id.0),
            kek_id: Bytes::copy_from_slice(&self.kek_id.0),
            nonce: Bytes::copy_from_slice(&self.nonce),
            wrapped: self.wrapped.clone(),
        }
    }

    fn from_form(form: wire::WrappedKey, _: &'static str) -> Result<Self, Fault> {
        Ok(Self {
            key_group: KeyGroup::from_form(form.key_group, "WrappedKey.key_group")?,
            key_id: KeyId(array(&form.key_id, "WrappedKey.key_id")?),
            kek_id: KeyId(array(&form.kek_id, "WrappedKey.kek_id")?),
            nonce: array(&form.nonce, "WrappedKey.nonce")?,
            wrapped: form.wrapped,
        })
    }
}

impl Wired for Sealed {
    type Form = wire::Sealed;

    fn to_form(&self) -> wire::Sealed {
        wire::Sealed {
            key_group: self.key_group.to_form(),
            key_id: Bytes::copy_from_slice(&self.key_id.0),
            nonce: Bytes::copy_from_slice(&self.nonce),
            ciphertext: self.ciphertext.clone(),
        }
    }

    fn from_form(form: wire::Sealed, _: &'static str) -> Result<Self, Fault> {
        Ok(Self {
            key_group: KeyGroup::from_form(form.key_group, "Sealed.key_group")?,
            key_id: KeyId(array(&form.key_id, "Sealed.key_id")?),
            nonce: array(&form.nonce, "Sealed.nonce")?,
            ciphertext: form.ciphertext,
        })
    }
}

/// Reads the blobs of an observation. A blob of a group that a newer version added stays sealed to this one, as any
/// field that it does not know.
pub(super) fn sealed_from_forms(forms: Vec<wire::Sealed>) -> Result<Vec<Sealed>, Fault> {
    forms
        .into_iter()
        .filter(|form| wire::KeyGroup::try_from(form.key_group).is_ok())
        .map(|form| Sealed::from_form(form, "Observation.sealed"))
        .collect()
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

/// Reads the digests of a state. One of a field that a newer version added is passed over, as any field unknown.
pub(super) fn digests_from_forms(forms: Vec<wire::PersonalDigest>) -> Result<PersonalDigests, Fault> {
    let mut digests = PersonalDigests::new();
    for form in forms {
        let Some(field) = personal_field_from_wire(form.field) else {
            continue;
        };
        let digest = Wired::from_form(form.digest, "PersonalDigest.digest")?;
        if digests.insert(field, digest).is_some() {
            return Err(Fault::invalid("State.digests"));
        }
    }
    Ok(digests)
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

    fn from_form(form: i32, field: &'static str) -> Result<Self, Fault> {
        match wire::KeyGroup::try_from(form) {
            Ok(wire::KeyGroup::Identity) => Ok(Self::Identity),
            Ok(wire::KeyGroup::Contact) => Ok(Self::Contact),
            Ok(wire::KeyGroup::Restricted) => Ok(Self::Restricted),
            Ok(wire::KeyGroup::Evidence) => Ok(Self::Evidence),
            Ok(wire::KeyGroup::Unspecified) | Err(_) => Err(Fault::enum_value(field, form)),
        }
    }
}
