//! The Register API, by which Register itself learns of recruits (U§2.3): choices that reached a place, with who the
//! candidate is. Asked cycle by cycle; the cycle is the course's.

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use ltr_domain::ids::CandidateId;
use serde_json::Value;

use super::{
    Instants, Refused, authorised, is_slow, no_such_page, page_number, paged, per_page, since, slow_query,
    unprocessable,
};
use crate::Upstreams;
use crate::faults::Fault;
use crate::list::{page, reorder};
use crate::params::{Params, given};
use crate::render::{NO_ITEMS, NULL, Object, add_extra, filler, object};
use crate::service::{Ask, Service, word};
use crate::world::apply::{Candidate, Choice, ChoiceStatus, Course, Form, ProviderKind};

mod places;

pub(crate) use places::Places;

const MOST_PER_PAGE: usize = 50;

pub(crate) fn router(upstreams: &Upstreams) -> Router {
    Router::new()
        .route("/register-api/applications", get(list))
        .with_state(upstreams.clone())
}

async fn list(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    params: Params,
) -> Response {
    authorised(&upstreams, Service::Recruits, &headers, || {
        answer(&upstreams, &ask, &params)
    })
}

/// A choice that is told of, with whose it is.
#[derive(Clone, Copy)]
struct Recruit<'w> {
    id: CandidateId,
    candidate: &'w Candidate,
    form: &'w Form,
    choice: &'w Choice,
}

fn answer(upstreams: &Upstreams, ask: &Ask, params: &Params) -> Result<Response, Refused> {
    let Some(year) = given(params, "recruitment_cycle_year") else {
        return Err(unprocessable(
            "ParameterMissing",
            "param is missing or the value is empty or invalid: recruitment_cycle_year",
        ));
    };
    let Ok(year) = year.parse::<u16>() else {
        return Err(unprocessable(
            "ParameterInvalid",
            "Parameter is invalid: recruitment_cycle_year",
        ));
    };
    let since = since(params, "changed_since")?;
    let per_page = per_page(params, MOST_PER_PAGE)?;
    if is_slow(upstreams, ask) {
        return Err(slow_query());
    }
    let found = upstreams.places().at(year, since, ask.as_of).collect();
    let found = page(upstreams.faults(), ask, found, page_number(params), per_page)
        .map_err(|last| no_such_page(params, last))?;
    let mut rows: Vec<Value> = found
        .rows
        .iter()
        .filter_map(|place| place.told(upstreams.world()))
        .map(|recruit| row(upstreams, ask, &recruit).into())
        .collect();
    reorder(upstreams.faults(), ask, &mut rows);
    Ok(paged(crate::list::Page {
        rows,
        number: found.number,
        per_page: found.per_page,
        rows_in_all: found.rows_in_all,
    }))
}

/// The choices of a candidate that reached a place and are recruited, or deferred or withdrawn since.
fn recruits(id: CandidateId, candidate: &Candidate) -> impl Iterator<Item = Recruit<'_>> {
    let is_told = |choice: &Choice| {
        let is_of_a_place = matches!(
            choice.status,
            ChoiceStatus::Recruited | ChoiceStatus::OfferDeferred | ChoiceStatus::Withdrawn
        );
        is_of_a_place && choice.recruited_at.is_some()
    };
    candidate.forms.iter().flat_map(move |form| {
        form.choices
            .iter()
            .filter(move |choice| is_told(choice))
            .map(move |choice| Recruit {
                id,
                candidate,
                form,
                choice,
            })
    })
}

/// The course of the place: the one offered, if it is not the one applied for.
fn course<'w>(recruit: &Recruit<'w>) -> &'w Course {
    recruit.choice.offered.as_ref().unwrap_or(&recruit.choice.course)
}

/// When the application changed last: the choice itself, or the form it is on.
fn changed_at(recruit: &Recruit<'_>) -> Timestamp {
    recruit.choice.updated_at.max(recruit.form.updated_at)
}

