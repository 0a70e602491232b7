//! What can go wrong between asking for a server and having one.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

/// Says which server or file was being handled, what was attempted, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServersError {
    /// No suitable program is installed and none could be fetched.
    #[error("no {program} {minimum} or newer ({}); {install}", tried.join("; "))]
    NoProgram {
        /// The program that is missing.
        program: &'static str,
        /// The oldest version that would do.
        minimum: &'static str,
        /// Every place that was tried, and why it did not serve.
        tried: Vec<String>,
        /// What to install on Debian and on macOS.
        install: &'static str,
    },

    /// A server or a program named in the environment is too old or is not what its variable says.
    #[error("{variable} names {value}, which {problem}; unset it or name another")]
    Unsuitable {
        /// The environment variable.
        variable: &'static str,
        /// What it holds.
        value: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A server named in the environment does not answer as a NATS server.
    #[error("ask the NATS server {url} for its version; start it or unset LTR_NATS_URL")]
    AskNats {
        /// The address asked.
        url: String,
        /// The cause.
        #[source]
        source: io::Error,
    },

    /// A statement failed.
    #[error("{attempt} on the PostgreSQL server {server}")]
    Sql {
        /// What was being done.
        attempt: String,
        /// Host and port of the server.
        server: String,
        /// The cause.
        #[source]
        source: tokio_postgres::Error,
    },

    /// A file, directory or process could not be handled.
    #[error("{attempt} {}", path.display())]
    Io {
        /// What was attempted.
        attempt: &'static str,
        /// On what.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },

    /// No directory could be found that the unprivileged user of PostgreSQL may enter.
    #[error(
        "neither {} nor the temporary directory can be entered by the unprivileged user PostgreSQL runs as; \
         choose a directory whose parents all have mode o+x",
        path.display()
    )]
    NoPlace {
        /// The directory asked for.
        path: PathBuf,
    },

    /// A program ended although it should have gone on, or failed at a task of its own.
    #[error("{program} ended with {status}; its last words: {}", last_words.trim())]
    Ended {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of its output.
        last_words: String,
    },

    /// A server was started and never became ready.
    #[error("{program} did not answer on 127.0.0.1:{port} within {waited:?}; its last words: {}", last_words.trim())]
    NotReady {
        /// The program.
        program: String,
        /// Its port.
        port: u16,
        /// How long it was waited for.
        waited: Duration,
        /// The end of its output.
        last_words: String,
    },

    /// The server was named in the environment, so it is not ours to kill or restart.
    #[error("{server} was not started here, so it cannot be killed or restarted here; unset {variable}")]
    NotOurs {
        /// The server.
        server: &'static str,
        /// The environment variable that named it.
        variable: &'static str,
    },

    /// A name for a database holds something else than lower-case letters, digits and underscores.
    #[error("{name:?} cannot begin the name of a database: use 1 to 40 of a-z, 0-9 and _, a letter first")]
    DatabaseName {
        /// The name asked for.
        name: String,
    },
}

impl ServersError {
    pub(crate) fn io(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            attempt,
            path,
            source,
        }
    }
}
