//! Which rows in quarantine are asked for.

use jiff::Timestamp;
use ltr_domain::delivery::Scope;
use ltr_domain::ids::{Feed, Source};
use ltr_ports::store::QuarantineRow;

use crate::cli::QuarantineFilter;
use crate::cmd::ingest::scope_of;
use crate::failure::Failure;

/// Which rows are asked for; `None`, and an empty scope, ask for all.
pub(super) struct Wanted {
    source: Option<Source>,
    feed: Option<Feed>,
    code: Option<String>,
    scope: Scope,
    since: Option<Timestamp>,
}

impl Wanted {
    /// Reads what was typed.
    pub(super) fn of(filter: &QuarantineFilter) -> anyhow::Result<Self> {
        let unknown = |what: &str, text: &str| Failure::Usage(format!("there is no {what} {text}"));
        let source = match &filter.source {
            Some(text) => Some(Source::from_token(text).ok_or_else(|| unknown("source", text))?),
            None => None,
        };
        let feed = match &filter.feed {
            Some(text) => Some(feed_of(text).ok_or_else(|| unknown("feed", text))?),
            None => None,
        };
        Ok(Self {
            source,
            feed,
            code: filter.code.clone(),
            scope: scope_of(&filter.scope)?,
            since: filter.since,
        })
    }

    /// Whether a row is one of them. A scope asks for rows of deliveries that speak for no more than it.
    pub(super) fn takes(&self, row: &QuarantineRow) -> bool {
        let mut bounds = self.scope.iter();
        self.source
            .is_none_or(|source| row.message.feed.source() == source)
            && self.feed.is_none_or(|feed| row.message.feed == feed)
            && self.code.as_ref().is_none_or(|code| row.message.code == *code)
            && bounds.all(|(name, value)| row.scope.get(name) == Some(value))
            && self.since.is_none_or(|since| row.last_seen_at.0 >= since)
    }
}

fn feed_of(text: &str) -> Option<Feed> {
    let (source, feed) = text.split_once('/')?;
    Feed::from_tokens(source, feed)
}
