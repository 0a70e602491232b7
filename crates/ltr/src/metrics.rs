//! The feeds as metrics over HTTP, for Prometheus to read.

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ltr_api::client::connect_feeds;
use ltr_proto::record::{FeedStatus, ListFeedsRequest};
use tokio::net::TcpListener;

use crate::{feeding, output};

/// The text format of Prometheus.
const CONTENT: &str = "text/plain; version=0.0.4";

/// Answers `/metrics` there with what the service at `grpc` tells of the feeds; without an address, never ends.
pub(crate) async fn serve(address: Option<SocketAddr>, grpc: String) -> anyhow::Result<()> {
    let Some(address) = address else {
        return std::future::pending().await;
    };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listening for readers of metrics at {address}"))?;
    output::note(&format!("metrics at http://{}/metrics", listener.local_addr()?));
    let router = Router::new().route("/metrics", get(metrics)).with_state(grpc);
    axum::serve(listener, router).await.context("telling metrics")
}

async fn metrics(State(grpc): State<String>) -> Response {
    match feeds(&grpc).await {
        Ok(feeds) => ([(CONTENT_TYPE, CONTENT)], feeding::metrics(&feeds)).into_response(),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "no metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn feeds(grpc: &str) -> anyhow::Result<Vec<FeedStatus>> {
    let mut client = connect_feeds(grpc).await?;
    let request = ListFeedsRequest { scopes: true };
    Ok(client.list_feeds(request).await?.into_inner().feeds)
}
