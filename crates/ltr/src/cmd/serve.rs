//! `ltr serve`: the gRPC service.

use std::sync::Arc;

use ltr_api::{Config as ApiConfig, Exposure, RestrictedFacts};
use ltr_log_nats::NatsNextRuns;

use crate::cli::Serve;
use crate::config::Config;
use crate::{kek, metrics, output, wiring};

/// Serves until told to stop.
pub(crate) async fn run(args: &Serve, config: &Config) -> anyhow::Result<()> {
    let api = ApiConfig {
        address: args.grpc_address,
        exposure: if args.insecure {
            Exposure::Insecure
        } else {
            Exposure::LoopbackOnly
        },
        restricted: restricted(args.allow_restricted),
        ..ApiConfig::default()
    };
    // A wrong address is told before anything is connected to.
    let bound = ltr_api::bind(api).await?;
    let log = wiring::log(config, None).await?;
    let bound = bound.with_next_runs(Arc::new(NatsNextRuns::beside(&log)));
    let store = wiring::store(config).await?;
    let kek = kek::load(config)?;
    output::note(&format!("serving gRPC on {}", bound.address()));
    let telling = metrics::serve(args.metrics.metrics_address, bound.address().to_string());
    let serving = bound.serve(store, log, wiring::clock(), Some(kek), wiring::asked_to_stop());
    tokio::select! {
        served = serving => Ok(served?),
        told = telling => told,
    }
}

/// Whether restricted facts are shown.
pub(crate) fn restricted(allow: bool) -> RestrictedFacts {
    if allow {
        RestrictedFacts::Allowed
    } else {
        RestrictedFacts::Withheld
    }
}
