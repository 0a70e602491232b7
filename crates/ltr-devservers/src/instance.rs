//! One private server: its directory, its process, and the watcher over both.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::process::{Ending, Process};
use crate::sweep::Home;
use crate::watch::Watch;
use crate::{Options, ServersError, blocking};

/// How often a server is started on another port because the one before was taken meanwhile.
pub(crate) const PORTS_TRIED_MAX: u32 = 5;

/// How long a server may take to answer.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(30);

/// SIGINT ends both servers in order; PostgreSQL then gets its immediate shutdown before SIGKILL.
const IN_ORDER: Ending = &[
    (Signal::INT, Duration::from_secs(10)),
    (Signal::QUIT, Duration::from_secs(3)),
];
/// For a drop, which blocks its thread: no more than what lets PostgreSQL end its children.
const AT_ONCE: Ending = &[(Signal::QUIT, Duration::from_secs(2))];
const KILLED: Ending = &[];

/// A private server's process and directory; dropping it ends the one and removes the other.
#[derive(Debug)]
pub(crate) struct Instance {
    home: Home,
    watch: Watch,
    process: Option<Process>,
    log: PathBuf,
}

impl Instance {
    /// A directory under `base`, swept before, without a server as yet; and what was swept.
    pub(crate) fn claim(base: &Path, options: &Options) -> Result<(Self, Vec<String>), ServersError> {
        let (home, swept) = Home::claim(base, options.keep)?;
        let watch = Watch::start(home.path(), options.keep)?;
        let log = home.path().join("log");
        Ok((
            Self {
                home,
                watch,
                process: None,
                log,
            },
            swept,
        ))
    }

    pub(crate) fn path(&self) -> &Path {
        self.home.path()
    }

    /// Starts the server, in place of one that has ended.
    pub(crate) fn run(&mut self, command: Command) -> Result<(), ServersError> {
        let process = Process::start(command, &self.log)?;
        self.watch.over(process.pid());
        self.home.note(&format!("server {}", process.pid()));
        self.process = Some(process);
        Ok(())
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::pid)
    }

    /// An error if the server has ended by itself.
    pub(crate) fn check_running(&mut self) -> Result<(), ServersError> {
        let Some(process) = &mut self.process else {
            return Ok(());
        };
        let Some(status) = process.ended() else {
            return Ok(());
        };
        let error = process.unexpected(status);
        self.forget();
        Err(error)
    }

    /// The error for a server that has not answered for `READY_WITHIN`.
    pub(crate) fn silent(&self, port: u16) -> ServersError {
        let process = self
            .process
            .as_ref()
            .expect("a server that was waited for was started");
        process.silent(port, READY_WITHIN)
    }

    /// Ends the server in order; the directory stays.
    pub(crate) async fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            blocking(move || process.end(IN_ORDER)).await;
            self.forget();
        }
    }

    /// Ends the server by SIGKILL, as a crash would; the directory stays.
    pub(crate) fn kill(&mut self) {
        self.end_by(KILLED);
    }

    fn end_by(&mut self, ending: Ending) {
        if let Some(process) = &mut self.process {
            process.end(ending);
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.process = None;
        self.watch.over_nothing();
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.end_by(AT_ONCE);
        self.home.remove();
        self.watch.dismiss();
    }
}
