//! The keys of one source record, and how they are wrapped for the stream that can be rewritten.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use aes_gcm::Aes256Gcm;
use bytes::Bytes;
use ltr_domain::ids::RecordId;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;
use sha2::{Digest, Sha256};

use super::{SealError, bind, cipher, decrypt, encrypt};
use crate::hex;

/// Names a key without telling anything of it: the start of a digest over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    fn of(label: &str, key: &[u8; 32]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(label.as_bytes());
        hasher.update(b"\n");
        hasher.update(key);
        let digest: [u8; 32] = hasher.finalize().into();
        let (start, _) = digest
            .split_first_chunk()
            .expect("thirty-two bytes begin with eight");
        Self(*start)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// The key that wraps data keys. Comes from a file or the environment and is never on a stream.
#[derive(Clone)]
pub struct KeyEncryptionKey {
    id: KeyId,
    bytes: [u8; 32],
    /// Made ready once: it opens the keys of every record.
    cipher: Arc<Aes256Gcm>,
}

impl KeyEncryptionKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self {
            id: KeyId::of("ltr.kek.v1", &bytes),
            bytes,
            cipher: Arc::new(cipher(&bytes)),
        }
    }

    /// Reads 64 hexadecimal digits; surrounding white space, such as the line feed of a file, is ignored.
    ///
    /// # Errors
    ///
    /// Any other text.
    pub fn from_hex(text: &str) -> Result<Self, SealError> {
        hex::decode_array(text.trim())
            .map(Self::new)
            .ok_or(SealError::MalformedKey)
    }

    /// The key's name, which stands beside everything that it wraps.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyEncryptionKey({})", self.id)
    }
}

/// A data key of one group, unwrapped.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey {
    group: KeyGroup,
    id: KeyId,
    bytes: [u8; 32],
}

impl DataKey {
    /// A key of these bytes, which must come from a secure random source.
    #[must_use]
    pub fn new(group: KeyGroup, bytes: [u8; 32]) -> Self {
        Self {
            group,
            id: KeyId::of("ltr.key.v1", &bytes),
            bytes,
        }
    }

    /// Which group it is for.
    #[must_use]
    pub fn group(&self) -> KeyGroup {
        self.group
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({} {})", self.group.token(), self.id)
    }
}

/// The data keys of one source record, unwrapped, and which groups were erased on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordKeys {
    record: RecordId,
    /// Ascending by group; within a group oldest first.
    keys: Vec<DataKey>,
    erased: BTreeSet<KeyGroup>,
}

impl RecordKeys {
    /// No keys at all: everything sealed for the record is erased, or nothing was ever sealed.
    #[must_use]
    pub fn none(record: RecordId) -> Self {
        Self {
            record,
            keys: Vec::new(),
            erased: BTreeSet::new(),
        }
    }

    /// A first key for each of these groups.
    #[must_use]
    pub fn generate(record: RecordId, groups: &[KeyGroup], fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut keys = Self::none(record);
        keys.ensure(groups, fill);
        keys
    }

    /// Makes a key for each of these groups that has none and was not erased. Returns the groups that got one: if any,
    /// the keys must be published before or with what is sealed under them.
    pub fn ensure(&mut self, groups: &[KeyGroup], fill: &mut dyn FnMut(&mut [u8])) -> Vec<KeyGroup> {
        let mut added = Vec::new();
        for group in groups {
            if self.newest(*group).is_some() || self.erased.contains(group) {
                continue;
            }
            let mut bytes = [0; 32];
            fill(&mut bytes);
            self.add(DataKey::new(*group, bytes));
            added.push(*group);
        }
        added
    }

    /// Adds a key, which seals from now on. The keys before it still open what they sealed. A group that was erased takes
    /// no key any more.
    pub fn add(&mut self, key: DataKey) {
        if self.erased.contains(&key.group) {
            return;
        }
        self.keys.push(key);
        self.keys.sort_by_key(DataKey::group);
    }

    /// Destroys every key of a group and remembers that it was done: [`Self::ensure`] makes no new one.
    pub fn erase(&mut self, group: KeyGroup) {
        self.keys.retain(|key| key.group != group);
        self.erased.insert(group);
    }

    /// Whose keys these are.
    #[must_use]
    pub fn record(&self) -> &RecordId {
        &self.record
    }

    /// The keys, ascending by group, oldest first within a group.
    #[must_use]
    pub fn keys(&self) -> &[DataKey] {
        &self.keys
    }

    /// Groups whose keys were destroyed on purpose.
    #[must_use]
    pub fn erased(&self) -> &BTreeSet<KeyGroup> {
        &self.erased
    }

    /// The key that seals now.
    #[must_use]
    pub fn newest(&self, group: KeyGroup) -> Option<&DataKey> {
        self.keys.iter().rfind(|key| key.group == group)
    }

