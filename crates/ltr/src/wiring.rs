//! Adapters opened from the configuration. The only place, with the commands, that names an adapter.

use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use ltr_log_nats::{NatsLog, Options};
use ltr_ports::clock::{Clock, SystemClock};
use ltr_ports::log::{ClockKind, Log, Stream};
use ltr_store_pg::PgStore;

use crate::config::{Config, without_secrets};

/// Opens the log; its streams must be there, or are made with that clock.
pub(crate) async fn log(config: &Config, create: Option<ClockKind>) -> anyhow::Result<NatsLog> {
    let url = config.nats_url()?;
    let options = Options::new(url);
    let options = match create {
        Some(clock) => options.creating(clock),
        None => options,
    };
    NatsLog::open(options)
        .await
        .with_context(|| format!("opening the log at {}", without_secrets(url)))
}

/// Opens the store; its schema must be up to date.
pub(crate) async fn store(config: &Config) -> anyhow::Result<PgStore> {
    let url = config.database_url()?;
    PgStore::connect(ltr_store_pg::Config::new(url))
        .await
        .with_context(|| format!("opening the store at {}", without_secrets(url)))
}

/// Brings the schema up to date.
pub(crate) async fn migrate(config: &Config) -> anyhow::Result<ltr_store_pg::migrate::Report> {
    let url = config.database_url()?.to_owned();
    let place = without_secrets(&url);
    ltr_store_pg::migrate(&url)
        .await
        .with_context(|| format!("migrating the store at {place}"))
}

/// The clock of this process.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The time on the log: the machine's, or, on a simulated log, that of its last message.
pub(crate) async fn now<L: Log>(log: &L) -> anyhow::Result<Timestamp> {
    let facts = log.facts(Stream::Events).await?;
    if facts.clock == ClockKind::Real {
        return Ok(SystemClock.now());
    }
    let last = log.get(Stream::Events, facts.last_sequence).await?;
    let recorded = last.and_then(|message| ltr_proto::codec::decode(&message.payload).ok());
    Ok(recorded.map_or(Timestamp::UNIX_EPOCH, |entry| entry.recorded_at().0))
}

/// Ends when the process is asked to stop: Ctrl-C or SIGTERM.
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
