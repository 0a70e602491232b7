//! The canonical form of each kind of source record: what a source says of one thing, freed from the shape of its
//! API version. Personal values are not here; they travel sealed, and only keyed digests of them are compared.

use std::collections::BTreeMap;

use crate::event::{Link, LinkStrength};
use crate::ids::{RecordId, RecordKind};
use crate::record::trs::Answer;

pub mod apply;
pub mod register;
mod stated;
pub mod trs;
pub mod tv;
mod vocabulary;

pub use apply::{ApplyCandidate, ApplyChoice, ApplyRecruit};
pub use register::RegisterTrainee;
pub use stated::Stated;
pub use trs::TrsPerson;
pub use tv::{TvJobApplication, TvPosting, TvVacancy};
pub use vocabulary::{
    ChoiceStatus, InductionStatus, JobApplicationStatus, ProfessionalStatusKind, QtlsStatus, RouteStatus,
    TraineeState,
};

/// The whole canonical state of one source record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The facts, by kind of record.
    pub body: Body,
    /// Keyed digests of the personal values that the source states; the values themselves are sealed elsewhere.
    pub digests: PersonalDigests,
    /// Whether the record is known to be gone from its feed (absent from N complete deliveries). Changes no fact (T14).
    pub vanished: bool,
}

/// The facts of one source record, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// An Apply candidate account.
    ApplyCandidate(ApplyCandidate),
    /// An Apply application choice.
    ApplyChoice(ApplyChoice),
    /// An Apply application as the recruits API tells it.
    ApplyRecruit(ApplyRecruit),
    /// A Register traineeship. Boxed: by far the largest.
    RegisterTrainee(Box<RegisterTrainee>),
    /// A TRS person.
    TrsPerson(Box<TrsPerson>),
    /// A Teaching Vacancies job application.
    TvJobApplication(TvJobApplication),
    /// A Teaching Vacancies vacancy.
    TvVacancy(TvVacancy),
    /// A vacancy as the public list tells it.
    TvPosting(TvPosting),
}

impl Body {
    /// The kind of record this is the body of.
    #[must_use]
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::ApplyCandidate(_) => RecordKind::ApplyCandidate,
            Self::ApplyChoice(_) => RecordKind::ApplyChoice,
            Self::ApplyRecruit(_) => RecordKind::ApplyRecruit,
            Self::RegisterTrainee(_) => RecordKind::RegisterTrainee,
            Self::TrsPerson(_) => RecordKind::TrsPerson,
            Self::TvJobApplication(_) => RecordKind::TvJobApplication,
            Self::TvVacancy(_) => RecordKind::TvVacancy,
            Self::TvPosting(_) => RecordKind::TvPosting,
        }
    }

    /// This row laid over what was known before: what the row does not state stays (T21: absent is no statement).
    ///
    /// Bodies of two kinds never meet on one subject; should they, this one is returned as it is.
    #[must_use]
    pub fn over(self, previous: &Self) -> Self {
        match (self, previous) {
            (Self::ApplyCandidate(new), Self::ApplyCandidate(old)) => {
                Self::ApplyCandidate(new.forms_over(old).over(old))
            }
            (Self::ApplyChoice(new), Self::ApplyChoice(old)) => {
                Self::ApplyChoice(new.parts_over(old).over(old))
            }
            (Self::ApplyRecruit(new), Self::ApplyRecruit(old)) => Self::ApplyRecruit(new.over(old)),
            (Self::RegisterTrainee(new), Self::RegisterTrainee(old)) => {
                Self::RegisterTrainee(Box::new(new.parts_over(old).over(old)))
            }
            (Self::TrsPerson(new), Self::TrsPerson(old)) => Self::TrsPerson(Box::new(new.over(old))),
            (Self::TvJobApplication(new), Self::TvJobApplication(old)) => {
                Self::TvJobApplication(new.over(old))
            }
            (Self::TvVacancy(new), Self::TvVacancy(old)) => Self::TvVacancy(new.over(old)),
            (Self::TvPosting(new), Self::TvPosting(old)) => Self::TvPosting(new.over(old)),
            (new, _) => new,
        }
    }
}

