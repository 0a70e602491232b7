//! One domain type, one form on the wire; and the uniform scheme for absent, null and a value (see `common.proto`).

use ltr_domain::record::Stated;

use super::fault::Fault;
use super::fields::{NullFields, Raw};

/// A domain value that has a form on the wire.
pub(super) trait Wired: Sized {
    /// The generated type, or the scalar, that it is written as.
    type Form;

    /// Writes it.
    fn to_form(&self) -> Self::Form;

    /// Reads it; `field` is where it stands, for errors.
    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault>;

    /// What it is where its field is always set but was left out: protobuf does not write noughts and empty texts.
    fn absent() -> Option<Self> {
        None
    }
}

/// Writes what is stated of the field with that number; null goes into the list of null fields.
pub(super) fn put<T: Wired>(stated: &Stated<T>, number: u32, null_fields: &mut Vec<u32>) -> Option<T::Form> {
    match stated {
        Stated::Unstated => None,
        Stated::Null => {
            null_fields.push(number);
            None
        }
        Stated::Value(value) => Some(value.to_form()),
    }
}

/// What is stated of the field with that number, once all fields are read.
pub(super) fn take<T>(
    value: Option<T>,
    number: u32,
    null_fields: NullFields,
    field: &'static str,
) -> Result<Stated<T>, Fault> {
    match value {
        Some(_) if null_fields.contains(number) => Err(Fault::invalid(field)),
        Some(value) => Ok(Stated::Value(value)),
        None if null_fields.contains(number) => Ok(Stated::Null),
        None => Ok(Stated::Unstated),
    }
}

/// The value of a field that is always set, once all fields are read.
pub(super) fn required<T: Wired>(value: Option<T>, field: &'static str) -> Result<T, Fault> {
    value.or_else(T::absent).ok_or(Fault::missing(field))
}

/// Writes every item of a list.
pub(super) fn list<T: Wired>(items: &[T]) -> Vec<T::Form> {
    items.iter().map(Wired::to_form).collect()
}

/// Reads a message by its fields: each number names a variable, that becomes `Some`, or, marked `repeated`, a list that
/// grows. Fields that are not named came later and are passed over.
macro_rules! read_fields {
    ($fields:expr, $message:literal {
        $($number:literal => $name:ident,)*
        $(repeated { $($list_number:literal => $list:ident,)* })?
    }) => {
        $(let mut $name = None;)*
        $($(let mut $list = Vec::new();)*)?
        let mut fields = $fields;
        while let Some((number, raw)) = fields.next()? {
            match number {
                $($number => {
                    $name = Some($crate::codec::stated::Wired::read(raw, concat!($message, ".", stringify!($name)))?);
                })*
                $($($list_number => {
                    $list.push($crate::codec::stated::Wired::read(raw, concat!($message, ".", stringify!($list)))?);
                })*)?
                _ => {}
            }
        }
    };
}
pub(super) use read_fields;

