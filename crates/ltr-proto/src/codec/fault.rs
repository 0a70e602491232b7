//! Why bytes are not a message.

/// Bytes that no version of this schema writes. Names message and field, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not protobuf, or not of this message.
    #[error("{field} is not of its type")]
    Malformed {
        /// The message, or message and field, where reading stopped.
        field: &'static str,
    },
    /// A field that is always set is not.
    #[error("{field} is missing")]
    Missing {
        /// Message and field.
        field: &'static str,
    },
    /// A field holds what it cannot hold.
    #[error("{field} holds what it cannot hold")]
    Invalid {
        /// Message and field.
        field: &'static str,
    },
}

/// Why bytes are not a domain value.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nobody writes it.
    Refused(DecodeError),
    /// A newer version of the schema may well write it.
    Unknown {
        /// Message and field.
        field: &'static str,
        /// The number that this version does not know: of a field of a oneof, or of an enum value.
        number: i32,
    },
}

impl Fault {
    pub(super) fn malformed(field: &'static str) -> Self {
        Self::Refused(DecodeError::Malformed { field })
    }

    pub(super) fn missing(field: &'static str) -> Self {
        Self::Refused(DecodeError::Missing { field })
    }

    pub(super) fn invalid(field: &'static str) -> Self {
        Self::Refused(DecodeError::Invalid { field })
    }

    /// For the number of an enum value: nought is what nobody writes, any other number may be a newer version's.
    pub(super) fn enum_value(field: &'static str, number: i32) -> Self {
        if number == 0 {
            Self::missing(field)
        } else {
            Self::Unknown { field, number }
        }
    }

    /// For a oneof of which this version knows no field that is set: `number` is that of a field it does not know.
    pub(super) fn unknown_arm(field: &'static str, number: Option<u32>) -> Self {
        match number.and_then(|number| i32::try_from(number).ok()) {
            Some(number) => Self::Unknown { field, number },
            None => Self::missing(field),
        }
    }

    /// The error, where what a newer version wrote must not be passed over either.
    pub(super) fn into_error(self) -> DecodeError {
        match self {
            Self::Refused(error) => error,
            Self::Unknown { field, .. } => DecodeError::Invalid { field },
        }
    }
}
