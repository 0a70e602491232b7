//! Ingest against the log in memory, in good weather and bad.

mod backfill;
mod crash;
mod dry;
mod erased;
mod fixture;
mod gone;
mod laws;
mod quarantine;
mod races;
mod repeat;
mod unruly;
