//! `ltr serve`: the gRPC service.

use ltr_api::{Config as ApiConfig, Exposure, RestrictedFacts};

use crate::cli::Serve;
use crate::config::Config;
use crate::{kek, output, wiring};

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
    let bound = ltr_api::bind(api).await?;
    let log = wiring::log(config, None).await?;
    let store = wiring::store(config).await?;
    let kek = kek::load(config)?;
    output::note(&format!("serving gRPC on {}", bound.address()));
    bound
        .serve(store, log, wiring::clock(), Some(kek), wiring::asked_to_stop())
        .await?;
    Ok(())
}

/// Whether restricted facts are shown.
pub(crate) fn restricted(allow: bool) -> RestrictedFacts {
    if allow {
        RestrictedFacts::Allowed
    } else {
        RestrictedFacts::Withheld
    }
}
