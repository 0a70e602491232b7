//! The `ltr` command: reads flags and configuration, wires roles to adapters, prints. Holds no logic of the domain.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

mod bounds;
mod cli;
mod cmd;
mod config;
mod demo;
mod document;
mod explained;
mod failure;
mod feeding;
mod judged;
mod kek;
mod metrics;
mod output;
mod render;
mod walked;
mod wiring;
mod words;

use cli::{Cli, Command};
use config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("LTR_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Whatever is asked for: below that level the client prints the server's address with its password.
    let filter = filter.add_directive("async_nats=warn".parse().expect("a directive"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = Config::load(&cli.connection)?;
    match cli.command {
        Command::Demo(args) => cmd::demo::run(&args).await,
        Command::Up(args) => cmd::up::run(&args, &config).await,
        Command::Ingest(cli::Ingest::File(args)) => cmd::ingest::run(&args, &config).await,
        Command::Ingest(cli::Ingest::Run(args)) => cmd::connect::run(&args, &config).await,
        Command::Project(args) => cmd::project::run(&args, &config).await,
        Command::Link(args) => cmd::link::run(&args, &config).await,
        Command::Serve(args) => cmd::serve::run(&args, &config).await,
        Command::Teacher(cli::Teacher::Show(args)) => cmd::teacher::show(&args, &config).await,
        Command::Teacher(cli::Teacher::History(args)) => cmd::teacher::history(&args, &config).await,
        Command::Teacher(cli::Teacher::Explain(args)) => cmd::explain::explain(&args, &config).await,
        Command::Teacher(cli::Teacher::Sources(args)) => cmd::explain::sources(&args, &config).await,
        Command::Teacher(cli::Teacher::Diff(args)) => cmd::explain::diff(&args, &config).await,
        Command::Teacher(cli::Teacher::Dossier(args)) => cmd::dossier::run(&args, &config).await,
        Command::Identity(args) => cmd::identity::run(&args, &config).await,
        Command::Sources(args) => cmd::explain::sources_of_all(&args, &config).await,
        Command::Log(cli::LogCommand::Show(args)) => cmd::log::show(&args, &config).await,
        Command::Log(cli::LogCommand::Stat(args)) => cmd::log::stat(&args, &config).await,
        Command::Log(cli::LogCommand::Verify(args)) => cmd::log::verify_command(&args, &config).await,
        Command::Feeds(args) => cmd::feeds::run(&args, &config).await,
        Command::Delivery(args) => cmd::delivery::run(&args, &config).await,
        Command::Quarantine(args) => cmd::quarantine::run(&args, &config).await,
        Command::Policy(cli::Policy::Check(args)) => cmd::policy::check(&args),
        Command::Policy(cli::Policy::Adopt(args)) => cmd::policy::adopt(&args, &config).await,
        Command::Policy(cli::Policy::Show(args)) => cmd::policy::show(&args, &config).await,
        Command::Calendar(args) => cmd::calendar::run(&args, &config).await,
        Command::Migrate => cmd::migrate::run(&config).await,
        Command::Clock(cli::Clock::Advance { to }) => cmd::clock::advance(to, &config).await,
        Command::Config(cli::ConfigCommand::Check) => cmd::config::check(&config),
        Command::Doctor(args) => cmd::doctor::run(&args, &config).await,
    }
}
