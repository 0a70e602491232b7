//! How to open a log.

use std::path::PathBuf;
use std::time::Duration;

use ltr_ports::log::ClockKind;

/// How to reach a server, and what may be done there.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the server listens: `nats://host:4222`, `tls://host:4222`, several separated by commas; user and password
    /// or a token before the `@`.
    pub url: String,
    /// A credentials file (`.creds`), if that is how we say who we are.
    pub credentials: Option<PathBuf>,
    /// A file of certificates to trust besides the system's.
    pub certificates: Option<PathBuf>,
    /// What the connection is called in the server's lists.
    pub name: String,
    /// Leave to make streams that are missing, with this clock. Streams that are there must have it too.
    pub create: Option<ClockKind>,
    /// How many servers of a cluster keep a copy of a stream that is made: 1, 3 or 5.
    pub replicas: usize,
    /// How long a batch waits for its acknowledgement before it is given up as [`LogError::Indeterminate`].
    ///
    /// [`LogError::Indeterminate`]: ltr_ports::log::LogError::Indeterminate
    pub acknowledged_within: Duration,
}

impl Options {
    /// No credentials, nothing to be made, one copy, ten seconds for an acknowledgement.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            credentials: None,
            certificates: None,
            name: "ltr".to_owned(),
            create: None,
            replicas: 1,
            acknowledged_within: Duration::from_secs(10),
        }
    }

    /// With leave to make missing streams.
    #[must_use]
    pub fn creating(self, clock: ClockKind) -> Self {
        Self {
            create: Some(clock),
            ..self
        }
    }
}
