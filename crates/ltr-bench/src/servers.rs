//! Private servers, whatever the environment names: a measurement neither meets other people's data nor leaves any.

use anyhow::Context;
use ltr_devservers::{NatsServer, Options, PostgresServer, Search, Servers};
use ltr_log_nats::NatsLog;
use ltr_ports::log::ClockKind;

fn options() -> Options {
    let options = Options::in_workspace();
    let search = Search {
        nats_url: None,
        database_url: None,
        ..options.search.clone()
    };
    Options { search, ..options }
}

/// A PostgreSQL server.
pub(crate) async fn postgres() -> anyhow::Result<PostgresServer> {
    PostgresServer::start(&options())
        .await
        .context("starting PostgreSQL")
}

/// A NATS server, synced always, and an empty log on it. Drop the log before the server is stopped: a client that
/// loses its server looks for it again and again.
pub(crate) async fn nats() -> anyhow::Result<(NatsServer, NatsLog)> {
    let server = Servers::start_nats_only(options())
        .await
        .context("starting NATS")?;
    let opening = ltr_log_nats::Options::new(server.url()).creating(ClockKind::Real);
    let log = NatsLog::open(opening).await?;
    Ok((server, log))
}
