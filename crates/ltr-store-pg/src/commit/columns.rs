//! Values as PostgreSQL takes them, and columns of them for statements that write many rows at once.

use jiff::Timestamp;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{Checkpoint, Resolved, whole_microseconds};
use tokio_postgres::types::ToSql;

/// The columns of a multi-row statement, one parameter each.
#[derive(Default)]
pub(super) struct Columns<'a> {
    rows: usize,
    columns: Vec<Box<dyn ToSql + Sync + Send + 'a>>,
}

impl<'a> Columns<'a> {
    /// One more column: what `value` gives of each row.
    pub(super) fn with<R, T>(mut self, rows: &'a [R], value: impl Fn(&'a R) -> T) -> Self
    where
        T: ToSql + Sync + Send + 'a,
    {
        let column: Vec<T> = rows.iter().map(value).collect();
        self.rows = column.len();
        self.columns.push(Box::new(column));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.columns
            .iter()
            .map(|column| &**column as &(dyn ToSql + Sync))
            .collect()
    }
}

/// A place on one very stream, as it is stored.
pub(super) struct Place {
    created_at: Timestamp,
    nanoseconds: i16,
    sequence: i64,
    digest: Vec<u8>,
    policy_sequence: i64,
    resolved: &'static str,
    resolved_person: Option<uuid::Uuid>,
    resolved_changes: Option<i64>,
}

impl Place {
    pub(super) fn of(checkpoint: &Checkpoint) -> Self {
        let (exact, sequence, digest, policy) = checkpoint.place();
        let created_at = whole_microseconds(exact);
        let rest = exact.as_nanosecond() - created_at.as_nanosecond();
        let (resolved, resolved_person, resolved_changes) = match policy.resolved {
            Resolved::Everybody => ("everybody", None, None),
            Resolved::Nobody => ("nobody", None, None),
            Resolved::UpTo { person, changes } => ("up_to", Some(person.0), Some(i64::from(changes))),
        };
        Self {
            created_at,
            nanoseconds: i16::try_from(rest).expect("less than a microsecond is less than a thousand"),
            sequence: signed(sequence),
            digest: digest.to_vec(),
            policy_sequence: signed(policy.adoption),
            resolved,
            resolved_person,
            resolved_changes,
        }
    }

    /// In the order of the checkpoint's columns.
    pub(super) fn parameters(&self) -> [&(dyn ToSql + Sync); 8] {
        [
            &self.created_at,
            &self.nanoseconds,
            &self.sequence,
            &self.digest,
            &self.policy_sequence,
            &self.resolved,
            &self.resolved_person,
            &self.resolved_changes,
        ]
    }
}

/// The number as `bigint` holds it. What no stream and no count ever reaches is kept as the largest there is.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number as `integer` holds it, likewise.
pub(super) fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn instant(known: KnownAt) -> Timestamp {
    known.0
}
