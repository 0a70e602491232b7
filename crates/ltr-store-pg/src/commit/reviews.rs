//! What an operator is to look at: written when something comes up or is settled, which is seldom.

use futures::join;
use ltr_ports::store::{Effects, ReviewRow};
use tokio_postgres::{Error, Statement};

use super::Connection;
use super::columns::{Columns, instant, signed};
use crate::error::Cause;
use crate::queries::Queries;
use crate::text;

/// The statements, prepared with the others.
pub(super) struct ReviewStatements {
    upsert: Statement,
    end: Statement,
}

impl ReviewStatements {
    pub(super) async fn prepare(
        client: &deadpool_postgres::ClientWrapper,
        queries: &Queries,
    ) -> Result<Self, Error> {
        Ok(Self {
            upsert: client.prepare_cached(&queries.review_upsert).await?,
            end: client.prepare_cached(&queries.review_end).await?,
        })
    }
}

impl Connection {
    /// Ends what is settled and writes what came up or differs. No id is in both, so the two go in any order.
    pub(super) async fn write_reviews(&self, effects: &Effects) -> Result<(), Cause> {
        let statements = &self.statements.reviews;
        let (ended, written) = join!(
            async {
                if effects.reviewed.is_empty() {
                    return Ok::<u64, Cause>(0);
                }
                let ids: Vec<String> = effects
                    .reviewed
                    .iter()
                    .map(|id| text::stored(id).into_owned())
                    .collect();
                Ok(self.client.execute(&statements.end, &[&ids]).await?)
            },
            self.rows(&statements.upsert, of_reviews(&effects.reviews)),
        );
        ended?;
        written?;
        Ok(())
    }
}

fn of_reviews(rows: &[ReviewRow]) -> Columns<'_> {
    let records = |row: &ReviewRow| {
        row.records
            .iter()
            .map(text::key)
            .collect::<Vec<_>>()
            .join(text::BETWEEN)
    };
    Columns::default()
        .with(rows, |row| text::stored(&row.id).into_owned())
        .with(rows, |row| &row.kind[..])
        .with(rows, records)
        .with(rows, |row| instant(row.known_at))
        .with(rows, |row| signed(row.sequence))
        .with(rows, |row| &row.view[..])
}
