//! Identifiers that are numbers in disguise. Kept as text where zeros could be lost, as integers where they cannot.

use std::fmt;

use super::IdError;

macro_rules! integer_id {
    ($(#[$doc:meta])* $name:ident, $label:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// Parses the upstream form.
            ///
            /// # Errors
            ///
            /// Anything but the prefix and 1 to 18 digits.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let Some(digits) = text.strip_prefix($prefix) else {
                    return Err(IdError::Malformed { id: $label });
                };
                if digits.is_empty() {
                    return Err(IdError::Empty { id: $label });
                }
                if digits.len() > 18 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(IdError::Malformed { id: $label });
                }
                digits.parse().map(Self).map_err(|_| IdError::Malformed { id: $label })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

macro_rules! digits_id {
    ($(#[$doc:meta])* $name:ident, $label:literal, $len:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Parses exactly the digits, nothing else.
            ///
            /// # Errors
            ///
            /// Another number of digits, or any other character.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if text.is_empty() {
                    return Err(IdError::Empty { id: $label });
                }
                if !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(IdError::Malformed { id: $label });
                }
                let found = text.len();
                let digits = text
                    .as_bytes()
                    .try_into()
                    .map_err(|_| IdError::WrongLength { id: $label, expected: $len, found })?;
                Ok(Self(digits))
            }

            /// The digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("holds ASCII digits only")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

integer_id!(
    /// An Apply candidate account, `C1234` (U§1.1). One person may have several (T09).
    CandidateId, "Apply candidate id", "C"
);
integer_id!(
    /// An Apply application form: one per candidate and recruitment cycle.
    FormId, "Apply form id", ""
);
integer_id!(
    /// An Apply application choice: the key that Register's `application_id` carries.
    ChoiceId, "Apply choice id", ""
);
digits_id!(
    /// A school's unique reference number: six digits.
    Urn, "URN", 6
);
digits_id!(
    /// A provider's UK provider reference number: eight digits.
    Ukprn, "UKPRN", 8
);

impl Urn {
    /// Whether the number is one of Register's stand-ins for "no such school" (T26).
    #[must_use]
    pub fn is_sentinel(&self) -> bool {
        matches!(self.as_str(), "900000" | "900020" | "900030")
    }
}
