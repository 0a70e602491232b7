//! HTTP over the network.

use std::error::Error;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::{BODY_BYTES_MAX, Http, HttpError, Request, Response};

/// A service at a base address. Clones share their connections.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    base: Url,
}

/// Why there can be no client for an address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is no address.
    #[error("{address} is no http:// or https:// address")]
    Malformed {
        /// What was given.
        address: String,
    },
    /// A token would travel in clear.
    #[error(
        "{address} is not https://: a token would be sent in clear (only a loopback address may do without)"
    )]
    InClear {
        /// What was given.
        address: String,
    },
    /// TLS cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl HttpClient {
    /// A client of the service at that address, such as `https://example.test/api/v1`.
    ///
    /// # Errors
    ///
    /// An address that is none, or that would send tokens in clear to another machine.
    pub fn new(address: &str) -> Result<Self, AddressError> {
        let malformed = || AddressError::Malformed {
            address: address.to_owned(),
        };
        let base = Url::parse(address.trim_end_matches('/')).map_err(|_| malformed())?;
        match (base.scheme(), base.host_str()) {
            (_, None) => return Err(malformed()),
            ("https", Some(_)) | ("http", Some("127.0.0.1" | "localhost" | "[::1]")) => {}
            ("http", Some(_)) => {
                return Err(AddressError::InClear {
                    address: address.to_owned(),
                });
            }
            _ => return Err(malformed()),
        }
        // Whoever was first in this process has set it already; any of them will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .user_agent("ltr")
            .build()
            .map_err(AddressError::Client)?;
        Ok(Self { client, base })
    }

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let address = format!("{}{}", self.base.as_str().trim_end_matches('/'), request.path);
        let mut sending = self.client.get(address).timeout(request.within);
        if let Some(bearer) = &request.bearer {
            sending = sending.bearer_auth(bearer.expose());
        }
        for (name, value) in &request.headers {
            sending = sending.header(*name, value);
        }
        let failed = |error| failure(request, error);
        let mut answer = sending.send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let headers = texts(answer.headers());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > BODY_BYTES_MAX {
                return Err(HttpError::TooLarge { max: BODY_BYTES_MAX });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body: Bytes::from(body),
        })
    }
}

impl Http for HttpClient {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        self.send(request).boxed()
    }
}

/// The headers that are text.
pub(super) fn texts(headers: &HeaderMap) -> std::collections::BTreeMap<String, String> {
    let texts = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    texts.collect()
}

fn failure(request: &Request, error: reqwest::Error) -> HttpError {
    if error.is_timeout() {
        return HttpError::Timeout(request.within);
    }
    let (is_connect, is_builder) = (error.is_connect(), error.is_builder());
    // The address is told by whoever asked, without its host.
    let source: Box<dyn Error + Send + Sync> = Box::new(error.without_url());
    if is_builder {
        HttpError::Unsendable(source)
    } else if is_connect {
        HttpError::Refused(source)
    } else {
        HttpError::BrokenOff(source)
    }
}
