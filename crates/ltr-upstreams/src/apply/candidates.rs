//! The Candidate API v1.4 (U§2.2). Who has no form in the current cycle or the next is not served, whatever is known of
//! them, unless their account is newer than the last deadline.

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use ltr_domain::ids::CandidateId;
use serde_json::Value;

use super::{
    Instants, Refused, authorised, cycle, is_slow, no_such_page, page_number, paged, per_page, since,
    slow_query, unprocessable, updated_at,
};
use crate::Upstreams;
use crate::faults::Fault;
use crate::list::{page, reorder};
use crate::params::Params;
use crate::render::{NO_ITEMS, Object, add_extra, object};
use crate::service::{Ask, Service, json_answer, rails_error, word};
use crate::world::Seen;
use crate::world::apply::{Candidate, Choice, Course, Form, Interview};

const MOST_PER_PAGE: usize = 500;

pub(crate) fn router(upstreams: &Upstreams) -> Router {
    Router::new()
        .route("/candidate-api/v1.4/candidates", get(list))
        .route("/candidate-api/v1.4/candidates/{id}", get(one))
        .with_state(upstreams.clone())
}

async fn list(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    params: Params,
) -> Response {
    authorised(&upstreams, Service::Candidates, &headers, || {
        answer(&upstreams, &ask, &params)
    })
}

fn answer(upstreams: &Upstreams, ask: &Ask, params: &Params) -> Result<Response, Refused> {
    let Some(since) = since(params, "updated_since")? else {
        return Err(unprocessable(
            "ParameterMissing",
            "param is missing or the value is empty or invalid: updated_since",
        ));
    };
    let per_page = per_page(params, MOST_PER_PAGE)?;
    if is_slow(upstreams, ask) {
        return Err(slow_query());
    }
    let found: Vec<_> = upstreams
        .world()
        .apply
        .at(ask.as_of)
        .filter(|(_, seen)| updated_at(upstreams, Service::Candidates, seen, ask.as_of) > since)
        .filter(|(_, seen)| is_in_scope(seen, ask.as_of))
        .collect();
    let found = page(upstreams.faults(), ask, found, page_number(params), per_page)
        .map_err(|last| no_such_page(params, last))?;
    let mut rows: Vec<Value> = found
        .rows
        .iter()
        .map(|(id, seen)| candidate(upstreams, ask, **id, seen).into())
        .collect();
    reorder(upstreams.faults(), ask, &mut rows);
    Ok(paged(crate::list::Page {
        rows,
        number: found.number,
        per_page: found.per_page,
        rows_in_all: found.rows_in_all,
    }))
}

async fn one(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    authorised(&upstreams, Service::Candidates, &headers, || {
        let found = CandidateId::parse(&id).ok().and_then(|id| {
            let seen = upstreams.world().apply.get(&id)?.at(ask.as_of)?;
            is_in_scope(&seen, ask.as_of).then(|| candidate(&upstreams, &ask, id, &seen))
        });
        Ok(match found {
            Some(row) => json_answer(StatusCode::OK, &object! { "data": row }.into()),
            None => rails_error(StatusCode::NOT_FOUND, "NotFound", "Unable to find Candidate"),
        })
    })
}

/// Whether a candidate is served at all: the scope that drops people at roll-over (U§2.2).
fn is_in_scope(seen: &Seen<'_, Candidate>, now: Timestamp) -> bool {
    let current = cycle::current(now);
    let is_near = |form: &Form| {
        i16::try_from(form.cycle_year).is_ok_and(|year| (current..=current + 1).contains(&year))
    };
    seen.value.forms.iter().any(is_near) || seen.created_at > cycle::deadline_at(current - 1)
}

fn candidate(upstreams: &Upstreams, ask: &Ask, id: CandidateId, seen: &Seen<'_, Candidate>) -> Object {
    let instants = Instants { upstreams, ask };
    let candidate = seen.value;
    let forms: Vec<Object> = candidate.forms.iter().map(|one| form(&instants, one)).collect();
    let mut attributes = object! {
        "email_address": &*candidate.email,
        "created_at": instants.text(seen.created_at),
        "updated_at": instants.text(updated_at(upstreams, Service::Candidates, seen, ask.as_of)),
        "application_forms": forms,
    };
    add_extra(&mut attributes, &candidate.extra);
    if upstreams.faults().has(Fault::UnknownField) {
        attributes.insert("contact_preference".to_owned(), "email".into());
    }
    object! { "id": id.to_string(), "type": "candidate", "attributes": attributes }
}

fn form(instants: &Instants<'_>, form: &Form) -> Object {
    let choices: Vec<Object> = form.choices.iter().map(|one| choice(instants, one)).collect();
    let is_submitted = form.submitted_at.is_some();
    let mut row = object! {
        "id": form.id.0,
        "created_at": instants.text(form.created_at),
        "updated_at": instants.text(form.updated_at),
        "first_name": &*form.first_name,
        "last_name": &*form.last_name,
        "application_status": form.status().as_str(),
        "application_phase": "apply_1",
        "recruitment_cycle_year": form.cycle_year,
        "submitted_at": instants.value(form.submitted_at),
        "application_choices": object! { "completed": is_submitted, "data": choices },
        "references": object! { "completed": is_submitted, "data": NO_ITEMS },
        "qualifications": object! { "completed": is_submitted },
        "personal_statement": object! { "completed": is_submitted },
    };
    if !is_submitted && instants.upstreams.faults().has(Fault::AbsentFields) {
        row.remove("submitted_at");
    }
    row
}

fn choice(instants: &Instants<'_>, choice: &Choice) -> Object {
    let key = choice.id.to_string();
    let interviews: Vec<Object> = choice
        .interviews
        .iter()
        .map(|one| interview(instants, one))
        .collect();
    let mut row = object! {
        "id": choice.id.0,
        "created_at": instants.text(choice.created_at),
        "updated_at": instants.text(choice.updated_at),
        "sent_to_provider_at": instants.value(choice.sent_to_provider_at),
        "status": word(instants.upstreams, instants.ask, &key, choice.status.as_str()),
        "course": course(&choice.course),
        "provider": object! { "name": &*choice.course.provider.name },
        "interviews": interviews,
    };
    if let Some(accepted_at) = choice.accepted_at {
        row.insert("accepted_at".to_owned(), instants.text(accepted_at).into());
    }
    row
}

fn course(course: &Course) -> Object {
    object! {
        "uuid": course.uuid.to_string(),
        "name": &*course.name,
        "level": course.level.as_str(),
        "funding_type": course.funding_type.as_str(),
        "program_type": course.program_type.as_str(),
    }
}

fn interview(instants: &Instants<'_>, interview: &Interview) -> Object {
    let mut row = object! {
        "id": interview.id,
        "created_at": instants.text(interview.created_at),
        "updated_at": instants.text(interview.cancelled_at.unwrap_or(interview.created_at)),
        "date_and_time": instants.text(interview.at),
    };
    if let Some(cancelled_at) = interview.cancelled_at {
        row.insert("cancelled_at".to_owned(), instants.text(cancelled_at).into());
    }
    row
}
