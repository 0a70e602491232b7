//! Keys of new records: made at the edge, published before anything is sealed under them. Of two workers that make keys
//! for one record the first one's count.

use std::collections::BTreeSet;

use ltr_domain::ids::RecordId;
use ltr_ports::log::{Log, NewMessage, Published, Stream};
use ltr_proto::codec;

use crate::context::Context;
use crate::error::IngestError;
use crate::known::{Knowledge, key_groups, key_subject, take_keys};
use crate::page::Page;
use crate::patience::Patience;
use crate::random::Random;

/// How often another worker may get in first before we give up.
const REFUSALS_MAX: u32 = 100;

/// Makes the keys that the page's records lack, in memory only. Returns whose were made, in the page's order.
pub(crate) fn make(page: &Page, knowledge: &mut Knowledge, random: &mut Random<'_>) -> Vec<RecordId> {
    let mut made = Vec::new();
    let mut done = BTreeSet::new();
    for record in page.records() {
        if done.insert(record) && make_one(record, knowledge, random) == Made::Some {
            made.push(record.clone());
        }
    }
    made
}

#[derive(PartialEq, Eq)]
enum Made {
    Some,
    None,
}

fn make_one(record: &RecordId, knowledge: &mut Knowledge, random: &mut Random<'_>) -> Made {
    let Some(known) = knowledge.get_mut(record) else {
        return Made::None;
    };
    if known.defect.is_some() {
        return Made::None;
    }
    let added = known
        .keys
        .ensure(key_groups(record.kind), &mut |bytes| random.fill(bytes));
    if added.is_empty() { Made::None } else { Made::Some }
}

/// Makes the keys that the page's records lack and publishes them, or takes up those that another worker published.
pub(crate) async fn ensure<L: Log>(
    context: &Context<'_, L>,
    page: &Page,
    knowledge: &mut Knowledge,
) -> Result<(), IngestError> {
    let mut random = context.random();
    let mut missing = make(page, knowledge, &mut random);
    let mut patience = Patience::new(context.config, "publishing keys");
    let mut refusals = 0;
    while !missing.is_empty() {
        let messages = messages(context, &missing, knowledge, &mut random).await?;
        match context.log.publish(Stream::Keys, messages).await {
            Ok(Published::Stored { first_sequence, .. }) => {
                for (sequence, record) in (first_sequence..).zip(&missing) {
                    knowledge
                        .entry(record.clone())
                        .and_modify(|known| known.keys_sequence = sequence);
                }
                return Ok(());
            }
            Ok(Published::Refused) if refusals >= REFUSALS_MAX => {
                return Err(IngestError::Contended { refusals });
            }
            Ok(Published::Refused) => refusals += 1,
            Err(error) => patience.bear(error).await?,
        }
        missing = take_up(context, missing, knowledge, &mut random).await?;
    }
    Ok(())
}

async fn messages<L: Log>(
    context: &Context<'_, L>,
    records: &[RecordId],
    knowledge: &Knowledge,
    random: &mut Random<'_>,
) -> Result<Vec<NewMessage>, IngestError> {
    let recorded_at = context.recorded_at().await?;
    let message = |record: &RecordId| {
        let known = &knowledge[record];
        let wrapped = known
            .keys
            .wrap(context.edge.kek, recorded_at, &mut |bytes| random.fill(bytes));
        NewMessage {
            subject: key_subject(record),
            payload: codec::encode_record_keys(&wrapped),
            expected_last: Some(known.keys_sequence),
        }
    };
    Ok(records.iter().map(message).collect())
}

/// Takes up the keys that meanwhile are on the log, be they ours or another worker's, and returns whose are still
/// lacking.
async fn take_up<L: Log>(
    context: &Context<'_, L>,
    records: Vec<RecordId>,
    knowledge: &mut Knowledge,
    random: &mut Random<'_>,
) -> Result<Vec<RecordId>, IngestError> {
    let subjects = records.iter().map(key_subject).collect();
    let found = context
        .log
        .last_of(Stream::Keys, subjects)
        .await
        .map_err(IngestError::log("reading keys"))?;
    let mut missing = Vec::new();
    for record in records {
        let Some(known) = knowledge.get_mut(&record) else {
            continue;
        };
        let message = found.get(&key_subject(&record));
        if message.map_or(0, |message| message.sequence) != known.keys_sequence {
            take_keys(context, &record, known, message)?;
            if make_one(&record, knowledge, random) == Made::None {
                continue;
            }
        }
        missing.push(record);
    }
    Ok(missing)
}
