//! The whole system from outside: the real command, real servers, and the scenario scripts.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers outside test functions: a failure here is a failed test, and seeds are printed"
)]

mod dice;
mod due;
mod house;
mod load;
mod rows;
mod twin;

mod calendar;
mod canary;
mod cli;
mod fence;
mod gate;
mod identity;
mod ids;
mod kill;
mod link;
mod policy;
mod qts;
mod redrive;
mod scenario;
mod twice;
mod verify;
