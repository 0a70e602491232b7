//! What was heard of the feeds: written when there is something, which is seldom.

use futures::join;
use ltr_domain::hearing::Coverage;
use ltr_ports::store::{Effects, Heard, ProviderRow, ShareRow, SweepRow, TurnoutRow, WordRow};
use tokio_postgres::{Error, Statement};

use super::Connection;
use super::columns::{Columns, instant, small};
use crate::error::Cause;
use crate::queries::Queries;
use crate::text;

/// The statements, prepared with the others.
pub(super) struct HeardStatements {
    sweep: Statement,
    share: Statement,
    turnout: Statement,
    provider: Statement,
    word: Statement,
    make_due: Statement,
}

impl HeardStatements {
    pub(super) async fn prepare(
        client: &deadpool_postgres::ClientWrapper,
        queries: &Queries,
    ) -> Result<Self, Error> {
        Ok(Self {
            sweep: client.prepare_cached(&queries.heard_sweep).await?,
            share: client.prepare_cached(&queries.heard_share).await?,
            turnout: client.prepare_cached(&queries.heard_turnout).await?,
            provider: client.prepare_cached(&queries.heard_provider).await?,
            word: client.prepare_cached(&queries.heard_word).await?,
            make_due: client.prepare_cached(&queries.heard_make_due).await?,
        })
    }
}

impl Connection {
    /// Writes what was heard. Sent before the answers, so that one resolved anew in the same batch keeps its own day.
    pub(super) async fn write_heard(&self, effects: &Effects) -> Result<(), Cause> {
        let Heard {
            sweeps,
            shares,
            turnouts,
            providers,
            words,
            due,
        } = &effects.heard;
        let statements = &self.statements.heard;
        let (swept, shared, turned_up, provided, spoken, awaited) = join!(
            self.rows(&statements.sweep, of_sweeps(sweeps)),
            self.rows(&statements.share, of_shares(shares)),
            self.rows(&statements.turnout, of_turnouts(turnouts)),
            self.rows(&statements.provider, of_providers(providers)),
            self.rows(&statements.word, of_words(words)),
            async {
                if due.is_empty() {
                    return Ok::<u64, Cause>(0);
                }
                let names: Vec<String> = due.iter().map(text::provider).collect();
                let on = effects.to.known_at.london_date();
                Ok(self.client.execute(&statements.make_due, &[&names, &on]).await?)
            },
        );
        for written in [swept, shared, turned_up, provided, spoken, awaited] {
            written?;
        }
        Ok(())
    }
}

fn of_sweeps(rows: &[SweepRow]) -> Columns<'_> {
    let provider = |coverage: &Coverage| coverage.provider.clone().unwrap_or_default();
    Columns::default()
        .with(rows, |row| text::stored(&provider(&row.coverage)).into_owned())
        .with(rows, |row| row.coverage.year.unwrap_or_default())
        .with(rows, |row| instant(row.known_at))
        .with(rows, |row| row.spoke_at)
}

fn of_shares(rows: &[ShareRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| row.ukprn.as_str())
        .with(rows, |row| row.year)
        .with(rows, |row| instant(row.known_at))
        .with(rows, |row| small(row.share.trainees))
        .with(rows, |row| small(row.share.recognised))
}

fn of_turnouts(rows: &[TurnoutRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| text::provider(&row.name))
        .with(rows, |row| row.year)
        .with(rows, |row| instant(row.known_at))
        .with(rows, |row| small(row.turnout.recruits))
        .with(rows, |row| small(row.turnout.turned_up))
}

fn of_providers(rows: &[ProviderRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| text::provider(&row.name))
        .with(rows, |row| row.ukprn.as_str())
        .with(rows, |row| instant(row.known_from))
}

fn of_words(rows: &[WordRow]) -> Columns<'_> {
    Columns::default()
        .with(rows, |row| row.feed.to_string())
        .with(rows, |row| text::stored(&row.provider))
        .with(rows, |row| instant(row.known_at))
        .with(rows, |row| row.taken_at.0)
}
