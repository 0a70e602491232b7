//! Rows read back. What cannot be read is told by table, column and row.

use jiff::Timestamp;
use ltr_domain::ids::RecordId;
use ltr_ports::store::StoreError;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::text;

pub(crate) mod feeds;
pub(crate) mod heard;
pub(crate) mod history;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod reviews;

/// A row of one table, with what its key is called.
struct Reading<'a> {
    row: &'a Row,
    table: &'static str,
    key: &'static str,
}

impl<'a> Reading<'a> {
    fn of(row: &'a Row, table: &'static str, key: &'static str) -> Self {
        Self { row, table, key }
    }

    /// The column's value.
    fn get<T: FromSql<'a>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|_| self.unreadable(column))
    }

    /// The column's value, made into something else.
    fn parsed<T: FromSql<'a>, P>(
        &self,
        column: &'static str,
        parse: impl FnOnce(T) -> Option<P>,
    ) -> Result<P, StoreError> {
        parse(self.get(column)?).ok_or_else(|| self.unreadable(column))
    }

    fn record(&self) -> Result<RecordId, StoreError> {
        self.parsed("record", |name: &str| text::record(name))
    }

    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.parsed(column, |stored: &str| text::read(stored))
    }

    fn unsigned(&self, column: &'static str) -> Result<u64, StoreError> {
        self.parsed(column, |number: i64| u64::try_from(number).ok())
    }

    fn digest(&self, column: &'static str) -> Result<[u8; 32], StoreError> {
        self.parsed(column, |bytes: &[u8]| bytes.try_into().ok())
    }

    fn instant(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column)
    }

    fn unreadable(&self, column: &'static str) -> StoreError {
        let row = self
            .row
            .try_get::<_, String>(self.key)
            .or_else(|_| {
                self.row
                    .try_get::<_, uuid::Uuid>(self.key)
                    .map(|id| id.to_string())
            })
            .unwrap_or_else(|_| "a row without a readable key".to_owned());
        StoreError::Unreadable {
            table: self.table,
            column,
            row,
        }
    }
}
