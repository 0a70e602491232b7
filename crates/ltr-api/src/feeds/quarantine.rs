//! Rows in quarantine as they are told: never the row itself.

use jiff::Timestamp;
use ltr_domain::delivery::Scope;
use ltr_domain::ids::{Feed, Source};
use ltr_ports::log::Log;
use ltr_ports::store::{QuarantineRow, Store};
use ltr_proto::record::{ListQuarantineRequest, ListQuarantineResponse, QuarantinedRow};
use ltr_proto::view::timestamp;
use ltr_sources::codes::owner;

use super::list::scope;
use super::{PAGE_SIZE, PAGE_SIZE_MAX};
use crate::service::Api;
use crate::status::Refusal;

/// So many of the rows seen last are looked through.
const LOOKED_THROUGH_MAX: u32 = 100_000;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn list_quarantine_of(
        &self,
        request: ListQuarantineRequest,
    ) -> Result<ListQuarantineResponse, Refusal> {
        let size = match request.page_size {
            0 => PAGE_SIZE,
            size @ 1..=PAGE_SIZE_MAX => size,
            _ => return Err(Refusal::field("page_size", "must be from 0 to 1,000")),
        };
        let wanted = Wanted::of(request)?;
        let rows = self.store.quarantine(LOOKED_THROUGH_MAX).await?;
        let asked_for = rows.iter().filter(|row| wanted.takes(row));
        let rows = asked_for.take(usize::try_from(size).unwrap_or_default());
        Ok(ListQuarantineResponse {
            rows: rows.map(told).collect(),
        })
    }
}

/// Which rows are asked for; `None`, and an empty scope, ask for all.
struct Wanted {
    source: Option<Source>,
    feed: Option<Feed>,
    code: Option<String>,
    scope: Scope,
    since: Option<Timestamp>,
    state: Asked,
}

/// Whether rows are asked for that were released.
#[derive(PartialEq, Eq)]
enum Asked {
    All,
    Waiting,
}

impl Wanted {
    fn of(request: ListQuarantineRequest) -> Result<Self, Refusal> {
        let source = match &request.source[..] {
            "" => None,
            token => {
                Some(Source::from_token(token).ok_or_else(|| Refusal::field("source", "is none of ours"))?)
            }
        };
        let feed = match &request.feed[..] {
            "" => None,
            name => Some(feed(name).ok_or_else(|| Refusal::field("feed", "is none of ours"))?),
        };
        let since = match request.since {
            None => None,
            Some(since) => Some(
                Timestamp::new(since.seconds, since.nanos)
                    .map_err(|_| Refusal::field("since", "is no instant"))?,
            ),
        };
        Ok(Self {
            source,
            feed,
            code: Some(request.code).filter(|code| !code.is_empty()),
            scope: request
                .scope
                .into_iter()
                .map(|bound| (bound.name, bound.value))
                .collect(),
            since,
            state: if request.waiting {
                Asked::Waiting
            } else {
                Asked::All
            },
        })
    }

    fn takes(&self, row: &QuarantineRow) -> bool {
        let mut bounds = self.scope.iter();
        self.source
            .is_none_or(|source| row.message.feed.source() == source)
            && self.feed.is_none_or(|feed| row.message.feed == feed)
            && self.code.as_ref().is_none_or(|code| row.message.code == *code)
            && bounds.all(|(name, value)| row.scope.get(name) == Some(value))
            && self.since.is_none_or(|since| row.last_seen_at.0 >= since)
            && (self.state == Asked::All || row.released_at.is_none())
    }
}

fn feed(name: &str) -> Option<Feed> {
    let (source, token) = name.split_once('/')?;
    Feed::from_tokens(source, token)
}

fn told(row: &QuarantineRow) -> QuarantinedRow {
    let message = &row.message;
    QuarantinedRow {
        id: message.id.clone(),
        feed: message.feed.to_string(),
        scope: scope(&row.scope),
        code: message.code.clone(),
        reason: message.reason.clone(),
        owner: owner(&message.code).token().to_owned(),
        place: message.place.clone(),
        record: message
            .record
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        kept: message.evidence.is_some(),
        row_bytes: message.row_bytes,
        delivery: message.delivery.to_string(),
        taken_at: message.taken_at.map(|taken_at| timestamp(taken_at.0)),
        times_seen: row.times_seen,
        first_seen_at: Some(timestamp(row.first_seen_at.0)),
        last_seen_at: Some(timestamp(row.last_seen_at.0)),
        released_at: row.released_at.map(|released_at| timestamp(released_at.0)),
    }
}
