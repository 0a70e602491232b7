//! Tells at a glance which records a delivery says nothing new of: a row whose whole state has the very bytes of the last
//! one on the log is that state, and nothing is derived from a state and itself. Of any other row the glance says
//! nothing; what it means is found out by reading what is known.

use std::collections::HashSet;

use ltr_domain::ids::RecordId;
use ltr_domain::record::{KeyGroup, PersonalDigests};
use ltr_proto::codec;
use ltr_proto::seal::{self, KeyEncryptionKey, RecordKeys};
use ltr_sources::{MAPPING_VERSION, Mapped};

use crate::known::Last;
use crate::page::{Page, PageRow};

/// The records of a page less those of which every row says the same as is known.
pub(super) fn others(page: &Page, is_known: impl Fn(&Mapped) -> bool) -> HashSet<RecordId> {
    let told = page.rows.iter().filter_map(PageRow::told);
    let mapped = told.flat_map(|told| &told.records);
    let others = mapped.filter(|mapped| !is_known(mapped));
    others.map(|mapped| mapped.record.clone()).collect()
}

/// Whether a row says what the last observation of its record says.
pub(super) fn is_as_last(mapped: &Mapped, last: &Last, kek: &KeyEncryptionKey) -> bool {
    let Some(state) = last
        .message
        .as_ref()
        .and_then(|message| state_of(&message.payload))
    else {
        return false;
    };
    let keys = last.keys.as_ref().map(|keys| &keys.payload[..]);
    state_told(mapped, keys, kek).is_some_and(|told| told == state)
}

/// The bytes of the state in a message. `None` for any message but an observation under the mapping that we have.
pub(super) fn state_of(message: &[u8]) -> Option<&[u8]> {
    let observation = codec::unread(message)?;
    (observation.mapping_version == MAPPING_VERSION).then_some(observation.state)
}

/// The bytes of the state that a row tells if it tells the whole of it. `None` if the keys of its personal values cannot
/// be had.
pub(super) fn state_told(mapped: &Mapped, keys: Option<&[u8]>, kek: &KeyEncryptionKey) -> Option<Vec<u8>> {
    let digests = match keys {
        _ if mapped.personal.0.is_empty() => PersonalDigests::new(),
        None => return None,
        Some(keys) => seal::digest_values(&keys_of_digests(mapped, keys, kek)?, &mapped.personal),
    };
    Some(codec::encode_present_state(&mapped.body, &digests))
}

/// The keys under which the personal values of a row are digested.
fn keys_of_digests(mapped: &Mapped, keys: &[u8], kek: &KeyEncryptionKey) -> Option<RecordKeys> {
    let wrapped = codec::decode_record_keys(keys).ok()?;
    let is_needed = |group: &KeyGroup| mapped.personal.0.keys().any(|field| field.key_group() == *group);
    let groups: Vec<KeyGroup> = KeyGroup::ALL.into_iter().filter(is_needed).collect();
    let is_own = wrapped.record == mapped.record;
    is_own.then(|| wrapped.unwrap_oldest(&groups, kek).ok())?
}
