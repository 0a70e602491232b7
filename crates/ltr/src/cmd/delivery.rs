//! `ltr delivery`: what came, what is held, and what operators decide on it.

use anyhow::Context;
use ltr_api::RestrictedFacts;
use ltr_api::client::{FeedClient, connect_feeds};
use ltr_proto::record::{
    ApproveDeliveryRequest, Delivery as Told, ListDeliveriesRequest, Recorded, RejectDeliveryRequest,
};
use tonic::Status;

use super::teacher::{failure, serve_while};
use crate::cli::{Delivery, DeliveryDecided, DeliveryList, DeliveryShow, typed};
use crate::config::Config;
use crate::failure::Failure;
use crate::{feeding, judged, output};

/// Asks or says what the arguments tell.
pub(crate) async fn run(args: &Delivery, config: &Config) -> anyhow::Result<()> {
    serve_while(config, RestrictedFacts::Withheld, async |address, _, _| {
        let mut client = connect_feeds(address).await?;
        match args {
            Delivery::List(args) => list(&mut client, args).await,
            Delivery::Show(args) => show(&mut client, args).await,
            Delivery::Approve(args) => {
                let request = ApproveDeliveryRequest {
                    id: args.id.clone(),
                    actor: args.actor.clone(),
                    reason: args.reason.clone(),
                };
                let told = client.approve_delivery(request).await;
                let next = "is approved; deliver it again: its rows are not kept";
                tell(told.map(|told| told.into_inner().recorded), args, next)
            }
            Delivery::Reject(args) => {
                let request = RejectDeliveryRequest {
                    id: args.id.clone(),
                    actor: args.actor.clone(),
                    reason: args.reason.clone(),
                };
                let told = client.reject_delivery(request).await;
                let next = "is rejected; the same rows are refused whenever they come";
                tell(told.map(|told| told.into_inner().recorded), args, next)
            }
        }
    })
    .await
}

async fn list(client: &mut FeedClient, args: &DeliveryList) -> anyhow::Result<()> {
    let request = ListDeliveriesRequest {
        page_size: args.count,
        states: args.state.iter().map(typed).collect(),
        feed: args.feed.clone(),
        id: String::new(),
    };
    let deliveries = deliveries(client, request).await?;
    if args.json {
        let lines = deliveries.iter().map(feeding::delivery_json);
        lines.for_each(|line| output::json(&line));
    } else if deliveries.is_empty() {
        output::note("there is no such delivery");
    } else {
        output::data(&feeding::deliveries(&deliveries));
    }
    Ok(())
}

async fn show(client: &mut FeedClient, args: &DeliveryShow) -> anyhow::Result<()> {
    let request = ListDeliveriesRequest {
        id: args.id.clone(),
        ..ListDeliveriesRequest::default()
    };
    let found = deliveries(client, request).await?.pop();
    let found = found.ok_or_else(|| Failure::NotFound(format!("there is no delivery {}", args.id)))?;
    if args.json {
        output::json(&feeding::delivery_json(&found));
    } else {
        output::data(&feeding::delivery(&found));
    }
    Ok(())
}

async fn deliveries(client: &mut FeedClient, request: ListDeliveriesRequest) -> anyhow::Result<Vec<Told>> {
    let told = client.list_deliveries(request).await;
    Ok(told
        .map_err(|status| failure("delivery", &status))?
        .into_inner()
        .deliveries)
}

/// Tells where a decision stands, or why it was refused.
fn tell(told: Result<Option<Recorded>, Status>, args: &DeliveryDecided, next: &str) -> anyhow::Result<()> {
    let recorded = told.map_err(|status| failure(&args.id, &status))?;
    let recorded = recorded.context("the service answered without a place on the log")?;
    if args.json {
        output::json(&judged::recorded_json(&recorded));
    }
    output::note(&format!("{} {next} (sequence {})", args.id, recorded.sequence));
    Ok(())
}
