//! Why PostgreSQL did not do what was asked, without what it quotes of rows, addresses and passwords.

use std::error::Error;

use ltr_ports::store::StoreError;
use tokio_postgres::error::SqlState;

/// What PostgreSQL, or the way to it, said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The server refused. Its detail is left out: it quotes rows.
    #[error("{message} (SQLSTATE {code})")]
    Refused {
        /// The condition, five letters.
        code: String,
        /// What the server says of it.
        message: String,
    },
    /// The connection was lost, or could not be made, or a value could not be sent or read.
    #[error("{0}")]
    Client(String),
    /// The statement wrote another number of rows than it was given.
    #[error("{statement} wrote {written} of {given} rows")]
    Miscounted {
        /// Which statement.
        statement: &'static str,
        /// Rows written.
        written: u64,
        /// Rows given.
        given: usize,
    },
}

impl Cause {
    /// Whether a row of that key is there already.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == SqlState::UNIQUE_VIOLATION.code())
    }
}

impl From<tokio_postgres::Error> for Cause {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            return Self::Client(error.to_string());
        };
        Self::Refused {
            code: refusal.code().code().to_owned(),
            message: refusal.message().to_owned(),
        }
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is not one. It is not shown: it may hold a password, or be one.
    #[error("the database's address cannot be read: it should look like postgres://user@host:5432/database")]
    Address,
    /// The server cannot be reached, or does not let us in.
    #[error("cannot open the database")]
    Unreachable {
        /// Why.
        #[source]
        source: Cause,
    },
    /// The tables are older than this version needs.
    #[error("the database's tables are at version {found}, and {needed} is needed: run `ltr migrate`")]
    NotMigrated {
        /// The version found, 0 if there are no tables.
        found: i32,
        /// The version needed.
        needed: i32,
    },
}

impl From<tokio_postgres::Error> for ConnectError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Unreachable { source: error.into() }
    }
}

/// It certainly did not happen.
pub(crate) fn determinate<E: Into<Cause>>(attempted: &'static str) -> impl FnOnce(E) -> StoreError {
    move |error| StoreError::Determinate {
        attempted,
        source: boxed(error),
    }
}

/// It may or may not have happened.
pub(crate) fn indeterminate<E: Into<Cause>>(attempted: &'static str) -> impl FnOnce(E) -> StoreError {
    move |error| StoreError::Indeterminate {
        attempted,
        source: boxed(error),
    }
}

fn boxed(error: impl Into<Cause>) -> Box<dyn Error + Send + Sync> {
    Box::new(error.into())
}

#[cfg(test)]
mod tests {
    use super::ConnectError;
    use crate::{Config, PgStore};

    #[tokio::test]
    async fn no_error_and_no_debug_shows_a_password() {
        let addresses = [
            "postgres://anna:s3cret@127.0.0.1:1/ltr",
            "postgres://anna:s3cret?s3cret=s3cret@h/ltr",
            "postgres://anna:s3cret@127.0.0.1:s3cret/ltr",
            "host=127.0.0.1 port=1 user=anna password=s3cret connect_timeout=1",
            "s3cret",
        ];
        for url in addresses {
            let config = Config::new(url);
            let shown = format!("{config:?}");
            let error = PgStore::connect(config).await.expect_err("nobody listens there");
            let mut told = format!("{shown} {error} {error:?}");
            if let ConnectError::Unreachable { source } = &error {
                told.push_str(&source.to_string());
            }
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
}
