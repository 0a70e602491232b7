//! What the doubles have in common: who asks, how often, what has to be refused before the request is looked at, and
//! what becomes of a body on its way.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Upstreams;
use crate::faults::Fault;
use crate::requests::Verdict;

/// One of the doubled services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Apply's Candidate API.
    Candidates,
    /// Apply's Register API, of recruits.
    Recruits,
    /// Register.
    Register,
    /// The Teaching Record System.
    Trs,
    /// Teaching Vacancies.
    Vacancies,
}

impl Service {
    /// The service's name, as it stands in tokens and counts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidates => "candidates",
            Self::Recruits => "recruits",
            Self::Register => "register",
            Self::Trs => "trs",
            Self::Vacancies => "vacancies",
        }
    }

    /// How many requests it takes in how many seconds (U§12); none: it does not count.
    pub(crate) fn limits(self) -> &'static [(u32, i64)] {
        match self {
            Self::Candidates | Self::Recruits => &[],
            Self::Register => &[(100, 60)],
            Self::Trs => &[(1000, 60)],
            Self::Vacancies => &[(10, 4), (105, 60), (900, 600), (4500, 3600)],
        }
    }
}

/// One request as faults see it: what is asked, and how often it was asked before.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) service: Service,
    pub(crate) what: Arc<str>,
    pub(crate) nth: u64,
    /// When it is asked.
    pub(crate) now: Timestamp,
    /// As of when it is answered: earlier than `now` on a stale replica.
    pub(crate) as_of: Timestamp,
}

/// Puts around a service what all services have.
pub(crate) fn around(router: Router, service: Service, upstreams: Upstreams) -> Router {
    router.route_layer(from_fn_with_state((service, upstreams), answer))
}

