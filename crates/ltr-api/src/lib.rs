//! The gRPC service: questions about teachers, answered from the store, now or as of any past moment.
//!
//! It decides nothing about a teacher: a present answer is the projector's, a past one is the domain's pure function
//! over the stored history. What it adds is presentation: freshness, redirection, withheld facts, personal values.

mod config;
mod server;

mod service;

mod mask;
mod moment;
mod name;
mod token;

mod feeds;
mod history;
mod identity;
mod lifetime;
mod personal;
mod policies;
mod presentation;
mod surroundings;
mod watermark;

mod status;

pub mod client;

pub use config::{Config, Exposure, RestrictedFacts};
pub use server::{Bound, ServeError, bind, run};
pub use status::reason;
