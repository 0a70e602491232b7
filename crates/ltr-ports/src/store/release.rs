//! When a row in quarantine is released: a complete delivery of its scope was published that came without it.

use std::collections::{BTreeMap, HashMap};

use ltr_domain::delivery::{Completeness, Scope};
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::KnownAt;

use super::{DeliveryRow, QuarantineRow};

/// What releases rows, as far as these deliveries tell.
#[derive(Debug)]
pub struct Releases<'a> {
    scopes: HashMap<DeliveryId, &'a Scope>,
    /// When complete deliveries of each scope were opened that were closed, with when they were closed.
    passed: BTreeMap<(Feed, &'a Scope), BTreeMap<KnownAt, KnownAt>>,
}

impl<'a> Releases<'a> {
    /// What these deliveries release.
    #[must_use]
    pub fn of(deliveries: &'a [DeliveryRow]) -> Self {
        let mut passed: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for row in deliveries
            .iter()
            .filter(|row| row.completeness == Completeness::Complete)
        {
            if let Some(closed_at) = row.closed_at {
                let of_scope = passed.entry((row.feed, &row.scope)).or_default();
                of_scope.insert(row.opened_at, closed_at);
            }
        }
        Self {
            scopes: deliveries.iter().map(|row| (row.delivery, &row.scope)).collect(),
            passed,
        }
    }

    /// When the row was released; `None`: it still waits. The same row again waits again, as it is seen later.
    #[must_use]
    pub fn released_at(&self, row: &QuarantineRow) -> Option<KnownAt> {
        let scope = self.scopes.get(&row.message.delivery)?;
        let of_scope = self.passed.get(&(row.message.feed, *scope))?;
        let mut after = of_scope.range((
            std::ops::Bound::Excluded(row.last_seen_at),
            std::ops::Bound::Unbounded,
        ));
        after.next().map(|(_, closed_at)| *closed_at)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ltr_domain::delivery::{Counts, Quarantined};
    use ltr_domain::time::{RecordedAt, TakenAt};

    use super::*;

    fn known(second: i64) -> KnownAt {
        KnownAt(Timestamp::new(second, 0).expect("a small number"))
    }

    fn delivery(number: u128, opened: i64) -> DeliveryRow {
        DeliveryRow {
            delivery: DeliveryId(uuid::Uuid::from_u128(number)),
            feed: Feed::RegisterTrainees,
            scope: [("provider".to_owned(), "10000571".to_owned())].into(),
            completeness: Completeness::Complete,
            taken_at: TakenAt(known(opened).0),
            opened_at: known(opened),
            closed_at: None,
            pages: 1,
            counts: Counts::default(),
            held: None,
        }
    }

    /// A row of the first delivery.
    fn bad() -> QuarantineRow {
        QuarantineRow {
            message: Quarantined {
                id: "bad".to_owned(),
                feed: Feed::RegisterTrainees,
                delivery: DeliveryId(uuid::Uuid::from_u128(1)),
                recorded_at: RecordedAt(known(2).0),
                code: "trn_wrong_length".to_owned(),
                reason: String::new(),
                place: String::new(),
                evidence: None,
            },
            sequence: 2,
            first_seen_at: known(2),
            last_seen_at: known(2),
        }
    }

    fn closed(number: u128, opened: i64) -> DeliveryRow {
        DeliveryRow {
            closed_at: Some(known(opened + 1)),
            ..delivery(number, opened)
        }
    }

    #[test]
    fn a_row_is_released_by_the_next_complete_delivery_of_its_scope_without_it() {
        let row = bad();
        let released = |others: Vec<DeliveryRow>, row: &QuarantineRow| {
            let all: Vec<_> = [closed(1, 1)].into_iter().chain(others).collect();
            Releases::of(&all).released_at(row)
        };
        assert_eq!(
            released(Vec::new(), &row),
            None,
            "its own delivery releases nothing"
        );
        assert_eq!(released(vec![closed(2, 5), closed(3, 8)], &row), Some(known(6)));
        let open = delivery(2, 5);
        assert_eq!(released(vec![open], &row), None);
        let partial = DeliveryRow {
            completeness: Completeness::Partial,
            ..closed(2, 5)
        };
        assert_eq!(released(vec![partial], &row), None);
        let elsewhere = DeliveryRow {
            scope: Scope::new(),
            ..closed(2, 5)
        };
        assert_eq!(released(vec![elsewhere], &row), None);
        let seen_again = QuarantineRow {
            last_seen_at: known(6),
            ..row
        };
        assert_eq!(released(vec![closed(2, 5)], &seen_again), None);
    }
}
