//! Cuts the rows of a delivery into pages that fit one atomic batch each.

use std::sync::Arc;
use std::vec::IntoIter;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use ltr_domain::ids::Feed;
use ltr_ports::log::Log;
use ltr_sources::{Defect, Row};
use tokio::task::yield_now;

use crate::aside::aside;
use crate::config::{Config, InputError, PAGE_MESSAGES_MAX};
use crate::context::Context;
use crate::page::{Page, PageRow, Summary};

/// So many rows are read, and mapped together, before what else there is to do is looked at: about a millisecond's work.
const ROWS_AT_A_TIME: usize = 32;

/// So many times that many rows are mapped aside at a time, or wait for their turn.
const MAPPED_AT_A_TIME: usize = 8;

/// Where rows are mapped, which is most of the work on a row that is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mapping {
    /// By the task that reads them: while a delivery is published the server keeps the other cores busy.
    Here,
    /// On threads of their own, while that task reads further rows and waits for the log.
    Aside,
}

/// A row as it was read, with the name of its file.
type FileRow = (Arc<str>, Row);

/// The rows, page by page.
pub(crate) struct Pages<'a> {
    rows: BoxStream<'a, Result<Vec<PageRow>, InputError>>,
    /// Rows that are mapped and in no page yet.
    ready: IntoIter<PageRow>,
    rows_max: usize,
    /// A row that did not fit the page before.
    waiting: Option<PageRow>,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(
        feed: Feed,
        config: &Config,
        mapping: Mapping,
        rows: impl Iterator<Item = Result<FileRow, InputError>> + Send + 'a,
    ) -> Self {
        let row_bytes_max = config.row_bytes_max;
        let map = move |rows| map(feed, row_bytes_max, rows);
        let rows = read(rows).fuse();
        let mapped = match mapping {
            Mapping::Here => rows.map(move |rows| rows.map(map)).boxed(),
            Mapping::Aside => rows
                .map(move |rows| async move {
                    let rows = rows?;
                    Ok(aside(move || map(rows)).await)
                })
                .buffered(MAPPED_AT_A_TIME)
                .boxed(),
        };
        Self {
            rows: mapped,
            ready: Vec::new().into_iter(),
            rows_max: config.page_rows_max.clamp(1, PAGE_MESSAGES_MAX),
            waiting: None,
        }
    }

    /// The next page, mapped. Rows before a break are dropped with it, up to a page: they are read again next time.
    pub(crate) async fn next<L: Log>(
        &mut self,
        context: &Context<'_, L>,
    ) -> Result<Option<Page>, InputError> {
        let observed_at = context.observed_at();
        let mut rows = Vec::with_capacity(self.rows_max);
        let mut messages = 0;
        while rows.len() < self.rows_max {
            let Some(row) = self.next_row().await? else { break };
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
    pub(crate) fn mapped<L: Log>(
        self,
        context: &'a Context<'a, L>,
    ) -> impl Stream<Item = Result<Page, InputError>> + Send + 'a {
        stream::unfold(Some(self), move |pages| async move {
            let mut pages = pages?;
            match pages.next(context).await {
                Ok(Some(page)) => Some((Ok(page), Some(pages))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn next_row(&mut self) -> Result<Option<PageRow>, InputError> {
        if let Some(row) = self.waiting.take() {
            return Ok(Some(row));
        }
        loop {
            if let Some(row) = self.ready.next() {
                return Ok(Some(row));
            }
            match self.rows.next().await.transpose()? {
                Some(rows) => self.ready = rows.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

/// The rows as they are read, some at a time; at the end the error that they break off with.
fn read<'a>(
    rows: impl Iterator<Item = Result<FileRow, InputError>> + Send + 'a,
) -> impl Stream<Item = Result<Vec<FileRow>, InputError>> + Send + 'a {
    stream::unfold((Some(rows), None), |(rows, broken)| async move {
        if let Some(error) = broken {
            return Some((Err(error), (None, None)));
        }
        let mut rows = rows?;
        yield_now().await;
        let mut some = Vec::with_capacity(ROWS_AT_A_TIME);
        while some.len() < ROWS_AT_A_TIME {
            match rows.next() {
                Some(Ok(row)) => some.push(row),
                Some(Err(error)) => return Some((Ok(some), (None, Some(error)))),
                None if some.is_empty() => return None,
                None => break,
            }
        }
        Some((Ok(some), (Some(rows), None)))
    })
}

fn map(feed: Feed, row_bytes_max: usize, rows: Vec<FileRow>) -> Vec<PageRow> {
    let mapped = rows.into_iter().map(|(file, row)| {
        let mut row = PageRow::read(feed, row_bytes_max, file, row);
        if row.messages_max() > PAGE_MESSAGES_MAX {
            let reason = format!("the row speaks of more than {PAGE_MESSAGES_MAX} records");
            row.set_aside(feed, Defect::new("too_many_records", reason));
        }
        row
    });
    mapped.collect()
}
