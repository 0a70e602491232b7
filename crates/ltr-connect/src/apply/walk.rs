//! One walk over pages of Apply, which say in headers how many there are, and answer 422 to a page behind the last.

use std::collections::BTreeSet;

use ltr_domain::ids::Feed;
use serde::Deserialize;

use crate::caller::Caller;
use crate::gathered::{Brought, Gathered};
use crate::http::{Request, Response};
use crate::secret::Secret;
use crate::worker::ConnectError;

/// How often everything is walked again because rows slipped from one page to another.
const WALKS_MAX: u32 = 3;

/// How often the first page is read again until it brings nothing new.
const FIRST_PAGES_MAX: u32 = 3;

/// What is walked over: the address of the first page, but for its number.
pub(super) struct Walk<'a> {
    pub(super) caller: &'a Caller,
    pub(super) key: &'a Secret,
    pub(super) feed: Feed,
    pub(super) address: String,
}

/// How far a walk is. It is taken up again where it stopped to hand over what it has.
#[derive(Debug, Default)]
pub(super) struct Course {
    next: u64,
    walks: u32,
    seen: BTreeSet<String>,
    /// How many rows the service last said there are.
    total: Option<u64>,
}

/// Whether there is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// So many rows as were wanted: go on after handing them over.
    Enough,
    /// The end.
    End,
}

#[derive(Debug, Deserialize)]
struct Errors {
    errors: Vec<OneError>,
}

#[derive(Debug, Deserialize)]
struct OneError {
    error: String,
}

impl Walk<'_> {
    /// Gathers pages until there are about `enough` rows, or all.
    ///
    /// Rows that change under way move to other pages. What moves back is read twice, what moves to the front is read
    /// with the first page at the end, and if fewer rows were seen than the service says there are (somebody was
    /// dropped under way, and all behind moved up), everything is walked again.
    pub(super) async fn gather(
        &self,
        course: &mut Course,
        enough: usize,
        gathered: &mut Gathered,
    ) -> Result<Reached, ConnectError> {
        loop {
            while self.next_page(course, gathered).await? {
                if gathered.count() >= enough {
                    course.seen.extend(gathered.names().map(str::to_owned));
                    return Ok(Reached::Enough);
                }
            }
            if course.next > 2 {
                self.first_page_again(course, gathered).await?;
            }
            course.seen.extend(gathered.names().map(str::to_owned));
            course.walks += 1;
            let missed = course.total.is_some_and(|total| total > course.seen.len() as u64);
            if !missed || course.walks >= WALKS_MAX {
                return Ok(Reached::End);
            }
            course.next = 0;
        }
    }

    /// Reads the next page; whether another may follow.
    async fn next_page(&self, course: &mut Course, gathered: &mut Gathered) -> Result<bool, ConnectError> {
        course.next += 1;
        let number = course.next;
        let Some((answer, brought)) = self.page(number, gathered).await? else {
            return Ok(false);
        };
        course.total = header(&answer, "total-count").or(course.total);
        let has_more = match header(&answer, "total-pages") {
            Some(pages) => number < pages,
            // Without the header, the 422 or an empty page is the end.
            None => brought.rows > 0,
        };
        Ok(has_more)
    }

    async fn first_page_again(
        &self,
        course: &mut Course,
        gathered: &mut Gathered,
    ) -> Result<(), ConnectError> {
        for _ in 0..FIRST_PAGES_MAX {
            match self.page(1, gathered).await? {
                Some((answer, brought)) if brought.new > 0 => {
                    course.total = header(&answer, "total-count").or(course.total);
                }
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    /// One page; `None` behind the last (T16).
    async fn page(
        &self,
        number: u64,
        gathered: &mut Gathered,
    ) -> Result<Option<(Response, Brought)>, ConnectError> {
        let address = format!("{}&page={number}", self.address);
        let request = Request::new(&address).bearing(self.key);
        let answer = self.caller.ask(&request).await?;
        if answer.status == 422 && number > 1 && is_past_the_end(&answer.body) {
            return Ok(None);
        }
        if answer.status != 200 {
            return Err(ConnectError::answer(&address, answer.status));
        }
        if !has_data(&answer.body) {
            let what = "a list of rows";
            return Err(ConnectError::Shape { address, what });
        }
        let brought = gathered
            .page(self.feed, &address, &answer.body, "id")
            .map_err(|source| ConnectError::Body { address, source })?;
        Ok(Some((answer, brought)))
    }
}

fn header(answer: &Response, name: &str) -> Option<u64> {
    answer.header(name)?.trim().parse().ok()
}

fn is_past_the_end(body: &[u8]) -> bool {
    serde_json::from_slice::<Errors>(body).is_ok_and(|body| {
        body.errors
            .iter()
            .any(|error| error.error == "PageParameterInvalid")
    })
}

fn has_data(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only whether it is there, and a list")]
        data: Vec<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Page>(body).is_ok()
}
