//! What the services serve in the end, read into a fresh log without any fault, beside what the year's log holds: each
//! record's last state must be the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ltr_connect::{Means, Shared, Supervisor};
use ltr_domain::ids::{CandidateId, RecordId, RecordKind, Trn};
use ltr_domain::record::State;
use ltr_population::truth::Served as _;
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, LogError, LogReader, Stream};
use ltr_ports::rereads::mem::MemRereads;
use ltr_ports::rereads::{Reread, RereadQueue as _, Urgency};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::seal::KeyEncryptionKey;
use ltr_upstreams::{Faults, Upstreams, World};

use crate::served::{LastServed, MESSAGES_MAX, WAIT_MS_MAX, out_of_reach};
use crate::setting::Sources;
use crate::walk::YearError;

/// A record of which the year's log holds something else than the services serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub record: RecordId,
    /// Whether the year's log holds anything of it.
    pub held: bool,
}

/// Reads everything that the services serve now into a fresh log, and compares. Gives how many records were compared,
/// and those that differ.
///
/// # Errors
///
/// A log that cannot be read, or services that cannot be.
pub async fn read_afresh<L: Log>(
    sources: &Sources,
    last: &LastServed,
    log: &L,
    means: &Means,
    kek: KeyEncryptionKey,
) -> Result<(usize, Vec<Difference>), YearError> {
    let now = means.pace.now();
    let clock: Arc<_> = Arc::clone(&sources.clock);
    let fresh = MemLog::with_clock(ClockKind::Simulated, now, Arc::clone(&clock) as _);
    let rereads = Arc::new(MemRereads::new(clock, jiff::SignedDuration::from_mins(5)));
    let everybody = sources.upstreams.world().trs.iter().map(|(trn, _)| Reread {
        trn: *trn,
        urgency: Urgency::Hint,
        asked_at: now,
    });
    rereads.add(everybody.collect()).await?;
    let means = Means {
        rereads,
        ..means.clone()
    };
    let unfailing = sources.unfailing();
    let (pace, random) = (Arc::clone(&means.pace), Arc::clone(&means.random));
    let shared = Arc::new(Shared::new(fresh.clone(), pace, random, kek));
    let mut supervisor = Supervisor::new(shared, unfailing.workers(&means));
    // Again and again: trainees lead to TRNs, and of those so many are read at a time.
    while !supervisor.run_due().await?.is_empty() {}
    let (served, held) = (states(&fresh).await?, states(log).await?);
    let world = sources.upstreams.world();
    let choices = choices_changed_at(world, now);
    let differs = |(record, state): (&RecordId, &State)| {
        // What changed after it was read last is told by the next sweep.
        let read_at = last.last_served(record, now)?;
        if changed_at(world, &choices, record, now).is_some_and(|at| at > read_at) {
            return None;
        }
        let kept = held.get(record);
        let same = kept.is_some_and(|kept| state.body.clone().over(&kept.body) == kept.body);
        (!same).then(|| Difference {
            record: record.clone(),
            held: kept.is_some(),
        })
    };
    Ok((served.len(), served.iter().filter_map(differs).collect()))
}

/// The last state of each record on a log.
async fn states<L: Log>(log: &L) -> Result<BTreeMap<RecordId, State>, LogError> {
    let mut states = BTreeMap::new();
    let head = log.facts(Stream::Events).await?.last_sequence;
    let mut reader = log.reader(Stream::Events, 1, None).await?;
    let mut read_to = 0;
    while read_to < head {
        let messages = reader.next(MESSAGES_MAX, WAIT_MS_MAX).await?;
        if messages.is_empty() {
            return Err(out_of_reach(head));
        }
        for message in &messages {
            read_to = message.sequence;
            if let Ok(LogEntry::Observation { observation, .. }) = codec::decode(&message.payload) {
                states.insert(observation.record, observation.state);
            }
        }
    }
    Ok(states)
}

/// When whoever made each choice changed last. Choices have no change of their own that is told of every one.
fn choices_changed_at(world: &World, now: Timestamp) -> BTreeMap<String, Timestamp> {
    let seen = world.apply.iter().filter_map(|(_, timeline)| timeline.at(now));
    seen.flat_map(|seen| {
        let choices = seen.value.forms.iter().flat_map(|form| &form.choices);
        choices.map(move |choice| (choice.id.to_string(), seen.changed_at))
    })
    .collect()
}

impl Sources {
    /// The same services with nothing going wrong.
    fn unfailing(&self) -> Self {
        let world = self.upstreams.world();
        let upstreams = Upstreams::new(Arc::clone(world), Arc::clone(&self.clock) as _, Faults::none());
        self.with(upstreams)
    }
}

/// When the row that tells of a record came to look as it does; `None` where no service tells it by a row of its own.
fn changed_at(
    world: &World,
    choices: &BTreeMap<String, Timestamp>,
    record: &RecordId,
    now: Timestamp,
) -> Option<Timestamp> {
    match record.kind {
        RecordKind::RegisterTrainee => Some(world.register.get(&*record.key)?.at(now)?.changed_at),
        RecordKind::TrsPerson => {
            let trn = Trn::parse(&record.key).ok()?;
            Some(world.trs.get(&trn)?.at(now)?.changed_at)
        }
        RecordKind::ApplyCandidate => {
            let id = CandidateId::parse(&record.key).ok()?;
            Some(world.apply.get(&id)?.at(now)?.changed_at)
        }
        RecordKind::ApplyChoice | RecordKind::ApplyRecruit => choices.get(&*record.key).copied(),
        RecordKind::TvVacancy | RecordKind::TvPosting | RecordKind::TvJobApplication => None,
    }
}
