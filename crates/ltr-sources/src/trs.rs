//! The Teaching Record System: one answer about one TRN per row (U§4). Not found, gone and moved are answers too; what
//! they leave out stays as it was known.

use ltr_domain::ids::{RecordId, Trn};
use ltr_domain::record::trs::{Answer, TrsPerson};
use ltr_domain::record::{Body, PersonalField, PersonalValue, PersonalValues, QtlsStatus, Stated};
use serde_json::Value;

use crate::read::{Object, personal_values, try_map};
use crate::{Defect, Mapped};

mod fields;
mod sections;

pub(crate) use fields::PERSON_FIELDS;

/// Maps a person, bare or in the envelope that says how TRS answered.
pub(crate) fn map_person(row: &Value) -> Result<Vec<Mapped>, Defect> {
    let row = Object::of(row, "")?;
    if !row.fields.contains_key("_http") {
        return person(row, None);
    }
    let Stated::Value(http) = row.object("_http")? else {
        return Err(Defect::new(
            "not_an_answer",
            "the envelope says nothing of an answer",
        ));
    };
    let Stated::Value(status) = http.integer("status")? else {
        return Err(Defect::new(
            "not_an_answer",
            "the envelope has no status: a request or a message, not an answer",
        ));
    };
    let requested = row.trn("requested_trn")?.value().copied();
    if status == 200 {
        let Stated::Value(body) = row.object("body")? else {
            return Err(Defect::new("not_a_person", "an answer without a person"));
        };
        return person(body, requested);
    }
    let answer = match status {
        308 => Answer::MergedInto(merge_target(http)?),
        404 => Answer::NotFound,
        410 => Answer::Deactivated,
        other => {
            let reason = format!("status {other} says nothing about a TRN");
            return Err(Defect::new("http_status_not_an_answer", reason));
        }
    };
    let Some(trn) = requested else {
        return Err(Defect::new(
            "missing_trn",
            "requested_trn is missing: the answer is about nobody",
        ));
    };
    if answer == Answer::MergedInto(trn) {
        return Err(Defect::new(
            "merge_target_unreadable",
            "the TRN is said to be merged into itself",
        ));
    }
    Ok(vec![mapped(
        trn,
        TrsPerson::answered(answer),
        PersonalValues::default(),
    )])
}

/// The person whom an answer is about: the TRN that was asked for, and, where the answer has one too, the same. A status
/// that says nothing about a TRN is no answer, and about nobody: whoever was asked for is to be asked for again.
pub(crate) fn named_person(row: &Value) -> Option<RecordId> {
    let row = Object::of(row, "").ok()?;
    let requested = row.trn("requested_trn").ok()?.value().copied();
    let stated = match answered(row)? {
        Some(person) => {
            check_is_person(person).ok()?;
            person.trn("trn").ok()?.value().copied()
        }
        None => None,
    };
    if stated.is_some() && requested.is_some() && stated != requested {
        return None;
    }
    requested.or(stated).map(RecordId::trs_person)
}

