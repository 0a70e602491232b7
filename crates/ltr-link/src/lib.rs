//! The link role: finds the applications to which trainees belong that name none, by names, dates of birth, provider and
//! year, and puts what it finds on the log. Comparing is pure: records in, matches out. What is compared is unsealed in
//! memory only; on the log stand record ids, a score and the names of rules.

pub mod blocked;
pub mod compare;
pub mod features;
pub mod judge;
pub mod name;
pub mod rules;

mod decide;
mod error;
mod known;
mod opening;
mod parts;
mod run;

pub use error::LinkError;
pub use run::{Config, Edge, Report, Step, Until, Writing, run};
