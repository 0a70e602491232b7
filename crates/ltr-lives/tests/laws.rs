//! The laws of the record, each held against generated cases and, where there is something to compare with, against the
//! slow reference. `LTR_LAW_CASES` says how many cases (10,000), `LTR_LAW_SEED` where to begin (1).

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it did, and stops where something is wrong"
)]

#[path = "laws/held.rs"]
mod held;
#[path = "laws/projected.rs"]
mod projected;
#[path = "laws/world.rs"]
mod world;

#[path = "laws/answers.rs"]
mod answers;
#[path = "laws/batches.rs"]
mod batches;
#[path = "laws/identity.rs"]
mod identity;
#[path = "laws/mix.rs"]
mod mix;
#[path = "laws/order.rs"]
mod order;
#[path = "laws/reference.rs"]
mod reference;
