//! Listening, serving and stopping: the gRPC server around the service, with health, reflection and a bounded drain.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ltr_ports::clock::Clock;
use ltr_ports::log::{Log, LogError, Stream};
use ltr_ports::next_runs::NextRuns;
use ltr_ports::next_runs::mem::MemNextRuns;
use ltr_ports::store::Store;
use ltr_proto::record::feed_service_server::FeedServiceServer;
use ltr_proto::record::identity_service_server::IdentityServiceServer;
use ltr_proto::record::teacher_service_server::TeacherServiceServer;
use ltr_proto::seal::KeyEncryptionKey;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, health_reporter};

use crate::config::{Config, Exposure, RestrictedFacts};
use crate::service::Api;

/// At most so many bytes in one request: a full batch of names fits many times over.
const REQUEST_BYTES_MAX: usize = 256 * 1024;

/// At most so many bytes in one answer: a full batch fits.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// At most so many requests at a time on one connection.
const CONCURRENT_REQUESTS_MAX: u32 = 256;

/// At most so many bytes of headers in one request.
const HEADER_BYTES_MAX: u32 = 16 * 1024;

/// How much a client may send ahead on one connection.
const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;

/// How long a connection may be silent before it is asked whether it lives, and how long it has to say so.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// The overall service in `grpc.health.v1`.
const WHOLE_SERVER: &str = "";

/// Why the service does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can be reached by others, and there is no authentication yet.
    #[error(
        "refusing to serve on {address}, which is not loopback, as there is no authentication yet (--insecure overrides)"
    )]
    NotLoopback {
        /// Which address.
        address: SocketAddr,
    },
    /// The address could not be listened on.
    #[error("listening on {address}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The log could not be asked where its times come from.
    #[error("asking the log for its facts")]
    Log(#[from] LogError),
    /// Our own schema could not be registered for reflection.
    #[error("registering the schema for reflection")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The server failed.
    #[error("serving on {address}")]
    Serve {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: tonic::transport::Error,
    },
}

/// A service that listens and does not answer yet.
pub struct Bound {
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
    next_runs: Arc<dyn NextRuns>,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound")
            .field("config", &self.config)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Starts to listen, so that the address is known before anything is served.
///
/// # Errors
///
/// An address that is not loopback without [`Exposure::Insecure`], or that is taken.
pub async fn bind(config: Config) -> Result<Bound, ServeError> {
    let asked = config.address;
    let loopback = asked.ip().to_canonical().is_loopback();
    match config.exposure {
        Exposure::LoopbackOnly if !loopback => return Err(ServeError::NotLoopback { address: asked }),
        Exposure::Insecure if !loopback => tracing::warn!(
            address = %asked,
            "INSECURE: serving teachers' records without authentication or encryption to anyone who can reach this address"
        ),
        Exposure::LoopbackOnly | Exposure::Insecure => {}
    }
    let failed = |source| ServeError::Listen {
        address: asked,
        source,
    };
    let listener = TcpListener::bind(asked).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Bound {
        config,
        listener,
        address,
        next_runs: Arc::new(MemNextRuns::default()),
    })
}

/// Listens and serves until told to stop; see [`Bound::serve`].
///
/// # Errors
///
/// As [`bind`] and [`Bound::serve`].
pub async fn run<S: Store, L: Log>(
    config: Config,
    store: S,
    log: L,
    clock: Arc<dyn Clock>,
    kek: Option<KeyEncryptionKey>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    bind(config).await?.serve(store, log, clock, kek, shutdown).await
}

impl Bound {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// With what the connectors tell of their next runs; without it nothing is known of them.
    #[must_use]
    pub fn with_next_runs(self, next_runs: Arc<dyn NextRuns>) -> Self {
        Self { next_runs, ..self }
    }

    /// Serves until `shutdown`, then lets requests in flight end, for as long as the configuration allows. Health says
    /// NOT_SERVING from then on.
    ///
    /// Without `kek` everything is served but personal values.
    ///
    /// # Errors
    ///
    /// A log that does not answer at the start, or a server that fails.
    pub async fn serve<S: Store, L: Log>(
        self,
        store: S,
        log: L,
        clock: Arc<dyn Clock>,
        kek: Option<KeyEncryptionKey>,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let Self {
            config,
            listener,
            address,
            next_runs,
        } = self;
        if config.restricted == RestrictedFacts::Allowed {
            tracing::warn!(%address, "restricted facts are answered to everyone who asks");
        }
        let clock_kind = log.facts(Stream::Events).await?.clock;
        let drain_max = Duration::from_millis(config.drain_ms_max);
        let api = Arc::new(Api {
            next_runs,
            ..Api::new(&config, store, log, clock, clock_kind, kek)
        });
        let identity = IdentityServiceServer::from_arc(Arc::clone(&api))
            .max_decoding_message_size(REQUEST_BYTES_MAX)
            .max_encoding_message_size(ANSWER_BYTES_MAX);
        let feeds = FeedServiceServer::from_arc(Arc::clone(&api))
            .max_decoding_message_size(REQUEST_BYTES_MAX)
            .max_encoding_message_size(ANSWER_BYTES_MAX);
        let teachers = TeacherServiceServer::from_arc(api)
            .max_decoding_message_size(REQUEST_BYTES_MAX)
            .max_encoding_message_size(ANSWER_BYTES_MAX);
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(ltr_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()?;
        let (reporter, health) = health_reporter();
        let name = name_of(&teachers);
        reporter.set_service_status(name, ServingStatus::Serving).await;

        let (draining, drain_began) = oneshot::channel();
        let stop = async move {
            shutdown.await;
            tracing::info!(%address, "draining");
            withdraw(reporter, name).await;
            // Nobody listens any more only when serving has ended by itself.
            let _ = draining.send(());
        };
        let serving = limited()
            .add_service(health)
            .add_service(reflection)
            .add_service(teachers)
            .add_service(identity)
            .add_service(feeds)
            .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), stop);
        tracing::info!(%address, clock = ?clock_kind, "serving");
        tokio::select! {
            ended = serving => ended.map_err(|source| ServeError::Serve { address, source })?,
            () = overdue(drain_began, drain_max) => {
                tracing::warn!(%address, ms_max = config.drain_ms_max, "requests still in flight are cut off");
            }
        }
        tracing::info!(%address, "stopped");
        Ok(())
    }
}

/// A server that no client can exhaust alone. Requests have their own deadline in the service.
fn limited() -> Server {
    Server::builder()
        .max_concurrent_streams(CONCURRENT_REQUESTS_MAX)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .http2_max_header_list_size(HEADER_BYTES_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE_EVERY))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
}

fn name_of<T: NamedService>(_: &T) -> &'static str {
    T::NAME
}

/// Tells those who watch health that this is the end, and ends their streams: they would hold up the drain.
async fn withdraw(mut reporter: HealthReporter, service: &'static str) {
    for service in [service, WHOLE_SERVER] {
        reporter
            .set_service_status(service, ServingStatus::NotServing)
            .await;
        reporter.clear_service_status(service).await;
    }
}

/// Ends when the drain has lasted too long; never, if it does not begin.
async fn overdue(began: oneshot::Receiver<()>, drain_max: Duration) {
    match began.await {
        Ok(()) => tokio::time::sleep(drain_max).await,
        Err(_) => std::future::pending().await,
    }
}
