//! Apply for teacher training: the Candidate API v1.4 and the Register API, of recruits (U§2.2, U§2.3).

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use crate::Upstreams;
use crate::faults::Fault;
use crate::list::Page;
use crate::params::{Params, given, leading_number};
use crate::render::{in_london, object};
use crate::service::{Ask, Service, json_answer, rails_error};
use crate::world::Seen;

pub(crate) mod candidates;
mod cycle;
pub(crate) mod recruits;

fn unauthorized() -> Response {
    rails_error(
        StatusCode::UNAUTHORIZED,
        "Unauthorized",
        "Please provide a valid authentication token",
    )
}

/// The answer to a request that is refused.
type Refused = Box<Response>;

/// Answers whoever has a token of the service.
fn authorised(
    upstreams: &Upstreams,
    service: Service,
    headers: &HeaderMap,
    answer: impl FnOnce() -> Result<Response, Refused>,
) -> Response {
    if upstreams.bearer(service, headers).is_none() {
        return unauthorized();
    }
    answer().unwrap_or_else(|refused| *refused)
}

fn unprocessable(error: &str, message: &str) -> Refused {
    Box::new(rails_error(StatusCode::UNPROCESSABLE_ENTITY, error, message))
}

/// A query that ran out of time (U§2.2).
fn slow_query() -> Refused {
    Box::new(rails_error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "InternalServerError",
        "The server encountered an unexpected condition that prevented it from fulfilling the request",
    ))
}

fn is_slow(upstreams: &Upstreams, ask: &Ask) -> bool {
    upstreams
        .faults()
        .strikes(Fault::SlowQuery, 20, &ask.what, ask.nth)
}

/// How many rows a page is asked to have; at most `most`.
fn per_page(params: &Params, most: usize) -> Result<usize, Refused> {
    let Some(text) = given(params, "per_page") else {
        return Ok(most);
    };
    match usize::try_from(leading_number(text)) {
        Ok(number) if number > most => Err(unprocessable(
            "PerPageParameterInvalid",
            &format!("the 'per_page' parameter cannot exceed {most} results per page"),
        )),
        Ok(number) if number > 0 => Ok(number),
        Ok(_) | Err(_) => Ok(most),
    }
}

fn page_number(params: &Params) -> i64 {
    given(params, "page").map_or(1, leading_number)
}

fn no_such_page(params: &Params, last: i64) -> Refused {
    let asked = given(params, "page").unwrap_or("1");
    unprocessable(
        "PageParameterInvalid",
        &format!("expected 'page' parameter to be between 1 and {last}, got {asked}"),
    )
}

/// The instant of a parameter, or the answer to one that cannot be read.
fn since(params: &Params, name: &str) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = given(params, name) else {
        return Ok(None);
    };
    match crate::params::instant(text) {
        Some(since) => Ok(Some(since)),
        None => Err(unprocessable(
            "ParameterInvalid",
            &format!("Parameter is invalid (should be ISO8601): {name}"),
        )),
    }
}

/// A page with its numbers in headers; the body has none (U§2.2).
fn paged(page: Page<Value>) -> Response {
    let numbers = [
        ("current-page", page.number),
        ("page-items", i64::try_from(page.per_page).unwrap_or(i64::MAX)),
        ("total-pages", page.pages()),
        ("total-count", i64::try_from(page.rows_in_all).unwrap_or(i64::MAX)),
    ];
    let mut response = json_answer(StatusCode::OK, &object! { "data": page.rows }.into());
    for (name, number) in numbers {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from(number));
    }
    response
}

/// The `updated_at` that is served: later than the last change where every row was touched since (T40).
fn updated_at<V>(upstreams: &Upstreams, service: Service, seen: &Seen<'_, V>, as_of: Timestamp) -> Timestamp {
    let touched = upstreams.faults().last_spell(Fault::BulkTouch, service, as_of);
    touched.map_or(seen.updated_at, |touched| {
        if touched.from >= seen.created_at {
            seen.updated_at.max(touched.from)
        } else {
            seen.updated_at
        }
    })
}

/// Writes the instants of one answer.
struct Instants<'a> {
    upstreams: &'a Upstreams,
    ask: &'a Ask,
}

impl Instants<'_> {
    fn text(&self, instant: Timestamp) -> String {
        let faults = self.upstreams.faults();
        if !faults.has(Fault::MixedInstants) {
            return in_london(instant);
        }
        // The same instant to the millisecond, however it is written.
        let instant = Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant);
        let thing = instant.to_string();
        match faults.draw(Fault::MixedInstants, &thing, self.ask.nth) % 3 {
            0 => in_london(instant),
            1 => crate::render::in_utc(instant),
            _ => thing,
        }
    }

    fn value(&self, instant: Option<Timestamp>) -> Value {
        instant.map_or(Value::Null, |instant| self.text(instant).into())
    }
}
