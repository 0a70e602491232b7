//! A row that is kept in quarantine: sealed whole under a key of its own, because nobody can tell which of its fields are
//! personal, or whose they are.

use std::fmt;

use ltr_domain::ids::Feed;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;

use super::{DataKey, KeyEncryptionKey, Opened, SealError, Sealed, WrappedKey, open_under, seal_under};

/// Names a row in quarantine. Displays as `quarantine/<source>/<feed>/<row>`, which is what its key and content are bound
/// to; no source is called so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowName {
    /// From which feed.
    pub feed: Feed,
    /// The row's id in quarantine.
    pub row: String,
}

impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quarantine/{}/{}", self.feed, self.row)
    }
}

/// A row that is kept, as LTR_EVIDENCE holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// Which row.
    pub name: RowName,
    /// The version of the source's API that shaped it; empty if it is not known.
    pub api_version: String,
    /// The row as JSON text, less the fields that are never held; sealed.
    pub content: Sealed,
}

/// What opens one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowKey {
    name: RowName,
    /// `None`: destroyed on purpose.
    key: Option<DataKey>,
}

impl RowKey {
    /// A new key for a row; `fill` must come from a secure random source.
    #[must_use]
    pub fn generate(name: RowName, fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = [0; 32];
        fill(&mut bytes);
        let key = Some(DataKey::new(KeyGroup::Evidence, bytes));
        Self { name, key }
    }

    /// That the key was destroyed on purpose.
    #[must_use]
    pub fn erased(name: RowName) -> Self {
        Self { name, key: None }
    }

    /// Whether the key was destroyed on purpose.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.key.is_none()
    }

    /// Seals the row; `None` if the key was destroyed. The nonce must come from a secure random source.
    #[must_use]
    pub fn seal(&self, row: &[u8], nonce: [u8; 12]) -> Option<Sealed> {
        let key = self.key.as_ref()?;
        Some(seal_under(key, &self.name.to_string(), row, nonce))
    }

    /// Opens the row.
    ///
    /// # Errors
    ///
    /// [`SealError::Altered`] if a single bit differs, or it is another row's.
    pub fn open(&self, sealed: &Sealed) -> Result<Opened<Vec<u8>>, SealError> {
        match &self.key {
            Some(key) if key.id() == sealed.key_id => {
                open_under(key, &self.name.to_string(), sealed).map(Opened::Content)
            }
            Some(_) | None => Ok(Opened::Erased),
        }
    }

    /// Wraps the key for the stream LTR_KEYS.
    #[must_use]
    pub fn wrap(
        &self,
        kek: &KeyEncryptionKey,
        recorded_at: RecordedAt,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> WrappedRowKey {
        let holder = self.name.to_string();
        WrappedRowKey {
            recorded_at,
            name: self.name.clone(),
            key: self.key.as_ref().map(|key| key.wrap(&holder, kek, fill)),
        }
    }
}

/// What opens one row, as LTR_KEYS holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedRowKey {
    /// What the publisher's clock said.
    pub recorded_at: RecordedAt,
    /// Which row.
    pub name: RowName,
    /// The key; `None`: destroyed on purpose.
    pub key: Option<WrappedKey>,
}

impl WrappedRowKey {
    /// Unwraps the key with whichever of the key-encryption keys wrapped it.
    ///
    /// # Errors
    ///
    /// A key wrapped by none of those given, or one that does not verify.
    pub fn unwrap(&self, keks: &[KeyEncryptionKey]) -> Result<RowKey, SealError> {
        let holder = self.name.to_string();
        let key = self.key.as_ref().map(|key| key.unwrap(&holder, keks));
        Ok(RowKey {
            name: self.name.clone(),
            key: key.transpose()?,
        })
    }
}
