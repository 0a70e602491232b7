//! Private NATS and PostgreSQL servers for development and tests.
//!
//! They are found in the environment, among the installed programs, or by the package clients, in that order;
//! they listen on loopback, keep their data in a directory that the caller names, and leave nothing behind, even
//! when we are killed. Not for production: nothing here asks for a password.

mod error;
mod fetch;
mod instance;
mod locate;
mod nats;
mod port;
mod postgres;
mod process;
mod search;
mod servers;
mod sweep;
mod url;
mod user;
mod watch;

pub use error::ServersError;
pub use nats::NatsServer;
pub use postgres::PostgresServer;
pub use search::{Fetch, Found, Origin, Search, Version};
pub use servers::{Options, Report, Servers};

/// `url`, as given by [`PostgresServer::fresh_database`], with its sessions acting as another of the roles
/// `ltr_owner`, `ltr_project` and `ltr_serve`.
#[must_use]
pub fn url_as(url: &str, role: &str) -> String {
    let plain = url
        .split_once("options=-c%20role")
        .map_or(url, |(before, _)| before.trim_end_matches(['?', '&']));
    url::as_role(plain, role)
}

/// Does on a thread for blocking work what would hold up the runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
