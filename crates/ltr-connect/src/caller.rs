//! Asks a service within its limit, again where that is worth it, and within a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use ltr_ports::clock::Pace;
use serde::de::IgnoredAny;

use crate::http::{Http, HttpError, Request, Response};
use crate::limit::Limit;
use crate::retry::{Patience, Random, is_passing, retry_after};

/// Asks one service. Clones share limit and counts.
#[derive(Clone)]
pub struct Caller {
    http: Arc<dyn Http>,
    limit: Arc<Limit>,
    pace: Arc<dyn Pace>,
    random: Arc<Random>,
    patience: Patience,
    requests: Arc<AtomicU64>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller")
            .field("limit", &self.limit)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// Why a question got no answer that could be used.
#[derive(Debug, thiserror::Error)]
#[error("asking for {address} was given up after {attempts} attempts")]
pub struct CallError {
    /// Path and query.
    pub address: String,
    /// How often it was asked.
    pub attempts: u32,
    /// What the last attempt came to.
    #[source]
    pub source: Trouble,
}

/// What an attempt came to.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There was no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The service is busy or broken.
    #[error("the service answers {0}")]
    Status(u16),
    /// A body that begins as JSON and is cut off, or a 200 without any.
    #[error("the answer is cut off: its body is no JSON")]
    NotJson,
}

impl Trouble {
    fn is_passing(&self) -> bool {
        match self {
            Self::Http(HttpError::Timeout(_) | HttpError::Refused(_) | HttpError::BrokenOff(_)) => true,
            Self::Http(HttpError::TooLarge { .. } | HttpError::Unsendable(_)) => false,
            Self::Status(_) | Self::NotJson => true,
        }
    }
}

impl Caller {
    /// A caller of `http`, never more often than `limit` allows.
    #[must_use]
    pub fn new(
        http: Arc<dyn Http>,
        limit: Arc<Limit>,
        pace: Arc<dyn Pace>,
        random: Arc<Random>,
        patience: Patience,
    ) -> Self {
        Self {
            http,
            limit,
            pace,
            random,
            patience,
            requests: Arc::default(),
        }
    }

    /// How many requests have been sent, repeated ones too.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Asks until there is an answer that stands: any status that is not passing, and a 200 only with whole JSON. The
    /// body is without a byte order mark (T42).
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub async fn ask(&self, request: &Request) -> Result<Response, CallError> {
        let mut attempts = 0;
        let mut spent = SignedDuration::ZERO;
        loop {
            let permit = self.limit.permit(&self.pace).await;
            attempts += 1;
            let began = self.pace.now();
            self.requests.fetch_add(1, Ordering::Relaxed);
            let attempt = self.attempt(request).await;
            drop(permit);
            let (trouble, asked_until) = match attempt {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            let now = self.pace.now();
            let at = self.again_at(attempts, asked_until, now);
            spent += at.duration_since(began);
            if !trouble.is_passing() || spent > self.give_up_after() {
                return Err(CallError {
                    address: request.path.clone(),
                    attempts,
                    source: trouble,
                });
            }
            tracing::debug!(address = request.path, attempts, %trouble, "asking again");
            self.pace.until(at).await;
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Response, (Trouble, Option<Timestamp>)> {
        let mut response = match self.http.get(request).await {
            Ok(response) => response,
            Err(error) => return Err((error.into(), None)),
        };
        if is_passing(response.status) {
            let header = response.header("retry-after");
            let until = header.and_then(|header| retry_after(header, self.pace.now()));
            // It speaks to all of us, not only to who asked.
            until.inspect(|until| self.limit.pause(*until));
            return Err((Trouble::Status(response.status), until));
        }
        if response.body.starts_with(b"\xEF\xBB\xBF") {
            response.body = response.body.slice(3..);
        }
        if is_cut_off(&response) {
            return Err((Trouble::NotJson, None));
        }
        Ok(response)
    }

    /// When to ask again: after a pause of our own, and not before we were asked to.
    fn again_at(&self, attempts: u32, asked_until: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let own = now.checked_add(self.patience.wait(attempts, &*self.random));
        let own = own.unwrap_or(Timestamp::MAX);
        asked_until.map_or(own, |asked| asked.max(own))
    }

    fn give_up_after(&self) -> SignedDuration {
        SignedDuration::try_from(self.patience.give_up_after).unwrap_or(SignedDuration::MAX)
    }
}

/// Whether a body that must be JSON, or looks as if it were to be, is none.
fn is_cut_off(response: &Response) -> bool {
    let is_meant_to_be = response.status == 200 || matches!(response.body.first(), Some(b'{' | b'['));
    is_meant_to_be && serde_json::from_slice::<IgnoredAny>(&response.body).is_err()
}
