//! When the row of each record was read last, from the pages on the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::{RecordId, RecordKind};
use ltr_population::truth::Served;
use ltr_ports::log::{Log, LogError, LogReader, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_upstreams::{Service, Upstreams};

/// At most so many messages at a time.
const MESSAGES_MAX: usize = 1_000;

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
        let head = log.facts(Stream::Events).await?.last_sequence;
        if head <= self.sequence {
            return Ok(());
        }
        let pages = Some("ltr.delivery.>".to_owned());
        let mut reader = log.reader(Stream::Events, self.sequence + 1, pages).await?;
        loop {
            let messages = reader.next(MESSAGES_MAX, 0).await?;
            if messages.is_empty() {
                break;
            }
            for message in &messages {
                if let Ok(LogEntry::Feed(feed)) = codec::decode(&message.payload)
                    && let DeliveryStep::PageRecorded(page) = feed.step
                {
                    let read_at = page.taken_at.0;
                    for record in page.seen {
                        let service = service(record.kind);
                        let at = service.map_or(read_at, |service| self.upstreams.as_of(service, read_at));
                        self.at.insert(record, at);
                    }
                }
            }
        }
        self.sequence = head;
        Ok(())
    }
}

/// Which service serves rows of a kind; extracts are written from what is there.
fn service(kind: RecordKind) -> Option<Service> {
    match kind {
        RecordKind::ApplyCandidate | RecordKind::ApplyChoice => Some(Service::Candidates),
        RecordKind::ApplyRecruit => Some(Service::Recruits),
        RecordKind::RegisterTrainee => Some(Service::Register),
        RecordKind::TrsPerson => Some(Service::Trs),
        RecordKind::TvVacancy | RecordKind::TvJobApplication => None,
    }
}
