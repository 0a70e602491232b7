//! The keys that webhooks are signed with. TRS publishes them and changes them from time to time.

use std::fmt;
use std::sync::{Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// The keys in use, the one that signs last.
pub struct Keys(Mutex<InUse>);

struct InUse {
    made: u32,
    keys: Vec<Key>,
}

struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Default for Keys {
    fn default() -> Self {
        let keys = Self(Mutex::new(InUse {
            made: 0,
            keys: Vec::new(),
        }));
        keys.rotate();
        keys
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<String> = self.lock().keys.iter().map(|key| key.id.clone()).collect();
        f.debug_tuple("Keys").field(&ids).finish()
    }
}

impl Keys {
    /// Signs with a new key from now on. The older ones stay published, for what is still on its way.
    pub fn rotate(&self) {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random)
            .expect("the machine has randomness for a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, document.as_ref(), &random)
            .expect("a key that was just made is one");
        let mut in_use = self.lock();
        in_use.made += 1;
        let id = format!("trs-webhooks-{}", in_use.made);
        in_use.keys.push(Key { id, pair });
    }

    /// Publishes only the key that signs.
    pub fn forget_older(&self) {
        let mut in_use = self.lock();
        let older = in_use.keys.len() - 1;
        in_use.keys.drain(..older);
    }

    /// The id of the key that signs.
    #[must_use]
    pub fn signing_id(&self) -> String {
        self.lock().keys.last().expect("there is always a key").id.clone()
    }

    /// The set of public keys, as `/webhook-jwks` has it.
    #[must_use]
    pub fn published(&self) -> Value {
        let in_use = self.lock();
        let keys: Vec<Value> = in_use
            .keys
            .iter()
            .map(|key| {
                // An uncompressed point: a leading 4, then both coordinates.
                let (x, y) = key.pair.public_key().as_ref()[1..].split_at(48);
                json!({
                    "kty": "EC",
                    "use": "sig",
                    "alg": "ES384",
                    "crv": "P-384",
                    "kid": key.id,
                    "x": URL_SAFE_NO_PAD.encode(x),
                    "y": URL_SAFE_NO_PAD.encode(y),
                })
            })
            .collect();
        json!({ "keys": keys })
    }

    /// Signs with the newest key, if it still has that id.
    pub(super) fn sign(&self, id: &str, text: &[u8]) -> Vec<u8> {
        let in_use = self.lock();
        let key = in_use
            .keys
            .iter()
            .find(|key| key.id == id)
            .unwrap_or_else(|| in_use.keys.last().expect("there is always a key"));
        key.pair
            .sign(&SystemRandom::new(), text)
            .expect("the machine has randomness for a signature")
            .as_ref()
            .to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, InUse> {
        self.0.lock().expect("no holder of this lock panics")
    }
}
