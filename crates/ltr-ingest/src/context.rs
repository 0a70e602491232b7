//! What every step of a delivery is given, and the one place where its times are made.

use ltr_domain::time::{ObservedAt, RecordedAt};
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_proto::codec;

use crate::config::{Config, DeliveryPlan, Edge};
use crate::error::IngestError;
use crate::history::Memo;
use crate::random::Random;

/// What every step of a delivery is given.
pub(crate) struct Context<'a, L> {
    pub(crate) log: &'a L,
    pub(crate) edge: &'a Edge<'a>,
    pub(crate) config: &'a Config,
    pub(crate) plan: &'a DeliveryPlan,
    pub(crate) memo: &'a Memo,
    clock: ClockKind,
}

impl<'a, L: Log> Context<'a, L> {
    pub(crate) async fn new(
        log: &'a L,
        edge: &'a Edge<'a>,
        config: &'a Config,
        plan: &'a DeliveryPlan,
        memo: &'a Memo,
    ) -> Result<Self, IngestError> {
        let facts = log
            .facts(Stream::Events)
            .await
            .map_err(IngestError::log("asking for its clock"))?;
        Ok(Self {
            log,
            edge,
            config,
            plan,
            memo,
            clock: facts.clock,
        })
    }

    pub(crate) fn random(&self) -> Random<'a> {
        Random::new(self.edge.random)
    }

    /// When a page is read. On a simulated log that is when the snapshot was taken.
    pub(crate) fn observed_at(&self) -> ObservedAt {
        ObservedAt(match self.clock {
            ClockKind::Real => self.edge.clock.now(),
            ClockKind::Simulated => self.plan.taken_at.0,
        })
    }

    /// When a message is written. On a simulated log time goes by the snapshots, and never back.
    pub(crate) async fn recorded_at(&self) -> Result<RecordedAt, IngestError> {
        if self.clock == ClockKind::Real {
            return Ok(RecordedAt(self.edge.clock.now()));
        }
        let own = RecordedAt(self.plan.taken_at.0);
        let failed = IngestError::log("reading its last message");
        let last_sequence = self
            .log
            .facts(Stream::Events)
            .await
            .map_err(&failed)?
            .last_sequence;
        if last_sequence == 0 {
            return Ok(own);
        }
        let Some(last) = self
            .log
            .get(Stream::Events, last_sequence)
            .await
            .map_err(&failed)?
        else {
            return Ok(own);
        };
        match codec::decode(&last.payload) {
            Ok(entry) => Ok(own.max(entry.recorded_at())),
            Err(source) => Err(IngestError::Unreadable {
                subject: last.subject,
                sequence: last_sequence,
                source,
            }),
        }
    }
}
