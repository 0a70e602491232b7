//! What webhooks tell: alerts that come, change and go, and records that are deactivated. Of qualifications, induction
//! and names there is none (U§0.14).

use jiff::Timestamp;
use ltr_domain::ids::Trn;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::faults::draw;
use crate::trs::alert;
use crate::world::trs::{Answer, Person};
use crate::world::{Version, World, words};

/// A message.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its `ce-id`: the same whenever it is sent again.
    pub id: Uuid,
    /// Its `ce-type`.
    pub kind: Kind,
    /// Its `ce-time`: when what it tells of happened.
    pub time: Timestamp,
    /// Its body.
    pub body: Value,
}

words!(
    /// What a message tells of.
    Kind {
        Ping = "ping",
        AlertCreated = "alert.created",
        AlertUpdated = "alert.updated",
        AlertDeleted = "alert.deleted",
        TrnRequestCompleted = "trn_request.completed",
        OneLoginUserUpdated = "one_login_user.updated",
        PersonDeactivated = "person.deactivated",
    }
);

/// Every message that follows from a world, by time.
pub(super) fn all(world: &World, seed: u64) -> Vec<Webhook> {
    let mut messages = Vec::new();
    for (trn, timeline) in world.trs.iter() {
        let mut nth = 0;
        for pair in timeline.versions().windows(2) {
            let [before, after] = pair else { continue };
            for (kind, body) in between(*trn, before, after) {
                let half = |which| draw(seed, &["webhook", trn.as_str(), which], nth);
                messages.push(Webhook {
                    id: Uuid::from_u64_pair(half("high"), half("low")),
                    kind,
                    time: after.from,
                    body,
                });
                nth += 1;
            }
        }
    }
    messages.sort_by_key(|message| (message.time, message.id));
    messages
}

/// What is told of a change.
fn between(trn: Trn, before: &Version<Answer>, after: &Version<Answer>) -> Vec<(Kind, Value)> {
    let (Some(before), Some(after)) = (&before.value, &after.value) else {
        return Vec::new();
    };
    match (before, after) {
        (Answer::Person(before), Answer::Person(after)) => alerts(trn, before, after),
        (Answer::Person(_), Answer::MergedInto(into)) => vec![deactivated(trn, Some(*into))],
        (Answer::Person(_), Answer::Deactivated) => vec![deactivated(trn, None)],
        // A record that is back, or that goes on being none, is not told of.
        (Answer::MergedInto(_) | Answer::Deactivated, _) => Vec::new(),
    }
}

fn deactivated(trn: Trn, into: Option<Trn>) -> (Kind, Value) {
    let into = into.map(|into| json!({ "trn": into.to_string() }));
    (
        Kind::PersonDeactivated,
        json!({ "deactivatedPerson": { "trn": trn.to_string() }, "mergedWithPerson": into }),
    )
}

fn alerts(trn: Trn, before: &Person, after: &Person) -> Vec<(Kind, Value)> {
    let body = |of| json!({ "trn": trn.to_string(), "alert": alert(of) });
    let mut told = Vec::new();
    for new in &after.alerts {
        match before.alerts.iter().find(|old| old.id == new.id) {
            None => told.push((Kind::AlertCreated, body(new))),
            Some(old) if old != new => told.push((Kind::AlertUpdated, body(new))),
            Some(_) => {}
        }
    }
    let is_gone = |old: &&crate::world::trs::Alert| after.alerts.iter().all(|new| new.id != old.id);
    told.extend(
        before
            .alerts
            .iter()
            .filter(is_gone)
            .map(|old| (Kind::AlertDeleted, body(old))),
    );
    told
}
