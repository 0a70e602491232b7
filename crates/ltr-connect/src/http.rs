//! What a connector needs of HTTP: it asks, and gets status, headers and body. Connectors never write upstream (U§13.10),
//! so that a request has no method: it is a `GET`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;

use crate::secret::Secret;

mod client;
#[cfg(feature = "in-process")]
mod in_process;

pub use client::{AddressError, HttpClient};
#[cfg(feature = "in-process")]
pub use in_process::InProcess;

/// The largest body taken. Register's pages of 500 trainees have some 2 MB.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A question to an upstream service.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path and query, behind the base address of the service. It is noted in manifests, so no secret goes into it.
    pub path: String,
    /// Sent as `Authorization: Bearer`.
    pub bearer: Option<Secret>,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// How long one attempt may take.
    pub within: Duration,
}

impl Request {
    /// A question that may take half a minute.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            bearer: None,
            headers: Vec::new(),
            within: Duration::from_secs(30),
        }
    }

    /// With a token.
    #[must_use]
    pub fn bearing(self, secret: &Secret) -> Self {
        Self {
            bearer: Some(secret.clone()),
            ..self
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// An answer, whatever its status. A redirect is an answer too: TRS says with 308 whom a record was merged into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers by name in lower case; of one that is there several times, the last.
    pub headers: BTreeMap<String, String>,
    /// The body as sent.
    pub body: Bytes,
}

impl Response {
    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// Why there is no answer. Says nothing of address or headers.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// No connection could be made.
    #[error("no connection could be made")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke before the answer was there.
    #[error("the answer broke off")]
    BrokenOff(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The body is larger than any that is expected.
    #[error("the answer has more than {max} bytes")]
    TooLarge {
        /// The bound in bytes.
        max: usize,
    },
    /// What was to be asked cannot be sent: a mistake of ours.
    #[error("the request cannot be sent")]
    Unsendable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Asks an upstream service.
pub trait Http: Send + Sync {
    /// Asks once. Follows no redirect and repeats nothing.
    ///
    /// # Errors
    ///
    /// See [`HttpError`]. A status is never an error here.
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>>;
}
