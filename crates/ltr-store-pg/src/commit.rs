//! Effects and cursor in one transaction of three round trips: fence and look, write, commit.
//!
//! The commit is not sent along with the writes, although that would save a round trip: a write that fails on our side
//! is not sent at all, and the commit behind it would make the rest of the batch true.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;

use deadpool_postgres::ClientWrapper;
use futures::{SinkExt, join};
use ltr_domain::ids::PersonId;
use ltr_ports::store::{Checkpoint, Committed, Effects, PersonRow, StoreError};
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row, Statement};

use crate::chunk::{self, Pieces, Tail};
use crate::connection::Server;
use crate::error::{Cause, determinate, indeterminate};
use crate::queries::Queries;
use crate::text;

mod columns;
mod copied;
mod heard;
mod reviews;
mod rows;

use self::columns::{Columns, Place, instant};
use self::copied::Copied;
use self::heard::HeardStatements;
use self::reviews::ReviewStatements;

/// The one connection of this process that writes.
pub(crate) struct Writer {
    server: Arc<Server>,
    connection: Mutex<Option<Connection>>,
}

impl Writer {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self {
            server,
            connection: Mutex::new(None),
        }
    }

    /// Commits a batch; if it holds for new what the store has, a second time, looking for itself. Whoever gives up
    /// waiting drops the connection, and with it the transaction.
    pub(crate) async fn commit(&self, queries: &Queries, effects: Effects) -> Result<Committed, StoreError> {
        let effects = effects.in_whole_microseconds();
        let mut kept = self.connection.lock().await;
        let connection = match kept.take().filter(|connection| !connection.client.is_closed()) {
            Some(connection) => connection,
            None => self.open(queries).await?,
        };
        let told = First {
            messages: &effects.first_messages,
            answers: &effects.first_answers,
        };
        let (connection, committed) = match connection.commit(&effects, &told).await {
            Err(error) if told != First::default() && is_duplicate(&error) => {
                tracing::warn!(
                    sequence = effects.to.sequence,
                    "a batch holds for new what the store has"
                );
                // A connection does not outlive a copy that was refused.
                let connection = self.open(queries).await?;
                let committed = connection.commit(&effects, &First::default()).await?;
                (connection, committed)
            }
            committed => (connection, committed?),
        };
        *kept = Some(connection);
        Ok(committed)
    }

    async fn open(&self, queries: &Queries) -> Result<Connection, StoreError> {
        let opened = Connection::open(&self.server, queries).await;
        opened.map_err(determinate("connect to commit a batch"))
    }
}

/// A connection with everything it needs prepared on it.
struct Connection {
    client: ClientWrapper,
    statements: Statements,
}

struct Statements {
    generation: i16,
    begin: Statement,
    advance: Statement,
    tails: Statement,
    append: Statement,
    insert: Statement,
    close: Statement,
    open: Statement,
    first_people: Statement,
    people: Statement,
    end: Statement,
    changes: Statement,
    quarantine: Statement,
    deliveries: Statement,
    policies: Statement,
    heard: HeardStatements,
    reviews: ReviewStatements,
}

impl Connection {
    async fn open(server: &Server, queries: &Queries) -> Result<Self, Error> {
        let client = server.connect().await?;
        let statements = Statements {
            generation: queries.generation,
            begin: client.prepare_cached(&queries.checkpoint_begin).await?,
            advance: client.prepare_cached(&queries.checkpoint_advance).await?,
            tails: client.prepare_cached(&queries.history_tails).await?,
            append: client.prepare_cached(&queries.history_append).await?,
            insert: client.prepare_cached(&queries.history_insert).await?,
            close: client.prepare_cached(&queries.membership_close).await?,
            open: client.prepare_cached(&queries.membership_open).await?,
            first_people: client.prepare_cached(&queries.person_insert).await?,
            people: client.prepare_cached(&queries.person_upsert).await?,
            end: client.prepare_cached(&queries.person_end).await?,
            changes: client.prepare_cached(&queries.change_append).await?,
            quarantine: client.prepare_cached(&queries.quarantine_upsert).await?,
            deliveries: client.prepare_cached(&queries.delivery_upsert).await?,
            policies: client.prepare_cached(&queries.policy_append).await?,
            heard: HeardStatements::prepare(&client, queries).await?,
            reviews: ReviewStatements::prepare(&client, queries).await?,
        };
        Ok(Self { client, statements })
    }

    async fn commit(&self, effects: &Effects, first: &First<'_>) -> Result<Committed, StoreError> {
        let fenced = self.fence(effects, first).await;
        let Some(tails) = fenced.map_err(determinate("fence a batch"))? else {
            let rolled_back = self.client.batch_execute("rollback").await;
            rolled_back.map_err(determinate("leave a batch to another projector"))?;
            return Ok(Committed::Fenced);
        };
        self.write(
            effects,
            first,
            &chunk::cut(&effects.history, first.messages, &tails),
        )
        .await
        .map_err(determinate("write a batch"))?;
        let committed = self.client.batch_execute("commit").await;
        committed.map_err(indeterminate("commit a batch"))?;
        Ok(Committed::Done)
    }

