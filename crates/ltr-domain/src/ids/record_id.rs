//! Which source record a message is about, and how it is named in a subject.

use std::fmt;
use std::sync::Arc;

use super::{CandidateId, ChoiceId, IdError, Trn};

/// An upstream service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Apply for teacher training.
    Apply,
    /// Register trainee teachers.
    Register,
    /// The Teaching Record System.
    Trs,
    /// Teaching Vacancies.
    TeachingVacancies,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Apply, Self::Register, Self::Trs, Self::TeachingVacancies];

    /// The token used in subjects, SQL, JSON and on the command line.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Register => "register",
            Self::Trs => "trs",
            Self::TeachingVacancies => "teaching-vacancies",
        }
    }

    /// The source of that token.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.token() == token)
    }
}

/// A kind of source record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// An Apply candidate account; key `C1234`.
    ApplyCandidate,
    /// An Apply application choice, from the Candidate API; key = choice id.
    ApplyChoice,
    /// The same choice as Apply's recruits API tells it; key = choice id.
    ApplyRecruit,
    /// A Register traineeship; key = slug.
    RegisterTrainee,
    /// A TRS person; key = TRN.
    TrsPerson,
    /// A Teaching Vacancies job application; key = uuid.
    TvJobApplication,
    /// A Teaching Vacancies vacancy; key = uuid. Not about a person.
    TvVacancy,
    /// A vacancy as the public list of Teaching Vacancies tells it; key = slug, the end of its address. Not about a person.
    TvPosting,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::ApplyCandidate,
        Self::ApplyChoice,
        Self::ApplyRecruit,
        Self::RegisterTrainee,
        Self::TrsPerson,
        Self::TvJobApplication,
        Self::TvVacancy,
        Self::TvPosting,
    ];

    /// The service that holds records of this kind.
    #[must_use]
    pub fn source(self) -> Source {
        match self {
            Self::ApplyCandidate | Self::ApplyChoice | Self::ApplyRecruit => Source::Apply,
            Self::RegisterTrainee => Source::Register,
            Self::TrsPerson => Source::Trs,
            Self::TvJobApplication | Self::TvVacancy | Self::TvPosting => Source::TeachingVacancies,
        }
    }

    /// The token within the source's subjects.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::ApplyCandidate => "candidate",
            Self::ApplyChoice => "choice",
            Self::ApplyRecruit => "recruit",
            Self::RegisterTrainee => "trainee",
            Self::TrsPerson => "person",
            Self::TvJobApplication => "job-application",
            Self::TvVacancy => "vacancy",
            Self::TvPosting => "posting",
        }
    }

    /// The kind of those two tokens.
    #[must_use]
    pub fn from_tokens(source: &str, kind: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|candidate| candidate.source().token() == source && candidate.token() == kind)
    }

    /// Whose word on a person's names to take first: the lower, the sooner (U§14c, legal name).
    #[must_use]
    pub fn rank_for_names(self) -> u8 {
        match self {
            Self::TrsPerson => 0,
            Self::RegisterTrainee => 1,
            Self::ApplyRecruit => 2,
            Self::ApplyCandidate => 3,
            Self::ApplyChoice => 4,
            Self::TvJobApplication => 5,
            Self::TvVacancy => 6,
            Self::TvPosting => 7,
        }
    }

    /// Whether folding looks at the state beside the events: the provider of a choice is in no event.
    #[must_use]
    pub fn is_folded_with_state(self) -> bool {
        match self {
            Self::ApplyChoice | Self::ApplyRecruit => true,
            Self::ApplyCandidate
            | Self::RegisterTrainee
            | Self::TrsPerson
            | Self::TvJobApplication
            | Self::TvVacancy
            | Self::TvPosting => false,
        }
    }

    /// Whether records of this kind are about a person at all.
    #[must_use]
    pub fn is_about_a_person(self) -> bool {
        !matches!(self, Self::TvVacancy | Self::TvPosting)
    }
}

/// One thing in one source, named by kind and key. Displays as `register/trainee/abc`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    /// What kind of thing it is, and so which source holds it.
    pub kind: RecordKind,
    /// The source's own immutable key. Shared: a record is named in many places, and copies of its name take no memory.
    pub key: Arc<str>,
}

