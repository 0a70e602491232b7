//! The receiver of webhooks: what it takes, and everything it refuses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ltr_connect::webhook::{Keys, Receiver, Refusal, Taken};
use ltr_ports::rereads::mem::MemRereads;
use ltr_ports::rereads::{Answer, QueueError, Reread, RereadQueue, Taken as TakenReread, Urgency};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::house::{House, Service, at, response};

const TARGET: &str = "https://ltr.example.test/webhooks/trs";

struct Pair {
    id: String,
    pair: EcdsaKeyPair,
}

impl Pair {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self {
            id: id.to_owned(),
            pair,
        }
    }

    fn published(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(48);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({ "kty": "EC", "crv": "P-384", "alg": "ES384", "use": "sig", "kid": self.id, "x": x, "y": y })
    }
}

/// A message as TRS signs it; every part can be spoilt.
struct Message {
    id: String,
    body: String,
    target: &'static str,
    created: Timestamp,
    good_for: SignedDuration,
    covered: Vec<&'static str>,
    old_digest: bool,
}

impl Message {
    fn new(id: &str, now: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            body: json!({ "trn": "3100001", "alert": { "alertId": "a" } }).to_string(),
            target: TARGET,
            created: now,
            good_for: SignedDuration::from_mins(5),
            covered: vec![
                "@target-uri",
                "content-digest",
                "content-length",
                "ce-id",
                "ce-type",
                "ce-time",
            ],
            old_digest: false,
        }
    }

    fn sign(&self, key: &Pair) -> (HeaderMap, String) {
        let sum = STANDARD.encode(Sha256::digest(&self.body));
        let (label, digest) = if self.old_digest {
            ("whsig", format!("SHA-256={sum}"))
        } else {
            ("sig1", format!("sha-256=:{sum}:"))
        };
        let length = self.body.len().to_string();
        let value = |name| match name {
            "@target-uri" => self.target,
            "content-digest" => &digest,
            "content-length" => &length,
            "ce-id" => &self.id,
            "ce-type" => "alert.created",
            _ => "2026-10-14T06:00:00.0000000Z",
        };
        let names: Vec<_> = self.covered.iter().map(|name| format!("\"{name}\"")).collect();
        let (created, expires) = (
            self.created.as_second(),
            (self.created + self.good_for).as_second(),
        );
        let parameters = format!(
            "({});created={created};expires={expires};alg=\"ecdsa-p384-sha384\";keyid=\"{}\";tag=\"trs-webhooks\"",
            names.join(" "),
            key.id
        );
        let mut base: String = self
            .covered
            .iter()
            .map(|name| format!("\"{name}\": {}\n", value(name)))
            .collect();
        base += &format!("\"@signature-params\": {parameters}");
        let signature = key.pair.sign(&SystemRandom::new(), base.as_bytes()).unwrap();
        let signature = STANDARD.encode(signature.as_ref());
        let mut headers = HeaderMap::new();
        for name in ["content-digest", "content-length", "ce-id", "ce-type", "ce-time"] {
            headers.insert(name, value(name).parse().unwrap());
        }
        headers.insert(
            "signature-input",
            format!("{label}={parameters}").parse().unwrap(),
        );
        headers.insert("signature", format!("{label}=:{signature}:").parse().unwrap());
        (headers, self.body.clone())
    }
}

struct Post {
    house: House,
    keys: Arc<Mutex<Vec<Value>>>,
    service: Service,
    queue: MemRereads,
    receiver: Arc<Receiver>,
}

impl Post {
    fn new(published: &[&Pair]) -> Self {
        let house = House::at("2026-10-14T06:00:00Z");
        let keys = Arc::new(Mutex::new(
            published.iter().map(|pair| pair.published()).collect::<Vec<_>>(),
        ));
        let served = Arc::clone(&keys);
        let service = Service::new(&house, move |_, _| {
            Ok(response(
                200,
                json!({ "keys": *served.lock().unwrap() }).to_string(),
            ))
        });
        let queue = MemRereads::new(house.clock.clone(), SignedDuration::from_mins(5));
        let published = Keys::new(Arc::new(service.clone()), "/webhook-jwks");
        let receiver = Receiver::new(TARGET, published, Arc::new(queue.clone()), house.clock.clone());
        Self {
            house,
            keys,
            service,
            queue,
            receiver: Arc::new(receiver),
        }
    }

    fn message(&self, id: &str) -> Message {
        Message::new(id, self.house.now())
    }

    async fn receive(&self, (headers, body): (HeaderMap, String)) -> Result<Taken, Refusal> {
        self.receiver.receive(&headers, body.into()).await
    }

    async fn waiting(&self) -> u64 {
        self.queue.waiting().await.unwrap()
    }
}

