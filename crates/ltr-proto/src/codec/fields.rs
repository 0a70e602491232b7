//! Reads protobuf straight into domain values, without the generated types in between: half the work of decoding a log is
//! making and freeing those. Writing goes through the generated types, so every test that reads back what was written
//! holds this reader against the generator's idea of the schema.

use super::fault::Fault;

/// The content of one field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    /// A number, boolean or enum value.
    Number(u64),
    /// A text, bytes, a message or packed numbers.
    Bytes(&'a [u8]),
    /// A fixed-width number. No message of ours has one.
    Fixed,
}

impl<'a> Raw<'a> {
    pub(super) fn number(self, field: &'static str) -> Result<u64, Fault> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) | Self::Fixed => Err(Fault::malformed(field)),
        }
    }

    /// A number that the schema says is an `int32` or an enum value.
    pub(super) fn int32(self, field: &'static str) -> Result<i32, Fault> {
        // Protobuf writes a negative number as its 64-bit two's complement.
        i32::try_from(self.number(field)?.cast_signed()).map_err(|_| Fault::invalid(field))
    }

    pub(super) fn bytes(self, field: &'static str) -> Result<&'a [u8], Fault> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) | Self::Fixed => Err(Fault::malformed(field)),
        }
    }

    pub(super) fn text(self, field: &'static str) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.bytes(field)?).map_err(|_| Fault::malformed(field))
    }

    pub(super) fn array<const N: usize>(self, field: &'static str) -> Result<[u8; N], Fault> {
        self.bytes(field)?.try_into().map_err(|_| Fault::invalid(field))
    }

    /// The numbers of a list of numbers, which protobuf writes packed and reads one by one too.
    pub(super) fn numbers(self, field: &'static str) -> impl Iterator<Item = Result<u64, Fault>> {
        let (mut single, mut packed) = match self {
            Self::Number(number) => (Some(Ok(number)), &[][..]),
            Self::Bytes(packed) => (None, packed),
            Self::Fixed => (Some(Err(Fault::malformed(field))), &[][..]),
        };
        std::iter::from_fn(move || {
            if single.is_some() || packed.is_empty() {
                return single.take();
            }
            let number = varint(&mut packed).ok_or(Fault::malformed(field));
            if number.is_err() {
                packed = &[];
            }
            Some(number)
        })
    }

    pub(super) fn fields(self, field: &'static str) -> Result<Fields<'a>, Fault> {
        Ok(Fields {
            rest: self.bytes(field)?,
            message: field,
        })
    }
}

/// The fields of a message, in the order in which they were written.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    message: &'static str,
}

impl<'a> Fields<'a> {
    /// The fields of a whole payload; `message` names it in errors.
    pub(super) fn of(payload: &'a [u8], message: &'static str) -> Self {
        Self {
            rest: payload,
            message,
        }
    }

    /// The next field: its number and content. Inlined: this is the loop that decoding a log consists of.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Result<Option<(u32, Raw<'a>)>, Fault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        match self.read() {
            Some(field) => Ok(Some(field)),
            None => Err(Fault::malformed(self.message)),
        }
    }

    #[inline(always)]
    fn read(&mut self) -> Option<(u32, Raw<'a>)> {
        let tag = varint(&mut self.rest)?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| *number > 0)?;
        let raw = match tag & 7 {
            0 => Raw::Number(varint(&mut self.rest)?),
            1 => self.split(8).map(|_| Raw::Fixed)?,
            2 => {
                let length = usize::try_from(varint(&mut self.rest)?).ok()?;
                self.split(length).map(Raw::Bytes)?
            }
            5 => self.split(4).map(|_| Raw::Fixed)?,
            _ => return None,
        };
        Some((number, raw))
    }

    #[inline(always)]
    fn split(&mut self, length: usize) -> Option<&'a [u8]> {
        let (content, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(content)
    }
}

#[inline(always)]
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    if *first < 0x80 {
        return Some(u64::from(*first));
    }
    long_varint(*first, bytes)
}

fn long_varint(first: u8, bytes: &mut &[u8]) -> Option<u64> {
    let mut value = u64::from(first & 0x7f);
    for shift in (7..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        // The tenth byte has room for one bit.
        if shift == 63 && *byte > 1 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Which fields of a message are stated as null.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NullFields(u64);

impl NullFields {
    /// Adds what field 1 of a message lists, packed or one by one. Numbers beyond those this version has are ignored.
    pub(super) fn add(&mut self, raw: Raw<'_>, field: &'static str) -> Result<(), Fault> {
        for number in raw.numbers(field) {
            self.mark(number?);
        }
        Ok(())
    }

    pub(super) fn contains(self, number: u32) -> bool {
        1u64.checked_shl(number).is_some_and(|bit| self.0 & bit != 0)
    }

    fn mark(&mut self, number: u64) {
        let bit = u32::try_from(number)
            .ok()
            .and_then(|number| 1u64.checked_shl(number));
        self.0 |= bit.unwrap_or(0);
    }
}
