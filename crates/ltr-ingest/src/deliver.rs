//! One delivery from beginning to end. While the events of a page are on their way, the pages after it are read, mapped
//! and compared, and their keys and evidence are published: each step waits for the log, none for another page's.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::stream::{Stream, StreamExt};
use ltr_domain::delivery::DeliveryStep;
use ltr_ports::log::Log;
use ltr_sources::Row;

use crate::absence::{self, Absence};
use crate::config::{Config, DeliveryPlan, Edge, InputError};
use crate::context::Context;
use crate::course::Course;
use crate::error::IngestError;
use crate::gate::{self, Gate, Pass};
use crate::history::Memo;
use crate::page::{Page, Summary};
use crate::pages::{Mapping, Pages};
use crate::report::{Progress, Report};
use crate::settle::{Settled, settle, step};
use crate::stage::{Staged, stage};

/// So many pages are staged at a time. With the one being settled they have at most one batch open each, and a process
/// may have four.
const STAGED_AT_A_TIME: usize = 3;

/// So many pages can be settled between the beginning of a page's staging and its own settling: those being staged
/// before it, the one that was ready, and the one that was being settled.
const OVERTAKEN_MAX: usize = STAGED_AT_A_TIME + 2;

/// Publishes what is new in the rows, page by page, between the delivery's opening and closing. `on_page` is told after
/// each page. Rows come with the name of their file, without folders.
///
/// `open` opens the rows at their beginning, and gives the same rows each time. A partial delivery opens them once. A complete one is judged first, by
/// reading all of them, and is published only if it keeps the bounds of its feed or has a permit: then they are opened
/// again, unless nothing in them is new. What is not within bounds is held, which is no error: see [`Report::held`].
///
/// The future may be dropped anywhere: what is published stays, and the same rows under a new delivery publish the
/// rest, and nothing twice.
///
/// # Errors
///
/// See [`IngestError`]. The delivery then stays open, so nothing is concluded from what it lacks.
pub async fn deliver<L, I>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    plan: &DeliveryPlan,
    open: impl Fn() -> I + Sync,
    on_page: impl FnMut(&Progress) + Send,
) -> Result<Report, IngestError>
where
    L: Log,
    I: Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
{
    deliver_with(&Memo::default(), log, edge, config, plan, open, on_page).await
}

/// The same by a process that delivers again and again: `memo` keeps what was read of earlier deliveries of this log, so
/// that the next one reads on from there.
///
/// # Errors
///
/// As [`deliver`].
pub async fn deliver_with<L, I>(
    memo: &Memo,
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    plan: &DeliveryPlan,
    open: impl Fn() -> I + Sync,
    mut on_page: impl FnMut(&Progress) + Send,
) -> Result<Report, IngestError>
where
    L: Log,
    I: Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
{
    let context = Context::new(log, edge, config, plan, memo).await?;
    let mut course = Course::take_up(&context).await?;
    let Pass { permit, settled } = match gate::pass(&context, course.end, &open).await? {
        Gate::Open(pass) => pass,
        Gate::Shut(held, held_step) => {
            if let Some(held_step) = held_step {
                step(&context, &mut course, *held_step).await?;
            }
            return Ok(gate::report(held));
        }
    };
    step(&context, &mut course, opened(plan)).await?;
    match settled {
        Some(pages) => {
            for page in pages {
                settle(&context, &mut course, Staged { page, decided: None }).await?;
                on_page(&course.progress());
            }
        }
        None => publish(&context, &mut course, open(), &mut on_page).await?,
    }

    let Absence { absent, gone } = absence::find(&context, None).await?;
    for records in gone.chunks(config.page_rows_max.clamp(1, crate::config::PAGE_MESSAGES_MAX)) {
        let page = Page {
            rows: Vec::new(),
            gone: records.to_vec(),
            settled: Summary::default(),
            observed_at: context.observed_at(),
            cursor: "closing".to_owned(),
        };
        settle(&context, &mut course, Staged { page, decided: None }).await?;
        on_page(&course.progress());
    }
    let absent_count = absent.len() as u64;
    let closed = DeliveryStep::Closed {
        counts: course.counts,
        absent,
        permit,
    };
    step(&context, &mut course, closed).await?;
    Ok(Report {
        delivery: plan.delivery,
        counts: course.counts,
        pages: course.pages,
        absent: absent_count,
        sequences: course.first_sequence.zip(course.last_sequence),
        held: None,
    })
}

/// Publishes the pages of rows: while one is settled, those after it are staged.
async fn publish<'a, L: Log>(
    context: &'a Context<'a, L>,
    course: &mut Course,
    rows: impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send + 'a,
    on_page: &mut (impl FnMut(&Progress) + Send),
) -> Result<(), IngestError> {
    let plan = context.plan;
    let mut pages = std::pin::pin!(staged(
        context,
        Pages::new(plan.feed, context.config, Mapping::Here, rows)
    ));
    let mut recent: VecDeque<Settled> = VecDeque::with_capacity(OVERTAKEN_MAX);
    let mut ready = pages.next().await.transpose()?;
    while let Some(mut page) = ready {
        recent.iter().for_each(|settled| settled.outdate(&mut page));
        let (settled, next) = tokio::join!(settle(context, course, page), pages.next());
        if recent.len() == OVERTAKEN_MAX {
            recent.pop_front();
        }
        recent.push_back(settled?);
        on_page(&course.progress());
        ready = next.transpose()?;
    }
    Ok(())
}

/// The step that opens a delivery.
pub(crate) fn opened(plan: &DeliveryPlan) -> DeliveryStep {
    DeliveryStep::Opened {
        scope: plan.scope.clone(),
        completeness: plan.completeness,
        taken_at: plan.taken_at,
        manifest: plan.manifest.clone(),
    }
}

/// Stages the pages in their order, some at a time. Ends with the error that the rows break off with, after the pages
/// before it.
fn staged<'a, L: Log>(
    context: &'a Context<'a, L>,
    pages: Pages<'a>,
) -> impl Stream<Item = Result<Staged, IngestError>> + Send + 'a {
    let staging = pages.mapped(context).map(move |page| async move {
        let mut page = page?;
        let decided = stage(context, &mut page).await?;
        Ok(Staged {
            page,
            decided: Some(decided),
        })
    });
    staging.buffered(STAGED_AT_A_TIME)
}