    /// The key that derives digests: the first, so that adding a key makes no value look changed.
    #[must_use]
    pub fn oldest(&self, group: KeyGroup) -> Option<&DataKey> {
        self.keys.iter().find(|key| key.group == group)
    }

    /// The key of that name.
    #[must_use]
    pub fn find(&self, group: KeyGroup, id: KeyId) -> Option<&DataKey> {
        self.keys.iter().find(|key| key.group == group && key.id == id)
    }

    /// Wraps all keys for the stream LTR_KEYS.
    #[must_use]
    pub fn wrap(
        &self,
        kek: &KeyEncryptionKey,
        recorded_at: RecordedAt,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> WrappedKeys {
        let holder = self.record.to_string();
        let mut wrap_one = |key: &DataKey| key.wrap(&holder, kek, fill);
        let keys = self.keys.iter().map(&mut wrap_one).collect();
        WrappedKeys {
            recorded_at,
            record: self.record.clone(),
            keys,
            erased: self.erased.clone(),
        }
    }
}

/// The keys of one source record as LTR_KEYS holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKeys {
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// Whose keys these are.
    pub record: RecordId,
    /// The keys, ascending by group, oldest first within a group.
    pub keys: Vec<WrappedKey>,
    /// Groups whose keys were destroyed on purpose.
    pub erased: BTreeSet<KeyGroup>,
}

/// One wrapped data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// What is sealed under it.
    pub key_group: KeyGroup,
    /// Its name.
    pub key_id: KeyId,
    /// The name of the key that wraps it.
    pub kek_id: KeyId,
    /// The nonce.
    pub nonce: [u8; 12],
    /// The encrypted key and its tag.
    pub wrapped: Bytes,
}

impl WrappedKeys {
    /// Unwraps the keys with whichever of the key-encryption keys wrapped each.
    ///
    /// # Errors
    ///
    /// A key wrapped by none of those given, or one that does not verify.
    pub fn unwrap(&self, keks: &[KeyEncryptionKey]) -> Result<RecordKeys, SealError> {
        let holder = self.record.to_string();
        let mut keys = Vec::with_capacity(self.keys.len());
        for wrapped in &self.keys {
            keys.push(wrapped.unwrap(&holder, keks)?);
        }
        Ok(RecordKeys {
            record: self.record.clone(),
            keys,
            erased: self.erased.clone(),
        })
    }

    /// Unwraps only what digests of some groups are made under: the oldest key of each. The others are taken as they are.
    ///
    /// # Errors
    ///
    /// As [`Self::unwrap`], of the keys that are unwrapped.
    pub fn unwrap_oldest(
        &self,
        groups: &[KeyGroup],
        kek: &KeyEncryptionKey,
    ) -> Result<RecordKeys, SealError> {
        let holder = self.record.to_string();
        let mut keys = Vec::with_capacity(groups.len());
        for group in groups {
            let oldest = self.keys.iter().find(|wrapped| wrapped.key_group == *group);
            if let Some(wrapped) = oldest {
                keys.push(wrapped.unwrap(&holder, std::slice::from_ref(kek))?);
            }
        }
        Ok(RecordKeys {
            record: self.record.clone(),
            keys,
            erased: self.erased.clone(),
        })
    }
}

impl DataKey {
    /// Wraps the key of a holder: a record, or a row in quarantine.
    pub(super) fn wrap(
        &self,
        holder: &str,
        kek: &KeyEncryptionKey,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> WrappedKey {
        let mut nonce = [0; 12];
        fill(&mut nonce);
        let bound_to = bind::wrapped(holder, self.group, self.id, kek.id);
        WrappedKey {
            key_group: self.group,
            key_id: self.id,
            kek_id: kek.id,
            nonce,
            wrapped: encrypt(&kek.cipher, &nonce, &self.bytes, &bound_to).into(),
        }
    }
}

impl WrappedKey {
    /// Unwraps the key of a holder.
    pub(super) fn unwrap(&self, holder: &str, keks: &[KeyEncryptionKey]) -> Result<DataKey, SealError> {
        let Self {
            key_group,
            key_id,
            kek_id,
            ..
        } = *self;
        let kek = keks
            .iter()
            .find(|kek| kek.id == kek_id)
            .ok_or(SealError::UnknownKeyEncryptionKey { kek_id })?;
        let bound_to = bind::wrapped(holder, key_group, key_id, kek_id);
        decrypt(&kek.cipher, &self.nonce, &self.wrapped, &bound_to)
            .and_then(|bytes| bytes.try_into().ok())
            .map(|bytes| DataKey::new(key_group, bytes))
            .filter(|key| key.id == key_id)
            .ok_or(SealError::Altered { key_group })
    }
}
