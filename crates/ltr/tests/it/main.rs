//! The whole system from outside: the real command, real servers, and the scenario scripts.

mod dice;
mod house;
mod load;
mod rows;
mod twin;

mod canary;
mod cli;
mod fence;
mod ids;
mod kill;
mod qts;
mod scenario;
mod twice;
mod verify;
