//! How far a delivery is on its feed's subject, and the one way to get further: under the expected sequence of that
//! subject. What became of a write is found out by reading, never guessed.

use ltr_domain::delivery::{Counts, FeedMessage};
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_ports::log::{Log, Published, StoredMessage, Stream};

use crate::batch::Batch;
use crate::context::Context;
use crate::error::IngestError;
use crate::feed;
use crate::known::step_back;
use crate::patience::Patience;
use crate::report::Progress;

/// How far a delivery is.
pub(crate) struct Course {
    /// The end of the feed's subject, as far as we know.
    pub(crate) end: End,
    /// Pages settled.
    pub(crate) pages: u32,
    pub(crate) counts: Counts,
    pub(crate) first_sequence: Option<u64>,
    pub(crate) last_sequence: Option<u64>,
}

/// The end of a feed's subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct End {
    /// The last message.
    pub(crate) last: Option<MessageRef>,
    /// The last message of the gate; it may be the last message itself.
    pub(crate) gate: Option<MessageRef>,
}

impl End {
    /// After a message that was read.
    pub(crate) fn at(place: MessageRef, message: &FeedMessage) -> Self {
        Self {
            last: Some(place),
            gate: message.gate_from(place),
        }
    }

    /// Reads where a feed ends.
    pub(crate) async fn read<L: Log>(context: &Context<'_, L>) -> Result<Self, IngestError> {
        match feed::last(context.log, context.plan.feed).await? {
            Some(last) => Ok(Self::at(last.reference(), &feed::read(&last)?)),
            None => Ok(Self::default()),
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is on the log, and the feed's last message is its last.
    Settled,
    /// It is on the log, and others published on the feed beside it.
    SettledAmongOthers,
    /// It is not on the log: others were first.
    Refused,
    /// It is not on the log, for no reason that the log tells.
    Failed,
}

/// A batch of which nobody said what became of it.
struct Unsure {
    mark: MessageDigest,
    messages: u64,
    counts: Counts,
}

/// The attempts to publish one thing.
pub(crate) struct Attempts<'a> {
    patience: Patience<'a>,
    unsure: Vec<Unsure>,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new<L>(context: &Context<'a, L>, doing: &'static str) -> Self {
        Self {
            patience: Patience::new(context.config, doing),
            unsure: Vec::new(),
        }
    }
}

impl Course {
    /// Takes up a feed where it is.
    pub(crate) async fn take_up<L: Log>(context: &Context<'_, L>) -> Result<Self, IngestError> {
        Ok(Self {
            end: End::read(context).await?,
            pages: 0,
            counts: Counts::default(),
            first_sequence: None,
            last_sequence: None,
        })
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress {
            pages: self.pages,
            counts: self.counts,
            sequence: self.last_sequence,
        }
    }

    /// Publishes a batch that was made to follow `self.end`.
    pub(crate) async fn publish<L: Log>(
        &mut self,
        context: &Context<'_, L>,
        batch: Batch,
        attempts: &mut Attempts<'_>,
    ) -> Result<Fate, IngestError> {
        let Batch {
            messages,
            mark,
            counts,
            is_of_the_gate,
        } = batch;
        let unsure = Unsure {
            mark,
            messages: messages.len() as u64,
            counts,
        };
        match context.log.publish(Stream::Events, messages).await {
            Ok(Published::Stored {
                first_sequence,
                last_sequence,
            }) => {
                let last = MessageRef {
                    sequence: last_sequence,
                    digest: mark,
                };
                self.end.last = Some(last);
                if is_of_the_gate {
                    self.end.gate = Some(last);
                }
                self.count(first_sequence, last_sequence, counts);
                Ok(Fate::Settled)
            }
            Ok(Published::Refused) => {
                let fate = self.catch_up(context, attempts).await?;
                Ok(if fate == Fate::Failed { Fate::Refused } else { fate })
            }
            Err(error) => {
                attempts.unsure.push(unsure);
                attempts.patience.bear(error).await?;
                self.catch_up(context, attempts).await
            }
        }
    }

    /// Reads where the feed is now, and whether one of the attempts did happen: the feed's chain tells by digest.
    async fn catch_up<L: Log>(
        &mut self,
        context: &Context<'_, L>,
        attempts: &Attempts<'_>,
    ) -> Result<Fate, IngestError> {
        let known = self.end.last.map_or(0, |end| end.sequence);
        let last = feed::last(context.log, context.plan.feed).await?;
        let end = last.as_ref().map(StoredMessage::reference);
        if end == self.end.last {
            return Ok(Fate::Failed);
        }
        let Some(mut message) = last.filter(|message| message.sequence > known) else {
            return Err(self.rewritten(context));
        };
        self.end = End::at(message.reference(), &feed::read(&message)?);
        if attempts.unsure.is_empty() {
            return Ok(Fate::Refused);
        }
        loop {
            let at = message.reference();
            if let Some(found) = attempts.unsure.iter().find(|unsure| unsure.mark == at.digest) {
                self.count(at.sequence + 1 - found.messages, at.sequence, found.counts);
                return Ok(if Some(at) == end {
                    Fate::Settled
                } else {
                    Fate::SettledAmongOthers
                });
            }
            match feed::read(&message)?
                .previous
                .filter(|previous| previous.sequence > known)
            {
                Some(previous) => message = step_back(context, &message.subject, previous.sequence).await?,
                None => return Ok(Fate::Refused),
            }
        }
    }

    fn rewritten<L>(&self, context: &Context<'_, L>) -> IngestError {
        let subject = ltr_proto::subject::Subject::Delivery(context.plan.feed).to_string();
        IngestError::Rewritten {
            subject,
            sequence: self.end.last.map_or(0, |end| end.sequence),
        }
    }

    fn count(&mut self, first_sequence: u64, last_sequence: u64, counts: Counts) {
        self.counts.add(&counts);
        self.first_sequence.get_or_insert(first_sequence);
        self.last_sequence = Some(last_sequence);
    }
}