#[tokio::test]
async fn a_message_is_a_hint_that_its_trns_are_to_be_read_again() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let merged =
        json!({ "deactivatedPerson": { "trn": "3100002" }, "mergedWithPerson": { "trn": "3100003" } });
    let messages = [
        (post.message("1"), Taken::Hinted(1)),
        (
            Message {
                body: merged.to_string(),
                ..post.message("2")
            },
            Taken::Hinted(2),
        ),
        (
            Message {
                body: json!({}).to_string(),
                ..post.message("3")
            },
            Taken::Nothing,
        ),
        (
            Message {
                old_digest: true,
                ..post.message("4")
            },
            Taken::Hinted(1),
        ),
    ];
    for (message, taken) in messages {
        assert_eq!(post.receive(message.sign(&key)).await, Ok(taken));
    }
    let taken = post.queue.take(10).await.unwrap();
    let trns: Vec<_> = taken.iter().map(|taken| taken.reread.trn.to_string()).collect();
    assert_eq!(trns, ["3100002", "3100003", "3100001"]);
    assert!(taken.iter().all(|taken| taken.reread.urgency == Urgency::Hint));
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    let (key, other) = (Pair::new("one"), Pair::new("one"));
    let post = Post::new(&[&key]);
    let forged = post.message("1").sign(&other);
    assert_eq!(post.receive(forged).await, Err(Refusal::Signature));
    let (mut headers, body) = post.message("1").sign(&key);
    headers.insert("ce-id", "2".parse().unwrap());
    assert_eq!(post.receive((headers, body)).await, Err(Refusal::Signature));
    let elsewhere = Message {
        target: "https://other.example.test/webhooks/trs",
        ..post.message("1")
    };
    assert_eq!(post.receive(elsewhere.sign(&key)).await, Err(Refusal::Signature));
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn an_expired_signature_is_refused_and_one_from_the_future_or_for_ever_too() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let message = post.message("1").sign(&key);
    post.house.clock.advance_to(at("2026-10-14T06:05:00Z"));
    assert_eq!(post.receive(message).await, Err(Refusal::Expired));
    let early = Message {
        created: at("2026-10-14T06:07:00Z"),
        ..post.message("1")
    };
    assert_eq!(post.receive(early.sign(&key)).await, Err(Refusal::Expired));
    let long = Message {
        good_for: SignedDuration::from_hours(24),
        ..post.message("1")
    };
    assert_eq!(post.receive(long.sign(&key)).await, Err(Refusal::Expired));
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn an_unknown_key_is_refused_without_asking_for_it_each_time() {
    let (key, unknown) = (Pair::new("one"), Pair::new("two"));
    let post = Post::new(&[&key]);
    for number in 0..50 {
        let message = post.message(&number.to_string()).sign(&unknown);
        assert_eq!(post.receive(message).await, Err(Refusal::UnknownKey));
    }
    assert_eq!(post.service.asked.lock().unwrap().len(), 1);
    assert_eq!(
        post.receive(post.message("x").sign(&key)).await,
        Ok(Taken::Hinted(1))
    );
}

#[tokio::test]
async fn a_key_that_may_be_new_is_not_held_against_the_sender_while_keys_cannot_be_read() {
    let (old, new) = (Pair::new("old"), Pair::new("new"));
    let post = Post::new(&[&old]);
    let first = post.message("1").sign(&old);
    assert_eq!(post.receive(first).await, Ok(Taken::Hinted(1)));
    *post.keys.lock().unwrap() = vec![json!("no key at all")];
    post.house.clock.advance_to(at("2026-10-14T06:01:00Z"));
    let again = post.message("2").sign(&new);
    let refused = post.receive(again.clone()).await;
    assert!(matches!(refused, Err(Refusal::Busy(_))), "{refused:?}");
    let third = post.message("3").sign(&old);
    assert_eq!(
        post.receive(third).await,
        Ok(Taken::Hinted(1)),
        "the old one is known"
    );
    *post.keys.lock().unwrap() = vec![new.published()];
    post.house.clock.advance_to(at("2026-10-14T06:02:00Z"));
    assert_eq!(post.receive(again).await, Ok(Taken::Hinted(1)));
}

#[tokio::test]
async fn keys_rotate() {
    let (old, new) = (Pair::new("old"), Pair::new("new"));
    let post = Post::new(&[&old]);
    assert_eq!(
        post.receive(post.message("1").sign(&old)).await,
        Ok(Taken::Hinted(1))
    );
    *post.keys.lock().unwrap() = vec![old.published(), new.published()];
    post.house.clock.advance_to(at("2026-10-14T06:01:00Z"));
    assert_eq!(
        post.receive(post.message("2").sign(&new)).await,
        Ok(Taken::Hinted(1))
    );
    assert_eq!(
        post.receive(post.message("3").sign(&old)).await,
        Ok(Taken::Hinted(1))
    );
    // A key that is published no more is forgotten within the hour.
    *post.keys.lock().unwrap() = vec![new.published()];
    post.house.clock.advance_to(at("2026-10-14T07:02:00Z"));
    assert_eq!(
        post.receive(post.message("4").sign(&old)).await,
        Err(Refusal::UnknownKey)
    );
    assert_eq!(
        post.receive(post.message("5").sign(&new)).await,
        Ok(Taken::Hinted(1))
    );
}

