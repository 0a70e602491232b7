//! What the gate said of a delivery, as JSON in its columns and back.

use ltr_domain::delivery::{Comparison, HoldCause, HoldReason};
use serde_json::{Value, json};

pub(crate) fn comparison(comparison: &Comparison) -> String {
    let Comparison {
        rows,
        expected,
        added,
        changed,
        unchanged,
        superseded,
        absent,
        quarantined,
    } = *comparison;
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
    .to_string()
}

pub(crate) fn reasons(reasons: &[HoldReason]) -> String {
    let told = reasons.iter().map(|reason| {
        let HoldReason { cause, found, most } = *reason;
        json!({ "cause": cause.token(), "found": found, "most": most })
    });
    Value::from_iter(told).to_string()
}

pub(crate) fn read_comparison(stored: &str) -> Option<Comparison> {
    let stored: Value = serde_json::from_str(stored).ok()?;
    let count = |name: &str| stored.get(name)?.as_u64();
    let expected = stored.get("expected")?;
    let expected = if expected.is_null() {
        None
    } else {
        Some(expected.as_u64()?)
    };
    Some(Comparison {
        rows: count("rows")?,
        expected,
        added: count("added")?,
        changed: count("changed")?,
        unchanged: count("unchanged")?,
        superseded: count("superseded")?,
        absent: count("absent")?,
        quarantined: count("quarantined")?,
    })
}

pub(crate) fn read_reasons(stored: &str) -> Option<Vec<HoldReason>> {
    let stored: Value = serde_json::from_str(stored).ok()?;
    let reason = |stored: &Value| {
        Some(HoldReason {
            cause: HoldCause::from_token(stored.get("cause")?.as_str()?)?,
            found: stored.get("found")?.as_u64()?,
            most: stored.get("most")?.as_u64()?,
        })
    };
    stored.as_array()?.iter().map(reason).collect()
}
