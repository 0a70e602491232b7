//! What the gate says, as JSON.

use ltr_domain::delivery::{Comparison, DeliveryDecided, DeliveryHeld, HoldReason};
use serde_json::{Map, Value, json};

use super::{Shown, object};
use crate::hex;

pub(super) fn shown_held(held: &DeliveryHeld) -> Map<String, Value> {
    object([
        ("scope", json!(held.scope)),
        ("taken_at", held.taken_at.shown()),
        ("manifest", held.manifest.shown()),
        ("comparison", held.comparison.shown()),
        ("reasons", held.reasons.iter().map(Shown::shown).collect()),
        ("fingerprint", hex::encode(&held.fingerprint.0).into()),
    ])
}

pub(super) fn shown_decided(decided: &DeliveryDecided) -> Map<String, Value> {
    object([
        ("held", decided.held.shown()),
        ("decision", decided.decision.token().into()),
        ("actor", decided.actor.shown()),
        ("reason", decided.reason.shown()),
    ])
}

impl Shown for Comparison {
    fn shown(&self) -> Value {
        let Self {
            rows,
            expected,
            added,
            changed,
            unchanged,
            superseded,
            absent,
            quarantined,
        } = *self;
        json!({
            "rows": rows,
            "expected": expected,
            "added": added,
            "changed": changed,
            "unchanged": unchanged,
            "superseded": superseded,
            "absent": absent,
            "quarantined": quarantined,
        })
    }
}

impl Shown for HoldReason {
    fn shown(&self) -> Value {
        json!({ "cause": self.cause.token(), "found": self.found, "most": self.most })
    }
}
