//! Register v2026.1 (U§3.1). A token sees the trainees of one provider, a list those who start in one academic cycle, and
//! a list without anybody is a 404.

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ltr_domain::ids::Ukprn;
use serde_json::{Map, Value, json};

use crate::Upstreams;
use crate::faults::Fault;
use crate::list::{page, reorder};
use crate::params::{Params, given, leading_number};
use crate::render::{london_day, object};
use crate::service::{Ask, Service, json_answer, rails_error};
use crate::world::register::{Trainee, TraineeState, academic_cycle};
use crate::world::{Seen, Text};

mod row;

/// Rows a page, where nothing else is asked for. There is no upper bound (U§3.1).
const PER_PAGE: i64 = 50;

/// For how long a trainee who moved is served under the old token too, where that fault is on.
const SERVED_TWICE: SignedDuration = SignedDuration::from_hours(48);

pub(crate) fn router(upstreams: &Upstreams) -> Router {
    Router::new()
        .route("/api/v2026.1/info", get(info))
        .route("/api/v2026.1/trainees", get(list))
        .route("/api/v2026.1/trainees/{id}", get(one))
        .with_state(upstreams.clone())
}

fn unauthorized() -> Response {
    json_answer(StatusCode::UNAUTHORIZED, &json!({ "error": "Unauthorized" }))
}

async fn info(State(upstreams): State<Upstreams>, headers: HeaderMap) -> Response {
    if provider(&upstreams, &headers).is_none() {
        return unauthorized();
    }
    json_answer(
        StatusCode::OK,
        &json!({ "status": "ok", "version": { "requested": "v2026.1", "latest": "v2026.1" } }),
    )
}

/// The provider whose token a request carries.
fn provider(upstreams: &Upstreams, headers: &HeaderMap) -> Option<Ukprn> {
    Ukprn::parse(&upstreams.bearer(Service::Register, headers)?).ok()
}

async fn one(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(provider) = provider(&upstreams, &headers) else {
        return unauthorized();
    };
    let found = served(&upstreams, &ask, provider).find(|(slug, _)| ***slug == *id);
    match found {
        Some((slug, seen)) => json_answer(StatusCode::OK, &row::single(&upstreams, &ask, slug, &seen)),
        None => rails_error(StatusCode::NOT_FOUND, "NotFound", "Trainee(s) not found"),
    }
}

async fn list(
    State(upstreams): State<Upstreams>,
    Extension(ask): Extension<Ask>,
    headers: HeaderMap,
    params: Params,
) -> Response {
    let Some(provider) = provider(&upstreams, &headers) else {
        return unauthorized();
    };
    let wanted = match Wanted::read(&params, ask.now) {
        Ok(wanted) => wanted,
        Err(invalid) => return unprocessable(invalid),
    };
    let mut found: Vec<_> = served(&upstreams, &ask, provider)
        .filter(|(_, seen)| wanted.has(seen.value, ask.as_of))
        .map(|(slug, seen)| (slug, updated_at(&upstreams, &seen, ask.as_of), seen))
        .filter(|(_, updated_at, _)| *updated_at >= wanted.since)
        .collect();
    // Newest first and by descending id; what stands for the id is the slug.
    found.sort_by(|(slug, at, _), (other, other_at, _)| match wanted.order {
        Order::OldestFirst => at.cmp(other_at).then_with(|| other.cmp(slug)),
        Order::NewestFirst => other_at.cmp(at).then_with(|| other.cmp(slug)),
    });
    let Ok(found) = page(upstreams.faults(), &ask, found, wanted.page, wanted.per_page) else {
        return nobody();
    };
    if found.rows.is_empty() {
        return nobody();
    }
    let mut rows: Vec<Value> = found
        .rows
        .iter()
        .map(|(slug, _, seen)| row::listed(&upstreams, &ask, slug, seen))
        .collect();
    reorder(upstreams.faults(), &ask, &mut rows);
    let meta = object! {
        "current_page": found.number,
        "total_pages": found.pages(),
        "total_count": found.rows_in_all,
        "per_page": found.per_page,
    };
    json_answer(StatusCode::OK, &object! { "data": rows, "meta": meta }.into())
}

/// An empty page (U§3.1).
fn nobody() -> Response {
    rails_error(StatusCode::NOT_FOUND, "NotFound", "No trainees found")
}

/// The trainees that a provider's token sees: its own, but drafts and those that were discarded.
fn served<'u>(
    upstreams: &'u Upstreams,
    ask: &'u Ask,
    provider: Ukprn,
) -> impl Iterator<Item = (&'u Text, Seen<'u, Trainee>)> {
    let lingers = upstreams.faults().has(Fault::MovedTwice);
    upstreams.owned_by(provider).filter_map(move |slug| {
        let timeline = upstreams.world().register.get(slug)?;
        let seen = timeline.at(ask.as_of)?;
        let was_its_own = || {
            let before = timeline.at(ask.as_of - SERVED_TWICE);
            lingers && before.is_some_and(|before| before.value.ukprn == provider)
        };
        let is_seen =
            seen.value.state != TraineeState::Draft && (seen.value.ukprn == provider || was_its_own());
        is_seen.then_some((slug, seen))
    })
}

