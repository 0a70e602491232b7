//! A whole life, as it was: what happened and on which day, whoever came to know of it. Beside it, how those who keep
//! records came to know: [`Paperwork`]. Sources are views of a life; they are built in `view`.

use jiff::civil::Date;
use ltr_domain::ids::ChoiceId;

use crate::person::{Identity, PersonNo};
use crate::provider::ProviderNo;

mod career;
mod cohort;
mod happening;
mod others;
mod paperwork;
mod place;
mod training;

pub(crate) use career::VACANCIES;
pub use career::{Career, Induction, InductionEnd, Job, Qualified, Way};
pub use happening::{Happened, Happening};
pub(crate) use paperwork::EARLY_DAYS;
pub use paperwork::{Paperwork, Push, SwapTrns};
pub use place::{Choice, Step};
pub use training::{Leaving, Revoked, Traineeship, Wave};

/// What kind of life it is, as far as this population looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifeKind {
    /// A place for the cohort's cycle was accepted: one of the cohort (S001).
    Trainee,
    /// Applied, and got no place.
    Unsuccessful,
    /// Of the cohort before; deferred, and back with this one.
    BackAgain,
    /// Qualified one or two years ago, in induction.
    EarlyCareer,
    /// Qualified long ago, in post.
    InService,
    /// Qualified long ago, out of service, looking for a post.
    Returner,
    /// Holds QTS through QTLS.
    Qtls,
}

/// One life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Whose.
    pub person: PersonNo,
    /// What kind.
    pub kind: LifeKind,
    /// Who they are.
    pub identity: Identity,
    /// The cohort's cycle: courses that start from September of that year.
    pub cycle: i16,
    /// Applications, the one that was accepted first.
    pub choices: Vec<Choice>,
    /// The day of the start at which they did not turn up.
    pub no_show_on: Option<Date>,
    /// Traineeships, by start.
    pub traineeships: Vec<Traineeship>,
    /// What comes after, or came before, training.
    pub career: Career,
    /// A second TRN that was merged.
    pub merged: Option<Merged>,
    /// The day of death, and the day TRS was told.
    pub died: Option<(Date, Date)>,
}

/// Two TRNs of one person, made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// When.
    pub on: Date,
    /// Which TRN was kept.
    pub kept: Kept,
}

/// Which of two TRNs was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The one that Register was given.
    New,
    /// The one from before; Register is told of it later.
    Old,
}

impl Life {
    /// The trainee of that number in the cohort of a cycle, or another person beside it.
    #[must_use]
    pub fn of(seed: u64, person: PersonNo, cycle: i16) -> Self {
        if person.0 < PersonNo::OTHERS_FROM {
            cohort::life(seed, person, cycle)
        } else {
            others::life(seed, person, cycle)
        }
    }

    /// Somebody to whom nothing has happened yet.
    fn new(person: PersonNo, kind: LifeKind, identity: Identity, cycle: i16) -> Self {
        Self {
            person,
            kind,
            identity,
            cycle,
            choices: Vec::new(),
            no_show_on: None,
            traineeships: Vec::new(),
            career: Career::default(),
            merged: None,
            died: None,
        }
    }

    /// Everything that happened, in order.
    #[must_use]
    pub fn happenings(&self) -> Vec<Happened> {
        happening::all(self)
    }

    /// The provider of the accepted place.
    #[must_use]
    pub fn provider(&self) -> Option<ProviderNo> {
        self.choices.first().map(|choice| choice.provider)
    }

    /// The accepted choice.
    #[must_use]
    pub fn place(&self) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.was_accepted())
    }

    /// The choice of that id.
    #[must_use]
    pub fn choice_of(&self, id: ChoiceId) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }
}
