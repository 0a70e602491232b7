//! Receives TRS's webhooks (U§4.6). A message is a hint that a TRN is to be read again and never the fact: they come in
//! any order, several times, late, and some never. What is not signed by TRS is not even a hint.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use ltr_ports::clock::Clock;
use ltr_ports::rereads::{Reread, RereadQueue, Urgency};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

mod hints;
mod keys;
mod memory;
mod signature;

pub use keys::Keys;

use memory::{Memory, Seen};
use signature::Signed;

/// TRS's own messages have some hundred bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// TRS waits 30 seconds (U§4.6); whatever is not settled by then it sends again.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Why a message is not taken. What the sender gets to know is the status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A header is missing or unreadable, or does not cover what it must.
    #[error("it is not signed as it should be: {0}")]
    Unsigned(&'static str),
    /// The body is not the one that was signed.
    #[error("the body does not match its digest")]
    Digest,
    /// Nobody knows the key, the service neither.
    #[error("the key is not among the published ones")]
    UnknownKey,
    /// The signature is not that key's.
    #[error("the signature is wrong")]
    Signature,
    /// The signature is too old, or not yet good.
    #[error("the signature is not good at this time")]
    Expired,
    /// The very same signature was there before: a message that is sent again is signed anew.
    #[error("this very request was received before")]
    Replay,
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// It could not be settled now; to be sent again.
    #[error("it could not be settled: {0}")]
    Busy(&'static str),
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Unsigned(_) | Self::Digest => StatusCode::BAD_REQUEST,
            Self::UnknownKey | Self::Signature | Self::Expired => StatusCode::UNAUTHORIZED,
            Self::Replay => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What became of a message that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// So many TRNs are to be read again.
    Hinted(usize),
    /// It was taken before, or says nothing of a TRN.
    Nothing,
}

/// Receives webhooks.
pub struct Receiver {
    /// The address that TRS was told, as it signs it. What a request says of its own address proves nothing.
    target: String,
    keys: Keys,
    queue: Arc<dyn RereadQueue>,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

impl Receiver {
    /// A receiver at the address that TRS was told, which puts hints into `queue`.
    #[must_use]
    pub fn new(
        target: impl Into<String>,
        keys: Keys,
        queue: Arc<dyn RereadQueue>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            target: target.into(),
            keys,
            queue,
            clock,
            memory: Mutex::default(),
        }
    }

    /// Takes messages at the path of its address: 204 taken, 4xx refused for good, 503 to be sent again.
    pub fn router(self: Arc<Self>) -> Router {
        let path = self
            .target
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
            .unwrap_or_else(|| "/".to_owned());
        Router::new().route(&path, post(answer)).with_state(self)
    }

    /// Listens for messages until the listener breaks down.
    ///
    /// # Errors
    ///
    /// The listener's.
    pub async fn serve(self: Arc<Self>, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }

    /// Takes one message.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub async fn receive(&self, headers: &HeaderMap, body: Bytes) -> Result<Taken, Refusal> {
        let now = self.clock.now();
        let signed = Signed::read(headers)?;
        signed.check_time(now)?;
        if signed.body_digest != Sha256::digest(&body).as_slice() {
            return Err(Refusal::Digest);
        }
        let base = signed.base(headers, &self.target, body.len())?;
        let key = self.keys.key(&signed.key_id, now).await?;
        key.verify(base.as_bytes(), &signed.signature)
            .map_err(|_| Refusal::Signature)?;
        match self
            .memory
            .lock()
            .expect("no holder of this lock panics")
            .look(&signed)
        {
            Seen::Never => {}
            Seen::Message => return Ok(Taken::Nothing),
            Seen::Signature => return Err(Refusal::Replay),
        }
        let trns = hints::trns(&body);
        let hints: Vec<Reread> = trns
            .iter()
            .map(|trn| Reread {
                trn: *trn,
                urgency: Urgency::Hint,
                asked_at: now,
            })
            .collect();
        let count = hints.len();
        if count > 0 {
            let added = timeout(ANSWERED_WITHIN, self.queue.add(hints)).await;
            added
                .map_err(|_| Refusal::Busy("the queue takes too long"))?
                .map_err(|_| Refusal::Busy("the queue cannot be reached"))?;
        }
        // Only now: had it been noted before, a hint that was not queued would never come again.
        self.memory
            .lock()
            .expect("no holder of this lock panics")
            .note(&signed);
        Ok(if count > 0 {
            Taken::Hinted(count)
        } else {
            Taken::Nothing
        })
    }
}

async fn answer(State(receiver): State<Arc<Receiver>>, request: Request<Body>) -> StatusCode {
    let (parts, body) = request.into_parts();
    let received = match to_bytes(body, BODY_BYTES_MAX).await {
        Ok(body) => receiver.receive(&parts.headers, body).await,
        Err(_) => Err(Refusal::TooLarge),
    };
    match received {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(refusal) => {
            tracing::warn!(%refusal, "a webhook message was not taken");
            refusal.status()
        }
    }
}
