//! What the gate must remember of one scope, read back from the gate's own messages: each names the one before it.

use std::collections::{BTreeMap, BTreeSet};

use ltr_domain::delivery::{
    DeliveryDecided, DeliveryDecision, DeliveryHeld, DeliveryStep, FeedMessage, Fingerprint,
};
use ltr_domain::ids::DeliveryId;
use ltr_domain::observation::MessageRef;
use ltr_ports::log::Log;
use ltr_proto::subject::Subject;

use crate::context::Context;
use crate::error::IngestError;
use crate::feed;
use crate::known::step_back;

/// The held deliveries of one scope, and what was decided on them.
#[derive(Debug, Default)]
pub(crate) struct Docket {
    /// By their rows; of deliveries of the same rows the latest.
    cases: BTreeMap<Fingerprint, Case>,
}

/// Rows that are or were held.
#[derive(Debug)]
pub(crate) struct Case {
    /// The delivery that was held last.
    pub(crate) delivery: DeliveryId,
    pub(crate) held: DeliveryHeld,
    /// The sequence at which that was said.
    pub(crate) held_at: u64,
    ruling: Option<Ruling>,
}

/// The last decision on rows.
#[derive(Debug, Clone, Copy)]
struct Ruling {
    decision: DeliveryDecision,
    place: MessageRef,
    /// Whether a delivery was closed under it.
    is_used: bool,
}

impl Case {
    /// What was decided last, behind that sequence.
    pub(crate) fn decision_after(&self, sequence: u64) -> Option<DeliveryDecision> {
        let ruling = self.ruling.filter(|ruling| ruling.place.sequence > sequence);
        ruling.map(|ruling| ruling.decision)
    }

    /// The approval, if no delivery was closed under it yet.
    pub(crate) fn unused_permit(&self) -> Option<MessageRef> {
        let unused = self.ruling.filter(|ruling| !ruling.is_used);
        unused
            .filter(|ruling| ruling.decision == DeliveryDecision::Approve)
            .map(|ruling| ruling.place)
    }
}

impl Docket {
    /// Reads what the gate has said on the plan's scope, from its last message back to its first.
    pub(crate) async fn read<L: Log>(
        context: &Context<'_, L>,
        mut gate: Option<MessageRef>,
    ) -> Result<Self, IngestError> {
        let subject = Subject::Delivery(context.plan.feed).to_string();
        let mut reading = Reading::default();
        while let Some(place) = gate {
            let message = step_back(context, &subject, place.sequence).await?;
            let at = message.reference();
            if at != place {
                return Err(IngestError::Rewritten {
                    subject,
                    sequence: place.sequence,
                });
            }
            let message = feed::read(&message)?;
            gate = message.gate;
            reading.take(context, at, message);
        }
        Ok(reading.docket)
    }

    /// The case of these very rows.
    pub(crate) fn of_rows(&self, fingerprint: Fingerprint) -> Option<&Case> {
        self.cases.get(&fingerprint)
    }

    /// The approvals behind that sequence that no delivery has used up, each with the delivery that was approved.
    pub(crate) fn unused_permits(&self, after: u64) -> impl Iterator<Item = (MessageRef, &DeliveryHeld)> {
        let cases = self.cases.values();
        let permits = cases.filter_map(|case| Some((case.unused_permit()?, &case.held)));
        permits.filter(move |(permit, _)| permit.sequence > after)
    }
}

/// The gate's messages, taken from the last to the first.
#[derive(Default)]
struct Reading {
    docket: Docket,
    /// Decisions used up, by sequence.
    used: BTreeSet<u64>,
    /// Decisions whose held message is still to come, by its sequence; the latest of each.
    decided: BTreeMap<u64, Ruling>,
}

impl Reading {
    fn take<L>(&mut self, context: &Context<'_, L>, place: MessageRef, message: FeedMessage) {
        match message.step {
            DeliveryStep::Closed { permit, .. } => self.used.extend(permit.map(|permit| permit.sequence)),
            DeliveryStep::Decided(DeliveryDecided { held, decision, .. }) => {
                let is_used = self.used.contains(&place.sequence);
                self.decided.entry(held.sequence).or_insert(Ruling {
                    decision,
                    place,
                    is_used,
                });
            }
            DeliveryStep::Held(held) => {
                let ruling = self.decided.remove(&place.sequence);
                if held.scope == context.plan.scope {
                    self.hold(message.delivery, place.sequence, held, ruling);
                }
            }
            DeliveryStep::Opened { .. } | DeliveryStep::PageRecorded(_) | DeliveryStep::Released(_) => {}
        }
    }

    /// Of the same rows the later delivery stands, and of the decisions on either the later one.
    fn hold(&mut self, delivery: DeliveryId, held_at: u64, held: DeliveryHeld, ruling: Option<Ruling>) {
        let case = self.docket.cases.entry(held.fingerprint).or_insert(Case {
            delivery,
            held,
            held_at,
            ruling: None,
        });
        let place = |ruling: &Option<Ruling>| ruling.map_or(0, |ruling| ruling.place.sequence);
        if place(&ruling) > place(&case.ruling) {
            case.ruling = ruling;
        }
    }
}
