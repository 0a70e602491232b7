//! Reading a stream forward, across lost connections and restarted servers: in order, nothing twice, nothing left out.
//!
//! A [`Session`] is one consumer on the server. When it is in doubt – the connection broke, the server restarted, a
//! heartbeat is missing, a number was skipped – it is thrown away, and a new one begins behind the last message read.

mod session;

use std::time::Duration;

use ltr_ports::log::{Each, LogError, LogReader, StoredMessage, Stream};
use tokio::time::{Instant, sleep, timeout};

use self::session::{Begin, Session, Step};
use crate::Cause;
use crate::connection::Connection;
use crate::facts::{StreamInfo, info};

/// How long a new session may take, however short the caller's own time is.
const OPENED_WITHIN: Duration = Duration::from_secs(8);

/// So many sessions in a row without a message, and the caller is told.
const SESSIONS_BARREN_MAX: u32 = 5;

/// The pause before a session that follows one without a message.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InDoubt {
    /// A new one begins behind the last message read.
    BeginAgain,
    /// The caller is told: a new one would read what is not the last message of its subject.
    Fail,
}

/// Reads a stream of a [`NatsLog`](crate::NatsLog).
///
/// While there is no connection, [`LogReader::next`] waits for a few seconds even if the caller's time is shorter, and
/// then fails rather than say that nothing came.
#[derive(Debug)]
pub struct NatsReader {
    connection: Connection,
    stream: Stream,
    filter: Option<String>,
    /// The stream's creation time, as the server writes it: another one is another stream.
    created: String,
    /// What becomes of a session in doubt.
    in_doubt: InDoubt,
    /// Where the next session begins.
    next_sequence: u64,
    /// Whether a message was read, so that the stream must reach to the one before `next_sequence`.
    has_read: bool,
    session: Option<Session>,
    /// Read from the server, not yet returned: a call that is given up half-way loses nothing.
    ready: Vec<StoredMessage>,
}

impl NatsReader {
    pub(crate) async fn open(
        connection: Connection,
        stream: Stream,
        from_sequence: u64,
        filter: Option<String>,
    ) -> Result<Self, LogError> {
        let failed = |cause: Cause| cause.of_read("reading", stream);
        let created = info(&connection, stream).await.map_err(failed)?.created;
        let next_sequence = from_sequence.max(1);
        let begin = Begin::At(next_sequence);
        let (session, _) = Session::open(&connection, stream, begin, filter.as_deref())
            .await
            .map_err(failed)?;
        Ok(Self {
            connection,
            stream,
            filter,
            created,
            in_doubt: InDoubt::BeginAgain,
            next_sequence,
            has_read: false,
            session: Some(session),
            ready: Vec::new(),
        })
    }

    /// A reader of the last message of each subject, and how many there are.
    pub(crate) async fn open_last_of_each(
        connection: Connection,
        stream: Stream,
        filter: String,
    ) -> Result<Each<Self>, LogError> {
        let failed = |cause: Cause| cause.of_read("reading the last message of each subject", stream);
        let created = info(&connection, stream).await.map_err(failed)?.created;
        let (session, subjects) = Session::open(&connection, stream, Begin::LastOfEach, Some(&filter))
            .await
            .map_err(failed)?;
        let reader = Self {
            connection,
            stream,
            filter: Some(filter),
            created,
            in_doubt: InDoubt::Fail,
            next_sequence: 1,
            has_read: false,
            session: Some(session),
            ready: Vec::new(),
        };
        Ok(Each { subjects, reader })
    }

    /// A new session behind the last message read, on the stream that was read from.
    async fn reopen(&mut self) -> Result<(), LogError> {
        let attempt = async {
            self.connection.up().await?;
            let info = info(&self.connection, self.stream).await?;
            let filter = self.filter.as_deref();
            let begin = Begin::At(self.next_sequence);
            let (session, _) = Session::open(&self.connection, self.stream, begin, filter).await?;
            Ok::<_, Cause>((info, session))
        };
        let opened = timeout(OPENED_WITHIN, attempt)
            .await
            .unwrap_or(Err(Cause::TimedOut(OPENED_WITHIN)));
        let (info, session) = opened.map_err(|cause| cause.of_read("reading", self.stream))?;
        self.same_stream(&info)?;
        self.session = Some(session);
        Ok(())
    }

    fn same_stream(&self, info: &StreamInfo) -> Result<(), LogError> {
        let read_to = self.next_sequence - 1;
        if info.created != self.created {
            return Err(LogError::Unsuitable(format!(
                "{} was made anew at {}: what was read up to {read_to} came from another stream",
                self.stream, info.created
            )));
        }
        if self.has_read && info.state.last_seq < read_to {
            return Err(LogError::Unsuitable(format!(
                "{} ends at {}, before {read_to}, which was read from it: it lost its tail",
                self.stream, info.state.last_seq
            )));
        }
        Ok(())
    }

    /// Moves messages from the session to `ready`: until there are `max`, or there is nothing more on the server, or
    /// the deadline. An error means that the session is in doubt.
    async fn fill(&mut self, max: usize, deadline: Instant) -> Result<(), Cause> {
        let session = self.session.as_mut().expect("a session was opened before");
        while self.ready.len() < max {
            // Once there is something to return, only what the server holds already is worth waiting for.
            if !self.ready.is_empty() && !session.has_more() {
                return Ok(());
            }
            match session.step(&self.connection, deadline).await? {
                Step::DeadlineReached => return Ok(()),
                Step::Message(message) if message.sequence < self.next_sequence => {
                    return Err(Cause::Unreadable("a message came a second time"));
                }
                Step::Message(message) => {
                    self.next_sequence = message.sequence + 1;
                    self.has_read = true;
                    self.ready.push(message);
                }
            }
        }
        Ok(())
    }
}

impl LogReader for NatsReader {
    async fn next(&mut self, max: usize, wait_ms_max: u64) -> Result<Vec<StoredMessage>, LogError> {
        let deadline = Instant::now() + Duration::from_millis(wait_ms_max);
        let mut barren = 0;
        loop {
            if self.session.is_none() && self.in_doubt == InDoubt::Fail {
                return Err(
                    Cause::ConnectionLost.of_read("reading the last message of each subject", self.stream)
                );
            }
            if self.session.is_none() {
                self.reopen().await?;
            }
            let filled = self.fill(max, deadline).await;
            if let Err(cause) = &filled {
                tracing::debug!(stream = %self.stream, next = self.next_sequence, %cause, "reading begins again");
                self.session = None;
            }
            if !self.ready.is_empty() {
                let rest = self.ready.split_off(self.ready.len().min(max));
                return Ok(std::mem::replace(&mut self.ready, rest));
            }
            let Err(cause) = filled else { return Ok(Vec::new()) };
            barren += 1;
            if barren > SESSIONS_BARREN_MAX {
                return Err(cause.of_read("reading", self.stream));
            }
            sleep(PAUSE).await;
        }
    }
}
