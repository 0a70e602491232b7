//! Every code a row can be quarantined under. `docs/quarantine-codes.md` says what to do about each.

/// The codes of [`crate::Defect`], by name, with their meanings.
pub const CODES: &[(&str, &str)] = &[
    (
        "application_id_malformed",
        "Register's `application_id` is not a whole number, so it names no Apply choice.",
    ),
    (
        "candidate_id_malformed",
        "An Apply candidate id is not `C` and digits.",
    ),
    (
        "choice_id_malformed",
        "An Apply choice id is not digits only; the documents of Apply show one that looks like hexadecimal.",
    ),
    (
        "cycle_year_out_of_range",
        "A recruitment cycle is named by no year.",
    ),
    (
        "error_body",
        "The row is an error answer of the service, not a record.",
    ),
    (
        "http_status_not_an_answer",
        "TRS answered with a status that says nothing about the TRN.",
    ),
    (
        "job_application_id_malformed",
        "The id of a job application is not a uuid.",
    ),
    (
        "merge_target_unreadable",
        "TRS moved the TRN, but where to cannot be read.",
    ),
    (
        "missing_field",
        "A field without which the row means nothing is absent or null.",
    ),
    (
        "missing_job_application_id",
        "The row has no id, so it names no job application.",
    ),
    (
        "missing_posting_url",
        "The item of the public list has no address, so it names no vacancy.",
    ),
    (
        "missing_trainee_id",
        "The row has no `trainee_id`, so it names no traineeship.",
    ),
    ("missing_trn", "The row has no TRN, so it names no person."),
    (
        "missing_vacancy_id",
        "The row has no id, so it names no vacancy; items of the public list and ATS requests give none.",
    ),
    ("not_a_person", "The row is something else of TRS than a person."),
    (
        "not_a_trainee",
        "The row is something else of Register than a trainee.",
    ),
    (
        "not_an_answer",
        "The envelope holds a request or a message, not an answer.",
    ),
    (
        "not_an_object",
        "The row, or a part of it that should be an object, is not one.",
    ),
    ("not_json", "The line or document cannot be parsed as JSON."),
    ("not_utf8", "The line is not UTF-8."),
    (
        "posting_url_malformed",
        "The address of an item of the public list does not end with the name of a vacancy.",
    ),
    (
        "repeated_id",
        "Two children of the row have one id and cannot be told apart.",
    ),
    (
        "trainee_id_malformed",
        "Register's `trainee_id` is longer than any of Register's.",
    ),
    (
        "trn_empty",
        "The TRN is an empty text, which is neither a TRN nor none.",
    ),
    ("trn_malformed", "The TRN holds a character that no TRN has."),
    (
        "trn_mismatch",
        "TRS answered with another TRN than was asked for.",
    ),
    (
        "trn_not_text",
        "The TRN is a JSON number and has lost its leading zeros, if it had any.",
    ),
    ("trn_sentinel", "The TRN is a stand-in for none."),
    (
        "trn_wrong_length",
        "The TRN does not have seven digits; one of six has probably lost a leading zero.",
    ),
    ("ukprn_malformed", "The UKPRN does not have eight digits."),
    ("vacancy_id_malformed", "The id of a vacancy is not a uuid."),
    (
        "wrong_type",
        "A field has another JSON type than the source sends.",
    ),
];

/// Who puts right what a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The provider, in the source.
    Provider,
    /// The team of the source.
    Source,
    /// The operator of the readers and files.
    Operator,
    /// A developer of this program.
    Developer,
}

impl Owner {
    /// Its name.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Source => "source",
            Self::Operator => "operator",
            Self::Developer => "developer",
        }
    }
}

/// Who puts right what a code stands for, those of `ltr-ingest` included. The operator looks at what is not known.
#[must_use]
pub fn owner(code: &str) -> Owner {
    match code {
        "application_id_malformed"
        | "trn_malformed"
        | "trn_sentinel"
        | "trn_wrong_length"
        | "ukprn_malformed" => Owner::Provider,
        "candidate_id_malformed"
        | "choice_id_malformed"
        | "cycle_year_out_of_range"
        | "job_application_id_malformed"
        | "merge_target_unreadable"
        | "missing_job_application_id"
        | "missing_posting_url"
        | "missing_vacancy_id"
        | "not_utf8"
        | "posting_url_malformed"
        | "repeated_id"
        | "row_too_large"
        | "too_many_records"
        | "trainee_id_malformed"
        | "trn_empty"
        | "trn_not_text"
        | "vacancy_id_malformed" => Owner::Source,
        "keys_altered"
        | "keys_unreadable"
        | "missing_field"
        | "previous_unreadable"
        | "sealed_altered"
        | "wrong_type" => Owner::Developer,
        _ => Owner::Operator,
    }
}

#[cfg(test)]
mod tests;
