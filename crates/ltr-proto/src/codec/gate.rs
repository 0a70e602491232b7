//! Forms of what the gate says: deliveries held, and decisions on them.

use ltr_domain::delivery::{
    Comparison, DeliveryDecided, DeliveryDecision, DeliveryHeld, DeliveryStep, HoldCause, HoldReason, Scope,
};

use super::delivery::{read_entry, scope_to_forms};
use super::fault::Fault;
use super::fields::{Fields, Raw};
use super::stated::{Wired, list, read_fields, required};
use crate::event as wire;

pub(super) fn held_to_form(held: &DeliveryHeld) -> wire::DeliveryHeld {
    wire::DeliveryHeld {
        scope: scope_to_forms(&held.scope),
        taken_at: Some(held.taken_at.to_form()),
        manifest: held.manifest.clone(),
        comparison: Some(held.comparison.to_form()),
        reasons: list(&held.reasons),
        fingerprint: held.fingerprint.to_form(),
    }
}

pub(super) fn read_held(mut fields: Fields<'_>) -> Result<DeliveryStep, Fault> {
    let (mut scope, mut taken_at, mut manifest) = (Scope::new(), None, Vec::new());
    let (mut comparison, mut reasons, mut fingerprint) = (None, Vec::new(), None);
    while let Some((number, raw)) = fields.next()? {
        match number {
            1 => {
                let (name, value) = read_entry(raw)?;
                if scope.insert(name, value).is_some() {
                    return Err(Fault::invalid("DeliveryHeld.scope"));
                }
            }
            2 => taken_at = Some(Wired::read(raw, "DeliveryHeld.taken_at")?),
            3 => manifest.push(Wired::read(raw, "DeliveryHeld.manifest")?),
            4 => comparison = Some(Wired::read(raw, "DeliveryHeld.comparison")?),
            5 => reasons.push(HoldReason::read(raw, "DeliveryHeld.reasons")?),
            6 => fingerprint = Some(Wired::read(raw, "DeliveryHeld.fingerprint")?),
            _ => {}
        }
    }
    if reasons.is_empty() || !reasons.is_sorted_by(|one, next| one.cause < next.cause) {
        return Err(Fault::invalid("DeliveryHeld.reasons"));
    }
    Ok(DeliveryStep::Held(DeliveryHeld {
        scope,
        taken_at: required(taken_at, "DeliveryHeld.taken_at")?,
        manifest,
        comparison: required(comparison, "DeliveryHeld.comparison")?,
        reasons,
        fingerprint: required(fingerprint, "DeliveryHeld.fingerprint")?,
    }))
}

pub(super) fn decided_to_form(decided: &DeliveryDecided) -> wire::DeliveryDecided {
    wire::DeliveryDecided {
        held: Some(decided.held.to_form()),
        decision: decided.decision.to_form(),
        actor: decided.actor.clone(),
        reason: decided.reason.clone(),
    }
}

pub(super) fn read_decided(fields: Fields<'_>) -> Result<DeliveryStep, Fault> {
    read_fields!(fields, "DeliveryDecided" {
        1 => held,
        2 => decision,
        3 => actor,
        4 => reason,
    });
    Ok(DeliveryStep::Decided(DeliveryDecided {
        held: required(held, "DeliveryDecided.held")?,
        decision: required(decision, "DeliveryDecided.decision")?,
        actor: required(actor, "DeliveryDecided.actor")?,
        reason: required(reason, "DeliveryDecided.reason")?,
    }))
}

impl Wired for Comparison {
    type Form = wire::Comparison;

    fn to_form(&self) -> wire::Comparison {
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
        wire::Comparison {
            rows,
            expected,
            added,
            changed,
            unchanged,
            superseded,
            absent,
            quarantined,
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "Comparison" {
            1 => rows,
            2 => expected,
            3 => added,
            4 => changed,
            5 => unchanged,
            6 => superseded,
            7 => absent,
            8 => quarantined,
        });
        Ok(Self {
            rows: required(rows, "Comparison.rows")?,
            expected,
            added: required(added, "Comparison.added")?,
            changed: required(changed, "Comparison.changed")?,
            unchanged: required(unchanged, "Comparison.unchanged")?,
            superseded: required(superseded, "Comparison.superseded")?,
            absent: required(absent, "Comparison.absent")?,
            quarantined: required(quarantined, "Comparison.quarantined")?,
        })
    }
}

impl Wired for HoldReason {
    type Form = wire::HoldReason;

    fn to_form(&self) -> wire::HoldReason {
        wire::HoldReason {
            cause: self.cause.to_form(),
            found: self.found,
            most: self.most,
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        read_fields!(raw.fields(field)?, "HoldReason" {
            1 => cause,
            2 => found,
            3 => most,
        });
        Ok(Self {
            cause: required(cause, "HoldReason.cause")?,
            found: required(found, "HoldReason.found")?,
            most: required(most, "HoldReason.most")?,
        })
    }
}

impl Wired for HoldCause {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let cause = match self {
            Self::Empty => wire::HoldCause::Empty,
            Self::Stale => wire::HoldCause::Stale,
            Self::Added => wire::HoldCause::Added,
            Self::Changed => wire::HoldCause::Changed,
            Self::Absent => wire::HoldCause::Absent,
            Self::Quarantined => wire::HoldCause::Quarantined,
        };
        cause.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::HoldCause::try_from(number) {
            Ok(wire::HoldCause::Empty) => Ok(Self::Empty),
            Ok(wire::HoldCause::Stale) => Ok(Self::Stale),
            Ok(wire::HoldCause::Added) => Ok(Self::Added),
            Ok(wire::HoldCause::Changed) => Ok(Self::Changed),
            Ok(wire::HoldCause::Absent) => Ok(Self::Absent),
            Ok(wire::HoldCause::Quarantined) => Ok(Self::Quarantined),
            Ok(wire::HoldCause::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}

impl Wired for DeliveryDecision {
    type Form = i32;

    fn to_form(&self) -> i32 {
        let decision = match self {
            Self::Approve => wire::DeliveryDecision::Approve,
            Self::Reject => wire::DeliveryDecision::Reject,
        };
        decision.into()
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        let number = raw.int32(field)?;
        match wire::DeliveryDecision::try_from(number) {
            Ok(wire::DeliveryDecision::Approve) => Ok(Self::Approve),
            Ok(wire::DeliveryDecision::Reject) => Ok(Self::Reject),
            Ok(wire::DeliveryDecision::Unspecified) | Err(_) => Err(Fault::enum_value(field, number)),
        }
    }
}
