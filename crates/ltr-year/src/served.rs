//! When the row of each record was read last, from the pages on the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_population::truth::Served;
use ltr_ports::log::{Log, LogError, LogReader, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::subject::Subject;
use ltr_upstreams::{Service, Upstreams};

/// At most so many messages at a time.
pub(crate) const MESSAGES_MAX: usize = 1_000;

/// Long enough for messages that are there to arrive, in milliseconds.
pub(crate) const WAIT_MS_MAX: u64 = 10_000;

/// As of when the row of each record was served last: a stale replica serves what was so before. It follows the log, so
/// that it is asked of no instant before the last reading.
#[derive(Debug)]
pub struct LastServed {
    upstreams: Upstreams,
    at: BTreeMap<RecordId, Timestamp>,
    sequence: u64,
}

impl Served for LastServed {
    fn last_served(&self, record: &RecordId, by: Timestamp) -> Option<Timestamp> {
        self.at.get(record).copied().filter(|at| *at <= by)
    }
}

impl LastServed {
    /// Of a log on which nothing is.
    #[must_use]
    pub fn of(upstreams: Upstreams) -> Self {
        Self {
            upstreams,
            at: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// Reads the pages that were added.
    ///
    /// # Errors
    ///
    /// A log that cannot be read.
    pub async fn catch_up<L: Log>(&mut self, log: &L) -> Result<(), LogError> {
        let feeds = Feed::ALL.map(|feed| Subject::Delivery(feed).to_string());
        let lasts = log.last_of(Stream::Events, feeds.to_vec()).await?;
        let Some(last) = lasts.values().map(|last| last.sequence).max() else {
            return Ok(());
        };
        if last <= self.sequence {
            return Ok(());
        }
        let pages = Some("ltr.delivery.>".to_owned());
        let mut reader = log.reader(Stream::Events, self.sequence + 1, pages).await?;
        while self.sequence < last {
            let messages = reader.next(MESSAGES_MAX, WAIT_MS_MAX).await?;
            if messages.is_empty() {
                return Err(out_of_reach(last));
            }
            for message in &messages {
                self.sequence = message.sequence;
                if let Ok(LogEntry::Feed(feed)) = codec::decode(&message.payload)
                    && let DeliveryStep::PageRecorded(page) = feed.step
                {
                    let (began_at, ended_at) = (page.taken_at.0, feed.recorded_at.0);
                    for record in page.seen {
                        // A long reading may come to a stale replica on its way.
                        let at = service(record.kind).map_or(began_at, |service| {
                            let as_of = |at| self.upstreams.as_of(service, at);
                            as_of(began_at).min(as_of(ended_at))
                        });
                        self.at.insert(record, at);
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is on the log does not arrive. Whoever went on without it would score answers by pages that they do not know of.
pub(crate) fn out_of_reach(sequence: u64) -> LogError {
    LogError::Unsuitable(format!("message {sequence} is on the log and does not arrive"))
}

/// Which service serves rows of a kind; extracts are written from what is there.
fn service(kind: RecordKind) -> Option<Service> {
    match kind {
        RecordKind::ApplyCandidate | RecordKind::ApplyChoice => Some(Service::Candidates),
        RecordKind::ApplyRecruit => Some(Service::Recruits),
        RecordKind::RegisterTrainee => Some(Service::Register),
        RecordKind::TrsPerson => Some(Service::Trs),
        RecordKind::TvVacancy | RecordKind::TvPosting | RecordKind::TvJobApplication => None,
    }
}
