//! Ingest against the log in memory, in good weather and bad.
#![expect(
    clippy::unwrap_used,
    reason = "what a test relies on may end it, in its helpers too"
)]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at what it is about")]

mod backfill;
mod crash;
mod dry;
mod erased;
mod fixture;
mod gate;
mod gone;
mod laws;
mod memo;
mod quarantine;
mod races;
mod redriven;
mod repeat;
mod sweep;
mod unruly;
