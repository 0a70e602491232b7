//! One connection, and requests over it that end when it breaks rather than when a clock runs out.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, HeaderMap, Message, Request, ServerAddr, Subject};
use bytes::Bytes;
use ltr_ports::log::LogError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::{Cause, Options};

/// JetStream's atomic batches came with this version.
const SERVER_MIN: (i64, i64) = (2, 12);

/// How long anything waits for a connection that is being made again.
pub(crate) const CONNECTED_WITHIN: Duration = Duration::from_secs(5);

/// How long the server may think about a question.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// Two pings without an answer, and the connection counts as broken.
const PING_EVERY: Duration = Duration::from_secs(10);

/// The longest pause between two attempts to connect again.
const PAUSE_MS_MAX: u64 = 1_000;

#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    link: watch::Receiver<Link>,
}

/// What the client tells of the connection as it goes.
#[derive(Debug, Clone, Copy)]
struct Link {
    is_up: bool,
    /// How often it was lost. What was sent before a loss may have gone with it.
    losses: u64,
}

/// Connects, and refuses servers that would take a batch apart.
pub(crate) async fn open(options: &Options) -> Result<Connection, LogError> {
    let addresses = addresses(&options.url)?;
    let shown = shown(&addresses);
    let (told, link) = watch::channel(Link {
        is_up: true,
        losses: 0,
    });
    let mut connecting = ConnectOptions::new()
        .name(&options.name)
        .ping_interval(PING_EVERY)
        .reconnect_delay_callback(pause)
        .event_callback(move |event| {
            tell(&told, &event);
            std::future::ready(())
        });
    if let Some(file) = &options.certificates {
        connecting = connecting.add_root_certificates(file.clone());
    }
    if let Some(file) = &options.credentials {
        let read = connecting.credentials_file(file).await;
        connecting = read.map_err(|error| {
            LogError::Unsuitable(format!(
                "the credentials file {} cannot be used: {error}",
                file.display()
            ))
        })?;
    }
    let client = connecting.connect(addresses).await.map_err(|error| {
        LogError::Unsuitable(format!(
            "no NATS server answers at {shown} ({error}): start one or correct the address"
        ))
    })?;
    let version = client.server_info().version;
    if !client.is_server_compatible(SERVER_MIN.0, SERVER_MIN.1, 0) {
        let (major, minor) = SERVER_MIN;
        return Err(LogError::Unsuitable(format!(
            "the NATS server at {shown} is version {version}, which stores an atomic batch message by message: \
             use {major}.{minor} or newer"
        )));
    }
    Ok(Connection { client, link })
}

fn addresses(url: &str) -> Result<Vec<ServerAddr>, LogError> {
    // The address may hold a password: it is not repeated.
    let parsed: Result<Vec<ServerAddr>, _> = url.split(',').map(|one| one.trim().parse()).collect();
    parsed.map_err(|_| LogError::Unsuitable("the NATS address is not like nats://host:4222".to_owned()))
}

fn shown(addresses: &[ServerAddr]) -> String {
    let each = addresses
        .iter()
        .map(|address| format!("{}:{}", address.host(), address.port()));
    each.collect::<Vec<_>>().join(", ")
}

/// Doubles from 2 ms up; the first attempt is made at once.
fn pause(attempts: usize) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or(u32::MAX)
        .min(10);
    let pause_ms = if doublings == 0 { 0 } else { 1_u64 << doublings };
    Duration::from_millis(pause_ms.min(PAUSE_MS_MAX))
}

fn tell(told: &watch::Sender<Link>, event: &Event) {
    match event {
        Event::Connected => {
            told.send_modify(|link| link.is_up = true);
            tracing::info!("connected to NATS");
        }
        Event::Disconnected => {
            told.send_modify(|link| {
                *link = Link {
                    is_up: false,
                    losses: link.losses + 1,
                }
            });
            tracing::warn!("the connection to NATS is lost, connecting again");
        }
        Event::SlowConsumer(_) => {
            tracing::warn!("messages of NATS were dropped: this process reads too slowly")
        }
        Event::ServerError(error) => tracing::warn!(%error, "the NATS server complains"),
        Event::ClientError(error) => tracing::warn!(%error, "the NATS client complains"),
        Event::LameDuckMode | Event::Draining | Event::Closed => {
            tracing::info!(%event, "the NATS connection changes")
        }
    }
}

impl Connection {
    /// Returns when the connection has been lost since `losses` was read.
    pub(crate) async fn lost_after(&self, losses: u64) {
        let mut link = self.link.clone();
        // The sender lives as long as the client: an error means that nothing will come any more.
        let _ = link.wait_for(|link| link.losses > losses).await;
    }

    /// Waits until the connection is up, and gives the count of losses to watch from there.
    pub(crate) async fn up(&self) -> Result<u64, Cause> {
        let mut link = self.link.clone();
        let up = timeout(CONNECTED_WITHIN, link.wait_for(|link| link.is_up)).await;
        match up {
            Ok(Ok(link)) => Ok(link.losses),
            Ok(Err(_)) | Err(_) => Err(Cause::NotConnected),
        }
    }

    /// Sends a request that `losses` was read for, and waits for its one answer.
    pub(crate) async fn answer(
        &self,
        losses: u64,
        subject: Subject,
        headers: Option<HeaderMap>,
        payload: Bytes,
        within: Duration,
    ) -> Result<Message, Cause> {
        let request = Request::new().payload(payload).timeout(None);
        let request = match headers {
            Some(headers) => request.headers(headers),
            None => request,
        };
        tokio::select! {
            biased;
            answered = timeout(within, self.client.send_request(subject, request)) => match answered {
                Ok(answered) => answered.map_err(of_request),
                Err(_) => Err(Cause::TimedOut(within)),
            },
            () = self.lost_after(losses) => Err(Cause::ConnectionLost),
        }
    }

    /// Asks JetStream's API.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        what: &str,
        question: &impl Serialize,
    ) -> Result<T, Cause> {
        let losses = self.up().await?;
        let question = serde_json::to_vec(question).map_err(|error| Cause::Unsent(Box::new(error)))?;
        let subject = format!("$JS.API.{what}").into();
        let answer = self
            .answer(losses, subject, None, question.into(), ANSWERED_WITHIN)
            .await?;
        read_answer(&answer.payload)
    }
}

/// What is in a JSON answer of JetStream's, which may be an error.
pub(crate) fn read_answer<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Cause> {
    let mut answer: serde_json::Value =
        serde_json::from_slice(payload).map_err(|_| Cause::Unreadable("it is not JSON"))?;
    let error = answer["error"].take();
    if !error.is_null() {
        return Err(Cause::Server {
            status: error["code"].as_u64().unwrap_or_default(),
            code: error["err_code"].as_u64().unwrap_or_default(),
            description: error["description"].as_str().unwrap_or("nothing more").to_owned(),
        });
    }
    serde_json::from_value(answer).map_err(|_| Cause::Unreadable("a field is missing or of another type"))
}

fn of_request(error: async_nats::RequestError) -> Cause {
    match error.kind() {
        async_nats::RequestErrorKind::TimedOut => Cause::TimedOut(ANSWERED_WITHIN),
        async_nats::RequestErrorKind::NoResponders => Cause::NoResponder,
        async_nats::RequestErrorKind::InvalidSubject | async_nats::RequestErrorKind::MaxPayloadExceeded => {
            Cause::Unsent(Box::new(error))
        }
        // The client gave up on it, sent or not.
        async_nats::RequestErrorKind::Other => Cause::ConnectionLost,
    }
}
