//! Forms of a unit before and after.

use ltr_domain::event::{Change, Link, LinkStrength};
use ltr_domain::ids::Ukprn;
use ltr_domain::record::apply::ChosenCourse;
use ltr_domain::record::register::{Course, Placement, Withdrawal};
use ltr_domain::record::trs::{Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route};
use ltr_domain::record::{ChoiceStatus, JobApplicationStatus, KeyedDigest, QtlsStatus, TraineeState};
use ltr_domain::time::CivilDate;

use super::fault::Fault;
use super::fields::Raw;
use super::stated::{Wired, read_fields, required};
use crate::event as wire;

macro_rules! changes {
    ($($message:ident of $unit:ty,)*) => {$(
        impl Wired for Change<$unit> {
            type Form = wire::$message;

            fn to_form(&self) -> wire::$message {
                wire::$message {
                    old: self.old.as_ref().map(Wired::to_form),
                    new: self.new.as_ref().map(Wired::to_form),
                }
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                let (mut old, mut new) = (None, None);
                let mut fields = raw.fields(field)?;
                while let Some((number, raw)) = fields.next()? {
                    match number {
                        1 => old = Some(Wired::read(raw, concat!(stringify!($message), ".old"))?),
                        2 => new = Some(Wired::read(raw, concat!(stringify!($message), ".new"))?),
                        _ => {}
                    }
                }
                Ok(Self { old, new })
            }
        }
    )*};
}

changes! {
    TrsAnswerChange of Answer,
    DigestChange of KeyedDigest,
    FormChange of u64,
    ChoiceStatusChange of ChoiceStatus,
    ChosenCourseChange of ChosenCourse,
    CycleChange of u16,
    CountChange of u32,
    TraineeStateChange of TraineeState,
    CivilDateChange of CivilDate,
    ProviderChange of Ukprn,
    CourseChange of Course,
    WithdrawalChange of Withdrawal,
    PlacementChange of Placement,
    RouteChange of Route,
    HeldStatusChange of HeldStatus,
    QtlsStatusChange of QtlsStatus,
    MandatoryQualificationChange of MandatoryQualification,
    InductionChange of Induction,
    AlertChange of Alert,
    JobApplicationStatusChange of JobApplicationStatus,
}

impl Wired for Link {
    type Form = wire::Link;

    fn to_form(&self) -> wire::Link {
        wire::Link {
            to: Some(self.to.to_form()),
            strength: self.strength.to_form(),
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "Link" {
            1 => to,
            2 => strength,
        });
        Ok(Self {
            to: required(to, "Link.to")?,
            strength: required(strength, "Link.strength")?,
        })
    }
}

impl Wired for LinkStrength {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let strength = match self {
            Self::Operator => wire::LinkStrength::Operator,
            Self::Issued => wire::LinkStrength::Issued,
            Self::Matched => wire::LinkStrength::Matched,
            Self::Declared => wire::LinkStrength::Declared,
        };
        strength.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::LinkStrength::try_from(number) {
            Ok(wire::LinkStrength::Operator) => Ok(Self::Operator),
            Ok(wire::LinkStrength::Issued) => Ok(Self::Issued),
            Ok(wire::LinkStrength::Matched) => Ok(Self::Matched),
            Ok(wire::LinkStrength::Declared) => Ok(Self::Declared),
            Ok(wire::LinkStrength::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}
