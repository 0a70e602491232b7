//! Who a made-up person is, and every number under which a source knows them. All numbers follow from the person's own,
//! so that they are the same in every population, and none is one that a real person could have.

use jiff::civil::Date;
use ltr_domain::calendar::days_after;
use ltr_domain::ids::{CandidateId, ChoiceId, FormId, Trn};

use crate::dice::Dice;
use crate::names;

/// The number of a person of the population. Trainees of the cohort count from 0, everybody else from
/// [`PersonNo::OTHERS_FROM`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonNo(pub u32);

/// TRNs begin here: with the fifties, as if issued in 1950 to 1959, which is to nobody who teaches (T01: the first two
/// digits of an old TRN were the year).
const TRN_FROM: u32 = 5_500_000;
const TRNS_EACH: u32 = 4;
const CANDIDATES_FROM: u64 = 700_000;
const FORMS_FROM: u64 = 3_000_000;
/// Register takes application ids of at most seven characters (U§3.2).
const CHOICES_FROM: u64 = 2_000_000;
/// At most four open at once, and some more later (U§12).
const CHOICES_EACH: u64 = 8;

impl PersonNo {
    /// The first number that is no trainee's of the cohort.
    pub const OTHERS_FROM: u32 = 100_000;
    /// The end of all numbers: beyond it TRNs would leave their range.
    pub const END: u32 = 125_000;

    /// A TRN of the person: 0 is the one that Register is given, 1 an older one that some have.
    #[must_use]
    pub fn trn(self, which: u32) -> Trn {
        let number = TRN_FROM + self.0 * TRNS_EACH + which;
        Trn::parse(&number.to_string()).expect("the range has seven digits")
    }

    /// The person's account at Apply.
    #[must_use]
    pub fn candidate(self) -> CandidateId {
        CandidateId(CANDIDATES_FROM + u64::from(self.0))
    }

    /// The person's form of a cycle, counted from their first.
    #[must_use]
    pub fn form(self, which: u8) -> FormId {
        FormId(FORMS_FROM + u64::from(self.0) * 4 + u64::from(which))
    }

    /// A choice of the person.
    #[must_use]
    pub fn choice(self, which: u8) -> ChoiceId {
        ChoiceId(CHOICES_FROM + u64::from(self.0) * CHOICES_EACH + u64::from(which))
    }

    /// The stream of draws about one topic of this person's life.
    #[must_use]
    pub fn dice(self, seed: u64, topic: &str) -> Dice {
        Dice::of(seed, topic, u64::from(self.0))
    }
}

/// What a person is called, and when born.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// First name.
    pub first_name: &'static str,
    /// Middle name; empty if there is none.
    pub middle_name: &'static str,
    /// Last name.
    pub last_name: String,
    /// The last name taken on a day, if one was.
    pub renamed: Option<(Date, String)>,
    /// Date of birth.
    pub date_of_birth: Date,
    /// E-mail address, under example.com.
    pub email: String,
}

impl Identity {
    /// Somebody between those ages on 1 September of a year.
    #[must_use]
    pub fn of(person: PersonNo, seed: u64, year: i16, ages: (i32, i32)) -> Self {
        let mut dice = person.dice(seed, "identity");
        let first_name = *dice.one_of(names::FIRST);
        let middle_name = if dice.below(3) == 0 {
            *dice.one_of(names::FIRST)
        } else {
            ""
        };
        let last_name = names::last(&mut dice);
        let day = days_after(
            jiff::civil::date(year, 9, 1),
            -365 * dice.between(ages.0, ages.1) - dice.between(0, 364),
        );
        Self {
            email: names::email(first_name, &last_name, person),
            first_name,
            middle_name,
            last_name,
            renamed: None,
            date_of_birth: day,
        }
    }

    /// The last name on a day.
    #[must_use]
    pub fn last_name_on(&self, day: Date) -> &str {
        match &self.renamed {
            Some((from, name)) if *from <= day => name,
            Some(_) | None => &self.last_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_ranges() {
        let last = PersonNo(PersonNo::END - 1);
        assert_eq!(PersonNo(0).trn(0).as_str(), "5500000");
        assert_eq!(last.trn(3).as_str(), "5999999");
        assert!(last.choice(7).to_string().len() <= 7);
    }
}
