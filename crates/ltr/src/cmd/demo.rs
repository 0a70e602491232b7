//! `ltr demo`: a year walked by a made-up cohort, or a short story; then the address stays open, unless told to leave.

mod chosen;
mod progress;
mod story;
mod year;

use ltr_api::{Config as ApiConfig, RestrictedFacts};

use super::up::House;
use crate::cli::Demo;
use crate::{output, wiring};

/// Walks the year, or tells the story.
pub(crate) async fn run(args: &Demo) -> anyhow::Result<()> {
    if args.story {
        return story::run(args).await;
    }
    year::run(args).await
}

/// The service of a demonstration: on a free address of this machine, for whoever sits before it.
fn api() -> ApiConfig {
    ApiConfig {
        address: ([127, 0, 0, 1], 0).into(),
        restricted: RestrictedFacts::Allowed,
        ..ApiConfig::default()
    }
}

/// Keeps the service open until Ctrl-C, and says how to ask it.
async fn stay_open(house: &mut House, questions: &[String]) -> anyhow::Result<()> {
    output::note(&format!(
        "\nThe service is open on {} until Ctrl-C. Ask from another terminal:",
        house.address
    ));
    let (nats, database) = (house.servers.nats_url(), house.servers.database_url());
    output::note(&format!(
        "  export LTR_NATS_URL={nats} LTR_DATABASE_URL='{database}'"
    ));
    for question in questions {
        output::note(&format!("  {question}"));
    }
    tokio::select! {
        () = wiring::asked_to_stop() => Ok(()),
        ended = house.ended() => ended,
    }
}
