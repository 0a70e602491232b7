//! A watcher that ends a server when we die without doing so, by whatever signal.
//!
//! It is a shell that reads what we tell it from a pipe; the pipe closes when we die. The sweep (`sweep.rs`)
//! comes after it, for the day when the watcher died too.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::ServersError;

/// SIGINT is PostgreSQL's fast shutdown and an orderly one for nats-server too.
const SCRIPT: &str = r#"
while read -r word; do pid=$word; done
[ "$pid" = stopped ] && exit 0
if [ -n "$pid" ]; then
    kill -INT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.3; done
    kill -KILL "$pid"
fi
[ "$2" = keep ] || rm -rf "$1"
"#;

/// The watcher of one server and its directory.
#[derive(Debug)]
pub(crate) struct Watch {
    shell: Child,
}

impl Watch {
    /// Starts a watcher of nothing yet; when we die, it removes `home` unless that is to be kept.
    pub(crate) fn start(home: &Path, keep: bool) -> Result<Self, ServersError> {
        let shell = Path::new("/bin/sh");
        let child = Command::new(shell)
            .args(["-c", SCRIPT, "ltr-devservers-watch"])
            .arg(home)
            .arg(if keep { "keep" } else { "remove" })
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(ServersError::io("start a watcher with", shell))?;
        Ok(Self { shell: child })
    }

    /// Names the process to end when we die, in place of the one named before.
    pub(crate) fn over(&mut self, pid: u32) {
        self.tell(&pid.to_string());
    }

    /// Forgets the process, which has ended: its id may soon be another's.
    pub(crate) fn over_nothing(&mut self) {
        self.tell("");
    }

    /// Says that all is ended and removed, and waits for the watcher to leave.
    pub(crate) fn dismiss(&mut self) {
        self.tell("stopped");
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }

    fn tell(&mut self, word: &str) {
        // A watcher that was killed can be told nothing; the sweep does its work then.
        if let Some(pipe) = &mut self.shell.stdin {
            let _ = writeln!(pipe, "{word}");
        }
    }
}
