//! The user that PostgreSQL's programs run as: they refuse root, so root lends them the
//! unprivileged user and group 65534 and gives them the data directory.

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::ServersError;

/// `nobody` and its group on Debian; elsewhere a number without rights, which is all that is needed.
const NOBODY: u32 = 65534;

/// Who runs a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// The user of this process.
    Ours,
    /// User and group 65534.
    Nobody,
}

impl User {
    /// The user for programs that refuse root.
    pub(crate) fn without_root() -> Self {
        if rustix::process::geteuid().is_root() {
            Self::Nobody
        } else {
            Self::Ours
        }
    }

    /// A command run as this user, from a directory that every user may enter.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        if self == Self::Nobody {
            command.uid(NOBODY).gid(NOBODY).env("HOME", "/");
        }
        command
    }

    /// Whether this user can reach `directory`; asks the system itself, so that every kind of permission counts.
    pub(crate) fn can_enter(self, directory: &Path) -> bool {
        let mut test = self.command(Path::new("/bin/sh"));
        test.args(["-c", "cd \"$1\"", "sh"]).arg(directory);
        test.stdout(Stdio::null()).stderr(Stdio::null());
        test.status().is_ok_and(|status| status.success())
    }

    /// Makes `directory` this user's alone, as PostgreSQL demands of its data.
    pub(crate) fn take(self, directory: &Path) -> io::Result<()> {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
        match self {
            Self::Ours => Ok(()),
            Self::Nobody => chown(directory, Some(NOBODY), Some(NOBODY)),
        }
    }
}

/// `wanted`, created and made absolute, or a directory like it under the temporary directory when
/// `user` cannot reach `wanted` (a home folder of mode 700, say).
pub(crate) fn reachable(wanted: &Path, user: User) -> Result<PathBuf, ServersError> {
    fs::create_dir_all(wanted).map_err(ServersError::io("create the directory", wanted))?;
    let wanted = wanted
        .canonicalize()
        .map_err(ServersError::io("resolve the directory", wanted))?;
    if user.can_enter(&wanted) {
        return Ok(wanted);
    }
    let name = wanted.file_name().unwrap_or_default().to_string_lossy();
    let uid = rustix::process::geteuid().as_raw();
    let instead = env::temp_dir().join(format!("ltr-{uid}-{name}"));
    match fs::create_dir(&instead) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(ServersError::io("create the directory", &instead)(error));
        }
        Ok(()) => open_to_all(&instead)?,
        Err(_) => {}
    }
    // Anyone may make a directory there, so one that is not ours is not trusted.
    let ours = fs::symlink_metadata(&instead).is_ok_and(|found| found.is_dir() && found.uid() == uid);
    if ours && user.can_enter(&instead) {
        Ok(instead)
    } else {
        Err(ServersError::NoPlace { path: wanted })
    }
}

/// Lets every user pass through `directory`, whatever the umask was when it was made.
pub(crate) fn open_to_all(directory: &Path) -> Result<(), ServersError> {
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
        .map_err(ServersError::io("open to all users", directory))
}
