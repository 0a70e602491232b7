//! What of Apply's rows may be held. The recruits API hands over far more of a person than a record of status needs,
//! special category data among it; all that is dropped at the edge (U§13.8).

use crate::fields::Field;
use crate::fields::short::{bookkeeping, contact, dropped, fact, identity, key};

/// A field of one form.
macro_rules! form {
    ($name:literal) => {
        concat!("attributes.application_forms[].", $name)
    };
}

/// A field of one choice on a form.
macro_rules! choice {
    ($name:literal) => {
        concat!(
            "attributes.application_forms[].application_choices.data[].",
            $name
        )
    };
}

const NOT_NEEDED: &str = "not needed for status, identity or contact";
const CONSTANT: &str = "the same in every row";
const REFEREES: &str = "about third persons and unneeded";
const SPECIAL_CATEGORY: &str = "special category data; may not enter the record";
const PROTECTED: &str = "protected characteristic, or one can be read off it; may not enter the record";
const FREE_TEXT: &str = "free text of the person; may say anything";
const WHERE_THEY_LIVE: &str = "address and telephone; contact is by e-mail";
const ATTAINMENT: &str = "earlier education; no answer of this service uses it";

/// A row of the Candidate API.
pub(crate) const CANDIDATE_FIELDS: &[Field] = &[
    key("id", "names the account; links its choices to one person"),
    dropped("type", CONSTANT),
    contact("attributes.email_address", "contact; never a key by itself (T37)"),
    fact("attributes.created_at", "when the account was made"),
    bookkeeping("attributes.updated_at", "dates changes that state no date"),
    key(form!("id"), "names the form of a cycle"),
    identity(form!("first_name"), "legal name until a TRN is known"),
    identity(form!("last_name"), "legal name until a TRN is known"),
    fact(form!("recruitment_cycle_year"), "the cycle applied in"),
    fact(form!("submitted_at"), "first submission of the form"),
    fact(
        form!("application_status"),
        "shown as Apply infers it; decides nothing, because it can hide a recruited choice",
    ),
    dropped(form!("created_at"), NOT_NEEDED),
    dropped(form!("updated_at"), NOT_NEEDED),
    dropped(
        form!("application_phase"),
        "obsolete since applications are continuous",
    ),
    dropped(form!("support_reference"), NOT_NEEDED),
    dropped(form!("references"), REFEREES),
    dropped(form!("qualifications"), NOT_NEEDED),
    dropped(form!("personal_statement"), FREE_TEXT),
    dropped(form!("application_choices.completed"), NOT_NEEDED),
    key(
        choice!("id"),
        "names the choice; Register's application_id carries it",
    ),
    fact(choice!("status"), "where the application stands"),
    fact(choice!("created_at"), "when the choice was made"),
    bookkeeping(choice!("updated_at"), "dates changes that state no date"),
    fact(choice!("sent_to_provider_at"), "when it was sent to the provider"),
    fact(choice!("accepted_at"), "when an offer was accepted"),
    fact(choice!("provider.name"), "the provider applied to"),
    fact(choice!("course.uuid"), "the course applied for"),
    fact(choice!("course.name"), "the course applied for"),
    fact(choice!("course.level"), "the course applied for"),
    fact(choice!("course.funding_type"), "the course applied for"),
    fact(choice!("course.program_type"), "the course applied for"),
    key(choice!("interviews[].id"), "tells interviews apart"),
    fact(
        choice!("interviews[].date_and_time"),
        "how far the application has got",
    ),
    fact(
        choice!("interviews[].cancelled_at"),
        "whether the interview stands",
    ),
    dropped(choice!("interviews[].created_at"), NOT_NEEDED),
    dropped(choice!("interviews[].updated_at"), NOT_NEEDED),
];

/// A row of the recruits API.
pub(crate) const RECRUIT_FIELDS: &[Field] = &[
    key("id", "names the choice; Register's application_id carries it"),
    dropped("type", CONSTANT),
    fact("attributes.status", "recruited, withdrawn or deferred"),
    bookkeeping("attributes.updated_at", "dates changes that state no date"),
    fact("attributes.submitted_at", "first submission"),
    fact("attributes.recruited_at", "when the place was confirmed"),
    dropped("attributes.support_reference", NOT_NEEDED),
    key("attributes.candidate.id", "links the application to its account"),
    identity(
        "attributes.candidate.first_name",
        "name, for matching and display",
    ),
    identity("attributes.candidate.last_name", "name, for matching and display"),
    identity(
        "attributes.candidate.date_of_birth",
        "matching with later records",
    ),
    dropped("attributes.candidate.gender", PROTECTED),
    dropped("attributes.candidate.nationality", PROTECTED),
    dropped("attributes.candidate.domicile", NOT_NEEDED),
    dropped("attributes.candidate.uk_residency_status", PROTECTED),
    dropped("attributes.candidate.uk_residency_status_code", PROTECTED),
    dropped("attributes.candidate.fee_payer", NOT_NEEDED),
    dropped("attributes.candidate.english_main_language", PROTECTED),
    dropped("attributes.candidate.english_language_qualifications", FREE_TEXT),
    dropped("attributes.candidate.other_languages", FREE_TEXT),
    dropped("attributes.candidate.disability_disclosure", SPECIAL_CATEGORY),
    dropped("attributes.candidate.disabilities", SPECIAL_CATEGORY),
    dropped(
        "attributes.candidate.disabilities_and_health_conditions",
        SPECIAL_CATEGORY,
    ),
    dropped("attributes.candidate.ethnic_group", SPECIAL_CATEGORY),
    dropped("attributes.candidate.ethnic_background", SPECIAL_CATEGORY),
    contact(
        "attributes.contact_details.email",
        "contact; never a key by itself (T37)",
    ),
    dropped("attributes.contact_details.phone_number", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.address_line1", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.address_line2", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.address_line3", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.address_line4", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.postcode", WHERE_THEY_LIVE),
    dropped("attributes.contact_details.country", WHERE_THEY_LIVE),
    fact(
        "attributes.course.recruitment_cycle_year",
        "the cycle recruited for",
    ),
    fact("attributes.course.course_uuid", "the course recruited to"),
    fact("attributes.course.course_code", "the course recruited to"),
    fact("attributes.course.training_provider_code", "who trains"),
    fact(
        "attributes.course.training_provider_type",
        "whether the provider's trainees carry an application id in Register",
    ),
    fact(
        "attributes.course.accredited_provider_code",
        "who answers for the training",
    ),
    fact("attributes.course.study_mode", "full time or part time"),
    dropped("attributes.course.accredited_provider_type", NOT_NEEDED),
    dropped("attributes.course.site_code", NOT_NEEDED),
    dropped("attributes.qualifications", ATTAINMENT),
    dropped("attributes.hesa_itt_data", SPECIAL_CATEGORY),
];
