//! Evidence first: a row in which something changed is kept, sealed, before its observations are published. Evidence
//! that nothing refers to is harmless, so it is published again rather than looked for.

use ltr_domain::observation::MessageRef;
use ltr_domain::record::KeyGroup;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::{Log, NewMessage, Published, Stream};
use ltr_proto::codec::{self, Evidence};
use ltr_proto::digest::message_digest;
use ltr_proto::seal;
use ltr_proto::subject::Subject;
use ltr_sources::MAPPING_VERSION;

use crate::config::DeliveryPlan;
use crate::context::Context;
use crate::decide::Decided;
use crate::error::IngestError;
use crate::known::Knowledge;
use crate::page::{Page, Told};
use crate::patience::Patience;

/// Seals the rows that changed something and have no evidence yet. Leaves out rows of erased records.
pub(crate) fn seal_rows<L: Log>(
    context: &Context<'_, L>,
    page: &Page,
    knowledge: &Knowledge,
    decided: &Decided,
    recorded_at: RecordedAt,
) -> Vec<(usize, NewMessage)> {
    let mut random = context.random();
    let mut messages: Vec<(usize, NewMessage)> = Vec::new();
    for index in decided.changes.iter().filter_map(|change| change.row) {
        let is_sealed = messages.last().is_some_and(|(last, _)| *last == index);
        if is_sealed || page.rows[index].evidence.is_some() {
            continue;
        }
        let told = page.rows[index].told();
        let message =
            told.and_then(|told| seal_row(context.plan, told, knowledge, recorded_at, random.nonce()));
        messages.extend(message.map(|message| (index, message)));
    }
    messages
}

fn seal_row(
    plan: &DeliveryPlan,
    told: &Told,
    knowledge: &Knowledge,
    recorded_at: RecordedAt,
    nonce: [u8; 12],
) -> Option<NewMessage> {
    let mut records = told.records.iter().map(|mapped| &mapped.record);
    let record = records.next()?;
    let keys = &knowledge.get(record)?.keys;
    let evidence = Evidence {
        recorded_at,
        record: record.clone(),
        also: records.cloned().collect(),
        feed: plan.feed,
        delivery: plan.delivery,
        taken_at: plan.taken_at,
        api_version: plan.api_version.clone(),
        mapping_version: MAPPING_VERSION,
        row: seal::seal(keys, KeyGroup::Evidence, &told.evidence, nonce)?,
    };
    let subject = Subject::Evidence(record.clone()).to_string();
    Some(NewMessage {
        subject,
        payload: codec::encode_evidence(&evidence),
        expected_last: None,
    })
}

/// Publishes sealed rows and notes where they are.
pub(crate) async fn publish<L: Log>(
    context: &Context<'_, L>,
    page: &mut Page,
    rows: Vec<(usize, NewMessage)>,
) -> Result<(), IngestError> {
    if rows.is_empty() {
        return Ok(());
    }
    let (indices, messages): (Vec<usize>, Vec<NewMessage>) = rows.into_iter().unzip();
    let digests: Vec<_> = messages
        .iter()
        .map(|message| message_digest(&message.subject, &message.payload))
        .collect();
    let mut patience = Patience::new(context.config, "publishing evidence");
    loop {
        match context.log.publish(Stream::Evidence, messages.clone()).await {
            Ok(Published::Stored { first_sequence, .. }) => {
                for ((sequence, index), digest) in (first_sequence..).zip(indices).zip(digests) {
                    page.rows[index].evidence = Some(MessageRef { sequence, digest });
                }
                return Ok(());
            }
            // Nothing is expected of evidence, so nothing refuses it.
            Ok(Published::Refused) => return Err(IngestError::Contended { refusals: 1 }),
            Err(error) => patience.bear(error).await?,
        }
    }
}
