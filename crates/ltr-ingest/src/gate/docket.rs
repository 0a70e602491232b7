//! What the gate must remember of one scope, read back from the gate's own messages: each names the one before it.

use std::collections::BTreeMap;

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
}

impl Case {
    /// What was decided last, behind that sequence.
    pub(crate) fn decision_after(&self, sequence: u64) -> Option<DeliveryDecision> {
        let ruling = self.ruling.filter(|ruling| ruling.place.sequence > sequence);
        ruling.map(|ruling| ruling.decision)
    }

    /// The approval, if it stands behind that sequence: the place of the last complete delivery, which used up or ended
    /// all before it.
    pub(crate) fn permit_after(&self, sequence: u64) -> Option<MessageRef> {
        let ruling = self.ruling.filter(|ruling| ruling.place.sequence > sequence);
        ruling
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

    /// The approvals behind that sequence, each with the delivery that was approved.
    pub(crate) fn permits_after(&self, sequence: u64) -> impl Iterator<Item = (MessageRef, &DeliveryHeld)> {
        let cases = self.cases.values();
        cases.filter_map(move |case| Some((case.permit_after(sequence)?, &case.held)))
    }
}

/// The gate's messages, taken from the last to the first.
#[derive(Default)]
struct Reading {
    docket: Docket,
    /// Decisions whose held message is still to come, by its sequence; the latest of each.
    decided: BTreeMap<u64, Ruling>,
}

impl Reading {
    fn take<L>(&mut self, context: &Context<'_, L>, place: MessageRef, message: FeedMessage) {
        match message.step {
            DeliveryStep::Decided(DeliveryDecided { held, decision, .. }) => {
                self.decided
                    .entry(held.sequence)
                    .or_insert(Ruling { decision, place });
            }
            DeliveryStep::Held(held) => {
                let ruling = self.decided.remove(&place.sequence);
                if held.scope == context.plan.scope {
                    self.hold(message.delivery, place.sequence, held, ruling);
                }
            }
            DeliveryStep::Opened { .. }
            | DeliveryStep::Closed { .. }
            | DeliveryStep::PageRecorded(_)
            | DeliveryStep::Released(_) => {}
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
