//! Teaching Vacancies: the public list of live vacancies (U§6.1). It names no vacancy by an id and tells of no
//! application; for those there is the extract.

use std::cmp::Reverse;

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Upstreams;
use crate::faults::Fault;
use crate::list::page;
use crate::params::{Params, given, leading_number};
use crate::render::{LONDON, in_london, london_day};
use crate::service::{Ask, json_answer, typed};
use crate::world::Seen;
use crate::world::vacancies::{Applications, Vacancy};

pub(crate) mod extract;
mod line;

const PER_PAGE: usize = 100;

pub(crate) fn router(upstreams: &Upstreams) -> Router {
    Router::new()
        .route("/api/v1/jobs.json", get(list))
        .with_state(upstreams.clone())
}

async fn list(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    params: Params,
) -> Response {
    let mut live: Vec<_> = upstreams
        .world()
        .vacancies
        .vacancies
        .at(ask.as_of)
        .filter(|(_, seen)| is_live(seen.value, ask.as_of))
        .collect();
    live.sort_by_key(|(id, seen)| (Reverse(seen.value.publish_on), **id));
    let number = given(&params, "page").map_or(1, leading_number).max(1);
    let Ok(found) = page(upstreams.faults(), &ask, live, number, PER_PAGE) else {
        return typed(StatusCode::NOT_FOUND, "text/html; charset=utf-8", String::new());
    };
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|(id, seen)| job(&upstreams, **id, seen))
        .collect();
    let pages = found.pages();
    let link = |number: i64| {
        (1..=pages)
            .contains(&number)
            .then(|| format!("https://teaching-vacancies.service.gov.uk/api/v1/jobs.json?page={number}"))
    };
    let body = json!({
        "openapi": "3.0.0",
        "data": rows,
        "links": {
            "self": link(number),
            "first": link(1),
            "last": link(pages),
            "prev": link(number - 1),
            "next": link(number + 1),
        },
        "meta": { "totalPages": pages },
    });
    json_answer(StatusCode::OK, &body)
}

/// Whether a vacancy is shown: published, and not yet expired (U§6.1).
fn is_live(vacancy: &Vacancy, now: Timestamp) -> bool {
    vacancy.publish_on <= london_day(now) && expires_at(vacancy).is_some_and(|expires_at| now < expires_at)
}

fn expires_at(vacancy: &Vacancy) -> Option<Timestamp> {
    let zoned = vacancy.expires_at.to_zoned(LONDON.clone()).ok()?;
    Some(zoned.timestamp())
}

/// A vacancy as search engines are told of it. The first role alone, the school by its URN, else the trust by its UID.
fn job(upstreams: &Upstreams, id: Uuid, seen: &Seen<'_, Vacancy>) -> Value {
    let vacancy = seen.value;
    let organisation = vacancy.organisations.first();
    let identifier = organisation.and_then(|at| at.urn.as_ref().or(at.uid.as_ref()));
    let patterns: Vec<String> = vacancy
        .working_patterns
        .iter()
        .map(|pattern| pattern.to_uppercase())
        .collect();
    let short = id.simple().to_string();
    let mut row = json!({
        "@context": "http://schema.org",
        "@type": "JobPosting",
        "title": &*vacancy.job_title,
        "jobBenefits": null,
        "datePosted": vacancy.publish_on.to_string(),
        "description": &*vacancy.job_title,
        "occupationalCategory": vacancy.job_roles.first().map(ToString::to_string),
        "directApply": vacancy.applications == Applications::Here,
        "employmentType": patterns,
        "industry": "Education",
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": null,
                "addressRegion": null,
                "streetAddress": null,
                "postalCode": null,
                "addressCountry": "GB",
            },
        },
        "url": format!("https://teaching-vacancies.service.gov.uk/jobs/vacancy-{}", &short[..8]),
        "hiringOrganization": {
            "@type": "Organization",
            "name": organisation.map(|at| at.name.to_string()),
            "sameAs": null,
            "identifier": identifier.map(ToString::to_string),
            "description": null,
            "logo": "/images/govuk-icon-180.png",
        },
        "validThrough": expires_at(vacancy).map(in_london),
    });
    if upstreams.faults().has(Fault::UnknownField) {
        row["experienceRequirements"] = Value::Null;
    }
    row
}
