//! The store on PostgreSQL: tables, migrations, and the adapter behind `ltr_ports::store::Store`.
//!
//! SQL stands in files under `queries` and `migrations`. A commit is one transaction of three round trips. Reads are
//! one prepared statement each, on a few shared connections, and do with a role that may only read. No state is left
//! in a session: no lock and no `LISTEN` outside a transaction.

mod chunk;
mod commit;
mod connection;
mod doctor;
mod error;
mod held;
pub mod migrate;
mod queries;
mod read;
mod store;
mod text;

use std::fmt;
use std::sync::Arc;

use self::commit::Writer;
use self::connection::{Readers, Server};
pub use self::doctor::Facts;
pub use self::error::{Cause, ConnectError};
pub use self::migrate::migrate;
use self::queries::Queries;

/// How to reach a store.
#[derive(Clone)]
pub struct Config {
    /// The database's address, such as `postgres://ltr_project@localhost/ltr`; may hold a password.
    pub url: String,
    /// Connections that readers share; each answers many readers at a time. More than the server's cores help little.
    pub connections: usize,
    /// Which generation of answers to write and read.
    pub generation: i16,
}

impl Config {
    /// Four connections and the first generation.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 4,
            generation: 1,
        }
    }
}

/// Without the address, which may hold a password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("connections", &self.connections)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// A store on PostgreSQL. Clones share its connections.
#[derive(Clone)]
pub struct PgStore(Arc<Inner>);

struct Inner {
    readers: Readers,
    writer: Writer,
    queries: Queries,
}

impl PgStore {
    /// Opens a migrated database. Connections are made when they are needed first, and again when they are lost.
    ///
    /// # Errors
    ///
    /// An address that cannot be read, a server that cannot be reached, or tables older than this version needs.
    pub async fn connect(config: Config) -> Result<Self, ConnectError> {
        let server = Arc::new(Server::at(&config.url)?);
        let store = Self(Arc::new(Inner {
            readers: Readers::new(Arc::clone(&server), config.connections),
            writer: Writer::new(server),
            queries: Queries::of_generation(config.generation),
        }));
        let facts = store.facts().await?;
        if facts.schema_version < migrate::LATEST {
            return Err(ConnectError::NotMigrated {
                found: facts.schema_version,
                needed: migrate::LATEST,
            });
        }
        Ok(store)
    }
}

/// Says that it is one, not where.
impl fmt::Debug for PgStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgStore").finish_non_exhaustive()
    }
}
