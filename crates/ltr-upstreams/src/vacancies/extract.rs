//! Extract files, put into a directory as the governed extract would put them: whole under their name, or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::line;
use crate::Upstreams;
use crate::faults::Fault;
use crate::service::{Ask, Service};

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractFeed {
    /// Vacancies.
    Vacancies,
    /// Job applications.
    JobApplications,
}

impl ExtractFeed {
    /// The feed's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vacancies => "vacancies",
            Self::JobApplications => "job-applications",
        }
    }
}

/// Which rows a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extract {
    /// All of them.
    Complete,
    /// Those whose `updated_at` is later.
    ChangedSince(Timestamp),
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[error("write the extract {path}")]
pub struct ExtractError {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Upstreams {
    /// Writes an extract as it is now into a directory, and gives the file:
    /// `<feed>.<complete|partial>.<taken at>.ndjson`, the instant written as `20260901T020000Z`. It has another name
    /// until it is whole.
    ///
    /// # Errors
    ///
    /// The file cannot be written or renamed.
    pub fn write_extract(
        &self,
        directory: &Path,
        feed: ExtractFeed,
        extract: Extract,
    ) -> Result<PathBuf, ExtractError> {
        let now = self.now();
        let coverage = match extract {
            Extract::Complete => "complete",
            Extract::ChangedSince(_) => "partial",
        };
        let name = format!(
            "{}.{coverage}.{}.ndjson",
            feed.name(),
            now.strftime("%Y%m%dT%H%M%SZ")
        );
        let path = directory.join(&name);
        let mut text = self.extract_text(feed, extract, &name, now);
        if self.faults().strikes(Fault::TornExtract, 5, &name, 0) {
            let half = text.len() / 2;
            text.truncate(text.floor_char_boundary(half));
        }
        let unfinished = directory.join(format!(".{name}.part"));
        let written = std::fs::File::create(&unfinished)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| std::fs::rename(&unfinished, &path));
        match written {
            Ok(()) => Ok(path),
            Err(source) => Err(ExtractError { path, source }),
        }
    }

    fn extract_text(&self, feed: ExtractFeed, extract: Extract, name: &str, now: Timestamp) -> String {
        let is_meant = |updated_at: Timestamp| match extract {
            Extract::Complete => true,
            Extract::ChangedSince(since) => updated_at > since,
        };
        let held = &self.world().vacancies;
        let lines: Vec<Value> = match feed {
            ExtractFeed::Vacancies => held
                .vacancies
                .at(now)
                .filter(|(_, seen)| is_meant(seen.updated_at))
                .map(|(id, seen)| line::vacancy(*id, &seen))
                .collect(),
            ExtractFeed::JobApplications => held
                .job_applications
                .at(now)
                .filter(|(_, seen)| is_meant(seen.updated_at))
                .map(|(id, seen)| line::job_application(*id, &seen))
                .collect(),
        };
        let lines = self.faulty_lines(lines, name, now);
        lines
            .iter()
            .fold(String::new(), |text, line| text + &line.to_string() + "\n")
    }

    /// What lists suffer, a file of lines suffers too.
    fn faulty_lines(&self, mut lines: Vec<Value>, name: &str, now: Timestamp) -> Vec<Value> {
        let faults = self.faults();
        let ask = Ask {
            service: Service::Vacancies,
            what: name.into(),
            nth: 0,
            now,
            as_of: now,
        };
        if faults.spell(Fault::ShortList, Service::Vacancies, now).is_some() {
            lines.truncate(lines.len().div_ceil(2));
        }
        if faults.spell(Fault::EmptyList, Service::Vacancies, now).is_some() {
            lines.clear();
        }
        if faults.strikes(Fault::DuplicatedRows, 10, name, 0) {
            lines.extend(lines.first().cloned());
        }
        for line in &mut lines {
            let key = line["id"].to_string();
            if let Some(status) = line["status"].as_str().map(ToOwned::to_owned) {
                line["status"] = crate::service::word(self, &ask, &key, &status).into();
            }
            if faults.has(Fault::UnknownField) {
                line["visa_sponsorship"] = Value::Null;
            }
        }
        crate::list::reorder(faults, &ask, &mut lines);
        lines
    }
}
