//! Up to where answers are known: waiting for what is not projected yet, and refusing what cannot be answered for good.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::time::{KnownAt, london_date};
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_ports::store::{Checkpoint, Store};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::service::Api;
use crate::status::Refusal;
use crate::token::ConsistencyToken;

/// How often it is looked whether what requests wait for has come; however many wait.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// What a read must be able to rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Demand {
    /// Everything known by then.
    pub(crate) known_at: Option<KnownAt>,
    /// Everything up to a place on the log.
    pub(crate) token: Option<ConsistencyToken>,
}

/// How far things were at an instant.
#[derive(Debug, Clone, Copy)]
struct Sighting {
    /// The clock, read first: what is published after the log was looked at is known later than this.
    now: Timestamp,
    checkpoint: Option<Checkpoint>,
    /// When the event stream was created and its last sequence; `None` where it did not matter.
    head: Option<(Timestamp, u64)>,
    looked_at: Instant,
}

/// The sighting that waiting requests share.
#[derive(Debug, Default)]
pub(crate) struct Lookout(Mutex<Option<Sighting>>);

impl<S: Store, L: Log> Api<S, L> {
    /// The present instant: the clock's, or in a simulated log the watermark, since time stands still there between
    /// messages.
    pub(crate) fn now(&self, checkpoint: &Checkpoint) -> Timestamp {
        match self.clock_kind {
            ClockKind::Real => self.clock.now(),
            ClockKind::Simulated => checkpoint.known_at.0,
        }
    }

    /// The present day in London.
    pub(crate) fn today(&self, checkpoint: &Checkpoint) -> Date {
        london_date(self.now(checkpoint))
    }

    /// A checkpoint that meets the demand: at once if the present one does, after a while if it comes to, else a
    /// refusal. A recent one will do where it is enough, since what was known by a past time does not change.
    pub(crate) async fn checkpoint_for(&self, demand: Demand) -> Result<Checkpoint, Refusal> {
        if let Some(recent) = self.recent.get(&self.store).await?.checkpoint
            && demand.token.is_none()
            && demand
                .known_at
                .is_some_and(|known_at| known_at <= recent.known_at)
        {
            return Ok(recent);
        }
        let deadline = Instant::now() + self.wait_max;
        let mut sighting = self.look(demand).await?;
        loop {
            let Some(refusal) = unmet(&sighting, demand)? else {
                return sighting.checkpoint.ok_or(Refusal::NotFound);
            };
            let now = Instant::now();
            if now >= deadline {
                return Err(refusal);
            }
            sleep_until(deadline.min(now + LOOK_EVERY)).await;
            sighting = self.look_together(demand).await?;
        }
    }

    /// Looks with the others who wait: at most one of them looks at a time.
    async fn look_together(&self, demand: Demand) -> Result<Sighting, Refusal> {
        let mut latest = self.lookout.0.lock().await;
        if let Some(latest) = *latest
            && latest.looked_at.elapsed() < LOOK_EVERY
            && (latest.head.is_some() || !self.needs_head(&latest, demand))
        {
            return Ok(latest);
        }
        let sighting = self.look(demand).await?;
        *latest = Some(sighting);
        Ok(sighting)
    }

    async fn look(&self, demand: Demand) -> Result<Sighting, Refusal> {
        let (now, looked_at) = (self.clock.now(), Instant::now());
        let checkpoint = self.store.checkpoint().await?;
        let mut sighting = Sighting {
            now,
            checkpoint,
            head: None,
            looked_at,
        };
        if self.needs_head(&sighting, demand) {
            let facts = self.log.facts(Stream::Events).await?;
            sighting.head = Some((facts.created_at, facts.last_sequence));
        }
        Ok(sighting)
    }

    /// Whether it matters if all that was published is projected: only for a known time beyond the watermark that has
    /// passed. What is still to come in a simulated log may carry any later time.
    fn needs_head(&self, sighting: &Sighting, demand: Demand) -> bool {
        self.clock_kind == ClockKind::Real
            && demand
                .known_at
                .is_some_and(|known_at| Some(known_at) > sighting.watermark() && known_at.0 <= sighting.now)
    }
}

impl Sighting {
    fn watermark(&self) -> Option<KnownAt> {
        self.checkpoint.map(|checkpoint| checkpoint.known_at)
    }

    /// Whether nothing more can become known by the instant of the sighting.
    fn is_settled(&self) -> Result<bool, Refusal> {
        let Some((created_at, last_sequence)) = self.head else {
            return Ok(false);
        };
        let sequence = self.checkpoint.map_or(0, |checkpoint| checkpoint.sequence);
        let is_other = self
            .checkpoint
            .is_some_and(|checkpoint| checkpoint.stream_created_at != created_at);
        if is_other || sequence > last_sequence {
            return Err(Refusal::Diverged);
        }
        Ok(sequence == last_sequence)
    }
}

/// Why a demand is not met yet; `None` if it is. An error if it never will be.
fn unmet(sighting: &Sighting, demand: Demand) -> Result<Option<Refusal>, Refusal> {
    if let Some(refusal) = unmet_token(sighting.checkpoint.as_ref(), demand.token)? {
        return Ok(Some(refusal));
    }
    let Some(known_at) = demand.known_at else {
        return Ok(None);
    };
    let watermark = sighting.watermark();
    if watermark >= Some(known_at) || (known_at.0 <= sighting.now && sighting.is_settled()?) {
        return Ok(None);
    }
    Ok(Some(Refusal::KnownAtBeyondWatermark { known_at, watermark }))
}

/// Why a checkpoint is not at or beyond a token. A token of another stream can never be met.
pub(crate) fn unmet_token(
    checkpoint: Option<&Checkpoint>,
    token: Option<ConsistencyToken>,
) -> Result<Option<Refusal>, Refusal> {
    let Some(token) = token else { return Ok(None) };
    if checkpoint.is_some_and(|checkpoint| checkpoint.stream_created_at != token.stream_created_at) {
        return Err(Refusal::Diverged);
    }
    let sequence = checkpoint.map_or(0, |checkpoint| checkpoint.sequence);
    let messages = token.sequence.saturating_sub(sequence);
    Ok((messages > 0).then_some(Refusal::TokenBeyondWatermark { messages }))
}