#[tokio::test]
async fn a_replay_is_refused_and_a_message_sent_again_is_taken_once() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let first = post.message("1").sign(&key);
    assert_eq!(post.receive(first.clone()).await, Ok(Taken::Hinted(1)));
    assert_eq!(post.receive(first.clone()).await, Err(Refusal::Replay));
    let again = post.message("1").sign(&key);
    assert_eq!(post.receive(again.clone()).await, Ok(Taken::Nothing));
    assert_eq!(post.receive(again).await, Err(Refusal::Replay));
    let taken = post.queue.take(10).await.unwrap();
    assert_eq!(taken.len(), 1);
}

#[tokio::test]
async fn a_body_that_does_not_match_its_digest_is_refused() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let (headers, body) = post.message("1").sign(&key);
    let other = body.replace("3100001", "3100009");
    assert_eq!(post.receive((headers, other)).await, Err(Refusal::Digest));
    assert_eq!(post.waiting().await, 0);
}

#[tokio::test]
async fn what_is_not_covered_by_the_signature_is_refused() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    for missing in ["@target-uri", "content-digest", "ce-id"] {
        let mut message = post.message("1");
        message.covered.retain(|name| *name != missing);
        let refused = post.receive(message.sign(&key)).await;
        assert!(
            matches!(refused, Err(Refusal::Unsigned(_))),
            "{missing}: {refused:?}"
        );
    }
    for missing in ["signature", "signature-input", "content-digest", "ce-id"] {
        let (mut headers, body) = post.message("1").sign(&key);
        headers.remove(missing);
        let refused = post.receive((headers, body)).await;
        assert!(
            matches!(refused, Err(Refusal::Unsigned(_))),
            "{missing}: {refused:?}"
        );
    }
}

/// A queue that is out of order until it is repaired.
struct Flaky {
    queue: MemRereads,
    failures: AtomicU64,
}

impl RereadQueue for Flaky {
    fn add(&self, rereads: Vec<Reread>) -> Answer<'_, ()> {
        if self.failures.fetch_sub(1, Ordering::SeqCst) > 1 {
            let error = QueueError {
                attempted: "adding",
                source: "out of order".into(),
            };
            return Box::pin(std::future::ready(Err(error)));
        }
        self.queue.add(rereads)
    }

    fn take(&self, max: usize) -> Answer<'_, Vec<TakenReread>> {
        self.queue.take(max)
    }

    fn done(&self, taken: Vec<TakenReread>) -> Answer<'_, ()> {
        self.queue.done(taken)
    }

    fn waiting(&self) -> Answer<'_, u64> {
        self.queue.waiting()
    }
}

#[tokio::test]
async fn a_hint_that_could_not_be_queued_is_taken_when_it_is_sent_again() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let queue = Arc::new(Flaky {
        queue: post.queue.clone(),
        failures: AtomicU64::new(2),
    });
    let keys = Keys::new(Arc::new(post.service.clone()), "/webhook-jwks");
    let receiver = Receiver::new(TARGET, keys, queue, post.house.clock.clone());
    let (headers, body) = post.message("1").sign(&key);
    let refused = receiver.receive(&headers, body.into()).await;
    assert!(matches!(refused, Err(Refusal::Busy(_))));
    let (headers, body) = post.message("1").sign(&key);
    assert_eq!(
        receiver.receive(&headers, body.into()).await,
        Ok(Taken::Hinted(1))
    );
}

async fn send(router: &Router, (headers, body): (HeaderMap, String)) -> StatusCode {
    let mut request = Request::post("/webhooks/trs").body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_messages_a_second_for_a_minute_lose_none() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let router = Arc::clone(&post.receiver).router();
    let message = |number: u32| {
        let body = json!({ "trn": format!("{:07}", 3_000_000 + number) }).to_string();
        Message {
            body,
            ..post.message(&format!("id-{number}"))
        }
    };
    for second in 0..60 {
        let messages: Vec<_> = (0..50)
            .map(|number| message(second * 50 + number).sign(&key))
            .collect();
        // Side by side and without order, and every tenth twice.
        let twice = messages
            .iter()
            .step_by(10)
            .cloned()
            .map(|message| (false, message));
        let all = messages
            .iter()
            .cloned()
            .map(|message| (true, message))
            .chain(twice);
        let sent = all.map(|(is_first, message)| {
            let router = router.clone();
            async move { (is_first, send(&router, message).await) }
        });
        for (is_first, status) in futures::future::join_all(sent).await {
            let wanted = if is_first {
                StatusCode::NO_CONTENT
            } else {
                StatusCode::CONFLICT
            };
            assert_eq!(status, wanted);
        }
        post.house
            .clock
            .advance_to(post.house.now() + SignedDuration::from_secs(1));
    }
    assert_eq!(post.waiting().await, 3_000);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read_to_its_end() {
    let key = Pair::new("one");
    let post = Post::new(&[&key]);
    let router = Arc::clone(&post.receiver).router();
    let large = Message {
        body: format!("{{\"x\":\"{}\"}}", "x".repeat(100_000)),
        ..post.message("1")
    };
    assert_eq!(
        send(&router, large.sign(&key)).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
