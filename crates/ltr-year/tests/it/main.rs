//! Years walked to their end.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers outside test functions: a failure here is a failed test, and what a year came to is to be read"
)]

/// That of the binaries, so that a year costs what it costs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod servers;
mod twins;
mod walked;
