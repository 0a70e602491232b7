//! A log, a store and a service on them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ltr_api::client::{Client, connect};
use ltr_api::{Config, ServeError, bind};
use ltr_domain::delivery::{Completeness, Counts, DeliveryStep, FeedMessage, PageRecorded, Scope};
use ltr_domain::event::Event;
use ltr_domain::ids::{DeliveryId, Feed, PersonId, RecordId};
use ltr_domain::observation::{MessageDigest, Observation};
use ltr_domain::record::{PersonalDigests, State};
use ltr_domain::time::{KnownAt, ObservedAt, RecordedAt, TakenAt};
use ltr_ports::clock::{Clock, ManualClock};
use ltr_ports::log::mem::MemLog;
use ltr_ports::log::{ClockKind, Log, NewMessage, Published, Stream};
use ltr_ports::store::mem::MemStore;
use ltr_ports::store::{Checkpoint, Store};
use ltr_project::Until;
use ltr_proto::codec::{encode_feed_message, encode_observation};
use ltr_proto::record::{AsOf, GetTeacherRequest, Teacher};
use ltr_proto::seal::{KeyEncryptionKey, Sealed};
use ltr_proto::subject::Subject;
use ltr_proto::view::timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::life::any_state;

/// The instant of a text.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The key that wraps data keys in these tests.
pub(crate) fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32])
}

/// A log, the store projected from it, and a clock.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) log: MemLog,
    pub(crate) store: MemStore,
    pub(crate) clock: Arc<ManualClock>,
}

impl World {
    /// An empty world made at that instant; the clock stands there until it is moved.
    pub(crate) fn new(kind: ClockKind, created_at: &str) -> Self {
        let created_at = at(created_at);
        let clock = Arc::new(ManualClock::at(created_at));
        Self {
            log: MemLog::new(kind, created_at),
            store: MemStore::new(),
            clock,
        }
    }

    /// Publishes what became known of a record at an instant.
    pub(crate) async fn observe(&self, known: &str, record: &RecordId, events: Vec<Event>) {
        self.observe_sealed(known, record, events, &[]).await;
    }

    /// The same with personal values.
    pub(crate) async fn observe_sealed(
        &self,
        known: &str,
        record: &RecordId,
        events: Vec<Event>,
        sealed: &[Sealed],
    ) {
        let known = at(known);
        let state = State {
            body: any_state(record),
            digests: PersonalDigests::new(),
            vanished: false,
        };
        let observation = Observation {
            record: record.clone(),
            delivery: DeliveryId(Uuid::nil()),
            taken_at: TakenAt(known),
            observed_at: ObservedAt(known),
            recorded_at: RecordedAt(known),
            source_updated_at: None,
            mapping_version: 1,
            previous: None,
            state,
            events,
            evidence: None,
        };
        let payload = encode_observation(&observation, sealed);
        self.publish(Stream::Events, Subject::Record(record.clone()), payload)
            .await;
    }

    /// Publishes that a feed was heard at an instant: a delivery with one page.
    pub(crate) async fn hear(&self, feed: Feed, taken: &str) {
        let taken = at(taken);
        let delivery = DeliveryId(Uuid::from_u128(
            u128::from(taken.as_second().unsigned_abs()) << 8 | feed as u128,
        ));
        let opened = DeliveryStep::Opened {
            scope: Scope::new(),
            completeness: Completeness::Complete,
            taken_at: TakenAt(taken),
            manifest: Vec::new(),
        };
        let page = DeliveryStep::PageRecorded(PageRecorded {
            page: 1,
            cursor: String::new(),
            taken_at: TakenAt(taken),
            observed_at: ObservedAt(taken),
            seen: Vec::new(),
            counts: Counts::default(),
            batch_digest: MessageDigest([0; 32]),
            unknown_fields: Default::default(),
        });
        for step in [opened, page] {
            let message = FeedMessage {
                feed,
                delivery,
                recorded_at: RecordedAt(taken),
                previous: None,
                gate: None,
                step,
            };
            self.publish(
                Stream::Events,
                Subject::Delivery(feed),
                encode_feed_message(&message),
            )
            .await;
        }
    }

