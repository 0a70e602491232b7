//! Forms of record ids, feeds, references and the state of a record.

use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_domain::observation::MessageRef;
use ltr_domain::record::{Body, PersonalDigests, State};

use super::fault::Fault;
use super::fields::Raw;
use super::sealed::{digests_to_forms, read_digest};
use super::stated::{Wired, read_fields, required};
use crate::event as wire;
use crate::event::state;

impl Wired for RecordKind {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let kind = match self {
            Self::ApplyCandidate => wire::RecordKind::ApplyCandidate,
            Self::ApplyChoice => wire::RecordKind::ApplyChoice,
            Self::ApplyRecruit => wire::RecordKind::ApplyRecruit,
            Self::RegisterTrainee => wire::RecordKind::RegisterTrainee,
            Self::TrsPerson => wire::RecordKind::TrsPerson,
            Self::TvJobApplication => wire::RecordKind::TvJobApplication,
            Self::TvVacancy => wire::RecordKind::TvVacancy,
            Self::TvPosting => wire::RecordKind::TvPosting,
        };
        kind.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::RecordKind::try_from(number) {
            Ok(wire::RecordKind::ApplyCandidate) => Ok(Self::ApplyCandidate),
            Ok(wire::RecordKind::ApplyChoice) => Ok(Self::ApplyChoice),
            Ok(wire::RecordKind::ApplyRecruit) => Ok(Self::ApplyRecruit),
            Ok(wire::RecordKind::RegisterTrainee) => Ok(Self::RegisterTrainee),
            Ok(wire::RecordKind::TrsPerson) => Ok(Self::TrsPerson),
            Ok(wire::RecordKind::TvJobApplication) => Ok(Self::TvJobApplication),
            Ok(wire::RecordKind::TvVacancy) => Ok(Self::TvVacancy),
            Ok(wire::RecordKind::TvPosting) => Ok(Self::TvPosting),
            Ok(wire::RecordKind::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}

impl Wired for Feed {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let feed = match self {
            Self::ApplyCandidates => wire::Feed::ApplyCandidates,
            Self::ApplyRecruits => wire::Feed::ApplyRecruits,
            Self::RegisterTrainees => wire::Feed::RegisterTrainees,
            Self::TrsPersons => wire::Feed::TrsPersons,
            Self::TvVacancies => wire::Feed::TvVacancies,
            Self::TvJobApplications => wire::Feed::TvJobApplications,
            Self::TvPostings => wire::Feed::TvPostings,
        };
        feed.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::Feed::try_from(number) {
            Ok(wire::Feed::ApplyCandidates) => Ok(Self::ApplyCandidates),
            Ok(wire::Feed::ApplyRecruits) => Ok(Self::ApplyRecruits),
            Ok(wire::Feed::RegisterTrainees) => Ok(Self::RegisterTrainees),
            Ok(wire::Feed::TrsPersons) => Ok(Self::TrsPersons),
            Ok(wire::Feed::TvVacancies) => Ok(Self::TvVacancies),
            Ok(wire::Feed::TvJobApplications) => Ok(Self::TvJobApplications),
            Ok(wire::Feed::TvPostings) => Ok(Self::TvPostings),
            Ok(wire::Feed::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}

impl Wired for RecordId {
    type Form = wire::RecordId;

    fn to_form(&self) -> wire::RecordId {
        wire::RecordId {
            kind: self.kind.to_form(),
            key: self.key.to_string(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let (mut kind, mut key) = (None, "");
        let mut fields = raw.fields(field)?;
        while let Some((number, raw)) = fields.next()? {
            match number {
                1 => kind = Some(Wired::read(raw, "RecordId.kind")?),
                2 => key = raw.text("RecordId.key")?,
                _ => {}
            }
        }
        if key.is_empty() {
            return Err(Fault::missing("RecordId.key"));
        }
        Ok(Self::new(required(kind, "RecordId.kind")?, key))
    }
}

impl Wired for MessageRef {
    type Form = wire::MessageRef;

    fn to_form(&self) -> wire::MessageRef {
        wire::MessageRef {
            sequence: self.sequence,
            digest: self.digest.to_form(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "MessageRef" {
            1 => sequence,
            2 => digest,
        });
        Ok(Self {
            sequence: required(sequence, "MessageRef.sequence")?,
            digest: required(digest, "MessageRef.digest")?,
        })
    }
}

impl Wired for State {
    type Form = wire::State;

    fn to_form(&self) -> wire::State {
        wire::State {
            vanished: self.vanished,
            ..present_to_form(&self.body, &self.digests)
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let (mut body, mut unknown, mut vanished) = (None, None, false);
        let mut digests = PersonalDigests::new();
        let mut fields = raw.fields(field)?;
        while let Some((number, raw)) = fields.next()? {
            match number {
                100 => read_digest(&mut digests, raw)?,
                101 => vanished = bool::read(raw, "State.vanished")?,
                number => match body_of(number, raw)? {
                    Some(read) => body = Some(read),
                    None => unknown = Some(number),
                },
            }
        }
        let body = body.ok_or_else(|| Fault::unknown_arm("State.body", unknown))?;
        Ok(Self {
            body,
            digests,
            vanished,
        })
    }
}

/// The state of a record that has not vanished.
pub(super) fn present_to_form(body: &Body, digests: &PersonalDigests) -> wire::State {
    wire::State {
        body: Some(body_to_form(body)),
        digests: digests_to_forms(digests),
        vanished: false,
    }
}

fn body_to_form(body: &Body) -> state::Body {
    match body {
        Body::ApplyCandidate(body) => state::Body::ApplyCandidate(body.to_form()),
        Body::ApplyChoice(body) => state::Body::ApplyChoice(body.to_form()),
        Body::ApplyRecruit(body) => state::Body::ApplyRecruit(body.to_form()),
        Body::RegisterTrainee(body) => state::Body::RegisterTrainee(body.to_form()),
        Body::TrsPerson(body) => state::Body::TrsPerson(body.to_form()),
        Body::TvJobApplication(body) => state::Body::TvJobApplication(body.to_form()),
        Body::TvVacancy(body) => state::Body::TvVacancy(body.to_form()),
        Body::TvPosting(body) => state::Body::TvPosting(body.to_form()),
    }
}

/// Reads the body in the field of that number; `None` if this version knows no body of it.
fn body_of(number: u32, raw: Raw<'_>) -> Result<Option<Body>, Fault> {
    const FIELD: &str = "State.body";
    Ok(Some(match number {
        1 => Body::ApplyCandidate(Wired::read(raw, FIELD)?),
        2 => Body::ApplyChoice(Wired::read(raw, FIELD)?),
        3 => Body::ApplyRecruit(Wired::read(raw, FIELD)?),
        10 => Body::RegisterTrainee(Box::new(Wired::read(raw, FIELD)?)),
        20 => Body::TrsPerson(Box::new(Wired::read(raw, FIELD)?)),
        30 => Body::TvJobApplication(Wired::read(raw, FIELD)?),
        31 => Body::TvVacancy(Wired::read(raw, FIELD)?),
        32 => Body::TvPosting(Wired::read(raw, FIELD)?),
        _ => return Ok(None),
    }))
}
