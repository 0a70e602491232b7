//! A trainee as Register writes it. What no life varies is filled in from the slug.

use serde_json::Value;

use super::updated_at;
use crate::Upstreams;
use crate::faults::Fault;
use crate::list::reorder;
use crate::render::{NO_ITEMS, NULL, Object, add_extra, day, filler, in_utc, object, text};
use crate::service::{Ask, word};
use crate::world::register::{Placement, Trainee};
use crate::world::{Seen, Text};

/// A trainee in a list.
pub(super) fn listed(upstreams: &Upstreams, ask: &Ask, slug: &Text, seen: &Seen<'_, Trainee>) -> Value {
    trainee(upstreams, ask, slug, seen).into()
}

/// A trainee by itself: the bare object, without an envelope.
pub(super) fn single(upstreams: &Upstreams, ask: &Ask, slug: &Text, seen: &Seen<'_, Trainee>) -> Value {
    let mut rows = [Value::from(trainee(upstreams, ask, slug, seen))];
    reorder(upstreams.faults(), ask, &mut rows);
    let [row] = rows;
    row
}

fn trainee(upstreams: &Upstreams, ask: &Ask, slug: &Text, seen: &Seen<'_, Trainee>) -> Object {
    let trainee = seen.value;
    let instant = |at: Option<_>| at.map_or(Value::Null, |at| in_utc(at).into());
    let mut row = object! {
        "trainee_id": &**slug,
        "provider_trainee_id": format!("{}/{}", trainee.ukprn, filler(slug, "provider", 100_000)),
        "first_names": &*trainee.first_names,
        "middle_names": &*trainee.middle_names,
        "last_name": &*trainee.last_name,
        "date_of_birth": trainee.date_of_birth.to_string(),
        "email": &*trainee.email,
        "created_at": in_utc(seen.created_at),
        "updated_at": in_utc(updated_at(upstreams, seen, ask.as_of)),
        "state": word(upstreams, ask, slug, trainee.state.as_str()),
        "record_source": trainee.record_source.as_str(),
        "application_id": trainee.application_id.map(|choice| choice.0),
        "trn": trainee.trn.map(|trn| trn.to_string()),
        "ukprn": trainee.ukprn.to_string(),
        "hesa_id": format!("{:013}", filler(slug, "hesa", 10_000_000_000_000)),
        "training_route": &*trainee.training_route,
        "itt_start_date": day(trainee.itt_start_date),
        "itt_end_date": day(trainee.itt_end_date),
        "trainee_start_date": day(trainee.trainee_start_date),
        "submitted_for_trn_at": instant(trainee.submitted_for_trn_at),
        "defer_date": day(trainee.defer_date),
        "defer_reason": text(trainee.defer_reason.as_ref()),
        "reinstate_date": day(trainee.reinstate_date),
        "recommended_for_award_at": instant(trainee.recommended_for_award_at),
        "outcome_date": day(trainee.outcome_date),
        "awarded_at": instant(trainee.awarded_at),
        "placements": trainee.placements.iter().map(placement).collect::<Vec<Object>>(),
        "degrees": NO_ITEMS,
    };
    row.extend(course(trainee));
    row.extend(withdrawal(trainee));
    row.extend(unvaried());
    add_extra(&mut row, &trainee.extra);
    if upstreams.faults().has(Fault::UnknownField) {
        row.insert("apprenticeship_reference".to_owned(), Value::Null);
    }
    row
}

fn course(trainee: &Trainee) -> Object {
    let course = &trainee.course;
    let subject = |place: usize| text(course.subjects.get(place));
    object! {
        "course_qualification": &*course.qualification,
        "course_title": NULL,
        "course_level": &*course.level,
        "course_education_phase": &*course.education_phase,
        "course_itt_start_date": day(course.start_date),
        "course_age_range": &*course.age_range,
        "course_min_age": course.ages.0,
        "course_max_age": course.ages.1,
        "course_subject_1": subject(0),
        "course_subject_2": subject(1),
        "course_subject_3": subject(2),
        "study_mode": &*course.study_mode,
        "training_partner_urn": text(course.training_partner_urn.as_ref()),
        "training_partner_ukprn": text(course.training_partner_ukprn.as_ref()),
        "employing_school_urn": text(course.employing_school_urn.as_ref()),
    }
}

/// The withdrawal in force; its fields are null together where there is none.
fn withdrawal(trainee: &Trainee) -> Object {
    let withdrawal = trainee.withdrawal.as_ref();
    let reasons = |withdrawal: &crate::world::register::Withdrawal| -> Vec<String> {
        withdrawal.reasons.iter().map(ToString::to_string).collect()
    };
    object! {
        "withdrawal_date": day(withdrawal.map(|withdrawal| withdrawal.date)),
        "withdrawal_trigger": withdrawal.map(|withdrawal| withdrawal.trigger.as_str()),
        "withdrawal_reasons": withdrawal.map(reasons),
        "withdrawal_future_interest": withdrawal.map(|withdrawal| withdrawal.future_interest.as_str()),
        "withdrawal_another_reason": NULL,
        "withdrawal_safeguarding_concern_reasons": NULL,
    }
}

fn placement(placement: &Placement) -> Object {
    object! {
        "placement_id": &*placement.id,
        "urn": text(placement.urn.as_ref()),
        "name": &*placement.name,
        "address": NULL,
        "postcode": NULL,
    }
}

/// What the specification requires and no life varies.
fn unvaried() -> Object {
    object! {
        "sex": "99",
        "nationality": "british",
        "diversity_disclosure": "diversity_not_disclosed",
        "ethnic_group": NULL,
        "ethnic_background": NULL,
        "additional_ethnic_background": NULL,
        "ethnicity": NULL,
        "disability_disclosure": NULL,
        "training_initiative": "009",
        "additional_training_initiative": NULL,
        "pg_apprenticeship_start_date": NULL,
        "previous_last_name": NULL,
        "ni_number": NULL,
        "course_year": NULL,
        "iqts_country": NULL,
        "itt_aim": "201",
        "itt_qualification_aim": "004",
        "fund_code": "7",
        "funding_method": "4",
    }
}
