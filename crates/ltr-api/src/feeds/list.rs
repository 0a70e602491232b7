//! Deliveries as they are told.

use std::collections::BTreeMap;

use ltr_domain::delivery::{Completeness, DeliveryDecision, Scope};
use ltr_domain::ids::Feed;
use ltr_domain::time::KnownAt;
use ltr_ports::store::{DeliveryRow, HeldRow};
use ltr_proto::record::{Delivery, DeliveryRuling, HeldEvidence, HeldReason, ScopeBound};
use ltr_proto::view::timestamp;

/// When a complete delivery of each scope was last closed.
pub(super) struct Passed<'a>(BTreeMap<(Feed, &'a Scope), KnownAt>);

impl<'a> Passed<'a> {
    pub(super) fn of(rows: &'a [DeliveryRow]) -> Self {
        let mut passed = BTreeMap::new();
        for row in rows
            .iter()
            .filter(|row| row.completeness == Completeness::Complete)
        {
            let latest = passed.entry((row.feed, &row.scope)).or_insert(row.closed_at);
            *latest = (*latest).max(row.closed_at);
        }
        let closed = passed.into_iter().filter_map(|(of, at)| Some((of, at?)));
        Self(closed.collect())
    }

    /// How it stands with a delivery.
    pub(super) fn state(&self, row: &DeliveryRow) -> &'static str {
        let Some(held) = &row.held else {
            return if row.closed_at.is_some() { "closed" } else { "open" };
        };
        let decision = held.ruling.as_ref().map(|ruling| ruling.decision);
        match decision {
            Some(DeliveryDecision::Approve) => "approved",
            Some(DeliveryDecision::Reject) => "rejected",
            None if self.0.get(&(row.feed, &row.scope)) > Some(&row.opened_at) => "overtaken",
            None => "held",
        }
    }
}

pub(super) fn scope(scope: &Scope) -> Vec<ScopeBound> {
    let bounds = scope.iter().map(|(name, value)| ScopeBound {
        name: name.clone(),
        value: value.clone(),
    });
    bounds.collect()
}

pub(super) fn delivery(row: &DeliveryRow, state: &str) -> Delivery {
    let (rows, quarantined) = match &row.held {
        Some(held) => (held.comparison.rows, held.comparison.quarantined),
        None => (row.counts.rows, row.counts.quarantined),
    };
    Delivery {
        id: row.delivery.to_string(),
        feed: row.feed.to_string(),
        scope: scope(&row.scope),
        complete: row.completeness == Completeness::Complete,
        state: state.to_owned(),
        taken_at: Some(timestamp(row.taken_at.0)),
        opened_at: Some(timestamp(row.opened_at.0)),
        closed_at: row.closed_at.map(|closed_at| timestamp(closed_at.0)),
        pages: row.pages,
        rows,
        observations: row.counts.observations,
        quarantined,
        held: row.held.as_ref().map(held),
    }
}

fn held(held: &HeldRow) -> HeldEvidence {
    let reasons = held.reasons.iter().map(|reason| HeldReason {
        cause: reason.cause.token().to_owned(),
        text: reason.to_string(),
    });
    let ruling = held.ruling.as_ref().map(|ruling| DeliveryRuling {
        decision: ruling.decision.token().to_owned(),
        actor: ruling.actor.clone(),
        reason: ruling.reason.clone(),
        decided_at: Some(timestamp(ruling.decided_at.0)),
    });
    HeldEvidence {
        reasons: reasons.collect(),
        rows: held.comparison.rows,
        expected: held.comparison.expected,
        added: held.comparison.added,
        changed: held.comparison.changed,
        absent: held.comparison.absent,
        quarantined: held.comparison.quarantined,
        ruling,
    }
}
