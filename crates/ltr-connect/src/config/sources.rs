//! What may be set of each source.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use ltr_domain::ids::{Feed, Ukprn};
use ltr_ports::log::Log;
use serde::Deserialize;

use super::{ConfigError, Means, secret};
use crate::secret::Keeping;
use crate::vacancies::{Extracts, Postings};
use crate::worker::Worker;
use crate::{apply, register, trs, vacancies};

/// Apply for teacher training. Its two APIs have keys of their own; one without a key is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyConfig {
    /// Where the service is.
    #[serde(default = "apply_address")]
    pub address: String,
    /// The key of the Candidate API.
    pub candidates_key: Option<Keeping>,
    /// The key of the API made for Register.
    pub recruits_key: Option<Keeping>,
    /// Candidates on a page; 500 at most.
    pub per_page: Option<u32>,
    /// How often changes are asked for, in minutes.
    pub changes_every_minutes: Option<u32>,
    /// Candidates with an application under way who have not been seen for so many days are asked for one by one.
    pub unseen_days: Option<u16>,
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

/// The Teaching Record System.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrsConfig {
    /// Where the API is.
    #[serde(default = "trs_address")]
    pub address: String,
    /// A key of the role GetPerson.
    pub key: Keeping,
    /// In how many hours everybody is read of whom a change is expected.
    pub often_hours: Option<u16>,
    /// In how many days everybody else is read.
    pub rarely_days: Option<u16>,
}

/// Teaching Vacancies. What is not named is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VacanciesConfig {
    /// Where extract files arrive.
    pub directory: Option<PathBuf>,
    /// The public list of live vacancies.
    pub postings: Option<PostingsConfig>,
}

/// The public list of live vacancies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostingsConfig {
    /// Where the service is.
    #[serde(default = "vacancies_address")]
    pub address: String,
    /// In how many hours the list is read again.
    pub every_hours: Option<u16>,
}

/// The receiver of TRS's webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Where it listens, such as `127.0.0.1:8090`.
    pub listen: SocketAddr,
    /// The address that TRS was told: it is part of what is signed.
    pub public_address: String,
}

fn apply_address() -> String {
    "https://www.apply-for-teacher-training.service.gov.uk".to_owned()
}

fn register_address() -> String {
    "https://www.register-trainee-teachers.service.gov.uk/api/v2026.1".to_owned()
}

fn trs_address() -> String {
    "https://teacher-qualifications-api.education.gov.uk".to_owned()
}

fn vacancies_address() -> String {
    "https://teaching-vacancies.service.gov.uk".to_owned()
}

impl ApplyConfig {
    pub(super) fn workers<L: Log>(
        &self,
        means: &Means,
        workers: &mut Vec<Box<dyn Worker<L>>>,
    ) -> Result<(), ConfigError> {
        let caller = means.caller_of("apply", &self.address, apply::limit())?;
        if let Some(key) = &self.candidates_key {
            let key = secret("Apply's Candidate API", key)?;
            let worker = apply::Candidates::new(caller.clone(), key, self.settings());
            workers.push(Box::new(worker));
        }
        if let Some(key) = &self.recruits_key {
            let key = secret("Apply's API of recruits", key)?;
            workers.push(Box::new(apply::Recruits::new(caller, key, self.settings())));
        }
        Ok(())
    }

    fn settings(&self) -> apply::Settings {
        let default = apply::Settings::default();
        apply::Settings {
            per_page: self.per_page.unwrap_or(default.per_page),
            changes_every: minutes(self.changes_every_minutes, default.changes_every),
            unseen_after: days(self.unseen_days, default.unseen_after),
            ..default
        }
    }
}

impl RegisterConfig {
    pub(super) fn trainees(&self, means: &Means) -> Result<register::Trainees, ConfigError> {
        let mut tokens: Vec<register::ProviderToken> = Vec::with_capacity(self.tokens.len());
        for TokenConfig { provider, token } in &self.tokens {
            let provider = Ukprn::parse(provider).map_err(|_| ConfigError::Provider(provider.clone()))?;
            if tokens.iter().any(|known| known.provider == provider) {
                return Err(ConfigError::TwoTokens(provider));
            }
            let token = secret(&format!("Register's provider {provider}"), token)?;
            tokens.push(register::ProviderToken { provider, token });
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

impl TrsConfig {
    pub(super) fn persons(&self, means: &Means) -> Result<trs::Persons, ConfigError> {
        let caller = means.caller_of("trs", &self.address, trs::limit())?;
        let key = secret("TRS", &self.key)?;
        let default = trs::Settings::default();
        let settings = trs::Settings {
            often_every: hours(self.often_hours, default.often_every),
            rarely_every: days(self.rarely_days, default.rarely_every),
            ..default
        };
        Ok(trs::Persons::new(
            caller,
            key,
            Arc::clone(&means.rereads),
            settings,
        ))
    }
}

impl VacanciesConfig {
    pub(super) fn workers<L: Log>(
        &self,
        means: &Means,
        workers: &mut Vec<Box<dyn Worker<L>>>,
    ) -> Result<(), ConfigError> {
        if let Some(directory) = &self.directory {
            for feed in [Feed::TvVacancies, Feed::TvJobApplications] {
                workers.push(Box::new(Extracts::new(feed, directory)));
            }
        }
        if let Some(PostingsConfig { address, every_hours }) = &self.postings {
            let caller = means.caller_of("teaching-vacancies", address, vacancies::limit())?;
            let every = hours(*every_hours, Postings::EVERY);
            workers.push(Box::new(Postings::new(caller, every)));
        }
        Ok(())
    }
}

fn hours(set: Option<u16>, otherwise: SignedDuration) -> SignedDuration {
    set.map_or(otherwise, |hours| SignedDuration::from_hours(i64::from(hours)))
}

fn minutes(set: Option<u32>, otherwise: SignedDuration) -> SignedDuration {
    set.map_or(otherwise, |minutes| SignedDuration::from_mins(i64::from(minutes)))
}

fn days(set: Option<u16>, otherwise: SignedDuration) -> SignedDuration {
    set.map_or(otherwise, |days| SignedDuration::from_hours(i64::from(days) * 24))
}