/// The `updated_at` that is served: later than the last change where every row was touched since (T40).
fn updated_at(upstreams: &Upstreams, seen: &Seen<'_, Trainee>, as_of: Timestamp) -> Timestamp {
    let touched = upstreams
        .faults()
        .last_spell(Fault::BulkTouch, Service::Register, as_of)
        .filter(|touched| touched.from >= seen.created_at);
    touched.map_or(seen.updated_at, |touched| seen.updated_at.max(touched.from))
}

/// The order of a list by `updated_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    OldestFirst,
    NewestFirst,
}

/// What a list is asked for.
struct Wanted {
    cycle: i16,
    statuses: Option<Status>,
    has_trn: Option<bool>,
    since: Timestamp,
    page: i64,
    per_page: usize,
    order: Order,
}

/// The statuses that a list can be narrowed to; they are the screens' and not the states (U§3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    CourseNotYetStarted,
    InTraining,
    Deferred,
    Awarded,
    Withdrawn,
}

impl Wanted {
    /// Reads the parameters, or says of each what is wrong with it.
    fn read(params: &Params, now: Timestamp) -> Result<Self, Map<String, Value>> {
        let mut invalid = Map::new();
        let cycle = match given(params, "academic_cycle") {
            None => academic_cycle(london_day(now)),
            Some(text) => text.parse().unwrap_or_else(|_| {
                let why = format!("{text} is not a valid academic cycle year");
                invalid.insert("academic_cycle".to_owned(), json!([why]));
                0
            }),
        };
        let since = match given(params, "since") {
            None => Timestamp::UNIX_EPOCH,
            Some(text) => since(text).unwrap_or_else(|| {
                invalid.insert("since".to_owned(), json!([format!("{text} is not a valid date")]));
                Timestamp::UNIX_EPOCH
            }),
        };
        let statuses = given(params, "status").and_then(|text| {
            let status = Status::read(text);
            if status.is_none() {
                invalid.insert(
                    "status".to_owned(),
                    json!([format!("{text} is not a valid status")]),
                );
            }
            status
        });
        if !invalid.is_empty() {
            return Err(invalid);
        }
        let per_page = given(params, "per_page").map_or(PER_PAGE, leading_number);
        Ok(Self {
            cycle,
            statuses,
            has_trn: given(params, "has_trn").map(|text| text == "true"),
            since,
            page: given(params, "page").map_or(1, leading_number).max(1),
            per_page: usize::try_from(if per_page > 0 { per_page } else { PER_PAGE }).unwrap_or(usize::MAX),
            order: match given(params, "sort_order") {
                Some("asc") => Order::OldestFirst,
                Some(_) | None => Order::NewestFirst,
            },
        })
    }

    fn has(&self, trainee: &Trainee, now: Timestamp) -> bool {
        trainee.academic_cycle() == Some(self.cycle)
            && self.has_trn.is_none_or(|wanted| trainee.trn.is_some() == wanted)
            && self
                .statuses
                .is_none_or(|status| status.is_of(trainee, london_day(now)))
    }
}

/// `since` is taken as a day: of an instant the service keeps the date and drops the time.
fn since(text: &str) -> Option<Timestamp> {
    let day: Date = match text.parse::<DateTime>() {
        Ok(instant) => instant.date(),
        Err(_) => text.get(..10)?.parse().ok()?,
    };
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

impl Status {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "course_not_yet_started" => Self::CourseNotYetStarted,
            "in_training" => Self::InTraining,
            "deferred" => Self::Deferred,
            "awarded" => Self::Awarded,
            "withdrawn" => Self::Withdrawn,
            _ => return None,
        })
    }

    fn is_of(self, trainee: &Trainee, today: Date) -> bool {
        use TraineeState as State;
        let state = &trainee.state;
        let is_planned_later = trainee.itt_start_date.is_some_and(|start| start > today);
        match self {
            Self::CourseNotYetStarted => {
                is_planned_later && !matches!(state, State::Draft | State::Deferred | State::Withdrawn)
            }
            Self::InTraining => {
                let is_live = matches!(
                    state,
                    State::SubmittedForTrn | State::TrnReceived | State::RecommendedForAward
                );
                is_live && trainee.itt_start_date.is_some_and(|start| start <= today)
            }
            Self::Deferred => *state == State::Deferred,
            Self::Awarded => *state == State::Awarded,
            Self::Withdrawn => *state == State::Withdrawn,
        }
    }
}

fn unprocessable(invalid: Map<String, Value>) -> Response {
    json_answer(
        StatusCode::UNPROCESSABLE_ENTITY,
        &json!({
            "message": "Validation failed: 1 error prohibited this request being run",
            "errors": invalid,
        }),
    )
}
