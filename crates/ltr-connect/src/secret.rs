//! Tokens and keys: read from a file or the environment, sent, and never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A token or key. It has no `Display`, and its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be sent and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Where a secret is kept. There is no way to write one into the configuration itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Keeping {
    /// In a file; blanks around it do not count.
    File(PathBuf),
    /// In an environment variable of that name.
    Env(String),
}

/// Why a secret cannot be had. Says where it should be, never what was found there.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret in {path} cannot be read")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The environment variable is missing, or not text.
    #[error("the environment variable {0} is not set")]
    Env(String),
    /// There is nothing there, or something that no header can carry.
    #[error("the secret in {0} is empty or holds characters that cannot be sent")]
    Unusable(String),
}

impl Keeping {
    /// Reads the secret.
    ///
    /// # Errors
    ///
    /// See [`SecretError`].
    pub fn read(&self) -> Result<Secret, SecretError> {
        let text = match self {
            Self::File(path) => from_file(path)?,
            Self::Env(name) => std::env::var(name).map_err(|_| SecretError::Env(name.clone()))?,
        };
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SecretError::Unusable(self.place()));
        }
        Ok(Secret::new(text))
    }

    fn place(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Env(name) => name.clone(),
        }
    }
}

fn from_file(path: &Path) -> Result<String, SecretError> {
    std::fs::read_to_string(path).map_err(|source| SecretError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let shown = format!("{:?}", Secret::new("hunter2"));
        assert_eq!(shown, "Secret(..)");
    }

    #[test]
    fn a_file_gives_its_text_without_the_line_end_and_an_empty_one_gives_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "abc\n").unwrap();
        assert_eq!(Keeping::File(path.clone()).read().unwrap(), Secret::new("abc"));
        std::fs::write(&path, "\n").unwrap();
        let error = Keeping::File(path).read().unwrap_err();
        assert!(matches!(error, SecretError::Unusable(_)));
    }
}
