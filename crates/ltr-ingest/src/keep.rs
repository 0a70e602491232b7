//! Keeps rows that go to quarantine, so that they can be driven again: sealed whole, each under a key of its own, once
//! however often it comes. A key that was destroyed is never made again: erased stays erased.

use std::collections::BTreeMap;

use ltr_domain::observation::MessageRef;
use ltr_ports::log::{Log, NewMessage, Published, StoredMessage, Stream};
use ltr_proto::codec;
use ltr_proto::digest::message_digest;
use ltr_proto::seal::{KeptRow, KeyEncryptionKey, RowKey, RowName, SealError};
use ltr_proto::subject::Subject;

use crate::context::Context;
use crate::error::IngestError;
use crate::page::Page;
use crate::patience::Patience;

/// How often another worker may get in first before we give up.
const REFUSALS_MAX: u32 = 100;

/// How it stands with the key of a row.
pub(crate) enum Lock {
    /// There is none yet.
    None,
    /// It is there.
    Key(RowKey),
    /// It cannot be read, or does not verify.
    Damaged,
}

/// What the log holds of a row.
pub(crate) struct Stored {
    pub(crate) lock: Lock,
    /// The message that holds the row.
    pub(crate) kept: Option<StoredMessage>,
}

/// Keeps the page's bad rows, and notes where they are.
pub(crate) async fn keep<L: Log>(context: &Context<'_, L>, page: &mut Page) -> Result<(), IngestError> {
    let rows = keepable(context, page);
    if rows.is_empty() {
        return Ok(());
    }
    let mut patience = Patience::new(context.config, "publishing keys of rows");
    let mut refusals = 0;
    let stored = loop {
        let mut stored = read(context.log, context.edge.kek, rows.keys().cloned().collect()).await?;
        match ensure_keys(context, &mut stored, &mut patience).await? {
            Published::Stored { .. } => break stored,
            Published::Refused if refusals >= REFUSALS_MAX => {
                return Err(IngestError::Contended { refusals });
            }
            Published::Refused => refusals += 1,
        }
    };
    let mut new = Vec::new();
    for (name, indices) in rows {
        let Some(Stored { lock, kept }) = stored.get(&name) else {
            continue;
        };
        if let Some(kept) = kept {
            note(page, &indices, kept.reference());
            continue;
        }
        let content = page.rows[indices[0]].bad().and_then(|bad| bad.kept.as_deref());
        let (Lock::Key(key), Some(content)) = (lock, content) else {
            continue;
        };
        if let Some(message) = sealed(context, name, key, content).await? {
            new.push((indices, message));
        }
    }
    publish(context, page, new).await
}

/// The rows that are to be kept, each with where it stands in the page.
fn keepable<L>(context: &Context<'_, L>, page: &Page) -> BTreeMap<RowName, Vec<usize>> {
    let mut rows: BTreeMap<RowName, Vec<usize>> = BTreeMap::new();
    for (index, row) in page.rows.iter().enumerate() {
        let bad = row
            .bad()
            .filter(|bad| bad.kept.is_some() && row.evidence.is_none());
        if let Some(bad) = bad {
            let name = RowName {
                feed: context.plan.feed,
                row: bad.id.clone(),
            };
            rows.entry(name).or_default().push(index);
        }
    }
    rows
}

/// Reads what the log holds of rows. Two reads, however many.
pub(crate) async fn read<L: Log>(
    log: &L,
    kek: &KeyEncryptionKey,
    names: Vec<RowName>,
) -> Result<BTreeMap<RowName, Stored>, IngestError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let failed = IngestError::log("reading rows that are kept");
    let key_subjects = names.iter().map(key_subject).collect();
    let row_subjects = names.iter().map(row_subject).collect();
    let (keys, rows) = tokio::join!(
        log.last_of(Stream::Keys, key_subjects),
        log.last_of(Stream::Evidence, row_subjects)
    );
    let (mut keys, mut rows) = (keys.map_err(&failed)?, rows.map_err(&failed)?);
    let mut stored = BTreeMap::new();
    for name in names {
        let key = keys.remove(&key_subject(&name));
        let kept = rows.remove(&row_subject(&name));
        let lock = match &key {
            Some(message) => lock(&name, message, kek)?,
            // Its key is gone, whoever destroyed it.
            None if kept.is_some() => Lock::Key(RowKey::erased(name.clone())),
            None => Lock::None,
        };
        stored.insert(name, Stored { lock, kept });
    }
    Ok(stored)
}

