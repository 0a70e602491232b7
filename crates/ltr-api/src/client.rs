//! A thin client, for the command line and tests.

use std::time::Duration;

use ltr_proto::record::feed_service_client::FeedServiceClient;
use ltr_proto::record::identity_service_client::IdentityServiceClient;
use ltr_proto::record::teacher_service_client::TeacherServiceClient;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use tonic_types::StatusExt;

/// Asks questions about teachers.
pub type Client = TeacherServiceClient<Channel>;

/// Asks what waits for an operator, and decides.
pub type IdentityClient = IdentityServiceClient<Channel>;

/// Asks how feeds stand, and decides on held deliveries.
pub type FeedClient = FeedServiceClient<Channel>;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// At most so many bytes in one answer: a full batch with long histories fits.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("connecting to {address}")]
pub struct ConnectError {
    /// Where to.
    pub address: String,
    /// Why.
    #[source]
    pub source: tonic::transport::Error,
}

/// Connects to a service, as `host:port` or `http://host:port`.
///
/// # Errors
///
/// An address that is none, or that nobody serves on.
pub async fn connect(address: &str) -> Result<Client, ConnectError> {
    let channel = channel(address).await?;
    Ok(TeacherServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX))
}

/// The same, to decide who is one person.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_identity(address: &str) -> Result<IdentityClient, ConnectError> {
    let channel = channel(address).await?;
    Ok(IdentityServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX))
}

/// The same, to look at feeds and decide on held deliveries.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_feeds(address: &str) -> Result<FeedClient, ConnectError> {
    let channel = channel(address).await?;
    Ok(FeedServiceClient::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX))
}

async fn channel(address: &str) -> Result<Channel, ConnectError> {
    let failed = |source| ConnectError {
        address: address.to_owned(),
        source,
    };
    let url = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let endpoint = Endpoint::from_shared(url)
        .map_err(failed)?
        .connect_timeout(CONNECT_TIMEOUT);
    endpoint.connect().await.map_err(failed)
}

/// The reason in a status of this service: one of [`crate::reason`]. `None` if it is another's.
#[must_use]
pub fn reason_of(status: &Status) -> Option<String> {
    let info = status.get_details_error_info()?;
    (info.domain == crate::reason::DOMAIN).then_some(info.reason)
}
