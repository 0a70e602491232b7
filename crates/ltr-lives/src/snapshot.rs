//! One reading of one source record: what a case is made of. Events are derived from readings by the code that derives
//! them from real ones, so that a reading can be left out and the rest still tells a life.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ltr_domain::event::Link;
use ltr_domain::ids::RecordId;
use ltr_domain::record::{Body, PersonalDigests};

use crate::Incident;

/// How a reading is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// As the present.
    Ordinary,
    /// As what should have been said before.
    Corrected,
    /// Long after it was taken, by a backfill: history, not the present.
    Late {
        /// When it was taken.
        taken_on: Date,
    },
}

/// One reading of one source record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Which record.
    pub record: RecordId,
    /// On which London day it was read and became known.
    pub read_on: Date,
    /// What it says.
    pub body: Body,
    /// Whether it is gone from its feed; the body is then the one before.
    pub vanished: bool,
    /// Digests of personal values, a declared TRN among them.
    pub digests: PersonalDigests,
    /// Whom it declares itself to be, or a judgement links it to: links that no key of the body carries.
    pub links: BTreeSet<Link>,
    /// How it is told.
    pub telling: Telling,
    /// To what it belongs, besides an ordinary life.
    pub incident: Option<Incident>,
}

impl Snapshot {
    /// An ordinary reading.
    #[must_use]
    pub fn ordinary(record: RecordId, read_on: Date, body: Body) -> Self {
        Self {
            record,
            read_on,
            body,
            vanished: false,
            digests: PersonalDigests::new(),
            links: BTreeSet::new(),
            telling: Telling::Ordinary,
            incident: None,
        }
    }

    /// The same record read again on another day, for a reason.
    #[must_use]
    pub fn again(&self, read_on: Date, incident: Incident) -> Self {
        Self {
            read_on,
            telling: Telling::Ordinary,
            vanished: false,
            incident: Some(incident),
            ..self.clone()
        }
    }
}
