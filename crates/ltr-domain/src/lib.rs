//! What we believe about teachers and why: ids, time, canonical source records, events, the fold, identity,
//! policy and the resolved record. Pure: no clock, randomness, I/O, async or serialisation; time and ids are
//! arguments, and every function is total.

pub mod ids;
pub mod time;

pub mod record;

pub mod event;
pub mod observation;

pub mod breaker;
pub mod delivery;

pub mod timeline;

pub mod fold;

pub mod calendar;
pub mod headline;
pub mod hearing;
pub mod identity;
pub mod judgement;
pub mod policy;

pub mod resolution;

pub mod teacher;

pub mod explain;

#[cfg(test)]
mod testing;
