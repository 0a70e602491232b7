//! Invented rows as Register's API gives them: trainees of one provider with a TRN, a degree and a placement.

use serde_json::{Value, json};

const FIRST: [&str; 12] = [
    "Amara", "Bronwen", "Callum", "Devika", "Elspeth", "Farouk", "Gwilym", "Hyacinth", "Idris", "Jocasta",
    "Kwame", "Leocadia",
];
const LAST: [&str; 12] = [
    "Okonjo",
    "Pritchard",
    "Quarrie",
    "Raman",
    "Sinclair",
    "Tahiri",
    "Umunna",
    "Vaughan",
    "Whitlock",
    "Xanthou",
    "Yardley",
    "Zamora",
];
const SUBJECTS: [&str; 4] = ["100403", "100425", "100320", "100302"];

/// Every trainee in training, a line each.
pub(crate) fn first_delivery(count: usize) -> Vec<u8> {
    lines((0..count).map(trainee))
}

/// The same trainees, of whom every tenth was deferred since.
pub(crate) fn tenth_changed(count: usize) -> Vec<u8> {
    lines((0..count).map(|who| {
        if who % 10 == 3 {
            deferred(who)
        } else {
            trainee(who)
        }
    }))
}

/// A large delivery, line by line: made as it is read, so that it takes no memory itself.
pub(crate) fn line_by_line(count: usize, so_far: SoFar) -> impl Iterator<Item = Vec<u8>> + Send {
    (0..count).map(move |who| {
        let row = match so_far {
            SoFar::TwentiethDeferred if who % 20 == 3 => deferred(who),
            SoFar::InTraining | SoFar::TwentiethDeferred => trainee(who),
        };
        row.to_string().into_bytes()
    })
}

/// How far the trainees of a large delivery are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SoFar {
    /// All are in training.
    InTraining,
    /// Every twentieth was deferred since.
    TwentiethDeferred,
}

fn deferred(who: usize) -> Value {
    let mut row = trainee(who);
    row["state"] = "deferred".into();
    row["defer_date"] = "2026-11-10".into();
    row["defer_reason"] = "An invented reason".into();
    row["updated_at"] = "2026-11-11T08:00:00.000Z".into();
    row
}

fn lines(rows: impl Iterator<Item = Value>) -> Vec<u8> {
    let mut text = Vec::new();
    for row in rows {
        text.extend_from_slice(row.to_string().as_bytes());
        text.push(b'\n');
    }
    text
}

fn trainee(who: usize) -> Value {
    let parts = [who_it_is(who), what_is_studied(who), how_far_it_is(), lists(who)];
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    });
    Value::Object(fields.flatten().collect())
}

fn who_it_is(who: usize) -> Value {
    let (first, last) = (FIRST[who % 12], LAST[who / 12 % 12]);
    let email = format!(
        "{}.{}.{who}@example.com",
        first.to_lowercase(),
        last.to_lowercase()
    );
    let born = format!("{}-{:02}-{:02}", 1970 + who % 33, 1 + who % 12, 1 + who % 28);
    json!({
        "trainee_id": format!("bench{who:019}"), "application_id": 500_000 + who,
        "trn": format!("{:07}", 3_200_000 + who), "hesa_id": format!("{:013}", 3_300_000_000_000_u64 + who as u64),
        "provider_trainee_id": format!("26/27-{who}"), "record_source": "api", "ukprn": "10000571",
        "first_names": first, "middle_names": null, "last_name": format!("{last}-{who}"), "previous_last_name": null,
        "date_of_birth": born, "sex": "99", "email": email, "nationality": "british", "ni_number": null,
        "ethnic_group": null, "ethnic_background": null, "ethnicity": null, "additional_ethnic_background": null,
        "diversity_disclosure": null, "disability_disclosure": null,
    })
}

fn what_is_studied(who: usize) -> Value {
    json!({
        "training_route": "11", "training_initiative": null, "additional_training_initiative": null,
        "course_qualification": "QTS", "course_title": null, "course_level": "postgrad",
        "course_education_phase": "secondary", "course_min_age": 11, "course_max_age": 16, "course_age_range": "13915",
        "course_subject_1": SUBJECTS[who % 4], "course_subject_2": null, "course_subject_3": null,
        "course_year": 2026, "course_itt_start_date": "2026-09-01", "study_mode": "01", "itt_aim": "201",
        "itt_qualification_aim": "003", "fund_code": "7", "funding_method": "4", "iqts_country": null,
        "employing_school_urn": null, "training_partner_urn": null, "training_partner_ukprn": null,
        "pg_apprenticeship_start_date": null,
    })
}

fn how_far_it_is() -> Value {
    json!({
        "state": "trn_received", "created_at": "2026-09-16T08:00:00.000Z", "updated_at": "2026-09-18T08:00:00.000Z",
        "submitted_for_trn_at": "2026-09-18T08:00:00.000Z", "trainee_start_date": "2026-09-03",
        "itt_start_date": "2026-09-01", "itt_end_date": "2027-07-16",
        "defer_date": null, "defer_reason": null, "reinstate_date": null, "outcome_date": null,
        "recommended_for_award_at": null, "awarded_at": null, "withdrawal_date": null, "withdrawal_trigger": null,
        "withdrawal_reasons": null, "withdrawal_future_interest": null, "withdrawal_another_reason": null,
        "withdrawal_safeguarding_concern_reasons": null,
    })
}

fn lists(who: usize) -> Value {
    json!({
        "placements": [{
            "placement_id": format!("p{who:08}"), "urn": format!("{}", 100_000 + who % 25_000),
            "name": "Example Hill School", "address": null, "postcode": null,
            "created_at": "2026-09-16T08:00:00.000Z", "updated_at": "2026-09-16T08:00:00.000Z",
        }],
        "degrees": [{
            "degree_id": format!("d{who:08}"), "country": null, "grade": "02", "uk_degree": "083",
            "non_uk_degree": null, "subject": "100403", "institution": "0117", "graduation_year": 2025,
            "locale_code": "uk", "created_at": "2026-09-16T08:00:00.000Z", "updated_at": "2026-09-16T08:00:00.000Z",
        }],
    })
}

#[cfg(test)]
mod tests {
    use ltr_domain::ids::Feed;

    use super::*;

    #[test]
    fn every_row_says_something_and_every_tenth_says_something_new() {
        let mapped = |text: &[u8]| {
            let rows = ltr_sources::rows(Feed::RegisterTrainees, text).unwrap();
            let rows =
                rows.map(|row| ltr_sources::map_row(Feed::RegisterTrainees, &row.value.unwrap()).unwrap());
            rows.map(|row| {
                assert!(row.unknown_fields.is_empty(), "{:?}", row.unknown_fields);
                row.records[0].body.clone()
            })
            .collect::<Vec<_>>()
        };
        let (first, second) = (mapped(&first_delivery(50)), mapped(&tenth_changed(50)));
        let changed = first
            .iter()
            .zip(&second)
            .filter(|(before, after)| before != after);
        assert_eq!((first.len(), changed.count()), (50, 5));
        let large = |so_far| line_by_line(50, so_far).collect::<Vec<_>>();
        let (first, second) = (large(SoFar::InTraining), large(SoFar::TwentiethDeferred));
        let changed = first
            .iter()
            .zip(&second)
            .filter(|(before, after)| before != after);
        assert_eq!((first.len(), changed.count()), (50, 3));
    }
}