async fn answer(
    State((service, upstreams)): State<(Service, Upstreams)>,
    mut request: Request,
    next: Next,
) -> Response {
    let ask = ask(service, &upstreams, &request);
    let faults = upstreams.faults();
    let client = client(service, &upstreams, &request);
    if faults.spell(Fault::Outage, service, ask.now).is_some() {
        // Nobody is there to hold the request against a limit.
        upstreams.counts().asked(service, &client, ask.now);
        return html(StatusCode::SERVICE_UNAVAILABLE, "Service unavailable");
    }
    if let Verdict::Refused { retry_after_s } = upstreams.counts().judge(service, &client, ask.now) {
        return too_many(service, retry_after_s);
    }
    let has_limit = matches!(service, Service::Register | Service::Trs);
    if has_limit && let Some(spell) = faults.spell(Fault::TooManyRequests, service, ask.now) {
        upstreams.counts().refused(service, &client, ask.now);
        return too_many(service, spell.to.duration_since(ask.now).as_secs().clamp(1, 60));
    }
    if faults.spell(Fault::NotFound, service, ask.now).is_some() {
        return not_found(service);
    }
    if faults.strikes(Fault::ServerErrors, 40, &ask.what, ask.nth) {
        let status = match faults.draw(Fault::ServerErrors, "which", ask.nth) % 3 {
            0 => StatusCode::INTERNAL_SERVER_ERROR,
            1 => StatusCode::BAD_GATEWAY,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        return html(status, "We’re sorry, but something went wrong");
    }
    request.extensions_mut().insert(ask.clone());
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !faults.any() {
        return response;
    }
    damaged(response, &ask, &upstreams).await
}

fn ask(service: Service, upstreams: &Upstreams, request: &Request) -> Ask {
    let now = upstreams.now();
    let faults = upstreams.faults();
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    // Two providers ask Register the same; which of them comes first must decide nothing.
    let who = upstreams.bearer(service, request.headers()).unwrap_or_default();
    let what: Arc<str> = format!("{who} {path}").into();
    let nth = if faults.any() {
        upstreams.counts().nth(&what)
    } else {
        0
    };
    Ask {
        service,
        what,
        nth,
        now,
        as_of: upstreams.as_of(service, now),
    }
}

/// Whose requests are counted together: TRS counts by key, the others by address.
fn client(service: Service, upstreams: &Upstreams, request: &Request) -> String {
    if service == Service::Trs
        && let Some(name) = upstreams.bearer(service, request.headers())
    {
        return name;
    }
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    match (forwarded, peer) {
        (Some(address), _) => address.to_owned(),
        (None, Some(peer)) => peer.0.ip().to_string(),
        (None, None) => "in-process".to_owned(),
    }
}

/// What a body suffers on its way.
async fn damaged(response: Response, ask: &Ask, upstreams: &Upstreams) -> Response {
    let faults = upstreams.faults();
    let has_mark = matches!(ask.service, Service::Candidates | Service::Recruits)
        && faults.strikes(Fault::ByteOrderMark, 3, &ask.what, ask.nth);
    let is_empty = faults.strikes(Fault::EmptyBody, 50, &ask.what, ask.nth);
    let is_cut = faults.strikes(Fault::TruncatedBody, 50, &ask.what, ask.nth);
    if !(has_mark || is_empty || is_cut) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let whole = to_bytes(body, usize::MAX)
        .await
        .expect("a body that is made in memory is read in whole");
    let bytes = if is_empty {
        Bytes::new()
    } else if is_cut {
        whole.slice(..whole.len() / 2)
    } else {
        [b"\xef\xbb\xbf".as_slice(), &whole].concat().into()
    };
    Response::from_parts(parts, Body::from(bytes))
}

/// An answer in JSON.
pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response {
    let text = serde_json::to_string(body).expect("a value can always be written");
    typed(status, "application/json; charset=utf-8", text)
}

/// An answer of any type.
pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = (status, body).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn html(status: StatusCode, told: &str) -> Response {
    typed(
        status,
        "text/html; charset=utf-8",
        format!("<!DOCTYPE html><title>{told}</title>"),
    )
}

/// The errors of the services that are written in Rails.
pub(crate) fn rails_error(status: StatusCode, error: &str, message: &str) -> Response {
    json_answer(
        status,
        &json!({ "errors": [{ "error": error, "message": message }] }),
    )
}

/// A problem in the form of TRS.
pub(crate) fn problem(status: StatusCode, title: &str) -> Response {
    typed(
        status,
        "application/problem+json",
        json!({ "title": title, "status": status.as_u16() }).to_string(),
    )
}

fn too_many(service: Service, retry_after_s: i64) -> Response {
    if service == Service::Trs {
        return problem(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    }
    let mut response = typed(
        StatusCode::TOO_MANY_REQUESTS,
        "text/plain",
        "Retry later\n".to_owned(),
    );
    if service == Service::Register {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
    }
    response
}

fn not_found(service: Service) -> Response {
    match service {
        Service::Candidates => rails_error(StatusCode::NOT_FOUND, "NotFound", "Unable to find Candidate"),
        Service::Recruits => rails_error(StatusCode::NOT_FOUND, "NotFound", "Unable to find Application(s)"),
        Service::Register => rails_error(StatusCode::NOT_FOUND, "NotFound", "No trainees found"),
        Service::Trs => problem(StatusCode::NOT_FOUND, "Not Found"),
        Service::Vacancies => html(StatusCode::NOT_FOUND, "Page not found"),
    }
}

/// The text after `Bearer`.
pub(crate) fn bearer_text(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// The word of a row that is served: `known`, or for a week now and then one that no specification has (T19).
pub(crate) fn word<'w>(upstreams: &Upstreams, ask: &Ask, key: &str, known: &'w str) -> &'w str {
    const WEEK_S: i64 = 7 * 24 * 60 * 60;
    let week = u64::try_from(ask.as_of.as_second() / WEEK_S).unwrap_or(0);
    if !upstreams.faults().strikes(Fault::UnknownWord, 40, key, week) {
        return known;
    }
    if ask.service == Service::Trs {
        "UnderReview"
    } else {
        "under_review"
    }
}
