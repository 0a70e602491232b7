//! The boundary between what we decide and what the world does: traits for the log, the store, the clock and the queue of
//! TRNs to read again, their in-memory twins, and the conformance suites that twin and adapter both pass.

pub mod clock;
pub mod log;
pub mod rereads;
pub mod store;