impl RecordId {
    /// Names the record of `kind` with the source's `key`.
    #[must_use]
    pub fn new(kind: RecordKind, key: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            key: key.into(),
        }
    }

    /// The TRS person of a TRN.
    #[must_use]
    pub fn trs_person(trn: Trn) -> Self {
        Self::new(RecordKind::TrsPerson, trn.as_str())
    }

    /// The Apply choice with that id.
    #[must_use]
    pub fn apply_choice(choice: ChoiceId) -> Self {
        Self::new(RecordKind::ApplyChoice, choice.to_string())
    }

    /// The Apply candidate with that id.
    #[must_use]
    pub fn apply_candidate(candidate: CandidateId) -> Self {
        Self::new(RecordKind::ApplyCandidate, candidate.to_string())
    }

    /// The source that holds the record.
    #[must_use]
    pub fn source(&self) -> Source {
        self.kind.source()
    }

    /// The same thing under another of its source's APIs: a recruit is a choice, and its key is the choice's id (U§2.3).
    #[must_use]
    pub fn also_named(&self) -> Option<Self> {
        (self.kind == RecordKind::ApplyRecruit).then(|| Self::new(RecordKind::ApplyChoice, self.key.clone()))
    }

    /// `<source>.<kind>.<key token>`: the tail of every subject about this record.
    #[must_use]
    pub fn subject_tail(&self) -> String {
        format!(
            "{}.{}.{}",
            self.source().token(),
            self.kind.token(),
            encode_key_token(&self.key)
        )
    }

    /// Reads back [`Self::subject_tail`].
    #[must_use]
    pub fn from_subject_tail(tail: &str) -> Option<Self> {
        let mut parts = tail.splitn(3, '.');
        let kind = RecordKind::from_tokens(parts.next()?, parts.next()?)?;
        Some(Self {
            kind,
            key: decode_key_token(parts.next()?)?.into(),
        })
    }

    /// Reads back what [`fmt::Display`] writes.
    ///
    /// # Errors
    ///
    /// A text that is not `source/kind/key`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let malformed = IdError::Malformed { id: "record id" };
        let mut parts = text.splitn(3, '/');
        let (Some(source), Some(kind), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed);
        };
        let kind = RecordKind::from_tokens(source, kind).ok_or(malformed)?;
        if key.is_empty() {
            Err(IdError::Empty { id: "record key" })
        } else {
            Ok(Self::new(kind, key))
        }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [self.source().token(), "/", self.kind.token(), "/", &self.key] {
            f.write_str(part)?;
        }
        Ok(())
    }
}

/// One stream of rows of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feed {
    /// Apply's Candidate API: candidates with forms and choices.
    ApplyCandidates,
    /// Apply's recruits API (the "Register API").
    ApplyRecruits,
    /// Register's trainees.
    RegisterTrainees,
    /// TRS answers to `GET /v3/persons/{trn}`.
    TrsPersons,
    /// Teaching Vacancies' vacancies.
    TvVacancies,
    /// Teaching Vacancies' job applications, from a governed extract.
    TvJobApplications,
    /// Teaching Vacancies' public list of live vacancies.
    TvPostings,
}

impl Feed {
    /// Every feed.
    pub const ALL: [Self; 7] = [
        Self::ApplyCandidates,
        Self::ApplyRecruits,
        Self::RegisterTrainees,
        Self::TrsPersons,
        Self::TvVacancies,
        Self::TvJobApplications,
        Self::TvPostings,
    ];

    /// The service that sends it.
    #[must_use]
    pub fn source(self) -> Source {
        match self {
            Self::ApplyCandidates | Self::ApplyRecruits => Source::Apply,
            Self::RegisterTrainees => Source::Register,
            Self::TrsPersons => Source::Trs,
            Self::TvVacancies | Self::TvJobApplications | Self::TvPostings => Source::TeachingVacancies,
        }
    }

    /// The token within the source's subjects and on the command line.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::ApplyCandidates => "candidates",
            Self::ApplyRecruits => "recruits",
            Self::RegisterTrainees => "trainees",
            Self::TrsPersons => "persons",
            Self::TvVacancies => "vacancies",
            Self::TvJobApplications => "job-applications",
            Self::TvPostings => "postings",
        }
    }

    /// Whether its rows are about people at all: a list of vacancies says nothing of anybody, however fresh it is.
    #[must_use]
    pub fn is_about_people(self) -> bool {
        !matches!(self, Self::TvVacancies | Self::TvPostings)
    }

    /// The feed of those two tokens.
    #[must_use]
    pub fn from_tokens(source: &str, feed: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|candidate| candidate.source().token() == source && candidate.token() == feed)
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source().token(), self.token())
    }
}

/// Writes a key as one subject token: `[A-Za-z0-9_-]` as is, every other byte as `=HH`. Injective.
#[must_use]
pub fn encode_key_token(key: &str) -> String {
    let mut token = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            token.push(char::from(byte));
        } else {
            token.push_str(&format!("={byte:02X}"));
        }
    }
    token
}

/// Reads back [`encode_key_token`]; `None` for what it cannot have written.
#[must_use]
pub fn decode_key_token(token: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            bytes.push(byte);
        } else {
            return None;
        }
    }
    let key = String::from_utf8(bytes).ok()?;
    (encode_key_token(&key) == token).then_some(key)
}
