//! The Teaching Record System v3 (U§4): one TRN a request, no list, no history. Merged, deactivated and unknown records
//! are told apart only from version 20260120 on (T05).

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use ltr_domain::ids::Trn;
use serde_json::Value;

use crate::Upstreams;
use crate::list::reorder;
use crate::params::{Params, given};
use crate::service::{Ask, Service, json_answer, problem};
use crate::world::trs::{Answer, Person};

mod row;

pub(crate) use row::alert;

/// The versions of the API whose person has the shape that is served here, oldest first (U§4.1). Older ones were
/// published too, but in another shape, which the double has not: for it they are unknown.
const VERSIONS: [&str; 9] = [
    "20250627", "20250804", "20250905", "20260120", "20260224", "20260416", "20260515", "20260612", "Next",
];

/// From here on merged and deactivated records are told apart from unknown ones.
const TELLS_APART: &str = "20260120";

pub(crate) fn router(upstreams: &Upstreams) -> Router {
    Router::new()
        .route("/v3/persons/{trn}", get(person))
        .route("/v3/trns/{trn}", get(liveness))
        .route("/webhook-jwks", get(keys))
        .with_state(upstreams.clone())
}

async fn keys(State(upstreams): State<Upstreams>) -> Response {
    json_answer(StatusCode::OK, &upstreams.webhook_keys().published())
}

/// What a TRN leads to.
enum Found<'w> {
    Person(&'w Person),
    /// The record that is left at the end of a chain of merges.
    Merged(Trn),
    Deactivated,
    Unknown,
}

/// Follows merges to their end, which decides: a chain that ends in a deactivated record is gone, not moved (U§4.3).
fn find(upstreams: &Upstreams, trn: Trn, now: Timestamp) -> Found<'_> {
    let mut at = trn;
    // A circle of merges leads nowhere; no chain is longer than there are records.
    for _ in 0..=upstreams.world().trs.len() {
        let Some(seen) = upstreams
            .world()
            .trs
            .get(&at)
            .and_then(|timeline| timeline.at(now))
        else {
            return Found::Unknown;
        };
        match seen.value {
            Answer::Person(person) if at == trn => return Found::Person(person),
            Answer::Person(_) => return Found::Merged(at),
            Answer::Deactivated => return Found::Deactivated,
            Answer::MergedInto(next) => at = *next,
        }
    }
    Found::Unknown
}

async fn person(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    Path(trn): Path<String>,
    params: Params,
) -> Response {
    if let Err(refused) = admitted(&upstreams, &headers) {
        return *refused;
    }
    let sections = match row::Sections::read(given(&params, "include")) {
        Ok(sections) => sections,
        Err(name) => {
            let title = format!("The value '{name}' is not valid for include.");
            return problem(StatusCode::BAD_REQUEST, &title);
        }
    };
    let Ok(trn) = Trn::parse(&trn) else {
        return problem(StatusCode::NOT_FOUND, "Not Found");
    };
    match find(&upstreams, trn, ask.as_of) {
        // A wrong date of birth cannot be told from an unknown TRN (T06).
        Found::Person(person)
            if given(&params, "dateOfBirth").is_some_and(|born| born != person.date_of_birth.to_string()) =>
        {
            problem(StatusCode::NOT_FOUND, "Not Found")
        }
        Found::Person(person) => {
            let mut rows = [Value::from(row::person(&upstreams, &ask, trn, person, sections))];
            reorder(upstreams.faults(), &ask, &mut rows);
            json_answer(StatusCode::OK, &rows[0])
        }
        found @ (Found::Merged(_) | Found::Deactivated | Found::Unknown) => {
            elsewhere(found, &headers, "/v3/persons")
        }
    }
}

/// The cheap probe: whether a TRN leads to a person at all.
async fn liveness(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    Path(trn): Path<String>,
) -> Response {
    if let Err(refused) = admitted(&upstreams, &headers) {
        return *refused;
    }
    let Ok(trn) = Trn::parse(&trn) else {
        return problem(StatusCode::NOT_FOUND, "Not Found");
    };
    match find(&upstreams, trn, ask.as_of) {
        Found::Person(_) => StatusCode::NO_CONTENT.into_response(),
        found @ (Found::Merged(_) | Found::Deactivated | Found::Unknown) => {
            elsewhere(found, &headers, "/v3/trns")
        }
    }
}

/// Whether a request has a key and asks for a version that there is.
fn admitted(upstreams: &Upstreams, headers: &HeaderMap) -> Result<(), Box<Response>> {
    if !version(headers).is_some_and(|version| VERSIONS.contains(&version)) {
        return Err(Box::new(problem(StatusCode::NOT_FOUND, "Not Found")));
    }
    if upstreams.bearer(Service::Trs, headers).is_none() {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return Err(Box::new(response));
    }
    Ok(())
}

/// The version asked for. Who asks for none gets the first of all, which is not served here.
fn version(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-api-version")?.to_str().ok()
}

/// The answer about a TRN that leads to no person of its own.
fn elsewhere(found: Found<'_>, headers: &HeaderMap, path: &str) -> Response {
    let place = |wanted: &str| VERSIONS.iter().position(|version| *version == wanted);
    let tells_apart = version(headers).and_then(place) >= place(TELLS_APART);
    match found {
        Found::Merged(trn) if tells_apart => {
            let location = HeaderValue::try_from(format!("{path}/{trn}")).expect("a TRN is digits");
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
        }
        Found::Deactivated if tells_apart => StatusCode::GONE.into_response(),
        Found::Person(_) | Found::Merged(_) | Found::Deactivated | Found::Unknown => {
            problem(StatusCode::NOT_FOUND, "Not Found")
        }
    }
}
