//! The service as a client meets it: real gRPC over loopback, on the in-memory log and store, filled by the projector.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where it stands; the lint knows no helpers of tests"
)]

mod explained;
mod life;
mod past;
mod personal;
mod policies;
mod present;
mod serving;
mod world;
