//! One delivery from beginning to end. While the events of a page are on their way, the next page is read, mapped,
//! compared, and its keys and evidence are published.

use std::sync::Arc;

use ltr_domain::delivery::DeliveryStep;
use ltr_ports::log::Log;
use ltr_sources::Row;

use crate::absence::{self, Absence};
use crate::config::{Config, DeliveryPlan, Edge, InputError};
use crate::context::Context;
use crate::course::Course;
use crate::error::IngestError;
use crate::page::Page;
use crate::pages::Pages;
use crate::report::{Progress, Report};
use crate::settle::{settle, step};
use crate::stage::{Staged, stage};

/// Publishes what is new in `rows`, page by page, between the delivery's opening and closing. `on_page` is told after
/// each page. Rows come with the name of their file, without folders.
///
/// The future may be dropped anywhere: what is published stays, and the same rows under a new delivery publish the
/// rest, and nothing twice.
///
/// # Errors
///
/// See [`IngestError`]. The delivery then stays open, so nothing is concluded from what it lacks.
pub async fn deliver<L: Log>(
    log: &L,
    edge: &Edge<'_>,
    config: &Config,
    plan: &DeliveryPlan,
    rows: impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
    mut on_page: impl FnMut(&Progress) + Send,
) -> Result<Report, IngestError> {
    let context = Context::new(log, edge, config, plan).await?;
    let mut course = Course::take_up(&context).await?;
    step(&context, &mut course, opened(plan)).await?;

    let mut pages = Pages::new(plan.feed, config, rows);
    let mut ready = stage_next(&context, &mut pages).await?;
    while let Some(staged) = ready {
        let (settled, next) = tokio::join!(
            settle(&context, &mut course, staged),
            stage_next(&context, &mut pages)
        );
        let settled = settled?;
        on_page(&course.progress());
        ready = next?;
        if let Some(next) = &mut ready {
            settled.outdate(next);
        }
    }

    let Absence { absent, gone } = absence::find(&context, None).await?;
    for records in gone.chunks(config.page_rows_max.clamp(1, crate::config::PAGE_MESSAGES_MAX)) {
        let page = Page {
            rows: Vec::new(),
            gone: records.to_vec(),
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
    };
    step(&context, &mut course, closed).await?;
    Ok(Report {
        delivery: plan.delivery,
        counts: course.counts,
        pages: course.pages,
        absent: absent_count,
        sequences: course.first_sequence.zip(course.last_sequence),
    })
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

async fn stage_next<L: Log>(
    context: &Context<'_, L>,
    pages: &mut Pages<impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send>,
) -> Result<Option<Staged>, IngestError> {
    let Some(mut page) = pages.next(context.observed_at())? else {
        return Ok(None);
    };
    let decided = stage(context, &mut page).await?;
    Ok(Some(Staged {
        page,
        decided: Some(decided),
    }))
}
