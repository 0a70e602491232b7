//! Which of a Register trainee's fields may be held. Register returns far more than a record of status needs; what is
//! about health, belief, money or free text is dropped at the edge (U§13.8).

use crate::fields::{Category, Fate, Field};

/// What marks a withdrawal reason that may not be held.
pub(crate) const SAFEGUARDING: &str = "safeguard";

const ALL: &str = "every reader of the record";
const ENTITLED: &str = "readers entitled to identity";
const CONTACT: &str = "readers entitled to contact details";
const OPERATORS: &str = "operators";

const SPECIAL: &str = "special category data; no question put to the record needs it";
const PERSONAL: &str = "personal, and not needed to tell status";
const FREE_TEXT: &str = "free text, may hold anything about anybody";
const SAFETY: &str = "safeguarding; must not enter the record";
const MONEY: &str = "funding; no question put to the record needs it";
const DEGREE: &str = "education before training; no question put to the record needs it";
const INTERNAL: &str = "Register's own bookkeeping";
const DERIVED: &str = "says again what a held code says";
const ADDRESS: &str = "the school is known by its URN";

const fn fact(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Fact, purpose, ALL)
}

const fn key(path: &'static str, purpose: &'static str) -> Field {
    Field::held(path, Category::Key, purpose, ALL)
}

const fn dropped(path: &'static str, why: &'static str) -> Field {
    Field::dropped(path, why)
}

/// The fields of a trainee.
pub(crate) const TRAINEE_FIELDS: &[Field] = &[
    key("trainee_id", "names the traineeship"),
    key(
        "application_id",
        "joins the traineeship to the Apply choice it came from",
    ),
    key("trn", "joins the traineeship to the person in TRS"),
    key("ukprn", "which provider holds the trainee"),
    Field::held(
        "first_names",
        Category::Identity,
        "tells people apart and shows who is meant",
        ENTITLED,
    ),
    Field::held(
        "middle_names",
        Category::Identity,
        "tells people apart and shows who is meant",
        ENTITLED,
    ),
    Field::held(
        "last_name",
        Category::Identity,
        "tells people apart and shows who is meant",
        ENTITLED,
    ),
    Field::held(
        "date_of_birth",
        Category::Identity,
        "tells people apart; checks a TRN",
        ENTITLED,
    ),
    Field::held(
        "email",
        Category::Contact,
        "reaches the person; weak evidence for a match",
        CONTACT,
    ),
    Field::held(
        "updated_at",
        Category::Bookkeeping,
        "dates a change that the source does not date",
        OPERATORS,
    ),
    Field::held(
        "created_at",
        Category::Bookkeeping,
        "tells when a late record was made",
        OPERATORS,
    ),
    Field::held(
        "record_source",
        Category::Bookkeeping,
        "how the record came about",
        OPERATORS,
    ),
    fact("state", "where the traineeship stands"),
    fact("submitted_for_trn_at", "when the TRN was asked for"),
    fact("itt_start_date", "planned start"),
    fact("itt_end_date", "planned end"),
    fact("trainee_start_date", "confirmed start"),
    fact("defer_date", "from when deferred"),
    fact("reinstate_date", "from when back"),
    fact("recommended_for_award_at", "when recommended for award"),
    fact("outcome_date", "when the standards were met"),
    fact("awarded_at", "when awarded"),
    fact("withdrawal_date", "from when withdrawn"),
    fact("withdrawal_trigger", "whose decision the withdrawal was"),
    Field {
        path: "withdrawal_reasons",
        fate: Fate::HeldInPart {
            purpose: "tells attrition from a moved or mistaken record",
            category: Category::Fact,
            seen_by: ALL,
            withheld: SAFEGUARDING,
            why: SAFETY,
        },
    },
    fact("withdrawal_future_interest", "whether the person may come back"),
    fact("training_route", "what kind of training it is"),
    fact("course_qualification", "which professional status is aimed at"),
    fact("course_level", "postgraduate or undergraduate"),
    fact("course_education_phase", "which phase is trained for"),
    fact("study_mode", "full or part time"),
    fact("course_age_range", "which ages are trained for"),
    fact("course_subject_1", "what is studied"),
    fact("course_subject_2", "what is studied"),
    fact("course_subject_3", "what is studied"),
    fact("course_itt_start_date", "the course's own start"),
    fact("training_partner_urn", "who trains with the provider"),
    fact("training_partner_ukprn", "who trains with the provider"),
    fact("employing_school_urn", "which school employs the trainee"),
    key("placements[].placement_id", "names the placement"),
    fact("placements[].urn", "at which school"),
    fact("placements[].name", "at which school, where it has no URN"),
    dropped("placements[].address", ADDRESS),
    dropped("placements[].postcode", ADDRESS),
    dropped("placements[].created_at", INTERNAL),
    dropped("placements[].updated_at", INTERNAL),
    dropped("provider_trainee_id", PERSONAL),
    dropped("hesa_id", PERSONAL),
    dropped("ni_number", PERSONAL),
    dropped("previous_last_name", PERSONAL),
    dropped("nationality", PERSONAL),
    dropped("nationalities", PERSONAL),
    dropped("sex", SPECIAL),
    dropped("gender", SPECIAL),
    dropped("diversity_disclosure", SPECIAL),
    dropped("ethnicity", SPECIAL),
    dropped("ethnic_group", SPECIAL),
    dropped("ethnic_background", SPECIAL),
    dropped("additional_ethnic_background", SPECIAL),
    dropped("disability_disclosure", SPECIAL),
    dropped("disabilities", SPECIAL),
    dropped("disability1", SPECIAL),
    dropped("disability2", SPECIAL),
    dropped("disability3", SPECIAL),
    dropped("disability4", SPECIAL),
    dropped("disability5", SPECIAL),
    dropped("disability6", SPECIAL),
    dropped("disability7", SPECIAL),
    dropped("disability8", SPECIAL),
    dropped("disability9", SPECIAL),
    dropped("defer_reason", FREE_TEXT),
    dropped("withdrawal_another_reason", FREE_TEXT),
    dropped("withdrawal_safeguarding_concern_reasons", SAFETY),
    dropped("placement_detail", FREE_TEXT),
    dropped("course_title", FREE_TEXT),
    dropped("degrees", DEGREE),
    dropped("training_initiative", MONEY),
    dropped("additional_training_initiative", MONEY),
    dropped("fund_code", MONEY),
    dropped("funding_method", MONEY),
    dropped("applying_for_bursary", MONEY),
    dropped("applying_for_grant", MONEY),
    dropped("applying_for_scholarship", MONEY),
    dropped("bursary_tier", MONEY),
    dropped("pg_apprenticeship_start_date", MONEY),
    dropped("course_min_age", DERIVED),
    dropped("course_max_age", DERIVED),
    dropped("course_year", DERIVED),
    dropped("itt_aim", DERIVED),
    dropped("itt_qualification_aim", DERIVED),
    dropped("iqts_country", DERIVED),
    dropped("ebacc", DERIVED),
    dropped("region", DERIVED),
    dropped("course_uuid", INTERNAL),
    dropped("training_partner_not_applicable", INTERNAL),
    dropped("employing_school_not_applicable", INTERNAL),
    dropped("submission_ready", INTERNAL),
    dropped("commencement_status", INTERNAL),
    dropped("discarded_at", INTERNAL),
    dropped("created_from_dttp", INTERNAL),
    dropped("created_from_hesa", INTERNAL),
    dropped("additional_dttp_data", INTERNAL),
    dropped("hesa_updated_at", INTERNAL),
    dropped("hesa_editable", INTERNAL),
];
