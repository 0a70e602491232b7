//! What of Teaching Vacancies' rows may be held. Of a job application it is what places it: status, dates, vacancy, and
//! who says they applied. The form itself, with its monitoring and safeguarding answers, never enters.

use crate::fields::Field;
use crate::fields::short::{bookkeeping, contact, dropped, fact, identity, key};

const ADVERT: &str = "advertising text and links; no answer uses them";
const NOT_NEEDED: &str = "not needed for status, identity or contact";
const SPECIAL_CATEGORY: &str = "special category data; may not enter the record";
const MONITORING: &str = "equal opportunities monitoring; may not enter the record";
const WHERE_THEY_LIVE: &str = "address and telephone; contact is by e-mail";
const FREE_TEXT: &str = "free text; may say anything";
const SAFEGUARDING: &str = "safeguarding; may not enter the record";
const STAFF: &str = "about hiring staff";

/// A vacancy, in the extract or from the ATS API.
pub(crate) const VACANCY_FIELDS: &[Field] = &[
    key("id", "names the vacancy; job applications carry it"),
    bookkeeping("updated_at", "dates changes that state no date"),
    fact("job_title", "what post"),
    fact("organisations[].urn", "at which schools (extract)"),
    fact("schools.school_urns", "at which schools (ATS API)"),
    fact("job_roles", "what post"),
    fact("phases", "what post"),
    fact("subjects", "what post"),
    fact("working_patterns", "full time, part time"),
    fact("contract_type", "permanent, fixed term or casual"),
    fact(
        "ect_suitable",
        "whether it suits an early career teacher (ATS API)",
    ),
    fact("ect_status", "whether it suits an early career teacher (extract)"),
    fact("publish_on", "from when it was shown"),
    fact("expires_at", "until when applications were taken"),
    fact(
        "enable_job_applications",
        "whether its applications can be in the extract at all",
    ),
    fact("hired_status", "the outcome the school reported; names nobody"),
    dropped("organisations[].uid", NOT_NEEDED),
    dropped("organisations[].ukprn", NOT_NEEDED),
    dropped("organisations[].name", NOT_NEEDED),
    dropped("schools.trust_uid", NOT_NEEDED),
    dropped("slug", ADVERT),
    dropped("job_advert", ADVERT),
    dropped("public_url", ADVERT),
    dropped("external_advert_url", ADVERT),
    dropped("external_reference", ADVERT),
    dropped("salary", ADVERT),
    dropped("benefits_details", ADVERT),
    dropped("starts_on", "free text as often as a date"),
    dropped("start_date_type", NOT_NEEDED),
    dropped("key_stages", NOT_NEEDED),
    dropped("visa_sponsorship_available", NOT_NEEDED),
    dropped("is_job_share", NOT_NEEDED),
    dropped("listed_elsewhere", NOT_NEEDED),
    dropped("discarded_at", "a discarded vacancy leaves the extract"),
    dropped("created_at", NOT_NEEDED),
    dropped("contact_email", STAFF),
    dropped("contact_number", STAFF),
];

/// An item of the public list.
pub(crate) const POSTING_FIELDS: &[Field] = &[
    key("url", "its end names the vacancy on the public list"),
    fact("title", "what post"),
    fact("occupationalCategory", "what post; the first role alone"),
    fact("employmentType", "full time, part time"),
    fact("datePosted", "from when it is shown"),
    fact("validThrough", "until when applications are taken"),
    fact(
        "directApply",
        "whether its applications can be in the extract at all",
    ),
    fact(
        "hiringOrganization.identifier",
        "at which school or trust: URN, or else UID",
    ),
    dropped("hiringOrganization.@type", ADVERT),
    dropped("hiringOrganization.name", NOT_NEEDED),
    dropped("hiringOrganization.sameAs", ADVERT),
    dropped("hiringOrganization.description", ADVERT),
    dropped("hiringOrganization.logo", ADVERT),
    dropped("@context", ADVERT),
    dropped("@type", ADVERT),
    dropped("description", ADVERT),
    dropped("jobBenefits", ADVERT),
    dropped("salary", ADVERT),
    dropped("baseSalary", ADVERT),
    dropped("industry", ADVERT),
    dropped("educationRequirements", ADVERT),
    dropped("experienceRequirements", ADVERT),
    dropped("qualifications", ADVERT),
    dropped("jobLocation", "the address of the school; its URN has it"),
];

