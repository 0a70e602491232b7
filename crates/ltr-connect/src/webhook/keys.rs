//! The keys that TRS signs with, as it publishes them. They change: an unknown one makes us look again, but not for
//! everybody who makes one up.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Refusal;
use crate::http::{Http, Request};

/// A key to verify with: an uncompressed point of P-384.
pub(super) type Key = UnparsedPublicKey<Vec<u8>>;

/// A key that is published no more is forgotten after this long.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The service is asked again for an unknown key at most so often.
const ASKED_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// The same after it did not answer. Messages meanwhile are to be sent again.
const ASKED_EVERY_IN_VAIN: SignedDuration = SignedDuration::from_secs(3);

/// The sender waits for our answer meanwhile.
const WITHIN: Duration = Duration::from_secs(5);

/// The published keys.
pub struct Keys {
    http: Arc<dyn Http>,
    path: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Key>,
    /// When they were read last.
    read_at: Option<Timestamp>,
    /// When they were asked for last, in vain or not.
    asked_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// The keys published at a path of a service, such as `/webhook-jwks`.
    #[must_use]
    pub fn new(http: Arc<dyn Http>, path: impl Into<String>) -> Self {
        Self {
            http,
            path: path.into(),
            known: Mutex::default(),
        }
    }

    /// The key of that id.
    pub(super) async fn key(&self, id: &str, now: Timestamp) -> Result<Key, Refusal> {
        let mut known = self.known.lock().await;
        let is_fresh = known.read_at.is_some_and(|at| now.duration_since(at) < KEPT_FOR);
        if is_fresh && let Some(key) = known.keys.get(id) {
            return Ok(key.clone());
        }
        let pause = if is_fresh {
            ASKED_EVERY
        } else {
            ASKED_EVERY_IN_VAIN
        };
        if known.asked_at.is_none_or(|at| now.duration_since(at) >= pause) {
            known.asked_at = Some(now);
            if let Some(keys) = self.read().await {
                known.keys = keys;
                known.read_at = Some(now);
            }
        }
        // What was read within the hour is good for whom it names; without it nothing is held against the sender.
        if known.read_at.is_none_or(|at| now.duration_since(at) >= KEPT_FOR) {
            return Err(Refusal::Busy("the published keys cannot be read"));
        }
        let is_answered = known.asked_at <= known.read_at;
        let unknown = if is_answered {
            Refusal::UnknownKey
        } else {
            Refusal::Busy("the published keys cannot be read, and those read before are without this one")
        };
        known.keys.get(id).cloned().ok_or(unknown)
    }

    async fn read(&self) -> Option<HashMap<String, Key>> {
        let mut request = Request::new(&self.path);
        request.within = WITHIN;
        let answer = self.http.get(&request).await.ok()?;
        if answer.status != 200 {
            return None;
        }
        let published: Published = serde_json::from_slice(&answer.body).ok()?;
        Some(published.keys.into_iter().filter_map(named).collect())
    }
}

/// A key with its id, if it is one of P-384.
fn named(jwk: Jwk) -> Option<(String, Key)> {
    if jwk.kty != "EC" || jwk.crv.as_deref() != Some("P-384") {
        return None;
    }
    let mut point = vec![4];
    for coordinate in [jwk.x?, jwk.y?] {
        let bytes = URL_SAFE_NO_PAD.decode(coordinate.trim_end_matches('=')).ok()?;
        if bytes.len() != 48 {
            return None;
        }
        point.extend(bytes);
    }
    Some((jwk.kid?, UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)))
}
