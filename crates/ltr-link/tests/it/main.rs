//! The link role on a log in memory, filled as ingest fills a real one.

#![expect(
    clippy::unwrap_used,
    reason = "helpers outside test functions: a failure here is a failed test"
)]

mod page;
mod role;
mod world;
