//! ListTeacherHistory: the headline over effective time, in pages of one answer.

use ltr_domain::time::KnownAt;
use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::record::{ListTeacherHistoryRequest, ListTeacherHistoryResponse};
use ltr_proto::view;

use super::Api;
use crate::moment::Moment;
use crate::name::Name;
use crate::status::Refusal;
use crate::token::PageToken;
use crate::watermark::Demand;

/// How many intervals a page has when the caller does not say.
const PAGE_SIZE_DEFAULT: usize = 100;

/// At most so many intervals in a page.
const PAGE_SIZE_MAX: usize = 1_000;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn list_history(
        &self,
        request: ListTeacherHistoryRequest,
    ) -> Result<ListTeacherHistoryResponse, Refusal> {
        let name = Name::parse("parent", &request.parent)?;
        let moment = Moment::parse(request.as_of)?;
        let size = page_size(request.page_size)?;
        let page = match PageToken::parse("page_token", &request.page_token, &name.to_string())? {
            Some(page) if is_other(moment, &page) => {
                return Err(Refusal::field("as_of", "must be that of the first page"));
            }
            Some(page) => page,
            None => self.first_page(moment, &name).await?,
        };
        let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
        let demand = Demand {
            known_at: Some(page.known_at),
            token: None,
        };
        let checkpoint = self.checkpoint_for(demand).await?;
        let policy = self.policy_at(page.known_at, &checkpoint).await?;
        let believed = self.believed(record, page.known_at).await?;
        let names = believed.providers();
        let hearing = self.hearing(names, page.known_at, page.known_on).await?;
        let trn = believed.on(page.effective_on, &policy, &hearing).trn;
        let all = believed.intervals(page.effective_on, &policy, &hearing);
        let intervals: Vec<_> = all
            .iter()
            .skip(page.sent)
            .take(size)
            .map(view::stage_interval)
            .collect();
        let sent = page.sent.saturating_add(intervals.len());
        let next = if sent < all.len() {
            PageToken { sent, ..page }.to_string()
        } else {
            String::new()
        };
        Ok(ListTeacherHistoryResponse {
            intervals,
            next_page_token: next,
            redirected_from: name.redirected_from(believed.person, trn),
        })
    }

    /// Fixes the moment for all pages.
    async fn first_page(&self, moment: Moment, name: &Name) -> Result<PageToken, Refusal> {
        let checkpoint = self
            .checkpoint_for(Demand {
                known_at: moment.known_at,
                token: None,
            })
            .await?;
        let today = self.today(&checkpoint);
        Ok(PageToken {
            effective_on: moment.effective_on.unwrap_or(today),
            known_at: moment.known_at.unwrap_or(checkpoint.known_at),
            known_on: moment.known_at.map_or(today, KnownAt::london_date),
            sent: 0,
            name: name.to_string(),
        })
    }
}

/// Whether a request names another moment than its page token.
fn is_other(moment: Moment, page: &PageToken) -> bool {
    moment.effective_on.is_some_and(|on| on != page.effective_on)
        || moment.known_at.is_some_and(|at| at != page.known_at)
}

pub(super) fn page_size(asked: i32) -> Result<usize, Refusal> {
    match usize::try_from(asked) {
        Ok(0) => Ok(PAGE_SIZE_DEFAULT),
        Ok(size) => Ok(size.min(PAGE_SIZE_MAX)),
        Err(_) => Err(Refusal::field("page_size", "must not be negative")),
    }
}