impl Body {
    /// The links that this record's keys assert: all issued by a source. A declared TRN is not among them (T36).
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let issued = |to| Link {
            to,
            strength: LinkStrength::Issued,
        };
        match self {
            Self::ApplyChoice(choice) => vec![issued(RecordId::apply_candidate(choice.candidate))],
            Self::ApplyRecruit(recruit) => recruit
                .candidate
                .value()
                .map(|id| issued(RecordId::apply_candidate(*id)))
                .into_iter()
                .collect(),
            Self::RegisterTrainee(trainee) => {
                let choice = trainee
                    .application_id
                    .value()
                    .map(|id| RecordId::apply_choice(*id));
                let person = trainee.trn.value().map(|trn| RecordId::trs_person(*trn));
                choice.into_iter().chain(person).map(issued).collect()
            }
            Self::TrsPerson(person) => match person.answer {
                Answer::MergedInto(trn) => vec![issued(RecordId::trs_person(trn))],
                Answer::Found | Answer::Deactivated | Answer::NotFound => Vec::new(),
            },
            Self::ApplyCandidate(_) | Self::TvJobApplication(_) | Self::TvVacancy(_) | Self::TvPosting(_) => {
                Vec::new()
            }
        }
    }
}

/// A personal value that may be held, sealed, and compared by keyed digest only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonalField {
    /// First, middle and last name together; key group identity.
    Names,
    /// Date of birth; key group identity.
    DateOfBirth,
    /// Earlier names, in the source's order; key group identity.
    PreviousNames,
    /// A TRN that a person typed into a job application; key group identity. Never in clear (T36).
    DeclaredTrn,
    /// E-mail address; key group contact.
    Email,
}

impl PersonalField {
    /// Every field.
    pub const ALL: [Self; 5] = [
        Self::Names,
        Self::DateOfBirth,
        Self::PreviousNames,
        Self::DeclaredTrn,
        Self::Email,
    ];

    /// Which key its value is sealed under.
    #[must_use]
    pub fn key_group(self) -> KeyGroup {
        match self {
            Self::Names | Self::DateOfBirth | Self::PreviousNames | Self::DeclaredTrn => KeyGroup::Identity,
            Self::Email => KeyGroup::Contact,
        }
    }

    /// The name used in JSON, docs and sealed content.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::DateOfBirth => "date_of_birth",
            Self::PreviousNames => "previous_names",
            Self::DeclaredTrn => "declared_trn",
            Self::Email => "email",
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.token() == token)
    }
}

/// Personal values that are sealed, kept and erased together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyGroup {
    /// Who the person is.
    Identity,
    /// How to reach the person.
    Contact,
    /// What only entitled readers may see. Reserved; nothing is sealed under it yet.
    Restricted,
    /// The row as received, less what may not be held.
    Evidence,
}

impl KeyGroup {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Contact, Self::Restricted, Self::Evidence];

    /// The name used in JSON and docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::Restricted => "restricted",
            Self::Evidence => "evidence",
        }
    }
}

/// HMAC-SHA-256 of a personal value under its record's key, so that equal values of two records do not look equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedDigest(pub [u8; 32]);

/// The digest of each personal field that a source has stated; a field not stated is not in the map.
pub type PersonalDigests = BTreeMap<PersonalField, KeyedDigest>;

/// Personal values in clear, as a mapping produces them and a sealed blob holds them.
///
/// Debug output shows which fields are there, never their content.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalValues(pub BTreeMap<PersonalField, Stated<PersonalValue>>);

impl std::fmt::Debug for PersonalValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One personal value. A list (names, previous names) keeps its parts apart.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalValue(pub Vec<String>);

impl std::fmt::Debug for PersonalValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalValue(..)")
    }
}
