//! One module a command.

pub(crate) mod calendar;
pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod connect;
pub(crate) mod delivery;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod dossier;
pub(crate) mod explain;
pub(crate) mod feeds;
pub(crate) mod identity;
pub(crate) mod ingest;
pub(crate) mod link;
pub(crate) mod log;
pub(crate) mod migrate;
pub(crate) mod policy;
pub(crate) mod project;
pub(crate) mod quarantine;
pub(crate) mod serve;
pub(crate) mod teacher;
pub(crate) mod up;
