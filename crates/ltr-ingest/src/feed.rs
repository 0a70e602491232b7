//! Where a feed got to: the last message on its subject.

use ltr_domain::delivery::FeedMessage;
use ltr_domain::ids::Feed;
use ltr_domain::observation::MessageRef;
use ltr_ports::log::{Log, StoredMessage, Stream};
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::subject::Subject;

use crate::error::IngestError;

/// The last message of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedTail {
    /// Where it is.
    pub place: MessageRef,
    /// What it says: a delivery that was opened, a page with its cursor, or a delivery that was closed.
    pub message: FeedMessage,
}

/// Reads where a feed got to; `None` if it never delivered.
///
/// # Errors
///
/// A log that cannot be read, or a message that is not a feed's.
pub async fn feed_tail<L: Log>(log: &L, feed: Feed) -> Result<Option<FeedTail>, IngestError> {
    let Some(message) = last(log, feed).await? else {
        return Ok(None);
    };
    let place = message.reference();
    Ok(Some(FeedTail {
        place,
        message: read(&message)?,
    }))
}

/// The last message on a feed's subject.
pub(crate) async fn last<L: Log>(log: &L, feed: Feed) -> Result<Option<StoredMessage>, IngestError> {
    let subject = Subject::Delivery(feed).to_string();
    let mut found = log
        .last_of(Stream::Events, vec![subject.clone()])
        .await
        .map_err(IngestError::log("reading where the feed got to"))?;
    Ok(found.remove(&subject))
}

/// Reads a message of a feed's subject.
pub(crate) fn read(message: &StoredMessage) -> Result<FeedMessage, IngestError> {
    let (subject, sequence) = (message.subject.clone(), message.sequence);
    match codec::decode(&message.payload) {
        Ok(LogEntry::Feed(message)) => Ok(message),
        Ok(LogEntry::Unrecognised { .. }) => Err(IngestError::Newer { subject, sequence }),
        Ok(
            LogEntry::Observation { .. }
            | LogEntry::Quarantined(_)
            | LogEntry::Heartbeat { .. }
            | LogEntry::CalendarMilestone(_)
            | LogEntry::PolicyAdopted(_)
            | LogEntry::Erased(_)
            | LogEntry::Judgement(_),
        ) => Err(IngestError::Rewritten { subject, sequence }),
        Err(source) => Err(IngestError::Unreadable {
            subject,
            sequence,
            source,
        }),
    }
}
