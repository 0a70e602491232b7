//! Connections: how one is made, and the few that all readers share.
//!
//! A pool lends a connection to one reader at a time; a shared one carries the questions of many at once, one behind
//! the other, which is 1.6 times as fast. So deadpool gives us its client, with its cache of prepared statements, and
//! we keep a fixed number of them ourselves.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, NoTls, Row};

use crate::error::ConnectError;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Where connections are made to.
pub(crate) struct Server {
    config: tokio_postgres::Config,
}

impl Server {
    pub(crate) fn at(url: &str) -> Result<Self, ConnectError> {
        let mut config: tokio_postgres::Config = url.parse().map_err(|_| ConnectError::Address)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        if config.get_application_name().is_none() {
            config.application_name("ltr");
        }
        Ok(Self { config })
    }

    /// A new connection. It ends with the client, and whatever transaction was open on it is rolled back.
    pub(crate) async fn connect(&self) -> Result<ClientWrapper, Error> {
        let (client, connection) = self.config.connect(NoTls).await?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                let cause = crate::error::Cause::from(error);
                tracing::warn!(%cause, "a connection to the store was lost");
            }
        });
        Ok(ClientWrapper::new(client, task))
    }
}

/// Connections for reading, used in turn.
pub(crate) struct Readers {
    server: Arc<Server>,
    slots: Vec<Slot>,
    next: AtomicUsize,
}

#[derive(Default)]
struct Slot {
    client: Mutex<Option<Arc<ClientWrapper>>>,
    /// Held while a new connection is made, so that those who wait for it do not each make their own.
    connecting: tokio::sync::Mutex<()>,
}

impl Slot {
    /// The connection, if there is one that still works as far as we know.
    fn open(&self) -> Option<Arc<ClientWrapper>> {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        client.as_ref().filter(|client| !client.is_closed()).cloned()
    }

    fn put(&self, client: Option<Arc<ClientWrapper>>) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// Lets go of a connection that failed, unless somebody has replaced it already.
    fn retire(&self, failed: &Arc<ClientWrapper>) {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if client.as_ref().is_some_and(|client| Arc::ptr_eq(client, failed)) {
            *client = None;
        }
    }
}

impl Readers {
    pub(crate) fn new(server: Arc<Server>, connections: usize) -> Self {
        let slots = std::iter::repeat_with(Slot::default)
            .take(connections.max(1))
            .collect();
        Self {
            server,
            slots,
            next: AtomicUsize::new(0),
        }
    }

    /// The rows of a prepared statement. Reading twice does no harm, so a connection that turns out to be lost costs a
    /// second attempt on a new one, and nothing else.
    pub(crate) async fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let slot = &self.slots[self.next.fetch_add(1, Ordering::Relaxed) % self.slots.len()];
        let client = self.client(slot).await?;
        match query(&client, sql, parameters).await {
            Err(error) if is_worth_a_new_connection(&error) => {
                slot.retire(&client);
                query(&*self.client(slot).await?, sql, parameters).await
            }
            done => done,
        }
    }

    async fn client(&self, slot: &Slot) -> Result<Arc<ClientWrapper>, Error> {
        if let Some(client) = slot.open() {
            return Ok(client);
        }
        let _alone = slot.connecting.lock().await;
        if let Some(client) = slot.open() {
            return Ok(client);
        }
        let client = Arc::new(self.server.connect().await?);
        slot.put(Some(Arc::clone(&client)));
        Ok(client)
    }
}

async fn query(
    client: &ClientWrapper,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    client.query(&statement, parameters).await
}

/// Whether the connection, and not the question, is at fault: it is lost, the server ends, or what was prepared on it
/// no longer fits the tables.
fn is_worth_a_new_connection(error: &Error) -> bool {
    let lost = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::FEATURE_NOT_SUPPORTED, // "cached plan must not change result type"
        SqlState::INVALID_SQL_STATEMENT_NAME,
    ];
    error.code().is_none_or(|code| lost.contains(code))
}
