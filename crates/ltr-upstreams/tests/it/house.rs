//! How the tests ask: a world, a clock that is set by hand, and a request in this process.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use ltr_ports::clock::ManualClock;
use ltr_upstreams::{Faults, Service, Upstreams, World};
use serde_json::Value;
use tower::ServiceExt as _;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("a header in ASCII")
    }

    /// What the rows of a list are called, by the member `name` of each.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        assert_eq!(self.status, StatusCode::OK);
        let body = self.json();
        let rows = body["data"].as_array().expect("a list").iter();
        rows.map(|row| row[name].as_str().expect("a text").to_owned())
            .collect()
    }
}

pub(crate) struct House {
    pub(crate) upstreams: Upstreams,
    pub(crate) clock: Arc<ManualClock>,
}

impl House {
    pub(crate) fn new(world: World, now: &str) -> Self {
        Self::with(world, now, Faults::none())
    }

    pub(crate) fn with(world: World, now: &str, faults: Faults) -> Self {
        let clock = Arc::new(ManualClock::at(instant(now)));
        let upstreams = Upstreams::new(Arc::new(world), clock.clone(), faults);
        Self { upstreams, clock }
    }

    pub(crate) async fn send(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a good request");
        let response = self
            .upstreams
            .all()
            .oneshot(request)
            .await
            .expect("a router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the body is read");
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: bytes.to_vec(),
        }
    }

    fn bearer(&self, service: Service, who: &str) -> String {
        format!("Bearer {}", self.upstreams.token(service, who))
    }

    pub(crate) async fn candidates(&self, path: &str) -> Answer {
        let bearer = self.bearer(Service::Candidates, "ltr");
        let path = format!("/candidate-api/v1.4/candidates{path}");
        self.send(&path, &[("authorization", &bearer)]).await
    }

    pub(crate) async fn recruits(&self, query: &str) -> Answer {
        let bearer = self.bearer(Service::Recruits, "ltr");
        let path = format!("/register-api/applications{query}");
        self.send(&path, &[("authorization", &bearer)]).await
    }

    pub(crate) async fn register(&self, ukprn: &str, path: &str) -> Answer {
        let bearer = self.bearer(Service::Register, ukprn);
        let path = format!("/api/v2026.1{path}");
        self.send(&path, &[("authorization", &bearer)]).await
    }

    pub(crate) async fn trs(&self, version: &str, path: &str) -> Answer {
        let bearer = self.bearer(Service::Trs, "ltr");
        let headers = [("authorization", bearer.as_str()), ("x-api-version", version)];
        self.send(path, &headers).await
    }
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) const EVERYTHING: &str = "?include=Induction,RoutesToProfessionalStatuses,MandatoryQualifications,Alerts,PreviousNames,PendingDetailChanges";
