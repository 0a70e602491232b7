//! Any message of any stream.

use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, FeedMessage, PageRecorded, Quarantined};
use ltr_domain::observation::Observation;
use ltr_domain::record::{PersonalValue, PersonalValues};
use ltr_proto::codec::{CalendarMilestone, Erased, Evidence, LogEntry, PolicyAdopted};
use ltr_proto::seal::{Sealed, WrappedKey, WrappedKeys};

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
    FeedMessage { feed, delivery, recorded_at, previous, step }
    PageRecorded { page, cursor, taken_at, observed_at, seen, counts, batch_digest, unknown_fields }
    Counts { rows, unchanged, observations, events, superseded, quarantined }
    Quarantined { id, feed, delivery, recorded_at, code, reason, place, evidence }
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
        match source.below(3) {
            0 => Self::Opened {
                scope: Any::any(source),
                completeness: Any::any(source),
                taken_at: Any::any(source),
                manifest: Any::any(source),
            },
            1 => Self::PageRecorded(Any::any(source)),
            _ => Self::Closed {
                counts: Any::any(source),
                absent: Any::any(source),
            },
        }
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