/// Joins a domain record to the message of the same fields and to its JSON: `always` set ones, `messages` that are always
/// set, plain lists of `texts`, and `stated` ones, with their numbers in the schema (a test holds them against the
/// descriptor).
macro_rules! wired_message {
    ($domain:ty as $message:ident {
        $(always { $($always:ident = $always_number:literal),* $(,)? })?
        $(messages { $($inner:ident = $inner_number:literal),* $(,)? })?
        $(texts { $($texts:ident = $texts_number:literal),* $(,)? })?
        stated { $($stated:ident = $number:literal),* $(,)? }
    }) => {
        impl $crate::codec::stated::Wired for $domain {
            type Form = $crate::event::$message;

            fn to_form(&self) -> Self::Form {
                let mut null_fields = Vec::new();
                $crate::event::$message {
                    $($($always: $crate::codec::stated::Wired::to_form(&self.$always),)*)?
                    $($($inner: Some($crate::codec::stated::Wired::to_form(&self.$inner)),)*)?
                    $($($texts: self.$texts.clone(),)*)?
                    $($stated: $crate::codec::stated::put(&self.$stated, $number, &mut null_fields),)*
                    null_fields,
                }
            }

            fn read(
                raw: $crate::codec::fields::Raw<'_>,
                field: &'static str,
            ) -> Result<Self, $crate::codec::fault::Fault> {
                use $crate::codec::stated::Wired;

                let mut null_fields = $crate::codec::fields::NullFields::default();
                $($(let mut $always = None;)*)?
                $($(let mut $inner = None;)*)?
                $($(let mut $texts = Vec::new();)*)?
                $(let mut $stated = None;)*
                let mut fields = raw.fields(field)?;
                while let Some((number, raw)) = fields.next()? {
                    match number {
                        1 => null_fields.add(raw, concat!(stringify!($message), ".null_fields"))?,
                        $($($always_number => {
                            $always = Some(Wired::read(raw, concat!(stringify!($message), ".", stringify!($always)))?);
                        })*)?
                        $($($inner_number => {
                            $inner = Some(Wired::read(raw, concat!(stringify!($message), ".", stringify!($inner)))?);
                        })*)?
                        $($($texts_number => {
                            $texts.push(Wired::read(raw, concat!(stringify!($message), ".", stringify!($texts)))?);
                        })*)?
                        $($number => {
                            $stated = Some(Wired::read(raw, concat!(stringify!($message), ".", stringify!($stated)))?);
                        })*
                        _ => {}
                    }
                }
                Ok(Self {
                    $($($always: $crate::codec::stated::required($always, concat!(stringify!($message), ".", stringify!($always)))?,)*)?
                    $($($inner: $crate::codec::stated::required($inner, concat!(stringify!($message), ".", stringify!($inner)))?,)*)?
                    $($($texts,)*)?
                    $($stated: $crate::codec::stated::take(
                        $stated,
                        $number,
                        null_fields,
                        concat!(stringify!($message), ".", stringify!($stated)),
                    )?,)*
                })
            }
        }

        impl $crate::json::Shown for $domain {
            fn shown(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                $($($crate::json::put(&mut object, stringify!($always), &self.$always);)*)?
                $($($crate::json::put(&mut object, stringify!($inner), &self.$inner);)*)?
                $($($crate::json::put(&mut object, stringify!($texts), &self.$texts);)*)?
                $($crate::json::put_stated(&mut object, stringify!($stated), &self.$stated);)*
                object.into()
            }
        }

        #[cfg(test)]
        impl $crate::codec::stated::Numbered for $domain {
            const MESSAGE: &str = stringify!($message);
            const NUMBERS: &[(&str, i32)] = &[
                $($((stringify!($always), $always_number),)*)?
                $($((stringify!($inner), $inner_number),)*)?
                $($((stringify!($texts), $texts_number),)*)?
                $((stringify!($stated), $number),)*
            ];
        }
    };
}
pub(super) use wired_message;

/// Joins a list to the message that wraps it.
macro_rules! wired_list {
    ($item:ty as $message:ident . $field:ident) => {
        impl $crate::codec::stated::Wired for Vec<$item> {
            type Form = $crate::event::$message;

            fn to_form(&self) -> Self::Form {
                $crate::event::$message {
                    $field: $crate::codec::stated::list(self),
                }
            }

            fn read(
                raw: $crate::codec::fields::Raw<'_>,
                field: &'static str,
            ) -> Result<Self, $crate::codec::fault::Fault> {
                $crate::codec::stated::read_list(raw, field)
            }
        }
    };
}
pub(super) use wired_list;

/// Reads the message that wraps a list: all of them have it in field 1.
pub(super) fn read_list<T: Wired>(raw: Raw<'_>, field: &'static str) -> Result<Vec<T>, Fault> {
    let mut items = Vec::new();
    let mut fields = raw.fields(field)?;
    while let Some((number, raw)) = fields.next()? {
        if number == 1 {
            items.push(T::read(raw, field)?);
        }
    }
    Ok(items)
}

/// The numbers a message's macro was given, to be held against the schema.
#[cfg(test)]
pub(super) trait Numbered {
    const MESSAGE: &str;
    const NUMBERS: &[(&str, i32)];
}
