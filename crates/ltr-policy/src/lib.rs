//! The source-of-truth policy as text that people write: read and checked into `ltr_domain::policy::Policy`, every
//! mistake told at once with line, column and what to write instead; and told back as a page. No I/O.

mod calendar;
mod document;
mod mistake;
mod numbers;
mod page;
mod periods;
mod reading;
mod rules;

pub use document::{Document, Period, Remark, Unresolved, parse};
pub use mistake::{Mistake, Mistakes};
pub use page::page;

/// The text of the first version, in force until another is adopted. The core's own `Policy::first` is equal to it.
pub const FIRST: &str = include_str!("../policies/v1.toml");

#[cfg(test)]
mod tests;
