//! Opens rows that are kept in quarantine, and looks whether what is kept is what their messages refer to.

use ltr_domain::delivery::Quarantined;
use ltr_ports::log::Log;
use ltr_proto::codec;
use ltr_proto::seal::{self, KeptRow, KeyEncryptionKey, RowKey, RowName};
use serde_json::Value;

use super::Ending;
use crate::error::IngestError;
use crate::keep::{self, Lock, Stored};

/// What opening a row gave.
pub(super) enum Opened {
    /// The row, in clear.
    Row { api_version: String, value: Value },
    /// Nothing.
    Not(Ending),
}

/// Opens rows. Two reads of the log, however many.
pub(super) async fn open<'r, L: Log>(
    log: &L,
    kek: &KeyEncryptionKey,
    rows: &'r [Quarantined],
) -> Result<Vec<(&'r Quarantined, Opened)>, IngestError> {
    let names = rows.iter().filter(|row| row.evidence.is_some()).map(name_of);
    let mut stored = keep::read(log, kek, names.collect()).await?;
    let opened = rows.iter().map(|row| {
        let stored = stored.remove(&name_of(row));
        (
            row,
            stored.map_or(Opened::Not(Ending::NotKept), |stored| open_one(row, &stored)),
        )
    });
    Ok(opened.collect())
}

fn name_of(row: &Quarantined) -> RowName {
    RowName {
        feed: row.feed,
        row: row.id.clone(),
    }
}

fn open_one(row: &Quarantined, stored: &Stored) -> Opened {
    let key = match &stored.lock {
        Lock::Key(key) => key,
        Lock::None => return Opened::Not(Ending::Erased),
        Lock::Damaged => return Opened::Not(Ending::Altered),
    };
    // A row whose retention is over is as good as erased.
    let Some(message) = &stored.kept else {
        return Opened::Not(Ending::Erased);
    };
    let kept = codec::decode_kept_row(&message.payload).ok();
    let Some(kept) = kept.filter(|kept| kept.name == name_of(row)) else {
        return Opened::Not(Ending::Altered);
    };
    open_kept(key, kept)
}

fn open_kept(key: &RowKey, kept: KeptRow) -> Opened {
    let opened = match key.open(&kept.content) {
        Ok(seal::Opened::Content(content)) => content,
        Ok(seal::Opened::Erased) => return Opened::Not(Ending::Erased),
        Err(_) => return Opened::Not(Ending::Altered),
    };
    match serde_json::from_slice(&opened) {
        Ok(value) => Opened::Row {
            api_version: kept.api_version,
            value,
        },
        Err(_) => Opened::Not(Ending::Altered),
    }
}
