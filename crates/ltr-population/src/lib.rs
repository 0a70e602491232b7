//! Synthetic teachers with whole lives, from a seed: what truly happened to each, and what each source came to tell of
//! it, late, partial and now and then wrong. Answers given about them are scored against the truth.
//! For tests, the demo and benchmarks; nobody here is real, and no role depends on it.

pub mod dice;
mod instants;
pub mod lateness;
pub mod life;
mod names;
pub mod person;
pub mod population;
pub mod provider;
pub mod rates;
pub mod score;
pub mod stage;
pub mod truth;
mod view;

pub use person::PersonNo;
pub use population::{Plan, Population, Window};
pub use truth::Truth;
