//! Forms of single values: numbers, texts, ids, dates, instants, digests.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::delivery::Fingerprint;
use ltr_domain::ids::{CandidateId, ChoiceId, DeliveryId, FormId, Trn, Ukprn};
use ltr_domain::observation::MessageDigest;
use ltr_domain::record::{
    ChoiceStatus, InductionStatus, JobApplicationStatus, KeyedDigest, ProfessionalStatusKind, QtlsStatus,
    RouteStatus, TraineeState,
};
use ltr_domain::time::{CivilDate, ObservedAt, RecordedAt, TakenAt};
use uuid::Uuid;

use super::fault::Fault;
use super::fields::Raw;
use super::stated::{Wired, read_list};
use crate::event as wire;

impl Wired for String {
    type Form = Self;

    fn to_form(&self) -> Self {
        self.clone()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.text(field).map(str::to_owned)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Wired for bool {
    type Form = Self;

    fn to_form(&self) -> Self {
        *self
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.number(field).map(|number| number != 0)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

macro_rules! numbers {
    ($($type:ty as $form:ty),*) => {$(
        impl Wired for $type {
            type Form = $form;

            fn to_form(&self) -> $form {
                <$form>::from(*self)
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                Self::try_from(raw.number(field)?).map_err(|_| Fault::invalid(field))
            }

            fn absent() -> Option<Self> {
                Some(0)
            }
        }
    )*};
}
numbers!(u16 as u32, u32 as u32, u64 as u64);

/// Vocabularies travel as the upstream text, known or not.
macro_rules! vocabularies {
    ($($type:ty),*) => {$(
        impl Wired for $type {
            type Form = String;

            fn to_form(&self) -> String {
                self.text().to_owned()
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                raw.text(field).map(<$type>::read)
            }

            fn absent() -> Option<Self> {
                Some(<$type>::read(""))
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

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                raw.number(field).map(Self)
            }

            fn absent() -> Option<Self> {
                Some(Self(0))
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

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                let text = raw.text(field)?;
                Self::parse(text).ok().filter(|id| id.as_str() == text).ok_or(Fault::invalid(field))
            }
        }
    )*};
}
digit_ids!(Trn, Ukprn);

impl Wired for Vec<String> {
    type Form = wire::TextList;

    fn to_form(&self) -> wire::TextList {
        wire::TextList { values: self.clone() }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_list(raw, field)
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

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let (mut seconds, mut nanos) = (0, 0);
        let mut fields = raw.fields(field)?;
        while let Some((number, raw)) = fields.next()? {
            match number {
                1 => seconds = raw.number(field)?.cast_signed(),
                2 => nanos = raw.int32(field)?,
                _ => {}
            }
        }
        if !(0..1_000_000_000).contains(&nanos) {
            return Err(Fault::invalid(field));
        }
        Self::new(seconds, nanos).map_err(|_| Fault::invalid(field))
    }
}

macro_rules! instants {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = prost_types::Timestamp;

            fn to_form(&self) -> prost_types::Timestamp {
                self.0.to_form()
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                Timestamp::read(raw, field).map(Self)
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

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let form = raw.int32(field)?;
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

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let mut date = None;
        let mut fields = raw.fields(field)?;
        while let Some((number, raw)) = fields.next()? {
            match number {
                1 => date = Some(Self::Day(Date::read(raw, field)?)),
                2 => date = Some(Self::Unreadable(String::read(raw, field)?)),
                _ => {}
            }
        }
        date.ok_or(Fault::missing(field))
    }
}

macro_rules! digests {
    ($($type:ident),*) => {$(
        impl Wired for $type {
            type Form = Bytes;

            fn to_form(&self) -> Bytes {
                Bytes::copy_from_slice(&self.0)
            }

            fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
                raw.array(field).map(Self)
            }
        }
    )*};
}
digests!(MessageDigest, KeyedDigest, Fingerprint);

impl Wired for DeliveryId {
    type Form = Bytes;

    fn to_form(&self) -> Bytes {
        Bytes::copy_from_slice(self.0.as_bytes())
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.array(field).map(|bytes| Self(Uuid::from_bytes(bytes)))
    }
}

/// Nonces and other bytes of a fixed number.
impl<const N: usize> Wired for [u8; N] {
    type Form = Bytes;

    fn to_form(&self) -> Bytes {
        Bytes::copy_from_slice(self)
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.array(field)
    }
}

impl Wired for Bytes {
    type Form = Self;

    fn to_form(&self) -> Self {
        self.clone()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        raw.bytes(field).map(Self::copy_from_slice)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}
