//! Effects and cursor in one transaction of three round trips: fence and look, write, commit.
//!
//! The commit is not sent along with the writes, although that would save a round trip: a write that fails on our side
//! is not sent at all, and the commit behind it would make the rest of the batch true.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;

use deadpool_postgres::ClientWrapper;
use futures::{SinkExt, join};
use ltr_ports::store::{Checkpoint, Committed, Effects, StoreError};
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

    /// Commits a batch. Whoever gives up waiting drops the connection, and with it the transaction.
    pub(crate) async fn commit(&self, queries: &Queries, effects: Effects) -> Result<Committed, StoreError> {
        let effects = effects.in_whole_microseconds();
        let mut kept = self.connection.lock().await;
        let connection = match kept.take().filter(|connection| !connection.client.is_closed()) {
            Some(connection) => connection,
            None => Connection::open(&self.server, queries)
                .await
                .map_err(determinate("connect to commit a batch"))?,
        };
        let committed = connection.commit(&effects).await?;
        *kept = Some(connection);
        Ok(committed)
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

    async fn commit(&self, effects: &Effects) -> Result<Committed, StoreError> {
        let Some(tails) = self.fence(effects).await.map_err(determinate("fence a batch"))? else {
            let rolled_back = self.client.batch_execute("rollback").await;
            rolled_back.map_err(determinate("leave a batch to another projector"))?;
            return Ok(Committed::Fenced);
        };
        self.write(effects, &chunk::cut(&effects.history, &tails))
            .await
            .map_err(determinate("write a batch"))?;
        let committed = self.client.batch_execute("commit").await;
        committed.map_err(indeterminate("commit a batch"))?;
        Ok(Committed::Done)
    }

    /// Begins, moves the cursor, and looks where the history of the batch's records ends. `None`: the cursor is another.
    ///
    /// The three are sent at once and done in order: the look comes after the lock, so nobody appends in between.
    async fn fence(&self, effects: &Effects) -> Result<Option<BTreeMap<String, Tail>>, Cause> {
        let records: BTreeSet<String> = effects
            .history
            .iter()
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
    async fn write(&self, effects: &Effects, pieces: &Pieces<'_>) -> Result<(), Cause> {
        let statements = &self.statements;
        let scopes = rows::scopes(effects.deliveries.iter().map(|row| &row.scope))?;
        let bad_scopes = rows::scopes(effects.quarantine.iter().map(|row| &row.scope))?;
        let new_chunks = rows::new_chunks(&pieces.new)?;
        let opened = rows::opened(&effects.opened)?;
        let changes = rows::changes(&effects.changes, statements.generation)?;
        let (
            heard,
            appended,
            inserted,
            closed,
            opened,
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
            self.copy(&statements.insert, new_chunks),
            self.rows(&statements.close, rows::closed(&effects.closed)),
            self.copy(&statements.open, opened),
            self.rows(&statements.people, rows::people(&effects.people)),
            self.rows(&statements.end, rows::ended(&effects.ended)),
            self.copy(&statements.changes, changes),
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
            inserted, closed, opened, people, ended, changes, quarantine, deliveries, policies,
        ] {
            written?;
        }
        reviews?;
        check_count("history/append", appended, pieces.appended.len())
    }

    /// Writes rows, if there are any.
    async fn rows(&self, statement: &Statement, columns: Columns<'_>) -> Result<u64, Error> {
        if columns.is_empty() {
            return Ok(0);
        }
        self.client.execute(statement, &columns.parameters()).await
    }

    /// Copies rows, if there are any.
    async fn copy(&self, statement: &Statement, rows: Copied) -> Result<u64, Error> {
        if rows.rows() == 0 {
            return Ok(0);
        }
        let mut sink = pin!(self.client.copy_in(statement).await?);
        sink.send(rows.into_bytes()).await?;
        sink.finish().await
    }
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
