//! Where the key-encryption key comes from: a file, the environment, or, on loopback servers only, a development key
//! that is made on first use and kept beside the user's other state.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ltr_proto::seal::KeyEncryptionKey;

use crate::config::Config;

/// The key-encryption key to use.
pub(crate) fn load(config: &Config) -> anyhow::Result<KeyEncryptionKey> {
    if let Some(path) = &config.kek_file {
        return from_file(path);
    }
    if let Ok(hex) = std::env::var("LTR_KEK") {
        return parse(&hex).context("LTR_KEK is not a key of 64 hex digits");
    }
    if !config.log_is_local() {
        bail!("no key-encryption key: give --kek-file, LTR_KEK_FILE or LTR_KEK (64 hex digits)");
    }
    development()
}

/// Fills with random bytes from the operating system.
pub(crate) fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

fn from_file(path: &Path) -> anyhow::Result<KeyEncryptionKey> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading the key file {}", path.display()))?;
    parse(text.trim()).with_context(|| format!("the key file {} does not hold 64 hex digits", path.display()))
}

fn parse(hex: &str) -> anyhow::Result<KeyEncryptionKey> {
    KeyEncryptionKey::from_hex(hex.trim()).context("not a key")
}

fn development() -> anyhow::Result<KeyEncryptionKey> {
    let path = development_path();
    if !path.exists() {
        make(&path).with_context(|| format!("making a development key at {}", path.display()))?;
    }
    from_file(&path)
}

fn development_path() -> PathBuf {
    let state = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")))
        .unwrap_or_else(std::env::temp_dir);
    state.join("ltr").join("development.kek")
}

/// Two processes may make it at once: the link decides, and both read the one that won.
fn make(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().context("a key file lies in a folder")?;
    std::fs::create_dir_all(folder)?;
    let mut key = [0u8; 32];
    random(&mut key);
    let own = folder.join(format!("development.kek.{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&own)?;
    writeln!(file, "{}", ltr_proto::hex::encode(&key))?;
    file.sync_all()?;
    match std::fs::hard_link(&own, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    std::fs::remove_file(&own)?;
    Ok(())
}
