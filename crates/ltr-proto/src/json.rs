//! Messages as JSON for people and scripts: `ltr log show`. Readable names and dates; what is sealed stays sealed, so no
//! personal value is ever in it. One way only: the log itself is protobuf.
//!
//! A field that a source states as null is `null`; one that it does not state is not there.

mod event;
mod gate;
mod judgement;
mod quarantine;
mod values;

use ltr_domain::delivery::{Counts, DeliveryStep, FeedMessage, PageRecorded};
use ltr_domain::ids::RecordId;
use ltr_domain::observation::Observation;
use ltr_domain::record::{Body, State};
use serde_json::{Map, Value, json};

use crate::codec::{CalendarMilestone, Erased, Evidence, LogEntry, PolicyAdopted};
use crate::hex;
use crate::seal::{Sealed, WrappedKey, WrappedKeys};

use judgement::shown_judgement;
pub use quarantine::{kept_row_to_json, row_key_to_json};
pub(crate) use values::{Shown, put, put_stated};

/// A message of LTR_EVENTS as JSON.
#[must_use]
pub fn to_json(entry: &LogEntry) -> Value {
    let (name, mut object) = match entry {
        LogEntry::Observation { observation, sealed } => {
            ("observation", shown_observation(observation, sealed))
        }
        LogEntry::Feed(message) => shown_feed_message(message),
        LogEntry::Quarantined(row) => ("quarantined", quarantine::shown_quarantined(row)),
        LogEntry::Heartbeat { at, .. } => ("heartbeat", object([("at", at.shown())])),
        LogEntry::CalendarMilestone(milestone) => ("calendar_milestone", shown_milestone(milestone)),
        LogEntry::PolicyAdopted(policy) => ("policy_adopted", shown_policy(policy)),
        LogEntry::Erased(erased) => ("erased", shown_erased(erased)),
        LogEntry::Judgement(judgement) => shown_judgement(judgement),
        LogEntry::Unrecognised { field, number, .. } => (
            "unrecognised",
            object([("field", json!(field)), ("number", json!(number))]),
        ),
    };
    put(&mut object, "message", &name.to_owned());
    put(&mut object, "recorded_at", &entry.recorded_at());
    object.into()
}

/// A message of LTR_EVIDENCE as JSON.
#[must_use]
pub fn evidence_to_json(evidence: &Evidence) -> Value {
    json!({
        "message": "evidence",
        "recorded_at": evidence.recorded_at.shown(),
        "record": evidence.record.shown(),
        "also": evidence.also.shown(),
        "feed": evidence.feed.shown(),
        "delivery": evidence.delivery.shown(),
        "taken_at": evidence.taken_at.shown(),
        "api_version": evidence.api_version,
        "mapping_version": evidence.mapping_version,
        "row": evidence.row.shown(),
    })
}

