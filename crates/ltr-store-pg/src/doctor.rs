//! What an operator wants to know of the database.

use ltr_ports::store::StoreError;

use crate::error::determinate;
use crate::{PgStore, migrate};

/// Facts about the database and its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The server's version, such as `17.10`.
    pub server_version: String,
    /// The database's name.
    pub database: String,
    /// As which role we are there.
    pub role: String,
    /// The version of the tables, 0 if there are none.
    pub schema_version: i32,
    /// The version this program would migrate to.
    pub schema_latest: i32,
}

impl PgStore {
    /// Asks the server.
    ///
    /// # Errors
    ///
    /// A server that cannot be asked.
    pub async fn doctor(&self) -> Result<Facts, StoreError> {
        self.facts()
            .await
            .map_err(determinate("ask the server about itself"))
    }

    pub(crate) async fn facts(&self) -> Result<Facts, tokio_postgres::Error> {
        let (readers, queries) = (&self.0.readers, &self.0.queries);
        let mut facts = Facts {
            server_version: String::new(),
            database: String::new(),
            role: String::new(),
            schema_version: 0,
            schema_latest: migrate::LATEST,
        };
        let mut is_migrated = false;
        for row in readers.query(&queries.schema_facts, &[]).await? {
            facts.server_version = row.try_get("server_version")?;
            facts.database = row.try_get("database")?;
            facts.role = row.try_get("role")?;
            is_migrated = row.try_get("is_migrated")?;
        }
        if is_migrated {
            for row in readers.query(&queries.schema_version, &[]).await? {
                facts.schema_version = row.try_get::<_, Option<i32>>("version")?.unwrap_or(0);
            }
        }
        Ok(facts)
    }
}
