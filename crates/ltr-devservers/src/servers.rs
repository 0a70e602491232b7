//! The pair of servers that the product needs.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use crate::{Found, NatsServer, PostgresServer, Search, ServersError};

/// Where and how to start servers.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory under which every server gets one of its own; swept of what dead owners left there.
    pub base: PathBuf,
    /// The directory where fetched programs are kept.
    pub tools: PathBuf,
    /// Whether the servers' directories stay when the servers end, to be looked into and removed by hand.
    pub keep: bool,
    /// Where to look for servers and programs.
    pub search: Search,
}

impl Options {
    /// Everything under `target`, in `ltr-servers` and `ltr-tools`, as the environment says.
    #[must_use]
    pub fn under(target: &Path) -> Self {
        Self {
            base: target.join("ltr-servers"),
            tools: target.join("ltr-tools"),
            keep: false,
            search: Search::from_environment(),
        }
    }

    /// For tests: everything under this workspace's `target`.
    #[must_use]
    pub fn in_workspace() -> Self {
        let of_cargo = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        Self::under(&of_cargo.unwrap_or_else(usual))
    }
}

/// A NATS and a PostgreSQL server; those that are private end when this is dropped.
#[derive(Debug)]
pub struct Servers {
    nats: NatsServer,
    postgres: PostgresServer,
}

impl Servers {
    /// Starts what is not named in the environment and waits until both answer.
    pub async fn start(options: Options) -> Result<Self, ServersError> {
        let (nats, postgres) =
            tokio::try_join!(NatsServer::start(&options), PostgresServer::start(&options))?;
        Ok(Self { nats, postgres })
    }

    /// Starts a NATS server alone, for a test that needs one to itself; that takes some 50 ms.
    pub async fn start_nats_only(options: Options) -> Result<NatsServer, ServersError> {
        NatsServer::start(&options).await
    }

    /// The address of the NATS server.
    #[must_use]
    pub fn nats_url(&self) -> &str {
        self.nats.url()
    }

    /// The address of the PostgreSQL server's first database, as superuser.
    #[must_use]
    pub fn database_url(&self) -> &str {
        self.postgres.url()
    }

    /// Makes one more database; see [`PostgresServer::fresh_database`].
    pub async fn fresh_database(&self, name: &str) -> Result<String, ServersError> {
        self.postgres.fresh_database(name).await
    }

    /// Which programs were found where.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            nats: self.nats.found().clone(),
            postgres: self.postgres.found().clone(),
        }
    }

    /// The process of a private NATS server, while it runs.
    #[must_use]
    pub fn nats_pid(&self) -> Option<u32> {
        self.nats.pid()
    }

    /// The process of a private PostgreSQL server, while it runs.
    #[must_use]
    pub fn postgres_pid(&self) -> Option<u32> {
        self.postgres.pid()
    }

    /// The directories of the private servers.
    #[must_use]
    pub fn directories(&self) -> Vec<&Path> {
        [self.nats.directory(), self.postgres.directory()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Kills a private NATS server with SIGKILL.
    pub fn kill_nats(&mut self) -> Result<(), ServersError> {
        self.nats.kill()
    }

    /// Kills a private PostgreSQL server with SIGKILL.
    pub fn kill_postgres(&mut self) -> Result<(), ServersError> {
        self.postgres.kill()
    }

    /// Starts a private NATS server again on the same port and data.
    pub async fn restart_nats(&mut self) -> Result<(), ServersError> {
        self.nats.restart().await
    }

    /// Starts a private PostgreSQL server again on the same port and data.
    pub async fn restart_postgres(&mut self) -> Result<(), ServersError> {
        self.postgres.restart().await
    }

    /// Ends the private servers in order and removes their directories, unless they are to be kept.
    pub async fn stop(self) {
        tokio::join!(self.nats.stop(), self.postgres.stop());
    }
}

/// Which programs were found where; its `Display` is a few lines for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The NATS server.
    pub nats: Found,
    /// The PostgreSQL server.
    pub postgres: Found,
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NATS {}\nPostgreSQL {}", self.nats, self.postgres)?;
        for remark in self.nats.remarks.iter().chain(&self.postgres.remarks) {
            write!(f, "\npassed over or swept: {remark}")?;
        }
        Ok(())
    }
}
