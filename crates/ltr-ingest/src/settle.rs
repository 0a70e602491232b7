//! Settles a page: publishes its events, and after a lost race reads again, decides again and tries again, in halves
//! if need be.

use std::collections::BTreeSet;

use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::RecordId;
use ltr_ports::log::Log;

use crate::batch;
use crate::context::Context;
use crate::course::{Attempts, Course, Fate};
use crate::error::IngestError;
use crate::page::Page;
use crate::stage::{Staged, stage};

/// After so many refusals a page is tried in halves.
const REFUSALS_BEFORE_HALVES: u32 = 3;

/// After so many refusals a page of a single row is given up.
const REFUSALS_MAX: u32 = 100;

/// What a page that was staged meanwhile must know of the page that was settled.
pub(crate) struct Settled {
    /// The records of which something was published.
    changed: BTreeSet<RecordId>,
    /// Whether others published on the feed meanwhile.
    met: Met,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Nobody,
    Others,
}

impl Settled {
    /// Has a page that was staged meanwhile decided again, if what it was decided on may be outdated.
    pub(crate) fn outdate(&self, staged: &mut Staged) {
        if self.met == Met::Others || staged.page.records().any(|record| self.changed.contains(record)) {
            staged.decided = None;
        }
    }
}

/// Settles a page.
pub(crate) async fn settle<L: Log>(
    context: &Context<'_, L>,
    course: &mut Course,
    staged: Staged,
) -> Result<Settled, IngestError> {
    let mut settled = Settled {
        changed: BTreeSet::new(),
        met: Met::Nobody,
    };
    let mut waiting = vec![staged];
    while let Some(staged) = waiting.pop() {
        let (number, place) = (course.pages + 1, staged.page.whereabouts());
        let outcome = settle_part(context, course, staged, &mut settled).await;
        let halves = outcome.map_err(|source| IngestError::Page {
            feed: context.plan.feed,
            page: number,
            place,
            source: Box::new(source),
        })?;
        let Some((first, second)) = halves else { continue };
        waiting.extend([second, first].map(|page| Staged { page, decided: None }));
    }
    Ok(settled)
}

/// Settles a page, or returns its halves.
async fn settle_part<L: Log>(
    context: &Context<'_, L>,
    course: &mut Course,
    staged: Staged,
    settled: &mut Settled,
) -> Result<Option<(Page, Page)>, IngestError> {
    let Staged {
        mut page,
        mut decided,
    } = staged;
    let mut attempts = Attempts::new(context, "publishing a page");
    let mut refusals = 0;
    loop {
        let mut decided_now = match decided.take() {
            Some(decided) => decided,
            None => stage(context, &mut page).await?,
        };
        let recorded_at = context.recorded_at().await?;
        let number = course.pages + 1;
        let batch = batch::of_page(
            context.plan,
            number,
            course.end,
            &page,
            &mut decided_now,
            recorded_at,
        );
        match course.publish(context, batch, &mut attempts).await? {
            fate @ (Fate::Settled | Fate::SettledAmongOthers) => {
                course.pages += 1;
                if fate == Fate::SettledAmongOthers {
                    settled.met = Met::Others;
                }
                settled.changed.extend(
                    decided_now
                        .changes
                        .into_iter()
                        .map(|change| change.observation.record),
                );
                return Ok(None);
            }
            Fate::Failed => decided = Some(decided_now),
            Fate::Refused => {
                refusals += 1;
                settled.met = Met::Others;
            }
        }
        if refusals >= REFUSALS_BEFORE_HALVES && !page.is_single() {
            let second = page.split();
            return Ok(Some((page, second)));
        }
        if refusals >= REFUSALS_MAX {
            return Err(IngestError::Contended { refusals });
        }
    }
}

/// Publishes a step of the delivery that is no page.
pub(crate) async fn step<L: Log>(
    context: &Context<'_, L>,
    course: &mut Course,
    step: DeliveryStep,
) -> Result<(), IngestError> {
    let mut attempts = Attempts::new(context, "publishing a step of the delivery");
    for _ in 0..REFUSALS_MAX {
        let recorded_at = context.recorded_at().await?;
        let batch = batch::of_step(context.plan, course.end, step.clone(), recorded_at);
        match course.publish(context, batch, &mut attempts).await? {
            Fate::Settled | Fate::SettledAmongOthers => return Ok(()),
            Fate::Refused | Fate::Failed => {}
        }
    }
    Err(IngestError::Contended {
        refusals: REFUSALS_MAX,
    })
}
