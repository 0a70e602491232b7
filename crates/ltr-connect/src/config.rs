//! What an operator sets: which feeds are read, where, with whose leave and how often. Secrets are named by the file or
//! environment variable that holds them, and cannot be written here.

use std::sync::Arc;

use jiff::SignedDuration;
use ltr_domain::ids::{Feed, Ukprn};
use ltr_ports::clock::Pace;
use ltr_ports::log::Log;
use serde::Deserialize;

use crate::caller::Caller;
use crate::http::{AddressError, Http, HttpClient};
use crate::limit::Limit;
use crate::register;
use crate::retry::{Patience, Random};
use crate::secret::{Keeping, SecretError};
use crate::worker::Worker;

/// Everything that may be set. A source that is not named is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Register trainee teachers.
    pub register: Option<RegisterConfig>,
}

/// Register trainee teachers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterConfig {
    /// Where the API is, with its version.
    #[serde(default = "register_address")]
    pub address: String,
    /// A token for each provider that is read. Providers without one are not covered, and answers say so.
    pub tokens: Vec<TokenConfig>,
    /// Trainees on a page.
    pub per_page: Option<u32>,
    /// How often changes are asked for, in minutes.
    pub changes_every_minutes: Option<u32>,
    /// How many academic years before the running one are read.
    pub years_back: Option<u8>,
}

/// A provider's token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenConfig {
    /// The provider's UKPRN.
    pub provider: String,
    /// Where its token is kept.
    pub token: Keeping,
}

fn register_address() -> String {
    "https://www.register-trainee-teachers.service.gov.uk/api/v2026.1".to_owned()
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
        Caller::new(
            http,
            limit,
            Arc::clone(&self.pace),
            Arc::clone(&self.random),
            self.patience.clone(),
        )
    }

    fn caller_of(
        &self,
        source_name: &'static str,
        address: &str,
        limit: Arc<Limit>,
    ) -> Result<Caller, ConfigError> {
        let client =
            HttpClient::new(address).map_err(|source| ConfigError::Address { source_name, source })?;
        Ok(self.caller(Arc::new(client), limit))
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
        if let Some(config) = &self.register {
            workers.push(Box::new(config.trainees(means)?));
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
}

impl RegisterConfig {
    fn trainees(&self, means: &Means) -> Result<register::Trainees, ConfigError> {
        let mut tokens: Vec<register::ProviderToken> = Vec::with_capacity(self.tokens.len());
        for TokenConfig { provider, token } in &self.tokens {
            let ukprn = Ukprn::parse(provider).map_err(|_| ConfigError::Provider(provider.clone()))?;
            if tokens.iter().any(|known| known.provider == ukprn) {
                return Err(ConfigError::TwoTokens(ukprn));
            }
            let token = token.read().map_err(|source| ConfigError::Secret {
                of: format!("Register's provider {ukprn}"),
                source,
            })?;
            tokens.push(register::ProviderToken {
                provider: ukprn,
                token,
            });
        }
        let caller = means.caller_of("register", &self.address, register::limit())?;
        Ok(register::Trainees::new(caller, tokens, self.settings()))
    }

    fn settings(&self) -> register::Settings {
        let default = register::Settings::default();
        register::Settings {
            per_page: self.per_page.unwrap_or(default.per_page),
            changes_every: minutes(self.changes_every_minutes, default.changes_every),
            years_back: self.years_back.unwrap_or(default.years_back),
            overlap: default.overlap,
        }
    }
}

fn minutes(set: Option<u32>, otherwise: SignedDuration) -> SignedDuration {
    set.map_or(otherwise, |minutes| SignedDuration::from_mins(i64::from(minutes)))
}
