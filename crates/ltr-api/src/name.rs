//! Names of teachers as callers write them: `teachers/{id}`, where the id is a TRN, a person id or `kind:value`.

use ltr_domain::ids::{CandidateId, ChoiceId, IdError, PersonId, RecordId, RecordKind, Trn};
use uuid::Uuid;

use crate::status::Refusal;

/// Before the id in a resource name.
const PREFIX: &str = "teachers/";

/// At most so many bytes in a key that is not ours.
const KEY_BYTES_MAX: usize = 128;

/// Whom a caller asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// By TRN.
    Trn(Trn),
    /// By our own id.
    Person(PersonId),
    /// By a source record's key.
    Record(RecordId),
}

impl Name {
    /// Reads a resource name. Everything after `teachers/` is the id: `RP99/12345` holds a slash.
    pub(crate) fn parse(field: impl Into<String>, name: &str) -> Result<Self, Refusal> {
        let id = name
            .strip_prefix(PREFIX)
            .ok_or(IdError::Malformed { id: "teacher name" });
        id.and_then(Self::read).map_err(|error| Refusal::InvalidId {
            field: field.into(),
            error,
        })
    }

    /// Reads an id, with or without `teachers/` before it.
    pub(crate) fn parse_id(field: impl Into<String>, id: &str) -> Result<Self, Refusal> {
        Self::read(id.strip_prefix(PREFIX).unwrap_or(id)).map_err(|error| Refusal::InvalidId {
            field: field.into(),
            error,
        })
    }

    fn read(id: &str) -> Result<Self, IdError> {
        if let Some((kind, value)) = id.split_once(':') {
            return Self::of_kind(kind, value);
        }
        // A UUID in its usual form only: a TRN may hold hyphens too, and other forms of a UUID are all digits.
        if id.len() == 36
            && let Ok(uuid) = Uuid::try_parse(id)
        {
            return Ok(Self::Person(PersonId(uuid)));
        }
        Trn::parse(id).map(Self::Trn)
    }

    fn of_kind(kind: &str, value: &str) -> Result<Self, IdError> {
        match kind {
            "trn" => Trn::parse(value).map(Self::Trn),
            "apply-choice" => ChoiceId::parse(value).map(|id| Self::Record(RecordId::apply_choice(id))),
            "apply-candidate" => {
                CandidateId::parse(value).map(|id| Self::Record(RecordId::apply_candidate(id)))
            }
            "register-trainee" => register_slug(value),
            _ => Err(IdError::Malformed { id: "kind of id" }),
        }
    }

    /// Whether the id that was asked for is not the one in the record's present name, and which it was.
    ///
    /// A person without a TRN is named by person id; once there is one, that id redirects just as a merged TRN does.
    pub(crate) fn redirected_from(&self, person: PersonId, trn: Option<Trn>) -> String {
        match self {
            Self::Trn(asked) if Some(*asked) != trn => asked.to_string(),
            Self::Person(asked) if *asked != person || trn.is_some() => asked.to_string(),
            Self::Trn(_) | Self::Person(_) | Self::Record(_) => String::new(),
        }
    }
}

/// The same for every way of writing one id.
impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trn(trn) => trn.fmt(f),
            Self::Person(person) => person.fmt(f),
            Self::Record(record) => record.fmt(f),
        }
    }
}

fn register_slug(slug: &str) -> Result<Name, IdError> {
    const ID: &str = "Register trainee id";
    if slug.is_empty() {
        return Err(IdError::Empty { id: ID });
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if slug.len() > KEY_BYTES_MAX || !slug.bytes().all(is_plain) {
        return Err(IdError::Malformed { id: ID });
    }
    Ok(Name::Record(RecordId::new(RecordKind::RegisterTrainee, slug)))
}

#[cfg(test)]
mod tests;
