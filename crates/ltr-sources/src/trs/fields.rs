//! Which fields of a TRS answer may be held. Paths are those of the person itself, and of the envelope for answers that
//! carry no person.

use crate::fields::{Category, Field};

const ALL: &str = "every reader of the record";
const RESTRICTED: &str = "readers entitled to restrictions";
const ENTITLED: &str = "readers entitled to identity";
const CONTACT: &str = "readers entitled to contact details";
const OPERATORS: &str = "operators";

const NO_PERSON: &str = "an answer without a person says all it has to say by its status";
const NOT_NEEDED: &str = "no question put to the record needs it";
const PERSONAL: &str = "personal, and not needed to tell status";
const DETAILS: &str = "free text about misconduct; the alert's kind and dates suffice";
const DERIVED: &str = "says again what another field says";
const PENDING: &str = "a request in progress, not a fact";

const fn fact(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Fact, purpose, ALL)
}

const fn key(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Key, purpose, ALL)
}

const fn alert(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Fact, purpose, RESTRICTED)
}

const fn alert_key(path: &'static str) -> Field {
    Field::held(path, Category::Key, "names the alert", RESTRICTED)
}

const fn identity(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Identity, purpose, ENTITLED)
}

const fn envelope(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Bookkeeping, purpose, OPERATORS)
}

/// The fields of an answer.
pub(crate) const PERSON_FIELDS: &[Field] = &[
    envelope("_http.status", "which answer it is: moved, gone, not found"),
    envelope("_http.headers.location", "which TRN the record was merged into"),
    envelope("_http.headers.Location", "which TRN the record was merged into"),
    Field::dropped("_http.headers.Content-Type", NOT_NEEDED),
    Field::dropped("_http.headers.content-type", NOT_NEEDED),
    key("requested_trn", "which TRN the answer is about"),
    Field::dropped("body", NO_PERSON),
    key("trn", "names the person in TRS"),
    identity("firstName", "tells people apart and shows who is meant"),
    identity("middleName", "tells people apart and shows who is meant"),
    identity("lastName", "tells people apart and shows who is meant"),
    identity("dateOfBirth", "tells people apart; checks a TRN"),
    identity("previousNames[].firstName", "finds people under earlier names"),
    identity("previousNames[].middleName", "finds people under earlier names"),
    identity("previousNames[].lastName", "finds people under earlier names"),
    identity("previousNames[].first_name", "finds people under earlier names"),
    identity("previousNames[].middle_name", "finds people under earlier names"),
    identity("previousNames[].last_name", "finds people under earlier names"),
    Field::held(
        "emailAddress",
        Category::Contact,
        "reaches the person; weak evidence for a match",
        CONTACT,
    ),
    Field::held("email", Category::Contact, "the same in older versions", CONTACT),
    Field::dropped("nationalInsuranceNumber", PERSONAL),
    Field::dropped("pendingNameChange", PENDING),
    Field::dropped("pendingDateOfBirthChange", PENDING),
    Field::dropped("allowIdSignInWithProhibitions", NOT_NEEDED),
    fact("qts.holdsFrom", "from when qualified teacher status is held"),
    fact(
        "qts.routes[].routeToProfessionalStatusType",
        "by which types of route it is held",
    ),
    Field::dropped("qts.awarded_approved_count", DERIVED),
    fact("eyts.holdsFrom", "from when early years teacher status is held"),
    fact(
        "eyts.routes[].routeToProfessionalStatusType",
        "by which types of route it is held",
    ),
    fact("qtlsStatus", "whether status rests on membership"),
    fact("induction.status", "where induction stands"),
    fact("induction.startDate", "when induction started"),
    fact("induction.completedDate", "when induction was completed"),
    fact(
        "induction.exemptionReasons[].inductionExemptionReasonId",
        "why induction is not required",
    ),
    fact(
        "induction.exemptionReasons[].name",
        "why induction is not required",
    ),
    key(
        "routesToProfessionalStatuses[].routeToProfessionalStatusId",
        "names the route",
    ),
    fact(
        "routesToProfessionalStatuses[].routeToProfessionalStatusType",
        "what kind of route, to which status",
    ),
    fact("routesToProfessionalStatuses[].status", "where the route stands"),
    fact("routesToProfessionalStatuses[].holdsFrom", "from when it holds"),
    fact(
        "routesToProfessionalStatuses[].trainingStartDate",
        "start of training",
    ),
    fact(
        "routesToProfessionalStatuses[].trainingEndDate",
        "end of training",
    ),
    fact(
        "routesToProfessionalStatuses[].trainingSubjects[].reference",
        "what was studied",
    ),
    fact(
        "routesToProfessionalStatuses[].trainingSubjects[].name",
        "what was studied",
    ),
    fact(
        "routesToProfessionalStatuses[].trainingProvider.ukprn",
        "who trained",
    ),
    fact(
        "routesToProfessionalStatuses[].trainingProvider.name",
        "who trained",
    ),
    Field::dropped("routesToProfessionalStatuses[].trainingAgeSpecialism", NOT_NEEDED),
    Field::dropped("routesToProfessionalStatuses[].trainingCountry", NOT_NEEDED),
    Field::dropped("routesToProfessionalStatuses[].degreeType", NOT_NEEDED),
    Field::dropped("routesToProfessionalStatuses[].inductionExemption", DERIVED),
    key(
        "mandatoryQualifications[].mandatoryQualificationId",
        "names the qualification",
    ),
    fact("mandatoryQualifications[].specialism", "what it qualifies for"),
    fact("mandatoryQualifications[].endDate", "when it was gained"),
    alert_key("alerts[].alertId"),
    alert_key("alerts[].alert_id"),
    alert("alerts[].alertType.alertTypeId", "what kind of alert it is"),
    alert(
        "alerts[].alertType.alertCategory.alertCategoryId",
        "whether it prohibits, by policy",
    ),
    alert("alerts[].alert_type.alert_type_id", "what kind of alert it is"),
    alert(
        "alerts[].alert_type.alert_category.alert_category_id",
        "whether it prohibits, by policy",
    ),
    alert("alerts[].startDate", "from when"),
    alert("alerts[].start_date", "from when"),
    alert("alerts[].endDate", "until when"),
    alert("alerts[].end_date", "until when"),
    Field::dropped("alerts[].alertType.name", DERIVED),
    Field::dropped("alerts[].alertType.alertCategory.name", DERIVED),
    Field::dropped("alerts[].alert_type.name", DERIVED),
    Field::dropped("alerts[].alert_type.alert_category.name", DERIVED),
    Field::dropped("alerts[].details", DETAILS),
    Field::dropped("alerts[].externalLink", DETAILS),
    Field::dropped("alerts[].external_link", DETAILS),
];