    /// Publishes any message.
    pub(crate) async fn publish(&self, stream: Stream, subject: Subject, payload: bytes::Bytes) {
        let message = NewMessage {
            subject: subject.to_string(),
            payload,
            expected_last: None,
        };
        let published = self.log.publish(stream, vec![message]).await.unwrap();
        assert!(matches!(published, Published::Stored { .. }));
    }

    /// Projects everything published so far.
    pub(crate) async fn project(&self) {
        let config = ltr_project::Config::default();
        let never = std::future::pending();
        ltr_project::run(&config, &self.log, &self.store, Until::Head, never, |_| {})
            .await
            .unwrap();
    }

    /// How far it is projected.
    pub(crate) async fn checkpoint(&self) -> Checkpoint {
        self.store.checkpoint().await.unwrap().unwrap()
    }

    /// To whom a record belongs now.
    pub(crate) async fn person_of(&self, record: &RecordId) -> PersonId {
        let memberships = self.store.memberships(vec![record.clone()]).await.unwrap();
        memberships
            .iter()
            .find(|membership| membership.record == *record)
            .unwrap()
            .person
    }

    /// Serves with the default setup, as a client sees it.
    pub(crate) async fn client(&self) -> Client {
        self.serve(config()).await.client
    }

    /// Serves.
    pub(crate) async fn serve(&self, config: Config) -> Served {
        self.serve_with(config, Arc::clone(&self.clock) as Arc<dyn Clock>, Some(kek()))
            .await
    }

    /// Serves with another clock, or without a key.
    pub(crate) async fn serve_with(
        &self,
        config: Config,
        clock: Arc<dyn Clock>,
        kek: Option<KeyEncryptionKey>,
    ) -> Served {
        let bound = bind(config).await.unwrap();
        let address = bound.address();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            // A test that keeps the client alone is served until it ends.
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let (store, log) = (self.store.clone(), self.log.clone());
        let ended = tokio::spawn(async move { bound.serve(store, log, clock, kek, shutdown).await });
        let client = connect(&address.to_string()).await.unwrap();
        Served {
            address,
            client,
            stop,
            ended,
        }
    }
}

/// A setup on a free port that does not wait.
pub(crate) fn config() -> Config {
    Config {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        wait_ms_max: 0,
        ..Config::default()
    }
}

/// A service that runs.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) client: Client,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) ended: JoinHandle<Result<(), ServeError>>,
}

/// Asks for one teacher.
pub(crate) async fn get(client: &Client, name: &str) -> Result<Teacher, Status> {
    ask(
        client,
        GetTeacherRequest {
            name: name.to_owned(),
            ..GetTeacherRequest::default()
        },
    )
    .await
}

/// Asks for one teacher at a moment; an empty text leaves that axis to the service.
pub(crate) async fn get_as_of(
    client: &Client,
    name: &str,
    effective: &str,
    known: &str,
) -> Result<Teacher, Status> {
    let as_of = Some(as_of(effective, known));
    ask(
        client,
        GetTeacherRequest {
            name: name.to_owned(),
            as_of,
            ..GetTeacherRequest::default()
        },
    )
    .await
}

/// Asks as asked.
pub(crate) async fn ask(client: &Client, request: GetTeacherRequest) -> Result<Teacher, Status> {
    let answer = client.clone().get_teacher(request).await?;
    Ok(answer.into_inner().teacher.unwrap())
}

/// A moment of a request.
pub(crate) fn as_of(effective: &str, known: &str) -> AsOf {
    let known_at = (!known.is_empty()).then(|| timestamp(at(known)));
    AsOf {
        effective_on: effective.to_owned(),
        known_at,
    }
}

/// Code and reason of a refusal.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Status>) -> (Code, String) {
    let status = result.expect_err("it is refused");
    let reason = ltr_api::client::reason_of(&status).expect("every refusal has a reason");
    (status.code(), reason)
}

/// The field violations of a refusal.
#[track_caller]
pub(crate) fn violated<T: std::fmt::Debug>(result: Result<T, Status>) -> Vec<(String, String)> {
    let status = result.expect_err("it is refused");
    let violations = status
        .get_details_bad_request()
        .expect("it says which field")
        .field_violations;
    violations
        .into_iter()
        .map(|violation| (violation.field, violation.description))
        .collect()
}

/// The instant a while after another.
pub(crate) fn after(at: KnownAt, seconds: i64) -> Timestamp {
    at.0.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}
