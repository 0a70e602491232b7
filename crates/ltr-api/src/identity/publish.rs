//! A judgement on its way to the log, behind the last message of its subject.

use jiff::{SignedDuration, Timestamp};
use ltr_domain::judgement::{Judged, Judgement};
use ltr_domain::time::RecordedAt;
use ltr_ports::log::{ClockKind, Log, NewMessage, Published, StoredMessage, Stream};
use ltr_ports::store::Store;
use ltr_proto::codec::{decode, encode_judgement};
use ltr_proto::record::Recorded;
use ltr_proto::subject::Subject;
use ltr_proto::view::timestamp;

use crate::service::Api;
use crate::status::Refusal;

/// How often it is tried again when somebody else wrote to the subject at the same time.
const ATTEMPTS_MAX: u32 = 3;

/// In a simulated log time stands still between messages: what is decided is decided just after the last one.
const JUST_AFTER: SignedDuration = SignedDuration::from_millis(1);

impl<S: Store, L: Log> Api<S, L> {
    /// Writes a judgement.
    pub(super) async fn publish(&self, judged: Judged) -> Result<Recorded, Refusal> {
        let subject = Subject::Identity(judged.subject().clone()).to_string();
        let mut judgement = Judgement {
            judged,
            previous: None,
            recorded_at: RecordedAt(self.time_of_writing().await?),
        };
        for _ in 0..ATTEMPTS_MAX {
            let last = self.log.last_of(Stream::Events, vec![subject.clone()]).await?;
            judgement.previous = last.get(&subject).map(StoredMessage::reference);
            let message = NewMessage {
                subject: subject.clone(),
                payload: encode_judgement(&judgement),
                expected_last: Some(judgement.previous.map_or(0, |previous| previous.sequence)),
            };
            match self.log.publish(Stream::Events, vec![message]).await? {
                Published::Stored { last_sequence, .. } => {
                    return Ok(Recorded {
                        sequence: last_sequence,
                        recorded_at: Some(timestamp(judgement.recorded_at.0)),
                    });
                }
                Published::Refused => {}
            }
        }
        Err(Refusal::Busy)
    }

    /// When a message is written now.
    pub(crate) async fn time_of_writing(&self) -> Result<Timestamp, Refusal> {
        match self.clock_kind {
            ClockKind::Real => Ok(self.clock.now()),
            ClockKind::Simulated => {
                let last = self.log.facts(Stream::Events).await?.last_sequence;
                let Some(last) = self.log.get(Stream::Events, last).await? else {
                    return Ok(self.clock.now());
                };
                // The machine's time instead would move the time of this log for ever.
                let last_written = decode(&last.payload).map_err(|error| Refusal::Unreadable {
                    what: "the time of the last message",
                    of: last.sequence.to_string(),
                    source: Box::new(error),
                })?;
                let now = last_written.recorded_at().0;
                Ok(now.saturating_add(JUST_AFTER).unwrap_or(now))
            }
        }
    }
}
