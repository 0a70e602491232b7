//! HTTP without a network: a router of the same process is called. For tests and for a year walked in seconds.

use axum::Router;
use axum::body::Body;
use futures::FutureExt;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Limited};
use tower::ServiceExt;

use super::client::texts;
use super::{BODY_BYTES_MAX, Http, HttpError, Request, Response};

/// A service that is a router in this process. A request has no time limit: the time it would take is not simulated.
#[derive(Debug, Clone)]
pub struct InProcess {
    router: Router,
    base: String,
}

impl InProcess {
    /// The router, whose paths begin with `base`.
    #[must_use]
    pub fn new(router: Router, base: &str) -> Self {
        Self {
            router,
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    async fn call(&self, request: &Request) -> Result<Response, HttpError> {
        let mut asked = axum::http::Request::get(format!("{}{}", self.base, request.path));
        if let Some(bearer) = &request.bearer {
            asked = asked.header("authorization", format!("Bearer {}", bearer.expose()));
        }
        for (name, value) in &request.headers {
            asked = asked.header(*name, value);
        }
        let asked = asked
            .body(Body::empty())
            .map_err(|error| HttpError::Unsendable(Box::new(error)))?;
        let answer = match self.router.clone().oneshot(asked).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX)
            .collect()
            .await
            .map_err(HttpError::BrokenOff)?;
        Ok(Response {
            status: parts.status.as_u16(),
            headers: texts(&parts.headers),
            body: body.to_bytes(),
        })
    }
}

impl Http for InProcess {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        self.call(request).boxed()
    }
}
