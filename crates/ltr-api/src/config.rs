//! How the service is set up. Every default is safe: loopback only, restricted facts withheld.

use std::net::{Ipv4Addr, SocketAddr};

use jiff::SignedDuration;
use ltr_domain::ids::Source;

/// How the service is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Port 0 takes any free port; [`crate::Bound::address`] tells which.
    pub address: SocketAddr,
    /// Who may be able to reach the address.
    pub exposure: Exposure,
    /// Whether restricted facts are answered.
    pub restricted: RestrictedFacts,
    /// After which silence of a source an answer that rests on it is stale.
    pub staleness: StalenessBounds,
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
            staleness: StalenessBounds::default(),
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

/// After how many days of silence an answer that rests on a source is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StalenessBounds {
    /// Of Apply.
    pub apply_days: u16,
    /// Of Register.
    pub register_days: u16,
    /// Of the Teaching Record System.
    pub trs_days: u16,
    /// Of Teaching Vacancies.
    pub teaching_vacancies_days: u16,
}

impl Default for StalenessBounds {
    fn default() -> Self {
        Self {
            apply_days: 8,
            register_days: 8,
            trs_days: 8,
            teaching_vacancies_days: 32,
        }
    }
}

impl StalenessBounds {
    /// The bound of a source, as a length of time.
    pub(crate) fn of(&self, source: Source) -> SignedDuration {
        let days = match source {
            Source::Apply => self.apply_days,
            Source::Register => self.register_days,
            Source::Trs => self.trs_days,
            Source::TeachingVacancies => self.teaching_vacancies_days,
        };
        SignedDuration::from_hours(24 * i64::from(days))
    }
}
