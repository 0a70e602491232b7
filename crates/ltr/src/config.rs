//! The configuration in force: flags over environment over file. Secrets never print.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ltr_domain::breaker::Bounds;
use ltr_domain::ids::Feed;
use serde::Deserialize;

use crate::bounds::{self, FileBounds};
use crate::cli::Connection;

/// What the configuration file may hold; unknown names are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    nats_url: Option<String>,
    database_url: Option<String>,
    kek_file: Option<PathBuf>,
    connect: Option<ltr_connect::Config>,
    #[serde(default)]
    bounds: BTreeMap<String, FileBounds>,
}

/// The configuration in force.
#[derive(Clone)]
pub(crate) struct Config {
    nats_url: Option<String>,
    database_url: Option<String>,
    pub(crate) kek_file: Option<PathBuf>,
    pub(crate) file: Option<PathBuf>,
    /// Which upstream services are read; `[connect]` in the file.
    pub(crate) connect: Option<ltr_connect::Config>,
    /// The bounds of feeds where they are other than usual.
    pub(crate) bounds: BTreeMap<Feed, Bounds>,
}

impl Config {
    /// Puts the configuration together.
    pub(crate) fn load(connection: &Connection) -> anyhow::Result<Self> {
        let file = match &connection.config {
            Some(path) => read_file(path)?,
            None => File::default(),
        };
        Ok(Self {
            nats_url: connection.nats_url.clone().or(file.nats_url),
            database_url: connection.database_url.clone().or(file.database_url),
            kek_file: connection.kek_file.clone().or(file.kek_file),
            bounds: bounds::read(&file.bounds)?,
            file: connection.config.clone(),
            connect: file.connect,
        })
    }

    /// The same for servers that this very process started.
    pub(crate) fn of_servers(nats_url: &str, database_url: &str, kek_file: Option<PathBuf>) -> Self {
        Self {
            nats_url: Some(nats_url.to_owned()),
            database_url: Some(database_url.to_owned()),
            kek_file,
            file: None,
            connect: None,
            bounds: BTreeMap::new(),
        }
    }

    /// Where the log is.
    pub(crate) fn nats_url(&self) -> anyhow::Result<&str> {
        let Some(url) = &self.nats_url else {
            bail!(
                "no NATS server named: give --nats-url, LTR_NATS_URL, or nats_url in the configuration file"
            );
        };
        if !url.starts_with("nats://") && !url.starts_with("tls://") {
            bail!("the NATS address must begin with nats:// or tls://");
        }
        Ok(url)
    }

    /// Where the store is.
    pub(crate) fn database_url(&self) -> anyhow::Result<&str> {
        let Some(url) = &self.database_url else {
            bail!(
                "no database named: give --database-url, LTR_DATABASE_URL, or database_url in the configuration file"
            );
        };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            bail!("the database address must begin with postgres://");
        }
        Ok(url)
    }

    /// Whether the log is on this machine, and so may use a development key.
    pub(crate) fn log_is_local(&self) -> bool {
        let host = self.nats_url.as_deref().map(without_secrets).unwrap_or_default();
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|local| host.contains(local))
    }

    /// What is in force, without secrets.
    pub(crate) fn describe(&self) -> serde_json::Value {
        serde_json::json!({
            "file": self.file,
            "nats_url": self.nats_url.as_deref().map(without_secrets),
            "database_url": self.database_url.as_deref().map(without_secrets),
            "kek_file": self.kek_file,
        })
    }
}

/// A URL without user, password and parameters.
pub(crate) fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if scheme.is_empty() {
        host.to_owned()
    } else {
        format!("{scheme}://{host}")
    }
}

fn read_file(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the configuration {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in the configuration {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(
            without_secrets("postgres://me:hunter2@db:5432/ltr?password=x"),
            "postgres://db:5432/ltr"
        );
        assert_eq!(
            without_secrets("nats://token@127.0.0.1:4222"),
            "nats://127.0.0.1:4222"
        );
    }
}
