//! The directory of one server, and the removal of those whose owner died.
//!
//! A directory is owned by whoever holds the lock on its `owner` file. The system gives the lock back when its
//! holder dies in any way, so a process id that is used again deceives nobody.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::ServersError;
use crate::process::wait_until;
use crate::user::open_to_all;

/// The directory of one server, ours until dropped.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    owner: File,
    keep: bool,
}

impl Home {
    /// Sweeps `base`, then makes and locks a new directory in it; the second value tells what was swept.
    pub(crate) fn claim(base: &Path, keep: bool) -> Result<(Self, Vec<String>), ServersError> {
        // Nobody sweeps while a directory is between made and locked.
        let gate = base.join(".lock");
        let gate_file = File::create(&gate).map_err(ServersError::io("open the lock", &gate))?;
        gate_file.lock().map_err(ServersError::io("lock", &gate))?;
        let swept = sweep(base);

        let pid = process::id();
        let path = (0..u32::MAX)
            .map(|number| base.join(format!("{pid}-{number}")))
            .find(|path| !path.exists())
            .expect("a process makes fewer directories than that");
        fs::create_dir(&path).map_err(ServersError::io("create the directory", &path))?;
        open_to_all(&path)?;
        let owner_path = path.join("owner");
        let owner = File::create(&owner_path).map_err(ServersError::io("create", &owner_path))?;
        owner.lock().map_err(ServersError::io("lock", &owner_path))?;

        let mut home = Self { path, owner, keep };
        home.note(&format!("owner {pid}"));
        if keep {
            home.note(KEEP);
        }
        Ok((home, swept))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line to the owner file, for people who look into it.
    pub(crate) fn note(&mut self, line: &str) {
        let _ = writeln!(self.owner, "{line}");
    }

    /// Removes the directory unless it is to be kept; its server must have ended.
    pub(crate) fn remove(&self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

const KEEP: &str = "keep";

/// Ends the servers of dead owners and removes their directories; a line for each.
fn sweep(base: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(base) else {
        return Vec::new();
    };
    let mut done = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if is_home(&path) && !is_owned(&path) {
            done.extend(clear(&path));
        }
    }
    done
}

fn is_home(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((pid, number)) = name.split_once('-') else {
        return false;
    };
    pid.parse::<u32>().is_ok() && number.parse::<u32>().is_ok()
}

fn is_owned(home: &Path) -> bool {
    // Without an owner file its maker died before there was a server.
    let Ok(owner) = File::open(home.join("owner")) else {
        return false;
    };
    match owner.try_lock() {
        Ok(()) => false,
        // A file system that cannot lock tells us nothing, so nothing is destroyed.
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => true,
    }
}

fn clear(home: &Path) -> Option<String> {
    let leftover = servers_in(home);
    end_leftover(&leftover, home);
    let kept = fs::read_to_string(home.join("owner")).is_ok_and(|text| text.lines().any(|line| line == KEEP));
    if kept {
        return (!leftover.is_empty())
            .then(|| format!("ended {leftover:?}, left running in {}", home.display()));
    }
    let _ = fs::remove_dir_all(home);
    Some(format!(
        "swept {}, whose owner died; servers ended: {leftover:?}",
        home.display()
    ))
}

/// Ids of the servers whose command line names `home`: the ids noted in a file could be another's by now.
fn servers_in(home: &Path) -> Vec<i32> {
    let inside = format!("{}/", home.display());
    // Any word, because the path of a program may hold spaces; no file of ours has such a name.
    let is_server =
        |word: &str| ["nats-server", "postgres"].contains(&word.rsplit('/').next().unwrap_or_default());
    let is_ours = |line: &str| line.contains(&inside) && line.split_whitespace().any(is_server);
    command_lines()
        .into_iter()
        .filter(|(_, line)| is_ours(line))
        .map(|(pid, _)| pid)
        .collect()
}

/// Every process with its command line: from /proc, or from `ps` where there is none.
fn command_lines() -> Vec<(i32, String)> {
    if let Ok(entries) = fs::read_dir("/proc") {
        return entries
            .flatten()
            .filter_map(|entry| {
                let pid = entry.file_name().to_str()?.parse().ok()?;
                let words = fs::read(entry.path().join("cmdline")).ok()?;
                Some((pid, String::from_utf8_lossy(&words).replace('\0', " ")))
            })
            .collect();
    }
    let Ok(listed) = Command::new("ps").args(["-axww", "-o", "pid=,command="]).output() else {
        return Vec::new();
    };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter_map(|line| {
            let (pid, command) = line.trim().split_once(' ')?;
            Some((pid.parse().ok()?, command.trim().to_owned()))
        })
        .collect()
}

fn end_leftover(pids: &[i32], home: &Path) {
    // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, which still gives shared memory back.
    for signal in [Signal::INT, Signal::QUIT, Signal::KILL] {
        for pid in pids.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = kill_process(pid, signal);
        }
        // A process that has ended and is not yet waited for has no command line.
        if wait_until(Duration::from_secs(3), || servers_in(home).is_empty()) {
            return;
        }
    }
}
