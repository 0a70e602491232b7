//! The boundary between what we decide and what the world does: traits for the log, the store, the clock, the queue of TRNs
//! to read again and the next runs of the feeds, their in-memory twins, and the conformance suites that twin and adapter
//! both pass.

pub mod clock;
pub mod log;
pub mod next_runs;
pub mod rereads;
pub mod store;
