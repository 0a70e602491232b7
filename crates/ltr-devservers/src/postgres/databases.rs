//! Databases on a server: one for each test, with the roles' rights in it.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;
use tokio_postgres::{Client, Error, NoTls};

use crate::search::Version;
use crate::{ServersError, url};

/// The roles of production, without passwords.
const ROLES: &str = include_str!("../../../../deploy/postgres/roles.sql");

/// The databases made on one server, and the way to it.
#[derive(Debug)]
pub(crate) struct Databases {
    url: String,
    /// Held while roles are loaded: two sessions that alter one role at a time disturb each other.
    made: Mutex<Vec<String>>,
}

impl Databases {
    pub(crate) fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            made: Mutex::default(),
        }
    }

    pub(crate) async fn version(&self) -> Result<Version, ServersError> {
        let number = self
            .setting("server_version_num")
            .await
            .map_err(self.failed("ask for the version"))?;
        let number: u32 = number.parse().unwrap_or(0);
        Ok(Version(number / 10_000, number % 10_000, 0))
    }

    /// Answered only by a server that is ready for statements.
    pub(crate) async fn data_directory(&self) -> Result<String, Error> {
        self.setting("data_directory").await
    }

    async fn setting(&self, name: &str) -> Result<String, Error> {
        let client = connect(&self.url).await?;
        client
            .query_one("SELECT current_setting($1)", &[&name])
            .await?
            .try_get(0)
    }

    pub(crate) async fn load_roles(&self, database: &str) -> Result<(), ServersError> {
        let _one_at_a_time = self.made.lock().await;
        self.execute(database, ROLES)
            .await
            .map_err(self.failed("load the roles"))
    }

    pub(crate) async fn fresh(&self, name: &str) -> Result<String, ServersError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        if !is_plain(name) {
            return Err(ServersError::DatabaseName {
                name: name.to_owned(),
            });
        }
        let database = format!(
            "{name}_{}_{}",
            process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let client = connect(&self.url).await.map_err(self.failed("connect"))?;
        let create = format!("CREATE DATABASE {database}");
        client
            .batch_execute(&create)
            .await
            .map_err(self.failed(&create))?;
        self.made.lock().await.push(database.clone());
        self.load_roles(&database).await?;
        Ok(url::as_role(
            &url::with_database(&self.url, &database),
            "ltr_owner",
        ))
    }

    /// Drops what `fresh` made, as far as the server lets us.
    pub(crate) async fn drop_all(&self) {
        for database in self.made.lock().await.drain(..) {
            let _ = self
                .execute(
                    "postgres",
                    &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"),
                )
                .await;
        }
    }

    async fn execute(&self, database: &str, statements: &str) -> Result<(), Error> {
        connect(&url::with_database(&self.url, database))
            .await?
            .batch_execute(statements)
            .await
    }

    fn failed(&self, attempt: &str) -> impl FnOnce(Error) -> ServersError {
        let server = url::host_and_port(&self.url, 5432).unwrap_or_else(|| url::without_password(&self.url));
        let attempt = attempt.to_owned();
        move |source| ServersError::Sql {
            attempt,
            server,
            source,
        }
    }
}

async fn connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // It ends when the client is dropped, and the client tells of its errors.
    tokio::spawn(connection);
    Ok(client)
}

/// Whether `name` needs no quoting and leaves room for what makes it unique in PostgreSQL's 63 bytes.
fn is_plain(name: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(letters)
}
