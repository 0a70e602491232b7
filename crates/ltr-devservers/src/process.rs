//! One server process: started in the foreground with its output in a file, ended by signals.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::ServersError;

/// How often a condition is looked at again while it is waited for.
pub(crate) const POLL: Duration = Duration::from_millis(10);

/// Signals to send one after another, each with the time it is given.
pub(crate) type Ending = &'static [(Signal, Duration)];

/// A running child; it does not end by itself when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    program: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` in a process group of its own, so that Ctrl-C at the terminal reaches us alone and the
    /// servers outlive the roles that still want to write to them.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self, ServersError> {
        let program = PathBuf::from(command.get_program());
        let open = || File::options().create(true).append(true).open(log);
        let output = open().map_err(ServersError::io("open the log", log))?;
        let errors = output
            .try_clone()
            .map_err(ServersError::io("open the log", log))?;
        let child = command
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(ServersError::io("start", &program))?;
        Ok(Self {
            program: program.display().to_string(),
            child,
            log: log.to_path_buf(),
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The error that tells of an end that nobody asked for.
    pub(crate) fn unexpected(&self, status: ExitStatus) -> ServersError {
        ServersError::Ended {
            program: self.program.clone(),
            status,
            last_words: last_words(&self.log),
        }
    }

    /// The error that tells of a server which runs and does not answer.
    pub(crate) fn silent(&self, port: u16, waited: Duration) -> ServersError {
        ServersError::NotReady {
            program: self.program.clone(),
            port,
            waited,
            last_words: last_words(&self.log),
        }
    }

    /// Sends the signals in turn until it has ended, and waits for it; SIGKILL comes last in any case.
    pub(crate) fn end(&mut self, ending: Ending) {
        for (signal, patience) in ending {
            if self.ended().is_some() {
                return;
            }
            // It may end by itself in between; then the next look says so.
            let _ = kill_process(Pid::from_child(&self.child), *signal);
            wait_until(*patience, || self.ended().is_some());
        }
        // Neither can fail for a child of ours that has not been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks at `condition` until it holds or `patience` is over; says whether it held.
pub(crate) fn wait_until(patience: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL);
    }
}

fn last_words(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
}
