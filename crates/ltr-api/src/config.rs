//! How the service is set up. Every default is safe: loopback only, restricted facts withheld.

use std::net::{Ipv4Addr, SocketAddr};

/// How the service is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Port 0 takes any free port; [`crate::Bound::address`] tells which.
    pub address: SocketAddr,
    /// Who may be able to reach the address.
    pub exposure: Exposure,
    /// Whether restricted facts are answered.
    pub restricted: RestrictedFacts,
    /// How long a read waits for what is not projected yet, in milliseconds, before it is refused.
    pub wait_ms_max: u64,
    /// How long a request may take, in milliseconds, waiting included.
    pub request_ms_max: u64,
    /// How long requests in flight may go on after a shutdown, in milliseconds.
    pub drain_ms_max: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 50_051)),
            exposure: Exposure::LoopbackOnly,
            restricted: RestrictedFacts::Withheld,
            wait_ms_max: 2_000,
            request_ms_max: 10_000,
            drain_ms_max: 15_000,
        }
    }
}

/// Who may be able to reach the service. There is no authentication yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exposure {
    /// This machine only: any other address is refused.
    #[default]
    LoopbackOnly,
    /// Anyone who can reach the address, unauthenticated and in clear text.
    Insecure,
}

/// Whether restricted facts are answered, as long as nobody knows who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RestrictedFacts {
    /// They are left out and listed as withheld.
    #[default]
    Withheld,
    /// They are answered to everyone.
    Allowed,
}
