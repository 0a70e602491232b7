//! Forms of a unit before and after.

use ltr_domain::event::{Change, Link, LinkStrength};
use ltr_domain::ids::Ukprn;
use ltr_domain::record::apply::ChosenCourse;
use ltr_domain::record::register::{Course, Placement, Withdrawal};
use ltr_domain::record::trs::{Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route};
use ltr_domain::record::{ChoiceStatus, JobApplicationStatus, KeyedDigest, QtlsStatus, TraineeState};
use ltr_domain::time::CivilDate;

use super::fault::Fault;
use super::stated::{Wired, optional, required};
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

            fn from_form(form: wire::$message, _: &'static str) -> Result<Self, Fault> {
                Ok(Self {
                    old: optional(form.old, concat!(stringify!($message), ".old"))?,
                    new: optional(form.new, concat!(stringify!($message), ".new"))?,
                })
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
        let strength = match self.strength {
            LinkStrength::Operator => wire::LinkStrength::Operator,
            LinkStrength::Issued => wire::LinkStrength::Issued,
            LinkStrength::Matched => wire::LinkStrength::Matched,
            LinkStrength::Declared => wire::LinkStrength::Declared,
        };
        wire::Link {
            to: Some(self.to.to_form()),
            strength: strength.into(),
        }
    }

    fn from_form(form: wire::Link, _: &'static str) -> Result<Self, Fault> {
        let strength = match wire::LinkStrength::try_from(form.strength) {
            Ok(wire::LinkStrength::Operator) => LinkStrength::Operator,
            Ok(wire::LinkStrength::Issued) => LinkStrength::Issued,
            Ok(wire::LinkStrength::Matched) => LinkStrength::Matched,
            Ok(wire::LinkStrength::Declared) => LinkStrength::Declared,
            Ok(wire::LinkStrength::Unspecified) | Err(_) => {
                return Err(Fault::enum_value("Link.strength", form.strength));
            }
        };
        Ok(Self {
            to: required(form.to, "Link.to")?,
            strength,
        })
    }
}
