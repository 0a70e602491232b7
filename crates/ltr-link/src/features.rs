//! What of a record is compared. Held in memory only; debug output tells the record and nothing of the person.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, Ukprn};
use ltr_domain::record::{PersonalField, PersonalValues, Stated};
use ltr_domain::time::CivilDate;

use crate::blocked;
use crate::name::Name;

/// What of one record is compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Features {
    /// The record, as a pair names it.
    pub record: RecordId,
    /// Its name.
    pub name: Option<Name>,
    /// Names that the person had before.
    pub names_before: BTreeSet<Name>,
    /// The date of birth.
    pub born_on: Option<Date>,
    /// The e-mail address, in lower case.
    pub email: Option<String>,
    /// Where the person trains, or under which UKPRNs people of the provider applied to are known.
    pub providers: BTreeSet<Ukprn>,
    /// The academic year in which training starts.
    pub year: Option<i16>,
}

impl Features {
    /// Nothing is known but the record.
    #[must_use]
    pub fn none(record: RecordId) -> Self {
        Self {
            record,
            name: None,
            names_before: BTreeSet::new(),
            born_on: None,
            email: None,
            providers: BTreeSet::new(),
            year: None,
        }
    }

    /// Lays on what a source states of the person. Blocked and unreadable values are left out.
    pub fn state(&mut self, values: &PersonalValues) {
        let parts = |field| {
            values
                .0
                .get(&field)
                .and_then(Stated::value)
                .map(|value| value.0.as_slice())
        };
        if let Some([first, middle, last]) = parts(PersonalField::Names) {
            self.name = Name::of(first, middle, last).or(self.name.take());
        }
        if let Some(previous) = parts(PersonalField::PreviousNames) {
            self.names_before
                .extend(previous.chunks_exact(3).filter_map(|three| match three {
                    [first, middle, last] => Name::of(first, middle, last),
                    _ => None,
                }));
        }
        if let Some([text]) = parts(PersonalField::DateOfBirth) {
            self.born_on = born_on(text).or(self.born_on);
        }
        if let Some([text]) = parts(PersonalField::Email) {
            self.email = email(text).or(self.email.take());
        }
    }

    /// Whether there is anything to compare: without a name there is not.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        self.name.is_some()
    }

    /// Every name, the present one first, each with whether it is a previous one.
    pub fn names(&self) -> impl Iterator<Item = (&Name, When)> {
        let before = self.names_before.iter().map(|name| (name, When::Before));
        self.name.iter().map(|name| (name, When::Now)).chain(before)
    }
}

/// When somebody has or had a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// At present.
    Now,
    /// Before.
    Before,
}

fn born_on(text: &str) -> Option<Date> {
    let day = CivilDate::read(text.trim()).day()?;
    (!blocked::is_date_of_birth(day)).then_some(day)
}

fn email(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let is_address = address
        .split_once('@')
        .is_some_and(|(mailbox, domain)| !mailbox.is_empty() && !domain.is_empty());
    (is_address && !blocked::is_email(&address)).then_some(address)
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Features({})", self.record)
    }
}
