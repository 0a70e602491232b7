//! Years walked to their end.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers outside test functions: a failure here is a failed test, and what a year came to is to be read"
)]

mod servers;
mod twins;
mod walked;