    /// Begins, moves the cursor, and looks where the history of those of the batch's records ends that have any. `None`: the cursor is another.
    ///
    /// The three are sent at once and done in order: the look comes after the lock, so nobody appends in between.
    async fn fence(
        &self,
        effects: &Effects,
        first: &First<'_>,
    ) -> Result<Option<BTreeMap<String, Tail>>, Cause> {
        let records: BTreeSet<String> = effects
            .history
            .iter()
            .filter(|entry| !chunk::is_first(entry, first.messages))
            .map(|entry| text::key(&entry.record))
            .collect();
        let records: Vec<String> = records.into_iter().collect();
        let look: [&(dyn ToSql + Sync); 1] = [&records];
        let (begun, moved, tails) = join!(
            // Whatever the role's defaults are: the fence relies on seeing what was committed while it waited.
            self.client
                .batch_execute("begin isolation level read committed read write"),
            self.move_cursor(effects.from.as_ref(), &effects.to),
            async {
                if records.is_empty() {
                    return Ok(Vec::new());
                }
                self.client.query(&self.statements.tails, &look).await
            },
        );
        begun?;
        if moved? == 0 {
            return Ok(None);
        }
        let tails = tails?.iter().map(tail).collect::<Result<_, Error>>()?;
        Ok(Some(tails))
    }

    async fn move_cursor(&self, from: Option<&Checkpoint>, to: &Checkpoint) -> Result<u64, Error> {
        let to_place = Place::of(to);
        let known_at = instant(to.known_at);
        let mut parameters = to_place.parameters().to_vec();
        parameters.push(&known_at);
        let Some(from) = from.map(Place::of) else {
            return self.client.execute(&self.statements.begin, &parameters).await;
        };
        parameters.extend(from.parameters());
        self.client.execute(&self.statements.advance, &parameters).await
    }

    /// Sends everything at once; the server does it in order, and memberships end before others begin.
    async fn write(&self, effects: &Effects, first: &First<'_>, pieces: &Pieces<'_>) -> Result<(), Cause> {
        let statements = &self.statements;
        let generation = statements.generation;
        let scopes = rows::scopes(effects.deliveries.iter().map(|row| &row.scope))?;
        let bad_scopes = rows::scopes(effects.quarantine.iter().map(|row| &row.scope))?;
        let is_first = |row: &&PersonRow| first.answers.binary_search(&row.person).is_ok();
        let (first_people, people): (Vec<_>, Vec<_>) = effects.people.iter().partition(is_first);
        let (
            heard,
            appended,
            inserted,
            closed,
            opened,
            first_people,
            people,
            ended,
            changes,
            quarantine,
            deliveries,
            policies,
            reviews,
        ) = join!(
            self.write_heard(effects),
            self.rows(&statements.append, rows::appended(&pieces.appended)),
            self.copy(&statements.insert, &pieces.new, rows::new_chunk),
            self.rows(&statements.close, rows::closed(&effects.closed)),
            self.copy(&statements.open, &effects.opened, rows::opened),
            self.copy(&statements.first_people, &first_people, |row, into| {
                rows::first_answer(row, generation, into)
            }),
            self.rows(&statements.people, rows::people(&people)),
            self.rows(&statements.end, rows::ended(&effects.ended)),
            self.rows(&statements.changes, rows::changes(&effects.changes)),
            self.rows(
                &statements.quarantine,
                rows::quarantine(&effects.quarantine, &bad_scopes)
            ),
            self.rows(
                &statements.deliveries,
                rows::deliveries(&effects.deliveries, &scopes)
            ),
            self.rows(&statements.policies, rows::policies(&effects.policies)),
            self.write_reviews(effects),
        );
        // The first to fail tells why; those after it only tell that the transaction had failed.
        heard?;
        let appended = appended?;
        for written in [
            inserted,
            closed,
            opened,
            first_people,
            people,
            ended,
            changes,
            quarantine,
            deliveries,
            policies,
        ] {
            written?;
        }
        reviews?;
        check_count("history/append", appended, pieces.appended.len())
    }

    /// Writes rows, if there are any.
    async fn rows(&self, statement: &Statement, columns: Columns<'_>) -> Result<u64, Cause> {
        if columns.is_empty() {
            return Ok(0);
        }
        Ok(self.client.execute(statement, &columns.parameters()).await?)
    }

    /// Copies rows, if there are any: the server takes one portion while the next is written. Given up halfway, the
    /// server refuses all of it.
    async fn copy<R>(
        &self,
        statement: &Statement,
        rows: &[R],
        write: impl Fn(&R, &mut Copied) -> Result<(), Cause>,
    ) -> Result<u64, Cause> {
        if rows.is_empty() {
            return Ok(0);
        }
        let mut sink = pin!(self.client.copy_in(statement).await?);
        let mut copied = Copied::begin();
        for row in rows {
            write(row, &mut copied)?;
            if let Some(portion) = copied.full_portion() {
                sink.feed(portion).await?;
            }
        }
        sink.feed(copied.last_portion()).await?;
        Ok(sink.finish().await?)
    }
}

/// What a batch says the store has nothing of yet.
#[derive(Debug, Default, PartialEq, Eq)]
struct First<'a> {
    messages: &'a [u64],
    answers: &'a [PersonId],
}

/// Whether the server refused a batch because a row of that key is there.
fn is_duplicate(error: &StoreError) -> bool {
    let StoreError::Determinate { source, .. } = error else {
        return false;
    };
    source.downcast_ref::<Cause>().is_some_and(Cause::is_duplicate)
}

fn check_count(statement: &'static str, written: u64, given: usize) -> Result<(), Cause> {
    if usize::try_from(written) == Ok(given) {
        return Ok(());
    }
    Err(Cause::Miscounted {
        statement,
        written,
        given,
    })
}

fn tail(row: &Row) -> Result<(String, Tail), Error> {
    let number = |column: &str| {
        row.try_get::<_, i32>(column)
            .map(|number| usize::try_from(number).unwrap_or(0))
    };
    let tail = Tail {
        chunk: row.try_get("chunk")?,
        entries: number("entries")?,
        bytes: number("bytes")?,
        to_sequence: row.try_get::<_, i64>("to_sequence")?.unsigned_abs(),
    };
    Ok((row.try_get("record")?, tail))
}
