//! Brings a page to where only its events are left to be published: reads what is known, makes keys, decides, and
//! publishes evidence. Repeating it does no harm.

use ltr_ports::log::Log;

use crate::context::Context;
use crate::decide::{Decided, Undecidable, decide};
use crate::error::IngestError;
use crate::known::{self, Knowledge};
use crate::page::Page;
use crate::{evidence, keep, keys, late};

/// A page and what it comes to, as far as the log was read.
pub(crate) struct Staged {
    pub(crate) page: Page,
    /// `None` once what was read may no longer hold.
    pub(crate) decided: Option<Decided>,
}

/// Stages a page.
pub(crate) async fn stage<L: Log>(context: &Context<'_, L>, page: &mut Page) -> Result<Decided, IngestError> {
    let mut knowledge = known::read(context, page.records().chain(&page.gone)).await?;
    set_aside_unknowable(context, page, &mut knowledge);
    keys::ensure(context, page, &mut knowledge).await?;
    set_aside_unknowable(context, page, &mut knowledge);
    late::look_up(context, page, &mut knowledge).await?;
    let decided = decide_all(context, page, &knowledge);
    let recorded_at = context.recorded_at().await?;
    let rows = evidence::seal_rows(context, page, &knowledge, &decided, recorded_at);
    evidence::publish(context, page, rows).await?;
    keep::keep(context, page).await?;
    Ok(decided)
}

/// Decides on a page, less the rows that cannot be decided on.
pub(crate) fn decide_all<L: Log>(
    context: &Context<'_, L>,
    page: &mut Page,
    knowledge: &Knowledge,
) -> Decided {
    loop {
        match decide(context.plan, page, knowledge, &mut context.random()) {
            Ok(decided) => return decided,
            Err(Undecidable { row, defect }) => page.rows[row].set_aside(context.plan.feed, defect),
        }
    }
}

/// Puts rows into quarantine of whose records what is known cannot be read: they stop only themselves.
pub(crate) fn set_aside_unknowable<L>(context: &Context<'_, L>, page: &mut Page, knowledge: &mut Knowledge) {
    if knowledge.values().all(|known| known.defect.is_none()) {
        return;
    }
    for row in &mut page.rows {
        let records = row.told().into_iter().flat_map(|told| &told.records);
        let defect = records
            .filter_map(|mapped| knowledge.get(&mapped.record)?.defect.clone())
            .next();
        if let Some(defect) = defect {
            row.set_aside(context.plan.feed, defect);
        }
    }
    page.gone
        .retain(|record| knowledge.get(record).is_some_and(|known| known.defect.is_none()));
}