fn lock(name: &RowName, message: &StoredMessage, kek: &KeyEncryptionKey) -> Result<Lock, IngestError> {
    let wrapped = codec::decode_row_key(&message.payload);
    let Some(wrapped) = wrapped.ok().filter(|wrapped| wrapped.name == *name) else {
        return Ok(Lock::Damaged);
    };
    match wrapped.unwrap(std::slice::from_ref(kek)) {
        Ok(key) => Ok(Lock::Key(key)),
        // Every key will be wrapped so: a mistake of ours, not the row's.
        Err(source @ (SealError::UnknownKeyEncryptionKey { .. } | SealError::MalformedKey)) => {
            let subject = message.subject.clone();
            Err(IngestError::Keys { subject, source })
        }
        Err(SealError::Altered { .. } | SealError::Unreadable { .. }) => Ok(Lock::Damaged),
    }
}

/// Makes and publishes the keys that are not there. Refused: another worker made one meanwhile, and the first one counts.
async fn ensure_keys<L: Log>(
    context: &Context<'_, L>,
    stored: &mut BTreeMap<RowName, Stored>,
    patience: &mut Patience<'_>,
) -> Result<Published, IngestError> {
    let mut random = context.random();
    let recorded_at = context.recorded_at().await?;
    let mut messages = Vec::new();
    for (name, row) in stored {
        let Lock::None = row.lock else { continue };
        let key = RowKey::generate(name.clone(), &mut |bytes| random.fill(bytes));
        let wrapped = key.wrap(context.edge.kek, recorded_at, &mut |bytes| random.fill(bytes));
        messages.push(NewMessage {
            subject: key_subject(name),
            payload: codec::encode_row_key(&wrapped),
            expected_last: Some(0),
        });
        row.lock = Lock::Key(key);
    }
    if messages.is_empty() {
        return Ok(Published::Stored {
            first_sequence: 0,
            last_sequence: 0,
        });
    }
    match context.log.publish(Stream::Keys, messages).await {
        Ok(published) => Ok(published),
        // Whether they are there is found out by reading.
        Err(error) => patience.bear(error).await.map(|()| Published::Refused),
    }
}

async fn sealed<L: Log>(
    context: &Context<'_, L>,
    name: RowName,
    key: &RowKey,
    content: &[u8],
) -> Result<Option<NewMessage>, IngestError> {
    let Some(content) = key.seal(content, context.random().nonce()) else {
        return Ok(None);
    };
    let subject = row_subject(&name);
    let kept = KeptRow {
        recorded_at: context.recorded_at().await?,
        name,
        api_version: context.plan.api_version.clone(),
        content,
    };
    Ok(Some(NewMessage {
        subject,
        payload: codec::encode_kept_row(&kept),
        expected_last: None,
    }))
}

async fn publish<L: Log>(
    context: &Context<'_, L>,
    page: &mut Page,
    rows: Vec<(Vec<usize>, NewMessage)>,
) -> Result<(), IngestError> {
    if rows.is_empty() {
        return Ok(());
    }
    let (places, messages): (Vec<Vec<usize>>, Vec<NewMessage>) = rows.into_iter().unzip();
    let mut patience = Patience::new(context.config, "publishing rows that are kept");
    loop {
        match context.log.publish(Stream::Evidence, messages.clone()).await {
            Ok(Published::Stored { first_sequence, .. }) => {
                for ((sequence, indices), message) in (first_sequence..).zip(&places).zip(&messages) {
                    let digest = message_digest(&message.subject, &message.payload);
                    note(page, indices, MessageRef { sequence, digest });
                }
                return Ok(());
            }
            // Nothing is expected of evidence, so nothing refuses it.
            Ok(Published::Refused) => return Err(IngestError::Contended { refusals: 1 }),
            Err(error) => patience.bear(error).await?,
        }
    }
}

fn note(page: &mut Page, indices: &[usize], place: MessageRef) {
    for index in indices {
        page.rows[*index].evidence = Some(place);
    }
}

fn key_subject(name: &RowName) -> String {
    Subject::RowKey(name.clone()).to_string()
}

fn row_subject(name: &RowName) -> String {
    Subject::KeptRow(name.clone()).to_string()
}
