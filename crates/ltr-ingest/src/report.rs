//! What a delivery tells of itself, on the way and at the end.

use ltr_domain::delivery::Counts;
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
}