/// A job application, in the extract.
pub(crate) const JOB_APPLICATION_FIELDS: &[Field] = &[
    key("id", "names the application"),
    key("vacancy_id", "for which vacancy"),
    fact("type", "native form or uploaded file; the latter declares little"),
    fact("status", "where the application stands"),
    fact("submitted_at", "when it was submitted"),
    fact("interviewing_at", "when interviews were set"),
    fact("offered_at", "when a job was offered"),
    fact("declined_at", "when the offer was declined"),
    bookkeeping("updated_at", "dates changes that state no date"),
    fact("qualified_teacher_status", "qualified, as declared; never proof"),
    fact(
        "is_statutory_induction_complete",
        "induction, as declared; never proof",
    ),
    identity("jobseeker.first_name", "name, for matching"),
    identity("jobseeker.last_name", "name, for matching"),
    contact("jobseeker.email", "matching; never a key by itself (T37)"),
    identity(
        "jobseeker.teacher_reference_number",
        "declared TRN: a hint for matching that never merges people (T36)",
    ),
    dropped(
        "jobseeker.national_insurance_number",
        "not unique in practice (T38), and not needed to match",
    ),
    dropped(
        "jobseeker.govuk_one_login_id",
        "pairwise subject; no agreed use across services",
    ),
    dropped("jobseeker.id", NOT_NEEDED),
    dropped("jobseeker.previous_names", "unverified, and not needed to match"),
    dropped("jobseeker.phone_number", WHERE_THEY_LIVE),
    dropped("jobseeker.street_address", WHERE_THEY_LIVE),
    dropped("jobseeker.city", WHERE_THEY_LIVE),
    dropped("jobseeker.postcode", WHERE_THEY_LIVE),
    dropped("jobseeker.country", WHERE_THEY_LIVE),
    dropped("created_at", NOT_NEEDED),
    dropped(
        "qualified_teacher_status_year",
        "a declared year; TRS has the date",
    ),
    dropped("qualified_teacher_status_details", FREE_TEXT),
    dropped("statutory_induction_complete_details", FREE_TEXT),
    dropped("personal_statement", FREE_TEXT),
    dropped("further_instructions", FREE_TEXT),
    dropped("rejection_reasons", FREE_TEXT),
    dropped("gaps_in_employment_details", FREE_TEXT),
    dropped("close_relationships_details", FREE_TEXT),
    dropped("support_needed_details", SPECIAL_CATEGORY),
    dropped("is_support_needed", SPECIAL_CATEGORY),
    dropped("disability", SPECIAL_CATEGORY),
    dropped("ethnicity", SPECIAL_CATEGORY),
    dropped("ethnicity_description", SPECIAL_CATEGORY),
    dropped("religion", SPECIAL_CATEGORY),
    dropped("religion_description", SPECIAL_CATEGORY),
    dropped("faith", SPECIAL_CATEGORY),
    dropped("orientation", SPECIAL_CATEGORY),
    dropped("orientation_description", SPECIAL_CATEGORY),
    dropped("gender", MONITORING),
    dropped("gender_description", MONITORING),
    dropped("age", MONITORING),
    dropped("has_safeguarding_issue", SAFEGUARDING),
    dropped("safeguarding_issue_details", SAFEGUARDING),
    dropped("has_right_to_work_in_uk", "immigration status; not needed"),
    dropped("references", "about third persons and unneeded"),
];
