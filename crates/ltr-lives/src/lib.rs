//! Made-up lives, told as the four services would tell them, and a slow reference that says what has to be answered.
//! For laws and benchmarks only: nothing here is measured from real people, and no role depends on it.
//!
//! A [`Case`] is a few people whose records meet: merged and unmerged, swapped and put right, gone and back, corrected,
//! undone and late. The same seed gives the same case for ever.

mod dice;
mod snapshot;

mod life;

mod case;
mod incident;
mod mix;

pub mod reference;

pub use case::{Case, placed};
pub use dice::Dice;
pub use incident::Incident;
pub use mix::Mix;
pub use snapshot::{Snapshot, Telling};
