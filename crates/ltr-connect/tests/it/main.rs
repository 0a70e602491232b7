//! The connectors against services that answer over HTTP, on the log's twin, by a clock that who waits moves.

#![expect(clippy::unwrap_used, reason = "in tests, a panic is the report")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at one kind of message and passes over all others"
)]

mod doubles;
mod house;
mod people;
mod postings;
mod register;
mod samples;
mod setbacks;
mod vacancies;
mod webhook;
