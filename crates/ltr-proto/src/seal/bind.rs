//! What a sealed blob, a wrapped key and a keyed digest are bound to: parts, each preceded by its length, so that no
//! two lists of parts give the same bytes.

use ltr_domain::record::KeyGroup;

use super::KeyId;

/// Additional data of a sealed blob. `holder`: whose it is, a record as `source/kind/key` or a row in quarantine.
pub(super) fn sealed(holder: &str, group: KeyGroup, key_id: KeyId) -> Vec<u8> {
    join(&[
        b"ltr.sealed.v1",
        holder.as_bytes(),
        group.token().as_bytes(),
        &key_id.0,
    ])
}

/// Additional data of a wrapped key.
pub(super) fn wrapped(holder: &str, group: KeyGroup, key_id: KeyId, kek_id: KeyId) -> Vec<u8> {
    join(&[
        b"ltr.wrapped.v1",
        holder.as_bytes(),
        group.token().as_bytes(),
        &key_id.0,
        &kek_id.0,
    ])
}

/// Parts, each preceded by its length as four big-endian bytes.
pub(super) fn join(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        push(&mut joined, part);
    }
    joined
}

/// Adds one part with its length.
pub(super) fn push(joined: &mut Vec<u8>, part: &[u8]) {
    let length =
        u32::try_from(part.len()).expect("a part is shorter than a message, which is under one mebibyte");
    joined.extend_from_slice(&length.to_be_bytes());
    joined.extend_from_slice(part);
}
