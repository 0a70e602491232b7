//! What is absent from a complete delivery, and what has been absent often enough to be said to have vanished.
//! Absence is not deletion (T14).

use std::collections::BTreeSet;

use ltr_domain::delivery::Completeness;
use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::RecordId;
use ltr_ports::log::Log;

use crate::context::Context;
use crate::error::IngestError;
use crate::feed;
use crate::history::{self, History, Newest, Run, Wanted};

/// What a delivery lacks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Absence {
    /// Records of its scope that are not in it; sorted.
    pub(crate) absent: Vec<RecordId>,
    /// Those of them that have been absent often enough; sorted.
    pub(crate) gone: Vec<RecordId>,
}

/// Finds what this delivery lacks. `own`: what it saw, where that is not on the log.
pub(crate) async fn find<L: Log>(context: &Context<'_, L>, own: Option<Run>) -> Result<Absence, IngestError> {
    if context.plan.completeness == Completeness::Partial {
        return Ok(Absence::default());
    }
    let wanted = if own.is_some() {
        Wanted::Absences
    } else {
        Wanted::AbsencesAndOwn
    };
    let mut history = history::read(context, wanted).await?;
    history.own = own.or(history.own);
    let mut absence = of(&history, context.config.vanish_after);
    drop_seen_elsewhere(context, &history, &mut absence).await?;
    Ok(absence)
}

/// What is absent, by the history of the scope alone.
fn of(history: &History, vanish_after: u32) -> Absence {
    let (Some(own), Some(previous)) = (&history.own, history.earlier.first()) else {
        return Absence::default();
    };
    if own.quarantined > 0 {
        return Absence::default();
    }
    let times_absent = |record: &RecordId| {
        let run = history
            .earlier
            .iter()
            .take_while(|run| run.absent.contains(record))
            .count();
        u32::try_from(run).unwrap_or(u32::MAX)
    };
    // What was said to have vanished is not listed for ever.
    let still_missed = previous
        .absent
        .iter()
        .filter(|record| times_absent(record) < vanish_after.max(1));
    let expected: BTreeSet<&RecordId> = previous.seen.iter().chain(still_missed).collect();
    let absent: Vec<&RecordId> = expected
        .into_iter()
        .filter(|record| !own.seen.contains(*record))
        .collect();
    let is_gone = |record: &RecordId| {
        vanish_after > 0 && history.newest == Newest::This && times_absent(record) + 1 >= vanish_after
    };
    Absence {
        gone: absent
            .iter()
            .filter(|record| is_gone(record))
            .map(|record| (*record).clone())
            .collect(),
        absent: absent.into_iter().cloned().collect(),
    }
}

/// A record that another delivery of the feed has seen since has only left this scope: a trainee at another provider
/// (T44).
async fn drop_seen_elsewhere<L: Log>(
    context: &Context<'_, L>,
    history: &History,
    absence: &mut Absence,
) -> Result<(), IngestError> {
    if absence.gone.is_empty() {
        return Ok(());
    }
    let Some(last) = feed::last(context.log, context.plan.feed).await? else {
        return Ok(());
    };
    let back = (context.config.vanish_after.max(1) - 1) as usize;
    let lacking = back
        .checked_sub(1)
        .and_then(|index| history.earlier.get(index))
        .or(history.own.as_ref());
    let from = lacking.map_or(last.sequence, |run| run.opened.max(1));
    let mut gone: BTreeSet<RecordId> = absence.gone.drain(..).collect();
    history::walk(context, from, last.sequence, |_, message| {
        if let DeliveryStep::PageRecorded(page) = message.step {
            page.seen.iter().for_each(|record| _ = gone.remove(record));
        }
    })
    .await?;
    absence.gone = gone.into_iter().collect();
    Ok(())
}

#[cfg(test)]
mod tests;
