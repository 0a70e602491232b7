//! Teaching Vacancies: extract files that arrive in a directory (`docs/teaching-vacancies-extract.md`). There is no API
//! for job applications. And the public list of live vacancies, which has one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use ltr_domain::delivery::Scope;
use ltr_domain::ids::Feed;
use ltr_ingest::InputError;
use ltr_ports::log::Log;

use crate::book::Book;
use crate::shared::{Shared, Whole};
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

mod name;
mod postings;

pub use postings::{Postings, limit};

use name::ExtractName;

/// Reads the extract files of one feed from a directory, the oldest snapshot first and each once: which were taken is
/// told by the manifests on the log.
#[derive(Debug)]
pub struct Extracts {
    feed: Feed,
    directory: PathBuf,
    setbacks: Setbacks,
}

/// A file with its name read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrived {
    name: ExtractName,
    file: String,
}

/// Why a file is not taken, though it is there.
#[derive(Debug, thiserror::Error)]
#[error("it does not end with the end of a line: it was cut short")]
struct CutShort;

impl Extracts {
    /// A worker that takes the files of a feed from a directory.
    #[must_use]
    pub fn new(feed: Feed, directory: impl Into<PathBuf>) -> Self {
        Self {
            feed,
            directory: directory.into(),
            setbacks: Setbacks::default(),
        }
    }

    /// Files that have not been taken, by the instant of their snapshot. A directory that is not there has none yet.
    fn arrived(&self, book: &Book) -> Result<Vec<Arrived>, ConnectError> {
        let entries = match std::fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ConnectError::Directory(error)),
        };
        let taken = book.manifests(self.feed);
        // A complete file stands for the older ones: what was held of them waits in vain.
        let swept_at = book.past(self.feed, &Scope::new()).swept_at;
        let is_newer = |name: &ExtractName| swept_at.is_none_or(|swept_at| name.taken_at > swept_at);
        let mut arrived = Vec::new();
        for entry in entries {
            let file = entry.map_err(ConnectError::Directory)?.file_name();
            let Some(file) = file.to_str() else { continue };
            match ExtractName::read(file) {
                Some(name)
                    if name.feed == self.feed
                        && is_newer(&name)
                        && !taken.iter().any(|taken| taken == file) =>
                {
                    arrived.push(Arrived {
                        name,
                        file: file.to_owned(),
                    });
                }
                Some(_) | None => {}
            }
        }
        arrived.sort_by_key(|arrived| (arrived.name.taken_at, arrived.file.clone()));
        Ok(arrived)
    }

    fn due_files(&self, now: Timestamp, book: &Book) -> Result<Vec<Arrived>, ConnectError> {
        let mut files = self.arrived(book)?;
        files.retain(|arrived| self.setbacks.delay(&arrived.file, Timestamp::MIN) <= now);
        Ok(files)
    }

    async fn take<L: Log>(
        &self,
        shared: &Shared<L>,
        arrived: &Arrived,
        outcome: &mut Outcome,
    ) -> Result<(), ConnectError> {
        let bytes = read(&self.directory.join(&arrived.file)).await?;
        if bytes.last().is_some_and(|last| *last != b'\n') {
            let error = InputError {
                file: arrived.file.clone(),
                source: Box::new(CutShort),
            };
            return Err(ConnectError::Input(error));
        }
        let whole = Whole {
            feed: self.feed,
            scope: Scope::new(),
            completeness: arrived.name.completeness,
            taken_at: arrived.name.taken_at,
            manifest: vec![arrived.file.clone()],
        };
        let place: Arc<str> = arrived.file.as_str().into();
        // Whether there are rows at all is the same whenever they are opened.
        drop(
            ltr_sources::rows(self.feed, &bytes).map_err(|source| ConnectError::Body {
                address: arrived.file.clone(),
                source,
            })?,
        );
        let open = || {
            let rows = ltr_sources::rows(self.feed, &bytes).into_iter().flatten();
            rows.map(|row| Ok((Arc::clone(&place), row)))
        };
        outcome.add(&shared.deliver_rows(whole, open).await?);
        Ok(())
    }
}

async fn read(path: &Path) -> Result<Vec<u8>, ConnectError> {
    tokio::fs::read(path).await.map_err(ConnectError::Directory)
}

impl<L: Log> Worker<L> for Extracts {
    fn feed(&self) -> Feed {
        self.feed
    }

    fn due(&self, _: Timestamp, _: &Book) -> Option<Timestamp> {
        None
    }

    fn is_asked<'a>(&'a self, now: Timestamp, book: &'a Book) -> BoxFuture<'a, Result<bool, ConnectError>> {
        let files = self.due_files(now, book);
        Box::pin(std::future::ready(files.map(|files| !files.is_empty())))
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(self.feed, now);
            let files = self.due_files(now, &shared.book().await?.book)?;
            for arrived in files {
                let taken = self.take(shared, &arrived, &mut outcome).await;
                self.setbacks
                    .settle(&arrived.file, shared.pace.now(), taken, &mut outcome);
            }
            Ok(outcome)
        }
        .boxed()
    }
}