/// The person in an answer, where it has one; `None` for what is no answer.
fn answered(row: Object<'_>) -> Option<Option<Object<'_>>> {
    if !row.fields.contains_key("_http") {
        return Some(Some(row));
    }
    let http = row.object("_http").ok()?.value().copied()?;
    match http.integer("status").ok()?.value()? {
        200 => row.object("body").ok().map(|body| body.value().copied()),
        308 | 404 | 410 => Some(None),
        _ => None,
    }
}

/// The TRN that a 308 points to: the last segment of its `Location`.
fn merge_target(http: Object<'_>) -> Result<Trn, Defect> {
    let unreadable = |reason: String| Defect::new("merge_target_unreadable", reason);
    let Stated::Value(headers) = http.object("headers")? else {
        return Err(unreadable("a 308 without headers".to_owned()));
    };
    let named = headers
        .fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let Some(location) = named.and_then(|(_, value)| value.as_str()) else {
        return Err(unreadable("a 308 without a location".to_owned()));
    };
    let path = location
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let segment = path.rsplit('/').next().unwrap_or_default();
    Trn::parse(segment).map_err(|error| unreadable(format!("location: {error}")))
}

fn person(row: Object<'_>, requested: Option<Trn>) -> Result<Vec<Mapped>, Defect> {
    check_is_person(row)?;
    let Stated::Value(trn) = row.trn("trn")? else {
        return Err(Defect::new("missing_trn", "trn is missing"));
    };
    if requested.is_some_and(|requested| requested != trn) {
        return Err(Defect::new(
            "trn_mismatch",
            "trn is not the TRN that was asked for",
        ));
    }
    let person = TrsPerson {
        answer: Answer::Found,
        qts: sections::held_status(row, "qts")?,
        eyts: sections::held_status(row, "eyts")?,
        qtls: row.text("qtlsStatus")?.map(|text| QtlsStatus::read(&text)),
        induction: sections::induction(row)?,
        routes: sections::routes(row)?,
        alerts: sections::alerts(row)?,
        mandatory_qualifications: sections::mandatory_qualifications(row)?,
    };
    let personal = personal_values(vec![
        (
            PersonalField::Names,
            row.names(["firstName", "middleName", "lastName"])?,
        ),
        (PersonalField::DateOfBirth, row.personal("dateOfBirth")?),
        (PersonalField::PreviousNames, previous_names(row)?),
        (
            PersonalField::Email,
            row.personal(row.name_in_use(&["emailAddress", "email"]))?,
        ),
    ]);
    Ok(vec![mapped(trn, person, personal)])
}

/// Refuses what carries a TRN but is no person: webhook messages, TRN requests, rows of another source.
fn check_is_person(row: Object<'_>) -> Result<(), Defect> {
    let others = [
        ("alert", "an alert message"),
        ("oneLoginUser", "a One Login message"),
        ("deactivatedPerson", "a deactivation message"),
        ("trnRequest", "a TRN request message"),
        ("requestId", "a TRN request"),
        ("trainee_id", "a Register trainee"),
    ];
    if let Some((_, what)) = others.iter().find(|(name, _)| row.fields.contains_key(*name)) {
        return Err(Defect::new("not_a_person", format!("{what}, not a person")));
    }
    let of_a_person = [
        "firstName",
        "lastName",
        "dateOfBirth",
        "qts",
        "qtlsStatus",
        "induction",
    ];
    let is_person = of_a_person.iter().any(|name| row.fields.contains_key(*name));
    if !is_person && row.fields.contains_key("trn") {
        return Err(Defect::new(
            "not_a_person",
            "has a TRN but nothing else of a person",
        ));
    }
    Ok(())
}

/// Earlier names in the source's order, three parts each.
fn previous_names(row: Object<'_>) -> Result<Stated<PersonalValue>, Defect> {
    try_map(row.list("previousNames")?, |items| {
        let mut parts = Vec::with_capacity(items.len() * 3);
        for item in items {
            let item = Object::of(item, "previousNames[]")?;
            let names = item.names([
                item.name_in_use(&["firstName", "first_name"]),
                item.name_in_use(&["middleName", "middle_name"]),
                item.name_in_use(&["lastName", "last_name"]),
            ])?;
            parts.extend(
                names
                    .value()
                    .map_or_else(|| vec![String::new(); 3], |names| names.0.clone()),
            );
        }
        Ok(PersonalValue(parts))
    })
}

/// TRS says nowhere when it changed something: there is no time of its own to give.
fn mapped(trn: Trn, person: TrsPerson, personal: PersonalValues) -> Mapped {
    Mapped {
        record: RecordId::trs_person(trn),
        body: Body::TrsPerson(Box::new(person)),
        personal,
        source_updated_at: None,
    }
}

#[cfg(test)]
mod tests;
