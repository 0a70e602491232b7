//! What a complete delivery would change, found by reading its rows once: nothing is sealed, no evidence is written, and
//! of the rows only keys and digests are kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::stream::{Stream, StreamExt};
use ltr_domain::delivery::{Comparison, Counts, Fingerprint};
use ltr_domain::ids::RecordId;
use ltr_ports::log::Log;
use ltr_proto::seal;
use ltr_sources::diff::{Seen, derive};
use ltr_sources::{Mapped, Row};

use super::beforehand::Beforehand;
use super::glance;
use crate::aside::aside;
use crate::config::{Backfill, InputError};
use crate::context::Context;
use crate::decide::{next_state, says_the_same};
use crate::error::IngestError;
use crate::history::Run;
use crate::known::{self, Known};
use crate::page::Page;
use crate::pages::{Mapping, Pages};
use crate::stage::set_aside_unknowable;

/// So many pages are looked up on the log at a time.
const COMPARED_AT_A_TIME: usize = 3;

/// What a delivery would change.
pub(crate) struct Compared {
    pub(crate) comparison: Comparison,
    pub(crate) fingerprint: Fingerprint,
    /// Its pages without their rows, if nothing in any of them is new.
    pub(crate) settled: Option<Vec<Page>>,
}

/// What a row would do to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Added,
    Changed,
    Unchanged,
    Superseded,
}

/// Compares the rows with what is known of their records, and with the complete delivery before.
pub(crate) async fn compare<'a, L: Log>(
    context: &'a Context<'a, L>,
    baseline: Option<Run>,
    rows: impl Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send + 'a,
) -> Result<Compared, IngestError> {
    let beforehand = Arc::new(Beforehand::read(context, baseline.as_ref()).await);
    let pages = Pages::new(context.plan.feed, context.config, Mapping::Aside, rows);
    let mut pages = std::pin::pin!(compared(context, beforehand, pages));
    let mut tally = Tally::new(context.plan.late);
    while let Some((page, fates)) = pages.next().await.transpose()? {
        tally.take(page, fates);
    }
    Ok(tally.finish(context, baseline))
}

/// The pages with what their rows would do, in their order, some looked up at a time.
fn compared<'a, L: Log>(
    context: &'a Context<'a, L>,
    beforehand: Arc<Beforehand>,
    pages: Pages<'a>,
) -> impl Stream<Item = Result<(Page, Fates), IngestError>> + Send + 'a {
    let comparing = pages.mapped(context).map(move |page| {
        let beforehand = Arc::clone(&beforehand);
        async move { fates(context, beforehand, page?).await }
    });
    comparing.buffered(COMPARED_AT_A_TIME)
}

type Fates = Vec<(RecordId, Fate)>;

/// Most rows of most deliveries are told at a glance to say nothing new; of the others what is known is read.
async fn fates<L: Log>(
    context: &Context<'_, L>,
    beforehand: Arc<Beforehand>,
    page: Page,
) -> Result<(Page, Fates), IngestError> {
    let kek = context.edge.kek.clone();
    let (page, others) = aside(move || {
        let others = glance::others(&page, |mapped| beforehand.is_known(mapped, &kek));
        (page, others)
    })
    .await;
    let mut found = known::find(context, others.iter()).await?;
    let kek = context.edge.kek.clone();
    let (mut page, rest) = aside(move || {
        let others = glance::others(&page, |mapped| {
            let last = found.get(&mapped.record);
            last.is_none_or(|last| glance::is_as_last(mapped, last, &kek))
        });
        found.retain(|record, _| others.contains(record));
        (page, found)
    })
    .await;
    let mut knowledge = known::understand(context, rest).await?;
    set_aside_unknowable(context, &mut page, &mut knowledge);
    let told = page.rows.iter().filter_map(|row| row.told());
    let fates = told
        .flat_map(|told| &told.records)
        .map(|mapped| {
            let known = knowledge.get(&mapped.record);
            let fate = known.map_or(Fate::Unchanged, |known| fate(context, &page, mapped, known));
            (mapped.record.clone(), fate)
        })
        .collect();
    Ok((page, fates))
}

fn fate<L>(context: &Context<'_, L>, page: &Page, mapped: &Mapped, known: &Known) -> Fate {
    let Some(before) = &known.before else {
        return Fate::Added;
    };
    let next = next_state(mapped, known, Some(&before.state));
    if context.plan.taken_at <= before.taken_at {
        return if says_the_same(&before.state, next) {
            Fate::Unchanged
        } else {
            Fate::Superseded
        };
    }
    let seen = Seen {
        observed_on: page.observed_at.london_date(),
        source_updated_on: None,
    };
    if derive(Some(&before.state), &next, &seen).is_empty() {
        Fate::Unchanged
    } else {
        Fate::Changed
    }
}

/// The sum over the pages.
struct Tally {
    comparison: Comparison,
    seen: BTreeSet<RecordId>,
    rows: Vec<[u8; 32]>,
    /// The pages so far, while nothing in them is new.
    settled: Option<Vec<Page>>,
}

impl Tally {
    /// A backfill compares with what stood before, not with what is known now: its pages are never settled unread.
    fn new(late: Backfill) -> Self {
        Self {
            comparison: Comparison::default(),
            seen: BTreeSet::new(),
            rows: Vec::new(),
            settled: match late {
                Backfill::No => Some(Vec::new()),
                Backfill::Yes => None,
            },
        }
    }

    fn take(&mut self, mut page: Page, fates: Fates) {
        let rows = page.rows.len() as u64;
        let bad = page.rows.iter().filter(|row| row.bad().is_some()).count() as u64;
        self.rows.extend(page.row_digests());
        self.comparison.rows += rows;
        self.comparison.quarantined += bad;
        let is_settled = bad == 0 && fates.iter().all(|(_, fate)| *fate == Fate::Unchanged);
        let unchanged = fates.len() as u64;
        for (record, fate) in fates {
            self.count(record, fate);
        }
        // Records in bad rows were seen all the same.
        self.seen.extend(page.bad_records().cloned());
        match &mut self.settled {
            Some(settled) if is_settled => {
                page.settle(Counts {
                    rows,
                    unchanged,
                    ..Counts::default()
                });
                settled.push(page);
            }
            settled => *settled = None,
        }
    }

    /// Counts a record once, however often the delivery tells of it (T17).
    fn count(&mut self, record: RecordId, fate: Fate) {
        if !self.seen.insert(record) {
            return;
        }
        let Comparison {
            added,
            changed,
            unchanged,
            superseded,
            ..
        } = &mut self.comparison;
        *match fate {
            Fate::Added => added,
            Fate::Changed => changed,
            Fate::Unchanged => unchanged,
            Fate::Superseded => superseded,
        } += 1;
    }

    fn finish<L>(mut self, context: &Context<'_, L>, baseline: Option<Run>) -> Compared {
        if let Some(baseline) = baseline {
            self.comparison.expected = Some(baseline.seen.len() as u64);
            self.comparison.absent = baseline.seen.difference(&self.seen).count() as u64;
        }
        let plan = context.plan;
        Compared {
            comparison: self.comparison,
            fingerprint: seal::fingerprint(context.edge.kek, plan.feed, &plan.scope, self.rows),
            settled: self.settled,
        }
    }
}
