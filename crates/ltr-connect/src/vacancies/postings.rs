//! The public list of live vacancies (U§6.1): read whole, page after page, and never complete. A vacancy that leaves the
//! list has expired or was taken down, which nothing tells apart, so its absence says nothing.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::Feed;
use ltr_ports::log::Log;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::book::Book;
use crate::caller::Caller;
use crate::gathered::Gathered;
use crate::http::Request;
use crate::limit::Limit;
use crate::shared::{HandOver, Shared};
use crate::worker::{ConnectError, Outcome, Setbacks, Worker};

const FEED: Feed = Feed::TvPostings;

/// The name of the one part there is, among setbacks.
const PART: &str = "the list";

/// Reads `teaching-vacancies/postings`. The list is public: there is no key.
#[derive(Debug)]
pub struct Postings {
    caller: Caller,
    every: SignedDuration,
    setbacks: Setbacks,
}

/// A page, as far as walking needs it.
#[derive(Debug, Deserialize)]
struct Page {
    data: Vec<IgnoredAny>,
    meta: Option<Meta>,
}

#[derive(Debug, Deserialize)]
struct Meta {
    #[serde(rename = "totalPages")]
    total_pages: Option<u32>,
}

/// What the service takes from one address: 10 requests in 4 seconds, 105 in a minute, 900 in ten, 4,500 in an hour
/// (U§6.1). Ten in eight seconds keep all four.
#[must_use]
pub fn limit() -> Arc<Limit> {
    Arc::new(Limit::new(10, Duration::from_secs(8)))
}

impl Postings {
    /// How often the list is read unless something else is set: it changes by the day.
    pub const EVERY: SignedDuration = SignedDuration::from_hours(24);

    /// A worker that reads the list so often.
    #[must_use]
    pub fn new(caller: Caller, every: SignedDuration) -> Self {
        Self {
            caller,
            every,
            setbacks: Setbacks::default(),
        }
    }

    fn due_at(&self, book: &Book) -> Timestamp {
        let read_at = book.past(FEED, &Scope::new()).read_at;
        let due = read_at.map_or(Timestamp::MIN, |read_at| read_at + self.every);
        self.setbacks.delay(PART, due)
    }

    async fn read<L: Log>(&self, shared: &Shared<L>, outcome: &mut Outcome) -> Result<(), ConnectError> {
        let taken_at = shared.pace.now();
        let mut gathered = Gathered::default();
        let mut number = 1;
        while self.page(number, &mut gathered).await? {
            number += 1;
        }
        let handed = HandOver {
            feed: FEED,
            scope: Scope::new(),
            completeness: Completeness::Partial,
            taken_at,
            gathered,
        };
        outcome.add(&shared.deliver(handed).await?);
        Ok(())
    }

    /// Reads a page; whether another follows. The list may have become shorter meanwhile: then there is none.
    async fn page(&self, number: u32, gathered: &mut Gathered) -> Result<bool, ConnectError> {
        let address = format!("/api/v1/jobs.json?page={number}");
        let answer = self.caller.ask(&Request::new(&address)).await?;
        if answer.status == 404 && number > 1 {
            return Ok(false);
        }
        if answer.status != 200 {
            return Err(ConnectError::answer(&address, answer.status));
        }
        let Ok(page) = serde_json::from_slice::<Page>(&answer.body) else {
            let what = "a page of vacancies";
            return Err(ConnectError::Shape { address, what });
        };
        gathered
            .page(FEED, &address, &answer.body, "url")
            .map_err(|source| ConnectError::Body { address, source })?;
        let has_more = match page.meta.and_then(|meta| meta.total_pages) {
            Some(pages) => number < pages,
            None => !page.data.is_empty(),
        };
        Ok(has_more)
    }
}

impl<L: Log> Worker<L> for Postings {
    fn feed(&self) -> Feed {
        FEED
    }

    fn due(&self, _: Timestamp, book: &Book) -> Option<Timestamp> {
        Some(self.due_at(book))
    }

    fn run_once<'a>(&'a mut self, shared: &'a Shared<L>) -> BoxFuture<'a, Result<Outcome, ConnectError>> {
        async move {
            let now = shared.pace.now();
            let mut outcome = Outcome::new(FEED, now);
            let asked = self.caller.requests();
            if self.due_at(&shared.book().await?.book) <= now {
                let read = self.read(shared, &mut outcome).await;
                self.setbacks.settle(PART, shared.pace.now(), read, &mut outcome);
            }
            outcome.requests = self.caller.requests() - asked;
            Ok(outcome)
        }
        .boxed()
    }
}
