//! What can be asked of rows in quarantine, and done about them.

use clap::{Args, Subcommand};
use jiff::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List rows in quarantine, newest first.
    List(QuarantineList),
    /// Drive rows that wait again: what is good now is ingested as of its own snapshot, what is still bad stays.
    #[command(long_about = REDRIVE)]
    Redrive(QuarantineRedrive),
    /// Release rows by hand: they wait no more, until they are seen again.
    Release(QuarantineRelease),
}

const REDRIVE: &str = "\
Drive rows that wait again: what is good now is ingested as of its own snapshot, what is still bad stays.

The rows are opened, mapped with today's mapping, and delivered in chunks, each a partial delivery on the log. A row older \
than what is known of its record overwrites nothing; with --backfill it is published as late: history, not the present. \
Doing it twice, or again after it was broken off, changes nothing. Only rows are driven that the projector has told the \
store of; run `ltr project` first if it lags.";

/// Which rows.
#[derive(Debug, Args)]
pub(crate) struct QuarantineFilter {
    /// Only rows of this source, such as register.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    /// Only rows of this feed, such as register/trainees.
    #[arg(long, value_name = "SOURCE/FEED")]
    pub(crate) feed: Option<String>,
    /// Only rows under this code (docs/quarantine-codes.md).
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Only rows last seen in deliveries that speak for this, such as provider=10000571,cycle=2026.
    #[arg(long, value_name = "NAME=VALUE,…", value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// Only rows last seen at that instant or later (RFC 3339).
    #[arg(long, value_name = "INSTANT")]
    pub(crate) since: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineList {
    #[command(flatten)]
    pub(crate) filter: QuarantineFilter,
    /// Only rows that wait: nothing has released them.
    #[arg(long)]
    pub(crate) waiting: bool,
    /// At most so many rows.
    #[arg(long, default_value_t = 100)]
    pub(crate) count: u32,
    /// Print JSON for programs to read.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineRedrive {
    #[command(flatten)]
    pub(crate) filter: QuarantineFilter,
    /// At most so many rows in one delivery.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) chunk: u32,
    /// Publish rows that are older than what is known of their record as late.
    #[arg(long)]
    pub(crate) backfill: bool,
    /// Tell what would come of each row, and publish nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print a JSON line for each row, and one last with the counts: {rows, good, bad, observations, deliveries, …}.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is said goes on the log and stays there: name no person.
#[derive(Debug, Args)]
pub(crate) struct QuarantineRelease {
    /// The rows' ids, as `ltr quarantine list --json` has them.
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Who: a role or account, never a person's name.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) actor: String,
    /// Why, such as the reference of a case.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}
