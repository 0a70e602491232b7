//! What every message of the log must keep: itself, through any version of this code.

mod damage;
mod facts;
mod generate;
mod golden;
mod newer;
mod round_trip;
