//! One domain type, one form on the wire; and the uniform scheme for absent, null and a value (see `common.proto`).

use ltr_domain::record::Stated;

use super::fault::Fault;

/// A domain value that has a form on the wire.
pub(super) trait Wired: Sized {
    /// The generated type, or the scalar, that carries it.
    type Form;

    /// Writes it.
    fn to_form(&self) -> Self::Form;

    /// Reads it back; `field` is where it stands, for errors.
    fn from_form(form: Self::Form, field: &'static str) -> Result<Self, Fault>;
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

/// Reads what is stated of the field with that number.
pub(super) fn take<T: Wired>(
    form: Option<T::Form>,
    number: u32,
    null_fields: &[u32],
    field: &'static str,
) -> Result<Stated<T>, Fault> {
    let is_null = null_fields.contains(&number);
    match form {
        Some(_) if is_null => Err(Fault::invalid(field)),
        Some(form) => T::from_form(form, field).map(Stated::Value),
        None if is_null => Ok(Stated::Null),
        None => Ok(Stated::Unstated),
    }
}

/// Reads a message that is always set.
pub(super) fn required<T: Wired>(form: Option<T::Form>, field: &'static str) -> Result<T, Fault> {
    T::from_form(form.ok_or(Fault::missing(field))?, field)
}

/// Reads a message that may be absent.
pub(super) fn optional<T: Wired>(form: Option<T::Form>, field: &'static str) -> Result<Option<T>, Fault> {
    form.map(|form| T::from_form(form, field)).transpose()
}

/// Writes every item of a list.
pub(super) fn list<T: Wired>(items: &[T]) -> Vec<T::Form> {
    items.iter().map(Wired::to_form).collect()
}

/// Reads every item of a list.
pub(super) fn items<T: Wired>(forms: Vec<T::Form>, field: &'static str) -> Result<Vec<T>, Fault> {
    forms.into_iter().map(|form| T::from_form(form, field)).collect()
}

/// Joins a domain record to the message of the same fields and to its JSON: `always` set ones, `messages` that are always
/// set, plain lists of `texts`, and `stated` ones with their numbers in the schema (a test holds them against the
/// descriptor).
macro_rules! wired_message {
    ($domain:ty as $message:ident {
        $(always { $($always:ident),* $(,)? })?
        $(messages { $($inner:ident),* $(,)? })?
        $(texts { $($texts:ident),* $(,)? })?
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

            fn from_form(form: Self::Form, _: &'static str) -> Result<Self, $crate::codec::fault::Fault> {
                Ok(Self {
                    $($($always: $crate::codec::stated::Wired::from_form(
                        form.$always,
                        concat!(stringify!($message), ".", stringify!($always)),
                    )?,)*)?
                    $($($inner: $crate::codec::stated::required(
                        form.$inner,
                        concat!(stringify!($message), ".", stringify!($inner)),
                    )?,)*)?
                    $($($texts: form.$texts,)*)?
                    $($stated: $crate::codec::stated::take(
                        form.$stated,
                        $number,
                        &form.null_fields,
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
            const STATED: &[(&str, i32)] = &[$((stringify!($stated), $number)),*];
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

            fn from_form(form: Self::Form, field: &'static str) -> Result<Self, $crate::codec::fault::Fault> {
                $crate::codec::stated::items(form.$field, field)
            }
        }
    };
}
pub(super) use wired_list;

/// The numbers a message's macro was given, to be held against the schema.
#[cfg(test)]
pub(super) trait Numbered {
    const MESSAGE: &str;
    const STATED: &[(&str, i32)];
}
