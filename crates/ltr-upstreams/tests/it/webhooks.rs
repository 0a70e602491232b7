//! Webhooks: what follows from a world, how it is signed, and how long it is tried.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use jiff::civil::date;
use ltr_upstreams::webhooks::{Endpoint, Form, Kind, RETRIES_S, Sent, Webhook};
use ltr_upstreams::world::trs::Answer;
use ltr_upstreams::{Faults, World};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::{House, instant};
use crate::people::{alert, person, trn};

/// What an endpoint got: the headers and the body of each message it was sent.
#[derive(Clone, Default)]
struct Got(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

impl Got {
    fn endpoint(&self, answer: StatusCode) -> Endpoint {
        let take = move |State(got): State<Self>, headers: HeaderMap, body: Bytes| async move {
            got.0.lock().expect("no holder panics").push((headers, body));
            answer
        };
        let target = Uri::from_static("http://ltr.example/trs-webhooks");
        let router = Router::new()
            .route("/trs-webhooks", post(take))
            .with_state(self.clone());
        Endpoint::InProcess { router, target }
    }

    fn all(&self) -> Vec<(HeaderMap, Bytes)> {
        self.0.lock().expect("no holder panics").clone()
    }

    fn kinds(&self) -> Vec<String> {
        let text = |headers: &HeaderMap| headers["ce-type"].to_str().expect("ASCII").to_owned();
        self.all().iter().map(|(headers, _)| text(headers)).collect()
    }
}

/// One person: an alert comes, is closed and deleted; then the record is merged.
fn a_life() -> World {
    let mut world = World::default();
    let mut one = person();
    let put = |world: &mut World, day: i8, answer: Answer| {
        let at = instant(&format!("2026-05-{day:02}T10:00:00.7685924Z"));
        world.trs.put(trn(9_990_001), at, answer);
    };
    let person = |one: &_| Answer::Person(Arc::new(ltr_upstreams::world::trs::Person::clone(one)));
    put(&mut world, 1, person(&one));
    one.alerts = vec![alert(1)];
    put(&mut world, 2, person(&one));
    one.alerts[0].end_date = Some(date(2026, 5, 3));
    put(&mut world, 3, person(&one));
    one.alerts.clear();
    put(&mut world, 4, person(&one));
    put(&mut world, 5, Answer::MergedInto(trn(9_990_002)));
    world
}

const BEFORE: &str = "2026-05-01T09:00:00Z";

#[tokio::test]
async fn alerts_and_deactivations_are_told_and_nothing_else() {
    let house = House::new(a_life(), BEFORE);
    let got = Got::default();
    let mut webhooks = house.upstreams.webhooks(got.endpoint(StatusCode::NO_CONTENT));
    assert_eq!(webhooks.send_due().await, Sent::default());
    let sent = webhooks.run(&*house.clock).await;
    assert_eq!((sent.taken, sent.failed, sent.dropped), (4, 0, 0));
    assert_eq!(
        got.kinds(),
        [
            "alert.created",
            "alert.updated",
            "alert.deleted",
            "person.deactivated"
        ]
    );
    let bodies: Vec<Value> = got
        .all()
        .iter()
        .map(|(_, body)| serde_json::from_slice(body).expect("JSON"))
        .collect();
    assert_eq!(bodies[1]["alert"]["endDate"], "2026-05-03");
    assert_eq!(
        bodies[3],
        json!({ "deactivatedPerson": { "trn": "9990001" }, "mergedWithPerson": { "trn": "9990002" } })
    );
    assert_eq!(got.all()[0].0["ce-time"], "2026-05-02T10:00:00.7685924Z");
}

fn ping(number: u128) -> Webhook {
    Webhook {
        id: Uuid::from_u128(number),
        kind: Kind::Ping,
        time: instant(BEFORE),
        body: json!({}),
    }
}

/// Whether the signature of a message holds under a published key, judged here anew.
fn is_good(keys: &Value, headers: &HeaderMap, body: &[u8], label: &str) -> bool {
    let header = |name: &str| headers[name].to_str().expect("ASCII").to_owned();
    let input = header("signature-input");
    let parameters = input.strip_prefix(&format!("{label}=")).expect("the label");
    let id = parameters
        .split("keyid=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let keys = keys["keys"].as_array().expect("keys");
    let Some(key) = keys.iter().find(|key| key["kid"].as_str() == id) else {
        return false;
    };
    let base = format!(
        "\"@target-uri\": http://ltr.example/trs-webhooks\n\"content-digest\": {}\n\"content-length\": {}\n\
         \"ce-id\": {}\n\"ce-type\": {}\n\"ce-time\": {}\n\"@signature-params\": {parameters}",
        header("content-digest"),
        body.len(),
        header("ce-id"),
        header("ce-type"),
        header("ce-time"),
    );
    let coordinate = |name: &str| {
        URL_SAFE_NO_PAD
            .decode(key[name].as_str().expect("text"))
            .expect("base64")
    };
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let signature = header("signature");
    let signature = signature
        .strip_prefix(&format!("{label}=:"))
        .and_then(|rest| rest.strip_suffix(':'))
        .expect("bytes between colons");
    let signature = STANDARD.decode(signature).expect("base64");
    UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)
        .verify(base.as_bytes(), &signature)
        .is_ok()
}

#[tokio::test]
async fn a_message_is_signed_with_a_published_key_and_keys_rotate() {
    let house = House::new(World::default(), BEFORE);
    let got = Got::default();
    let mut webhooks = house.upstreams.webhooks(got.endpoint(StatusCode::OK));
    let published = async || house.trs("20260120", "/webhook-jwks").await.json();
    let old_keys = published().await;
    webhooks.tell(ping(1));
    webhooks.send_due().await;
    let (headers, body) = got.all().remove(0);
    assert!(is_good(&old_keys, &headers, &body, "sig1"));
    assert!(
        !is_good(&old_keys, &headers, b"{ }", "sig1"),
        "the length is signed"
    );
    let sum = STANDARD.encode(digest(&SHA256, &body));
    assert_eq!(headers["content-digest"], format!("sha-256=:{sum}:"));

    house.upstreams.webhook_keys().rotate();
    webhooks.tell(ping(2));
    webhooks.send_due().await;
    let (newer, newer_body) = got.all().remove(1);
    assert!(!is_good(&old_keys, &newer, &newer_body, "sig1"));
    let both = published().await;
    assert!(is_good(&both, &newer, &newer_body, "sig1"));
    assert!(is_good(&both, &headers, &body, "sig1"));
    house.upstreams.webhook_keys().forget_older();
    assert!(!is_good(&published().await, &headers, &body, "sig1"));
}

#[tokio::test]
async fn a_message_is_signed_as_the_page_shows_it_too() {
    let house = House::new(World::default(), BEFORE);
    let got = Got::default();
    let mut webhooks = house
        .upstreams
        .webhooks(got.endpoint(StatusCode::OK))
        .in_form(Form::Documented);
    webhooks.tell(ping(1));
    webhooks.send_due().await;
    let (headers, body) = got.all().remove(0);
    let keys = house.upstreams.webhook_keys().published();
    assert!(is_good(&keys, &headers, &body, "whsig"));
    assert!(
        headers["content-digest"]
            .to_str()
            .expect("ASCII")
            .starts_with("SHA-256=")
    );
}

#[tokio::test]
async fn a_message_that_is_refused_is_tried_for_three_days_and_then_dropped() {
    let house = House::new(World::default(), BEFORE);
    let got = Got::default();
    let mut webhooks = house
        .upstreams
        .webhooks(got.endpoint(StatusCode::INTERNAL_SERVER_ERROR));
    webhooks.tell(ping(1));
    let mut due = Vec::new();
    while let Some(at) = webhooks.next_due() {
        due.push(at);
        house.clock.advance_to(at);
        webhooks.send_due().await;
    }
    let waits: Vec<i64> = due
        .windows(2)
        .map(|pair| pair[1].duration_since(pair[0]).as_secs())
        .collect();
    assert_eq!(waits, RETRIES_S);
    let ids: std::collections::BTreeSet<_> = got
        .all()
        .iter()
        .map(|(headers, _)| headers["ce-id"].clone().to_str().map(ToOwned::to_owned).ok())
        .collect();
    assert_eq!((got.all().len(), ids.len()), (10, 1));
    let whole = due[9].duration_since(due[0]);
    assert!(whole > SignedDuration::from_hours(75) && whole < SignedDuration::from_hours(76));
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_tried_again() {
    let house = House::new(World::default(), BEFORE);
    let nowhere = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address")
    };
    let target: Uri = format!("http://{nowhere}/trs-webhooks")
        .parse()
        .expect("an address");
    let mut webhooks = house.upstreams.webhooks(Endpoint::Address(target));
    webhooks.tell(ping(1));
    assert_eq!(webhooks.send_due().await.failed, 1);
    assert!(webhooks.next_due().is_some());
}

#[tokio::test]
async fn a_message_is_sent_to_an_address() {
    let house = House::new(World::default(), BEFORE);
    let got = Got::default();
    let Endpoint::InProcess { router, .. } = got.endpoint(StatusCode::OK) else {
        unreachable!("it was made so");
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let target: Uri = format!("http://{address}/trs-webhooks")
        .parse()
        .expect("an address");
    let mut webhooks = house.upstreams.webhooks(Endpoint::Address(target));
    for number in 0..45 {
        webhooks.tell(ping(number));
    }
    assert_eq!(webhooks.send_due().await.taken, 45);
    assert_eq!(got.all().len(), 45);
    assert_eq!(got.all()[0].0["host"], address.to_string());
    server.abort();
}

#[tokio::test]
async fn messages_are_lost_doubled_and_reordered_by_name() {
    let sent = async |names: &str| {
        let house = House::with(World::default(), BEFORE, Faults::parse(5, names).expect("faults"));
        let got = Got::default();
        let mut webhooks = house.upstreams.webhooks(got.endpoint(StatusCode::OK));
        for number in 0..100 {
            webhooks.tell(ping(number));
        }
        webhooks.send_due().await;
        let id = |headers: &HeaderMap| headers["ce-id"].to_str().expect("ASCII").to_owned();
        got.all()
            .iter()
            .map(|(headers, _)| id(headers))
            .collect::<Vec<_>>()
    };
    let plain = sent("").await;
    assert_eq!(plain.len(), 100);
    assert!(sent("lost-webhooks").await.len() < 100);
    assert!(sent("doubled-webhooks").await.len() > 100);
    let mut reordered = sent("reordered-webhooks").await;
    assert_ne!(reordered, plain);
    reordered.sort();
    assert_eq!(reordered, plain);
}
