//! The sections of a TRS person. A section that was not asked for is absent and stays as it was known; one that is
//! there is whole. Fakes and old versions differ in case and leave ids out; what they mean is read all the same.

use ltr_domain::record::trs::{Alert, HeldStatus, Induction, MandatoryQualification, Route};
use ltr_domain::record::{InductionStatus, ProfessionalStatusKind, RouteStatus, Stated};
use ltr_domain::time::CivilDate;
use serde_json::Value;

use crate::Defect;
use crate::keys::{Child, with_keys};
use crate::read::{Object, try_map};

const ROUTE_TYPE: &str = "routeToProfessionalStatusType";

/// `qts` or `eyts`.
pub(super) fn held_status(row: Object<'_>, name: &str) -> Result<Stated<HeldStatus>, Defect> {
    try_map(row.object(name)?, |section| {
        let route_type_name = |item| match Object::of(item, "routes[]")?.object(ROUTE_TYPE)? {
            Stated::Value(route_type) => route_type.text("name"),
            Stated::Null | Stated::Unstated => Ok(Stated::Unstated),
        };
        let routes = section.list("routes")?;
        Ok(HeldStatus {
            holds_from: section.date("holdsFrom")?,
            route_types: names(routes.value().copied().unwrap_or_default(), route_type_name)?,
        })
    })
}

/// `induction`.
pub(super) fn induction(row: Object<'_>) -> Result<Stated<Induction>, Defect> {
    try_map(row.object("induction")?, |section| {
        let reasons = section.list("exemptionReasons")?;
        let reason_name = |item| Object::of(item, "exemptionReasons[]")?.text("name");
        Ok(Induction {
            status: InductionStatus::read(&section.required("status", section.text("status")?)?),
            start_date: section.date("startDate")?,
            completed_date: section.date("completedDate")?,
            exemption_reasons: names(reasons.value().copied().unwrap_or_default(), reason_name)?,
        })
    })
}

/// `routesToProfessionalStatuses`.
pub(super) fn routes(row: Object<'_>) -> Result<Stated<Vec<Route>>, Defect> {
    try_map(row.list("routesToProfessionalStatuses")?, |items| {
        let children = items.iter().map(route).collect::<Result<Vec<_>, _>>()?;
        Ok(with_keys(children, |route, key| route.key = key))
    })
}

fn route(item: &Value) -> Result<Child<Route>, Defect> {
    let item = Object::of(item, "routesToProfessionalStatuses[]")?;
    let route_type = item.object(ROUTE_TYPE)?;
    let provider = item.object("trainingProvider")?;
    let route = Route {
        key: String::new(),
        type_id: inside(route_type, "routeToProfessionalStatusTypeId")?,
        type_name: inside(route_type, "name")?,
        leads_to: inside(route_type, "professionalStatusType")?
            .map(|text| ProfessionalStatusKind::read(&text)),
        status: RouteStatus::read(&item.required("status", item.text("status")?)?),
        holds_from: item.date("holdsFrom")?,
        training_start_date: item.date("trainingStartDate")?,
        training_end_date: item.date("trainingEndDate")?,
        subjects: try_map(item.list("trainingSubjects")?, subjects)?,
        provider_ukprn: inside(provider, "ukprn")?,
        provider_name: inside(provider, "name")?,
    };
    Ok(Child {
        id: item.text("routeToProfessionalStatusId")?.value().cloned(),
        group: route
            .type_id
            .value()
            .or(route.type_name.value())
            .cloned()
            .unwrap_or_default(),
        order: date_text(&route.training_start_date),
        value: route,
    })
}

fn subjects(items: &[Value]) -> Result<Vec<String>, Defect> {
    let mut subjects = Vec::with_capacity(items.len());
    for item in items {
        let item = Object::of(item, "trainingSubjects[]")?;
        subjects.push(item.required("name", item.text("name")?)?);
    }
    Ok(subjects)
}

/// `alerts`. Their details and links are not held.
pub(super) fn alerts(row: Object<'_>) -> Result<Stated<Vec<Alert>>, Defect> {
    try_map(row.list("alerts")?, |items| {
        let children = items.iter().map(alert).collect::<Result<Vec<_>, _>>()?;
        Ok(with_keys(children, |alert, key| alert.key = key))
    })
}

fn alert(item: &Value) -> Result<Child<Alert>, Defect> {
    let item = Object::of(item, "alerts[]")?;
    let alert_type = item.object(item.name_in_use(&["alertType", "alert_type"]))?;
    let category = match alert_type {
        Stated::Value(alert_type) => {
            alert_type.object(alert_type.name_in_use(&["alertCategory", "alert_category"]))?
        }
        Stated::Null | Stated::Unstated => Stated::Unstated,
    };
    let alert = Alert {
        key: String::new(),
        type_id: inside_either(alert_type, &["alertTypeId", "alert_type_id"])?,
        category_id: inside_either(category, &["alertCategoryId", "alert_category_id"])?,
        start_date: item.date(item.name_in_use(&["startDate", "start_date"]))?,
        end_date: item.date(item.name_in_use(&["endDate", "end_date"]))?,
    };
    Ok(Child {
        id: item
            .text(item.name_in_use(&["alertId", "alert_id"]))?
            .value()
            .cloned(),
        group: alert.type_id.value().cloned().unwrap_or_default(),
        order: date_text(&alert.start_date),
        value: alert,
    })
}

/// `mandatoryQualifications`.
pub(super) fn mandatory_qualifications(
    row: Object<'_>,
) -> Result<Stated<Vec<MandatoryQualification>>, Defect> {
    try_map(row.list("mandatoryQualifications")?, |items| {
        let children = items
            .iter()
            .map(mandatory_qualification)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(with_keys(children, |qualification, key| qualification.key = key))
    })
}

fn mandatory_qualification(item: &Value) -> Result<Child<MandatoryQualification>, Defect> {
    let item = Object::of(item, "mandatoryQualifications[]")?;
    let qualification = MandatoryQualification {
        key: String::new(),
        specialism: item.text("specialism")?,
        end_date: item.date("endDate")?,
    };
    Ok(Child {
        id: item.text("mandatoryQualificationId")?.value().cloned(),
        group: qualification.specialism.value().cloned().unwrap_or_default(),
        order: date_text(&qualification.end_date),
        value: qualification,
    })
}

/// Names out of a list, as a set.
fn names<'v>(
    items: &'v [Value],
    name: impl Fn(&'v Value) -> Result<Stated<String>, Defect>,
) -> Result<Vec<String>, Defect> {
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        names.extend(name(item)?.value().cloned());
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// A text inside an object that may be null or absent itself; then the text is too.
fn inside(object: Stated<Object<'_>>, name: &'static str) -> Result<Stated<String>, Defect> {
    match object {
        Stated::Value(object) => object.text(name),
        Stated::Null => Ok(Stated::Null),
        Stated::Unstated => Ok(Stated::Unstated),
    }
}

fn inside_either(object: Stated<Object<'_>>, names: &[&'static str]) -> Result<Stated<String>, Defect> {
    match object {
        Stated::Value(object) => object.text(object.name_in_use(names)),
        Stated::Null => Ok(Stated::Null),
        Stated::Unstated => Ok(Stated::Unstated),
    }
}

fn date_text(date: &Stated<CivilDate>) -> String {
    date.value().map(CivilDate::text).unwrap_or_default()
}
