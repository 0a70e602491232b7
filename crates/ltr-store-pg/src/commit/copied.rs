//! Rows in the binary format of COPY: one statement, and no look at what is there already, for rows that are only ever
//! added. Written in portions, each of which is on its way while the next is written: the driver's own writer waits for
//! its connection at every row, and one portion of megabytes is memory that the system has to clear for each batch.

use bytes::{BufMut, Bytes, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::error::Cause;

/// Before the rows: a signature, flags, and the length of an extension that there is none of.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// After the last row, where the number of the next row's fields would be.
const END: i16 = -1;
/// Instead of the length of a value that is not there.
const NULL: i32 = -1;

/// A portion is full once it has so many bytes.
const PORTION_BYTES: usize = 128 * 1024;
/// Room for the row with which it has them.
const ROOM_BYTES: usize = 8 * 1024;

/// The rows, all with the same fields, as far as they are not on their way.
pub(super) struct Copied(BytesMut);

/// One value and the type of its column.
pub(super) type Field<'a> = (&'a (dyn ToSql + Sync), Type);

impl Copied {
    /// No rows yet.
    pub(super) fn begin() -> Self {
        let mut written = BytesMut::with_capacity(PORTION_BYTES + ROOM_BYTES);
        written.put_slice(HEADER);
        Self(written)
    }

    /// One more row, its fields in the order of the statement's columns.
    pub(super) fn row<const N: usize>(&mut self, fields: [Field<'_>; N]) -> Result<(), Cause> {
        write(&mut self.0, &fields)
    }

    /// What is to be sent now, if that is enough.
    pub(super) fn full_portion(&mut self) -> Option<Bytes> {
        if self.0.len() < PORTION_BYTES {
            return None;
        }
        let next = BytesMut::with_capacity(PORTION_BYTES + ROOM_BYTES);
        Some(std::mem::replace(&mut self.0, next).freeze())
    }

    /// What is left to be sent when there are no more rows.
    pub(super) fn last_portion(mut self) -> Bytes {
        self.0.put_i16(END);
        self.0.freeze()
    }
}

fn write(into: &mut BytesMut, fields: &[Field<'_>]) -> Result<(), Cause> {
    let client = |message: String| Cause::Client(message);
    into.put_i16(i16::try_from(fields.len()).expect("a table has few columns"));
    for (value, of) in fields {
        let at = into.len();
        into.put_i32(NULL);
        let is_null = value
            .to_sql_checked(of, into)
            .map_err(|error| client(error.to_string()))?;
        if matches!(is_null, IsNull::Yes) {
            continue;
        }
        let length =
            i32::try_from(into.len() - at - 4).map_err(|_| client("a value is too large".to_owned()))?;
        into[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}
