//! What a delivery tells of itself, on the way and at the end.

use ltr_domain::delivery::{Comparison, Counts, HoldReason};
use ltr_domain::ids::DeliveryId;

/// How far a delivery is: after each page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pages settled.
    pub pages: u32,
    /// The sum over them; `counts.rows` are the rows done.
    pub counts: Counts,
    /// The sequence of the last page's last message; `None` in a dry run.
    pub sequence: Option<u64>,
}

/// A delivery that the gate did not let pass: nothing of it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Under which delivery it is on the log: an earlier one, if the same rows came before.
    pub delivery: DeliveryId,
    /// What it would have changed.
    pub comparison: Comparison,
    /// Why; not empty.
    pub reasons: Vec<HoldReason>,
    /// What an operator said of these rows.
    pub standing: Standing,
}

/// How it stands with rows that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They wait for an operator.
    Waiting,
    /// They were rejected, and are refused whenever they come.
    Rejected,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// The sum over its pages.
    pub counts: Counts,
    /// Its pages.
    pub pages: u32,
    /// Records of its scope that earlier complete deliveries had and this one lacks.
    pub absent: u64,
    /// Its first and last sequence on the event log; `None` in a dry run. Others may have published in between.
    pub sequences: Option<(u64, u64)>,
    /// Why nothing of it was published; `None`: it passed. Only complete deliveries are held.
    pub held: Option<Held>,
}
