//! The servers are started, found, killed, restarted and swept for real.

mod faults;
mod finding;
mod fixture;
mod life;
