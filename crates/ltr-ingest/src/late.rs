//! Backfill: what stood before a row that is older than what is known of its record.

use std::collections::BTreeSet;

use ltr_domain::ids::RecordId;
use ltr_domain::record::State;
use ltr_ports::log::Log;
use ltr_proto::codec::{self, LogEntry};

use crate::config::Backfill;
use crate::context::Context;
use crate::error::IngestError;
use crate::known::{Knowledge, Known, is_late, step_back};
use crate::page::Page;

/// What stood before an old row.
#[derive(Debug, Clone)]
pub(crate) enum Past {
    /// Nothing: no snapshot is as old as the row's.
    Nothing,
    /// This state, of the newest snapshot older than the row's.
    State(Box<State>),
    /// The row's own snapshot is on the log already.
    AlreadyTold,
}

/// For a backfill, looks up what stood before every row that is older than its record.
pub(crate) async fn look_up<L: Log>(
    context: &Context<'_, L>,
    page: &Page,
    knowledge: &mut Knowledge,
) -> Result<(), IngestError> {
    if context.plan.late == Backfill::No {
        return Ok(());
    }
    let records: BTreeSet<&RecordId> = page.records().collect();
    for record in records {
        let Some(known) = knowledge.get_mut(record) else {
            continue;
        };
        if known
            .before
            .as_ref()
            .is_some_and(|before| before.taken_at >= context.plan.taken_at)
        {
            known.past = Some(before_row(context, known).await?);
        }
    }
    Ok(())
}

/// Follows the chain back. Late observations of a snapshot come after the present that it is older than, so the first
/// ordinary observation older than the row ends the search.
async fn before_row<L: Log>(context: &Context<'_, L>, known: &Known) -> Result<Past, IngestError> {
    let mut previous = known.last;
    while let Some(reference) = previous {
        let message = step_back(context, &known.subject, reference.sequence).await?;
        let Ok(entry) = codec::decode(&message.payload) else {
            return Ok(Past::Nothing);
        };
        previous = entry.previous();
        let LogEntry::Observation { observation, .. } = entry else {
            continue;
        };
        if observation.taken_at == context.plan.taken_at {
            return Ok(Past::AlreadyTold);
        }
        if observation.taken_at < context.plan.taken_at && !is_late(&observation) {
            return Ok(Past::State(Box::new(observation.state)));
        }
    }
    Ok(Past::Nothing)
}
