//! The arguments of `ltr ingest run`.

use clap::Args;

#[derive(Debug, Args)]
#[command(long_about = INGEST_RUN)]
pub(crate) struct IngestRun {
    /// Read what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// Read only this feed, such as register/trainees.
    #[arg(long, value_name = "SOURCE/FEED")]
    pub(crate) feed: Option<String>,
    /// Print one JSON object a line for each run of a feed: {feed, deliveries, requests, rows, observations, …}.
    #[arg(long)]
    pub(crate) json: bool,
}

const INGEST_RUN: &str = "\
Read the upstream services, each feed when it is due, until told to stop.

What is read, where and with whose leave stands under [connect] in the configuration file (docs/connectors.md). Tokens \
and keys are named there by the file or environment variable that holds them.

Where a feed got to is on the log: stopped or killed anywhere, it goes on from there. Nothing is written upstream.

With --once every feed that is due is read once; the exit code is 1 if a part of one could not be read.

Examples:
  ltr ingest run --config ltr.toml
  ltr ingest run --config ltr.toml --once --feed register/trainees";
