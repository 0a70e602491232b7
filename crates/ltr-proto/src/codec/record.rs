//! Forms of record ids, feeds, references and the state of a record.

use ltr_domain::ids::{Feed, RecordId, RecordKind};
use ltr_domain::observation::MessageRef;
use ltr_domain::record::{Body, State};

use super::fault::Fault;
use super::sealed::{digests_from_forms, digests_to_forms};
use super::stated::Wired;
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
        };
        kind.into()
    }

    fn from_form(form: i32, field: &'static str) -> Result<Self, Fault> {
        match wire::RecordKind::try_from(form) {
            Ok(wire::RecordKind::ApplyCandidate) => Ok(Self::ApplyCandidate),
            Ok(wire::RecordKind::ApplyChoice) => Ok(Self::ApplyChoice),
            Ok(wire::RecordKind::ApplyRecruit) => Ok(Self::ApplyRecruit),
            Ok(wire::RecordKind::RegisterTrainee) => Ok(Self::RegisterTrainee),
            Ok(wire::RecordKind::TrsPerson) => Ok(Self::TrsPerson),
            Ok(wire::RecordKind::TvJobApplication) => Ok(Self::TvJobApplication),
            Ok(wire::RecordKind::TvVacancy) => Ok(Self::TvVacancy),
            Ok(wire::RecordKind::Unspecified) | Err(_) => Err(Fault::enum_value(field, form)),
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
        };
        feed.into()
    }

    fn from_form(form: i32, field: &'static str) -> Result<Self, Fault> {
        match wire::Feed::try_from(form) {
            Ok(wire::Feed::ApplyCandidates) => Ok(Self::ApplyCandidates),
            Ok(wire::Feed::ApplyRecruits) => Ok(Self::ApplyRecruits),
            Ok(wire::Feed::RegisterTrainees) => Ok(Self::RegisterTrainees),
            Ok(wire::Feed::TrsPersons) => Ok(Self::TrsPersons),
            Ok(wire::Feed::TvVacancies) => Ok(Self::TvVacancies),
            Ok(wire::Feed::TvJobApplications) => Ok(Self::TvJobApplications),
            Ok(wire::Feed::Unspecified) | Err(_) => Err(Fault::enum_value(field, form)),
        }
    }
}

impl Wired for RecordId {
    type Form = wire::RecordId;

    fn to_form(&self) -> wire::RecordId {
        wire::RecordId {
            kind: self.kind.to_form(),
            key: self.key.clone(),
        }
    }

    fn from_form(form: wire::RecordId, _: &'static str) -> Result<Self, Fault> {
        if form.key.is_empty() {
            return Err(Fault::missing("RecordId.key"));
        }
        Ok(Self {
            kind: RecordKind::from_form(form.kind, "RecordId.kind")?,
            key: form.key,
        })
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

    fn from_form(form: wire::MessageRef, _: &'static str) -> Result<Self, Fault> {
        Ok(Self {
            sequence: form.sequence,
            digest: Wired::from_form(form.digest, "MessageRef.digest")?,
        })
    }
}

impl Wired for State {
    type Form = wire::State;

    fn to_form(&self) -> wire::State {
        wire::State {
            body: Some(body_to_form(&self.body)),
            digests: digests_to_forms(&self.digests),
            vanished: self.vanished,
        }
    }

    fn from_form(form: wire::State, _: &'static str) -> Result<Self, Fault> {
        const FIELD: &str = "State.body";
        Ok(Self {
            // A body of a kind that came later is not told apart here from none: neither can be read.
            body: body_from_form(
                form.body.ok_or(Fault::Unknown {
                    field: FIELD,
                    number: 0,
                })?,
                FIELD,
            )?,
            digests: digests_from_forms(form.digests)?,
            vanished: form.vanished,
        })
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
    }
}

fn body_from_form(form: state::Body, field: &'static str) -> Result<Body, Fault> {
    Ok(match form {
        state::Body::ApplyCandidate(form) => Body::ApplyCandidate(Wired::from_form(form, field)?),
        state::Body::ApplyChoice(form) => Body::ApplyChoice(Wired::from_form(form, field)?),
        state::Body::ApplyRecruit(form) => Body::ApplyRecruit(Wired::from_form(form, field)?),
        state::Body::RegisterTrainee(form) => Body::RegisterTrainee(Box::new(Wired::from_form(form, field)?)),
        state::Body::TrsPerson(form) => Body::TrsPerson(Box::new(Wired::from_form(form, field)?)),
        state::Body::TvJobApplication(form) => Body::TvJobApplication(Wired::from_form(form, field)?),
        state::Body::TvVacancy(form) => Body::TvVacancy(Wired::from_form(form, field)?),
    })
}
