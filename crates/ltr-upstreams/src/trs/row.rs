//! A person as TRS writes it. A section that is not asked for is absent; one that is asked for and empty is empty.

use ltr_domain::ids::Trn;
use serde_json::Value;

use crate::Upstreams;
use crate::faults::Fault;
use crate::render::{NULL, Object, add_extra, day, object, text};
use crate::service::{Ask, word};
use crate::world::trs::{
    Alert, ExemptionReason, Held, Induction, MandatoryQualification, Person, Route, RouteType,
};

/// The sections of a person that are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sections {
    induction: bool,
    routes: bool,
    mandatory_qualifications: bool,
    alerts: bool,
    previous_names: bool,
    pending_changes: bool,
}

impl Sections {
    /// Reads names between commas, or gives the first that no section has.
    pub(super) fn read(include: Option<&str>) -> Result<Self, String> {
        let mut sections = Self::default();
        for name in include.unwrap_or_default().split(',').map(str::trim) {
            match name {
                "" | "_AllowIdSignInWithProhibitions" => {}
                "Induction" => sections.induction = true,
                "RoutesToProfessionalStatuses" => sections.routes = true,
                "MandatoryQualifications" => sections.mandatory_qualifications = true,
                "Alerts" => sections.alerts = true,
                "PreviousNames" => sections.previous_names = true,
                "PendingDetailChanges" => sections.pending_changes = true,
                other => return Err(other.to_owned()),
            }
        }
        Ok(sections)
    }
}

/// A person with the sections asked for.
pub(super) fn person(
    upstreams: &Upstreams,
    ask: &Ask,
    trn: Trn,
    person: &Person,
    sections: Sections,
) -> Object {
    let trn = trn.to_string();
    let mut row = object! {
        "trn": trn,
        "firstName": &*person.first_name,
        "middleName": &*person.middle_name,
        "lastName": &*person.last_name,
        "dateOfBirth": person.date_of_birth.to_string(),
        "nationalInsuranceNumber": NULL,
        "emailAddress": text(person.email.as_ref()),
        "qts": person.qts.as_ref().map(held),
        "eyts": person.eyts.as_ref().map(held),
        "qtlsStatus": person.qtls_status.as_str(),
    };
    let mut section = |name: &str, value: Value| row.insert(name.to_owned(), value);
    if sections.pending_changes {
        section("pendingNameChange", false.into());
        section("pendingDateOfBirthChange", false.into());
    }
    if sections.induction {
        section("induction", induction(&person.induction).into());
    }
    if sections.routes {
        let word =
            |route: &Route| word(upstreams, ask, &route.id.to_string(), route.status.as_str()).to_owned();
        let routes: Vec<Object> = person.routes.iter().map(|one| route(one, &word(one))).collect();
        section("routesToProfessionalStatuses", routes.into());
    }
    if sections.mandatory_qualifications {
        let all: Vec<Object> = person
            .mandatory_qualifications
            .iter()
            .map(mandatory_qualification)
            .collect();
        section("mandatoryQualifications", all.into());
    }
    if sections.alerts {
        let alerts: Vec<Object> = person.alerts.iter().map(alert).collect();
        section("alerts", alerts.into());
    }
    if sections.previous_names {
        let names: Vec<Object> = person
            .previous_names
            .iter()
            .map(|[first, middle, last]| {
                object! { "firstName": &**first, "middleName": &**middle, "lastName": &**last }
            })
            .collect();
        section("previousNames", names.into());
    }
    add_extra(&mut row, &person.extra);
    if upstreams.faults().has(Fault::UnknownField) {
        row.insert("preferredName".to_owned(), Value::Null);
    }
    row
}

fn held(held: &Held) -> Object {
    let routes: Vec<Object> = held
        .routes
        .iter()
        .map(|of| object! { "routeToProfessionalStatusType": route_type(of) })
        .collect();
    object! { "holdsFrom": held.holds_from.to_string(), "routes": routes }
}

fn route_type(of: &RouteType) -> Object {
    object! {
        "routeToProfessionalStatusTypeId": of.id.to_string(),
        "name": &*of.name,
        "professionalStatusType": of.leads_to.as_str(),
    }
}

fn route(route: &Route, status: &str) -> Object {
    let subjects: Vec<Object> = route
        .subjects
        .iter()
        .map(|(reference, name)| object! { "reference": &**reference, "name": &**name })
        .collect();
    let provider = route
        .provider
        .as_ref()
        .map(|(ukprn, name)| object! { "ukprn": &**ukprn, "name": &**name });
    object! {
        "routeToProfessionalStatusId": route.id.to_string(),
        "routeToProfessionalStatusType": route_type(&route.route_type),
        "status": status,
        "holdsFrom": day(route.holds_from),
        "trainingStartDate": day(route.training_start_date),
        "trainingEndDate": day(route.training_end_date),
        "trainingSubjects": subjects,
        "trainingAgeSpecialism": NULL,
        "trainingCountry": NULL,
        "trainingProvider": provider,
        "degreeType": NULL,
        "inductionExemption": object! {
            "isExempt": !route.exemption_reasons.is_empty(),
            "exemptionReasons": reasons(&route.exemption_reasons),
        },
    }
}

fn reasons(reasons: &[std::sync::Arc<ExemptionReason>]) -> Vec<Object> {
    let row = |reason: &std::sync::Arc<ExemptionReason>| {
        object! { "inductionExemptionReasonId": reason.id.to_string(), "name": &*reason.name }
    };
    reasons.iter().map(row).collect()
}

fn induction(induction: &Induction) -> Object {
    object! {
        "status": induction.status.as_str(),
        "startDate": day(induction.start_date),
        "completedDate": day(induction.completed_date),
        "exemptionReasons": reasons(&induction.exemption_reasons),
    }
}

fn mandatory_qualification(qualification: &MandatoryQualification) -> Object {
    object! {
        "mandatoryQualificationId": qualification.id.to_string(),
        "endDate": qualification.end_date.to_string(),
        "specialism": &*qualification.specialism,
    }
}

/// An alert, as an answer and a webhook show it.
pub(crate) fn alert(alert: &Alert) -> Object {
    let of = &alert.alert_type;
    object! {
        "alertId": alert.id.to_string(),
        "alertType": object! {
            "alertTypeId": of.id.to_string(),
            "alertCategory": object! {
                "alertCategoryId": of.category_id.to_string(),
                "name": &*of.category_name,
            },
            "name": &*of.name,
        },
        "details": text(alert.details.as_ref()),
        "startDate": day(alert.start_date),
        "endDate": day(alert.end_date),
    }
}
