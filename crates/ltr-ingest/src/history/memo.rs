//! What a process remembers of the feeds' messages, so that each is read once and not for every delivery again. Nothing
//! is in it that is not on the log: without it all is read anew.

use std::collections::BTreeMap;
use std::fmt;

use ltr_domain::ids::Feed;
use ltr_domain::observation::MessageRef;
use ltr_ports::log::Log;
use tokio::sync::Mutex;

use super::scan::Scan;
use super::{FIRST_LOOK, History, Wanted, runs, walk};
use crate::context::Context;
use crate::error::IngestError;

/// At most so many records of one feed stay in memory between two deliveries.
const RECORDS_MAX: usize = 1_000_000;

/// What earlier deliveries of each feed saw and lacked, kept between the deliveries of one process. Belongs to one log:
/// one that is not what it was is read anew.
pub struct Memo(BTreeMap<Feed, Mutex<Option<Kept>>>);

/// What was read of one feed.
#[derive(Debug)]
struct Kept {
    /// From this sequence on.
    from: u64,
    /// Up to this message; `None`: there was none from there on.
    to: Option<MessageRef>,
    /// For how many runs.
    runs: usize,
    scan: Scan,
}

impl Default for Memo {
    /// Remembers nothing yet.
    fn default() -> Self {
        Self(Feed::ALL.map(|feed| (feed, Mutex::default())).into())
    }
}

/// Says nothing of what it remembers.
impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

impl Memo {
    /// The history of the delivery's scope up to `last`, the feed's last message. `None`: the log has a complete delivery
    /// of the same or a later snapshot, and of what was before it not enough is kept.
    pub(super) async fn read<L: Log>(
        &self,
        context: &Context<'_, L>,
        wanted: Wanted,
        last: MessageRef,
    ) -> Result<Option<History>, IngestError> {
        let plan = context.plan;
        let runs = runs(context);
        let of_feed = self.0.get(&plan.feed).expect("every feed has a place");
        let mut place = of_feed.lock().await;
        // What breaks off here leaves nothing half read.
        let mut kept = place
            .take()
            .filter(|kept| kept.runs >= runs && kept.is_before(last));
        loop {
            let mut now = match kept.take() {
                Some(kept) => kept,
                None => Kept::from(last.sequence.saturating_sub(FIRST_LOOK).max(1), runs),
            };
            if !now.read_on(context, last).await? {
                continue;
            }
            if now.scan.latest(&plan.scope) >= Some(plan.taken_at) {
                *place = Some(now).filter(Kept::is_small);
                return Ok(None);
            }
            let history = now.scan.history(plan);
            if now.from == 1 || wanted.is_found_in(&history, runs) {
                *place = Some(now).filter(Kept::is_small);
                return Ok(Some(history));
            }
            let reach = (last.sequence - now.from).max(FIRST_LOOK).saturating_mul(4);
            kept = Some(Kept::from(last.sequence.saturating_sub(reach).max(1), runs));
        }
    }
}

impl Kept {
    fn from(from: u64, runs: usize) -> Self {
        Self {
            from,
            to: None,
            runs,
            scan: Scan::for_newer(runs),
        }
    }

    /// Whether a feed that ends there can be the one that was read.
    fn is_before(&self, last: MessageRef) -> bool {
        self.to.is_none_or(|to| to == last || to.sequence < last.sequence)
    }

    /// Reads on to there. Each message names the one before it; `false`: what follows does not name what was read.
    async fn read_on<L: Log>(
        &mut self,
        context: &Context<'_, L>,
        last: MessageRef,
    ) -> Result<bool, IngestError> {
        let next = self.to.map_or(self.from, |to| to.sequence + 1);
        if next > last.sequence {
            return Ok(true);
        }
        let mut follows = true;
        let mut before = self.to;
        walk(context, next, last.sequence, |at, message| {
            follows &= before
                .take()
                .is_none_or(|before| message.previous == Some(before));
            self.to = Some(at);
            self.scan.take(at.sequence, message);
        })
        .await?;
        Ok(follows)
    }

    fn is_small(&self) -> bool {
        self.scan.records() <= RECORDS_MAX
    }
}
