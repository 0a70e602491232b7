//! What every message of the log must keep: itself, through any version of this code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod damage;
mod facts;
mod generate;
mod golden;
mod newer;
mod round_trip;
mod view;