/// A message of LTR_KEYS as JSON: which keys there are, never a key.
#[must_use]
pub fn record_keys_to_json(keys: &WrappedKeys) -> Value {
    json!({
        "message": "record_keys",
        "recorded_at": keys.recorded_at.shown(),
        "record": keys.record.shown(),
        "keys": keys.keys.shown(),
        "erased": keys.erased.iter().map(Shown::shown).collect::<Vec<_>>(),
    })
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn shown_observation(observation: &Observation, sealed: &[Sealed]) -> Map<String, Value> {
    let mut object = object([
        ("record", observation.record.shown()),
        ("delivery", observation.delivery.shown()),
        ("taken_at", observation.taken_at.shown()),
        ("observed_at", observation.observed_at.shown()),
        ("mapping_version", observation.mapping_version.shown()),
        ("previous", observation.previous.shown()),
        ("state", observation.state.shown()),
        ("events", observation.events.shown()),
        ("evidence", observation.evidence.shown()),
        ("sealed", sealed.iter().map(Shown::shown).collect()),
    ]);
    if let Some(updated_at) = &observation.source_updated_at {
        put(&mut object, "source_updated_at", updated_at);
    }
    object
}

fn shown_feed_message(message: &FeedMessage) -> (&'static str, Map<String, Value>) {
    let (name, mut object) = match &message.step {
        DeliveryStep::Opened {
            scope,
            completeness,
            taken_at,
            manifest,
        } => (
            "delivery_opened",
            object([
                ("scope", json!(scope)),
                ("completeness", completeness.shown()),
                ("taken_at", taken_at.shown()),
                ("manifest", manifest.shown()),
            ]),
        ),
        DeliveryStep::PageRecorded(page) => ("page_recorded", shown_page(page)),
        DeliveryStep::Closed {
            counts,
            absent,
            permit,
        } => {
            let mut object = object([("counts", counts.shown()), ("absent", absent.shown())]);
            if permit.is_some() {
                put(&mut object, "permit", permit);
            }
            ("delivery_closed", object)
        }
        DeliveryStep::Held(held) => ("delivery_held", gate::shown_held(held)),
        DeliveryStep::Decided(decided) => ("delivery_decided", gate::shown_decided(decided)),
        DeliveryStep::Released(released) => ("rows_released", quarantine::shown_released(released)),
    };
    put(&mut object, "feed", &message.feed);
    put(&mut object, "delivery", &message.delivery);
    put(&mut object, "previous", &message.previous);
    if message.gate.is_some() {
        put(&mut object, "gate", &message.gate);
    }
    (name, object)
}

fn shown_page(page: &PageRecorded) -> Map<String, Value> {
    object([
        ("page", page.page.shown()),
        ("cursor", page.cursor.shown()),
        ("taken_at", page.taken_at.shown()),
        ("observed_at", page.observed_at.shown()),
        ("seen", page.seen.shown()),
        ("counts", page.counts.shown()),
        ("batch_digest", page.batch_digest.shown()),
        ("unknown_fields", json!(page.unknown_fields)),
    ])
}

fn shown_milestone(milestone: &CalendarMilestone) -> Map<String, Value> {
    object([
        ("milestone", milestone.milestone.shown()),
        ("year", json!(milestone.year)),
        ("on", milestone.on.shown()),
    ])
}

fn shown_policy(policy: &PolicyAdopted) -> Map<String, Value> {
    object([
        ("version", policy.version.shown()),
        ("text", policy.text.shown()),
        ("digest", hex::encode(&policy.digest).into()),
        ("previous", policy.previous.shown()),
    ])
}

fn shown_erased(erased: &Erased) -> Map<String, Value> {
    object([
        ("record", erased.record.shown()),
        ("key_groups", erased.key_groups.shown()),
        ("reason", erased.reason.shown()),
        ("actor", erased.actor.shown()),
        ("previous", erased.previous.shown()),
    ])
}

impl Shown for State {
    fn shown(&self) -> Value {
        let digests: Map<_, _> = self
            .digests
            .iter()
            .map(|(field, digest)| (field.token().to_owned(), digest.shown()))
            .collect();
        json!({ "facts": self.body.shown(), "personal_digests": digests, "vanished": self.vanished })
    }
}

impl Shown for Body {
    fn shown(&self) -> Value {
        match self {
            Self::ApplyCandidate(body) => body.shown(),
            Self::ApplyChoice(body) => body.shown(),
            Self::ApplyRecruit(body) => body.shown(),
            Self::RegisterTrainee(body) => body.shown(),
            Self::TrsPerson(body) => body.shown(),
            Self::TvJobApplication(body) => body.shown(),
            Self::TvVacancy(body) => body.shown(),
            Self::TvPosting(body) => body.shown(),
        }
    }
}

impl Shown for Counts {
    fn shown(&self) -> Value {
        let Self {
            rows,
            unchanged,
            observations,
            events,
            superseded,
            quarantined,
        } = *self;
        json!({
            "rows": rows,
            "unchanged": unchanged,
            "observations": observations,
            "events": events,
            "superseded": superseded,
            "quarantined": quarantined,
        })
    }
}

impl Shown for Sealed {
    fn shown(&self) -> Value {
        json!({
            "key_group": self.key_group.token(),
            "key_id": self.key_id.to_string(),
            "bytes": self.ciphertext.len(),
        })
    }
}

impl Shown for WrappedKey {
    fn shown(&self) -> Value {
        json!({
            "key_group": self.key_group.token(),
            "key_id": self.key_id.to_string(),
            "kek_id": self.kek_id.to_string(),
        })
    }
}

impl Shown for RecordId {
    fn shown(&self) -> Value {
        self.to_string().into()
    }
}
