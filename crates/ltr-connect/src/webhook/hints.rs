//! Which TRNs a message is about.

use ltr_domain::ids::Trn;
use serde_json::Value;

/// Where messages name a TRN, by type of message (U§4.6).
const PLACES: [&str; 5] = [
    "/trn",
    "/deactivatedPerson/trn",
    "/mergedWithPerson/trn",
    "/trnRequest/trn",
    "/connectedPerson/trn",
];

/// The TRNs that a body names; a message of a type we do not know names them in the same places, or none.
pub(super) fn trns(body: &[u8]) -> Vec<Trn> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let mut trns: Vec<Trn> = PLACES
        .iter()
        .filter_map(|place| body.pointer(place)?.as_str())
        .filter_map(|text| Trn::parse(text).ok())
        .collect();
    trns.sort_unstable();
    trns.dedup();
    trns
}
