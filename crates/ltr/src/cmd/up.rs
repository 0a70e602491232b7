//! `ltr up`: private servers and every role, for development.

use std::path::PathBuf;

use anyhow::Context;
use ltr_api::Config as ApiConfig;
use ltr_devservers::{Options, Servers};
use ltr_link::{Config as LinkConfig, Edge as LinkEdge, Until as LinkUntil, Writing};
use ltr_log_nats::NatsLog;
use ltr_ports::log::ClockKind;
use ltr_project::{Config as ProjectConfig, Until, calendar};
use ltr_store_pg::PgStore;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cli::{ClockChoice, Up};
use crate::config::Config;
use crate::{kek, output, wiring};

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
    let ended = tokio::select! {
        () = wiring::asked_to_stop() => Ok(()),
        ended = house.ended() => ended,
        ended = of_doubles => ended,
    };
    drop(doubles);
    house.close().await?;
    ended
}

/// Private servers with every role running on them.
pub(crate) struct House {
    pub(crate) servers: Servers,
    pub(crate) config: Config,
    pub(crate) log: NatsLog,
    pub(crate) store: PgStore,
    pub(crate) address: String,
    stop: watch::Sender<bool>,
    project: JoinHandle<anyhow::Result<()>>,
    link: JoinHandle<anyhow::Result<()>>,
    serve: JoinHandle<anyhow::Result<()>>,
}

impl House {
    /// Starts servers, makes streams and tables, and runs the projector, the link role and the service.
    pub(crate) async fn open(
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
        wiring::migrate(&config).await?;
        let store = wiring::store(&config).await?;
        let (stop, stopped) = watch::channel(false);
        let project = {
            let (log, store, stopped) = (log.clone(), store.clone(), stopped.clone());
            tokio::spawn(async move {
                let (config, clock) = (ProjectConfig::default(), wiring::clock());
                let projecting =
                    ltr_project::run(&config, &log, &store, Until::Stopped, told(stopped), |_| {});
                tokio::select! {
                    done = projecting => { done?; }
                    never = calendar::keep(&log, &*clock) => match never {},
                }
                anyhow::Ok(())
            })
        };
        let link = {
            let (log, kek, stopped) = (log.clone(), kek::load(&config)?, stopped.clone());
            tokio::spawn(async move {
                let clock = wiring::clock();
                let edge = LinkEdge {
                    clock: &*clock,
                    kek: &kek,
                };
                let (config, until) = (LinkConfig::default(), LinkUntil::Stopped);
                ltr_link::run(
                    &config,
                    &log,
                    &edge,
                    until,
                    Writing::Publish,
                    told(stopped),
                    |_| {},
                )
                .await?;
                anyhow::Ok(())
            })
        };
        let address = bound.address().to_string();
        let serve = {
            let (log, store, kek) = (log.clone(), store.clone(), kek::load(&config)?);
            tokio::spawn(async move {
                bound
                    .serve(store, log, wiring::clock(), Some(kek), told(stopped))
                    .await?;
                anyhow::Ok(())
            })
        };
        Ok(Self {
            servers,
            config,
            log,
            store,
            address,
            stop,
            project,
            link,
            serve,
        })
    }

    /// Ends when a role ends by itself, which it should not.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<()> {
        tokio::select! {
            project = &mut self.project => project?.context("the projector ended"),
            link = &mut self.link => link?.context("the link role ended"),
            serve = &mut self.serve => serve?.context("the service ended"),
        }
    }

    /// Stops the roles, then the servers.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        let _ = self.stop.send(true);
        if !self.project.is_finished() {
            self.project.await??;
        }
        if !self.link.is_finished() {
            self.link.await??;
        }
        if !self.serve.is_finished() {
            self.serve.await??;
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
