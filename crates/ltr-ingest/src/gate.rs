//! The gate: a complete delivery is judged before its first observation. What leaves its bounds is held, and nothing of it
//! is published but one message that says so.
//!
//! Nothing is parked: the rows of a held delivery are forgotten. An approval is a permit on the log, under which the same
//! rows pass when they come again, or once others that change no more.

mod beforehand;
mod comparing;
mod docket;
mod glance;

use std::sync::Arc;

use ltr_domain::breaker::{self, Age, Outcome};
use ltr_domain::delivery::{
    Comparison, Completeness, DeliveryDecision, DeliveryHeld, DeliveryStep, Fingerprint, HoldReason,
};
use ltr_domain::ids::DeliveryId;
use ltr_domain::observation::MessageRef;
use ltr_ports::log::Log;
use ltr_sources::Row;

use crate::config::{Backfill, InputError};
use crate::context::Context;
use crate::course::End;
use crate::error::IngestError;
use crate::history::{self, Wanted};
use crate::page::Page;
use crate::report::{Held, Report, Standing};
use comparing::Compared;
use docket::Docket;

/// What the gate says of a delivery.
pub(crate) enum Gate {
    /// It is published.
    Open(Pass),
    /// It is held. The step is to be published; `None`: the log holds it already.
    Shut(Held, Option<Box<DeliveryStep>>),
}

/// How a delivery passes.
#[derive(Default)]
pub(crate) struct Pass {
    /// The decision that lets it pass and that it uses up.
    pub(crate) permit: Option<MessageRef>,
    /// Its pages, where nothing in any of them is new: its rows need not be read again.
    pub(crate) settled: Option<Vec<Page>>,
}

/// Judges a delivery by its rows, beside what the log held when the feed was taken up there. Partial deliveries say
/// nothing of what they lack, and pass unread.
pub(crate) async fn pass<L, I>(
    context: &Context<'_, L>,
    end: End,
    open: &(impl Fn() -> I + Sync),
) -> Result<Gate, IngestError>
where
    L: Log,
    I: Iterator<Item = Result<(Arc<str>, Row), InputError>> + Send,
{
    if context.plan.completeness == Completeness::Partial {
        return Ok(Gate::Open(Pass::default()));
    }
    let history = history::read(context, Wanted::Baseline).await?;
    let age = match history.latest {
        Some(latest) if latest > context.plan.taken_at && context.plan.late == Backfill::No => Age::Stale,
        _ => Age::Newest,
    };
    let compared = comparing::compare(context, history.baseline, open()).await?;
    let docket = Docket::read(context, end.gate).await?;
    Ok(decide(context, &docket, history.passed, age, compared))
}

/// `passed`: the sequence at which a complete delivery of the scope was closed last, or 0. What waited then was overtaken,
/// and what was permitted then is permitted no more.
fn decide<L>(context: &Context<'_, L>, docket: &Docket, passed: u64, age: Age, compared: Compared) -> Gate {
    let Compared {
        comparison,
        fingerprint,
        settled,
    } = compared;
    let bounds = context.config.bounds_of(context.plan.feed);
    let judge = |permitted| breaker::judge(&bounds, age, &comparison, permitted);
    let open = |permit| Gate::Open(Pass { permit, settled });
    let same = docket.of_rows(fingerprint);
    // No rows are like no rows: what was decided on them holds until there are some again.
    let decided_after = if comparison.rows == 0 { passed } else { 0 };
    let with = |decision| same.filter(|case| case.decision_after(decided_after) == Some(decision));
    if let Some(case) = with(DeliveryDecision::Reject) {
        let held = Held {
            delivery: case.delivery,
            comparison,
            reasons: case.held.reasons.clone(),
            standing: Standing::Rejected,
        };
        return Gate::Shut(held, None);
    }
    let reasons = match judge(None) {
        Outcome::Pass => return open(None),
        Outcome::Hold(reasons) => reasons,
    };
    if let Some(case) = with(DeliveryDecision::Approve) {
        return open(case.permit_after(passed));
    }
    let mut permits = docket.permits_after(passed);
    if let Some((permit, _)) = permits.find(|(_, held)| judge(Some(&held.comparison)) == Outcome::Pass) {
        return open(Some(permit));
    }
    let waiting = same
        .filter(|case| case.held_at > passed)
        .map(|case| case.delivery);
    hold(context, waiting, comparison, reasons, fingerprint)
}

/// Holds a delivery, under the id of an earlier one of the same rows if that still waits.
fn hold<L>(
    context: &Context<'_, L>,
    waiting: Option<DeliveryId>,
    comparison: Comparison,
    reasons: Vec<HoldReason>,
    fingerprint: Fingerprint,
) -> Gate {
    let plan = context.plan;
    let held = Held {
        delivery: waiting.unwrap_or(plan.delivery),
        comparison,
        reasons: reasons.clone(),
        standing: Standing::Waiting,
    };
    let step = DeliveryStep::Held(DeliveryHeld {
        scope: plan.scope.clone(),
        taken_at: plan.taken_at,
        manifest: plan.manifest.clone(),
        comparison,
        reasons,
        fingerprint,
    });
    Gate::Shut(held, waiting.is_none().then(|| Box::new(step)))
}

/// What is told of a delivery that is held.
pub(crate) fn report(held: Held) -> Report {
    Report {
        delivery: held.delivery,
        counts: ltr_domain::delivery::Counts::default(),
        pages: 0,
        absent: held.comparison.absent,
        sequences: None,
        held: Some(held),
    }
}
