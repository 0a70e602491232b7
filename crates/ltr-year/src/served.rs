//! When the row of each record was read last, from the pages on the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ltr_domain::delivery::DeliveryStep;
use ltr_domain::ids::RecordId;
use ltr_population::truth::Served;
use ltr_ports::log::{Log, LogError, LogReader, Stream};
use ltr_proto::codec::{self, LogEntry};

/// At most so many messages at a time.
const MESSAGES_MAX: usize = 1_000;

/// When the row of each record was read last. It follows the log, so that it is asked of no instant before the last
/// reading.
#[derive(Debug, Default)]
pub struct LastServed {
    at: BTreeMap<RecordId, Timestamp>,
    sequence: u64,
}

impl Served for LastServed {
    fn last_served(&self, record: &RecordId, by: Timestamp) -> Option<Timestamp> {
        self.at.get(record).copied().filter(|at| *at <= by)
    }
}

impl LastServed {
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
                    let at = page.observed_at.0;
                    self.at.extend(page.seen.into_iter().map(|record| (record, at)));
                }
            }
        }
        self.sequence = head;
        Ok(())
    }
}
