//! Measures the roles beside the limits of the servers they work on, in one run and as medians, so that a figure
//! means something on any machine. Starts private servers, writes invented rows, prints a table.
//!
//! What is measured, and how, is told in `docs/BENCHMARKS.md`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is what it is for"
)]

use std::fmt::Display;

use anyhow::Context;
use serde_json::Value;

mod cpu;
mod delivery;
mod fold;
mod ingest;
mod memory;
mod options;
mod project;
mod projection;
mod raw;
mod report;
mod round;
mod rows;
mod servers;
mod sweep;
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
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match options.what {
        What::Roles => {
            let report = runtime()?.block_on(roles(&options))?;
            print(&options, &report, report.json());
        }
        What::Delivery => {
            let report = runtime()?.block_on(delivery::run(options.rows))?;
            print(&options, &report, report.json());
        }
        What::Sweep => {
            let report = runtime()?.block_on(sweep::measure(options.rows, options.rounds))?;
            print(&options, &report, report.json());
        }
        What::Projection => {
            let report = runtime()?.block_on(projection::run(options.rows, options.rounds))?;
            print(&options, &report, report.json());
        }
        What::Fold => {
            let report = fold::run(options.rounds)?;
            print(&options, &report, report.json());
        }
    }
    Ok(())
}

fn print(options: &Options, table: &dyn Display, json: Value) {
    match options.format {
        Format::Table => println!("{table}"),
        Format::Json => println!("{json}"),
    }
}

async fn roles(options: &Options) -> anyhow::Result<Report> {
    let postgres = servers::postgres().await?;
    let mut rounds = Vec::with_capacity(options.rounds);
    for number in 1..=options.rounds {
        let round = round::run(options.rows, number, &postgres).await;
        let round = round.with_context(|| format!("round {number} of {}", options.rounds))?;
        eprintln!("round {number} of {}: {round}", options.rounds);
        rounds.push(round);
    }
    postgres.stop().await;
    Ok(Report::of(options.rows, &rounds))
}
