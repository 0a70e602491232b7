//! Measures the roles beside the limits of the servers they work on, in one run and as medians, so that a figure
//! means something on any machine. Starts private servers, writes invented rows, prints a table.
//!
//! What is measured, and how, is told in `docs/BENCHMARKS.md`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is what it is for"
)]

use anyhow::Context;

mod fold;
mod ingest;
mod options;
mod project;
mod raw;
mod report;
mod round;
mod rows;
mod servers;
mod upsert;
mod watched;

use options::{Format, Options, What};
use report::Report;

/// The allocator of `ltr` itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let Some(options) = Options::read(std::env::args().skip(1))? else {
        println!("{}", options::HELP);
        return Ok(());
    };
    if options.what == What::Fold {
        let report = fold::run(options.rounds)?;
        match options.format {
            Format::Table => println!("{report}"),
            Format::Json => println!("{}", report.json()),
        }
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&options))
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let postgres = servers::postgres().await?;
    let mut rounds = Vec::with_capacity(options.rounds);
    for number in 1..=options.rounds {
        let round = round::run(options.rows, number, &postgres).await;
        let round = round.with_context(|| format!("round {number} of {}", options.rounds))?;
        eprintln!("round {number} of {}: {round}", options.rounds);
        rounds.push(round);
    }
    let report = Report::of(options.rows, &rounds);
    match options.format {
        Format::Table => println!("{report}"),
        Format::Json => println!("{}", report.json()),
    }
    postgres.stop().await;
    Ok(())
}
