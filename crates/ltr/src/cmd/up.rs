//! `ltr up`: private servers and every role, for development.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use ltr_api::Config as ApiConfig;
use ltr_devservers::{Options, Servers};
use ltr_link::{Config as LinkConfig, Edge as LinkEdge, Until as LinkUntil, Writing};
use ltr_log_nats::{NatsLog, NatsNextRuns};
use ltr_ports::log::ClockKind;
use ltr_project::{Config as ProjectConfig, Until, calendar};
use ltr_store_pg::PgStore;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli::{ClockChoice, Up};
use crate::config::Config;
use crate::{kek, metrics, output, wiring};

mod doubles;

use doubles::Doubles;

/// Runs until told to stop.
pub(crate) async fn run(args: &Up, config: &Config) -> anyhow::Result<()> {
    let clock = match args.clock {
        ClockChoice::Real => ClockKind::Real,
        ClockChoice::Simulated => ClockKind::Simulated,
    };
    let api = ApiConfig {
        address: args.grpc_address,
        restricted: super::serve::restricted(args.allow_restricted),
        ..ApiConfig::default()
    };
    let mut house = House::open(clock, api, config.kek_file.clone()).await?;
    let mut doubles = match args.upstreams.with_upstreams {
        true => Some(Doubles::start(&house, &args.upstreams).await?),
        false => None,
    };
    output::json(&json!({
        "nats_url": house.servers.nats_url(),
        "database_url": house.servers.database_url(),
        "grpc_address": house.address,
        "upstreams_address": doubles.as_ref().map(|doubles| doubles.address.to_string()),
    }));
    output::note("ready; Ctrl-C stops everything and throws the data away");
    let of_doubles = async {
        match &mut doubles {
            Some(doubles) => doubles.ended().await,
            None => std::future::pending().await,
        }
    };
    let telling = metrics::serve(args.metrics.metrics_address, house.address.clone());
    let ended = tokio::select! {
        () = wiring::asked_to_stop() => Ok(()),
        ended = house.ended() => ended,
        ended = of_doubles => ended,
        ended = telling => ended,
    };
    drop(doubles);
    house.close().await?;
    ended
}

/// Private servers with the service, and every other role once they are started.
pub(crate) struct House {
    pub(crate) servers: Servers,
    pub(crate) config: Config,
    pub(crate) log: NatsLog,
    pub(crate) store: PgStore,
    pub(crate) address: String,
    stop: watch::Sender<bool>,
    roles: JoinSet<anyhow::Result<()>>,
}

impl House {
    /// Starts servers, makes streams and tables, and runs the projector, the link role and the service.
    pub(crate) async fn open(
        clock: ClockKind,
        api: ApiConfig,
        kek_file: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let mut house = Self::open_service(clock, api, kek_file).await?;
        house.start_roles()?;
        Ok(house)
    }

    /// The same with the service alone: nothing is projected or linked until [`Self::start_roles`].
    pub(crate) async fn open_service(
        clock: ClockKind,
        api: ApiConfig,
        kek_file: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let bound = ltr_api::bind(api).await?;
        let servers = Servers::start(Options::under(&target_folder()))
            .await
            .context("starting private servers")?;
        for line in servers.report().to_string().lines() {
            output::note(line);
        }
        let config = Config::of_servers(servers.nats_url(), servers.database_url(), kek_file);
        let log = wiring::log(&config, Some(clock)).await?;
        let bound = bound.with_next_runs(Arc::new(NatsNextRuns::beside(&log)));
        wiring::migrate(&config).await?;
        let store = wiring::store(&config).await?;
        let (stop, stopped) = watch::channel(false);
        let address = bound.address().to_string();
        let mut roles = JoinSet::new();
        {
            let (log, store, kek) = (log.clone(), store.clone(), kek::load(&config)?);
            roles.spawn(async move {
                bound
                    .serve(store, log, wiring::clock(), Some(kek), told(stopped))
                    .await
                    .context("the service ended")
            });
        }
        Ok(Self {
            servers,
            config,
            log,
            store,
            address,
            stop,
            roles,
        })
    }

    /// Runs the projector and the link role.
    pub(crate) fn start_roles(&mut self) -> anyhow::Result<()> {
        let (log, store, stopped) = (self.log.clone(), self.store.clone(), self.stop.subscribe());
        self.roles.spawn(async move {
            let (config, clock) = (ProjectConfig::default(), wiring::clock());
            let projecting = ltr_project::run(&config, &log, &store, Until::Stopped, told(stopped), |_| {});
            tokio::select! {
                done = projecting => done.context("the projector ended").map(drop),
                never = calendar::keep(&log, &*clock) => match never {},
            }
        });
        let (log, kek, stopped) = (self.log.clone(), kek::load(&self.config)?, self.stop.subscribe());
        self.roles.spawn(async move {
            let clock = wiring::clock();
            let edge = LinkEdge {
                clock: &*clock,
                kek: &kek,
            };
            let (config, until) = (LinkConfig::default(), LinkUntil::Stopped);
            let linking = ltr_link::run(
                &config,
                &log,
                &edge,
                until,
                Writing::Publish,
                told(stopped),
                |_| {},
            );
            linking.await.context("the link role ended").map(drop)
        });
        Ok(())
    }

    /// Ends when a role ends by itself, which it should not.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<()> {
        match self.roles.join_next().await {
            Some(ended) => ended?,
            None => std::future::pending().await,
        }
    }

    /// Stops the roles, then the servers.
    pub(crate) async fn close(mut self) -> anyhow::Result<()> {
        let _ = self.stop.send(true);
        while let Some(ended) = self.roles.join_next().await {
            ended??;
        }
        drop((self.log, self.store));
        self.servers.stop().await;
        Ok(())
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Where servers and tools are kept: the build folder when run from a checkout, a temporary folder otherwise.
fn target_folder() -> PathBuf {
    let own = std::env::current_exe().ok();
    let built = own.and_then(|path| {
        path.ancestors()
            .find(|folder| folder.ends_with("target"))
            .map(PathBuf::from)
    });
    built.unwrap_or_else(|| std::env::temp_dir().join("ltr"))
}
