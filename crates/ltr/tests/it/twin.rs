//! The log in memory, filled as the command would fill a real one.

use std::sync::Arc;

use ltr_domain::delivery::Completeness;
use ltr_domain::ids::{DeliveryId, Feed};
use ltr_domain::time::TakenAt;
use ltr_ingest::{Backfill, Config, DeliveryPlan, Edge, deliver};
use ltr_ports::clock::ManualClock;
use ltr_ports::log::mem::MemLog;
use ltr_proto::seal::KeyEncryptionKey;
use ltr_sources::Row;
use serde_json::Value;

use crate::house::KEK;

pub(crate) fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// Delivers answers of TRS, all of them.
pub(crate) async fn delivered(log: &MemLog, number: u128, taken_at: &str, rows: &[Value]) {
    delivered_by(log, Feed::TrsPersons, &[], number, taken_at, rows).await;
}

/// Delivers everything that a feed has in a scope.
pub(crate) async fn delivered_by(
    log: &MemLog,
    feed: Feed,
    scope: &[(&str, &str)],
    number: u128,
    taken_at: &str,
    rows: &[Value],
) {
    let (clock, kek) = (ManualClock::at(at(taken_at)), KeyEncryptionKey::new(KEK));
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    let edge = Edge {
        clock: &clock,
        random: &random,
        kek: &kek,
    };
    let plan = DeliveryPlan {
        delivery: DeliveryId(uuid::Uuid::from_u128(number)),
        feed,
        scope: scope
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        completeness: Completeness::Complete,
        taken_at: TakenAt(at(taken_at)),
        manifest: vec!["rows.ndjson".to_owned()],
        api_version: String::new(),
        late: Backfill::No,
    };
    let file: Arc<str> = "rows.ndjson".into();
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let place = format!("line {}", index + 1);
        Ok((
            Arc::clone(&file),
            Row {
                value: Ok(row.clone()),
                place,
            },
        ))
    });
    deliver(log, &edge, &Config::default(), &plan, || rows.clone(), |_| {})
        .await
        .unwrap();
}
