//! What a delivery would publish, without publishing anything. Keys of new records are made and forgotten, so digests
//! and sealed values of the same row differ from run to run.

use std::collections::BTreeSet;
use std::sync::Arc;

use ltr_domain::delivery::{Counts, DeliveryStep, FeedMessage};
use ltr_domain::ids::RecordId;
use ltr_domain::observation::MessageRef;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::Log;
use ltr_proto::codec::LogEntry;
use ltr_sources::Row;

use crate::absence::{self, Absence};
use crate::batch::{page_recorded, quarantined};
use crate::config::{Config, DeliveryPlan, Edge, InputError};
use crate::context::Context;
use crate::course::End;
use crate::decide::{Change, Decided};
use crate::deliver::opened;
use crate::error::IngestError;
use crate::gate::{self, Gate};
use crate::history::{Memo, Run};
use crate::known::{self, Before, Knowledge};
use crate::page::{Page, Summary};
use crate::pages::{Mapping, Pages};
use crate::report::Report;
use crate::stage::{decide_all, set_aside_unknowable};
use crate::{keys, late};

/// Shows every message that [`crate::deliver`] would publish on the event log, in order; publishes nothing, and makes
/// no keys. References to messages that are not there are left out: evidence, earlier steps of the delivery, and
/// observations earlier in the run.
///
/// # Errors
///
/// As for [`crate::deliver`], but for what only publishing can meet.
pub async fn dry_run<L, I>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    plan: &DeliveryPlan,
    open: impl Fn() -> I + Sync,
    show: impl FnMut(&LogEntry) + Send,
) -> Result<Report, IngestError>
where
    L: Log,
    I: Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
{
    let memo = Memo::default();
    let context = Context::new(log, edge, config, plan, &memo).await?;
    let recorded_at = context.recorded_at().await?;
    let judged = gate::pass(&context, End::read(&context).await?, &open).await?;
    let mut rehearsal = Rehearsal {
        context: &context,
        recorded_at,
        show,
        changed: Knowledge::new(),
        seen: BTreeSet::new(),
        counts: Counts::default(),
        pages: 0,
        permit: None,
    };
    match judged {
        Gate::Open(pass) => rehearsal.permit = pass.permit,
        Gate::Shut(held, held_step) => {
            held_step.into_iter().for_each(|step| rehearsal.step(*step));
            return Ok(gate::report(held));
        }
    }
    rehearsal.step(opened(plan));
    let mut pages = Pages::new(plan.feed, config, Mapping::Here, open());
    while let Some(page) = pages.next(&context).await? {
        rehearsal.page(page).await?;
    }
    let absent = rehearsal.close().await?;
    let Rehearsal { counts, pages, .. } = rehearsal;
    Ok(Report {
        delivery: plan.delivery,
        counts,
        pages,
        absent,
        sequences: None,
        held: None,
    })
}

struct Rehearsal<'a, L, F> {
    context: &'a Context<'a, L>,
    recorded_at: RecordedAt,
    show: F,
    /// Records that an earlier page would have changed, as they would be known now.
    changed: Knowledge,
    seen: BTreeSet<RecordId>,
    counts: Counts,
    pages: u32,
    permit: Option<MessageRef>,
}

impl<L: Log, F: FnMut(&LogEntry) + Send> Rehearsal<'_, L, F> {
    fn step(&mut self, step: DeliveryStep) {
        let plan = self.context.plan;
        let message = FeedMessage {
            feed: plan.feed,
            delivery: plan.delivery,
            recorded_at: self.recorded_at,
            previous: None,
            gate: None,
            step,
        };
        (self.show)(&LogEntry::Feed(message));
    }

    async fn page(&mut self, mut page: Page) -> Result<(), IngestError> {
        let mut knowledge = known::read(self.context, page.records().chain(&page.gone)).await?;
        for (record, known) in &mut knowledge {
            if let Some(changed) = self.changed.get(record) {
                known.clone_from(changed);
            }
        }
        keys::make(&page, &mut knowledge, &mut self.context.random());
        set_aside_unknowable(self.context, &mut page, &mut knowledge);
        late::look_up(self.context, &page, &mut knowledge).await?;
        let Decided { changes, counts } = decide_all(self.context, &mut page, &knowledge);
        for change in changes {
            self.change(change, &mut knowledge);
        }
        for row in &page.rows {
            if let Some(bad) = quarantined(self.context.plan, row, self.recorded_at) {
                (self.show)(&LogEntry::Quarantined(bad));
            }
        }
        self.pages += 1;
        self.counts.add(&counts);
        let recorded = page_recorded(self.context.plan, self.pages, &page, counts);
        self.seen.extend(recorded.seen.iter().cloned());
        self.step(DeliveryStep::PageRecorded(recorded));
        Ok(())
    }

    fn change(&mut self, change: Change, knowledge: &mut Knowledge) {
        let Change {
            mut observation,
            sealed,
            ..
        } = change;
        observation.recorded_at = self.recorded_at;
        if let Some(mut known) = knowledge.remove(&observation.record) {
            let (state, taken_at) = (observation.state.clone(), observation.taken_at);
            let taken_at = known
                .before
                .map_or(taken_at, |before| before.taken_at.max(taken_at));
            known.before = Some(Before {
                state,
                taken_at,
                sealed: sealed.clone(),
            });
            self.changed.insert(observation.record.clone(), known);
        }
        let observation = Box::new(observation);
        (self.show)(&LogEntry::Observation { observation, sealed });
    }

    /// Returns how many records are absent.
    async fn close(&mut self) -> Result<u64, IngestError> {
        let own = Run {
            taken_at: self.context.plan.taken_at,
            opened: u64::MAX,
            seen: Arc::new(std::mem::take(&mut self.seen)),
            absent: BTreeSet::new(),
            quarantined: self.counts.quarantined,
        };
        let Absence { absent, gone } = absence::find(self.context, Some(own)).await?;
        if !gone.is_empty() {
            let cursor = "closing".to_owned();
            let page = Page {
                rows: Vec::new(),
                gone,
                settled: Summary::default(),
                observed_at: self.context.observed_at(),
                cursor,
            };
            self.page(page).await?;
        }
        let count = absent.len() as u64;
        self.step(DeliveryStep::Closed {
            counts: self.counts,
            absent,
            permit: self.permit,
        });
        Ok(count)
    }
}
