//! Any value of the domain, drawn from bytes. Where the bytes end, the smallest value is drawn, so that a failure shrinks
//! to the few fields that matter.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::ids::{CandidateId, ChoiceId, DeliveryId, Feed, FormId, RecordId, RecordKind, Trn, Ukprn};
use ltr_domain::observation::{MessageDigest, MessageRef};
use ltr_domain::record::{KeyGroup, KeyedDigest, PersonalField, Stated};
use ltr_domain::time::{CivilDate, ObservedAt, RecordedAt, TakenAt};
use ltr_proto::seal::KeyId;
use proptest::prelude::*;
use uuid::Uuid;

mod entries;
mod events;
mod judgements;
mod records;

pub(crate) use events::{Draw, EVERY_FACT};

/// Bytes to draw values from.
pub(crate) struct Source(std::vec::IntoIter<u8>);

impl Source {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into_iter())
    }

    fn byte(&mut self) -> u8 {
        self.0.next().unwrap_or(0)
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    /// A number below `bound`, which is at most 256.
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// Draws any value of a type.
pub(crate) trait Any: Sized {
    fn any(source: &mut Source) -> Self;
}

/// Any value of a type, as proptest wants it.
pub(crate) fn anything<T: Any + std::fmt::Debug>() -> impl Strategy<Value = T> {
    proptest::collection::vec(any::<u8>(), 0..1500).prop_map(|bytes| T::any(&mut Source::new(bytes)))
}

impl<T: Any> Any for Stated<T> {
    fn any(source: &mut Source) -> Self {
        match source.below(4) {
            0 => Self::Unstated,
            1 => Self::Null,
            _ => Self::Value(T::any(source)),
        }
    }
}

impl<T: Any> Any for Option<T> {
    fn any(source: &mut Source) -> Self {
        (source.below(3) > 0).then(|| T::any(source))
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(source: &mut Source) -> Self {
        (0..source.below(4)).map(|_| T::any(source)).collect()
    }
}

impl<K: Any + Ord, V: Any> Any for BTreeMap<K, V> {
    fn any(source: &mut Source) -> Self {
        (0..source.below(4))
            .map(|_| (K::any(source), V::any(source)))
            .collect()
    }
}

impl<T: Any + Ord> Any for BTreeSet<T> {
    fn any(source: &mut Source) -> Self {
        Vec::any(source).into_iter().collect()
    }
}

/// Short texts: empty, blank, not ASCII, with what subjects and JSON treat apart, or arbitrary.
impl Any for String {
    fn any(source: &mut Source) -> Self {
        let arbitrary = char::from_u32(u32::from(u16::from_be_bytes(source.bytes()))).unwrap_or('\u{fffd}');
        match source.below(8) {
            0 => Self::new(),
            1 => " ".into(),
            2 => "a.b/c=\n\"*>".into(),
            3 => "Zoë 😀".into(),
            4 => "2026-02-30".into(),
            5 => "x".repeat(source.below(200)),
            _ => format!("{arbitrary}{}", source.byte()),
        }
    }
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                match source.below(4) {
                    0 => Self::from(source.byte()),
                    1 => Self::MAX,
                    _ => Self::from_be_bytes(source.bytes()),
                }
            }
        }
    )*};
}
numbers!(u16, u32, u64);

impl Any for bool {
    fn any(source: &mut Source) -> Self {
        source.byte() & 1 == 1
    }
}

macro_rules! number_ids {
    ($($type:ident),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                Self(Any::any(source))
            }
        }
    )*};
}
number_ids!(CandidateId, ChoiceId, FormId, TakenAt, ObservedAt, RecordedAt);

fn digits(source: &mut Source, count: usize) -> String {
    (0..count)
        .map(|_| char::from(b'0' + source.byte() % 10))
        .collect()
}

impl Any for Trn {
    fn any(source: &mut Source) -> Self {
        Self::parse(&digits(source, 7)).unwrap()
    }
}

impl Any for Ukprn {
    fn any(source: &mut Source) -> Self {
        Self::parse(&digits(source, 8)).unwrap()
    }
}

impl Any for Date {
    fn any(source: &mut Source) -> Self {
        let month = i8::try_from(1 + source.below(12)).unwrap();
        let day = i8::try_from(1 + source.below(28)).unwrap();
        let year = match source.below(4) {
            0 => 2026,
            1 => source.pick(&[-9999, -1, 0, 1, 9999]),
            _ => i16::from_be_bytes(source.bytes()) % 10_000,
        };
        Self::new(year, month, day).unwrap()
    }
}

impl Any for CivilDate {
    fn any(source: &mut Source) -> Self {
        match source.below(3) {
            0 => Self::Day(Date::any(source)),
            1 => Self::read(&String::any(source)),
            // Never read as such, but kept apart from the day all the same.
            _ => Self::Unreadable(Date::any(source).to_string()),
        }
    }
}

impl Any for Timestamp {
    fn any(source: &mut Source) -> Self {
        let within = i128::from(i64::from_be_bytes(source.bytes()));
        match source.below(8) {
            0 => Self::MIN,
            1 => Self::MAX,
            2 => Self::UNIX_EPOCH,
            _ => Self::from_nanosecond(within).unwrap(),
        }
    }
}

impl Any for DeliveryId {
    fn any(source: &mut Source) -> Self {
        Self(Uuid::from_bytes(source.bytes()))
    }
}

macro_rules! byte_arrays {
    ($($type:ident),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                Self(source.bytes())
            }
        }
    )*};
}
byte_arrays!(MessageDigest, KeyedDigest, KeyId);

impl<const N: usize> Any for [u8; N] {
    fn any(source: &mut Source) -> Self {
        source.bytes()
    }
}

impl Any for Bytes {
    fn any(source: &mut Source) -> Self {
        (0..source.below(80)).map(|_| source.byte()).collect()
    }
}

impl Any for MessageRef {
    fn any(source: &mut Source) -> Self {
        Self {
            sequence: Any::any(source),
            digest: Any::any(source),
        }
    }
}

macro_rules! picked {
    ($($type:ty),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                source.pick(&Self::ALL)
            }
        }
    )*};
}
picked!(RecordKind, Feed, KeyGroup, PersonalField);

impl Any for RecordId {
    fn any(source: &mut Source) -> Self {
        let key = String::any(source);
        Self::new(
            RecordKind::any(source),
            if key.is_empty() { "k".to_owned() } else { key },
        )
    }
}

/// Draws every field of a struct.
macro_rules! any_struct {
    ($($type:ty { $($field:ident),* $(,)? })*) => {$(
        impl $crate::generate::Any for $type {
            fn any(source: &mut $crate::generate::Source) -> Self {
                Self { $($field: $crate::generate::Any::any(source)),* }
            }
        }
    )*};
}
use any_struct;
