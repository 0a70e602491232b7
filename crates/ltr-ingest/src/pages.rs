//! Cuts the rows of a delivery into pages that fit one atomic batch each.

use std::sync::Arc;

use futures::stream::{self, Stream};
use ltr_domain::ids::Feed;
use ltr_ports::log::Log;
use ltr_sources::{Defect, Row};
use tokio::task::yield_now;

use crate::config::{Config, InputError, PAGE_MESSAGES_MAX};
use crate::context::Context;
use crate::page::{Page, PageRow, Summary};

/// So many rows are mapped before what else there is to do is looked at: about a millisecond's work.
const ROWS_AT_A_TIME: usize = 32;

/// The rows, page by page.
pub(crate) struct Pages<I> {
    rows: I,
    feed: Feed,
    rows_max: usize,
    row_bytes_max: usize,
    /// A row that did not fit the page before.
    waiting: Option<PageRow>,
}

impl<I: Iterator<Item = Result<(Arc<str>, Row), InputError>>> Pages<I> {
    pub(crate) fn new(feed: Feed, config: &Config, rows: I) -> Self {
        let rows_max = config.page_rows_max.clamp(1, PAGE_MESSAGES_MAX);
        Self {
            rows,
            feed,
            rows_max,
            row_bytes_max: config.row_bytes_max,
            waiting: None,
        }
    }

    /// The next page, mapped; lets others go on now and then. Rows before a break are dropped with it, up to a page: they
    /// are read again next time.
    pub(crate) async fn next<L: Log>(
        &mut self,
        context: &Context<'_, L>,
    ) -> Result<Option<Page>, InputError> {
        let observed_at = context.observed_at();
        let mut rows = Vec::with_capacity(self.rows_max);
        let mut messages = 0;
        while rows.len() < self.rows_max {
            if rows.len() % ROWS_AT_A_TIME == 0 {
                yield_now().await;
            }
            let Some(row) = self.next_row()? else { break };
            messages += row.messages_max();
            if messages > PAGE_MESSAGES_MAX {
                self.waiting = Some(row);
                break;
            }
            rows.push(row);
        }
        let Some(last) = rows.last() else { return Ok(None) };
        let cursor = last.whereabouts();
        Ok(Some(Page {
            rows,
            gone: Vec::new(),
            settled: Summary::default(),
            observed_at,
            cursor,
        }))
    }

    /// The pages one after the other, and at the end the error that the rows break off with.
    pub(crate) fn mapped<'a, L: Log>(
        self,
        context: &'a Context<'a, L>,
    ) -> impl Stream<Item = Result<Page, InputError>> + Send + 'a
    where
        I: Send + 'a,
    {
        stream::unfold(Some(self), move |pages| async move {
            let mut pages = pages?;
            match pages.next(context).await {
                Ok(Some(page)) => Some((Ok(page), Some(pages))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    fn next_row(&mut self) -> Result<Option<PageRow>, InputError> {
        if let Some(row) = self.waiting.take() {
            return Ok(Some(row));
        }
        let Some((file, row)) = self.rows.next().transpose()? else {
            return Ok(None);
        };
        let mut row = PageRow::read(self.feed, self.row_bytes_max, file, row);
        if row.messages_max() > PAGE_MESSAGES_MAX {
            let reason = format!("the row speaks of more than {PAGE_MESSAGES_MAX} records");
            row.set_aside(self.feed, Defect::new("too_many_records", reason));
        }
        Ok(Some(row))
    }
}
