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

/// Doubles of the upstream services, for development.
#[derive(Debug, Clone, Args)]
pub(crate) struct Upstreams {
    /// Run doubles of the four upstream services with made-up people, and connectors that read them.
    #[arg(long)]
    pub(crate) with_upstreams: bool,
    /// The seed that the people are made from, and that faults strike by.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "with_upstreams")]
    pub(crate) seed: u64,
    /// How many trainees there are.
    #[arg(long, value_name = "N", default_value_t = 300, requires = "with_upstreams")]
    pub(crate) people: u32,
    /// Faults of the services, by name and between commas, or `all` (docs/upstream-doubles.md).
    #[arg(
        long,
        value_name = "NAME,...",
        default_value = "",
        requires = "with_upstreams"
    )]
    pub(crate) faults: String,
}

const INGEST_RUN: &str = "\
Read the upstream services, each feed when it is due, until told to stop.

What is read, where and with whose leave stands under [connect] in the configuration file (docs/connectors.md). Tokens \
and keys are named there by the file or environment variable that holds them.

Where a feed got to is on the log: stopped or killed anywhere, it goes on from there. Nothing is written upstream.

With --once feeds are read until none is due; the exit code is 1 if a part of one could not be read.

Examples:
  ltr ingest run --config ltr.toml
  ltr ingest run --config ltr.toml --once --feed register/trainees";
