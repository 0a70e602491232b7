//! Any message of any stream.

use ltr_domain::delivery::{
    Comparison, Completeness, Counts, DeliveryDecided, DeliveryDecision, DeliveryHeld, DeliveryStep,
    FeedMessage, Fingerprint, HoldCause, HoldReason, PageRecorded, Quarantined, RowsReleased,
};
use ltr_domain::observation::Observation;
use ltr_domain::record::{PersonalValue, PersonalValues};
use ltr_proto::codec::{CalendarMilestone, Erased, Evidence, LogEntry, PolicyAdopted};
use ltr_proto::seal::{KeptRow, RowName, Sealed, WrappedKey, WrappedKeys, WrappedRowKey};

use super::{Any, Source, any_struct};

any_struct! {
    Observation {
        record, delivery, taken_at, observed_at, recorded_at, source_updated_at, mapping_version, previous, state,
        events, evidence,
    }
    Sealed { key_group, key_id, nonce, ciphertext }
    WrappedKey { key_group, key_id, kek_id, nonce, wrapped }
    WrappedKeys { recorded_at, record, keys, erased }
    Evidence { recorded_at, record, also, feed, delivery, taken_at, api_version, mapping_version, row }
    FeedMessage { feed, delivery, recorded_at, previous, gate, step }
    Comparison { rows, expected, added, changed, unchanged, superseded, absent, quarantined }
    DeliveryDecided { held, decision, actor, reason }
    PageRecorded { page, cursor, taken_at, observed_at, seen, counts, batch_digest, unknown_fields }
    Counts { rows, unchanged, observations, events, superseded, quarantined }
    Quarantined {
        id, feed, delivery, recorded_at, code, reason, place, evidence, record, row_bytes, taken_at,
    }
    KeptRow { recorded_at, name, api_version, content }
    RowName { feed, row }
    WrappedRowKey { recorded_at, name, key }
    PolicyAdopted { version, text, digest, previous, recorded_at }
    Erased { record, key_groups, reason, actor, previous, recorded_at }
    CalendarMilestone { milestone, year, on, recorded_at }
}

impl Any for i16 {
    fn any(source: &mut Source) -> Self {
        Self::from_be_bytes(source.bytes())
    }
}

impl Any for Completeness {
    fn any(source: &mut Source) -> Self {
        source.pick(&[Self::Complete, Self::Partial])
    }
}

impl Any for DeliveryStep {
    fn any(source: &mut Source) -> Self {
        match source.below(6) {
            0 => Self::Opened {
                scope: Any::any(source),
                completeness: Any::any(source),
                taken_at: Any::any(source),
                manifest: Any::any(source),
            },
            1 => Self::PageRecorded(Any::any(source)),
            2 => Self::Closed {
                counts: Any::any(source),
                absent: Any::any(source),
                permit: Any::any(source),
            },
            3 => Self::Held(DeliveryHeld {
                scope: Any::any(source),
                taken_at: Any::any(source),
                manifest: Any::any(source),
                comparison: Any::any(source),
                reasons: any_reasons(source),
                fingerprint: Fingerprint(source.bytes()),
            }),
            4 => Self::Released(any_released(source)),
            _ => Self::Decided(Any::any(source)),
        }
    }
}

/// Some rows, each once and ascending, and at least one.
fn any_released(source: &mut Source) -> RowsReleased {
    let mut rows: Vec<String> = Any::any(source);
    rows.push(Any::any(source));
    rows.sort();
    rows.dedup();
    RowsReleased {
        rows,
        actor: Any::any(source),
        reason: Any::any(source),
    }
}

/// Some causes, each once and ascending, and at least one.
fn any_reasons(source: &mut Source) -> Vec<HoldReason> {
    let first = source.below(HoldCause::ALL.len());
    let mut reasons = Vec::new();
    for (index, cause) in HoldCause::ALL.into_iter().enumerate() {
        if index == first || (index > first && source.below(2) == 0) {
            reasons.push(HoldReason {
                cause,
                found: Any::any(source),
                most: Any::any(source),
            });
        }
    }
    reasons
}

impl Any for DeliveryDecision {
    fn any(source: &mut Source) -> Self {
        source.pick(&[Self::Approve, Self::Reject])
    }
}

impl Any for LogEntry {
    fn any(source: &mut Source) -> Self {
        match source.below(9) {
            0 | 1 => {
                let mut observation = Observation::any(source);
                observation.record.kind = observation.state.body.kind();
                Self::Observation {
                    observation: Box::new(observation),
                    sealed: Any::any(source),
                }
            }
            2 => Self::Feed(Any::any(source)),
            3 => Self::Quarantined(Any::any(source)),
            4 => Self::Heartbeat {
                at: Any::any(source),
                recorded_at: Any::any(source),
            },
            5 => Self::CalendarMilestone(Any::any(source)),
            6 => Self::PolicyAdopted(Any::any(source)),
            7 => Self::Erased(Any::any(source)),
            _ => Self::Judgement(Any::any(source)),
        }
    }
}

impl Any for PersonalValue {
    fn any(source: &mut Source) -> Self {
        Self(Any::any(source))
    }
}

impl Any for PersonalValues {
    fn any(source: &mut Source) -> Self {
        Self(Any::any(source))
    }
}