fn row(upstreams: &Upstreams, ask: &Ask, recruit: &Recruit<'_>) -> Object {
    let instants = Instants { upstreams, ask };
    let choice = recruit.choice;
    let key = choice.id.to_string();
    let sent_at = choice.sent_to_provider_at.unwrap_or(choice.created_at);
    let mut attributes = object! {
        "support_reference": format!("ZZ{:04}", recruit.form.id.0 % 10_000),
        "status": word(upstreams, ask, &key, choice.status.as_str()),
        "updated_at": instants.text(changed_at(recruit)),
        "submitted_at": instants.text(recruit.form.submitted_at.unwrap_or(sent_at)),
        "recruited_at": instants.value(choice.recruited_at),
        "candidate": candidate(recruit),
        "contact_details": contact(recruit),
        "course": course_row(course(recruit)),
        "qualifications": qualifications(recruit),
        "hesa_itt_data": NULL,
    };
    add_extra(&mut attributes, &recruit.candidate.extra);
    if upstreams.faults().has(Fault::UnknownField) {
        attributes.insert("anonymised".to_owned(), false.into());
    }
    object! { "id": key, "type": "application", "attributes": attributes }
}

fn candidate(recruit: &Recruit<'_>) -> Object {
    let nationalities: Vec<&str> = recruit
        .candidate
        .nationalities
        .iter()
        .map(AsRef::as_ref)
        .collect();
    let is_british = nationalities.contains(&"GB");
    object! {
        "id": recruit.id.to_string(),
        "first_name": &*recruit.form.first_name,
        "last_name": &*recruit.form.last_name,
        "date_of_birth": recruit.candidate.date_of_birth.to_string(),
        "nationality": nationalities,
        "domicile": "XF",
        "uk_residency_status": if is_british { "UK Citizen" } else { "Settled status" },
        "uk_residency_status_code": if is_british { "A" } else { "D" },
        "fee_payer": if is_british { "02" } else { "99" },
        "english_main_language": true,
        "english_language_qualifications": "",
        "other_languages": "",
        "disability_disclosure": NULL,
        "disabilities": NO_ITEMS,
        "gender": "Prefer not to say",
        "ethnic_group": NULL,
        "ethnic_background": NULL,
    }
}

fn contact(recruit: &Recruit<'_>) -> Object {
    let key = recruit.id.to_string();
    object! {
        "phone_number": format!("01632 960{:03}", filler(&key, "telephone", 1000)),
        "address_line1": format!("{} Nowhere Street", 1 + filler(&key, "house", 200)),
        "address_line2": NULL,
        "address_line3": NULL,
        "address_line4": NULL,
        "postcode": "ZZ99 9ZZ",
        "country": "GB",
        "email": &*recruit.candidate.email,
    }
}

fn course_row(course: &Course) -> Object {
    let accredited = course.provider.accredited_by.as_ref();
    object! {
        "recruitment_cycle_year": course.cycle_year,
        "course_code": &*course.code,
        "course_uuid": course.uuid.to_string(),
        "training_provider_code": &*course.provider.code,
        "training_provider_type": course.provider.kind.as_str(),
        "accredited_provider_code": accredited.map(|(code, _)| code.to_string()),
        "accredited_provider_type": accredited.map(|(_, kind): &(_, ProviderKind)| kind.as_str()),
        "site_code": "-",
        "study_mode": course.study_mode.as_str(),
    }
}

fn qualifications(recruit: &Recruit<'_>) -> Object {
    let born = i64::from(recruit.candidate.date_of_birth.year());
    let degree = object! {
        "id": recruit.form.id.0,
        "qualification_type": "BA",
        "non_uk_qualification_type": NULL,
        "subject": "History",
        "grade": "Upper second-class honours (2:1)",
        "start_year": (born + 18).to_string(),
        "award_year": (born + 21).to_string(),
        "institution_details": NULL,
        "equivalency_details": NULL,
        "comparable_uk_degree": NULL,
    };
    object! {
        "gcses": NO_ITEMS,
        "degrees": vec![degree],
        "other_qualifications": NO_ITEMS,
        "missing_gcses_explanation": NULL,
    }
}
