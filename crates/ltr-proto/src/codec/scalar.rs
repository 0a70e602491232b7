//! Forms of single values: numbers, texts, ids, dates, instants, digests.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::ids::{CandidateId, ChoiceId, DeliveryId, FormId, Trn, Ukprn};
use ltr_domain::observation::MessageDigest;
use ltr_domain::record::{
    ChoiceStatus, InductionStatus, JobApplicationStatus, KeyedDigest, ProfessionalStatusKind, QtlsStatus,
    RouteStatus, TraineeState,
};
use ltr_domain::time::{CivilDate, ObservedAt, RecordedAt, TakenAt};
use uuid::Uuid;

use super::fault::Fault;
use super::stated::Wired;
use crate::event as wire;

/// Values that are their own form.
macro_rules! as_it_is {
    ($($type:ty),*) => {$(
        impl Wired for $type {
            type Form = $type;

            fn to_form(&self) -> $type {
                self.clone()
            }

            fn from_form(form: $type, _: &'static str) -> Result<Self, Fault> {
                Ok(form)
            }
        }
    )*};
}
as_it_is!(String, u32, u64, bool);

/// Vocabularies travel as the upstream text, known or not.
macro_rules! vocabularies {
    ($($type:ty),*) => {$(
        impl Wired for $type {
            type Form = String;

            fn to_form(&self) -> String {
                self.text().to_owned()
            }

            fn from_form(form: String, _: &'static str) -> Result<Self, Fault> {
                Ok(Self::read(&form))
            }
        }
    )*};
}
vocabularies!(
    ChoiceStatus,
    TraineeState,
    RouteStatus,
    InductionStatus,
    QtlsStatus,
    ProfessionalStatusKind,
    JobApplicationStatus
);

macro_rules! number_ids {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = u64;

            fn to_form(&self) -> u64 {
                self.0
            }

            fn from_form(form: u64, _: &'static str) -> Result<Self, Fault> {
                Ok(Self(form))
            }
        }
    )*};
}
number_ids!(CandidateId, ChoiceId, FormId);

/// Ids of a fixed number of digits. Only the canonical spelling is read.
macro_rules! digit_ids {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = String;

            fn to_form(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_form(form: String, field: &'static str) -> Result<Self, Fault> {
                Self::parse(&form).ok().filter(|id| id.as_str() == form).ok_or(Fault::invalid(field))
            }
        }
    )*};
}
digit_ids!(Trn, Ukprn);

impl Wired for u16 {
    type Form = u32;

    fn to_form(&self) -> u32 {
        u32::from(*self)
    }

    fn from_form(form: u32, field: &'static str) -> Result<Self, Fault> {
        Self::try_from(form).map_err(|_| Fault::invalid(field))
    }
}

impl Wired for Vec<String> {
    type Form = wire::TextList;

    fn to_form(&self) -> wire::TextList {
        wire::TextList { values: self.clone() }
    }

    fn from_form(form: wire::TextList, _: &'static str) -> Result<Self, Fault> {
        Ok(form.values)
    }
}

/// Instants are exact to the nanosecond; the nanoseconds of a protobuf timestamp always count forward.
impl Wired for Timestamp {
    type Form = prost_types::Timestamp;

    fn to_form(&self) -> prost_types::Timestamp {
        let (seconds, nanos) = (self.as_second(), self.subsec_nanosecond());
        if nanos < 0 {
            return prost_types::Timestamp {
                seconds: seconds - 1,
                nanos: nanos + 1_000_000_000,
            };
        }
        prost_types::Timestamp { seconds, nanos }
    }

    fn from_form(form: prost_types::Timestamp, field: &'static str) -> Result<Self, Fault> {
        if !(0..1_000_000_000).contains(&form.nanos) {
            return Err(Fault::invalid(field));
        }
        Self::new(form.seconds, form.nanos).map_err(|_| Fault::invalid(field))
    }
}

macro_rules! instants {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = prost_types::Timestamp;

            fn to_form(&self) -> prost_types::Timestamp {
                self.0.to_form()
            }

            fn from_form(form: prost_types::Timestamp, field: &'static str) -> Result<Self, Fault> {
                Timestamp::from_form(form, field).map(Self)
            }
        }
    )*};
}
instants!(TakenAt, ObservedAt, RecordedAt);

/// A real day as the decimal number YYYYMMDD, negative for years before the year nought.
impl Wired for Date {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let year = i32::from(self.year());
        let month_and_day = i32::from(self.month()) * 100 + i32::from(self.day());
        if year < 0 {
            year * 10_000 - month_and_day
        } else {
            year * 10_000 + month_and_day
        }
    }

    fn from_form(form: i32, field: &'static str) -> Result<Self, Fault> {
        let whole = form.unsigned_abs();
        let part = |number: u32| i8::try_from(number).ok();
        let year = i16::try_from(whole / 10_000)
            .ok()
            .map(|year| if form < 0 { -year } else { year });
        let (month, day) = (part(whole / 100 % 100), part(whole % 100));
        let (Some(year), Some(month), Some(day)) = (year, month, day) else {
            return Err(Fault::invalid(field));
        };
        Self::new(year, month, day).map_err(|_| Fault::invalid(field))
    }
}

impl Wired for CivilDate {
    type Form = wire::CivilDate;

    fn to_form(&self) -> wire::CivilDate {
        let form = match self {
            Self::Day(day) => wire::civil_date::Form::Day(day.to_form()),
            Self::Unreadable(text) => wire::civil_date::Form::Unreadable(text.clone()),
        };
        wire::CivilDate { form: Some(form) }
    }

    fn from_form(form: wire::CivilDate, field: &'static str) -> Result<Self, Fault> {
        match form.form.ok_or(Fault::missing(field))? {
            wire::civil_date::Form::Day(day) => Date::from_form(day, field).map(Self::Day),
            wire::civil_date::Form::Unreadable(text) => Ok(Self::Unreadable(text)),
        }
    }
}

macro_rules! digests {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = Bytes;

            fn to_form(&self) -> Bytes {
                Bytes::copy_from_slice(&self.0)
            }

            fn from_form(form: Bytes, field: &'static str) -> Result<Self, Fault> {
                array(&form, field).map(Self)
            }
        }
    )*};
}
digests!(MessageDigest, KeyedDigest);

impl Wired for DeliveryId {
    type Form = Bytes;

    fn to_form(&self) -> Bytes {
        Bytes::copy_from_slice(self.0.as_bytes())
    }

    fn from_form(form: Bytes, field: &'static str) -> Result<Self, Fault> {
        array(&form, field).map(|bytes| Self(Uuid::from_bytes(bytes)))
    }
}

/// Bytes of a fixed number.
pub(super) fn array<const N: usize>(bytes: &[u8], field: &'static str) -> Result<[u8; N], Fault> {
    bytes.try_into().map_err(|_| Fault::invalid(field))
}
