//! What an operator sets: which feeds are read, where, with whose leave and how often. Secrets are named by the file or
//! environment variable that holds them, and cannot be written here.

use std::net::SocketAddr;
use std::sync::Arc;

use ltr_domain::ids::{Feed, Ukprn};
use ltr_ports::clock::{Clock, Pace};
use ltr_ports::log::Log;
use ltr_ports::rereads::RereadQueue;
use serde::Deserialize;

use crate::caller::Caller;
use crate::http::{AddressError, Http, HttpClient};
use crate::limit::Limit;
use crate::retry::{Patience, Random};
use crate::secret::{Keeping, Secret, SecretError};
use crate::webhook::{Keys, Receiver};
use crate::worker::Worker;

mod sources;

pub use sources::{
    ApplyConfig, PostingsConfig, RegisterConfig, TokenConfig, TrsConfig, VacanciesConfig, WebhookConfig,
};

/// Everything that may be set. A source that is not named is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Apply for teacher training.
    pub apply: Option<ApplyConfig>,
    /// Register trainee teachers.
    pub register: Option<RegisterConfig>,
    /// The Teaching Record System.
    pub trs: Option<TrsConfig>,
    /// Teaching Vacancies.
    pub vacancies: Option<VacanciesConfig>,
    /// The receiver of TRS's webhooks.
    pub webhook: Option<WebhookConfig>,
}

/// Why connectors cannot be made from the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An address.
    #[error("the address of {source_name}")]
    Address {
        /// Of which source.
        source_name: &'static str,
        /// Why.
        #[source]
        source: AddressError,
    },
    /// A token or key.
    #[error("the secret of {of}")]
    Secret {
        /// Of whom.
        of: String,
        /// Why.
        #[source]
        source: SecretError,
    },
    /// A provider that is named by something else than its UKPRN.
    #[error("tokens of Register are named by UKPRN, eight digits; {0:?} is none")]
    Provider(String),
    /// Two tokens of one provider.
    #[error("there are two tokens of provider {0}")]
    TwoTokens(Ukprn),
    /// A receiver of webhooks without a service whose webhooks they are.
    #[error("a webhook receiver needs [connect.trs]: that is where the keys are published")]
    NoTrs,
    /// A feed was asked for that is not set up.
    #[error("the feed {0} is not set up")]
    NotSetUp(Feed),
}

/// What connectors are made with.
#[derive(Clone)]
pub struct Means {
    /// Tells the time and waits for it.
    pub pace: Arc<dyn Pace>,
    /// Fills bytes from a random source.
    pub random: Arc<Random>,
    /// How often and how long to try.
    pub patience: Patience,
    /// TRNs to read again.
    pub rereads: Arc<dyn RereadQueue>,
}

impl std::fmt::Debug for Means {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Means")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

impl Means {
    /// A caller of `http` within `limit`.
    #[must_use]
    pub fn caller(&self, http: Arc<dyn Http>, limit: Arc<Limit>) -> Caller {
        let (pace, random) = (Arc::clone(&self.pace), Arc::clone(&self.random));
        Caller::new(http, limit, pace, random, self.patience.clone())
    }

    fn caller_of(
        &self,
        source: &'static str,
        address: &str,
        limit: Arc<Limit>,
    ) -> Result<Caller, ConfigError> {
        Ok(self.caller(Arc::new(client(source, address)?), limit))
    }
}

impl Config {
    /// The workers of the sources that are set up.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`]; secrets are read here.
    pub fn workers<L: Log>(&self, means: &Means) -> Result<Vec<Box<dyn Worker<L>>>, ConfigError> {
        let mut workers: Vec<Box<dyn Worker<L>>> = Vec::new();
        if let Some(apply) = &self.apply {
            apply.workers(means, &mut workers)?;
        }
        if let Some(register) = &self.register {
            workers.push(Box::new(register.trainees(means)?));
        }
        if let Some(trs) = &self.trs {
            workers.push(Box::new(trs.persons(means)?));
        }
        if let Some(vacancies) = &self.vacancies {
            vacancies.workers(means, &mut workers)?;
        }
        Ok(workers)
    }

    /// The same, but of one feed only.
    ///
    /// # Errors
    ///
    /// As [`Config::workers`], and a feed that is not set up.
    pub fn worker_of<L: Log>(
        &self,
        feed: Feed,
        means: &Means,
    ) -> Result<Vec<Box<dyn Worker<L>>>, ConfigError> {
        let mut workers = self.workers(means)?;
        workers.retain(|worker| worker.feed() == feed);
        if workers.is_empty() {
            return Err(ConfigError::NotSetUp(feed));
        }
        Ok(workers)
    }

    /// The receiver of webhooks, if one is set up, with the address it listens at.
    ///
    /// # Errors
    ///
    /// A receiver without TRS, or a wrong address.
    pub fn receiver(&self, means: &Means) -> Result<Option<(SocketAddr, Arc<Receiver>)>, ConfigError> {
        let Some(webhook) = &self.webhook else {
            return Ok(None);
        };
        let trs = self.trs.as_ref().ok_or(ConfigError::NoTrs)?;
        let keys = Keys::new(Arc::new(client("trs", &trs.address)?), "/webhook-jwks");
        let clock: Arc<dyn Clock> = Arc::clone(&means.pace) as _;
        let queue = Arc::clone(&means.rereads);
        let receiver = Receiver::new(&webhook.public_address, keys, queue, clock);
        Ok(Some((webhook.listen, Arc::new(receiver))))
    }
}

fn client(source_name: &'static str, address: &str) -> Result<HttpClient, ConfigError> {
    HttpClient::new(address).map_err(|source| ConfigError::Address { source_name, source })
}

fn secret(of: &str, keeping: &Keeping) -> Result<Secret, ConfigError> {
    keeping.read().map_err(|source| ConfigError::Secret {
        of: of.to_owned(),
        source,
    })
}
