//! Migrations: forward only, each once, all that are pending in one transaction.

use postgres::{Client, NoTls, Transaction};

use crate::error::{Cause, ConnectError};

macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        /// Every migration, by ascending version.
        const MIGRATIONS: &[Migration] = &[
            $(Migration {
                version: $version,
                name: $name,
                sql: include_str!(concat!("../migrations/", $name, ".sql")),
            },)*
        ];
    };
}

migrations! {
    1 "V0001__store",
    2 "V0002__policies",
    3 "V0003__hearing",
    4 "V0004__judgements",
    5 "V0005__gate",
    6 "V0006__redrive",
    7 "V0007__changes_by_batch",
    8 "V0008__turnout",
}

/// The version of the tables that this program was written for.
pub const LATEST: i32 = MIGRATIONS[MIGRATIONS.len() - 1].version;

struct Migration {
    version: i32,
    name: &'static str,
    sql: &'static str,
}

/// What a run of migrations did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The version before, 0 if there were no tables.
    pub from: i32,
    /// The version after.
    pub to: i32,
    /// The names of the migrations that were applied.
    pub applied: Vec<&'static str>,
}

/// Why a database was not migrated. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database could not be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server refused.
    #[error("cannot {attempted}")]
    Failed {
        /// What was attempted.
        attempted: String,
        /// Why.
        #[source]
        source: Cause,
    },
    /// A migration that was applied is not the one in this program.
    #[error("migration {name} was applied with other contents than it has in this program")]
    Changed {
        /// Its name in the database.
        name: String,
    },
    /// A later version of this program was here.
    #[error("the database's tables are at version {found}, newer than this program's {latest}")]
    Newer {
        /// The version found.
        found: i32,
        /// The latest this program knows.
        latest: i32,
    },
    /// The thread that migrated ended before its work.
    #[error("the migration was broken off")]
    BrokenOff,
}

/// Brings the database's tables to [`LATEST`]. The role must own them, or be allowed to make the schema `ltr`.
///
/// # Errors
///
/// See [`MigrateError`]; in each case nothing was changed.
pub async fn migrate(url: &str) -> Result<Report, MigrateError> {
    let url = url.to_owned();
    let work = tokio::task::spawn_blocking(move || run(&url, MIGRATIONS));
    work.await.map_err(|_| MigrateError::BrokenOff)?
}

fn run(url: &str, migrations: &[Migration]) -> Result<Report, MigrateError> {
    let mut config: postgres::Config = url.parse().map_err(|_| ConnectError::Address)?;
    config.application_name("ltr migrate");
    let mut client: Client = config.connect(NoTls).map_err(ConnectError::from)?;
    let mut work = client.transaction().map_err(failed("begin"))?;
    work.batch_execute(include_str!("../queries/schema/prepare.sql"))
        .map_err(failed("make the schema"))?;
    let from = check_applied(&mut work, migrations)?;
    let mut report = Report {
        from,
        to: from,
        applied: Vec::new(),
    };
    for migration in migrations.iter().filter(|migration| migration.version > from) {
        let name = migration.name;
        work.batch_execute(migration.sql)
            .map_err(failed(&format!("apply {name}")))?;
        let record = include_str!("../queries/schema/record.sql");
        work.execute(record, &[&migration.version, &name, &migration.sql])
            .map_err(failed(&format!("record {name}")))?;
        report.to = migration.version;
        report.applied.push(name);
    }
    work.commit().map_err(failed("commit"))?;
    Ok(report)
}

/// The version the tables are at, if every migration up to it is one of ours, unchanged.
fn check_applied(work: &mut Transaction<'_>, migrations: &[Migration]) -> Result<i32, MigrateError> {
    let applied = work
        .query(include_str!("../queries/schema/applied.sql"), &[])
        .map_err(failed("read the applied migrations"))?;
    let mut version = 0;
    for row in applied {
        version = row.try_get("version").map_err(failed("read a version"))?;
        let Some(migration) = migrations.iter().find(|migration| migration.version == version) else {
            let latest = migrations.last().map_or(0, |last| last.version);
            return Err(MigrateError::Newer {
                found: version,
                latest,
            });
        };
        let checksum: String = work
            .query_one(include_str!("../queries/schema/checksum.sql"), &[&migration.sql])
            .and_then(|row| row.try_get("checksum"))
            .map_err(failed("compute a checksum"))?;
        let applied: String = row.try_get("checksum").map_err(failed("read a checksum"))?;
        if applied != checksum {
            return Err(MigrateError::Changed {
                name: row.try_get("name").map_err(failed("read a name"))?,
            });
        }
    }
    Ok(version)
}

fn failed(attempted: &str) -> impl FnOnce(postgres::Error) -> MigrateError {
    let attempted = attempted.to_owned();
    move |error| MigrateError::Failed {
        attempted,
        source: error.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MIGRATIONS;

    #[test]
    fn every_file_is_a_migration_named_by_its_version_and_versions_ascend() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = std::fs::read_dir(directory).unwrap();
        let files: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = MIGRATIONS.iter().map(|one| format!("{}.sql", one.name)).collect();
        assert_eq!(files, listed);
        assert!(
            MIGRATIONS
                .windows(2)
                .all(|pair| pair[0].version < pair[1].version)
        );
        for migration in MIGRATIONS {
            let prefix = format!("V{:04}__", migration.version);
            assert!(migration.name.starts_with(&prefix), "{}", migration.name);
        }
    }
}
