//! Absent, null and a value are three different statements (T21).

/// What a row says of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stated<T> {
    /// The field is absent: no statement, what was known before stays.
    #[default]
    Unstated,
    /// The field is null: the source says there is none.
    Null,
    /// The field has a value; "" and [] are values.
    Value(T),
}

impl<T> Stated<T> {
    /// The value, if one is stated.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unstated | Self::Null => None,
        }
    }

    /// Null for `None`, the value otherwise: for a field that is there.
    #[must_use]
    pub fn from_nullable(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }

    /// Turns the value, keeping absent and null apart.
    #[must_use]
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Stated<U> {
        match self {
            Self::Unstated => Stated::Unstated,
            Self::Null => Stated::Null,
            Self::Value(value) => Stated::Value(with(value)),
        }
    }

    /// Whether the row says anything of the field.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        !matches!(self, Self::Unstated)
    }
}

impl<T: Clone> Stated<T> {
    /// This statement, or the previous one where this row makes none.
    #[must_use]
    pub fn over(self, previous: &Self) -> Self {
        match self {
            Self::Unstated => previous.clone(),
            stated @ (Self::Null | Self::Value(_)) => stated,
        }
    }
}

/// Defines a canonical record: every field is `Stated` unless listed under `always`, and a row is laid over what was
/// known before field by field.
macro_rules! canonical_record {
    (
        $(#[$doc:meta])*
        $name:ident {
            always { $($(#[$adoc:meta])* $afield:ident : $atype:ty,)* }
            stated { $($(#[$sdoc:meta])* $sfield:ident : $stype:ty,)* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $($(#[$adoc])* pub $afield: $atype,)*
            $($(#[$sdoc])* pub $sfield: $crate::record::Stated<$stype>,)*
        }

        impl $name {
            /// This row laid over what was known before: what it does not state stays.
            #[must_use]
            pub fn over(self, previous: &Self) -> Self {
                Self {
                    $($afield: self.$afield,)*
                    $($sfield: self.$sfield.over(&previous.$sfield),)*
                }
            }
        }
    };
}
pub(crate) use canonical_record;
