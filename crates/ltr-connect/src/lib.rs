//! Connectors: they read the upstream services on a schedule and give the rows to ingest. Where a feed got to is on the
//! log and nowhere else; nothing is written upstream; what a row means is `ltr-sources`' business.

pub mod http;
pub mod limit;
pub mod retry;
pub mod secret;

mod caller;
mod config;
mod gathered;

pub mod book;
mod schedule;
mod shared;
mod supervisor;
mod worker;

pub mod apply;
pub mod register;
pub mod trs;
pub mod vacancies;
pub mod webhook;

pub use caller::{CallError, Caller, Trouble};
pub use config::{
    ApplyConfig, Config, ConfigError, Means, PostingsConfig, RegisterConfig, TokenConfig, TrsConfig,
    VacanciesConfig, WebhookConfig,
};
pub use shared::{Shared, Told};
pub use supervisor::Supervisor;
pub use worker::{ConnectError, Failed, Outcome, Worker};
