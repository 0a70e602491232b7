//! A feed's messages folded, one after the other, into what later deliveries of each scope must know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use ltr_domain::delivery::{Completeness, DeliveryStep, FeedMessage, Scope};
use ltr_domain::ids::DeliveryId;
use ltr_domain::time::TakenAt;

use super::{History, Newest, Run};
use crate::config::DeliveryPlan;

/// At most so many deliveries of one feed are open at a time. A feed has one worker at a time: the others were broken off.
const OPEN_MAX: usize = 16;

/// A feed's messages, taken one after the other.
#[derive(Debug)]
pub(super) struct Scan {
    /// What is kept is for snapshots up to this one.
    before: TakenAt,
    /// The only scope that counts; `None`: each does.
    only: Option<Scope>,
    /// Of how many complete deliveries of a scope it is kept what they lacked.
    runs_max: usize,
    /// Complete deliveries that are open.
    open: BTreeMap<DeliveryId, (Scope, Run)>,
    scopes: BTreeMap<Scope, Earlier>,
}

/// The complete deliveries of one scope.
#[derive(Debug, Default)]
struct Earlier {
    /// Those without quarantined rows. By snapshot, so that one told twice counts once.
    closed: BTreeMap<TakenAt, Run>,
    /// The newest before the snapshot that it is kept for, with or without quarantined rows.
    baseline: Option<Run>,
    /// The newest snapshot of all.
    latest: Option<TakenAt>,
    /// The sequence at which one was closed last.
    passed: u64,
}

impl Scan {
    /// For one snapshot of a scope, whatever came after it.
    pub(super) fn for_one(scope: Scope, taken_at: TakenAt) -> Self {
        Self {
            before: taken_at,
            only: Some(scope),
            runs_max: usize::MAX,
            open: BTreeMap::new(),
            scopes: BTreeMap::new(),
        }
    }

    /// For any snapshot that is newer than all of its scope, if what so many deliveries lacked is enough for it.
    pub(super) fn for_newer(runs_max: usize) -> Self {
        Self {
            before: TakenAt(Timestamp::MAX),
            only: None,
            runs_max,
            open: BTreeMap::new(),
            scopes: BTreeMap::new(),
        }
    }

    /// The newest snapshot of which there is a complete delivery of that scope.
    pub(super) fn latest(&self, scope: &Scope) -> Option<TakenAt> {
        self.scopes.get(scope)?.latest
    }

    /// How many records it holds in memory.
    pub(super) fn records(&self) -> usize {
        let open = self.open.values().map(|(_, run)| run.seen.len());
        let closed = self
            .scopes
            .values()
            .flat_map(|earlier| earlier.closed.values().chain(&earlier.baseline));
        open.sum::<usize>() + closed.map(|run| run.seen.len() + run.absent.len()).sum::<usize>()
    }

    pub(super) fn take(&mut self, sequence: u64, message: FeedMessage) {
        let delivery = message.delivery;
        match message.step {
            DeliveryStep::Opened {
                scope,
                completeness: Completeness::Complete,
                taken_at,
                ..
            } if self.only.as_ref().is_none_or(|only| *only == scope) => {
                self.open(delivery, scope, Run::opened(sequence, taken_at));
            }
            DeliveryStep::Opened { .. } => _ = self.open.remove(&delivery),
            DeliveryStep::PageRecorded(page) => {
                let Some((_, run)) = self.open.get_mut(&delivery) else {
                    return;
                };
                Arc::make_mut(&mut run.seen).extend(page.seen);
                run.quarantined += page.counts.quarantined;
            }
            DeliveryStep::Closed { absent, .. } => {
                let Some((scope, mut run)) = self.open.remove(&delivery) else {
                    return;
                };
                run.absent = absent.into_iter().collect();
                let earlier = self.scopes.entry(scope).or_default();
                earlier.passed = sequence;
                earlier.close(run, self.before, self.runs_max);
            }
            // Of what is held nothing was published, so it is no snapshot of anything.
            DeliveryStep::Held(_) | DeliveryStep::Decided(_) | DeliveryStep::Released(_) => {}
        }
    }

    fn open(&mut self, delivery: DeliveryId, scope: Scope, run: Run) {
        self.open.insert(delivery, (scope, run));
        if self.open.len() > OPEN_MAX {
            let oldest = self.open.iter().min_by_key(|(_, (_, run))| run.opened);
            if let Some(oldest) = oldest.map(|(delivery, _)| *delivery) {
                self.open.remove(&oldest);
            }
        }
    }

    /// What a delivery is to know of those before it.
    pub(super) fn history(&self, plan: &DeliveryPlan) -> History {
        let own = self.open.get(&plan.delivery).map(|(_, run)| run.clone());
        let Some(known) = self.scopes.get(&plan.scope) else {
            return History {
                own,
                ..History::default()
            };
        };
        let newest = known.closed.last_key_value();
        let is_newest = newest.is_none_or(|(taken_at, _)| *taken_at <= plan.taken_at);
        let earlier = known.closed.range(..plan.taken_at).rev();
        History {
            own,
            earlier: earlier.map(|(_, run)| run.clone()).collect(),
            newest: if is_newest { Newest::This } else { Newest::Another },
            baseline: known.baseline.clone(),
            latest: known.latest,
            passed: known.passed,
        }
    }
}

impl Earlier {
    fn close(&mut self, run: Run, before: TakenAt, runs_max: usize) {
        self.compare_with(&run, before);
        if run.quarantined > 0 {
            return;
        }
        self.closed.insert(run.taken_at, run);
        // Of all but the newest snapshot only what was absent is needed again.
        let mut earlier = self.closed.range_mut(..before).rev().map(|(_, run)| run);
        let _newest = earlier.next();
        earlier.for_each(|run| run.seen = Arc::default());
        while self.closed.len() > runs_max {
            self.closed.pop_first();
        }
    }

    /// A delivery of the same snapshot as ours is what ours began with, not what came before it.
    fn compare_with(&mut self, run: &Run, before: TakenAt) {
        self.latest = self.latest.max(Some(run.taken_at));
        let is_newer = self
            .baseline
            .as_ref()
            .is_none_or(|baseline| baseline.taken_at <= run.taken_at);
        if run.taken_at < before && is_newer {
            self.baseline = Some(run.clone());
        }
    }
}

impl Run {
    fn opened(sequence: u64, taken_at: TakenAt) -> Self {
        Self {
            taken_at,
            opened: sequence,
            seen: Arc::default(),
            absent: BTreeSet::new(),
            quarantined: 0,
        }
    }
}
