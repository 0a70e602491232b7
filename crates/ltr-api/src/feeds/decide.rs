//! An operator's decision on a held delivery, on its way to the log.

use ltr_domain::delivery::{DeliveryDecided, DeliveryDecision, DeliveryStep, FeedMessage};
use ltr_domain::ids::DeliveryId;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::{Log, NewMessage, Published, StoredMessage, Stream};
use ltr_ports::store::{DeliveryRow, HeldRow, Store};
use ltr_proto::codec::{LogEntry, decode, encode_feed_message};
use ltr_proto::record::Recorded;
use ltr_proto::subject::Subject;
use ltr_proto::view::timestamp;

use crate::identity::who_and_why;
use crate::service::Api;
use crate::status::Refusal;

/// How often it is tried again when the feed went on at the same time.
const ATTEMPTS_MAX: u32 = 10;

impl<S: Store, L: Log> Api<S, L> {
    /// Approves or rejects a held delivery.
    pub(super) async fn decide_on_delivery(
        &self,
        id: &str,
        actor: String,
        reason: &str,
        decision: DeliveryDecision,
    ) -> Result<Recorded, Refusal> {
        let (actor, reason) = who_and_why(("actor", actor), ("reason", reason))?;
        let (row, held) = self.held_delivery(id).await?;
        if held.ruling.is_some_and(|ruling| ruling.decision == decision) {
            return Err(Refusal::precondition("the delivery is decided so already"));
        }
        let subject = Subject::Delivery(row.feed).to_string();
        let message = self.log.get(Stream::Events, held.sequence).await?;
        let message = message.filter(|message| message.subject == subject);
        let held = message.as_ref().map(StoredMessage::reference);
        let held = held.ok_or(Refusal::Diverged)?;
        let step = DeliveryStep::Decided(DeliveryDecided {
            held,
            decision,
            actor,
            reason,
        });
        self.publish_step(&row, step).await
    }

    async fn held_delivery(&self, id: &str) -> Result<(DeliveryRow, HeldRow), Refusal> {
        let mut rows = self.store.deliveries_by_id(vec![delivery_id(id)?]).await?;
        let row = rows.pop().ok_or(Refusal::NoSuchDelivery)?;
        match row.held.clone() {
            Some(held) => Ok((row, held)),
            None => Err(Refusal::precondition("the delivery is not held")),
        }
    }

    /// Writes a step behind the feed's last message, whatever it is by then: a decision waits for nobody.
    async fn publish_step(&self, row: &DeliveryRow, step: DeliveryStep) -> Result<Recorded, Refusal> {
        let subject = Subject::Delivery(row.feed).to_string();
        let recorded_at = RecordedAt(self.time_of_writing().await?);
        for _ in 0..ATTEMPTS_MAX {
            let last = self.log.last_of(Stream::Events, vec![subject.clone()]).await?;
            let last = last.get(&subject).ok_or(Refusal::Diverged)?;
            let place = last.reference();
            let Ok(LogEntry::Feed(before)) = decode(&last.payload) else {
                return Err(Refusal::Diverged);
            };
            let message = FeedMessage {
                feed: row.feed,
                delivery: row.delivery,
                recorded_at,
                previous: Some(place),
                gate: before.gate_from(place),
                step: step.clone(),
            };
            let message = NewMessage {
                subject: subject.clone(),
                payload: encode_feed_message(&message),
                expected_last: Some(place.sequence),
            };
            match self.log.publish(Stream::Events, vec![message]).await? {
                Published::Stored { last_sequence, .. } => {
                    return Ok(Recorded {
                        sequence: last_sequence,
                        recorded_at: Some(timestamp(recorded_at.0)),
                    });
                }
                Published::Refused => {}
            }
        }
        Err(Refusal::Busy)
    }
}

/// The id of a delivery.
pub(super) fn delivery_id(text: &str) -> Result<DeliveryId, Refusal> {
    let id = text.parse().map(DeliveryId);
    id.map_err(|_| Refusal::field("id", "must be the id of a delivery, a UUID"))
}
