//! Rows in the binary format of PostgreSQL's `copy`: tables that are only ever added to are written a page at a time
//! instead of a row at a time. All rows go in one piece, which the driver's own writer does not do.

use bytes::{BufMut, Bytes, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::error::Cause;

/// Before the rows: a signature, flags, and the length of an extension that there is none of.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// After the last row, where the number of the next row's fields would be.
const END: i16 = -1;
/// Instead of the length of a value that is not there.
const NULL: i32 = -1;

/// The rows, all with the same fields.
pub(super) struct Copied {
    rows: usize,
    written: BytesMut,
}

/// One value and the type of its column.
pub(super) type Field<'a> = (&'a (dyn ToSql + Sync), Type);

impl Copied {
    /// No rows yet; there will be about `bytes` bytes of values.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let mut written = BytesMut::with_capacity(HEADER.len() + bytes);
        written.put_slice(HEADER);
        Self { rows: 0, written }
    }

    /// One more row, its fields in the order of the statement's columns.
    pub(super) fn row<const N: usize>(&mut self, fields: [Field<'_>; N]) -> Result<(), Cause> {
        self.rows += 1;
        write(&mut self.written, &fields)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn into_bytes(mut self) -> Bytes {
        self.written.put_i16(END);
        self.written.freeze()
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
