//! Providers: SCITTs and universities in the proportion of U§12, few of them large. A person of number *n* trains with
//! one of those that were there by then, so that a larger population has more providers and changes nobody's.

use ltr_domain::ids::Ukprn;

use crate::dice::Dice;
use crate::person::PersonNo;

/// The number of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderNo(pub u32);

/// What a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderKind {
    /// School-centred training: Register imports its applications.
    Scitt,
    /// A university.
    University,
}

/// Whether a connector has the provider's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// It has.
    Given,
    /// It has none: the provider's trainees are not covered (U§0.8).
    Missing,
}

/// Whether the trainees of a provider carry their application's number in Register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicationIds {
    /// They do.
    Stated,
    /// They do not, as with most universities (U§0.3).
    Missing,
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its number.
    pub number: ProviderNo,
    /// What it is.
    pub kind: ProviderKind,
    /// Its name, as Apply and TRS give it.
    pub name: String,
    /// Its code at Apply, three characters.
    pub code: String,
    /// Its UKPRN, from a range that is not in use.
    pub ukprn: Ukprn,
    /// Whether a connector has its token.
    pub token: Token,
    /// Whether its trainees carry their application's number.
    pub application_ids: ApplicationIds,
}

/// Trainees per provider after the first few: 7,000 trainees have 40 providers.
const TRAINEES_EACH: u32 = 190;
const FIRST_FEW: u32 = 4;
/// Others stand at 8 % of the trainees.
const TRAINEES_PER_OTHER: u32 = 12;

const PLACES: &[&str] = &[
    "Wexcombe",
    "Aldermere",
    "Northwick",
    "Sallowfield",
    "Brackenhurst",
    "Estermouth",
    "Halcombe",
    "Thornaby Vale",
    "Ludwell",
    "Carrowmoor",
    "Pendrift",
    "Winterholm",
    "Oakhanger",
    "Fallowdale",
    "Marchester",
    "Quenby",
    "Ravensby",
    "Selworth",
    "Tamarleigh",
    "Underbarrow",
];

impl ProviderNo {
    /// How many providers there are for persons up to that one.
    #[must_use]
    pub fn count_at(person: PersonNo) -> u32 {
        let trainee = match person.0.checked_sub(PersonNo::OTHERS_FROM) {
            Some(other) => other.saturating_mul(TRAINEES_PER_OTHER),
            None => person.0,
        };
        FIRST_FEW + trainee / TRAINEES_EACH
    }

    /// One of that kind, for that person, other than `but`.
    pub fn for_person(person: PersonNo, kind: ProviderKind, but: Option<Self>, dice: &mut Dice) -> Self {
        let fitting: Vec<Self> = (0..Self::count_at(person))
            .map(Self)
            .filter(|provider| provider.kind() == kind && Some(*provider) != but)
            .collect();
        *dice.one_of(&fitting)
    }

    /// Four of eleven are universities: 60 of 166 (U§12).
    #[must_use]
    pub fn kind(self) -> ProviderKind {
        if matches!(self.0 % 11, 1 | 3 | 6 | 9) {
            ProviderKind::University
        } else {
            ProviderKind::Scitt
        }
    }

    /// One of thirteen has given no token.
    #[must_use]
    pub fn token(self) -> Token {
        if self.0 % 13 == 4 {
            Token::Missing
        } else {
            Token::Given
        }
    }

    /// SCITTs' trainees come from Apply by themselves; of universities one in four states where they came from.
    #[must_use]
    pub fn application_ids(self) -> ApplicationIds {
        if self.kind() == ProviderKind::Scitt || self.0 % 11 == 3 {
            ApplicationIds::Stated
        } else {
            ApplicationIds::Missing
        }
    }

    /// Its UKPRN: real ones begin with 10.
    #[must_use]
    pub fn ukprn(self) -> Ukprn {
        Ukprn::parse(&format!("{}", 98_000_001 + self.0)).expect("eight digits")
    }

    /// Everything of it.
    #[must_use]
    pub fn provider(self) -> Provider {
        let places = u32::try_from(PLACES.len()).expect("a few places");
        let place = PLACES[usize::try_from(self.0 % places).expect("a few places")];
        let round = match self.0 / places {
            0 => String::new(),
            more => format!(" {}", more + 1),
        };
        let kind = self.kind();
        let letter = |at: u32| char::from_digit(at % 36, 36).unwrap_or('0').to_ascii_uppercase();
        Provider {
            number: self,
            kind,
            name: match kind {
                ProviderKind::Scitt => format!("{place} Teaching Alliance{round} SCITT"),
                ProviderKind::University => format!("University of {place}{round}"),
            },
            code: format!(
                "{}{}{}",
                letter(33 + self.0 / 1_296),
                letter(self.0 / 36),
                letter(self.0)
            ),
            ukprn: self.ukprn(),
            token: self.token(),
            application_ids: self.application_ids(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_thousand_trainees_have_forty_providers() {
        let providers: Vec<ProviderNo> = (0..ProviderNo::count_at(PersonNo(6_999)))
            .map(ProviderNo)
            .collect();
        assert_eq!(providers.len(), 40);
        let universities = providers
            .iter()
            .filter(|one| one.kind() == ProviderKind::University)
            .count();
        assert_eq!(universities, 15, "60 of 166");
        let without = providers
            .iter()
            .filter(|one| one.token() == Token::Missing)
            .count();
        assert_eq!(without, 3);
    }

    #[test]
    fn the_smallest_population_can_choose_and_move() {
        let person = PersonNo(0);
        for kind in [ProviderKind::Scitt, ProviderKind::University] {
            let one = ProviderNo::for_person(person, kind, None, &mut Dice::of(1, "p", 0));
            let other = ProviderNo::for_person(person, kind, Some(one), &mut Dice::of(1, "p", 0));
            assert_ne!(one, other);
        }
    }

    #[test]
    fn codes_and_names_are_distinct() {
        let all: Vec<Provider> = (0..530).map(|number| ProviderNo(number).provider()).collect();
        let codes: std::collections::BTreeSet<&str> = all.iter().map(|one| one.code.as_str()).collect();
        let names: std::collections::BTreeSet<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((codes.len(), names.len()), (530, 530));
        assert!(codes.iter().all(|code| code.len() == 3));
    }
}
