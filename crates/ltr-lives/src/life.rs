//! One person's ordinary life, as each service would tell it: dates as the academic year has them, branches as people
//! take them.

use jiff::civil::{Date, date};
use ltr_domain::ids::{CandidateId, ChoiceId, FormId, RecordId, RecordKind, Trn};
use ltr_domain::record::Body;
use ltr_domain::time::CivilDate;

use crate::{Dice, Snapshot};

mod apply;
mod register;
mod trs;
mod tv;

pub(crate) use trs::{held, induction};

/// A person, numbered within a case, and what is told of them so far.
pub(crate) struct Life<'a> {
    pub(crate) dice: &'a mut Dice,
    pub(crate) snapshots: Vec<Snapshot>,
    number: u64,
    /// Training is to start in September of that year.
    year: i16,
}

/// What Apply came to.
struct Place {
    choice: ChoiceId,
    recruited: bool,
}

/// What Register came to.
struct Trained {
    trn: Option<Trn>,
    /// When an award was reported.
    awarded_on: Option<Date>,
}

impl<'a> Life<'a> {
    /// The life of the person of that number: all that is read of them, record by record.
    pub(crate) fn of(dice: &'a mut Dice, number: u64) -> Vec<Snapshot> {
        let year = *dice.of(&[2024, 2025, 2025, 2026]);
        let mut life = Self {
            dice,
            snapshots: Vec::new(),
            number,
            year,
        };
        if life.dice.one_in(8) {
            life.of_somebody_qualified_long_ago();
        } else {
            life.of_a_newcomer();
        }
        life.snapshots
    }

    fn of_a_newcomer(&mut self) {
        let place = self.apply();
        let registers = if place.recruited { 85 } else { 10 };
        let trained = if self.dice.chance(registers) {
            self.register(&place)
        } else {
            Trained {
                trn: None,
                awarded_on: None,
            }
        };
        if let Some(trn) = trained.trn
            && self.dice.chance(90)
        {
            self.trs(trn, trained.awarded_on);
        }
        if self.dice.chance(30) {
            self.tv(trained.trn);
        }
    }

    fn of_somebody_qualified_long_ago(&mut self) {
        let trn = self.trn(0);
        self.trs_of_old(trn);
        if self.dice.one_in(3) {
            let twin = self.trn(1);
            self.trs_of_old(twin);
        }
        self.tv(Some(trn));
    }

    /// A day of a year relative to the one in which training starts.
    fn on(&self, years_later: i16, month: i8, day: i8) -> Date {
        date(self.year + years_later, month, day)
    }

    fn candidate(&self) -> CandidateId {
        CandidateId(1_000 + self.number)
    }

    fn form(&self) -> FormId {
        FormId(7_000 + self.number)
    }

    fn choice(&self, nth: u64) -> ChoiceId {
        ChoiceId(500 + 10 * self.number + nth)
    }

    fn trainee(&self, nth: u64) -> RecordId {
        RecordId::new(RecordKind::RegisterTrainee, format!("slug{}{nth}", self.number))
    }

    fn trn(&self, nth: u64) -> Trn {
        let text = format!("{}", 3_100_000 + 10 * self.number + nth);
        Trn::parse(&text).expect("seven digits")
    }

    fn tell(&mut self, record: &RecordId, read_on: Date, body: Body) {
        self.snapshots
            .push(Snapshot::ordinary(record.clone(), read_on, body));
    }
}

fn day(on: Date) -> CivilDate {
    CivilDate::Day(on)
}
