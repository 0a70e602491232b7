//! Single values as JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::delivery::Completeness;
use ltr_domain::ids::{CandidateId, ChoiceId, DeliveryId, Feed, FormId, Trn, Ukprn};
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{
    ChoiceStatus, InductionStatus, JobApplicationStatus, KeyGroup, KeyedDigest, ProfessionalStatusKind,
    QtlsStatus, RouteStatus, Stated, TraineeState,
};
use ltr_domain::time::{CivilDate, ObservedAt, RecordedAt, TakenAt};
use serde_json::{Map, Value, json};

use crate::hex;

/// A domain value that has a JSON form for people.
pub(crate) trait Shown {
    /// The JSON form. Holds no personal value.
    fn shown(&self) -> Value;
}

/// Adds a field.
pub(crate) fn put<T: Shown>(object: &mut Map<String, Value>, name: &str, value: &T) {
    object.insert(name.to_owned(), value.shown());
}

/// Adds a field that a source may state: not at all if it does not, `null` if it states that there is none.
pub(crate) fn put_stated<T: Shown>(object: &mut Map<String, Value>, name: &str, stated: &Stated<T>) {
    match stated {
        Stated::Unstated => {}
        Stated::Null => {
            object.insert(name.to_owned(), Value::Null);
        }
        Stated::Value(value) => put(object, name, value),
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> Value {
        self.iter().map(Shown::shown).collect()
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Null, Shown::shown)
    }
}

macro_rules! as_json {
    ($($type:ty),*) => {$(
        impl Shown for $type {
            fn shown(&self) -> Value {
                self.clone().into()
            }
        }
    )*};
}
as_json!(String, bool, u16, u32, u64);

macro_rules! as_displayed {
    ($($type:ty),*) => {$(
        impl Shown for $type {
            fn shown(&self) -> Value {
                self.to_string().into()
            }
        }
    )*};
}
as_displayed!(
    Timestamp,
    Date,
    TakenAt,
    ObservedAt,
    RecordedAt,
    CandidateId,
    ChoiceId,
    FormId,
    Trn,
    Ukprn,
    DeliveryId,
    Feed
);

macro_rules! as_upstream_text {
    ($($type:ty),*) => {$(
        impl Shown for $type {
            fn shown(&self) -> Value {
                self.text().into()
            }
        }
    )*};
}
as_upstream_text!(
    ChoiceStatus,
    TraineeState,
    RouteStatus,
    InductionStatus,
    QtlsStatus,
    ProfessionalStatusKind,
    JobApplicationStatus
);

/// A day is a text; what a source gave instead of one is marked, because it may look like anything.
impl Shown for CivilDate {
    fn shown(&self) -> Value {
        match self {
            Self::Day(day) => day.shown(),
            Self::Unreadable(text) => json!({ "unreadable": text }),
        }
    }
}

impl Shown for Answer {
    fn shown(&self) -> Value {
        match self {
            Self::Found => "found".into(),
            Self::MergedInto(trn) => json!({ "merged_into": trn.shown() }),
            Self::Deactivated => "deactivated".into(),
            Self::NotFound => "not_found".into(),
        }
    }
}

impl Shown for Completeness {
    fn shown(&self) -> Value {
        match self {
            Self::Complete => "complete".into(),
            Self::Partial => "partial".into(),
        }
    }
}

impl Shown for KeyGroup {
    fn shown(&self) -> Value {
        self.token().into()
    }
}

impl Shown for KeyedDigest {
    fn shown(&self) -> Value {
        hex::encode(&self.0).into()
    }
}

impl Shown for MessageDigest {
    fn shown(&self) -> Value {
        hex::encode(&self.0).into()
    }
}

impl Shown for MessageRef {
    fn shown(&self) -> Value {
        json!({ "sequence": self.sequence, "digest": self.digest.shown() })
    }
}
