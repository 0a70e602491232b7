//! One walk over Register's pages, which drift while trainees change: the latest change comes first, so that a trainee
//! who changes meanwhile moves from a page that is still to come to one that has been read.

use jiff::Timestamp;
use ltr_domain::delivery::Completeness;
use ltr_domain::ids::Feed;
use serde::Deserialize;

use crate::caller::Caller;
use crate::gathered::{Brought, Gathered};
use crate::http::Request;
use crate::secret::Secret;
use crate::worker::ConnectError;

/// How often a sweep is walked again because trainees came or went under way.
const WALKS_MAX: u32 = 4;

/// How often the first page is read again until it brings nothing new.
const FIRST_PAGES_MAX: u32 = 3;

/// What is walked over.
pub(super) struct Walk<'a> {
    pub(super) caller: &'a Caller,
    pub(super) token: &'a Secret,
    pub(super) year: i16,
    pub(super) per_page: u32,
}

/// What a page says of itself.
#[derive(Debug, Deserialize)]
struct Page {
    meta: Meta,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Meta {
    total_pages: u64,
    total_count: u64,
}

/// The answer to a page that is not there: 404, and these words (T15).
#[derive(Debug, Deserialize)]
struct Errors {
    errors: Vec<OneError>,
}

#[derive(Debug, Deserialize)]
struct OneError {
    message: String,
}

impl Walk<'_> {
    /// Gathers what changed since then.
    pub(super) async fn changes(
        &self,
        since: Timestamp,
        gathered: &mut Gathered,
    ) -> Result<(), ConnectError> {
        let totals = self.pages(Some(since), gathered).await?;
        if totals.len() > 1 {
            for _ in 0..FIRST_PAGES_MAX {
                let (_, brought) = self.page(Some(since), 1, gathered).await?;
                if brought.new == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Gathers everybody, and says whether it is certain that nobody was missed: every page told the same number of
    /// trainees, and so many were read. Those who came, went or changed under way are looked for by walking again.
    pub(super) async fn sweep(
        &self,
        since: Timestamp,
        gathered: &mut Gathered,
    ) -> Result<Completeness, ConnectError> {
        for _ in 0..WALKS_MAX {
            let mut own = Gathered::default();
            let mut totals = self.pages(None, &mut own).await?;
            if totals.len() > 1 {
                self.changes(since, &mut own).await?;
                let (total, _) = self.page(None, 1, &mut own).await?;
                totals.push(total);
            }
            let is_settled = |gathered: &Gathered| {
                let named = gathered.named() as u64;
                totals.iter().all(|total| *total == named)
            };
            if is_settled(&own) {
                *gathered = own;
                return Ok(Completeness::Complete);
            }
            // Whom one walk missed another has seen. If somebody left meanwhile, there are too many.
            gathered.append(own);
            if is_settled(gathered) {
                return Ok(Completeness::Complete);
            }
        }
        Ok(Completeness::Partial)
    }

    /// Reads every page, and gives how many trainees each said there are.
    async fn pages(
        &self,
        since: Option<Timestamp>,
        gathered: &mut Gathered,
    ) -> Result<Vec<u64>, ConnectError> {
        let mut totals = Vec::new();
        let mut number = 1;
        loop {
            let (meta, _) = self.meta(since, number, gathered).await?;
            totals.push(meta.total_count);
            if number >= meta.total_pages {
                return Ok(totals);
            }
            number += 1;
        }
    }

    async fn page(
        &self,
        since: Option<Timestamp>,
        number: u64,
        gathered: &mut Gathered,
    ) -> Result<(u64, Brought), ConnectError> {
        let (meta, brought) = self.meta(since, number, gathered).await?;
        Ok((meta.total_count, brought))
    }

    async fn meta(
        &self,
        since: Option<Timestamp>,
        number: u64,
        gathered: &mut Gathered,
    ) -> Result<(Meta, Brought), ConnectError> {
        let address = self.address(since, number);
        let request = Request::new(&address).bearing(self.token);
        let answer = self.caller.ask(&request).await?;
        if answer.status == 404 && is_empty_page(&answer.body) {
            gathered.note(&address);
            let nothing = Meta {
                total_pages: 0,
                total_count: 0,
            };
            return Ok((nothing, Brought::default()));
        }
        if answer.status != 200 {
            return Err(ConnectError::answer(&address, answer.status));
        }
        let Ok(page) = serde_json::from_slice::<Page>(&answer.body) else {
            let what = "the number of its pages";
            return Err(ConnectError::Shape { address, what });
        };
        let brought = gathered
            .page(Feed::RegisterTrainees, &address, &answer.body, "trainee_id")
            .map_err(|source| ConnectError::Body { address, source })?;
        Ok((page.meta, brought))
    }

    fn address(&self, since: Option<Timestamp>, number: u64) -> String {
        let since = since
            .map(|since| format!("&since={since:.0}"))
            .unwrap_or_default();
        format!(
            "/trainees?academic_cycle={}{since}&page={number}&per_page={}",
            self.year, self.per_page
        )
    }
}

fn is_empty_page(body: &[u8]) -> bool {
    serde_json::from_slice::<Errors>(body).is_ok_and(|body| {
        let says_so = |error: &OneError| error.message == "No trainees found";
        !body.errors.is_empty() && body.errors.iter().all(says_so)
    })
}
