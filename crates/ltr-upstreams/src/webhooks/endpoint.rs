//! Where webhooks are sent: a router in this process, or an address on this machine, over plain HTTP.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Uri};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// An endpoint.
#[derive(Debug, Clone)]
pub enum Endpoint {
    /// A router in this process, under the address it believes to have.
    InProcess {
        /// The router.
        router: Router,
        /// The address.
        target: Uri,
    },
    /// An address that is listened on, without encryption.
    Address(Uri),
}

/// What goes wrong on the way to an endpoint; the sender only tries again.
#[derive(Debug, thiserror::Error)]
enum PostError {
    #[error("an address without host and port")]
    NoAuthority,
    #[error("connect")]
    Connect(#[from] std::io::Error),
    #[error("send")]
    Send(#[from] hyper::Error),
    #[error("an address that makes no request")]
    Request(#[from] axum::http::uri::InvalidUri),
}

impl Endpoint {
    /// Its address, which is part of what is signed.
    #[must_use]
    pub fn target(&self) -> &Uri {
        match self {
            Self::InProcess { target, .. } | Self::Address(target) => target,
        }
    }

    /// Whether the endpoint took the message: any 2xx.
    pub(super) async fn post(&self, request: Request<Bytes>) -> bool {
        match self {
            Self::InProcess { router, .. } => {
                let answer = router.clone().oneshot(request.map(Body::from)).await;
                answer.is_ok_and(|answer| answer.status().is_success())
            }
            Self::Address(target) => remote(target, request).await.unwrap_or(false),
        }
    }
}

async fn remote(target: &Uri, mut request: Request<Bytes>) -> Result<bool, PostError> {
    let authority = target.authority().ok_or(PostError::NoAuthority)?;
    let port = authority.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((authority.host(), port)).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    // A server is asked for a path; the host is in a header.
    *request.uri_mut() = target
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .parse()?;
    let answer = sender.send_request(request.map(Full::new)).await;
    connection.abort();
    Ok(answer?.status().is_success())
}
